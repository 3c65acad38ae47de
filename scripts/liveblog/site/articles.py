"""Days as Pelican articles, so that its own generator writes them and other plugins see them."""

import datetime as dt
from typing import Any

from pelican.contents import Article

from .addresses import file_of
from .days import day_view
from .edition import Edition
from .views import DayView


class DayArticle(Article):  # type: ignore[misc]
    """A day: its address is known at once, its page is composed when it is written."""

    default_template = "day"
    url = ""
    save_as = ""

    def __init__(self, edition: Edition, date: dt.date, context: dict[str, Any]) -> None:
        """Make the article of a date; `context` is Pelican's, settings included."""
        link = edition.links[date]
        self.url, self.save_as = link.path, file_of(link.path)
        midnight = dt.datetime.combine(date, dt.time.min, edition.settings.zone)
        metadata = {"title": link.title, "date": midnight, "slug": date.isoformat(), "status": "published"}
        super().__init__("", metadata, settings=context, context=context)
        self.date_of_page = date
        self._edition = edition

    def view(self) -> DayView:
        """Compose the day's page."""
        return day_view(self._edition, self.date_of_page)


def day_articles(edition: Edition, context: dict[str, Any]) -> list[DayArticle]:
    """Make the articles of all days, oldest first."""
    return [DayArticle(edition, date, context) for date in edition.dates]
