"""Days of documents → every file of the index: the only place that knows all its parts."""

import contextlib
import itertools
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from importlib.metadata import version
from pathlib import Path

import msgspec

from ..errors import ArchiveError
from ..sitefile import SiteFile, key_of, tree_digest
from ..store import Store
from .cards import dump_cards, files_of_cards
from .counts import Counting
from .document import Document, SearchedDay, documents_of
from .indexing import Made, indexed
from .manifest import PATH, dump_manifest
from .reindexing import is_worthwhile, reindexed
from .segments import Segment, split_by_quarter
from .shards import BASE, RECENT, Bounds, shard_name
from .topic_table import dump_topics
from .vocabulary import dump_vocabulary

Documents = Callable[[SearchedDay], tuple[Document, ...]]


def index_files(
    days: Sequence[SearchedDay], store: Store, families: Sequence[Sequence[str]] = ()
) -> Iterator[SiteFile]:
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
    parts = list(zip(split_by_quarter(known), (BASE, RECENT), strict=True))
    made = _segments(parts, store, makers)
    for part, (segment, scripts) in zip(parts, made, strict=True):
        yield from _shard_files(segment, partial(_script, scripts, store, cache(partial(_again, *part, makers))))
        yield from _other_files(segment, makers)
    documents = lru_cache(maxsize=1)(documents_of)
    for day in known:
        yield from _card_files(day, makers, documents)
    segments = [segment for segment, _ in made]
    versions = [(segment.name, segment.version()) for segment in segments]
    yield SiteFile(PATH, key_of(makers, versions, families), partial(dump_manifest, segments, families))


def _makers() -> bytes:
    """Digest all but the content that decides what is made: this package, lunr, Unicode."""
    code = tree_digest(Path(__file__).parent, ".py")
    return key_of(code, version("lunr"), version("msgspec"), unicodedata.unidata_version)


def _segments(parts: Sequence[tuple[list[SearchedDay], Bounds]], store: Store, makers: bytes) -> list[Made]:
    """Make the segments, from what they were before if the store knows it, and keep what is new."""
    counting = Counting(store, makers)
    means = counting, partial(_kept, store)
    result = []
    for days, bounds in parts:
        key = key_of(makers, "segment", bounds)
        old = _recalled(store, key)
        made = _made(old, days, bounds, means)
        if made.segment != old:
            store.keep(key, msgspec.msgpack.encode(made.segment))
        for digest, script in made.scripts.items():
            store.keep(digest, script)
        store.hold(counting.key(day.key) for day in days)
        store.hold(shard.digest for shard in made.segment.shards)
        result.append(made)
    return result


def _made(
    old: Segment | None, days: list[SearchedDay], bounds: Bounds, means: tuple[Counting, Callable[[bytes], bytes]]
) -> Made:
    if old and is_worthwhile(old, days):
        # Where the store lost a part of what the segment was, it is made from nothing.
        with contextlib.suppress(LookupError):
            return reindexed(old, days, bounds, means)
    return indexed(days, bounds, means[0])


def _recalled(store: Store, key: bytes) -> Segment | None:
    kept = store.recall(key)
    try:
        return None if kept is None else msgspec.msgpack.decode(kept, type=Segment)
    except msgspec.DecodeError:
        return None


def _kept(store: Store, digest: bytes) -> bytes:
    script = store.recall(digest)
    if script is None:
        raise LookupError(digest)
    return script


def _script(made: dict[bytes, bytes], store: Store, again: Callable[[], dict[bytes, bytes]], digest: bytes) -> bytes:
    """Return a shard's script as it was just made or is kept; what the store lost is made again."""
    return made.get(digest) or store.recall(digest) or again()[digest]


def _again(days: Sequence[SearchedDay], bounds: Bounds, makers: bytes) -> dict[bytes, bytes]:
    return indexed(days, bounds, Counting(Store(None), makers)).scripts


def _shard_files(segment: Segment, script: Callable[[bytes], bytes]) -> Iterator[SiteFile]:
    for shard in segment.shards:
        path = f"search/{shard_name(segment.name, shard.key, shard.hash)}.js"
        yield SiteFile(path, shard.digest, partial(script, shard.digest))


def _other_files(segment: Segment, makers: bytes) -> Iterator[SiteFile]:
    """Yield the vocabulary and the topic table of a segment that has documents."""
    name, shards, days = segment.name, segment.shards, segment.days
    if days:
        words = key_of(makers, name, [(shard.terms, shard.uses) for shard in shards])
        yield SiteFile(f"search/vocabulary-{name}.js", words, partial(dump_vocabulary, name, shards))
        topics = "\n".join(day.topics for day in days)
        yield SiteFile(f"search/topics-{name}.js", key_of(makers, name, topics), partial(dump_topics, name, topics))


def _card_files(day: SearchedDay, makers: bytes, documents: Documents) -> Iterator[SiteFile]:
    def made(file: int) -> bytes:
        return dump_cards(day.date, documents(day), file)

    # One digest a day: these files are most of the site.
    date, key = day.date.isoformat(), key_of(makers, day.key)
    for file in range(files_of_cards(day.count)):
        yield SiteFile(f"search/days/{date}-{file}.js", key[2:] + file.to_bytes(2, "big"), partial(made, file))
