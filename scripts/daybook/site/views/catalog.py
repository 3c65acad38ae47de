"""The whole archive as its pages show it: days, topics, related entries, sources and changes.

A `Catalog` is computed from the summaries of all months. Days and entries are loaded day by day, and
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
from daybook.site.views.day_cache import DayCache
from daybook.site.views.entry_view import capture_time_utc, has_page
from daybook.site.views.story_views import StoryIndex
from daybook.site.views.summaries import DaySummary, MonthDay, MonthSummary, MonthTopic, TopicDay
from daybook.site.views.view_models import DayLink, EntryLink, SourceView, TopicLink, TopicName, day_name, topic_name

EntryPosition = tuple[dt.date, int]  # a day, and the position of an entry in it, from 0
TopicMonths = dict[dt.date, MonthTopic]  # a topic by the first date of a month, oldest first


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
    related: dict[EntryKey, tuple[EntryKey, ...]]  # entries with the same or similar text
    day_cache: DayCache  # all derived data of each day
    first_weekday: int  # of calendars, 0 for Monday
    outlet_marks: dict[str, int]  # by name, in the order in which outlets first appear, from 1
    turning_points: tuple[TurningPoint, ...] = ()  # as a person wrote them, in order of time
    stories: StoryIndex = StoryIndex()

    @property
    def month_summaries(self) -> Mapping[dt.date, MonthSummary]:
        """Return the summaries of all months by their first date, oldest first."""
        return self.day_cache.months

    def summary(self, date: dt.date) -> DaySummary:
        """Return the summary of a day; it is read from the cache."""
        return self.day_cache.summary(date)

    @property
    def counts(self) -> dict[str, int]:
        """Return the numbers of days, entries and topics."""
        entries = sum(link.count for link in self.links.values())
        return {"days": len(self.links), "entries": entries, "topics": len(self.topics)}

    @property
    def tombstones(self) -> Iterator[tuple[dt.date, Entry]]:
        """Yield all withdrawn and moved entries with their dates."""
        return chain.from_iterable(month.tombstones for month in self.month_summaries.values())

    @property
    def entry_keys(self) -> Iterator[EntryKey]:
        """Yield the keys of all entries, in order of time."""
        days = chain.from_iterable(month.days for month in self.month_summaries.values())
        return ((day.date, anchor) for day in days for anchor in day.anchors.split())

    def topic_days(self, slug: str) -> list[TopicDay]:
        """Return the days of a topic, oldest first."""
        return [day for month in self.months[slug].values() for day in month.details.days]

    def newest_first(self, slug: str) -> Iterator[EntryPosition]:
        """Yield the positions of a topic's entries, newest first."""
        for month in reversed(self.months[slug].values()):
            for day in reversed(month.details.days):
                yield from ((day.date, position) for position in reversed(day.positions))

    def entry_link(self, position: EntryPosition) -> EntryLink:
        """Return the link to an entry by its day and its position in it."""
        date, number = position
        return _entry_link(date, self.summary(date), number, self.config)

    def related_links(self, key: EntryKey) -> tuple[EntryLink, ...]:
        """Return links to the entries with the same or similar text as one."""
        others = ((date, self.summary(date).anchors.index(anchor)) for date, anchor in self.related.get(key, ()))
        return tuple(map(self.entry_link, others))


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
    summaries = day_cache.months
    links = {day.date: _day_link(day, config) for month in summaries.values() for day in month.days}
    months: dict[str, TopicMonths] = {}
    slugs = set(topics.declared)
    for first, month in summaries.items():
        for slug, topic in month.topics.items():
            months.setdefault(slug, {})[first] = topic
        # A topic that only a withdrawn entry names keeps its page.
        slugs.update(month.topics, month.topics_of_tombstones)
    names = {slug: topic_name(slug, topics) for slug in sorted(slugs)}
    topic_links = {}
    for slug, name in names.items():
        found = months.setdefault(slug, {}).values()
        topic_links[slug] = name.with_counts(sum(each.entries for each in found), sum(each.days for each in found))
    return Catalog(
        config=config,
        code_key=code_key,
        dates=tuple(links),
        entry_page_dates=_entry_page_dates(summaries, config),
        links=links,
        topics={slug: topics.declared.get(slug) or undeclared_topic(slug) for slug in names},
        topic_names=names,
        topic_links=topic_links,
        months={slug: months[slug] for slug in names},
        related=_related_entries(summaries),
        day_cache=day_cache,
        first_weekday=first_weekday,
        outlet_marks=_outlet_marks(summaries),
    )


