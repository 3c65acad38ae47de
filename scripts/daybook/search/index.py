"""Days of documents → every file of the index: the only place that knows all its parts."""

import contextlib
import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
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

Documents = Callable[[SearchDay], tuple[Document, ...]]


def index_files(
    days: Sequence[SearchDay], store: BuildCache, families: Sequence[Sequence[str]] = ()
) -> Iterator[OutputFile]:
    """Yield each file of the search index.

    A pure function of the documents: their order within a day is kept, days are sorted.
    `families` are spellings of one name each: who searches one finds all. The store
    changes nothing but the time: with it, only days that changed are asked for documents.
    """
    known = sorted((day for day in days if day.count), key=lambda day: day.date)
    for day, following in itertools.pairwise(known):
        if day.date == following.date:
            raise ArchiveError(f"search was given {day.date.isoformat()} twice: merge that day's documents")
    makers = _makers()
    parts = list(zip(split_by_quarter(known), (BASE_LIMITS, RECENT_LIMITS), strict=True))
    made = _segments(parts, store, makers)
    for part, (segment, scripts) in zip(parts, made, strict=True):
        yield from _shard_files(segment, partial(_script, scripts, store, cache(partial(_again, *part, makers))))
        yield from _other_files(segment, makers)
    documents = lru_cache(maxsize=1)(day_documents)
    for day in known:
        yield from _card_files(day, makers, documents)
    segments = [segment for segment, _ in made]
    versions = [(segment.name, segment.version()) for segment in segments]
    yield OutputFile(MANIFEST_PATH, digest(makers, versions, families), partial(dump_manifest, segments, families))


def _makers() -> bytes:
    """Digest all but the content that decides what is made: this package, lunr, Unicode."""
    code = tree_digest(Path(__file__).parent, ".py")
    return digest(code, version("lunr"), version("msgspec"), unicodedata.unidata_version)


def _segments(
    parts: Sequence[tuple[list[SearchDay], ShardLimits]], store: BuildCache, makers: bytes
) -> list[BuiltSegment]:
    """Make the segments, from what they were before if the store knows it, and keep what is new."""
    counting = TermCounter(store, makers)
    means = counting, partial(_kept, store)
    result = []
    for days, bounds in parts:
        key = digest(makers, "segment", bounds)
        old = _recalled(store, key)
        made = _made(old, days, bounds, means)
        if made.segment != old:
            store.put(key, msgspec.msgpack.encode(made.segment))
        for script_digest, script in made.scripts.items():
            store.put(script_digest, script)
        store.touch(counting.key(day.key) for day in days)
        store.touch(shard.digest for shard in made.segment.shards)
        result.append(made)
    return result


def _made(
    old: Segment | None, days: list[SearchDay], bounds: ShardLimits, means: tuple[TermCounter, Callable[[bytes], bytes]]
) -> BuiltSegment:
    if old and should_update(old, days):
        # Where the store lost a part of what the segment was, it is made from nothing.
        with contextlib.suppress(LookupError):
            return update_segment(old, days, bounds, means)
    return build_segment(days, bounds, means[0])


def _recalled(store: BuildCache, key: bytes) -> Segment | None:
    kept = store.get(key)
    try:
        return None if kept is None else msgspec.msgpack.decode(kept, type=Segment)
    except msgspec.DecodeError:
        return None


def _kept(store: BuildCache, digest: bytes) -> bytes:
    script = store.get(digest)
    if script is None:
        raise LookupError(digest)
    return script


def _script(
    made: dict[bytes, bytes], store: BuildCache, again: Callable[[], dict[bytes, bytes]], digest: bytes
) -> bytes:
    """Return a shard's script as it was just made or is kept; what the store lost is made again."""
    return made.get(digest) or store.get(digest) or again()[digest]


