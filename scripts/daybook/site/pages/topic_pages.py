"""Edition → a topic's page and those of its months, newest first everywhere."""

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice
from typing import Any

from markupsafe import Markup

from daybook.core.markdown import render_markdown
from daybook.site.views.catalog import Catalog, DayMentions, EntryPosition, TopicMonths
from daybook.site.views.urls import topic_month_url, topic_url
from daybook.site.views.view_models import DayEntries, PageRoute, TopicLink, TopicMonth, TopicView, TopicYear, day_name

_NEWEST = 50


_RELATED = 8


def topic_page(edition: Catalog, slug: str) -> PageRoute:
    """Give a topic's own page: it changes with any entry that is about it."""
    inputs = (edition.topics[slug], edition.mentions(slug))
    return PageRoute(topic_url(slug), "topic", inputs, lambda: {"topic": topic_view(edition, slug)})


def topic_month_pages(edition: Catalog) -> Iterator[PageRoute]:
    """Give the pages of all topics' months, month by month: neighbours in this order share their days."""
    by_month: dict[dt.date, list[tuple[str, TopicMonths]]] = defaultdict(list)
    for slug, months in edition.months.items():
        for first in months:
            by_month[first].append((slug, months))
    for first, topics in sorted(by_month.items()):
        for slug, months in topics:
            yield _month_page(edition, slug, first, months)


def topic_view(edition: Catalog, slug: str) -> TopicView:
    """Compose a topic's own page; its months carry counts, not entries."""
    topic, mentions = edition.topics[slug], edition.mentions(slug)
    months = _months(slug, edition.months[slug])
    return TopicView(
        link=edition.topic_links[slug],
        aliases=topic.aliases,
        declared=topic.declared,
        introduction=Markup(render_markdown(topic.introduction)),
        newest=_by_day(edition, islice(edition.newest_first(slug), _NEWEST)),
        months=months,
        years=_years(months),
        first=edition.entry_link((mentions[0][0], mentions[0][1].positions[0])) if mentions else None,
        last=edition.entry_link(next(edition.newest_first(slug))) if mentions else None,
        related=_related(edition, slug),
    )


def topics_by_letter(links: Iterable[TopicLink]) -> tuple[tuple[str, tuple[TopicLink, ...]], ...]:
    """Group topics under the letter their name begins with, marks on letters set aside."""
    by_name = sorted(links, key=lambda link: (_plain(link.name), link.slug))
    return tuple((letter, tuple(group)) for letter, group in groupby(by_name, lambda link: _plain(link.name)[:1]))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).upper()


def _month_page(edition: Catalog, slug: str, first: dt.date, months: TopicMonths) -> PageRoute:
    firsts, days = list(months), months[first]
    place = firsts.index(first)
    older = firsts[place - 1] if place else None
    newer = firsts[place + 1] if place + 1 < len(firsts) else None
    values = partial(_month_values, edition, slug, days, (older, newer))
    return PageRoute(topic_month_url(slug, first), "topic_month", (slug, days, older, newer), values)


def _month_values(
    edition: Catalog, slug: str, days: Sequence[DayMentions], around: tuple[dt.date | None, dt.date | None]
) -> dict[str, Any]:
    newest_first = [(date, place) for date, mention in reversed(days) for place in reversed(mention.positions)]
    first = days[0][0].replace(day=1)
    month = TopicMonth(
        first=first,
        path=topic_month_url(slug, first),
        count=len(newest_first),
        groups=_by_day(edition, newest_first),
    )
    older, newer = (_neighbour(slug, neighbour) for neighbour in around)
    return {"topic": edition.topic_names[slug], "month": month, "older": older, "newer": newer}


def _neighbour(slug: str, first: dt.date | None) -> TopicMonth | None:
    return TopicMonth(first=first, path=topic_month_url(slug, first)) if first else None


def _by_day(edition: Catalog, places: Iterable[EntryPosition]) -> tuple[DayEntries, ...]:
    """Group neighbouring entries of the same day, in the order given."""
    return tuple(
        DayEntries(
            day=day_name(date, edition.settings),
            entries=tuple(edition.day_cache.excerpts(date)[place] for _, place in group),
        )
        for date, group in groupby(places, lambda place: place[0])
    )


def _months(slug: str, months: TopicMonths) -> tuple[TopicMonth, ...]:
    counts = {first: sum(len(mention.positions) for _, mention in days) for first, days in months.items()}
    most = max(counts.values(), default=0)
    return tuple(
        TopicMonth(first=first, path=topic_month_url(slug, first), count=count, level=-(-4 * count // most))
        for first, count in reversed(counts.items())
    )


def _years(months: tuple[TopicMonth, ...]) -> tuple[TopicYear, ...]:
    years = []
    for year, group in groupby(months, lambda month: month.first.year):
        by_month = {month.first.month: month for month in group}
        in_order = tuple(by_month.get(number) for number in range(1, 13))
        years.append(TopicYear(year=year, months=in_order, count=sum(month.count for month in by_month.values())))
    return tuple(years)


def _related(edition: Catalog, slug: str) -> tuple[TopicLink, ...]:
    """Find the topics that share most entries with one, counted by those."""
    entries: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for date, mention in edition.mentions(slug):
        places = frozenset(mention.positions)
        for other, its in edition.summaries[date].mentions.items():
            if not places.isdisjoint(its.positions):
                entries[other] += len(places.intersection(its.positions))
                days[other] += 1
    del entries[slug]
    closest = sorted(entries, key=lambda other: (-entries[other], other))[:_RELATED]
    return tuple(edition.topic_names[other].counted(entries[other], days[other]) for other in closest)
