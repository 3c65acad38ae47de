"""Cache of the data that a build derives from each day, so that no unchanged day is read or rendered twice.

All `DayParts` of a day are computed together, in one pass over its entries, and loaded one by
one: some pages need only summaries, topic pages need excerpts, downloads lines. A build loads one row for each month,
with its `MonthSummary`, and the parts of those days only that it looks at.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import chain, groupby
from typing import Any, NamedTuple, get_type_hints

import msgspec
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.content import DayFile, TopicSet, check_zone, read_day_with_lines
from daybook.archive.dataset import DatasetRow, csv_record, jsonl_line
from daybook.archive.published_files import pictures_of_day
from daybook.archive.similarity import DayShingles, EntryPair, exact_text_hash, index_day, similar_pairs
from daybook.archive.topics import entry_topics, folded_words
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import bytes_digest, digest
from daybook.core.markdown import plain_text
from daybook.core.model import Day, Entry, carrying_sources, convert_source, minute_of_day, without_tombstones
from daybook.core.record import PageSource
from daybook.incremental.cache import BuildCache
from daybook.incremental.workers import run_jobs
from daybook.site.views.entry_view import EntryContext, entry_view, source_view
from daybook.site.views.feed_formats import last_change
from daybook.site.views.main_entries import choose_main_entries, day_headline
from daybook.site.views.summaries import (
    Correction,
    DaySummary,
    EntryHeadline,
    MonthSummary,
    TopicMention,
    summarize_month,
)
from daybook.site.views.view_models import EntryView, day_name, topic_name
from daybook.stories.story_cache import StoryDay
from daybook.stories.terms import EntryPlace, EntryTerms, entry_terms

# A digest of all topics and, by date, the key of a day without its topics and with them.
_TopicKeys = tuple[bytes, dict[str, tuple[bytes, bytes]]]
_ONE_DAY = dt.timedelta(days=1)
# Days of one worker job. Consecutive days share the index that finds similar entries of neighbouring days.
_DAYS_PER_JOB = 16


class DayWithTexts(Struct, frozen=True, array_like=True):
    """A day as read from its file, tombstones included, and the plain text of each other entry."""

    day: Day
    texts: tuple[str, ...]
    lines: dict[str, int]  # line numbers of the entries' headings in the file, by anchor


class DayWords(Struct, frozen=True, array_like=True):
    """What the topics of a day are found by: the words of all entries, and the ``+slug`` and ``-slug`` of records."""

    words: str  # one line each
    signed_slugs: tuple[str, ...]


class DayParts(NamedTuple):
    """All data derived from a day."""

    summary: DaySummary
    views: tuple[EntryView, ...]
    excerpts: tuple[str, ...]  # HTML of each entry in lists of other pages
    jsonl: tuple[bytes, ...]  # each entry as a line of a year's data file, without the absolute address
    csv: tuple[bytes, ...]


# Markup is stored as a string: a decoded view gets Markup again wherever its type says so.
_ENCODER = msgspec.msgpack.Encoder(enc_hook=str)
_DECODERS: dict[str, msgspec.msgpack.Decoder[Any]] = {
    name: msgspec.msgpack.Decoder(kind, dec_hook=lambda kind, text: Markup(text))
    for name, kind in get_type_hints(DayParts).items()
}


# Views one by one, for pages that need few of a day.
_PACKED_VIEWS = msgspec.msgpack.Decoder(tuple[msgspec.Raw, ...])
_VIEW = msgspec.msgpack.Decoder(EntryView, dec_hook=lambda kind, text: Markup(text))
_MONTH = msgspec.msgpack.Decoder(MonthSummary)
_TERMS = msgspec.msgpack.Decoder(tuple[EntryTerms, ...])


class RenderContext(Struct, frozen=True):
    """What parts depend on in addition to the day."""

    config: Config
    topics: TopicSet
    excerpts: Callable[[Sequence[EntryView]], tuple[str, ...]]  # renders entries with the theme's template


class DayCache:
    """The days of an archive and their parts, loaded from the build cache or computed.

    Attributes:
        keys: By date, a digest of everything that a day's parts are computed from. Of the topics these are
            only the phrases whose first word the day contains, and the topics that they or a record name.
        months: The summaries of months by their first date, oldest first.
        summary, views, excerpts, jsonl, csv: Functions from a date to this part of the day.
    """

    def __init__(
        self, files: Sequence[DayFile], context: RenderContext, cache: BuildCache, code_keys: tuple[bytes, bytes]
    ) -> None:
        """Compute all parts that the cache lacks.

        `files` are all day files, oldest first. `code_keys` are two digests: of the code that reads
        days, and of all that their parts depend on except topics (code, settings, template of excerpts).

        Raises:
            ArchiveError: for the first mistake in any day.
        """
        self._files = {file.date: file for file in files}
        self._context, self._cache = context, cache
        read_key, parts_key = code_keys
        self._read_keys = {date: digest(read_key, date, file.digest) for date, file in self._files.items()}
        # A day's parts also depend on the day before: similar entries, and the previous evening on its page.
        before = {date + _ONE_DAY: key for date, key in self._read_keys.items() if date < dt.date.max}
        bases = {date: digest(parts_key, key, before.get(date, b"")) for date, key in self._read_keys.items()}
        # Bounds on memory: jobs and pages visit days in order, topic pages a month at a time.
        self._shingle_index = lru_cache(2)(self._index_texts)
        self._read = lru_cache(4)(self._read_day)
        self.keys = self._add_topics(bases)
        self.views: Callable[[dt.date], tuple[EntryView, ...]] = lru_cache(64)(partial(self._load_part, "views"))
        self._packed_views = lru_cache(256)(self._load_packed_views)
        self.excerpts: Callable[[dt.date], tuple[str, ...]] = lru_cache(64)(partial(self._load_part, "excerpts"))
        self.jsonl: Callable[[dt.date], tuple[bytes, ...]] = partial(self._load_part, "jsonl")
        self.csv: Callable[[dt.date], tuple[bytes, ...]] = partial(self._load_part, "csv")
        self.summary: Callable[[dt.date], DaySummary] = lru_cache(256)(partial(self._load_part, "summary"))
        self.months = self._load_months()

    def day(self, date: dt.date) -> Day:
        """Return a day as read from its file, tombstones included."""
        return self._read(date).day

    def view(self, date: dt.date, position: int) -> EntryView:
        """Return one entry of a day; a feed needs few of each of many days."""
        return _VIEW.decode(self._packed_views(date)[position])

    def lines(self, date: dt.date) -> dict[str, int]:
        """Return the line numbers of a day's entries in its file, by anchor."""
        return self._read(date).lines

    def _add_topics(self, bases: dict[dt.date, bytes]) -> dict[dt.date, bytes]:
        """Return the keys of days from keys that lack the topics.

        The result is kept in one row as long as no topic changes: then no day's words are looked at.
        """
        topics = digest(list(self._context.topics.declared.values()))
        row = digest("keys with topics")  # of the last build of this output
        known: dict[str, tuple[bytes, bytes]] = {}
        with suppress(msgspec.DecodeError, ValueError):
            last_topics, known = msgspec.msgpack.decode(self._cache.get(row) or b"", type=_TopicKeys)
            known = known if last_topics == topics else {}
        keys, changed = {}, False
        for date, base in bases.items():
            name = date.isoformat()
            if known.get(name, (b"",))[0] != base:
                known[name], changed = (base, digest(base, self._topics_of(date))), True
            keys[date] = known[name][1]
        if changed or len(known) != len(keys):
            current = {date.isoformat(): known[date.isoformat()] for date in keys}
            self._cache.put(row, msgspec.msgpack.encode((topics, current)))
        return keys

    def _topics_of(self, date: dt.date) -> object:
        """Return everything about topics that a day's parts depend on."""
        topics, matcher = self._context.topics.declared, self._context.topics.matcher
        key = _part_key("words", self._read_keys[date])
        day_words = self._cache.get_or_make(key, DayWords, partial(self._day_words, date))
        phrases = matcher.find_phrases(frozenset(day_words.words.split("\n")))
        signed = [(slug, matcher.current_slugs.get(slug[1:], slug[1:])) for slug in day_words.signed_slugs]
        slugs = {phrase.slug for phrase in phrases} | {slug for _, slug in signed}
        names = [(slug, topics[slug].name, topics[slug].kind) for slug in sorted(slugs & topics.keys())]
        return [(phrase.pattern.pattern, phrase.slug, phrase.any_case) for phrase in phrases], signed, names

    def _day_words(self, date: dt.date) -> DayWords:
        read = self._read(date)
        words = folded_words("\n\n".join((*(entry.headline for entry in read.day.entries), *read.texts)))
        slugs = {slug for entry in read.day.entries for slug in entry.topics}
        return DayWords("\n".join(sorted(words)), tuple(sorted(slugs)))

    def story_days(self) -> list[StoryDay]:
        """Return all days as the search for stories reads them, oldest first."""
        days = chain.from_iterable(month.days for month in self.months.values())
        return [StoryDay(day.date, day.terms, partial(self._terms, day.date)) for day in days]

    def _terms_digest(self, date: dt.date) -> bytes:
        key = _part_key("terms digest", self._terms_key(date))
        found = self._cache.get(key)
        if not found:
            self._terms(date)
            found = self._cache.get(key) or b""
        return found

    def _terms_key(self, date: dt.date) -> bytes:
        return digest(self._read_keys[date], self._context.config.lang)

    def _terms(self, date: dt.date) -> tuple[EntryTerms, ...]:
        with suppress(msgspec.DecodeError):
            return _TERMS.decode(self._cache.get(_part_key("terms", self._terms_key(date))) or b"")
        rows = self._terms_rows(date)
        for key, data in rows.items():
            self._cache.put(key, data)
        return _TERMS.decode(rows[_part_key("terms", self._terms_key(date))])

    def _terms_rows(self, date: dt.date) -> dict[bytes, bytes]:
        """Return the terms of a day's entries as rows for the cache, and a digest of them that is cheap to load."""
        read, key = self._read(date), self._terms_key(date)
        day = without_tombstones(read.day)
        outlets = {source.key: source.outlet for source in day.sources}
        terms = [
            entry_terms(
                entry.headline,
                text,
                entry.lang or day.lang or self._context.config.lang,
                EntryPlace(
                    anchor=entry.anchor,
                    outlet=next((outlets[key] for key in entry.sources if outlets.get(key)), ""),
                    minute=minute_of_day(entry.time) if entry.time else 0,
                ),
            )
            for entry, text in zip(day.entries, read.texts, strict=True)
        ]
        data = msgspec.msgpack.encode(terms)
        return {_part_key("terms", key): data, _part_key("terms digest", key): bytes_digest(data)}

    def _load_months(self) -> dict[dt.date, MonthSummary]:
        months: dict[dt.date, MonthSummary | None] = {}
        dates_of = {first: tuple(dates) for first, dates in groupby(self._files, lambda date: date.replace(day=1))}
        keys = {first: self._month_key(dates) for first, dates in dates_of.items()}
        for first, dates in dates_of.items():
            months[first] = None
            with suppress(msgspec.DecodeError):
                months[first] = _MONTH.decode(self._cache.get(keys[first]) or b"")
                self._cache.touch_group(len(dates) * len(self._row_keys(dates[0])), partial(self._rows_of_days, dates))
        new = [first for first, month in months.items() if month is None]
        self._compute_missing([date for first in new for date in dates_of[first]])
        for first in new:
            days = {date: self.summary(date) for date in dates_of[first]}
            month = months[first] = summarize_month(days, {date: self._terms_digest(date) for date in days})
            self._cache.put(keys[first], msgspec.msgpack.encode(month))
        self._cache.save()
        return {first: month for first, month in months.items() if month}

    def _month_key(self, dates: Sequence[dt.date]) -> bytes:
        return _part_key("month", digest(self._context.config.lang, [(date, self.keys[date]) for date in dates]))

    def _rows_of_days(self, dates: Sequence[dt.date]) -> list[bytes]:
        return [key for date in dates for key in self._row_keys(date)]

    def _row_keys(self, date: dt.date) -> list[bytes]:
        """Return the keys of all rows of a day."""
        terms, read = self._terms_key(date), self._read_keys[date]
        named = [_part_key("words", read), _part_key("terms", terms), _part_key("terms digest", terms)]
        return [read, *named, *(_part_key(part, self.keys[date]) for part in DayParts._fields)]

    def _compute_missing(self, dates: Sequence[dt.date]) -> None:
        """Compute the parts of those days that have none in the cache."""
        self._cache.touch(self._rows_of_days(dates))
        missing = [date for date in dates if not self._cache.has(_part_key("summary", self.keys[date]))]
        jobs = [missing[start : start + _DAYS_PER_JOB] for start in range(0, len(missing), _DAYS_PER_JOB)]
        for _, result in run_jobs(
            [partial(self._compute_days, job) for job in jobs], min_jobs_per_process=4, label="groups of days"
        ):
            for _, rows in msgspec.msgpack.decode(result, type=list[tuple[dt.date, dict[bytes, bytes]]]):
                for key, data in rows.items():
                    self._cache.put(key, data)

    def _compute_days(self, dates: Sequence[dt.date]) -> bytes:
        """Compute the parts of some days in a worker; return them as rows for the cache."""
        return msgspec.msgpack.encode([(date, self._compute_rows(date)) for date in dates])

    def _compute_rows(self, date: dt.date) -> dict[bytes, bytes]:
        read = self._read(date)
        before = date - _ONE_DAY if date > dt.date.min else None
        index_before = self._shingle_index(before) if before in self._files else None
        similar = similar_pairs(index_before, self._shingle_index(date))
        try:
            check_zone(read.day, self._context.config.zone_name, self._files[date].path)
            parts = compute_parts(read, similar, self._context)
        except ArchiveError as error:
            raise error.at(self._files[date].path) from None
        rows = {_part_key(name, self.keys[date]): _ENCODER.encode(part) for name, part in parts._asdict().items()}
        return {self._read_keys[date]: msgspec.msgpack.encode(read), **self._terms_rows(date), **rows}

    def _index_texts(self, date: dt.date) -> DayShingles:
        read = self._read(date)
        keys = [(date, entry.anchor) for entry in without_tombstones(read.day).entries]
        return index_day(dict(zip(keys, read.texts, strict=True)))

    def _read_day(self, date: dt.date) -> DayWithTexts:
        def read() -> DayWithTexts:
            day, lines = read_day_with_lines(self._files[date])
            return DayWithTexts(day, tuple(plain_text(entry.body) for entry in without_tombstones(day).entries), lines)

        return self._cache.get_or_make(self._read_keys[date], DayWithTexts, read)

    def _load_part(self, name: str, date: dt.date) -> Any:
        with suppress(msgspec.DecodeError):
            return self._decode_part(name, date)
        # The row is missing or damaged although that of the month is there: compute all parts again.
        for key, data in self._compute_rows(date).items():
            self._cache.put(key, data)
        return self._decode_part(name, date)

    def _load_packed_views(self, date: dt.date) -> tuple[msgspec.Raw, ...]:
        key = _part_key("views", self.keys[date])
        with suppress(msgspec.DecodeError):
            return _PACKED_VIEWS.decode(self._cache.get(key) or b"")
        self._load_part("views", date)  # computes the row that is missing or damaged
        return _PACKED_VIEWS.decode(self._cache.get(key) or b"")

    def _decode_part(self, name: str, date: dt.date) -> Any:
        """Decode a row of the cache; raise msgspec.DecodeError if it is missing or damaged."""
        return _DECODERS[name].decode(self._cache.get(_part_key(name, self.keys[date])) or b"")


