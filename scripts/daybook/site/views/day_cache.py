"""Cache of the data that a build derives from each day, so that no unchanged day is read or rendered twice.

All `DayParts` of a day are computed together, in one pass over its entries, and loaded one by
one: most pages need only summaries, topic pages need excerpts, feeds items, downloads rows.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup
from msgspec import Struct

from daybook.archive.content import DayFile, TopicSet, read_day_with_lines
from daybook.archive.dataset import DatasetRow, dump_csv, dump_jsonl
from daybook.archive.merge import carrying_sources
from daybook.archive.similarity import EntryPair, IndexedDay, exact_text_hash, index_day, similar_pairs
from daybook.archive.topics import entry_topics
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest
from daybook.core.markdown import plain_text
from daybook.core.model import Day, Entry, EntryKey, without_tombstones
from daybook.core.record import PageSource
from daybook.incremental.cache import BuildCache
from daybook.incremental.workers import run_jobs
from daybook.site.views.entry_view import EntryContext, capture_time_utc, entry_view, source_view
from daybook.site.views.feed_formats import FeedItem, feed_item
from daybook.site.views.urls import SiteIdentity
from daybook.site.views.view_models import EntryView, SourceView, day_name, topic_name

_ONE_DAY = dt.timedelta(days=1)
# Days of one worker job. Consecutive days share the index that finds similar entries of neighbouring days.
_DAYS_PER_JOB = 16


class DayWithTexts(Struct, frozen=True, array_like=True):
    """A day as read from its file, tombstones included, and the plain text of each other entry.

    `lines` are the line numbers of the entries' headings in the file, by anchor.
    """

    day: Day
    texts: tuple[str, ...]
    lines: dict[str, int]


class TopicMention(Struct, frozen=True, array_like=True):
    """The positions of a day's entries that have one topic, and a digest of their displayed form."""

    positions: tuple[int, ...]
    digest: bytes


class Correction(Struct, frozen=True, array_like=True):
    """An entry that a later capture corrected: its URL, the time (RFC 3339 in UTC or "") and its headline."""

    path: str
    at: str
    headline: str


class DaySummary(Struct, frozen=True, array_like=True):
    """What pages of other days need of a day. Tuples without a comment are parallel to its entries.

    Entries are counted without tombstones, from 0.
    """

    title: str
    anchors: tuple[str, ...]
    times: tuple[dt.time | None, ...]
    texts: tuple[bytes, ...]  # hashes
    similar: tuple[EntryPair, ...]  # pairs within the day and with the day before
    mentions: dict[str, TopicMention]  # by topic slug
    sources: tuple[SourceView, ...]  # of the day
    entry_counts: tuple[int, ...]  # entries of each source
    corrections: tuple[Correction, ...]  # of corrected entries
    tombstones: tuple[Entry, ...]  # withdrawn and moved entries
    topics_of_tombstones: tuple[str, ...]  # slugs


class DayParts(NamedTuple):
    """All data derived from a day."""

    summary: DaySummary
    views: tuple[EntryView, ...]
    excerpts: tuple[str, ...]  # HTML of each entry in lists of other pages
    items: tuple[FeedItem, ...]
    rows: tuple[bytes, bytes]  # JSON Lines, CSV


PART_TYPES: dict[str, Any] = {
    "summary": DaySummary,
    "views": tuple[EntryView, ...],
    "excerpts": tuple[str, ...],
    "items": tuple[FeedItem, ...],
    "rows": tuple[bytes, bytes],
}

# Markup is stored as a string: a decoded view gets Markup again wherever its type says so.
_encoder = msgspec.msgpack.Encoder(enc_hook=str)
_decoders = {
    name: msgspec.msgpack.Decoder(kind, dec_hook=lambda kind, text: Markup(text)) for name, kind in PART_TYPES.items()
}


class RenderContext(Struct, frozen=True):
    """What parts depend on beside the day; `excerpts` renders entries with the theme's template."""

    config: Config
    topics: TopicSet
    identity: SiteIdentity
    excerpts: Callable[[Sequence[EntryView]], tuple[str, ...]]


