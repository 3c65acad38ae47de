"""Days → a segment, made from nothing: the only place that says what a segment is."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .counts import Counting, DayCounts
from .document import FIELDS, SearchedDay
from .order import utf16
from .rows import dump_row
from .segments import IndexedDay, Segment, coding, gather
from .shards import Bounds, Part, Shard, cut, dump_shard, size_of


class Made(NamedTuple):
    """A segment and the scripts, by digest, of those of its shards that were made anew."""

    segment: Segment
    scripts: dict[bytes, bytes]


def indexed(days: Sequence[SearchedDay], bounds: Bounds, counting: Counting) -> Made:
    """Make a segment from the counts of all its days; no more than one day's are held at a time."""
    counting.count_all(days)
    codes = coding((day.date, day.count) for day in days)
    known: list[IndexedDay] = []

    def counted() -> Iterator[DayCounts]:
        for day in days:
            counts = counting.counts(day)
            known.append(indexed_day(day, counts))
            yield counts

    rows = gather(counted(), codes)
    lines = [dump_row(term, rows.pop(term)) for term in sorted(rows, key=utf16)]
    shards, scripts = dumped(bounds.segment, cut(lines, bounds.least_of(size_of(lines))) if lines else ())
    return Made(Segment(bounds.segment, codes, tuple(known), summed(known), shards), scripts)


def indexed_day(day: SearchedDay, counts: DayCounts) -> IndexedDay:
    """Return what a segment holds of a day."""
    lengths = tuple(sum(fields[position].length for fields in counts.documents) for position in range(len(FIELDS)))
    topics = "\n".join(" ".join(slugs) for slugs in counts.topics)
    return IndexedDay(day.date, day.count, day.key, counts.cards, lengths, topics)


def summed(days: Iterable[IndexedDay]) -> tuple[int, ...]:
    """Sum the lengths of each field over all documents: lunr's averages come from them."""
    return tuple(map(sum, zip(*(day.lengths for day in days), strict=True))) or (0,) * len(FIELDS)


def dumped(segment: str, parts: Iterable[Shard | Part]) -> tuple[tuple[Shard, ...], dict[bytes, bytes]]:
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
