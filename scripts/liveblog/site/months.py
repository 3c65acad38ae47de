"""Edition → MonthView and YearView: calendars, and the days they hold."""

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import Calendar
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from .addresses import month_path, year_path
from .edition import Edition, topics_in
from .overviews import Cell, MonthView, YearView
from .page import SitePage

_LISTED_TOPICS = 24


def month_pages(edition: Edition) -> Iterator[SitePage]:
    """Give the pages of all months."""
    for month in month_views(edition):
        dates = [day.date for day in month.days]
        inputs = (month, [edition.collection.keys[date] for date in dates])
        yield SitePage(month.path, "month", inputs, partial(_values, edition, "month", month, dates))


def year_pages(edition: Edition) -> Iterator[SitePage]:
    """Give the pages of all years."""
    for year in year_views(edition):
        dates = [day.date for month in year.months for day in month.days]
        inputs = (year, [edition.collection.keys[date] for date in dates])
        yield SitePage(year.path, "year", inputs, partial(_values, edition, "year", year, dates))


def month_views(edition: Edition) -> tuple[MonthView, ...]:
    """Compose all months that hold at least one day, oldest first."""
    steps = level_steps(tuple(link.count for link in edition.links.values()))
    by_month = {first: tuple(dates) for first, dates in groupby(edition.dates, _first_of_month)}
    firsts = list(by_month)
    around = zip([None, *firsts], firsts, [*firsts[1:], None], strict=False)
    return tuple(
        _month_view(edition, by_month[first], steps, (previous, following)) for previous, first, following in around
    )


def year_views(edition: Edition) -> tuple[YearView, ...]:
    """Compose all years from their months, oldest first."""
    months = month_views(edition)
    by_year = {year: tuple(group) for year, group in groupby(months, lambda month: month.first.year)}
    years = list(by_year)
    around = zip([None, *years], years, [*years[1:], None], strict=False)
    return tuple(_year_view(by_year[year], previous, following) for previous, year, following in around)


def level_steps(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Give the three counts at which the shading of a calendar grows: quartiles of the busy days.

    Days of one count share the middle of their ranks, so that equal days get a middle shade.
    """
    busy = sorted(count for count in counts if count)
    ranks = {count: (bisect_left(busy, count) + bisect_right(busy, count)) / 2 for count in busy}
    above = max(busy, default=0) + 1
    return tuple(
        min((count for count, rank in ranks.items() if 4 * rank >= quarter * len(busy)), default=above)
        for quarter in (1, 2, 3)
    )


def level(count: int, steps: tuple[int, ...]) -> int:
    """Shade a day with `count` entries: 0 (none) to 4 (the busiest quarter).

    >>> [level(count, (5, 9, 20)) for count in (0, 4, 5, 12, 30)]
    [0, 1, 2, 3, 4]
    """
    return 1 + bisect_right(steps, count) if count else 0


def _values(edition: Edition, name: str, view: MonthView | YearView, dates: Sequence[dt.date]) -> dict[str, Any]:
    return {name: view, "topics": topics_in(edition, dates)[:_LISTED_TOPICS]}


def _month_view(
    edition: Edition,
    dates: tuple[dt.date, ...],
    steps: tuple[int, ...],
    around: tuple[dt.date | None, dt.date | None],
) -> MonthView:
    first = _first_of_month(dates[0])
    previous, following = around
    return MonthView(
        first=first,
        path=month_path(first),
        weeks=tuple(
            tuple(_cell(edition, date, first, steps) for date in week)
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ),
        days=tuple(edition.links[date] for date in dates),
        count=sum(edition.links[date].count for date in dates),
        previous=previous,
        next=following,
        previous_path=month_path(previous) if previous else "",
        next_path=month_path(following) if following else "",
    )


def _cell(edition: Edition, date: dt.date, first: dt.date, steps: tuple[int, ...]) -> Cell:
    day = edition.links.get(date)
    in_month = (date.year, date.month) == (first.year, first.month)
    return Cell(date=date, in_month=in_month, day=day, level=level(day.count, steps) if day else 0)


def _year_view(months: tuple[MonthView, ...], previous: int | None, following: int | None) -> YearView:
    return YearView(
        year=months[0].first.year,
        path=year_path(months[0].first.year),
        months=months,
        count=sum(month.count for month in months),
        days=sum(len(month.days) for month in months),
        previous=previous,
        next=following,
        previous_path=year_path(previous) if previous is not None else "",
        next_path=year_path(following) if following is not None else "",
    )


def _first_of_month(date: dt.date) -> dt.date:
    return date.replace(day=1)