class DayCache:
    """The days of an archive and their parts, loaded from the build cache or computed.

    `keys` has a digest by date of everything that a day's parts are computed from, `summaries`
    the summary of each day, oldest first.
    """

    def __init__(
        self, files: Sequence[DayFile], context: RenderContext, cache: BuildCache, code_keys: tuple[bytes, bytes]
    ) -> None:
        """Compute all parts that the cache lacks.

        Args:
            files: All day files, oldest first.
            context: What parts depend on beside the day.
            cache: Holds days and their parts.
            code_keys: Two digests: of the code that reads days, and of all that their parts
                depend on (code, settings, topics, theme).

        Raises:
            ArchiveError: for the first mistake in any day.
        """
        self._files = {file.date: file for file in files}
        self._context, self._cache = context, cache
        read_key, parts_key = code_keys
        self._read_keys = {date: digest(read_key, date, file.digest) for date, file in self._files.items()}
        # A day's parts also depend on the day before: similar entries, and the previous evening on its page.
        before = {date + _ONE_DAY: key for date, key in self._read_keys.items() if date < dt.date.max}
        self.keys = {date: digest(parts_key, key, before.get(date, b"")) for date, key in self._read_keys.items()}
        # Bounds on memory: jobs and pages visit days in order, topic pages a month at a time.
        self._shingle_index = lru_cache(2)(self._index_texts)
        self._read = lru_cache(4)(self._read_day)
        self._recent = {name: lru_cache(64)(partial(self._load_part, name)) for name in PART_TYPES}
        self.summaries: dict[dt.date, DaySummary] = self._load_summaries()

    def day(self, date: dt.date) -> Day:
        """Return a day as read from its file, tombstones included."""
        return self._read(date).day

    def lines(self, date: dt.date) -> dict[str, int]:
        """Return the line numbers of a day's entries in its file, by anchor."""
        return self._read(date).lines

    def views(self, date: dt.date) -> tuple[EntryView, ...]:
        """Return the entries of a day as its page shows them."""
        views: tuple[EntryView, ...] = self._recent["views"](date)
        return views

    def excerpts(self, date: dt.date) -> tuple[str, ...]:
        """Return the entries of a day as HTML for lists of other pages."""
        excerpts: tuple[str, ...] = self._recent["excerpts"](date)
        return excerpts

    def items(self, date: dt.date) -> tuple[FeedItem, ...]:
        """Return the entries of a day as feed items."""
        items: tuple[FeedItem, ...] = self._recent["items"](date)
        return items

    def rows(self, date: dt.date) -> tuple[bytes, bytes]:
        """Return the dataset rows of a day, as JSON Lines and as CSV."""
        rows: tuple[bytes, bytes] = self._recent["rows"](date)
        return rows

    def _load_summaries(self) -> dict[dt.date, DaySummary]:
        summaries: dict[dt.date, DaySummary] = {}
        self._cache.touch(self._read_keys.values())
        for date, key in self.keys.items():
            self._cache.touch(_part_key(part, key) for part in PART_TYPES)
            stored = self._cache.get(_part_key("summary", key))
            with suppress(msgspec.DecodeError):
                summaries[date] = load_part("summary", stored or b"")
        missing = [date for date in self._files if date not in summaries]
        jobs = [missing[start : start + _DAYS_PER_JOB] for start in range(0, len(missing), _DAYS_PER_JOB)]
        for _, result in run_jobs([partial(self._compute_days, job) for job in jobs], min_jobs_per_process=4):
            for date, rows in msgspec.msgpack.decode(result, type=list[tuple[dt.date, dict[bytes, bytes]]]):
                for key, data in rows.items():
                    self._cache.put(key, data)
                summaries[date] = load_part("summary", rows[_part_key("summary", self.keys[date])])
        self._cache.save()
        return {date: summaries[date] for date in self._files}

    def _compute_days(self, dates: Sequence[dt.date]) -> bytes:
        """Compute the parts of some days in a worker; return them as rows for the cache."""
        return msgspec.msgpack.encode([(date, dict(self._compute_rows(date))) for date in dates])

    def _compute_rows(self, date: dt.date) -> Iterator[tuple[bytes, bytes]]:
        yield self._read_keys[date], msgspec.msgpack.encode(self._read(date))
        try:
            parts = compute_parts(self._read(date), self._similar(date), self._context)
        except ArchiveError as error:
            raise error.at(self._files[date].path) from None
        for name, part in parts._asdict().items():
            yield _part_key(name, self.keys[date]), dump_part(part)

    def _similar(self, date: dt.date) -> tuple[EntryPair, ...]:
        before = date - _ONE_DAY if date > dt.date.min else None
        return similar_pairs(self._shingle_index(before) if before in self._files else None, self._shingle_index(date))

    def _index_texts(self, date: dt.date) -> IndexedDay:
        return index_day(texts_by_key(self._read(date)))

    def _read_day(self, date: dt.date) -> DayWithTexts:
        file = self._files[date]
        return self._cache.get_or_make(
            self._read_keys[date], DayWithTexts, lambda: with_texts(*read_day_with_lines(file))
        )

    def _load_part(self, name: str, date: dt.date) -> Any:
        stored = self._cache.get(_part_key(name, self.keys[date]))
        with suppress(msgspec.DecodeError):
            return load_part(name, stored or b"")
        # The row is missing or damaged although the summary is there: compute all parts again.
        for key, data in self._compute_rows(date):
            self._cache.put(key, data)
        return load_part(name, self._cache.get(_part_key(name, self.keys[date])) or b"")


def _part_key(part: str, key: bytes) -> bytes:
    return part.encode() + key


def dump_part(part: object) -> bytes:
    """Serialize a part as MessagePack."""
    return _encoder.encode(part)


