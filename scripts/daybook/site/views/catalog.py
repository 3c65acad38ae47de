"""The archive as a site shows it: days, topics and links, each known before any page is made.

An Edition is what every page is composed from. It is drawn from the summaries of days; whole
entries are looked up day by day, and only for pages that are really made.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from daybook.archive.content import TopicSet
from daybook.archive.similarity import related_entries
from daybook.archive.topics import undeclared_topic
from daybook.core.config import Config
from daybook.core.model import Entry, EntryKey, Topic
from daybook.site.views.day_cache import DayCache, DaySummary, TopicMention
from daybook.site.views.entry_view import capture_time_utc
from daybook.site.views.urls import entry_url
from daybook.site.views.view_models import DayLink, EntryLink, SourceView, TopicLink, TopicName, day_name, topic_name

EntryPosition = tuple[dt.date, int]  # an entry by its day and its place among the day's entries


DayMentions = tuple[dt.date, TopicMention]


TopicMonths = dict[dt.date, list[DayMentions]]  # a topic's days by the first of their month, oldest first


class Catalog(Struct, frozen=True, kw_only=True):
    """All of an archive, ready to be put on pages.

    `makers` is a digest of what pages are made with beside the content. `dates` are those that
    have a page, oldest first; `topics`, their
    names, links and `months` are by slug, the links with the counts of the whole archive.
    """

    settings: Config
    code_key: bytes
    dates: tuple[dt.date, ...]
    links: dict[dt.date, DayLink]
    topics: dict[str, Topic]
    topic_names: dict[str, TopicName]
    topic_links: dict[str, TopicLink]
    months: dict[str, TopicMonths]
    related: dict[EntryKey, tuple[EntryLink, ...]]
    day_cache: DayCache

    @property
    def summaries(self) -> Mapping[dt.date, DaySummary]:
        """Give the days' summaries, oldest first."""
        return self.day_cache.summaries

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

    def newest_first(self, slug: str) -> Iterator[EntryPosition]:
        """Give the places of a topic's entries."""
        return (
            (date, place) for date, mention in reversed(self.mentions(slug)) for place in reversed(mention.positions)
        )

    def entry_link(self, place: EntryPosition) -> EntryLink:
        """Name an entry as other pages do."""
        date, number = place
        summary, name = self.summaries[date], day_name(date, self.settings)
        path = f"{name.path}#{summary.anchors[number]}"
        return EntryLink(path=path, day=name, time=summary.times[number])


def build_catalog(collection: DayCache, topics: TopicSet, settings: Config, makers: bytes) -> Catalog:
    """Link a whole archive."""
    summaries = collection.summaries
    links = {date: _day_link(date, summary, settings) for date, summary in summaries.items()}
    months = _months(summaries)
    known = dict(topics.declared)
    # A topic that only a withdrawn entry named keeps its page.
    for slug in (*months, *(slug for summary in summaries.values() for slug in summary.topics_of_tombstones)):
        if slug not in known:
            known[slug] = undeclared_topic(slug)
    in_order = dict(sorted(known.items()))
    names = {slug: topic_name(slug, topics) for slug in in_order}
    return Catalog(
        settings=settings,
        code_key=makers,
        dates=tuple(links),
        links=links,
        topics=in_order,
        topic_names=names,
        topic_links={slug: _counted(names[slug], months.get(slug, {})) for slug in in_order},
        months={slug: months.get(slug, {}) for slug in in_order},
        related=_linked(summaries, settings),
        day_cache=collection,
    )


def topics_on_days(edition: Catalog, dates: Iterable[dt.date]) -> tuple[TopicLink, ...]:
    """Give the topics of some days, busiest first, with counts within those days."""
    entries: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for date in dates:
        for slug, mention in edition.summaries[date].mentions.items():
            entries[slug] += len(mention.positions)
            days[slug] += 1
    busiest = sorted(entries, key=lambda slug: (-entries[slug], slug))
    return tuple(edition.topic_names[slug].counted(entries[slug], days[slug]) for slug in busiest)


def _counted(name: TopicName, months: TopicMonths) -> TopicLink:
    sizes = [len(mention.positions) for days in months.values() for _, mention in days]
    return name.counted(sum(sizes), len(sizes))


