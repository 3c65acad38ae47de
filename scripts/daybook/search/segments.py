"""Number the documents, collect their postings, and build a segment from nothing.

A segment is a range of days with shards of its own. The recent segment holds the calendar quarter of the newest day,
the base segment everything before. A new day therefore leaves the files of the base as they are until the next quarter
begins.

A document id consists of the day, counted from the segment's origin, and the document's position in that day. An entry
added to an old day therefore renumbers no document of another.
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

_MIN_DAY_CAPACITY = 16  # documents


class DocIds(NamedTuple):
    """The document ids of a segment: ``(days since origin) * day_capacity + position in the day``."""

    origin: dt.date
    day_capacity: int

    def doc_id(self, date: dt.date, position: int) -> int:
        """Return the id of a document."""
        return (date - self.origin).days * self.day_capacity + position

    def date(self, doc_id: int) -> dt.date:
        """Return the day of a document."""
        return self.origin + dt.timedelta(days=doc_id // self.day_capacity)


class SegmentDay(Struct, frozen=True, array_like=True):
    """A day of a segment; `count` and `key` are those of `SearchDay`.

    `lengths` has the total length of each field, in terms, and `topics` a line of slugs for each document.
    """

    date: dt.date
    count: int
    key: bytes
    results_digest: bytes
    lengths: tuple[int, ...]
    topics: str


class Segment(Struct, frozen=True, array_like=True):
    """A segment as the cache keeps it from build to build."""

    name: str
    doc_ids: DocIds
    days: tuple[SegmentDay, ...]
    shards: tuple[Shard, ...]

    def version(self) -> str:
        """Return a digest of all files of the segment, for the URLs of those whose names contain none."""
        days = [(day.date, day.count, day.results_digest) for day in self.days]
        shards = [shard.digest for shard in self.shards]
        return hashlib.sha256(msgspec.msgpack.encode((days, shards))).hexdigest()[:8]


class BuiltSegment(NamedTuple):
    """A segment, and the files of the shards that this build wrote, by digest."""

    segment: Segment
    scripts: dict[bytes, bytes]


def split_by_quarter(days: Sequence[SearchDay]) -> tuple[list[SearchDay], list[SearchDay]]:
    """Return (base, recent) of sorted days: recent is the calendar quarter of the newest day."""
    if not days:
        return [], []
    newest = days[-1].date
    start = dt.date(newest.year, (newest.month - 1) // 3 * 3 + 1, 1)
    return [day for day in days if day.date < start], [day for day in days if day.date >= start]


def build_segment(days: Sequence[SearchDay], limits: ShardLimits, counter: TermCounter) -> BuiltSegment:
    """Build a segment from the counts of all its days; the counts of one day are in memory at a time."""
    counter.count_all(days)
    doc_ids = choose_doc_ids((day.date, day.count) for day in days)
    summaries: list[SegmentDay] = []

    def iter_counts() -> Iterator[DayTermCounts]:
        for day in days:
            counts = counter.counts(day)
            summaries.append(summarize_day(day, counts))
            yield counts

    postings = collect_postings(iter_counts(), doc_ids)
    terms = [encode_term(term, postings.pop(term)) for term in sorted(postings, key=js_sort_key)]
    parts = split_shards(terms, limits.min_size_for(text_size(terms))) if terms else ()
    shards, scripts = write_shards(limits.segment, parts)
    return BuiltSegment(Segment(limits.segment, doc_ids, tuple(summaries), shards), scripts)


def choose_doc_ids(sizes: Iterable[tuple[dt.date, int]]) -> DocIds:
    """Choose the document ids of a segment from its dates and their numbers of documents.

    The origin is 1 January of the first day's year and the capacity a power of two, so that both change rarely.
    """
    days = list(sizes)
    first = min((date for date, _ in days), default=dt.date(1970, 1, 1))
    largest = max((size for _, size in days), default=0)
    return DocIds(dt.date(first.year, 1, 1), max(_MIN_DAY_CAPACITY, 1 << max(0, largest - 1).bit_length()))


def collect_postings(days: Iterable[DayTermCounts], doc_ids: DocIds) -> dict[str, PostingsList]:
    """Return the postings lists of all terms of `days`, which are sorted, and those of their topics.

    A topic is stored under the term `" " + slug`. No term begins with a space, so topics and words do not clash.
    """
    result: dict[str, PostingsList] = {}
    for day in days:
        first = doc_ids.doc_id(day.date, 0)
        for doc_id, (fields, topics) in enumerate(zip(day.documents, day.topics, strict=True), first):
            for field, (length, terms) in enumerate(fields):
                for rank, (term, frequency) in enumerate(terms.items()):
                    postings = result.get(term)
                    if postings is None:
                        postings = result[term] = PostingsList(rank, ([], [], []))
                    postings[1][field].extend((doc_id, frequency, length))
            for slug in topics:
                postings = result.setdefault(f" {slug}", PostingsList(0, ([], [], [])))
                postings.fields[0].extend((doc_id, 1, 0))
    return result


def summarize_day(day: SearchDay, counts: DayTermCounts) -> SegmentDay:
    """Return what a segment keeps of a day."""
    lengths = tuple(sum(fields[position].length for fields in counts.documents) for position in range(len(FIELDS)))
    topics = "\n".join(" ".join(slugs) for slugs in counts.topics)
    return SegmentDay(day.date, day.count, day.key, counts.results_digest, lengths, topics)


def write_shards(segment: str, parts: Iterable[Shard | ShardLines]) -> tuple[tuple[Shard, ...], dict[bytes, bytes]]:
    """Return all shards, and by digest the files of those that `parts` gives as terms."""
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