def load_part(name: str, data: bytes) -> Any:
    """Parse the part with this name.

    Raises:
        msgspec.DecodeError: if the data is not such a part.
    """
    return _decoders[name].decode(data)


def with_texts(day: Day, lines: dict[str, int]) -> DayWithTexts:
    """Return a day with the plain text of its entries, tombstones aside."""
    return DayWithTexts(day, tuple(plain_text(entry.body) for entry in without_tombstones(day).entries), lines)


def texts_by_key(read: DayWithTexts) -> dict[EntryKey, str]:
    """Return the plain texts of a day by entry key."""
    keys = ((read.day.date, entry.anchor) for entry in without_tombstones(read.day).entries)
    return dict(zip(keys, read.texts, strict=True))


def compute_parts(read: DayWithTexts, similar: tuple[EntryPair, ...], context: RenderContext) -> DayParts:
    """Compute the parts of a day; `similar` are its similar entries within the day and the day before.

    Raises:
        ArchiveError: if an entry names a source that the day does not have.
    """
    day = without_tombstones(read.day)
    matcher = context.topics.matcher
    slugs_by_entry = [entry_topics(entry, text, matcher) for entry, text in zip(day.entries, read.texts, strict=True)]
    entry_context = EntryContext(day=day, day_name=day_name(day.date, context.config), config=context.config)
    views = tuple(
        entry_view(entry, text, tuple(topic_name(slug, context.topics) for slug in slugs), entry_context)
        for entry, text, slugs in zip(day.entries, read.texts, slugs_by_entry, strict=True)
    )
    excerpts = context.excerpts(views)
    items = tuple(feed_item(view, context.identity, context.config.zone) for view in views)
    display_digests = [
        digest(view.anchor, view.time, slugs, excerpt, item)
        for view, slugs, excerpt, item in zip(views, slugs_by_entry, excerpts, items, strict=True)
    ]
    rows = tuple(dataset_row(view, entry) for view, entry in zip(views, day.entries, strict=True))
    tombstones = tuple(entry for entry in read.day.entries if entry.is_tombstone)
    summary = DaySummary(
        title=day.title,
        anchors=tuple(view.anchor for view in views),
        times=tuple(view.time for view in views),
        texts=tuple(map(exact_text_hash, read.texts)),
        similar=similar,
        mentions=_topic_mentions(slugs_by_entry, display_digests),
        sources=tuple(source_view(source, context.config) for source in day.sources),
        entry_counts=tuple(
            sum(source.key in carrying_sources(entry) for entry in day.entries) for source in day.sources
        ),
        corrections=tuple(_correction(view) for view in views if view.revisions),
        tombstones=tombstones,
        topics_of_tombstones=tuple(sorted({slug for entry in tombstones for slug in entry_topics(entry, "", matcher)})),
    )
    return DayParts(summary, views, excerpts, items, (dump_jsonl(rows), dump_csv(rows)))


def _topic_mentions(
    slugs_by_entry: Sequence[Sequence[str]], display_digests: Sequence[bytes]
) -> dict[str, TopicMention]:
    positions: dict[str, list[int]] = {}
    for position, slugs in enumerate(slugs_by_entry):
        for slug in slugs:
            positions.setdefault(slug, []).append(position)
    return {
        slug: TopicMention(tuple(numbers), digest([display_digests[number] for number in numbers]))
        for slug, numbers in positions.items()
    }


def _correction(view: EntryView) -> Correction:
    """Return when an entry was corrected.

    That is the first capture of the current version after the captures of all earlier versions.
    Without one it is the last capture of the current version, else the entry's own `updated`.
    """
    current = {capture_time_utc(source.captured) for source in view.sources} - {""}
    earlier = [capture_time_utc(old.source.captured) if old.source else "" for old in view.revisions]
    later = {at for at in current if at > max(earlier)} if all(earlier) else set()
    at = min(later) if later else max(current, default=view.updated)
    return Correction(view.path, at, view.headline)


def dataset_row(view: EntryView, entry: Entry) -> DatasetRow:
    """Return the dataset row of an entry."""
    pages = _page_sources(view.sources)
    return DatasetRow(
        address=view.path,
        day=view.day.number,
        at=view.instant,
        date="" if view.instant else view.day.date.isoformat(),
        headline=entry.headline,
        text=view.text,
        topics=tuple(topic.slug for topic in view.topics),
        id=entry.id,
        updated=view.updated,
        authors=view.authors,
        key=view.key,
        lang=view.lang,
        found=entry.date_basis.value if entry.date_basis else "",
        source=pages[0] if pages else None,
        other_sources=pages[1:],
    )


def _page_sources(sources: Sequence[SourceView]) -> tuple[PageSource, ...]:
    return tuple(
        PageSource(
            url=source.url,
            title=source.title,
            outlet=source.outlet,
            captured=source.captured,
            sha256=source.sha256,
            printed_day=source.printed_day,
            date=source.date,
            standfirst=source.standfirst,
        )
        for source in sources
    )
