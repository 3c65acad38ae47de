"""Yield all files of the search index: manifest, shards, results, and the vocabulary and facets of each segment.

Those of a segment are a group, and so are the results of a month: while nothing of it changes, no file is looked at.

The manifest is the file that the search page loads first; it lists the days and shards of each segment.
"""

import contextlib
import functools
import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

import msgspec

from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest, tree_digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import OutputFile, OutputGroup
from daybook.search.document import (
    BOOSTS,
    FACETS,
    FIELDS,
    K1,
    RESULTS_PER_FILE,
    B,
    SearchDay,
    result_files,
    split_values,
)
from daybook.search.families import Keyed, frequent_families_apart
from daybook.search.incremental_index import should_update, update_segment
from daybook.search.postings import encode_length, front_code
from daybook.search.segments import (
    BaseWords,
    BuiltSegment,
    Segment,
    SegmentContext,
    SegmentDay,
    build_segment,
    split_by_month,
)
from daybook.search.shards import BASE_LIMITS, RECENT_LIMITS, Shard, shard_name
from daybook.search.term_counts import TermCounter

MANIFEST_PATH = "search/manifest.js"
WORDS_PATH = "search/words.js"
_SUGGESTED_WORDS = 2_000  # about 6 KB compressed
_MIN_SUGGESTED = 3  # letters
_COMMON_SHARE, _MIN_COMMON = 0.3, 1_000  # of the documents have a common word; few documents load fast
_FACET_YEARS = 5  # of a table of facets; `facetYear` in index_files.js has the same number
_FAMILIES_APART = 250  # about 1.5 KB of the manifest


def index_files(
    days: Sequence[SearchDay], cache: BuildCache, synonyms: Sequence[Sequence[str]] = ()
) -> Iterator[OutputFile | OutputGroup]:
    """Yield each file of the search index, alone or in a group; the days may be in any order.

    The files depend only on the days' documents, whose order within a day is kept, and on `synonyms`, the spellings of
    each name: a search for one finds all. With the cache, only changed days are asked for documents.

    Raises:
        ArchiveError: Two days have the same date, or a day returns another number of documents than it announces.
    """
    nonempty = sorted((day for day in days if day.count), key=lambda day: day.date)
    for day, following in itertools.pairwise(nonempty):
        if day.date == following.date:
            raise ArchiveError(f"the search index got {day.date.isoformat()} twice: merge the documents of that day")
    # Everything except content that decides the index: this folder, the folding of spellings, lunr, msgspec, Unicode.
    folder = Path(__file__).parent
    code = [tree_digest(folder, ".py"), tree_digest(folder, ".toml"), tree_digest(folder.parent / "core", ".py")]
    libraries = [version(name) for name in ("lunr", "msgspec", "PyStemmer")]
    code_digest = digest(code, libraries, unicodedata.unidata_version)
    counter = TermCounter(cache, code_digest)
    contexts: list[SegmentContext] = []
    built_segments: list[BuiltSegment] = []
    base = BaseWords()
    for part, limits in zip(split_by_month(nonempty), (BASE_LIMITS, RECENT_LIMITS), strict=True):
        context = SegmentContext(limits, counter, base)
        built, base = _update_or_build(part, context, cache, code_digest)
        built_segments.append(built)
        contexts.append(context)
    for part, context, built in zip(split_by_month(nonempty), contexts, built_segments, strict=True):
        segment, files = built.segment, partial(_segment_files, built, part, context, cache, code_digest)
        state = [(day.date, day.count, day.key) for day in segment.days], [shard.digest for shard in segment.shards]
        yield OutputGroup(f"search {segment.name}", digest(code_digest, segment.name, state), files)
    for (year, month), group in itertools.groupby(nonempty, key=lambda day: (day.date.year, day.date.month)):
        month_days = list(group)
        key = digest(code_digest, [(day.date, day.count, day.key) for day in month_days])
        yield OutputGroup(f"results {year:04}-{month:02}", key, partial(_result_files, month_days, code_digest))
    segments = [segment for segment, _ in built_segments]
    manifest_digest = digest(code_digest, [(segment.name, segment.version()) for segment in segments], synonyms)
    yield OutputFile(MANIFEST_PATH, manifest_digest, partial(_dump_manifest, segments, synonyms))
    largest = max(segments, key=lambda segment: (sum(day.count for day in segment.days), segment.name))
    words_digest = digest(code_digest, "words", [shard.digest for shard in largest.shards])
    yield OutputFile(WORDS_PATH, words_digest, partial(_dump_suggested_words, largest))


