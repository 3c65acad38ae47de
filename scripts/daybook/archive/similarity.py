"""Entries that say the same at another time: linked, never merged.

Identical text links entries wherever they stand, a phrase that stands in more than forty
just with the one before and the one after; text that shares 0.8 of its five-word runs
links entries of the same or the neighbouring day. Both by look-up, so the cost grows with
the text and not with the pairs; and by the day, so that a day's links need no third one.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from itertools import chain

from msgspec import Struct

from daybook.core.model import Entry, EntryKey

_WORD = re.compile(r"\w+")


_SIMILAR = 0.8


def shingles(text: str) -> frozenset[str]:
    """Give a text's five-word runs, in small letters and without punctuation."""
    words = _WORD.findall(text.lower())
    return frozenset(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)))


def is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two texts share 0.8 of the five-word runs of either."""
    return is_overlap_sufficient(len(one & other), one, other)


def is_overlap_sufficient(shared: int, one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether so many shared runs make two texts similar."""
    smaller = min(len(one), len(other))
    return bool(smaller) and shared >= _SIMILAR * smaller


EntryPair = tuple[EntryKey, EntryKey]


_SHORTEST = 5  # words; below that the same text says little


_COMMON_IN_DAY = 40  # entries of a day; a run in more of them is a phrase of the outlet's


class ShingleIndex(Struct, frozen=True):
    """A day's entries by their five-word runs, and which of them are similar."""

    shingles_of: dict[EntryKey, frozenset[str]]
    holders: dict[str, tuple[EntryKey, ...]]
    similar: tuple[EntryPair, ...]


def index_day(texts: Mapping[EntryKey, str]) -> ShingleIndex:
    """Put the entries of a day, as a reader sees their bodies, on a shelf."""
    shelf = ShingleIndex({}, {}, ())
    similar: list[EntryPair] = []
    for key, text in texts.items():
        its_runs = shingles(text)
        similar += _similar_to(key, its_runs, shelf)
        shared = shelf.holders.keys() & its_runs
        known = ((run, shelf.holders[run]) for run in shared)
        shelf.holders.update({run: (*held, key) for run, held in known if len(held) <= _COMMON_IN_DAY})
        shelf.holders.update(dict.fromkeys(its_runs - shared, (key,)))
        shelf.shingles_of[key] = its_runs
    return ShingleIndex(shelf.shingles_of, shelf.holders, tuple(similar))


def similar_pairs(before: ShingleIndex | None, today: ShingleIndex) -> tuple[EntryPair, ...]:
    """Give the pairs within a day, and with the day before where the archive has it."""
    between = [
        pair for key, its_runs in today.shingles_of.items() if before for pair in _similar_to(key, its_runs, before)
    ]
    return tuple(sorted({*today.similar, *between}))


def exact_text_hash(text: str) -> bytes:
    """Give what identical texts have in common: 8 bytes, none of a text too short to count."""
    words = text.count(" ") + 1
    return hashlib.blake2b(text.encode(), digest_size=8).digest() if words >= _SHORTEST else b""


def related_entries(
    digests: Iterable[tuple[EntryKey, bytes]], similar: Iterable[EntryPair]
) -> dict[EntryKey, tuple[EntryKey, ...]]:
    """Give for each linked entry the entries it is linked with, in order of time.

    `digests` are those of all entries' texts, `similar` the pairs of all days.
    """
    first: dict[bytes, EntryKey] = {}
    places: dict[bytes, list[EntryKey]] = {}
    for key, digest in digests:
        if digest and first.setdefault(digest, key) is not key:
            places.setdefault(digest, [first[digest]]).append(key)
    found: dict[EntryKey, set[EntryKey]] = defaultdict(set)
    for one, other in similar:
        found[one].add(other)
        found[other].add(one)
    for keys in places.values():
        for place, key in enumerate(keys):
            near = keys if len(keys) <= _COMMON_IN_DAY else keys[max(0, place - 1) : place + 2]
            found[key].update(other for other in near if other != key)
    return {key: tuple(sorted(others)) for key, others in sorted(found.items())}


def _similar_to(key: EntryKey, its_runs: frozenset[str], shelf: ShingleIndex) -> list[EntryPair]:
    candidates: dict[EntryKey, frozenset[str]] = {}
    for run in shelf.holders.keys() & its_runs:
        held = shelf.holders[run]
        if len(held) <= _COMMON_IN_DAY:
            candidates.update((other, shelf.shingles_of[other]) for other in held)
    return [(other, key) for other, other_runs in candidates.items() if is_similar(its_runs, other_runs)]


_COMMON_IN_MINUTE = 40  # entries of a minute


class CandidateIndex:
    """Some entries, each under its position in the day."""

    def __init__(self, entries: Iterable[tuple[int, Entry]]) -> None:
        self._headed: dict[str, list[int]] = defaultdict(list)
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._runs: dict[int, frozenset[str]] = {}
        for position, entry in entries:
            self._headed[entry.headline].append(position)
            self._runs[position] = shingles(entry.body)
            for run in self._runs[position]:
                self._holders[run].append(position)

    def find(self, entry: Entry, gone: Container[int]) -> int | None:
        """Give the first position with the same headline or nearly the same text that is not gone."""
        headed = self._headed.get(entry.headline, ()) if entry.headline else ()
        first = next((position for position in headed if position not in gone), None)
        its_runs = shingles(entry.body) if self._holders else frozenset()
        found = [first] if first is not None else []
        held = [self._holders[run] for run in self._holders.keys() & its_runs]
        telling = [positions for positions in held if len(positions) <= _COMMON_IN_MINUTE]
        most = len(held) - len(telling)  # that any of them may share besides; so few are worth a comparison
        for position, shared in Counter(chain.from_iterable(telling)).items():
            other = self._runs[position]
            if (
                position not in gone
                and is_overlap_sufficient(shared + most, its_runs, other)
                and is_similar(its_runs, other)
            ):
                found.append(position)
        return min(found, default=None)
