"""Edition → TopicView and TopicMonth: one topic's entries, newest first everywhere."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup

from ..markup import render
from .addresses import topic_month_path
from .edition import Edition
from .views import EntriesOfDay, EntryView, TopicLink, TopicMonth, TopicView

_NEWEST = 50
_RELATED = 8


def topic_view(edition: Edition, slug: str) -> TopicView:
    """Compose a topic's own page; its months carry counts, not entries."""
    topic, entries = edition.topics[slug], edition.mentions[slug]
    newest_first = entries[::-1]
    return TopicView(
        link=edition.topic_links[slug],
        aliases=topic.aliases,
        declared=topic.declared,
        introduction=Markup(render(topic.introduction)),
        newest=by_day(newest_first[:_NEWEST]),
        months=tuple(
            TopicMonth(first=first, path=topic_month_path(slug, first), count=len(tuple(group)))
            for first, group in groupby(newest_first, _month_of)
        ),
        first=entries[0].day if entries else None,
        last=entries[-1].day if entries else None,
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
        EntriesOfDay(day=day, entries=tuple(group))
        for day, group in groupby(entries, lambda entry: entry.day)
    )


def _related(edition: Edition, slug: str) -> tuple[TopicLink, ...]:
    together = Counter(topic.slug for entry in edition.mentions[slug] for topic in entry.topics)
    together.pop(slug, None)
    closest = sorted(together.items(), key=lambda pair: (-pair[1], pair[0]))[:_RELATED]
    return tuple(edition.topic_links[other] for other, _ in closest)


def _month_of(entry: EntryView) -> dt.date:
    return entry.day.date.replace(day=1)
