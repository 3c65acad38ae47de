"""What the plugin answers to Pelican's signals."""

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article, Page
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.readers import BaseReader
from pelican.writers import Writer

from daybook.archive.content import pelican_metadata, read_page_file
from daybook.core.config import Config
from daybook.core.markdown import render_markdown
from daybook.site.builder import BUILDER_SETTING, SiteBuilder
from daybook.site.views.catalog import Catalog
from daybook.site.views.urls import url_to_file
from daybook.site.views.view_models import DayLink, ProsePageView


def register() -> None:
    """Connect to Pelican: called once for each time it starts."""
    signals.initialized.connect(_lay_plumbing)
    signals.generator_init.connect(_own_readers_and_templates)
    signals.get_generators.connect(_open_press)
    signals.article_generator_pretaxonomy.connect(_add_days)
    signals.page_generator_finalized.connect(_add_about)
    signals.get_writer.connect(_give_writer)
    signals.finalized.connect(_close_press)


def _lay_plumbing(pelican: Pelican) -> None:
    pelican.settings.update(required_settings())


def _own_readers_and_templates(generator: Generator) -> None:
    # Without Python-Markdown installed, Pelican warns of every .md file, ours to read or not.
    generator.readers.disabled_readers.clear()
    # Pelican hands templates on to a writer, and ours renders with the Press's own: none need be compiled twice.
    generator.get_template = lambda name: None


class SiteWriter(Writer):  # type: ignore[misc]
    """Write pages that differ from what is there, and none outside the output folder."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Take over one build's Press, and let it write the days."""
        super().__init__(output_path, settings)
        self.builder: SiteBuilder = settings[BUILDER_SETTING]
        self.builder.write_days()

    def write_file(self, name: str, template: Any, context: dict[str, Any], **values: Any) -> None:
        """Write a page of prose; days, which Pelican asks for one by one, are written already."""
        if isinstance(values.get("page"), Page):
            self.builder.write_prose_page(page_view(values["page"]))
        elif isinstance(values.get("article"), DayArticle):
            self.builder.day_pages += 1


class SiteGenerator(Generator):  # type: ignore[misc]
    """Write the site around the days."""

    def generate_output(self, writer: SiteWriter) -> None:
        """Write it; Pelican calls this after the days and the prose."""
        press: SiteBuilder = self.settings[BUILDER_SETTING]
        press.write_other_files()


def _open_press(pelican: Pelican) -> type[SiteGenerator]:
    # Not in `initialized`: that fires once, while `pelican -r` builds again and again.
    pelican.settings[BUILDER_SETTING] = SiteBuilder(pelican.settings)
    return SiteGenerator


def _add_days(generator: ArticlesGenerator) -> None:
    press: SiteBuilder = generator.settings[BUILDER_SETTING]
    generator.articles.extend(day_articles(press.site.catalog, generator.context))


def _add_about(generator: PagesGenerator) -> None:
    press: SiteBuilder = generator.settings[BUILDER_SETTING]
    pages = with_about(generator.pages, generator.context, press.site.catalog.settings)
    generator.pages = generator.context["pages"] = pages


def _give_writer(pelican: Pelican) -> type[Any]:
    return SiteWriter


def _close_press(pelican: Pelican) -> None:
    press: SiteBuilder = pelican.settings[BUILDER_SETTING]
    print(press.close())


def required_settings() -> dict[str, Any]:
    """Give the settings, as fresh values: Pelican changes some of them while it runs."""
    return {
        **_WHAT_IS_READ,
        **_WHAT_IS_NOT_WRITTEN,
        "READERS": {"md": ProseReader} | dict.fromkeys(("htm", "html", "markdown", "mdown", "mkd", "rst")),
        "PAGE_PATHS": ["pages"],
        "ARTICLE_PATHS": [],
        "STATIC_PATHS": [],
        "THEME_STATIC_PATHS": [],
        "ARTICLE_EXCLUDES": [],
        "PAGE_EXCLUDES": [],
        "DIRECT_TEMPLATES": [],
        "FORMATTED_FIELDS": [],
        "LOCALE": ["C.UTF-8", "C"],
        "JINJA_ENVIRONMENT": {
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "undefined": StrictUndefined,
            "extensions": [],
        },
        # A decorative picture has an empty alt by right.
        "LOG_FILTER": [(logging.WARNING, "Empty alt attribute for image %s in %s")],
    }


