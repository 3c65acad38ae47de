"""Yield all files of the search index: manifest, shards, result files, and the vocabulary and facets of each segment.

The manifest is the file that the search page loads first; it lists the days and shards of each
segment.
"""

import contextlib
import functools
import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

import msgspec

from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest, tree_digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import OutputFile
from daybook.search.document import (
    BOOSTS,
    FIELDS,
    K1,
    RESULTS_PER_FILE,
    B,
    Document,
    SearchDay,
    day_documents,
    dump_result_file,
    result_file_count,
)
from daybook.search.incremental_index import should_update, update_segment
from daybook.search.postings import encode_length, front_code
from daybook.search.segments import BuiltSegment, Segment, build_segment, split_by_quarter
from daybook.search.shards import BASE_LIMITS, RECENT_LIMITS, Shard, ShardLimits, shard_name
from daybook.search.term_counts import TermCounter

MANIFEST_PATH = "search/manifest.js"


def index_files(
    days: Sequence[SearchDay], cache: BuildCache, synonyms: Sequence[Sequence[str]] = ()
) -> Iterator[OutputFile]:
    """Yield each file of the search index.

    The files depend only on the days' documents, whose order within a day is kept, and on
    `synonyms`. The cache only saves time: with it, only changed days are asked for documents.

    Args:
        days: The days, in any order.
        cache: Counts, segments and shards of earlier builds.
        synonyms: For each name its spellings; a search for one finds all.

    Raises:
        ArchiveError: Two days have the same date, or a day returns another number of documents than it announces.
    """
    nonempty = sorted((day for day in days if day.count), key=lambda day: day.date)
    for day, following in itertools.pairwise(nonempty):
        if day.date == following.date:
            raise ArchiveError(f"the search index got {day.date.isoformat()} twice: merge the documents of that day")
    code_digest = _search_code_digest()
    parts = list(zip(split_by_quarter(nonempty), (BASE_LIMITS, RECENT_LIMITS), strict=True))
    built_segments = [_load_or_build_segment(part, limits, cache, code_digest) for part, limits in parts]
    for part, (segment, scripts) in zip(parts, built_segments, strict=True):
        rebuild = functools.cache(partial(_rebuild_scripts, *part, code_digest))
        yield from _shard_files(segment, partial(_shard_script, scripts, cache, rebuild))
        yield from _segment_files(segment, code_digest)
    documents = functools.lru_cache(maxsize=1)(day_documents)  # the result files of a day follow one another
    for day in nonempty:
        yield from _result_files(day, code_digest, documents)
    segments = [segment for segment, _ in built_segments]
    versions = [(segment.name, segment.version()) for segment in segments]
    manifest_digest = digest(code_digest, versions, synonyms)
    yield OutputFile(MANIFEST_PATH, manifest_digest, partial(dump_manifest, segments, synonyms))


def _search_code_digest() -> bytes:
    """Return a digest of everything except content that decides the index: this folder, lunr, msgspec, Unicode."""
    code = tree_digest(Path(__file__).parent, ".py")
    return digest(code, version("lunr"), version("msgspec"), unicodedata.unidata_version)


def _load_or_build_segment(
    days: list[SearchDay], limits: ShardLimits, cache: BuildCache, code_digest: bytes
) -> BuiltSegment:
    """Update the segment in the cache or build one from nothing, and store it in the cache."""
    counter = TermCounter(cache, code_digest)
    key = digest(code_digest, "segment", limits)
    old = _load_segment(cache, key)
    built = _update_or_build(old, days, limits, counter, partial(_load_script, cache))
    if built.segment != old:
        cache.put(key, msgspec.msgpack.encode(built.segment))
    for script_digest, script in built.scripts.items():
        cache.put(script_digest, script)
    cache.touch(counter.cache_key(day.key) for day in days)
    cache.touch(shard.digest for shard in built.segment.shards)
    return built


def _load_segment(cache: BuildCache, key: bytes) -> Segment | None:
    data = cache.get(key)
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=Segment)
    except msgspec.DecodeError:
        return None


def _update_or_build(
    old: Segment | None,
    days: list[SearchDay],
    limits: ShardLimits,
    counter: TermCounter,
    load_script: Callable[[bytes], bytes],
) -> BuiltSegment:
    if old and should_update(old, days):
        # LookupError: the cache has lost a part of the old segment.
        with contextlib.suppress(LookupError):
            return update_segment(old, days, limits, counter, load_script)
    return build_segment(days, limits, counter)


def _load_script(cache: BuildCache, script_digest: bytes) -> bytes:
    script = cache.get(script_digest)
    if script is None:
        raise LookupError(script_digest)
    return script


