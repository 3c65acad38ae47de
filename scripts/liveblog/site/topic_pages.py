"""Edition → TopicView and TopicMonth: one topic's entries, newest first everywhere."""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup

from ..markup import render
from .addresses import topic_month_path
from .edition import Edition
from .overviews import EntriesOfDay, TopicMonth, TopicView, TopicYear
from .views import EntryView, TopicLink

_NEWEST = 50
_RELATED = 8


def topic_view(edition: Edition, slug: str) -> TopicView:
    """Compose a topic's own page; its months carry counts, not entries."""
    topic, entries = edition.topics[slug], edition.mentions[slug]
    newest_first = entries[::-1]
    months = _months(slug, newest_first)
    return TopicView(
        link=edition.topic_links[slug],
        aliases=topic.aliases,
        declared=topic.declared,
        introduction=Markup(render(topic.introduction)),
        newest=by_day(newest_first[:_NEWEST]),
        months=months,
        years=_years(months),
        first=entries[0] if entries else None,
        last=entries[-1] if entries else None,
        related=_related(edition, slug),
    )


def topic_month_views(edition: Edition, slug: str) -> Iterable[TopicMonth]:
    """Compose a topic's months one by one with all their entries, newest month first."""
    for first, group in groupby(edition.mentions[slug][::-1], _month_of):
        entries = tuple(group)
        path = topic_month_path(slug, first)
        yield TopicMonth(first=first, path=path, count=len(entries), groups=by_day(entries))


def by_day(entries: Iterable[EntryView]) -> tuple[EntriesOfDay, ...]:
    """Group neighbouring entries of the same day, in the order given."""
    return tuple(
        EntriesOfDay(day=day, entries=tuple(group)) for day, group in groupby(entries, lambda entry: entry.day)
    )


def alphabet(links: Iterable[TopicLink]) -> tuple[tuple[str, tuple[TopicLink, ...]], ...]:
    """Group topics under the letter their name begins with, marks on letters set aside."""
    by_name = sorted(links, key=lambda link: (_plain(link.name), link.slug))
    return tuple((letter, tuple(group)) for letter, group in groupby(by_name, lambda link: _plain(link.name)[:1]))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).upper()


def _months(slug: str, newest_first: tuple[EntryView, ...]) -> tuple[TopicMonth, ...]:
    counts = Counter(_month_of(entry) for entry in newest_first)
    most = max(counts.values(), default=0)
    return tuple(
        TopicMonth(first=first, path=topic_month_path(slug, first), count=count, level=-(-4 * count // most))
        for first, count in counts.items()
    )


def _years(months: tuple[TopicMonth, ...]) -> tuple[TopicYear, ...]:
    years = []
    for year, group in groupby(months, lambda month: month.first.year):
        by_month = {month.first.month: month for month in group}
        in_order = tuple(by_month.get(number) for number in range(1, 13))
        years.append(TopicYear(year=year, months=in_order, count=sum(month.count for month in by_month.values())))
    return tuple(years)


def _related(edition: Edition, slug: str) -> tuple[TopicLink, ...]:
    together = Counter(topic.slug for entry in edition.mentions[slug] for topic in entry.topics)
    together.pop(slug, None)
    closest = sorted(together.items(), key=lambda pair: (-pair[1], pair[0]))[:_RELATED]
    return tuple(edition.topic_links[other] for other, _ in closest)


def _month_of(entry: EntryView) -> dt.date:
    return entry.day.date.replace(day=1)
