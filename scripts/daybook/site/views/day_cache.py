"""One day → all that a build keeps of it, so that no unchanged day is read or rendered twice.

A day's `Parts` are made together, in one pass over its entries, and then looked up one by one:
nearly every page needs only summaries, topic pages excerpts, feeds items, downloads rows.
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
from daybook.archive.similarity import EntryPair, exact_text_hash, index_day, similar_pairs
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


class DayWithTexts(Struct, frozen=True, array_like=True):
    """A day as its file has it, tombstones included, and the plain texts of its entries without the tombstones.

    `lines` are the lines of the entries' headings in the day file, by anchor.
    """

    day: Day
    texts: tuple[str, ...]
    lines: dict[str, int]


class TopicMention(Struct, frozen=True, array_like=True):
    """The places of a day's entries that are about one topic, and a digest of how they are shown."""

    positions: tuple[int, ...]
    digest: bytes


class Correction(Struct, frozen=True, array_like=True):
    """An entry that a later capture corrected: its address, when (UTC or ""), its headline."""

    path: str
    at: str
    headline: str


class DaySummary(Struct, frozen=True, array_like=True):
    """What pages of other days need to know of a day; its lists follow the living entries.

    `similar` are the day's links within itself and to the day before; `mentions` are by slug;
    `buried` are topics that only a tombstone names.
    """

    title: str
    anchors: tuple[str, ...]
    times: tuple[dt.time | None, ...]
    texts: tuple[bytes, ...]
    similar: tuple[EntryPair, ...]
    mentions: dict[str, TopicMention]
    sources: tuple[SourceView, ...]
    entry_counts: tuple[int, ...]  # entries of each source
    corrections: tuple[Correction, ...]
    tombstones: tuple[Entry, ...]
    topics_of_tombstones: tuple[str, ...]


class DayParts(NamedTuple):
    """A day's parts: `excerpts` are entries in HTML as lists of other pages show them."""

    summary: DaySummary
    views: tuple[EntryView, ...]
    excerpts: tuple[str, ...]
    items: tuple[FeedItem, ...]
    rows: tuple[bytes, bytes]  # JSON Lines, CSV


class RenderContext(Struct, frozen=True):
    """What parts are made with, beside the day itself; `excerpts` is the theme's."""

    settings: Config
    topics: TopicSet
    identity: SiteIdentity
    excerpts: Callable[[Sequence[EntryView]], tuple[str, ...]]


PART_TYPES: dict[str, Any] = {
    "summary": DaySummary,
    "views": tuple[EntryView, ...],
    "excerpts": tuple[str, ...],
    "items": tuple[FeedItem, ...],
    "rows": tuple[bytes, bytes],
}


_encoder = msgspec.msgpack.Encoder(enc_hook=str)  # a Markup is a str to every reader but Jinja


_decoders = {
    name: msgspec.msgpack.Decoder(kind, dec_hook=lambda kind, text: Markup(text)) for name, kind in PART_TYPES.items()
}


def dump_part(part: object) -> bytes:
    """Write a part as MessagePack."""
    return _encoder.encode(part)


def load_part(name: str, data: bytes) -> Any:
    """Read the part of a name; a msgspec.DecodeError where it is none."""
    return _decoders[name].decode(data)


def with_texts(day: Day, lines: dict[str, int]) -> DayWithTexts:
    """Add the plain texts of its entries to a day."""
    return DayWithTexts(day, tuple(plain_text(entry.body) for entry in without_tombstones(day).entries), lines)


def texts_by_key(read: DayWithTexts) -> dict[EntryKey, str]:
    """Give a day's texts by the keys of their entries."""
    keys = ((read.day.date, entry.anchor) for entry in without_tombstones(read.day).entries)
    return dict(zip(keys, read.texts, strict=True))


