"""Yield all files of the search index: manifest, shards, result files, and the vocabulary and facets of each segment.

The manifest is the file that the search page loads first; it lists the days and shards of each segment.
"""

import contextlib
import functools
import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

import msgspec

from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest, tree_digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import OutputFile
from daybook.search.document import BOOSTS, FIELDS, K1, RESULTS_PER_FILE, B, SearchDay, result_files
from daybook.search.incremental_index import should_update, update_segment
from daybook.search.postings import encode_length, front_code
from daybook.search.segments import BuiltSegment, Segment, build_segment, split_by_quarter
from daybook.search.shards import BASE_LIMITS, RECENT_LIMITS, Shard, ShardLimits, shard_name
from daybook.search.term_counts import TermCounter

MANIFEST_PATH = "search/manifest.js"


def index_files(
    days: Sequence[SearchDay], cache: BuildCache, synonyms: Sequence[Sequence[str]] = ()
) -> Iterator[OutputFile]:
    """Yield each file of the search index; the days may be in any order.

    The files depend only on the days' documents, whose order within a day is kept, and on `synonyms`, the spellings of
    each name: a search for one finds all. With the cache, only changed days are asked for documents.

    Raises:
        ArchiveError: Two days have the same date, or a day returns another number of documents than it announces.
    """
    nonempty = sorted((day for day in days if day.count), key=lambda day: day.date)
    for day, following in itertools.pairwise(nonempty):
        if day.date == following.date:
            raise ArchiveError(f"the search index got {day.date.isoformat()} twice: merge the documents of that day")
    # Everything except content that decides the index: this folder, lunr, msgspec, Unicode.
    code = tree_digest(Path(__file__).parent, ".py")
    code_digest = digest(code, version("lunr"), version("msgspec"), unicodedata.unidata_version)
    parts = list(zip(split_by_quarter(nonempty), (BASE_LIMITS, RECENT_LIMITS), strict=True))
    built_segments = [_update_or_build(part, limits, cache, code_digest) for part, limits in parts]
    for (part, limits), built in zip(parts, built_segments, strict=True):
        yield from _segment_files(built, part, limits, cache, code_digest)
    for day in nonempty:
        yield from result_files(day, code_digest)
    segments = [segment for segment, _ in built_segments]
    manifest_digest = digest(code_digest, [(segment.name, segment.version()) for segment in segments], synonyms)
    yield OutputFile(MANIFEST_PATH, manifest_digest, partial(_dump_manifest, segments, synonyms))


def _update_or_build(days: list[SearchDay], limits: ShardLimits, cache: BuildCache, code_digest: bytes) -> BuiltSegment:
    """Update the segment in the cache or build one from nothing, and store it in the cache."""
    counter = TermCounter(cache, code_digest)
    key = digest(code_digest, "segment", limits)

    def load(cache_key: bytes) -> bytes:
        if (data := cache.get(cache_key)) is None:
            raise LookupError(cache_key)
        return data

    old = built = None
    # The cache may have lost the old segment or a part of it.
    with contextlib.suppress(LookupError, msgspec.DecodeError):
        old = msgspec.msgpack.decode(load(key), type=Segment)
        if should_update(old, days):
            built = update_segment(old, days, limits, counter, load)
    built = built or build_segment(days, limits, counter)
    if built.segment != old:
        cache.put(key, msgspec.msgpack.encode(built.segment))
    for script_digest, script in built.scripts.items():
        cache.put(script_digest, script)
    cache.touch(counter.cache_key(day.key) for day in days)
    cache.touch(shard.digest for shard in built.segment.shards)
    return built