def _shard_script(
    built: dict[bytes, bytes], cache: BuildCache, rebuild: Callable[[], dict[bytes, bytes]], script_digest: bytes
) -> bytes:
    """Return the file of a shard from this build or the cache; rebuild the segment if the cache has lost it."""
    return built.get(script_digest) or cache.get(script_digest) or rebuild()[script_digest]


def _rebuild_scripts(days: Sequence[SearchDay], limits: ShardLimits, code_digest: bytes) -> dict[bytes, bytes]:
    return build_segment(days, limits, TermCounter(BuildCache(None), code_digest)).scripts


def _shard_files(segment: Segment, load_script: Callable[[bytes], bytes]) -> Iterator[OutputFile]:
    for shard in segment.shards:
        path = f"search/{shard_name(segment.name, shard.key, shard.hash)}.js"
        yield OutputFile(path, shard.digest, partial(load_script, shard.digest))


def _segment_files(segment: Segment, code_digest: bytes) -> Iterator[OutputFile]:
    """Yield the vocabulary and the facets of a segment; none if it is empty."""
    name, shards, days = segment.name, segment.shards, segment.days
    if days:
        terms = digest(code_digest, name, [(shard.terms, shard.frequency_classes) for shard in shards])
        yield OutputFile(f"search/vocabulary-{name}.js", terms, partial(dump_vocabulary, name, shards))
        topics = "\n".join(day.topics for day in days)
        facets = digest(code_digest, name, topics)
        yield OutputFile(f"search/topics-{name}.js", facets, partial(dump_facets, name, topics))


def _result_files(
    day: SearchDay, code_digest: bytes, documents: Callable[[SearchDay], tuple[Document, ...]]
) -> Iterator[OutputFile]:
    def render(file: int) -> bytes:
        return dump_result_file(day.date, documents(day), file)

    # One digest per day and the file's number in it: these files are most of the site.
    date, key = day.date.isoformat(), digest(code_digest, day.key)
    for file in range(result_file_count(day.count)):
        yield OutputFile(f"search/days/{date}-{file}.js", key[2:] + file.to_bytes(2, "big"), partial(render, file))


def dump_manifest(segments: Sequence[Segment], synonyms: Sequence[Sequence[str]]) -> bytes:
    """Write the manifest; empty segments are left out."""
    nonempty = [segment for segment in segments if segment.days]
    manifest = {
        "fields": FIELDS,
        "boosts": BOOSTS,
        "k1": K1,
        "b": B,
        "perFile": RESULTS_PER_FILE,
        "lengths": [sum(segment.lengths[i] for segment in nonempty) for i in range(len(FIELDS))],
        "families": synonyms,
        "segments": [_segment_json(segment) for segment in nonempty],
    }
    body = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("manifest",{body});\n'.encode()


def _segment_json(segment: Segment) -> dict[str, object]:
    """Return the JSON value of a segment in the manifest.

    ``days`` alternates the distance in days from the day before (at first from the origin) and
    the number of documents; ``keys`` are front-coded; ``hashes`` has four digits per shard.
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


def dump_vocabulary(segment: str, shards: Sequence[Shard]) -> bytes:
    """Write the vocabulary of a segment: its terms, front-coded, and their frequency classes."""
    terms = [term for shard in shards if shard.terms for term in shard.terms.split("\n")]
    classes = "".join(shard.frequency_classes for shard in shards)
    body = json.dumps([front_code(terms), classes], ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("vocabulary-{segment}",{body});\n'.encode()


def dump_facets(segment: str, lines: str) -> bytes:
    """Write the topics of each document of a segment.

    The file holds the slugs, the distinct sets of topics as positions in the slugs, and for each
    document the position of its set as one character (`encode_length`). Slugs and sets are
    sorted by frequency.

    Args:
        segment: Name of the segment.
        lines: A line of sorted slugs per document, in order of document ids.
    """
    documents = [tuple(line.split()) for line in lines.split("\n")]
    set_counts = Counter(documents)
    slug_counts: Counter[str] = Counter()
    for topics, count in set_counts.items():
        slug_counts.update(dict.fromkeys(topics, count))
    slugs = sorted(slug_counts, key=lambda slug: (-slug_counts[slug], slug))
    sets = sorted(set_counts, key=lambda topics: (-set_counts[topics], topics))
    slug_positions = {slug: position for position, slug in enumerate(slugs)}
    set_characters = {topics: encode_length(position) for position, topics in enumerate(sets)}
    encoded_sets = [[slug_positions[slug] for slug in topics] for topics in sets]
    table = [slugs, encoded_sets, "".join([set_characters[topics] for topics in documents])]
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("topics-{segment}",{body});\n'.encode()