def make_parts(read: DayWithTexts, similar: tuple[EntryPair, ...], means: RenderContext) -> DayParts:
    """Make a day's parts; `similar` are its links within itself and to the day before."""
    day = without_tombstones(read.day)
    matcher = means.topics.matcher
    named = [entry_topics(entry, text, matcher) for entry, text in zip(day.entries, read.texts, strict=True)]
    scene = EntryContext(day=day, day_name=day_name(day.date, means.settings), settings=means.settings)
    views = tuple(
        entry_view(entry, text, tuple(topic_name(slug, means.topics) for slug in slugs), scene)
        for entry, text, slugs in zip(day.entries, read.texts, named, strict=True)
    )
    excerpts = means.excerpts(views)
    items = tuple(feed_item(view, means.identity, means.settings.zone) for view in views)
    shown = [
        digest(view.anchor, view.time, slugs, excerpt, item)
        for view, slugs, excerpt, item in zip(views, named, excerpts, items, strict=True)
    ]
    rows = tuple(dataset_row(view, entry) for view, entry in zip(views, day.entries, strict=True))
    tombstones = tuple(entry for entry in read.day.entries if entry.is_tombstone)
    summary = DaySummary(
        title=day.title,
        anchors=tuple(view.anchor for view in views),
        times=tuple(view.time for view in views),
        texts=tuple(map(exact_text_hash, read.texts)),
        similar=similar,
        mentions=_mentions(named, shown),
        sources=tuple(source_view(source, means.settings) for source in day.sources),
        entry_counts=tuple(
            sum(source.key in carrying_sources(entry) for entry in day.entries) for source in day.sources
        ),
        corrections=tuple(_correction(view) for view in views if view.revisions),
        tombstones=tombstones,
        topics_of_tombstones=tuple(sorted({slug for entry in tombstones for slug in entry_topics(entry, "", matcher)})),
    )
    return DayParts(summary, views, excerpts, items, _rows(rows))


def _mentions(named: Sequence[Sequence[str]], shown: Sequence[bytes]) -> dict[str, TopicMention]:
    places: dict[str, list[int]] = {}
    for place, slugs in enumerate(named):
        for slug in slugs:
            places.setdefault(slug, []).append(place)
    return {slug: TopicMention(tuple(held), digest([shown[place] for place in held])) for slug, held in places.items()}


def _correction(view: EntryView) -> Correction:
    """Say when an entry was corrected: when the first page was saved that has the wording shown after a former one."""
    shown = {capture_time_utc(source.captured) for source in view.sources} - {""}
    former = [capture_time_utc(old.source.captured) if old.source else "" for old in view.revisions]
    later = {at for at in shown if at > max(former)} if all(former) else set()
    at = min(later) if later else max(shown, default=view.updated)
    return Correction(view.path, at, view.headline)


def _rows(rows: tuple[DatasetRow, ...]) -> tuple[bytes, bytes]:
    return dump_jsonl(rows), dump_csv(rows)


_ONE_DAY = dt.timedelta(days=1)


_TOGETHER = 16  # days a job: neighbours share the work of their links