def _day_link(date: dt.date, summary: DaySummary, settings: Config) -> DayLink:
    name = day_name(date, settings)
    count = len(summary.anchors)
    return DayLink(date=date, path=name.path, number=name.number, title=summary.title, count=count)


def _months(summaries: Mapping[dt.date, DaySummary]) -> dict[str, TopicMonths]:
    found: dict[str, TopicMonths] = {}
    for date, summary in summaries.items():
        first = date.replace(day=1)
        for slug, mention in summary.mentions.items():
            found.setdefault(slug, {}).setdefault(first, []).append((date, mention))
    return found


def _linked(summaries: Mapping[dt.date, DaySummary], settings: Config) -> dict[EntryKey, tuple[EntryLink, ...]]:
    digests = (
        ((date, anchor), digest)
        for date, summary in summaries.items()
        for anchor, digest in zip(summary.anchors, summary.texts, strict=True)
    )
    pairs = (pair for summary in summaries.values() for pair in summary.similar)
    linked = related_entries(digests, pairs)
    times = {date: dict(zip(summaries[date].anchors, summaries[date].times, strict=True)) for date, _ in linked}
    return {key: tuple(_link(other, times, settings) for other in others) for key, others in linked.items()}


def _link(key: EntryKey, times: Mapping[dt.date, Mapping[str, dt.time | None]], settings: Config) -> EntryLink:
    date, anchor = key
    name = day_name(date, settings)
    return EntryLink(path=f"{name.path}#{anchor}", day=name, time=times[date][anchor])


class SourceUse(Struct, frozen=True, kw_only=True):
    """A saved page, the days that hold entries of it (oldest first), and how many those are."""

    source: SourceView
    days: tuple[DayLink, ...]
    count: int


class ArchiveChange(Struct, frozen=True, kw_only=True):
    """One event of the archive: `kind` is ingested, corrected, withdrawn or moved.

    `at` is RFC 3339 in UTC, "" where it is not known; `path` leads to what changed; `title`
    is a headline or a page's title, `note` a withdrawal's reason or the address moved to.
    """

    kind: str
    at: str
    day: DayLink
    path: str
    title: str
    note: str = ""


def list_sources(edition: Catalog) -> tuple[SourceUse, ...]:
    """Give every page the archive was read from, newest day first, each once."""
    days: dict[SourceView, list[DayLink]] = {}
    counts: Counter[SourceView] = Counter()
    for date, summary in edition.summaries.items():
        for source, count in zip(summary.sources, summary.entry_counts, strict=True):
            days.setdefault(source, []).append(edition.links[date])
            counts[source] += count
    pages = [SourceUse(source=page, days=tuple(held), count=counts[page]) for page, held in days.items()]
    return tuple(sorted(pages, key=lambda page: page.days[-1].date, reverse=True))


def list_changes(edition: Catalog) -> tuple[ArchiveChange, ...]:
    """Give all events, the newest first; those without a time stand by their day."""
    found = (*_ingested(edition), *_corrected(edition), *_buried(edition))
    return tuple(sorted(found, key=_place, reverse=True))


def _place(change: ArchiveChange) -> tuple[str, str]:
    return change.at or change.day.date.isoformat(), change.path


def _ingested(edition: Catalog) -> Iterator[ArchiveChange]:
    for page in list_sources(edition):
        day = page.days[-1]
        at = capture_time_utc(page.source.captured)
        yield ArchiveChange(kind="ingested", at=at, day=day, path=day.path, title=page.source.title)


def _corrected(edition: Catalog) -> Iterator[ArchiveChange]:
    for date, summary in edition.summaries.items():
        for entry in summary.corrections:
            day = edition.links[date]
            yield ArchiveChange(kind="corrected", at=entry.at, day=day, path=entry.path, title=entry.headline)


def _buried(edition: Catalog) -> Iterator[ArchiveChange]:
    for date, entry in edition.tombstones:
        kind, path = "moved" if entry.moved else "withdrawn", entry_url(date, entry.anchor)
        title = f"{entry.time:%H:%M}" if entry.time is not None else entry.anchor
        note = entry.moved or entry.withdrawn
        yield ArchiveChange(kind=kind, at="", day=edition.links[date], path=path, title=title, note=note)
