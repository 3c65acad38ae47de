"""The home page, the page of all days, and the pages of months and years with their calendars."""

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import Calendar, monthrange
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Any

from daybook.site.pages.band import band_view
from daybook.site.pages.day_page import day_inputs, day_view, with_neighbours
from daybook.site.pages.story_pages import card_inputs, moved_stories
from daybook.site.views.busiest_days import choose_busiest
from daybook.site.views.catalog import Catalog, topics_in_months, topics_on_days
from daybook.site.views.urls import month_url, week_url, year_url
from daybook.site.views.view_models import (
    CalendarCell,
    DayLink,
    DayReading,
    MonthCount,
    MonthView,
    PageRoute,
    TopicLink,
    WeekView,
    YearCounts,
    YearView,
)

_MAX_TOPICS = 24  # on each of these pages
_HOME_TOPICS_PERIOD = dt.timedelta(days=30)
_HOME_RECENT_DAYS = 6
_HOME_OTHER_YEARS = 10
_DRAWN_YEARS = 5  # on the page of all days; each is about 15 KB, and an earlier year 1 KB
_BUSIEST_DAYS = 10  # of a year


def home_page(catalog: Catalog, years: tuple[YearView, ...]) -> PageRoute:
    """Return the route of the home page: it changes with the band's sums and with the newest days' text."""
    dates, links = catalog.dates, catalog.links
    topics, same_date, band = busiest_topics(catalog), same_date_in_other_years(catalog), band_view(catalog)
    stories = moved_stories(catalog)
    recent = tuple(links[date] for date in dates[-2 : -2 - _HOME_RECENT_DAYS : -1])
    month = years[-1].months[-1] if years else None

    def values() -> dict[str, Any]:
        return {
            "counts": catalog.counts,
            "latest": day_view(catalog, dates[-1]) if dates else None,
            "recent": recent,
            "stories": stories,
            "same_date": same_date,
            "band": band,
            "month": month,
            "topics": topics,
            "first": links[dates[0]] if dates else None,
            "last": links[dates[-1]] if dates else None,
        }

    ends = [links[date] for date in (dates[0], dates[-1])] if dates else []
    newest = day_inputs(catalog, dates[-1]) if dates else None
    inputs = (
        catalog.counts,
        ends,
        month,
        topics,
        recent,
        same_date,
        newest,
        band,
        [card_inputs(catalog, story) for story in stories],
    )
    return PageRoute("", "index", inputs, values)


def busiest_topics(catalog: Catalog) -> tuple[TopicLink, ...]:
    """Return the topics of the 30 days that end with the newest day, most entries first."""
    dates = [date for date in catalog.dates if catalog.dates[-1] - date < _HOME_TOPICS_PERIOD]
    return topics_on_days(catalog, dates)[:_MAX_TOPICS]


def same_date_in_other_years(catalog: Catalog) -> tuple[DayLink, ...]:
    """Return the days of the nearest other years with the newest day's month and date, newest first."""
    dates = catalog.dates
    others = [date for date in dates[:-1] if (date.month, date.day) == (dates[-1].month, dates[-1].day)]
    return tuple(catalog.links[date] for date in reversed(others[-_HOME_OTHER_YEARS:]))


def days_page(years: tuple[YearView, ...]) -> PageRoute:
    """Return the route of the page of all days: the newest years drawn day by day, earlier ones as links to months."""
    drawn = years[: -1 - _DRAWN_YEARS : -1]
    earlier = tuple(_year_counts(year) for year in reversed(years[:-_DRAWN_YEARS]))
    return PageRoute("days/", "days", (drawn, earlier), lambda: {"years": drawn, "earlier": earlier})


def _year_counts(year: YearView) -> YearCounts:
    months = tuple(MonthCount(first=month.first, path=month.path, count=month.count) for month in year.months)
    return YearCounts(year=year.year, path=year.path, months=months, count=year.count, days=year.days)


def calendar_pages(catalog: Catalog, years: tuple[YearView, ...]) -> Iterator[PageRoute]:
    """Yield the routes of all months and years."""
    for year in years:
        for month in year.months:
            yield _month_page(catalog, month)
        yield _year_page(catalog, year)


