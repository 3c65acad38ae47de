"""Entries that say the same at another time: linked, never merged.

Identical text links entries wherever they stand, a phrase that stands in more than forty
just with the one before and the one after; text that shares 0.8 of its five-word runs
links entries of the same or the neighbouring day. Both by look-up, so the cost grows with
the text and not with the pairs; and by the day, so that a day's links need no third one.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from .identity import is_similar, runs
from .model import EntryKey

Pair = tuple[EntryKey, EntryKey]

_SHORTEST = 5  # words; below that the same text says little
_COMMON = 40  # entries of a day; a run in more of them is a phrase of the outlet's


class Shelf(Struct, frozen=True):
    """A day's entries by their five-word runs, and which of them are similar."""

    runs_of: dict[EntryKey, frozenset[str]]
    holders: dict[str, tuple[EntryKey, ...]]
    similar: tuple[Pair, ...]


def shelve(texts: Mapping[EntryKey, str]) -> Shelf:
    """Put the entries of a day, as a reader sees their bodies, on a shelf."""
    shelf = Shelf({}, {}, ())
    similar: list[Pair] = []
    for key, text in texts.items():
        its_runs = runs(text)
        similar += _similar_to(key, its_runs, shelf)
        shared = shelf.holders.keys() & its_runs
        known = ((run, shelf.holders[run]) for run in shared)
        shelf.holders.update({run: (*held, key) for run, held in known if len(held) <= _COMMON})
        shelf.holders.update(dict.fromkeys(its_runs - shared, (key,)))
        shelf.runs_of[key] = its_runs
    return Shelf(shelf.runs_of, shelf.holders, tuple(similar))


def similar_entries(before: Shelf | None, today: Shelf) -> tuple[Pair, ...]:
    """Give the pairs within a day, and with the day before where the archive has it."""
    between = [pair for key, its_runs in today.runs_of.items() if before for pair in _similar_to(key, its_runs, before)]
    return tuple(sorted({*today.similar, *between}))


def text_digest(text: str) -> bytes:
    """Give what identical texts have in common: 8 bytes, none of a text too short to count."""
    words = text.count(" ") + 1
    return hashlib.blake2b(text.encode(), digest_size=8).digest() if words >= _SHORTEST else b""


def linked_entries(
    digests: Iterable[tuple[EntryKey, bytes]], similar: Iterable[Pair]
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
            near = keys if len(keys) <= _COMMON else keys[max(0, place - 1) : place + 2]
            found[key].update(other for other in near if other != key)
    return {key: tuple(sorted(others)) for key, others in sorted(found.items())}


def _similar_to(key: EntryKey, its_runs: frozenset[str], shelf: Shelf) -> list[Pair]:
    candidates: dict[EntryKey, frozenset[str]] = {}
    for run in shelf.holders.keys() & its_runs:
        held = shelf.holders[run]
        if len(held) <= _COMMON:
            candidates.update((other, shelf.runs_of[other]) for other in held)
    return [(other, key) for other, other_runs in candidates.items() if is_similar(its_runs, other_runs)]