def _day_link(day: MonthDay, config: Config) -> DayLink:
    name = day_name(day.date, config)
    return DayLink(
        date=day.date,
        path=name.path,
        number=name.number,
        title=day.title,
        count=len(day.anchors.split()),
        headline=day.headline.text,
        headline_lang=day.headline.lang,
        chosen=day.headline.chosen,
        main=day.main,
    )


def _entry_page_dates(summaries: Mapping[dt.date, MonthSummary], config: Config) -> tuple[dt.date, ...]:
    days = chain.from_iterable(month.days for month in summaries.values())
    return tuple(day.date for day in days if day.anchors and has_page(day.has_key_entry, config))


def _outlet_marks(summaries: Mapping[dt.date, MonthSummary]) -> dict[str, int]:
    names = chain.from_iterable(month.outlets for month in summaries.values())
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _related_entries(summaries: Mapping[dt.date, MonthSummary]) -> dict[EntryKey, tuple[EntryKey, ...]]:
    seen: set[int] = set()
    repeated: set[int] = set()  # hashes of texts that several entries have
    for month in summaries.values():
        texts = memoryview(month.texts).cast("Q")
        own = set(texts)
        repeated |= seen & own
        if len(own) < len(texts):
            repeated.update(text for text, count in Counter(texts).items() if count > 1)
        seen |= own
    texts_of = chain.from_iterable(month.equal_texts(repeated) for month in summaries.values())
    return related_entries(texts_of, chain.from_iterable(month.similar for month in summaries.values()))


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
    mentions = (catalog.summary(date).mentions for date in dates)
    return _most_entries(catalog, ((slug, len(found.positions), 1) for day in mentions for slug, found in day.items()))


def topics_in_months(catalog: Catalog, months: Iterable[dt.date]) -> tuple[TopicLink, ...]:
    """Return the topics of some months, given by their first dates, as `topics_on_days` does."""
    topics = chain.from_iterable(catalog.month_summaries[first].topics.items() for first in months)
    return _most_entries(catalog, ((slug, found.entries, found.days) for slug, found in topics))


def _most_entries(catalog: Catalog, counted: Iterable[tuple[str, int, int]]) -> tuple[TopicLink, ...]:
    entries: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for slug, entry_count, day_count in counted:
        entries[slug] += entry_count
        days[slug] += day_count
    busiest = sorted(entries, key=lambda slug: (-entries[slug], slug))
    return tuple(catalog.topic_names[slug].with_counts(entries[slug], days[slug]) for slug in busiest)


def list_sources(catalog: Catalog) -> tuple[SourceUse, ...]:
    """Return every page that the archive was read from once, newest day first."""
    days: dict[SourceView, list[DayLink]] = {}
    counts: Counter[SourceView] = Counter()
    for date, source, count in chain.from_iterable(month.sources for month in catalog.month_summaries.values()):
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
    for date, correction in chain.from_iterable(month.corrections for month in catalog.month_summaries.values()):
        path, at, title = correction.path, correction.at, correction.headline
        yield ArchiveChange(kind="corrected", at=at, day=catalog.links[date], path=path, title=title)
    for date, entry in catalog.tombstones:
        day = catalog.links[date]
        kind, note = ("moved", entry.moved) if entry.moved else ("withdrawn", entry.withdrawn)
        path, title = f"{day.path}#{entry.anchor}", f"{entry.time:%H:%M}" if entry.time else entry.anchor
        yield ArchiveChange(kind=kind, at="", day=day, path=path, title=title, note=note)