def _update_or_build(
    days: list[SearchDay], context: SegmentContext, cache: BuildCache, code_digest: bytes
) -> tuple[BuiltSegment, BaseWords]:
    """Update the segment in the cache or build one from nothing, and store it in the cache.

    Also returns the words of the segment, as those of the base.
    """
    key = digest(code_digest, "segment", context.limits)

    def load(cache_key: bytes) -> bytes:
        if (data := cache.get(cache_key)) is None:
            raise LookupError(cache_key)
        return data

    old = built = None
    # The cache may have lost the old segment or a part of it.
    with contextlib.suppress(LookupError, msgspec.DecodeError):
        old = msgspec.msgpack.decode(load(key), type=Segment)
        if should_update(old, days):
            built = update_segment(old, days, context, load)
    built = built or build_segment(days, context)
    segment, data = built
    if segment != old:
        cache.put(key, msgspec.msgpack.encode(segment))
    for data_digest, value in data.items():
        cache.put(data_digest, value)
    cache.touch(context.counter.cache_key(day.key) for day in days)
    cache.touch((segment.forms, segment.keyed, *(shard.digest for shard in segment.shards)))

    @functools.cache
    def keyed() -> Keyed:
        found = data.get(segment.keyed) or cache.get(segment.keyed)
        found = found or build_segment(days, context).data[segment.keyed]  # the cache has lost it
        return msgspec.msgpack.decode(found, type=Keyed)

    return built, BaseWords(segment.keyed, keyed)


def _segment_files(
    built: BuiltSegment, days: Sequence[SearchDay], context: SegmentContext, cache: BuildCache, code_digest: bytes
) -> Iterator[OutputFile]:
    """Yield the shards, the vocabulary and the facets of a segment; nothing if it is empty."""
    segment, scripts = built
    name, shards = segment.name, segment.shards

    @functools.cache
    def rebuilt() -> dict[bytes, bytes]:
        uncached = TermCounter(BuildCache(None), code_digest)
        return build_segment(days, context._replace(counter=uncached)).data

    def load(shard: Shard) -> bytes:  # the cache may have lost it
        return scripts.get(shard.digest) or cache.get(shard.digest) or rebuilt()[shard.digest]

    for shard in shards:
        path = f"search/{shard_name(name, shard.key, shard.hash)}.js"
        yield OutputFile(path, shard.digest, partial(load, shard))
    if segment.days:
        terms = digest(code_digest, name, [(shard.terms, shard.counts) for shard in shards])
        yield OutputFile(f"search/vocabulary-{name}.js", terms, partial(_dump_vocabulary, name, shards))
        for year, group in itertools.groupby(
            segment.days, key=lambda day: day.date.year // _FACET_YEARS * _FACET_YEARS
        ):
            part, path = list(group), f"facets-{name}-{year:04}"
            facets = digest(code_digest, path, [day.facets for day in part])
            yield OutputFile(f"search/{path}.js", facets, partial(dump_facets, path, part))


def _result_files(days: Sequence[SearchDay], code_digest: bytes) -> Iterator[OutputFile]:
    for day in days:
        yield from result_files(day, code_digest)