def _month_page(catalog: Catalog, month: MonthView) -> PageRoute:
    dates = [day.date for day in month.days]
    last = dt.date(month.first.year, month.first.month, monthrange(month.first.year, month.first.month)[1])

    def values() -> dict[str, Any]:
        topics = topics_in_months(catalog, [month.first])[:_MAX_TOPICS]
        return {"month": month, "topics": topics, "reading": read_days(catalog, month.first, last)}

    inputs = (month, [catalog.day_cache.keys[date] for date in dates], catalog.dates[0], catalog.dates[-1] > last)
    return PageRoute(month.path, "month", inputs, values)


def week_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of all ISO weeks that have a day."""
    by_week = groupby(catalog.links.values(), lambda link: link.date.isocalendar()[:2])
    weeks = {key: tuple(links) for key, links in by_week}
    for before, key, after in with_neighbours(weeks):
        days = weeks[key]
        first = days[0].date - dt.timedelta(days=days[0].date.weekday())
        week = WeekView(
            year=key[0],
            number=key[1],
            path=week_url(days[0].date),
            first=first,
            last=days[-1].date + dt.timedelta(days=6 - days[-1].date.weekday()),
            days=days,
            count=sum(day.count for day in days),
            previous=(week_url(weeks[before][0].date), before[1]) if before else None,
            next=(week_url(weeks[after][0].date), after[1]) if after else None,
        )
        inputs = (week, [catalog.day_cache.keys[day.date] for day in days], catalog.dates[0], after is None)
        yield PageRoute(week.path, "week", inputs, partial(_week_values, catalog, week))


def _week_values(catalog: Catalog, week: WeekView) -> dict[str, Any]:
    return {"week": week, "reading": read_days(catalog, week.first, week.last)}


def read_days(catalog: Catalog, first: dt.date, last: dt.date) -> tuple[DayReading, ...]:
    """Return the dates from `first` to `last`, but none before the archive's first or after its last day."""
    found = []
    first, last = max(first, catalog.dates[0]), min(last, catalog.dates[-1])
    for date in (first + dt.timedelta(days=number) for number in range((last - first).days + 1)):
        link = catalog.links.get(date)
        entries = catalog.day_cache.views(date) if link else ()
        anchors = {entry.anchor for entry in link.main} if link else set()
        main = tuple(entry for entry in entries if entry.anchor in anchors)
        others = tuple(entry for entry in entries if entry.anchor not in anchors)
        found.append(DayReading(date=date, day=link, main=main, others=others))
    return tuple(found)


def _year_page(catalog: Catalog, year: YearView) -> PageRoute:
    days = [day for month in year.months for day in month.days]
    dates = [day.date for day in days]
    busiest = choose_busiest(days, _BUSIEST_DAYS)

    def values() -> dict[str, Any]:
        topics = topics_in_months(catalog, [month.first for month in year.months])[:_MAX_TOPICS]
        return {"year": year, "busiest": busiest, "topics": topics}

    return PageRoute(year.path, "year", (year, [catalog.day_cache.keys[date] for date in dates]), values)


def month_views(catalog: Catalog) -> tuple[MonthView, ...]:
    """Return all months that have at least one day, oldest first.

    Days are shaded in comparison with their year: a new day changes no calendar of another year.
    """
    by_year = groupby(catalog.links.values(), lambda link: link.date.year)
    steps = {year: shade_steps(tuple(link.count for link in links)) for year, links in by_year}
    by_month = groupby(catalog.links.values(), lambda link: link.date.replace(day=1))
    days = {first: tuple(links) for first, links in by_month}
    weeks = Calendar(catalog.first_weekday).monthdatescalendar

    def cell(date: dt.date, first: dt.date) -> CalendarCell:
        day, in_month = catalog.links.get(date), (date.year, date.month) == (first.year, first.month)
        level = shade_level(day.count, steps[day.date.year]) if day else 0
        return CalendarCell(date=date, in_month=in_month, day=day, level=level)

    return tuple(
        MonthView(
            first=first,
            path=month_url(first),
            weeks=tuple(tuple(cell(date, first) for date in week) for week in weeks(first.year, first.month)),
            days=days[first],
            count=sum(day.count for day in days[first]),
            named=choose_busiest(days[first], 1, may_be_all=True),
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
    """Return the three counts at which a year's calendar gets darker: quartiles of its days with entries.

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
