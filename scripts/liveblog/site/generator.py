"""The one generator of ours: every page that is neither a day nor prose, and every other file."""

from pelican.generators import Generator

from ..search import MANIFEST_PATH
from .addresses import file_of
from .pages import SitePage, site_pages
from .press import KEY, Press
from .writer import SiteWriter

_DAYS_AND_PROSE = ("day", "page")
_OURS = ("404", "days", "index", "month", "redirect", "search", "topic", "topic_month", "topics", "year")


class SiteGenerator(Generator):  # type: ignore[misc]
    """Write the site around the days."""

    def generate_context(self) -> None:
        """Compile all templates, so that a broken one stops the build before it writes."""
        for name in (*_DAYS_AND_PROSE, *_OURS):
            self.get_template(name)

    def generate_output(self, writer: SiteWriter) -> None:
        """Write files and pages; Pelican calls this after the days and the prose are written."""
        press: Press = self.settings[KEY]
        for name, data in press.other_files():
            press.output.put(name, data)
        for page in (*site_pages(press.edition), self._search_page(press)):
            writer.write_file(file_of(page.path), self.get_template(page.template), {}, **page.values)

    def _search_page(self, press: Press) -> SitePage:
        topics = sorted(press.edition.topic_links.values(), key=lambda topic: (topic.kind, topic.name))
        scripts = {"search_manifest": MANIFEST_PATH, "lunr_script": press.lunr[0]}
        return SitePage("search/", "search", {"topics": topics, **scripts})
