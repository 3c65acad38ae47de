"""Number the documents, collect their postings, and build a segment from nothing.

A segment is a range of days with shards of its own. The recent segment holds the calendar month of the newest day,
the base segment everything before. A new day therefore leaves the files of the base as they are until the next month
begins.

A document id consists of the day, counted from the segment's origin, and the document's position in that day. An entry
added to an old day therefore renumbers no document of another.
"""

import datetime as dt
import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from daybook.core.hashing import bytes_digest
from daybook.incremental.workers import start_job
from daybook.search.document import FIELDS, SearchDay
from daybook.search.families import (
    FAMILY_FINDER,
    Family,
    FormCounter,
    Forms,
    Keyed,
    dump_families,
    family_tables,
    find_families,
)
from daybook.search.postings import EncodedTerm, PostingsList, encode_term, js_sort_key
from daybook.search.shards import Shard, ShardLimits, ShardLines, dump_shard, split_shards, text_size
from daybook.search.term_counts import DayTermCounts, TermCounter

_MIN_DAY_CAPACITY = 16  # documents
_NO_POSTINGS = array("I")
_MIN_DAYS_FOR_PROCESS = 200  # whose families take longer than to start a process


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

    `lengths` has the total length of each field, in terms; `facets` has a line for each document, for each of `FACETS`.
    """

    date: dt.date
    count: int
    key: bytes
    results_digest: bytes
    lengths: tuple[int, ...]
    facets: tuple[str, ...]


class Segment(Struct, frozen=True, array_like=True):
    """A segment as the cache keeps it from build to build.

    `forms` and `keyed` are the digests of what `families` knows of its words; `base` is the digest of what it knew of
    the words of the base when it found the families of this segment, b"" in the base itself.
    """

    name: str
    doc_ids: DocIds
    days: tuple[SegmentDay, ...]
    shards: tuple[Shard, ...]
    forms: bytes
    keyed: bytes
    base: bytes

    def version(self) -> str:
        """Return a digest of all files of the segment, for the URLs of those whose names contain none."""
        days = [(day.date, day.count, day.results_digest) for day in self.days]
        shards = [shard.digest for shard in self.shards]
        return hashlib.sha256(msgspec.msgpack.encode((days, shards))).hexdigest()[:8]


class BuiltSegment(NamedTuple):
    """A segment, and by digest the files of the shards that this build wrote, and its forms and keys."""

    segment: Segment
    data: dict[bytes, bytes]


class BaseWords(NamedTuple):
    """A function that returns the words of the base by key, and their digest; for the base itself there are none."""

    digest: bytes = b""
    keyed: Callable[[], Keyed] = dict


def split_by_month(days: Sequence[SearchDay]) -> tuple[list[SearchDay], list[SearchDay]]:
    """Return (base, recent) of sorted days: recent is the calendar month of the newest day."""
    if not days:
        return [], []
    newest = days[-1].date
    start = newest.replace(day=1)
    return [day for day in days if day.date < start], [day for day in days if day.date >= start]


class SegmentContext(NamedTuple):
    """What a segment is built with, apart from its days."""

    limits: ShardLimits
    counter: TermCounter
    base: BaseWords


class SegmentWords(Struct, frozen=True, array_like=True):
    """The families of a segment, of which the base may have words, and as bytes its `Forms` and `Keyed`.

    `base` is `BaseWords.digest`.
    """

    forms: bytes
    keyed: bytes
    families: list[Family]
    base: bytes

    @classmethod
    def of(cls, forms: Forms, keyed: Keyed, base: BaseWords) -> "SegmentWords":
        """Return what the forms of a segment, and their words by key, say about its words."""
        families = find_families(keyed, base.keyed())
        return cls(msgspec.msgpack.encode(forms), msgspec.msgpack.encode(keyed), families, base.digest)

    def built(
        self,
        name: str,
        doc_ids: DocIds,
        days: tuple[SegmentDay, ...],
        shards: tuple[Shard, ...],
        scripts: dict[bytes, bytes],
    ) -> BuiltSegment:
        """Return the segment with these words, and all data of it that is new."""
        digests = bytes_digest(self.forms), bytes_digest(self.keyed)
        segment = Segment(name, doc_ids, days, shards, *digests, self.base)
        return BuiltSegment(segment, {**scripts, digests[0]: self.forms, digests[1]: self.keyed})


def build_segment(days: Sequence[SearchDay], context: SegmentContext) -> BuiltSegment:
    """Build a segment from the counts of all its days; the counts of one day are in memory at a time."""
    limits, counter, base = context
    counter.count_all(days)
    doc_ids = choose_doc_ids((day.date, day.count) for day in days)
    summaries: list[SegmentDay] = []
    form_counts = FormCounter()

    def iter_counts() -> Iterator[DayTermCounts]:
        for day in days:
            counts = counter.counts(day)
            summaries.append(summarize_day(day, counts))
            form_counts.add(counts)
            yield counts

    postings = collect_postings(iter_counts(), doc_ids)
    finding = _start_finding_words(form_counts, base, len(days))
    terms = [encode_term(term, postings.pop(term)) for term in sorted(postings, key=js_sort_key)]
    parts = split_shards(terms, limits.min_size_for(text_size(terms))) if terms else ()
    words = finding()
    shards, scripts = write_shards(limits.segment, parts, words.families, lambda shard: [])
    return words.built(limits.segment, doc_ids, tuple(summaries), shards, scripts)


def _start_finding_words(counter: FormCounter, base: BaseWords, days: int) -> Callable[[], SegmentWords]:
    """Start to find the families, if there are many days on another core; return a function that waits for them."""

    def find() -> SegmentWords:
        forms = counter.forms
        return SegmentWords.of(forms, FAMILY_FINDER.group(forms), base)

    if days < _MIN_DAYS_FOR_PROCESS:
        return find
    base.keyed()  # reads the cache, which a child must not do
    wait = start_job(lambda: msgspec.msgpack.encode(find()))
    return lambda: msgspec.msgpack.decode(wait(), type=SegmentWords)


def choose_doc_ids(sizes: Iterable[tuple[dt.date, int]]) -> DocIds:
    """Choose the document ids of a segment from its dates and their numbers of documents.

    The origin is 1 January of the first day's year and the capacity a power of two, so that both change rarely.
    """
    days = list(sizes)
    first = min((date for date, _ in days), default=dt.date(1970, 1, 1))
    largest = max((size for _, size in days), default=0)
    return DocIds(dt.date(first.year, 1, 1), max(_MIN_DAY_CAPACITY, 1 << max(0, largest - 1).bit_length()))


def collect_postings(days: Iterable[DayTermCounts], doc_ids: DocIds) -> dict[str, PostingsList]:
    """Return the postings lists of all terms of `days`, which are sorted."""
    ranks: dict[str, int] = {}
    by_field: tuple[dict[str, array[int]], ...] = tuple({} for _ in FIELDS)
    for day in days:
        first = doc_ids.doc_id(day.date, 0)
        for doc_id, fields in enumerate(day.documents, first):
            for postings, (length, terms) in zip(by_field, fields, strict=True):
                for rank, (term, frequency) in enumerate(terms.items()):
                    numbers = postings.get(term)
                    if numbers is None:
                        numbers = postings[term] = array("I")
                        ranks.setdefault(term, rank)
                    numbers.extend((doc_id, frequency, length))
    return {
        term: PostingsList(rank, tuple([postings.get(term, _NO_POSTINGS) for postings in by_field]))
        for term, rank in ranks.items()
    }


def summarize_day(day: SearchDay, counts: DayTermCounts) -> SegmentDay:
    """Return what a segment keeps of a day."""
    lengths = tuple(sum(fields[position].length for fields in counts.documents) for position in range(len(FIELDS)))
    facets = tuple("\n".join(values) for values in zip(*counts.facets, strict=True))
    return SegmentDay(day.date, day.count, day.key, counts.results_digest, lengths, facets)


def write_shards(
    segment: str,
    parts: Iterable[Shard | ShardLines],
    families: Iterable[Family],
    load: Callable[[Shard], list[EncodedTerm]],
) -> tuple[tuple[Shard, ...], dict[bytes, bytes]]:
    """Return all shards, and by digest the files of those that `parts` gives as terms or whose families changed.

    `load` returns the terms of a shard.
    """
    listed = list(parts)
    tables = family_tables(families, [part.key if isinstance(part, Shard) else part[0] for part in listed])
    shards: list[Shard] = []
    scripts: dict[bytes, bytes] = {}
    for position, part in enumerate(listed):
        table = dump_families(tables.get(position, ()))
        if isinstance(part, Shard) and part.families == table:
            shards.append(part)
            continue
        lines = (part.key, load(part)) if isinstance(part, Shard) else part
        shard, script = dump_shard(segment, lines, table)
        scripts[shard.digest] = script
        shards.append(shard)
    return tuple(shards), scripts
