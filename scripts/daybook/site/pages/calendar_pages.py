"""The home page, and the pages of months and years with their calendars."""

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

_MAX_TOPICS = 24  # on each of these pages
_HOME_TOPICS_PERIOD = dt.timedelta(days=30)
_HOME_RECENT_DAYS = 6
_HOME_FULL_MONTHS = 3  # up to so many months of an archive are full calendars, more are small ones by year


def home_page(catalog: Catalog) -> PageRoute:
    """Return the route of the home page: it changes with the days' counts and with the newest days' text."""
    period = [catalog.day_cache.keys[date] for date in _home_topics_dates(catalog)]
    listed = (*_recent_days(catalog), *same_date_in_other_years(catalog))
    counts = [(date, link.count) for date, link in catalog.links.items()]
    newest = day_inputs(catalog, catalog.dates[-1]) if catalog.dates else None
    inputs = (catalog.counts, counts, period, listed, newest)
    return PageRoute("", "index", inputs, lambda: home_values(catalog))


def home_values(catalog: Catalog) -> dict[str, Any]:
    """Return the values of the home page; `years` is empty if all `months` fit in full."""
    months, years, dates = month_views(catalog), year_views(catalog), catalog.dates
    return {
        "counts": catalog.counts,
        "latest": day_view(catalog, dates[-1]) if dates else None,
        "recent": _recent_days(catalog),
        "same_date": same_date_in_other_years(catalog),
        "months": months[::-1] if len(months) <= _HOME_FULL_MONTHS else months[-1:],
        "years": years[::-1] if len(months) > _HOME_FULL_MONTHS else (),
        "topics": busiest_topics(catalog),
        "first": catalog.links[dates[0]] if dates else None,
        "last": catalog.links[dates[-1]] if dates else None,
    }


def busiest_topics(catalog: Catalog) -> tuple[TopicLink, ...]:
    """Return the topics of the 30 days that end with the newest day, most entries first."""
    return topics_on_days(catalog, _home_topics_dates(catalog))[:_MAX_TOPICS]


def same_date_in_other_years(catalog: Catalog) -> tuple[DayLink, ...]:
    """Return the days of other years with the newest day's month and date, newest first."""
    if not catalog.dates:
        return ()
    newest = catalog.dates[-1]
    others = [date for date in catalog.dates[:-1] if (date.month, date.day) == (newest.month, newest.day)]
    return tuple(catalog.links[date] for date in reversed(others))


def _home_topics_dates(catalog: Catalog) -> list[dt.date]:
    return [date for date in catalog.dates if catalog.dates[-1] - date < _HOME_TOPICS_PERIOD]


def _recent_days(catalog: Catalog) -> tuple[DayLink, ...]:
    """Return the days before the newest, newest first."""
    return tuple(catalog.links[date] for date in catalog.dates[-2 : -2 - _HOME_RECENT_DAYS : -1])


def month_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of all months."""
    for month in month_views(catalog):
        dates = [day.date for day in month.days]
        inputs = (month, [catalog.day_cache.keys[date] for date in dates])
        yield PageRoute(month.path, "month", inputs, partial(_calendar_values, catalog, "month", month, dates))


def year_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of all years."""
    for year in year_views(catalog):
        dates = [day.date for month in year.months for day in month.days]
        inputs = (year, [catalog.day_cache.keys[date] for date in dates])
        yield PageRoute(year.path, "year", inputs, partial(_calendar_values, catalog, "year", year, dates))


def _calendar_values(
    catalog: Catalog, name: str, view: MonthView | YearView, dates: Sequence[dt.date]
) -> dict[str, Any]:
    return {name: view, "topics": topics_on_days(catalog, dates)[:_MAX_TOPICS]}


def month_views(catalog: Catalog) -> tuple[MonthView, ...]:
    """Return all months that have at least one day, oldest first."""
    steps = shade_steps(tuple(link.count for link in catalog.links.values()))
    by_month = {first: tuple(dates) for first, dates in groupby(catalog.dates, _first_of_month)}
    firsts = list(by_month)
    neighbours = zip([None, *firsts], firsts, [*firsts[1:], None], strict=False)
    return tuple(
        _month_view(catalog, by_month[first], steps, (previous, following)) for previous, first, following in neighbours
    )


def _month_view(
    catalog: Catalog,
    dates: tuple[dt.date, ...],
    steps: tuple[int, ...],
    neighbours: tuple[dt.date | None, dt.date | None],
) -> MonthView:
    first = _first_of_month(dates[0])
    previous, following = neighbours
    return MonthView(
        first=first,
        path=month_url(first),
        weeks=tuple(
            tuple(_calendar_cell(catalog, date, first, steps) for date in week)
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ),
        days=tuple(catalog.links[date] for date in dates),
        count=sum(catalog.links[date].count for date in dates),
        previous=previous,
        next=following,
        previous_path=month_url(previous) if previous else "",
        next_path=month_url(following) if following else "",
    )


def _calendar_cell(catalog: Catalog, date: dt.date, first: dt.date, steps: tuple[int, ...]) -> CalendarCell:
    day = catalog.links.get(date)
    in_month = (date.year, date.month) == (first.year, first.month)
    return CalendarCell(date=date, in_month=in_month, day=day, level=shade_level(day.count, steps) if day else 0)


def _first_of_month(date: dt.date) -> dt.date:
    return date.replace(day=1)


def year_views(catalog: Catalog) -> tuple[YearView, ...]:
    """Return all years that have at least one day, oldest first."""
    months = month_views(catalog)
    by_year = {year: tuple(group) for year, group in groupby(months, lambda month: month.first.year)}
    years = list(by_year)
    neighbours = zip([None, *years], years, [*years[1:], None], strict=False)
    return tuple(_year_view(by_year[year], previous, following) for previous, year, following in neighbours)


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


def shade_steps(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Return the three counts at which calendar shading gets darker: quartiles of the days with entries.

    Days with equal counts share the mean of their ranks, so that an archive of equal days gets a
    middle shade.
    """
    with_entries = sorted(count for count in counts if count)
    ranks = {
        count: (bisect_left(with_entries, count) + bisect_right(with_entries, count)) / 2 for count in with_entries
    }
    above_all = max(with_entries, default=0) + 1
    return tuple(
        min((count for count, rank in ranks.items() if 4 * rank >= quarter * len(with_entries)), default=above_all)
        for quarter in (1, 2, 3)
    )


def shade_level(count: int, steps: tuple[int, ...]) -> int:
    """Return the shade of a day with `count` entries: 0 (none) to 4 (the busiest quarter).

    >>> [shade_level(count, (5, 9, 20)) for count in (0, 4, 5, 12, 30)]
    [0, 1, 2, 3, 4]
    """
    return 1 + bisect_right(steps, count) if count else 0
