"""Days → segments → postings: the only place that numbers documents and gathers postings.

A segment is a run of days with shards of its own. The recent one holds the calendar
quarter of the newest day, the base one everything before, so that a new day leaves the
base's files as they are until the next quarter begins.

A document's code is its day, counted from the segment's origin, and its place in that
day: an entry added to an old day moves no document of another.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from daybook.search.document import FIELDS, SearchDay
from daybook.search.postings import PostingsList, encode_term, js_sort_key
from daybook.search.shards import Shard, ShardLimits, ShardLines, dump_shard, split_shards, text_size
from daybook.search.term_counts import DayTermCounts, TermCounter


class DocIds(NamedTuple):
    """How a segment's codes are made: ``(days since origin) * places + place in the day``."""

    origin: dt.date
    day_capacity: int

    def doc_id(self, date: dt.date, place: int) -> int:
        """Return the code of a document."""
        return (date - self.origin).days * self.day_capacity + place

    def date(self, code: int) -> dt.date:
        """Return the day of a document."""
        return self.origin + dt.timedelta(days=code // self.day_capacity)


class SegmentDay(Struct, frozen=True, array_like=True):
    """A day of a segment: its key, a digest of its cards, its fields' lengths, a line of topics for each document."""

    date: dt.date
    count: int
    key: bytes
    results_digest: bytes
    lengths: tuple[int, ...]
    topics: str


def choose_doc_ids(sizes: Iterable[tuple[dt.date, int]]) -> DocIds:
    """Choose the codes of a segment from its dates and their numbers of documents.

    Both parts change rarely: the origin is the first day's 1 January, the places a power of two.
    """
    known = list(sizes)
    first = min((date for date, _ in known), default=dt.date(1970, 1, 1))
    most = max((size for _, size in known), default=0)
    return DocIds(dt.date(first.year, 1, 1), max(16, 1 << max(0, most - 1).bit_length()))


class Segment(Struct, frozen=True, array_like=True):
    """A segment as it was indexed; `lengths` are the summed lengths of each field."""

    name: str
    doc_ids: DocIds
    days: tuple[SegmentDay, ...]
    lengths: tuple[int, ...]
    shards: tuple[Shard, ...]

    def version(self) -> str:
        """Return a digest of all files of the segment, for those whose names carry none."""
        days = [(day.date, day.count, day.results_digest) for day in self.days]
        made_of = (days, [shard.digest for shard in self.shards])
        return hashlib.sha256(msgspec.msgpack.encode(made_of)).hexdigest()[:8]


def split_by_quarter(days: Sequence[SearchDay]) -> tuple[list[SearchDay], list[SearchDay]]:
    """Return (base, recent): recent is the calendar quarter of the newest of the sorted `days`."""
    if not days:
        return [], []
    newest = days[-1].date
    begins = dt.date(newest.year, (newest.month - 1) // 3 * 3 + 1, 1)
    return [day for day in days if day.date < begins], [day for day in days if day.date >= begins]


def collect_postings(days: Iterable[DayTermCounts], codes: DocIds) -> dict[str, PostingsList]:
    """Collect the rows of all terms of days in their order; a topic's row is named by a space and its slug.

    No term begins with a space, so topics share the shards and never meet a word.
    """
    rows: dict[str, PostingsList] = {}
    for day in days:
        for code, (fields, topics) in enumerate(zip(day.documents, day.topics, strict=True), codes.doc_id(day.date, 0)):
            for position, (length, terms) in enumerate(fields):
                for rank, (term, frequency) in enumerate(terms.items()):
                    row = rows.get(term)
                    if row is None:
                        row = rows[term] = PostingsList(rank, ([], [], []))
                    row[1][position].extend((code, frequency, length))
            for slug in topics:
                row = rows.setdefault(f" {slug}", PostingsList(0, ([], [], [])))
                row.fields[0].extend((code, 1, 0))
    return rows


def term_rank(day: DayTermCounts, place: int, term: str) -> int:
    """Return the rank of a term whose first posting is the document at a place of a day."""
    fields = (field.terms for field in day.documents[place])
    return next((list(terms).index(term) for terms in fields if term in terms), 0)


class BuiltSegment(NamedTuple):
    """A segment and the scripts, by digest, of those of its shards that were made anew."""

    segment: Segment
    scripts: dict[bytes, bytes]


def build_segment(days: Sequence[SearchDay], bounds: ShardLimits, counting: TermCounter) -> BuiltSegment:
    """Make a segment from the counts of all its days; no more than one day's are held at a time."""
    counting.count_all(days)
    codes = choose_doc_ids((day.date, day.count) for day in days)
    known: list[SegmentDay] = []

    def counted() -> Iterator[DayTermCounts]:
        for day in days:
            counts = counting.counts(day)
            known.append(summarize_day(day, counts))
            yield counts

    rows = collect_postings(counted(), codes)
    lines = [encode_term(term, rows.pop(term)) for term in sorted(rows, key=js_sort_key)]
    shards, scripts = write_shards(
        bounds.segment, split_shards(lines, bounds.least_of(text_size(lines))) if lines else ()
    )
    return BuiltSegment(Segment(bounds.segment, codes, tuple(known), total_lengths(known), shards), scripts)


def summarize_day(day: SearchDay, counts: DayTermCounts) -> SegmentDay:
    """Return what a segment holds of a day."""
    lengths = tuple(sum(fields[position].length for fields in counts.documents) for position in range(len(FIELDS)))
    topics = "\n".join(" ".join(slugs) for slugs in counts.topics)
    return SegmentDay(day.date, day.count, day.key, counts.results_digest, lengths, topics)


def total_lengths(days: Iterable[SegmentDay]) -> tuple[int, ...]:
    """Sum the lengths of each field over all documents: lunr's averages come from them."""
    return tuple(map(sum, zip(*(day.lengths for day in days), strict=True))) or (0,) * len(FIELDS)


def write_shards(segment: str, parts: Iterable[Shard | ShardLines]) -> tuple[tuple[Shard, ...], dict[bytes, bytes]]:
    """Write the parts that are no shards yet; give all shards, and the written scripts by digest."""
    shards: list[Shard] = []
    scripts: dict[bytes, bytes] = {}
    for part in parts:
        if isinstance(part, Shard):
            shards.append(part)
        else:
            shard, script = dump_shard(segment, part)
            scripts[shard.digest] = script
            shards.append(shard)
    return tuple(shards), scripts