def _part_key(part: str, key: bytes) -> bytes:
    return part.encode() + key


def compute_parts(read: DayWithTexts, similar: tuple[EntryPair, ...], context: RenderContext) -> DayParts:
    """Compute the parts of a day; `similar` are its similar entries within the day and the day before."""
    day, config, matcher = without_tombstones(read.day), context.config, context.topics.matcher
    entry_context = EntryContext(day=day, day_name=day_name(day.date, config), config=config)
    views: list[EntryView] = []
    positions: dict[str, list[int]] = defaultdict(list)
    for position, (entry, text) in enumerate(zip(day.entries, read.texts, strict=True)):
        slugs = entry_topics(entry, text, matcher)
        names = tuple(topic_name(slug, context.topics) for slug in slugs)
        views.append(entry_view(entry, text, names, entry_context))
        for slug in slugs:
            positions[slug].append(position)
    excerpts = context.excerpts(views)
    displayed = [bytes_digest(_ENCODER.encode((view, excerpt))) for view, excerpt in zip(views, excerpts, strict=True)]
    tombstones = tuple(entry for entry in read.day.entries if entry.is_tombstone)
    main = choose_main_entries(views, [(one[1], other[1]) for one, other in similar if one[0] == other[0]])
    carriers = [carrying_sources(entry) for entry in day.entries]
    summary = DaySummary(
        title=day.title,
        headline=day_headline(day.title, day.lang, main),
        main=main,
        anchors=tuple(view.anchor for view in views),
        times=tuple(view.time for view in views),
        headlines=tuple(view.headline for view in views),
        langs=tuple(view.lang for view in views),
        outlets=tuple(next((source.outlet for source in view.sources if source.outlet), "") for view in views),
        texts=tuple(map(exact_text_hash, read.texts)),
        similar=similar,
        mentions={
            slug: TopicMention(tuple(numbers), digest([displayed[number] for number in numbers]))
            for slug, numbers in positions.items()
        },
        sources=tuple(source_view(source, config) for source in day.sources),
        entry_counts=tuple(sum(source.key in keys for keys in carriers) for source in day.sources),
        collected=day.collected,
        corrections=tuple(Correction(view.path, at, view.headline) for view in views for at in view.corrected),
        tombstones=tombstones,
        entry_headlines=tuple(map(_headline, views)),
        story_wishes=tuple((entry.anchor, entry.story) for entry in day.entries if entry.story),
        topics_of_tombstones=tuple(sorted({slug for entry in tombstones for slug in entry_topics(entry, "", matcher)})),
        pictures=pictures_of_day(read.day),
        changed=max(map(last_change, views), default=""),
    )
    rows = [dataset_row(view, entry) for view, entry in zip(views, day.entries, strict=True)]
    return DayParts(summary, tuple(views), excerpts, tuple(map(jsonl_line, rows)), tuple(map(csv_record, rows)))


def _headline(view: EntryView) -> EntryHeadline:
    outlet = next((source.outlet for source in view.sources if source.outlet), "")
    return EntryHeadline(view.headline, view.derived, view.lang, outlet, view.key)


def dataset_row(view: EntryView, entry: Entry) -> DatasetRow:
    """Return the dataset row of an entry."""
    # The lede of a page belongs to its day, not to each entry.
    pages = tuple(replace(convert_source(source, PageSource), lede=()) for source in view.sources)
    first = pages[0] if pages else PageSource()
    return DatasetRow(
        address=view.path,
        day=view.day.number,
        date=view.day.date.isoformat(),
        at=view.instant or None,
        headline=entry.headline or None,
        text=view.text,
        topics=tuple(topic.slug for topic in view.topics),
        authors=view.authors,
        updated=view.updated or None,
        lang=view.lang or None,
        key=view.key,
        found=entry.date_basis.value if entry.date_basis else None,
        id=entry.id or None,
        outlet=first.outlet or None,
        source_title=first.title or None,
        source_url=first.url or None,
        captured=first.captured or None,
        sha256=first.sha256 or None,
        sources=len(pages),
        source=pages[0] if pages else None,
        other_sources=pages[1:],
    )
