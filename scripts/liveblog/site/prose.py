"""Prose pages: ``content/pages/about.md`` becomes ``/about/``, through Pelican's page generator.

    ---
    title: "About this archive"
    ---

    Plain CommonMark, links relative to the page's own address: `../days/`.

An archive without an about page gets a short one.
"""

from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican.contents import Page
from pelican.readers import BaseReader

from ..archive import content_files
from ..errors import ArchiveError
from ..frontmatter import load_front_matter
from ..markup import render
from ..records import check_slug
from ..settings import Settings
from ..storage import read_text
from .overviews import PageView

_OURS = frozenset({"changes", "data", "day", "days", "feeds", "search", "sources", "static", "topics"})

_ABOUT = """\
This is an archive of live-blog coverage: one page for each day, one entry for each post.

Days are counted from {first_day}, which is day 1. Times are {zone} unless another place is named.

An entry's time is a link to that entry: its address stays the same and may be cited.
"""


class ProseReader(BaseReader):  # type: ignore[misc]
    """Read a page's Markdown for Pelican: a title, and CommonMark without raw HTML."""

    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Give a page's HTML and metadata."""
        return read_page_file(Path(source_path))


def check_prose(content: Path) -> None:
    """Read all pages once, because Pelican passes over those that it cannot read.

    Any mistake is an ArchiveError, and so are two files with one address.
    """
    seen: dict[str, Path] = {}
    for path in content_files(content / "pages"):
        read_page_file(path)
        if path.stem in seen:
            reason = f"{seen[path.stem]} has the same address /{path.stem}/; rename one"
            raise ArchiveError(reason, path=path)
        seen[path.stem] = path


def read_page_file(path: Path) -> tuple[str, dict[str, Any]]:
    """Give a page's HTML, and its metadata for Pelican; a mistake is an ArchiveError with its line."""
    try:
        title, html = load_page(read_text(path))
        return html, page_metadata(page_slug(path.stem), title)
    except ArchiveError as error:
        raise error.at(path) from None


def load_page(text: str) -> tuple[str, str]:
    """Give a page file's title and its HTML."""
    front = load_front_matter(text, frozenset({"title"}))
    title = front.text("title").strip()
    if not title:
        raise ArchiveError("a page needs a `title`", line=1)
    return title, render(front.body.strip("\n"))


def page_slug(name: str) -> str:
    """Return a page's slug, its file's name; one that the site needs itself is an ArchiveError."""
    if check_slug(name) in _OURS or name.isdecimal():
        raise ArchiveError(f"the address /{name}/ is the site's own; rename the file")
    return name


def page_metadata(slug: str, title: str) -> dict[str, Any]:
    """Give what Pelican wants to know of a page, and nothing a file could have set."""
    return {"title": title, "slug": slug, "status": "published"}


def page_view(page: Page) -> PageView:
    """Give a page as its template shows it."""
    return PageView(title=page.title, slug=page.slug, content=Markup(page.content))


def with_about(pages: list[Page], context: dict[str, Any], settings: Settings) -> list[Page]:
    """Return the pages, and a short built-in about page where the archive has none."""
    if any(page.slug == "about" for page in pages):
        return pages
    text = _ABOUT.format(first_day=settings.first_day.isoformat(), zone=settings.zone_name)
    metadata = page_metadata("about", "About this archive")
    return [*pages, Page(render(text), metadata, settings=context, context=context)]
