"""The whole archive as its pages show it: days, topics, related entries, sources and changes.

A `Catalog` is computed from the summaries of all days. Whole entries are loaded day by day, and
only for pages that are rendered.
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

EntryPosition = tuple[dt.date, int]  # a day, and the position of an entry in it, from 0
DayMentions = tuple[dt.date, TopicMention]
TopicMonths = dict[dt.date, list[DayMentions]]  # days of a topic by the first date of their month, oldest first


class Catalog(Struct, frozen=True, kw_only=True):
    """All days and topics of an archive, with the links between them.

    Attributes:
        config: The archive's configuration.
        code_key: Digest of everything that pages depend on beside the content.
        dates: Dates that have a page, oldest first.
        links: Days as lists show them, by date.
        topics: By slug; likewise `topic_names`, `topic_links` and `months`.
        topic_links: Topics with their counts in the whole archive.
        related: Entries with the same or similar text, by entry key.
        day_cache: All derived data of each day.
    """

    config: Config
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
        """Return the summaries of all days, oldest first."""
        return self.day_cache.summaries

    @property
    def counts(self) -> dict[str, int]:
        """Return the numbers of days, entries and topics."""
        entries = sum(link.count for link in self.links.values())
        return {"days": len(self.links), "entries": entries, "topics": len(self.topics)}

    @property
    def tombstones(self) -> Iterator[tuple[dt.date, Entry]]:
        """Yield all withdrawn and moved entries with their dates."""
        return ((date, entry) for date, summary in self.summaries.items() for entry in summary.tombstones)

    def mentions(self, slug: str) -> list[DayMentions]:
        """Return the days of a topic, oldest first."""
        return list(chain.from_iterable(self.months[slug].values()))

    def newest_first(self, slug: str) -> Iterator[EntryPosition]:
        """Yield the positions of a topic's entries, newest first."""
        return (
            (date, position)
            for date, mention in reversed(self.mentions(slug))
            for position in reversed(mention.positions)
        )

    def entry_link(self, position: EntryPosition) -> EntryLink:
        """Return the link to an entry by its day and its position in it."""
        date, number = position
        summary, name = self.summaries[date], day_name(date, self.config)
        path = f"{name.path}#{summary.anchors[number]}"
        return EntryLink(path=path, day=name, time=summary.times[number])


class SourceUse(Struct, frozen=True, kw_only=True):
    """A saved page, the days with entries from it (oldest first), and the number of these entries."""

    source: SourceView
    days: tuple[DayLink, ...]
    count: int


class ArchiveChange(Struct, frozen=True, kw_only=True):
    """A change of the archive.

    Attributes:
        kind: ingested, corrected, withdrawn or moved.
        at: RFC 3339 in UTC, "" where unknown.
        path: URL of what changed.
        title: A headline, or the title of a page.
        note: The reason of a withdrawal, or the key of the entry moved to.
    """

    kind: str
    at: str
    day: DayLink
    path: str
    title: str
    note: str = ""


def build_catalog(day_cache: DayCache, topics: TopicSet, config: Config, code_key: bytes) -> Catalog:
    """Compute the catalog of an archive; `code_key` is described in `Catalog`."""
    summaries = day_cache.summaries
    links = {date: _day_link(date, summary, config) for date, summary in summaries.items()}
    months = _topic_months(summaries)
    all_topics = dict(topics.declared)
    # A topic that only a withdrawn entry names keeps its page.
    for slug in (*months, *(slug for summary in summaries.values() for slug in summary.topics_of_tombstones)):
        if slug not in all_topics:
            all_topics[slug] = undeclared_topic(slug)
    by_slug = dict(sorted(all_topics.items()))
    names = {slug: topic_name(slug, topics) for slug in by_slug}
    return Catalog(
        config=config,
        code_key=code_key,
        dates=tuple(links),
        links=links,
        topics=by_slug,
        topic_names=names,
        topic_links={slug: _topic_link(names[slug], months.get(slug, {})) for slug in by_slug},
        months={slug: months.get(slug, {}) for slug in by_slug},
        related=_related_links(summaries, config),
        day_cache=day_cache,
    )


def _day_link(date: dt.date, summary: DaySummary, config: Config) -> DayLink:
    name = day_name(date, config)
    count = len(summary.anchors)
    return DayLink(date=date, path=name.path, number=name.number, title=summary.title, count=count)


