"""Find entries that say nearly the same.

A shingle is a run of five words in lower case, without punctuation. Two texts are similar if they share 0.8 of the
shingles of the shorter one. The index looks shingles up, so its cost grows with the text and not with the number of
pairs. A merge looks for the entry of a minute that an incoming one corrects. The site links similar entries of one
day or of two neighbouring days, and identical texts of any days.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping
from itertools import chain
from typing import Generic, TypeVar

from msgspec import Struct

from daybook.core.model import EntryKey

_WORD = re.compile(r"\w+")
_MIN_SHARE = 0.8  # of the shingles of the shorter text
_MIN_WORDS = 5  # shorter texts are often identical by chance

# A shingle of more texts than this is a stock phrase of the outlet: it makes no two texts similar by itself. A whole
# text of more entries is one too: it is linked with its neighbours only.
MAX_SHINGLE_HOLDERS = 40
EntryPair = tuple[EntryKey, EntryKey]
K = TypeVar("K", bound=Hashable)


def shingles(text: str) -> frozenset[str]:
    """Return the shingles of a text."""
    words = _WORD.findall(text.lower())
    return frozenset(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)))


def is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two texts, given as shingles, are similar."""
    return len(one & other) >= _min_overlap(one, other)


def _min_overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return max(1, _MIN_SHARE * min(len(one), len(other)))


class ShingleIndex(Generic[K]):
    """Texts by their shingles: those of each text, and the texts that contain each, at most MAX_SHINGLE_HOLDERS + 1."""

    def __init__(self) -> None:
        self.shingles_of: dict[K, frozenset[str]] = {}
        self.holders: dict[str, list[K]] = defaultdict(list)

    def add(self, key: K, text: frozenset[str]) -> None:
        """Add a text, given as shingles."""
        self.shingles_of[key] = text
        for shingle in text:
            keys = self.holders[shingle]
            if len(keys) <= MAX_SHINGLE_HOLDERS:
                keys.append(key)

    def find_similar(self, text: frozenset[str], exclude: Container[K] = ()) -> list[K]:
        """Return the keys of similar texts, except those that share nothing but stock phrases."""
        shared = [self.holders[shingle] for shingle in self.holders.keys() & text]
        distinctive = [keys for keys in shared if len(keys) <= MAX_SHINGLE_HOLDERS]
        # Counting is cheaper than comparing. Stock phrases are not counted for each text: any text may share them all.
        stock_phrases = len(shared) - len(distinctive)
        return [
            key
            for key, count in Counter(chain.from_iterable(distinctive)).items()
            if key not in exclude
            and count + stock_phrases >= _min_overlap(text, self.shingles_of[key])
            and is_similar(text, self.shingles_of[key])
        ]


class DayShingles(Struct, frozen=True):
    """The entries of a day, and the similar pairs among them."""

    index: ShingleIndex[EntryKey]
    similar: tuple[EntryPair, ...]


def index_day(texts: Mapping[EntryKey, str]) -> DayShingles:
    """Index the plain texts of a day's entries, and find the similar pairs among them."""
    index = ShingleIndex[EntryKey]()
    similar: list[EntryPair] = []
    for key, text in texts.items():
        its_shingles = shingles(text)
        similar += ((earlier, key) for earlier in index.find_similar(its_shingles))
        index.add(key, its_shingles)
    return DayShingles(index, tuple(similar))


def similar_pairs(before: DayShingles | None, today: DayShingles) -> tuple[EntryPair, ...]:
    """Return the similar pairs within a day, and between it and the day before if the archive has that; sorted."""
    pairs = set(today.similar)
    if before:
        for key, text in today.index.shingles_of.items():
            pairs.update((earlier, key) for earlier in before.index.find_similar(text))
    return tuple(sorted(pairs))


def exact_text_hash(text: str) -> bytes:
    """Return 8 bytes that identical texts have in common; empty for a text of fewer than five words."""
    words = text.count(" ") + 1
    return hashlib.blake2b(text.encode(), digest_size=8).digest() if words >= _MIN_WORDS else b""


def related_entries(
    hashes: Iterable[tuple[EntryKey, bytes]], similar: Iterable[EntryPair]
) -> dict[EntryKey, tuple[EntryKey, ...]]:
    """Return the related entries of each entry that has any, sorted by time.

    `hashes` are the `exact_text_hash` of all entries, sorted by time, and `similar` are the pairs of all days.
    """
    first: dict[bytes, EntryKey] = {}
    identical: dict[bytes, list[EntryKey]] = {}
    for key, text_hash in hashes:
        if text_hash and first.setdefault(text_hash, key) is not key:
            identical.setdefault(text_hash, [first[text_hash]]).append(key)
    related: dict[EntryKey, set[EntryKey]] = defaultdict(set)
    for one, other in similar:
        related[one].add(other)
        related[other].add(one)
    for keys in identical.values():
        for position, key in enumerate(keys):
            near = keys if len(keys) <= MAX_SHINGLE_HOLDERS else keys[max(0, position - 1) : position + 2]
            related[key].update(other for other in near if other != key)
    return {key: tuple(sorted(others)) for key, others in sorted(related.items())}
