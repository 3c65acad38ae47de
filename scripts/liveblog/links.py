"""Entries that say the same at another time: linked, never merged.

Identical text links entries wherever they stand; text that shares 0.8 of its five-word runs
links entries of the same or the neighbouring day. Both by look-up, so the cost grows with
the text and not with the pairs.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from .identity import is_similar, runs
from .model import EntryKey

_SHORTEST = 5  # words; below that the same text says little
_COMMON = 40  # entries of a day; a run in more of them is a phrase of the outlet's


class _Shelf(Struct):
    """A day's entries by their five-word runs."""

    date: dt.date
    runs_of: dict[EntryKey, frozenset[str]]
    holders: dict[str, tuple[EntryKey, ...]]


def linked_entries(texts: Mapping[EntryKey, str]) -> dict[EntryKey, tuple[EntryKey, ...]]:
    """Give for each linked entry the entries it is linked with, in order of time.

    `texts` are all entries' bodies as a reader sees them, oldest day first.
    """
    found: dict[EntryKey, set[EntryKey]] = defaultdict(set)
    places: dict[str, list[EntryKey]] = defaultdict(list)
    shelves = [_Shelf(dt.date.min, {}, {})]
    for key, text in texts.items():
        date = key[0]
        if shelves[-1].date != date:
            shelves = [shelf for shelf in shelves[-1:] if (date - shelf.date).days == 1] + [_Shelf(date, {}, {})]
        for other in _put(key, runs(text), shelves):
            found[key].add(other)
            found[other].add(key)
        if text.count(" ") >= _SHORTEST - 1:
            places[text].append(key)
    for keys in places.values():
        for key in keys if len(keys) > 1 else ():
            found[key].update(other for other in keys if other != key)
    return {key: tuple(sorted(others)) for key, others in sorted(found.items())}


def _put(key: EntryKey, its_runs: frozenset[str], shelves: list[_Shelf]) -> list[EntryKey]:
    """Put an entry on the last shelf; give those on all shelves that it is similar to."""
    candidates: dict[EntryKey, frozenset[str]] = {}
    for shelf in shelves:
        for run in shelf.holders.keys() & its_runs:
            held = shelf.holders[run]
            if len(held) <= _COMMON:
                candidates.update((other, shelf.runs_of[other]) for other in held)
    last = shelves[-1]
    shared = last.holders.keys() & its_runs
    last.holders.update({run: (*last.holders[run], key) for run in shared})
    last.holders.update(dict.fromkeys(its_runs - shared, (key,)))
    last.runs_of[key] = its_runs
    return [other for other, other_runs in candidates.items() if is_similar(its_runs, other_runs)]