def _segment_files(
    built: BuiltSegment, days: Sequence[SearchDay], limits: ShardLimits, cache: BuildCache, code_digest: bytes
) -> Iterator[OutputFile]:
    """Yield the shards, the vocabulary and the facets of a segment; nothing if it is empty."""
    segment, scripts = built
    name, shards = segment.name, segment.shards

    @functools.cache
    def rebuilt() -> dict[bytes, bytes]:
        return build_segment(days, limits, TermCounter(BuildCache(None), code_digest)).scripts

    def load(shard: Shard) -> bytes:  # the cache may have lost it
        return scripts.get(shard.digest) or cache.get(shard.digest) or rebuilt()[shard.digest]

    for shard in shards:
        path = f"search/{shard_name(name, shard.key, shard.hash)}.js"
        yield OutputFile(path, shard.digest, partial(load, shard))
    if segment.days:
        terms = digest(code_digest, name, [(shard.terms, shard.frequency_classes) for shard in shards])
        yield OutputFile(f"search/vocabulary-{name}.js", terms, partial(_dump_vocabulary, name, shards))
        topics = "\n".join(day.topics for day in segment.days)
        facets = digest(code_digest, name, topics)
        yield OutputFile(f"search/topics-{name}.js", facets, partial(_dump_facets, name, topics))


def _dump_script(name: str, value: object) -> bytes:
    """Write a classic script, which loads over HTTP and from a folder alike, with a JSON value."""
    return f'Daybook.receive("{name}",{json.dumps(value, ensure_ascii=False, separators=(",", ":"))});\n'.encode()


def _dump_manifest(segments: Sequence[Segment], synonyms: Sequence[Sequence[str]]) -> bytes:
    """Write the manifest; empty segments are left out."""
    nonempty = [segment for segment in segments if segment.days]
    days = [day for segment in nonempty for day in segment.days]
    manifest = {
        "fields": FIELDS,
        "boosts": BOOSTS,
        "k1": K1,
        "b": B,
        "perFile": RESULTS_PER_FILE,
        "lengths": [sum(day.lengths[field] for day in days) for field in range(len(FIELDS))],
        "families": synonyms,
        "segments": [_segment_json(segment) for segment in nonempty],
    }
    return _dump_script("manifest", manifest)


def _segment_json(segment: Segment) -> dict[str, object]:
    """Return the JSON value of a segment in the manifest.

    ``days`` alternates the distance in days from the day before (at first from the origin) and the number of documents;
    ``keys`` are front-coded; ``hashes`` has four digits per shard.
    """
    days: list[int] = []
    previous = segment.doc_ids.origin
    for day in segment.days:
        days.extend(((day.date - previous).days, day.count))
        previous = day.date
    return {
        "name": segment.name,
        "origin": segment.doc_ids.origin.isoformat(),
        "places": segment.doc_ids.day_capacity,
        "days": days,
        "keys": front_code([shard.key for shard in segment.shards]),
        "hashes": "".join(shard.hash for shard in segment.shards),
        "version": segment.version(),
    }


def manifest_entry_count(manifest: bytes) -> int:
    """Return the number of entries that a manifest lists, which are those that a search can find."""
    body = manifest[manifest.index(b",") + 1 : manifest.rindex(b")")]
    return sum(count for segment in json.loads(body)["segments"] for count in segment["days"][1::2])


def _dump_vocabulary(segment: str, shards: Sequence[Shard]) -> bytes:
    """Write the vocabulary of a segment: its terms, front-coded, and their frequency classes."""
    terms = [term for shard in shards if shard.terms for term in shard.terms.split("\n")]
    classes = "".join(shard.frequency_classes for shard in shards)
    return _dump_script(f"vocabulary-{segment}", [front_code(terms), classes])


def _dump_facets(segment: str, lines: str) -> bytes:
    """Write the topics of each document of a segment; `lines` has a line of sorted slugs per document.

    The file holds the slugs, the distinct sets of topics as positions in the slugs, and for each document the position
    of its set as one character (`encode_length`). Slugs and sets are sorted by frequency.
    """
    documents = [tuple(line.split()) for line in lines.split("\n")]
    set_counts = Counter(documents)
    slug_counts = Counter(itertools.chain.from_iterable(documents))
    slugs = sorted(slug_counts, key=lambda slug: (-slug_counts[slug], slug))
    sets = sorted(set_counts, key=lambda topics: (-set_counts[topics], topics))
    slug_positions = {slug: position for position, slug in enumerate(slugs)}
    set_characters = {topics: encode_length(position) for position, topics in enumerate(sets)}
    encoded_sets = [[slug_positions[slug] for slug in topics] for topics in sets]
    characters = "".join([set_characters[topics] for topics in documents])
    return _dump_script(f"topics-{segment}", [slugs, encoded_sets, characters])