_WHAT_IS_READ: dict[str, Any] = {
    "ARTICLE_TRANSLATION_ID": None,
    "PAGE_TRANSLATION_ID": None,
    "ARTICLE_ORDER_BY": "date",
    "PAGE_ORDER_BY": "slug",
    "PAGE_URL": "{slug}/",
    "PAGE_SAVE_AS": "{slug}/index.html",
    "IGNORE_FILES": [".*"],  # Pelican's own pattern leaves hidden files in
    "FILENAME_METADATA": "",
    "PATH_METADATA": "",
    "WITH_FUTURE_DATES": True,
    "CACHE_CONTENT": False,
    "CHECK_MODIFIED_METHOD": "mtime",  # of a cache that is not kept
    "LOAD_CONTENT_CACHE": False,
    "RELATIVE_URLS": False,
    "TYPOGRIFY": False,
    # Never matches: in an archive {filename} is text like any other.
    "INTRASITE_LINK_REGEX": r"(?!)(?P<what>)",
}


_WHAT_IS_NOT_WRITTEN: dict[str, Any] = {
    "DELETE_OUTPUT_DIRECTORY": False,
    "OUTPUT_SOURCES": False,
    "PAGINATED_TEMPLATES": {},
    "TEMPLATE_PAGES": {},
    "INDEX_SAVE_AS": "",
    "CATEGORY_SAVE_AS": "",
    "TAG_SAVE_AS": "",
    "AUTHOR_SAVE_AS": "",
    "YEAR_ARCHIVE_SAVE_AS": "",
    "MONTH_ARCHIVE_SAVE_AS": "",
    "DAY_ARCHIVE_SAVE_AS": "",
    **dict.fromkeys(
        f"{kind}_{form}"
        for kind in ("FEED", "FEED_ALL", "CATEGORY_FEED", "AUTHOR_FEED", "TAG_FEED", "TRANSLATION_FEED")
        for form in ("ATOM", "RSS")
    ),
}


class DayArticle(Article):  # type: ignore[misc]
    """A day: its address is known at once, its page is made only where it changed."""

    default_template = "day"
    url = ""
    save_as = ""

    def __init__(self, link: DayLink, edition: Catalog, context: dict[str, Any]) -> None:
        """Make the article of a day; `context` is Pelican's, settings included.

        Its fields are set here and not by Pelican, which takes a tenth of a millisecond for each.
        """
        self.settings = self._context = context
        self.url, self.save_as = link.path, url_to_file(link.path)
        self.title, self.slug, self.status = link.title, link.date.isoformat(), "published"
        self.date = dt.datetime.combine(link.date, dt.time.min, edition.settings.zone)
        self.metadata = {"title": self.title, "slug": self.slug, "status": self.status, "date": self.date}
        self.template = self.default_template
        self.lang, self.in_default_lang = context["DEFAULT_LANG"], True
        self.timezone = edition.settings.zone
        self.source_path = self.relative_source_path = None
        self.translations: list[Article] = []
        self.authors: list[Any] = []
        self._content = ""

    def refresh_metadata_intersite_links(self) -> None:
        """Do nothing: a day's metadata hold no links of Pelican's."""


def day_articles(edition: Catalog, context: dict[str, Any]) -> list[DayArticle]:
    """Make the articles of all days, oldest first."""
    return [DayArticle(link, edition, context) for link in edition.links.values()]


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


def page_view(page: Page) -> ProsePageView:
    """Give a page as its template shows it."""
    return ProsePageView(title=page.title, slug=page.slug, content=Markup(page.content))


def with_about(pages: list[Page], context: dict[str, Any], settings: Config) -> list[Page]:
    """Return the pages, and a short built-in about page where the archive has none."""
    if any(page.slug == "about" for page in pages):
        return pages
    text = _ABOUT.format(first_day=settings.first_day.isoformat(), zone=settings.zone_name)
    metadata = pelican_metadata("about", "About this archive")
    return [*pages, Page(render_markdown(text), metadata, settings=context, context=context)]
