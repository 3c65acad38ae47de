"""Edition → MonthView and YearView: calendars, and the days they hold."""

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import Calendar
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from daybook.site.pages.day_page import day_inputs, day_view
from daybook.site.views.catalog import Catalog, topics_on_days
from daybook.site.views.urls import month_url, year_url
from daybook.site.views.view_models import CalendarCell, DayLink, MonthView, PageRoute, TopicLink, YearView

_LISTED_TOPICS = 24


def month_pages(edition: Catalog) -> Iterator[PageRoute]:
    """Give the pages of all months."""
    for month in month_views(edition):
        dates = [day.date for day in month.days]
        inputs = (month, [edition.day_cache.keys[date] for date in dates])
        yield PageRoute(month.path, "month", inputs, partial(_values, edition, "month", month, dates))


def year_pages(edition: Catalog) -> Iterator[PageRoute]:
    """Give the pages of all years."""
    for year in year_views(edition):
        dates = [day.date for month in year.months for day in month.days]
        inputs = (year, [edition.day_cache.keys[date] for date in dates])
        yield PageRoute(year.path, "year", inputs, partial(_values, edition, "year", year, dates))


def month_views(edition: Catalog) -> tuple[MonthView, ...]:
    """Compose all months that hold at least one day, oldest first."""
    steps = shade_steps(tuple(link.count for link in edition.links.values()))
    by_month = {first: tuple(dates) for first, dates in groupby(edition.dates, _first_of_month)}
    firsts = list(by_month)
    around = zip([None, *firsts], firsts, [*firsts[1:], None], strict=False)
    return tuple(
        _month_view(edition, by_month[first], steps, (previous, following)) for previous, first, following in around
    )


def year_views(edition: Catalog) -> tuple[YearView, ...]:
    """Compose all years from their months, oldest first."""
    months = month_views(edition)
    by_year = {year: tuple(group) for year, group in groupby(months, lambda month: month.first.year)}
    years = list(by_year)
    around = zip([None, *years], years, [*years[1:], None], strict=False)
    return tuple(_year_view(by_year[year], previous, following) for previous, year, following in around)


def shade_steps(counts: tuple[int, ...]) -> tuple[int, ...]:
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


def shade_level(count: int, steps: tuple[int, ...]) -> int:
    """Shade a day with `count` entries: 0 (none) to 4 (the busiest quarter).

    >>> [level(count, (5, 9, 20)) for count in (0, 4, 5, 12, 30)]
    [0, 1, 2, 3, 4]
    """
    return 1 + bisect_right(steps, count) if count else 0


def _values(edition: Catalog, name: str, view: MonthView | YearView, dates: Sequence[dt.date]) -> dict[str, Any]:
    return {name: view, "topics": topics_on_days(edition, dates)[:_LISTED_TOPICS]}


def _month_view(
    edition: Catalog,
    dates: tuple[dt.date, ...],
    steps: tuple[int, ...],
    around: tuple[dt.date | None, dt.date | None],
) -> MonthView:
    first = _first_of_month(dates[0])
    previous, following = around
    return MonthView(
        first=first,
        path=month_url(first),
        weeks=tuple(
            tuple(_cell(edition, date, first, steps) for date in week)
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ),
        days=tuple(edition.links[date] for date in dates),
        count=sum(edition.links[date].count for date in dates),
        previous=previous,
        next=following,
        previous_path=month_url(previous) if previous else "",
        next_path=month_url(following) if following else "",
    )


def _cell(edition: Catalog, date: dt.date, first: dt.date, steps: tuple[int, ...]) -> CalendarCell:
    day = edition.links.get(date)
    in_month = (date.year, date.month) == (first.year, first.month)
    return CalendarCell(date=date, in_month=in_month, day=day, level=shade_level(day.count, steps) if day else 0)


def _year_view(months: tuple[MonthView, ...], previous: int | None, following: int | None) -> YearView:
    return YearView(
        year=months[0].first.year,
        path=year_url(months[0].first.year),
        months=months,
        count=sum(month.count for month in months),
        days=sum(len(month.days) for month in months),
        previous=previous,
        next=following,
        previous_path=year_url(previous) if previous is not None else "",
        next_path=year_url(following) if following is not None else "",
    )


def _first_of_month(date: dt.date) -> dt.date:
    return date.replace(day=1)


_BUSY_DAYS = dt.timedelta(days=30)


_BUSIEST = 24


_RECENT = 6


_IN_FULL = 3  # months that are few enough to be shown as whole calendars


def home_page(edition: Catalog) -> PageRoute:
    """Give the start page: it changes with the days' counts and with the newest days' text."""
    busy = [edition.day_cache.keys[date] for date in _busy_dates(edition)]
    named = (*_recent(edition), *same_date_in_other_years(edition))
    sizes = [(date, link.count) for date, link in edition.links.items()]
    newest = day_inputs(edition, edition.dates[-1]) if edition.dates else None
    inputs = (edition.counts, sizes, busy, named, newest)
    return PageRoute("", "index", inputs, lambda: home_context(edition))


def home_context(edition: Catalog) -> dict[str, Any]:
    """Give what the start page shows; `years` of miniature months only where there are many."""
    months, years, dates = month_views(edition), year_views(edition), edition.dates
    return {
        "counts": edition.counts,
        "latest": day_view(edition, dates[-1]) if dates else None,
        "recent": _recent(edition),
        "same_date": same_date_in_other_years(edition),
        "months": months[::-1] if len(months) <= _IN_FULL else months[-1:],
        "years": years[::-1] if len(months) > _IN_FULL else (),
        "topics": busiest_topics(edition),
        "first": edition.links[dates[0]] if dates else None,
        "last": edition.links[dates[-1]] if dates else None,
    }


def busiest_topics(edition: Catalog) -> tuple[TopicLink, ...]:
    """Give the topics of the 30 days that end with the newest day, most entries first."""
    return topics_on_days(edition, _busy_dates(edition))[:_BUSIEST]


def same_date_in_other_years(edition: Catalog) -> tuple[DayLink, ...]:
    """Give the days of other years with the newest day's month and date, newest first."""
    if not edition.dates:
        return ()
    newest = edition.dates[-1]
    others = [date for date in edition.dates[:-1] if (date.month, date.day) == (newest.month, newest.day)]
    return tuple(edition.links[date] for date in reversed(others))


def _busy_dates(edition: Catalog) -> list[dt.date]:
    return [date for date in edition.dates if edition.dates[-1] - date < _BUSY_DAYS]


def _recent(edition: Catalog) -> tuple[DayLink, ...]:
    return tuple(edition.links[date] for date in edition.dates[-2 : -2 - _RECENT : -1])
