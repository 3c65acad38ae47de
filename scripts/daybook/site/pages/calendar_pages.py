"""The home page, and the pages of months and years with their calendars."""

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import Calendar
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from daybook.site.pages.day_page import day_inputs, day_view, with_neighbours
from daybook.site.pages.story_pages import moved_stories
from daybook.site.views.catalog import Catalog, topics_on_days
from daybook.site.views.urls import month_url, year_url
from daybook.site.views.view_models import CalendarCell, DayLink, MonthView, PageRoute, TopicLink, YearView

_MAX_TOPICS = 24  # on each of these pages
_HOME_TOPICS_PERIOD = dt.timedelta(days=30)
_HOME_RECENT_DAYS = 6
_HOME_FULL_MONTHS = 3  # up to so many months of an archive are full calendars, more are small ones by year


def home_page(catalog: Catalog) -> PageRoute:
    """Return the route of the home page: it changes with the days' counts and with the newest days' text."""
    dates, links = catalog.dates, catalog.links
    topics, same_date = busiest_topics(catalog), same_date_in_other_years(catalog)
    stories = moved_stories(catalog)
    recent = tuple(links[date] for date in dates[-2 : -2 - _HOME_RECENT_DAYS : -1])

    def values() -> dict[str, Any]:
        months, years = month_views(catalog), year_views(catalog)
        in_full = len(months) <= _HOME_FULL_MONTHS
        return {
            "counts": catalog.counts,
            "latest": day_view(catalog, dates[-1]) if dates else None,
            "recent": recent,
            "stories": stories,
            "same_date": same_date,
            "months": months[::-1] if in_full else months[-1:],
            "years": () if in_full else years[::-1],
            "topics": topics,
            "first": links[dates[0]] if dates else None,
            "last": links[dates[-1]] if dates else None,
        }

    counts = [(date, link.count) for date, link in links.items()]
    newest = day_inputs(catalog, dates[-1]) if dates else None
    return PageRoute("", "index", (catalog.counts, counts, topics, recent, same_date, newest, stories), values)


def busiest_topics(catalog: Catalog) -> tuple[TopicLink, ...]:
    """Return the topics of the 30 days that end with the newest day, most entries first."""
    dates = [date for date in catalog.dates if catalog.dates[-1] - date < _HOME_TOPICS_PERIOD]
    return topics_on_days(catalog, dates)[:_MAX_TOPICS]


def same_date_in_other_years(catalog: Catalog) -> tuple[DayLink, ...]:
    """Return the days of other years with the newest day's month and date, newest first."""
    dates = catalog.dates
    others = [date for date in dates[:-1] if (date.month, date.day) == (dates[-1].month, dates[-1].day)]
    return tuple(catalog.links[date] for date in reversed(others))


def calendar_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of all months and years."""
    for year in year_views(catalog):
        for month in year.months:
            yield _calendar_page(catalog, "month", month, month.days)
        yield _calendar_page(catalog, "year", year, [day for month in year.months for day in month.days])


def _calendar_page(catalog: Catalog, name: str, view: MonthView | YearView, days: Sequence[DayLink]) -> PageRoute:
    dates = [day.date for day in days]
    inputs = (view, [catalog.day_cache.keys[date] for date in dates])
    return PageRoute(
        view.path, name, inputs, lambda: {name: view, "topics": topics_on_days(catalog, dates)[:_MAX_TOPICS]}
    )


def month_views(catalog: Catalog) -> tuple[MonthView, ...]:
    """Return all months that have at least one day, oldest first."""
    steps = shade_steps(tuple(link.count for link in catalog.links.values()))
    by_month = groupby(catalog.links.values(), lambda link: link.date.replace(day=1))
    days = {first: tuple(links) for first, links in by_month}
    weeks = Calendar(catalog.first_weekday).monthdatescalendar

    def cell(date: dt.date, first: dt.date) -> CalendarCell:
        day, in_month = catalog.links.get(date), (date.year, date.month) == (first.year, first.month)
        return CalendarCell(date=date, in_month=in_month, day=day, level=shade_level(day.count, steps) if day else 0)

    return tuple(
        MonthView(
            first=first,
            path=month_url(first),
            weeks=tuple(tuple(cell(date, first) for date in week) for week in weeks(first.year, first.month)),
            days=days[first],
            count=sum(day.count for day in days[first]),
            previous=(month_url(previous), previous) if previous else None,
            next=(month_url(following), following) if following else None,
        )
        for previous, first, following in with_neighbours(days)
    )


def year_views(catalog: Catalog) -> tuple[YearView, ...]:
    """Return all years that have at least one day, oldest first."""
    months = {year: tuple(group) for year, group in groupby(month_views(catalog), lambda month: month.first.year)}
    return tuple(
        YearView(
            year=year,
            path=year_url(year),
            months=months[year],
            count=sum(month.count for month in months[year]),
            days=sum(len(month.days) for month in months[year]),
            previous=(year_url(previous), previous) if previous is not None else None,
            next=(year_url(following), following) if following is not None else None,
        )
        for previous, year, following in with_neighbours(months)
    )


def shade_steps(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Return the three counts at which calendar shading gets darker: quartiles of the days with entries.

    Days with equal counts share the mean of their ranks, so that an archive of equal days gets a middle shade.
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