def _dump_script(name: str, value: object) -> bytes:
    """Write a classic script, which loads over HTTP and from a folder alike, with a JSON value."""
    return f'Daybook.receive("{name}",{json.dumps(value, ensure_ascii=False, separators=(",", ":"))});\n'.encode()


def _dump_manifest(segments: Sequence[Segment], synonyms: Sequence[Sequence[str]]) -> bytes:
    """Write the manifest; empty segments are left out."""
    nonempty = [segment for segment in segments if segment.days]
    days = [day for segment in nonempty for day in segment.days]
    counts = _word_counts(nonempty)
    manifest = {
        "fields": FIELDS,
        "boosts": BOOSTS,
        "k1": K1,
        "b": B,
        "perFile": RESULTS_PER_FILE,
        "lengths": [sum(day.lengths[field] for day in days) for field in range(len(FIELDS))],
        "synonyms": synonyms,
        "common": _common_words(counts, sum(day.count for day in days)),
        "apart": frequent_families_apart(
            (shard.families for segment in nonempty for shard in segment.shards), counts, _FAMILIES_APART
        ),
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
    classes = "".join(str(min(9, count.bit_length() - 1)) for shard in shards for count in shard.counts)
    return _dump_script(f"vocabulary-{segment}", [front_code(terms), classes])


def dump_facets(name: str, days: Sequence[SegmentDay]) -> bytes:
    """Write the facets of each document of some days by name, such as ``topic``: those of some years of a segment."""
    facets = {}
    for position, facet in enumerate(FACETS):
        lines = [line for day in days for line in day.facets[position].split("\n")]
        facets[facet] = _facet_table([split_values(line) for line in lines])
    return _dump_script(name, facets)


def _facet_table(documents: Sequence[tuple[str, ...]]) -> tuple[list[str], list[list[int]], str]:
    """Return the table of a facet, of which each document has some values.

    It has the values, the distinct sets of values as positions among them, and for each document the position of its
    set as one character (`encode_length`). Values and sets are sorted by frequency.
    """
    set_counts = Counter(documents)
    value_counts = Counter(itertools.chain.from_iterable(documents))
    values = sorted(value_counts, key=lambda value: (-value_counts[value], value))
    sets = sorted(set_counts, key=lambda names: (-set_counts[names], names))
    positions = {value: position for position, value in enumerate(values)}
    set_characters = {names: encode_length(position) for position, names in enumerate(sets)}
    encoded_sets = [[positions[value] for value in names] for names in sets]
    return values, encoded_sets, "".join([set_characters[names] for names in documents])


def _word_counts(segments: Sequence[Segment]) -> dict[str, int]:
    """Return for each word the number of documents that have it in their text."""
    counts: dict[str, int] = {}
    for segment in segments:
        for shard in segment.shards:
            for word, count in zip(shard.terms.split("\n"), shard.counts, strict=True):
                counts[word] = counts.get(word, 0) + count
    return counts


def _common_words(counts: Mapping[str, int], documents: int) -> list[str]:
    """Return the words that need not be searched beside two others, since so many documents have them."""
    return sorted(word for word, count in counts.items() if count >= max(_MIN_COMMON, _COMMON_SHARE * documents))


def _dump_suggested_words(segment: Segment) -> bytes:
    """Write the words that search fields suggest, the most frequent first; very common ones say nothing.

    They are those of the larger segment, so that a new day does not change the file. It loads on pages that have no
    other part of the search.
    """
    counts = _word_counts([segment])
    common = set(_common_words(counts, sum(day.count for day in segment.days)))
    known = (word for word in counts if len(word) >= _MIN_SUGGESTED and word.isalpha() and word not in common)
    # Twice as fast as with a key of both: of equal counts, the order of the words stays.
    words = sorted(sorted(known), key=counts.__getitem__, reverse=True)[:_SUGGESTED_WORDS]
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return f"(window.Daybook=window.Daybook||{{}}).words={text};\n".encode()
