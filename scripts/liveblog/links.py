"""Entries that say the same at another time: linked, never merged.

Identical text links entries wherever they stand; text that shares 0.8 of its five-word runs
links entries of the same or the neighbouring day. Both by look-up, so the cost grows with
the text and not with the pairs.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from .identity import is_similar, runs
from .markup import plain_text
from .model import Day, EntryKey

_SHORTEST = 5  # words; below that the same text says little
_COMMON = 40  # entries of a day; a run in more of them is a phrase of the outlet's


class _Shelf(Struct):
    """A day's entries by their five-word runs."""

    runs_of: dict[EntryKey, frozenset[str]]
    holders: dict[str, list[EntryKey]]


def linked_entries(days: Sequence[Day]) -> dict[EntryKey, tuple[EntryKey, ...]]:
    """Give for each linked entry the entries it is linked with, in order of time; days oldest first."""
    found: dict[EntryKey, set[EntryKey]] = defaultdict(set)
    places: dict[str, list[EntryKey]] = defaultdict(list)
    before = _Shelf({}, {})
    last = dt.date.min
    for day in days:
        today = _Shelf({}, {})
        shelves = (before, today) if (day.date - last).days == 1 else (today,)
        for entry in day.entries:
            key, text = (day.date, entry.anchor), plain_text(entry.body)
            for other in _put(key, runs(text), shelves):
                found[key].add(other)
                found[other].add(key)
            if text.count(" ") >= _SHORTEST - 1:
                places[text].append(key)
        before, last = today, day.date
    for keys in places.values():
        for key in keys if len(keys) > 1 else ():
            found[key].update(other for other in keys if other != key)
    return {key: tuple(sorted(others)) for key, others in sorted(found.items())}


def _put(key: EntryKey, its_runs: frozenset[str], shelves: tuple[_Shelf, ...]) -> list[EntryKey]:
    """Put an entry on the last shelf; give those on all shelves that it is similar to."""
    candidates: set[EntryKey] = set()
    for run in its_runs:
        for shelf in shelves:
            held = shelf.holders.get(run, ())
            if len(held) <= _COMMON:
                candidates.update(held)
        shelves[-1].holders.setdefault(run, []).append(key)
    shelves[-1].runs_of[key] = its_runs
    runs_of = {other: shelf.runs_of[other] for shelf in shelves for other in candidates if other in shelf.runs_of}
    return [other for other in runs_of if is_similar(its_runs, runs_of[other])]
