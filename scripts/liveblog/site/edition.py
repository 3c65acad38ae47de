"""The archive as a site shows it: days, topics and links, each known before any page is made.

An Edition is what every page is composed from. It is drawn from the summaries of days; whole
entries are looked up day by day, and only for pages that are really made.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from ..archive import Topics
from ..links import linked_entries
from ..model import Entry, EntryKey, Topic
from ..settings import Settings
from ..topics import undeclared_topic
from .collection import Collection
from .day_parts import Mention, Summary
from .names import day_name, topic_name
from .views import DayLink, EntryLink, TopicLink, TopicName

Place = tuple[dt.date, int]  # an entry by its day and its place among the day's entries
DayMentions = tuple[dt.date, Mention]
Months = dict[dt.date, list[DayMentions]]  # a topic's days by the first of their month, oldest first


class Edition(Struct, frozen=True, kw_only=True):
    """All of an archive, ready to be put on pages.

    `makers` is a digest of what pages are made with beside the content. `dates` are those that
    have a page, oldest first; `topics`, their
    names, links and `months` are by slug, the links with the counts of the whole archive.
    """

    settings: Settings
    makers: bytes
    dates: tuple[dt.date, ...]
    links: dict[dt.date, DayLink]
    topics: dict[str, Topic]
    topic_names: dict[str, TopicName]
    topic_links: dict[str, TopicLink]
    months: dict[str, Months]
    linked: dict[EntryKey, tuple[EntryLink, ...]]
    collection: Collection

    @property
    def summaries(self) -> Mapping[dt.date, Summary]:
        """Give the days' summaries, oldest first."""
        return self.collection.summaries

    @property
    def counts(self) -> dict[str, int]:
        """Count what the archive holds: days, entries, topics."""
        entries = sum(link.count for link in self.links.values())
        return {"days": len(self.links), "entries": entries, "topics": len(self.topics)}

    @property
    def tombstones(self) -> Iterator[tuple[dt.date, Entry]]:
        """Give all tombstones with their dates."""
        return ((date, entry) for date, summary in self.summaries.items() for entry in summary.tombstones)

    def mentions(self, slug: str) -> list[DayMentions]:
        """Give the days of a topic, oldest first."""
        return list(chain.from_iterable(self.months[slug].values()))

    def newest_first(self, slug: str) -> Iterator[Place]:
        """Give the places of a topic's entries."""
        return ((date, place) for date, mention in reversed(self.mentions(slug)) for place in reversed(mention.places))

    def entry_link(self, place: Place) -> EntryLink:
        """Name an entry as other pages do."""
        date, number = place
        summary, name = self.summaries[date], day_name(date, self.settings)
        path = f"{name.path}#{summary.anchors[number]}"
        return EntryLink(path=path, day=name, time=summary.times[number])


def make_edition(collection: Collection, topics: Topics, settings: Settings, makers: bytes) -> Edition:
    """Link a whole archive."""
    summaries = collection.summaries
    links = {date: _day_link(date, summary, settings) for date, summary in summaries.items()}
    months = _months(summaries)
    known = dict(topics.declared)
    # A topic that only a withdrawn entry named keeps its page.
    for slug in (*months, *(slug for summary in summaries.values() for slug in summary.buried)):
        if slug not in known:
            known[slug] = undeclared_topic(slug)
    in_order = dict(sorted(known.items()))
    names = {slug: topic_name(slug, topics) for slug in in_order}
    return Edition(
        settings=settings,
        makers=makers,
        dates=tuple(links),
        links=links,
        topics=in_order,
        topic_names=names,
        topic_links={slug: _counted(names[slug], months.get(slug, {})) for slug in in_order},
        months={slug: months.get(slug, {}) for slug in in_order},
        linked=_linked(summaries, settings),
        collection=collection,
    )


def topics_in(edition: Edition, dates: Iterable[dt.date]) -> tuple[TopicLink, ...]:
    """Give the topics of some days, busiest first, with counts within those days."""
    entries: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for date in dates:
        for slug, mention in edition.summaries[date].mentions.items():
            entries[slug] += len(mention.places)
            days[slug] += 1
    busiest = sorted(entries, key=lambda slug: (-entries[slug], slug))
    return tuple(edition.topic_names[slug].counted(entries[slug], days[slug]) for slug in busiest)


def _counted(name: TopicName, months: Months) -> TopicLink:
    sizes = [len(mention.places) for days in months.values() for _, mention in days]
    return name.counted(sum(sizes), len(sizes))


def _day_link(date: dt.date, summary: Summary, settings: Settings) -> DayLink:
    name = day_name(date, settings)
    count = len(summary.anchors)
    return DayLink(date=date, path=name.path, number=name.number, title=summary.title, count=count)


def _months(summaries: Mapping[dt.date, Summary]) -> dict[str, Months]:
    found: dict[str, Months] = {}
    for date, summary in summaries.items():
        first = date.replace(day=1)
        for slug, mention in summary.mentions.items():
            found.setdefault(slug, {}).setdefault(first, []).append((date, mention))
    return found


def _linked(summaries: Mapping[dt.date, Summary], settings: Settings) -> dict[EntryKey, tuple[EntryLink, ...]]:
    digests = (
        ((date, anchor), digest)
        for date, summary in summaries.items()
        for anchor, digest in zip(summary.anchors, summary.texts, strict=True)
    )
    pairs = (pair for summary in summaries.values() for pair in summary.similar)
    linked = linked_entries(digests, pairs)
    times = {date: dict(zip(summaries[date].anchors, summaries[date].times, strict=True)) for date, _ in linked}
    return {key: tuple(_link(other, times, settings) for other in others) for key, others in linked.items()}


def _link(key: EntryKey, times: Mapping[dt.date, Mapping[str, dt.time | None]], settings: Settings) -> EntryLink:
    date, anchor = key
    name = day_name(date, settings)
    return EntryLink(path=f"{name.path}#{anchor}", day=name, time=times[date][anchor])
