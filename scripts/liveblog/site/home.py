"""Edition → the start page: the latest day, what has been busy, and the same date in other years."""

import datetime as dt
from typing import Any

from .days import day_view
from .edition import Edition, topics_in
from .overviews import MonthView, YearView
from .views import DayLink, TopicLink

_BUSY_DAYS = dt.timedelta(days=30)
_BUSIEST = 24
_RECENT = 6
_IN_FULL = 3  # months that are few enough to be shown as whole calendars


def home_values(edition: Edition, months: tuple[MonthView, ...], years: tuple[YearView, ...]) -> dict[str, Any]:
    """Give what the start page shows; `years` of miniature months only where there are many."""
    newest_first = [edition.links[date] for date in reversed(edition.dates)]
    return {
        "latest": day_view(edition, edition.dates[-1]) if edition.dates else None,
        "recent": tuple(newest_first[1 : _RECENT + 1]),
        "same_date": same_date(edition),
        "months": months[::-1] if len(months) <= _IN_FULL else months[-1:],
        "years": years[::-1] if len(months) > _IN_FULL else (),
        "topics": busiest(edition),
        "first": newest_first[-1] if newest_first else None,
        "last": newest_first[0] if newest_first else None,
    }


def busiest(edition: Edition) -> tuple[TopicLink, ...]:
    """Give the topics of the 30 days that end with the newest day, most entries first."""
    if not edition.dates:
        return ()
    newest = edition.dates[-1]
    dates = [date for date in edition.dates if newest - date < _BUSY_DAYS]
    return topics_in(entry for date in dates for entry in edition.entries[date])[:_BUSIEST]


def same_date(edition: Edition) -> tuple[DayLink, ...]:
    """Give the days of other years with the newest day's month and date, newest first."""
    if not edition.dates:
        return ()
    newest = edition.dates[-1]
    others = [date for date in edition.dates[:-1] if (date.month, date.day) == (newest.month, newest.day)]
    return tuple(edition.links[date] for date in reversed(others))