def _again(days: Sequence[SearchDay], bounds: ShardLimits, makers: bytes) -> dict[bytes, bytes]:
    return build_segment(days, bounds, TermCounter(BuildCache(None), makers)).scripts


def _shard_files(segment: Segment, script: Callable[[bytes], bytes]) -> Iterator[OutputFile]:
    for shard in segment.shards:
        path = f"search/{shard_name(segment.name, shard.key, shard.hash)}.js"
        yield OutputFile(path, shard.digest, partial(script, shard.digest))


def _other_files(segment: Segment, makers: bytes) -> Iterator[OutputFile]:
    """Yield the vocabulary and the topic table of a segment that has documents."""
    name, shards, days = segment.name, segment.shards, segment.days
    if days:
        words = digest(makers, name, [(shard.terms, shard.frequency_classes) for shard in shards])
        yield OutputFile(f"search/vocabulary-{name}.js", words, partial(dump_vocabulary, name, shards))
        topics = "\n".join(day.topics for day in days)
        yield OutputFile(f"search/topics-{name}.js", digest(makers, name, topics), partial(dump_facets, name, topics))


def _card_files(day: SearchDay, makers: bytes, documents: Documents) -> Iterator[OutputFile]:
    def made(file: int) -> bytes:
        return dump_result_file(day.date, documents(day), file)

    # One digest a day: these files are most of the site.
    date, key = day.date.isoformat(), digest(makers, day.key)
    for file in range(result_file_count(day.count)):
        yield OutputFile(f"search/days/{date}-{file}.js", key[2:] + file.to_bytes(2, "big"), partial(made, file))


MANIFEST_PATH = "search/manifest.js"


def dump_manifest(segments: Sequence[Segment], families: Sequence[Sequence[str]]) -> bytes:
    """Write the manifest; empty segments are left out. `families` are spellings of one name each."""
    kept = [segment for segment in segments if segment.days]
    manifest = {
        "fields": FIELDS,
        "boosts": BOOSTS,
        "k1": K1,
        "b": B,
        "perFile": RESULTS_PER_FILE,
        "lengths": [sum(segment.lengths[i] for segment in kept) for i in range(len(FIELDS))],
        "families": families,
        "segments": [_segment(segment) for segment in kept],
    }
    body = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("manifest",{body});\n'.encode()


def _segment(segment: Segment) -> dict[str, object]:
    """Write days as gaps and counts, keys front-coded, hashes in one string of four digits each."""
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
    """Count the entries that a written manifest lists: those that a search can find."""
    body = manifest[manifest.index(b",") + 1 : manifest.rindex(b")")]
    return sum(count for segment in json.loads(body)["segments"] for count in segment["days"][1::2])


def dump_vocabulary(segment: str, shards: Sequence[Shard]) -> bytes:
    """Write a segment's vocabulary, terms in JavaScript's order."""
    terms = [term for shard in shards if shard.terms for term in shard.terms.split("\n")]
    uses = "".join(shard.frequency_classes for shard in shards)
    body = json.dumps([front_code(terms), uses], ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("vocabulary-{segment}",{body});\n'.encode()


def dump_facets(segment: str, lines: str) -> bytes:
    """Write the topics of a segment's documents: a line of sorted slugs for each, in the order of their numbers."""
    documents = [tuple(line.split()) for line in lines.split("\n")]
    counts = Counter(documents)
    uses: Counter[str] = Counter()
    for topics, count in counts.items():
        uses.update(dict.fromkeys(topics, count))
    slugs = sorted(uses, key=lambda slug: (-uses[slug], slug))
    sets = sorted(counts, key=lambda topics: (-counts[topics], topics))
    numbers = {slug: number for number, slug in enumerate(slugs)}
    places = {topics: encode_length(place) for place, topics in enumerate(sets)}
    written = [[numbers[slug] for slug in topics] for topics in sets]
    table = [slugs, written, "".join([places[topics] for topics in documents])]
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("topics-{segment}",{body});\n'.encode()