def _topic_months(summaries: Mapping[dt.date, DaySummary]) -> dict[str, TopicMonths]:
    months: dict[str, TopicMonths] = {}
    for date, summary in summaries.items():
        first = date.replace(day=1)
        for slug, mention in summary.mentions.items():
            months.setdefault(slug, {}).setdefault(first, []).append((date, mention))
    return months


def _topic_link(name: TopicName, months: TopicMonths) -> TopicLink:
    counts = [len(mention.positions) for days in months.values() for _, mention in days]
    return name.with_counts(sum(counts), len(counts))


def _related_links(summaries: Mapping[dt.date, DaySummary], config: Config) -> dict[EntryKey, tuple[EntryLink, ...]]:
    text_hashes = (
        ((date, anchor), text_hash)
        for date, summary in summaries.items()
        for anchor, text_hash in zip(summary.anchors, summary.texts, strict=True)
    )
    pairs = (pair for summary in summaries.values() for pair in summary.similar)
    related = related_entries(text_hashes, pairs)
    times = {date: dict(zip(summaries[date].anchors, summaries[date].times, strict=True)) for date, _ in related}
    return {key: tuple(_related_link(other, times, config) for other in others) for key, others in related.items()}


def _related_link(key: EntryKey, times: Mapping[dt.date, Mapping[str, dt.time | None]], config: Config) -> EntryLink:
    date, anchor = key
    name = day_name(date, config)
    return EntryLink(path=f"{name.path}#{anchor}", day=name, time=times[date][anchor])


def topics_on_days(catalog: Catalog, dates: Iterable[dt.date]) -> tuple[TopicLink, ...]:
    """Return the topics of some days with their counts within these days, most entries first."""
    entries: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for date in dates:
        for slug, mention in catalog.summaries[date].mentions.items():
            entries[slug] += len(mention.positions)
            days[slug] += 1
    busiest = sorted(entries, key=lambda slug: (-entries[slug], slug))
    return tuple(catalog.topic_names[slug].with_counts(entries[slug], days[slug]) for slug in busiest)


def list_sources(catalog: Catalog) -> tuple[SourceUse, ...]:
    """Return every page that the archive was read from once, newest day first."""
    days: dict[SourceView, list[DayLink]] = {}
    counts: Counter[SourceView] = Counter()
    for date, summary in catalog.summaries.items():
        for source, count in zip(summary.sources, summary.entry_counts, strict=True):
            days.setdefault(source, []).append(catalog.links[date])
            counts[source] += count
    uses = [SourceUse(source=source, days=tuple(links), count=counts[source]) for source, links in days.items()]
    return tuple(sorted(uses, key=lambda use: use.days[-1].date, reverse=True))


def list_changes(catalog: Catalog) -> tuple[ArchiveChange, ...]:
    """Return all changes, newest first; those of unknown time are sorted by the date of their entry."""
    changes = (*_ingested_pages(catalog), *_corrected_entries(catalog), *_withdrawn_and_moved_entries(catalog))
    return tuple(sorted(changes, key=_change_order, reverse=True))


def _change_order(change: ArchiveChange) -> tuple[str, str]:
    return change.at or change.day.date.isoformat(), change.path


def _ingested_pages(catalog: Catalog) -> Iterator[ArchiveChange]:
    for use in list_sources(catalog):
        day = use.days[-1]
        at = capture_time_utc(use.source.captured)
        yield ArchiveChange(kind="ingested", at=at, day=day, path=day.path, title=use.source.title)


def _corrected_entries(catalog: Catalog) -> Iterator[ArchiveChange]:
    for date, summary in catalog.summaries.items():
        for entry in summary.corrections:
            day = catalog.links[date]
            yield ArchiveChange(kind="corrected", at=entry.at, day=day, path=entry.path, title=entry.headline)


def _withdrawn_and_moved_entries(catalog: Catalog) -> Iterator[ArchiveChange]:
    for date, entry in catalog.tombstones:
        kind, path = "moved" if entry.moved else "withdrawn", entry_url(date, entry.anchor)
        title = f"{entry.time:%H:%M}" if entry.time is not None else entry.anchor
        note = entry.moved or entry.withdrawn
        yield ArchiveChange(kind=kind, at="", day=catalog.links[date], path=path, title=title, note=note)
