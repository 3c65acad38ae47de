"""Topic pages: each topic with its newest entries, and one page for each month of a topic."""

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from itertools import groupby, islice
from typing import Any

from markupsafe import Markup

from daybook.core.markdown import render_markdown
from daybook.site.pages.day_page import with_neighbours
from daybook.site.views.catalog import Catalog, EntryPosition
from daybook.site.views.summaries import TopicDay
from daybook.site.views.urls import topic_month_url, topic_url
from daybook.site.views.view_models import (
    DayEntries,
    DayName,
    PageRoute,
    TopicLink,
    TopicMonth,
    TopicView,
    TopicYear,
    day_name,
)

_NEWEST_ENTRIES = 50
_RELATED_TOPICS = 8


def topic_page(catalog: Catalog, slug: str) -> PageRoute:
    """Return the route of a topic's page, which changes with any entry of the topic."""
    inputs = (catalog.topics[slug], [month.digest for month in catalog.months[slug].values()])
    return PageRoute(topic_url(slug), "topic", inputs, lambda: {"topic": topic_view(catalog, slug)})


def topic_view(catalog: Catalog, slug: str) -> TopicView:
    """Return the view of a topic's page; its months have counts, not entries."""
    topic, days = catalog.topics[slug], catalog.topic_days(slug)
    counts = {first: month.entries for first, month in catalog.months[slug].items()}
    most = max(counts.values(), default=0)
    months = tuple(
        # -(-a // b) rounds up.
        TopicMonth(first=first, path=topic_month_url(slug, first), count=count, level=-(-4 * count // most))
        for first, count in reversed(counts.items())
    )
    return TopicView(
        link=catalog.topic_links[slug],
        aliases=topic.aliases,
        declared=topic.declared,
        introduction=Markup(render_markdown(topic.introduction)),
        newest=_group_by_day(catalog, islice(catalog.newest_first(slug), _NEWEST_ENTRIES)),
        months=months,
        years=_topic_years(months),
        first=catalog.entry_link((days[0].date, days[0].positions[0])) if days else None,
        last=catalog.entry_link((days[-1].date, days[-1].positions[-1])) if days else None,
        most=_busiest_day(catalog, days),
        related=_related_topics(catalog, slug),
    )


def _busiest_day(catalog: Catalog, days: Iterable[TopicDay]) -> tuple[DayName, int] | None:
    """Return the day with most entries of a topic, of equal ones the first, and their number."""
    counts = [(len(day.positions), day.date) for day in days]
    if not counts:
        return None
    count, date = max(counts, key=lambda pair: (pair[0], -pair[1].toordinal()))
    return day_name(date, catalog.config), count


def _topic_years(months: tuple[TopicMonth, ...]) -> tuple[TopicYear, ...]:
    years = []
    for year, group in groupby(months, lambda month: month.first.year):
        by_number = {month.first.month: month for month in group}
        twelve = tuple(by_number.get(number) for number in range(1, 13))
        years.append(TopicYear(year=year, months=twelve, count=sum(month.count for month in by_number.values())))
    return tuple(years)


def _related_topics(catalog: Catalog, slug: str) -> tuple[TopicLink, ...]:
    """Return the topics that share most entries with one, with the numbers of shared entries and days."""
    entries: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for month in catalog.months[slug].values():
        for other, (entry_count, day_count) in month.details.related.items():
            entries[other] += entry_count
            days[other] += day_count
    closest = sorted(entries, key=lambda other: (-entries[other], other))[:_RELATED_TOPICS]
    return tuple(catalog.topic_names[other].with_counts(entries[other], days[other]) for other in closest)


def topic_months(catalog: Catalog) -> dict[dt.date, list[PageRoute]]:
    """Return the routes of the months of all topics, by the first date of the month.

    The topics of one month follow each other because they need the same days, which are cached.
    """
    by_month: dict[dt.date, list[PageRoute]] = defaultdict(list)
    for slug, months in catalog.months.items():
        links = [TopicMonth(first=first, path=topic_month_url(slug, first)) for first in months]
        for older, month, newer in with_neighbours(links):
            inputs = (catalog.topic_names[slug], months[month.first].digest, older, newer)
            values = partial(_topic_month_values, catalog, slug, month, older, newer)
            by_month[month.first].append(PageRoute(month.path, "topic_month", inputs, values))
    return by_month


def _topic_month_values(
    catalog: Catalog, slug: str, month: TopicMonth, older: TopicMonth | None, newer: TopicMonth | None
) -> dict[str, Any]:
    days = catalog.months[slug][month.first].details.days
    positions = [(day.date, position) for day in days for position in day.positions]
    groups = _group_by_day(catalog, positions)
    month = TopicMonth(first=month.first, path=month.path, count=len(positions), groups=groups)
    return {"topic": catalog.topic_names[slug], "month": month, "older": older, "newer": newer}


def _group_by_day(catalog: Catalog, positions: Iterable[EntryPosition]) -> tuple[DayEntries, ...]:
    """Group consecutive entries of one day; the order stays as given."""
    return tuple(
        DayEntries(
            day=day_name(date, catalog.config),
            entries=tuple(catalog.day_cache.excerpts(date)[position] for _, position in group),
        )
        for date, group in groupby(positions, lambda position: position[0])
    )


def topics_by_letter(links: Iterable[TopicLink]) -> tuple[tuple[str, tuple[TopicLink, ...]], ...]:
    """Group topics by the first letter of their name, without diacritics."""
    by_name = sorted(links, key=lambda link: (_without_diacritics(link.name), link.slug))
    groups = groupby(by_name, lambda link: _without_diacritics(link.name)[:1])
    return tuple((letter, tuple(group)) for letter, group in groups)


def _without_diacritics(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).upper()
