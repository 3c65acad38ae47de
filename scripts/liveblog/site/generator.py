"""The one generator of ours: every page that is neither a day nor prose, and every other file."""

from pathlib import Path

from jinja2 import TemplateSyntaxError
from pelican.generators import Generator

from ..errors import ArchiveError
from ..search import MANIFEST_PATH
from .addresses import file_of
from .pages import SitePage, site_pages
from .press import KEY, Press
from .redirects import redirect_pages
from .research_pages import research_pages
from .writer import SiteWriter

_AROUND_DAYS = {
    "404",
    "changes",
    "data",
    "days",
    "index",
    "month",
    "redirect",
    "search",
    "sources",
    "topic",
    "topic_month",
    "topics",
    "year",
}
_NEEDED = _AROUND_DAYS | {"day", "page"}


class SiteGenerator(Generator):  # type: ignore[misc]
    """Write the site around the days."""

    def generate_context(self) -> None:
        """Compile all templates, so that a broken or missing one stops the build before it writes."""
        folder = Path(self.theme) / "templates"
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
        for missing in sorted(_NEEDED - {name.removesuffix(".html") for name in names}):
            raise ArchiveError("the theme has no such template", path=folder / f"{missing}.html")
        for name in sorted(names):
            try:
                self.env.get_template(name)
            except TemplateSyntaxError as error:
                reason = f"not a template: {error.message}"
                raise ArchiveError(reason, path=error.filename or name, line=error.lineno) from None

    def generate_output(self, writer: SiteWriter) -> None:
        """Write files and pages; Pelican calls this after the days and the prose are written."""
        press: Press = self.settings[KEY]
        for name, data in press.other_files():
            press.output.put(name, data)
        redirects = redirect_pages(press.edition, press.published)
        research = research_pages(press.edition, press.log)
        for page in (*site_pages(press.edition), self._search_page(press), *research, *redirects):
            writer.write_file(file_of(page.path), self.get_template(page.template), {}, **page.values)

    def _search_page(self, press: Press) -> SitePage:
        topics = sorted(press.edition.topic_links.values(), key=lambda topic: (topic.kind, topic.name))
        scripts = {"search_manifest": MANIFEST_PATH, "lunr_script": press.lunr[0]}
        return SitePage("search/", "search", {"topics": topics, **scripts})