class DayCache:
    """All days of an archive. `keys` are digests of all that a day's parts are made from."""

    def __init__(
        self, files: Sequence[DayFile], means: RenderContext, store: BuildCache, makers: tuple[bytes, bytes]
    ) -> None:
        """Make the parts that the store lacks; the first mistake in any day is an ArchiveError.

        `makers` are digests of what reads days, and of what makes their parts: code, settings,
        topics, theme.
        """
        self._files = {file.date: file for file in files}
        self._means, self._store = means, store
        reading, making = makers
        self._read_keys = {date: digest(reading, date, file.digest) for date, file in self._files.items()}
        # A day's links reach into the day before, and so does the evening that its live blog carried.
        before = {date + _ONE_DAY: key for date, key in self._read_keys.items() if date < dt.date.max}
        self.keys = {date: digest(making, key, before.get(date, b"")) for date, key in self._read_keys.items()}
        self._shelf = lru_cache(2)(lambda date: index_day(texts_by_key(self._read(date))))
        self._read = lru_cache(4)(self._read_day)
        self._lately = {name: lru_cache(64)(partial(self._part, name)) for name in PART_TYPES}
        self.summaries: dict[dt.date, DaySummary] = self._summaries()

    def day(self, date: dt.date) -> Day:
        """Give a day as its file says it, tombstones included."""
        return self._read(date).day

    def lines(self, date: dt.date) -> dict[str, int]:
        """Return the lines of a day's entries in its file, by anchor."""
        return self._read(date).lines

    def views(self, date: dt.date) -> tuple[EntryView, ...]:
        """Give a day's entries as its page shows them."""
        found: tuple[EntryView, ...] = self._lately["views"](date)
        return found

    def excerpts(self, date: dt.date) -> tuple[str, ...]:
        """Give a day's entries in HTML as lists of other pages show them."""
        found: tuple[str, ...] = self._lately["excerpts"](date)
        return found

    def items(self, date: dt.date) -> tuple[FeedItem, ...]:
        """Give a day's entries as feeds hold them."""
        found: tuple[FeedItem, ...] = self._lately["items"](date)
        return found

    def rows(self, date: dt.date) -> tuple[bytes, bytes]:
        """Give a day's rows of the dataset, as JSON Lines and as CSV."""
        found: tuple[bytes, bytes] = self._lately["rows"](date)
        return found

    def _summaries(self) -> dict[dt.date, DaySummary]:
        found: dict[dt.date, DaySummary] = {}
        self._store.touch(self._read_keys.values())
        for date, key in self.keys.items():
            self._store.touch(_name(part, key) for part in PART_TYPES)
            kept = self._store.get(_name("summary", key))
            with suppress(msgspec.DecodeError):
                found[date] = load_part("summary", kept or b"")
        missing = [date for date in self._files if date not in found]
        jobs = [missing[start : start + _TOGETHER] for start in range(0, len(missing), _TOGETHER)]
        for _, made in run_jobs([partial(self._made, job) for job in jobs], min_jobs_per_process=4):
            for date, rows in msgspec.msgpack.decode(made, type=list[tuple[dt.date, dict[bytes, bytes]]]):
                for key, data in rows.items():
                    self._store.put(key, data)
                found[date] = load_part("summary", rows[_name("summary", self.keys[date])])
        self._store.save()
        return {date: found[date] for date in self._files}

    def _made(self, dates: Sequence[dt.date]) -> bytes:
        """Make the parts of some days, as rows for the store."""
        return msgspec.msgpack.encode([(date, dict(self._rows(date))) for date in dates])

    def _rows(self, date: dt.date) -> Iterator[tuple[bytes, bytes]]:
        yield self._read_keys[date], msgspec.msgpack.encode(self._read(date))
        for name, part in self._parts(date)._asdict().items():
            yield _name(name, self.keys[date]), dump_part(part)

    def _parts(self, date: dt.date) -> DayParts:
        try:
            return make_parts(self._read(date), self._similar(date), self._means)
        except ArchiveError as error:
            raise error.at(self._files[date].path) from None

    def _similar(self, date: dt.date) -> tuple[EntryPair, ...]:
        before = date - _ONE_DAY if date > dt.date.min else date
        neighbour = before != date and before in self._files
        return similar_pairs(self._shelf(before) if neighbour else None, self._shelf(date))

    def _read_day(self, date: dt.date) -> DayWithTexts:
        file = self._files[date]
        return self._store.get_or_make(
            self._read_keys[date], DayWithTexts, lambda: with_texts(*read_day_with_lines(file))
        )

    def _part(self, name: str, date: dt.date) -> Any:
        kept = self._store.get(_name(name, self.keys[date]))
        with suppress(msgspec.DecodeError):
            return load_part(name, kept or b"")
        for key, data in self._rows(date):
            self._store.put(key, data)
        return load_part(name, self._store.get(_name(name, self.keys[date])) or b"")


def _name(part: str, key: bytes) -> bytes:
    return part.encode() + key


def dataset_row(view: EntryView, entry: Entry) -> DatasetRow:
    """Give an entry's row."""
    pages = _pages(view.sources)
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


def _pages(sources: Sequence[SourceView]) -> tuple[PageSource, ...]:
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
