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
from daybook.archive.turning_points import TurningPoint
from daybook.core.config import Config
from daybook.core.model import Entry, EntryKey, Topic
from daybook.site.views.day_cache import DayCache, DaySummary, TopicMention
from daybook.site.views.entry_view import capture_time_utc, has_page
from daybook.site.views.story_views import StoryIndex
from daybook.site.views.view_models import DayLink, EntryLink, SourceView, TopicLink, TopicName, day_name, topic_name

EntryPosition = tuple[dt.date, int]  # a day, and the position of an entry in it, from 0
DayMentions = tuple[dt.date, TopicMention]
TopicMonths = dict[dt.date, list[DayMentions]]  # days of a topic by the first date of their month, oldest first


class Catalog(Struct, frozen=True, kw_only=True):
    """All days and topics of an archive, with the links between them."""

    config: Config
    code_key: bytes  # digest of code, first day and time zones, which all days depend on
    dates: tuple[dt.date, ...]  # dates that have a page, oldest first
    entry_page_dates: tuple[dt.date, ...]  # those with an entry that has a page of its own
    links: dict[dt.date, DayLink]  # days as lists show them
    topics: dict[str, Topic]  # by slug, as the following three
    topic_names: dict[str, TopicName]
    topic_links: dict[str, TopicLink]  # with counts in the whole archive
    months: dict[str, TopicMonths]
    related: dict[EntryKey, tuple[EntryLink, ...]]  # entries with the same or similar text
    day_cache: DayCache  # all derived data of each day
    first_weekday: int  # of calendars, 0 for Monday
    outlet_marks: dict[str, int]  # by name, in the order in which outlets first appear, from 1
    turning_points: tuple[TurningPoint, ...] = ()  # as a person wrote them, in order of time
    stories: StoryIndex = StoryIndex()

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
        for date, mention in reversed(self.mentions(slug)):
            yield from ((date, position) for position in reversed(mention.positions))

    def entry_link(self, position: EntryPosition) -> EntryLink:
        """Return the link to an entry by its day and its position in it."""
        date, number = position
        return _entry_link(date, self.summaries[date], number, self.config)


class SourceUse(Struct, frozen=True, kw_only=True):
    """A saved page, the days with entries from it (oldest first), and the number of these entries."""

    source: SourceView
    days: tuple[DayLink, ...]
    count: int


class ArchiveChange(Struct, frozen=True, kw_only=True):
    """A change of the archive."""

    kind: str  # ingested, corrected, withdrawn or moved
    at: str  # RFC 3339 in UTC, "" where unknown
    day: DayLink
    path: str  # URL of what changed
    title: str  # a headline, or the title of a page
    note: str = ""  # the reason of a withdrawal, or the key of the entry moved to
    outlet: str = ""  # of a page that was added


def build_catalog(
    day_cache: DayCache,
    topics: TopicSet,
    config: Config,
    code_key: bytes,
    first_weekday: int = 0,
) -> Catalog:
    """Compute the catalog of an archive; weeks begin on `first_weekday`, 0 for Monday."""
    links: dict[dt.date, DayLink] = {}
    months: dict[str, TopicMonths] = {}
    slugs = set(topics.declared)
    for date, summary in day_cache.summaries.items():
        name, count = day_name(date, config), len(summary.anchors)
        links[date] = DayLink(
            date=date,
            path=name.path,
            number=name.number,
            title=summary.title,
            count=count,
            headline=summary.headline.text,
            headline_lang=summary.headline.lang,
            chosen=summary.headline.chosen,
            main=summary.main,
        )
        for slug, mention in summary.mentions.items():
            months.setdefault(slug, {}).setdefault(date.replace(day=1), []).append((date, mention))
        # A topic that only a withdrawn entry names keeps its page.
        slugs.update(summary.mentions, summary.topics_of_tombstones)
    names = {slug: topic_name(slug, topics) for slug in sorted(slugs)}
    topic_links = {}
    for slug, topic in names.items():
        counts = [len(mention.positions) for days in months.setdefault(slug, {}).values() for _, mention in days]
        topic_links[slug] = topic.with_counts(sum(counts), len(counts))
    return Catalog(
        config=config,
        code_key=code_key,
        dates=tuple(links),
        entry_page_dates=_entry_page_dates(day_cache.summaries, config),
        links=links,
        topics={slug: topics.declared.get(slug) or undeclared_topic(slug) for slug in names},
        topic_names=names,
        topic_links=topic_links,
        months={slug: months[slug] for slug in names},
        related=_related_links(day_cache.summaries, config),
        day_cache=day_cache,
        first_weekday=first_weekday,
        outlet_marks=_outlet_marks(day_cache.summaries),
    )


def _entry_page_dates(summaries: Mapping[dt.date, DaySummary], config: Config) -> tuple[dt.date, ...]:
    found = summaries.items() if config.entry_pages != "none" else ()
    return tuple(date for date, summary in found if any(has_page(each.key, config) for each in summary.entry_headlines))


def _outlet_marks(summaries: Mapping[dt.date, DaySummary]) -> dict[str, int]:
    names = (name for summary in summaries.values() for name in summary.outlets if name)
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _related_links(summaries: Mapping[dt.date, DaySummary], config: Config) -> dict[EntryKey, tuple[EntryLink, ...]]:
    text_hashes = (
        ((date, anchor), text_hash)
        for date, summary in summaries.items()
        for anchor, text_hash in zip(summary.anchors, summary.texts, strict=True)
    )
    related = related_entries(text_hashes, (pair for summary in summaries.values() for pair in summary.similar))
    numbers = {date: {anchor: i for i, anchor in enumerate(summaries[date].anchors)} for date, _ in related}
    return {
        key: tuple(_entry_link(date, summaries[date], numbers[date][anchor], config) for date, anchor in others)
        for key, others in related.items()
    }


def _entry_link(date: dt.date, summary: DaySummary, number: int, config: Config) -> EntryLink:
    name = day_name(date, config)
    return EntryLink(
        path=f"{name.path}#{summary.anchors[number]}",
        day=name,
        time=summary.times[number],
        headline=summary.headlines[number],
        lang=summary.langs[number],
        outlet=summary.outlets[number],
    )


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
    changes = list(_changes(catalog))
    changes.sort(key=lambda change: (change.at or change.day.date.isoformat(), change.path), reverse=True)
    return tuple(changes)


def _changes(catalog: Catalog) -> Iterator[ArchiveChange]:
    for use in list_sources(catalog):
        day, at = use.days[-1], capture_time_utc(use.source.captured)
        source = use.source
        yield ArchiveChange(kind="ingested", at=at, day=day, path=day.path, title=source.title, outlet=source.outlet)
    for date, summary in catalog.summaries.items():
        day = catalog.links[date]
        for correction in summary.corrections:
            path, at, title = correction.path, correction.at, correction.headline
            yield ArchiveChange(kind="corrected", at=at, day=day, path=path, title=title)
        for entry in summary.tombstones:
            kind, note = ("moved", entry.moved) if entry.moved else ("withdrawn", entry.withdrawn)
            path, title = f"{day.path}#{entry.anchor}", f"{entry.time:%H:%M}" if entry.time else entry.anchor
            yield ArchiveChange(kind=kind, at="", day=day, path=path, title=title, note=note)
