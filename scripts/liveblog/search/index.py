"""Days of documents → every file of the index: the only place that knows all its parts."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from ..errors import ArchiveError
from .analysis import Analyser
from .cache import Cache
from .cards import card_files
from .counts import DayCounts, count_day
from .document import Document
from .manifest import PATH, Segment, dump_manifest
from .segments import coding, field_lengths, gather, split_by_quarter
from .shards import BASE, RECENT, Bounds, Shard, shard_name, shards
from .topic_table import topic_table
from .vocabulary import dump_vocabulary, vocabulary

Days = list[tuple[dt.date, tuple[Document, ...]]]


class Terms(Struct, frozen=True, array_like=True):
    """What a segment's words make, as it is cached together: shards, summed lengths, vocabulary file."""

    shards: tuple[Shard, ...]
    lengths: tuple[int, ...]
    vocabulary: tuple[str, bytes]


def index_files(
    days: Iterable[tuple[dt.date, tuple[Document, ...]]],
    cache: Path | None,
    families: Sequence[Sequence[str]] = (),
) -> Iterator[tuple[str, bytes]]:
    """Yield (path under the site's root, content) for each file of the search index.

    A pure function of the documents: their order within a day is kept, days are sorted.
    `families` are spellings of one name each: who searches one finds all. `cache` is a
    folder of this function's own, or None; it changes nothing but the time.
    """
    known = sorted(((date, documents) for date, documents in days if documents), key=lambda day: day[0])
    for (date, _), (following, _) in itertools.pairwise(known):
        if date == following:
            raise ArchiveError(f"search was given {date.isoformat()} twice: merge that day's documents")
    memory, analyser = Cache(cache), Analyser()
    segments: list[Segment] = []
    for bounds, part in zip((BASE, RECENT), split_by_quarter(known), strict=True):
        terms = _terms(part, bounds, (memory, analyser))
        for shard in terms.shards:
            yield f"search/{shard_name(bounds.segment, shard.key, shard.hash)}.js", shard.script
        digest = hashlib.sha256()
        for path, content in _others(part, bounds.segment, terms):
            digest.update(content)
            yield path, content
        segments.append(_segment(part, bounds, terms, digest.hexdigest()[:8]))
    yield PATH, dump_manifest(segments, families)
    memory.prune()


def _others(days: Days, segment: str, terms: Terms) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a segment that are asked for with its version."""
    if days:
        yield terms.vocabulary
        yield topic_table(segment, [document for _, documents in days for document in documents])
    for date, documents in days:
        yield from card_files(date, documents)


def _terms(days: Days, bounds: Bounds, means: tuple[Cache, Analyser]) -> Terms:
    """Make a segment's shards from its days' counts; both are remembered by content."""
    memory, analyser = means
    keys = [memory.key(day) for day in days]

    def make() -> Terms:
        counts = [
            memory.remember(key, DayCounts, partial(count_day, *day, analyser))
            for key, day in zip(keys, days, strict=True)
        ]
        rows = gather(counts, coding([(date, len(documents)) for date, documents in days]))
        words = dump_vocabulary(bounds.segment, vocabulary(rows))
        return Terms(tuple(shards(rows, bounds)), tuple(field_lengths(counts)), words)

    return memory.remember(memory.key((bounds, keys)), Terms, make)


def _segment(days: Days, bounds: Bounds, terms: Terms, version: str) -> Segment:
    sizes = tuple((date, len(documents)) for date, documents in days)
    codes = coding(sizes)
    return Segment(
        name=bounds.segment,
        origin=codes.origin,
        places=codes.places,
        days=sizes,
        lengths=terms.lengths,
        keys=tuple(shard.key for shard in terms.shards),
        hashes=tuple(shard.hash for shard in terms.shards),
        version=version,
    )
