"""Edition → the start page: the latest day, what has been busy, and the same date in other years."""

import datetime as dt
from typing import Any

from .days import day_inputs, day_view
from .edition import Edition, topics_in
from .months import month_views, year_views
from .page import SitePage
from .views import DayLink, TopicLink

_BUSY_DAYS = dt.timedelta(days=30)
_BUSIEST = 24
_RECENT = 6
_IN_FULL = 3  # months that are few enough to be shown as whole calendars


def home_page(edition: Edition) -> SitePage:
    """Give the start page: it changes with the days' counts and with the newest days' text."""
    busy = [edition.collection.keys[date] for date in _busy_dates(edition)]
    named = (*_recent(edition), *same_date(edition))
    sizes = [(date, link.count) for date, link in edition.links.items()]
    newest = day_inputs(edition, edition.dates[-1]) if edition.dates else None
    inputs = (edition.counts, sizes, busy, named, newest)
    return SitePage("", "index", inputs, lambda: home_values(edition))


def home_values(edition: Edition) -> dict[str, Any]:
    """Give what the start page shows; `years` of miniature months only where there are many."""
    months, years, dates = month_views(edition), year_views(edition), edition.dates
    return {
        "counts": edition.counts,
        "latest": day_view(edition, dates[-1]) if dates else None,
        "recent": _recent(edition),
        "same_date": same_date(edition),
        "months": months[::-1] if len(months) <= _IN_FULL else months[-1:],
        "years": years[::-1] if len(months) > _IN_FULL else (),
        "topics": busiest(edition),
        "first": edition.links[dates[0]] if dates else None,
        "last": edition.links[dates[-1]] if dates else None,
    }


def busiest(edition: Edition) -> tuple[TopicLink, ...]:
    """Give the topics of the 30 days that end with the newest day, most entries first."""
    return topics_in(edition, _busy_dates(edition))[:_BUSIEST]


def same_date(edition: Edition) -> tuple[DayLink, ...]:
    """Give the days of other years with the newest day's month and date, newest first."""
    if not edition.dates:
        return ()
    newest = edition.dates[-1]
    others = [date for date in edition.dates[:-1] if (date.month, date.day) == (newest.month, newest.day)]
    return tuple(edition.links[date] for date in reversed(others))


def _busy_dates(edition: Edition) -> list[dt.date]:
    return [date for date in edition.dates if edition.dates[-1] - date < _BUSY_DAYS]


def _recent(edition: Edition) -> tuple[DayLink, ...]:
    return tuple(edition.links[date] for date in edition.dates[-2 : -2 - _RECENT : -1])
