"""Days as Pelican articles, so that its own generator asks for them and other plugins see them."""

import datetime as dt
from typing import Any

from pelican.contents import Article

from .addresses import file_of
from .edition import Edition
from .views import DayLink


class DayArticle(Article):  # type: ignore[misc]
    """A day: its address is known at once, its page is made only where it changed."""

    default_template = "day"
    url = ""
    save_as = ""

    def __init__(self, link: DayLink, edition: Edition, context: dict[str, Any]) -> None:
        """Make the article of a day; `context` is Pelican's, settings included.

        Its fields are set here and not by Pelican, which takes a tenth of a millisecond for each.
        """
        self.settings = self._context = context
        self.url, self.save_as = link.path, file_of(link.path)
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


def day_articles(edition: Edition, context: dict[str, Any]) -> list[DayArticle]:
    """Make the articles of all days, oldest first."""
    return [DayArticle(link, edition, context) for link in edition.links.values()]
