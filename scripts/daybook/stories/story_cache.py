"""The stories of an archive, with a cache: only changed days and those after them are decided again.

The decisions about a day depend on its entries and on all days before it. Each day therefore has a key that covers
both. The cache holds the decisions about each day, and the state of the pass at the end of each quarter of a year and
of the last day.
"""

import datetime as dt
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec
from msgspec import Struct

from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.stories.terms import EntryTerms
from daybook.stories.threads import EntriesByTerm, Placement, Rule, Threads, new_threads

_PLACEMENTS = msgspec.msgpack.Decoder(tuple[Placement, ...])


class StoryDay(Struct, frozen=True):
    """A day as the pass reads it; `key` identifies its entries' terms, which are loaded only if they are needed."""

    date: dt.date
    key: bytes
    terms: Callable[[], Sequence[EntryTerms]]


def find_stories(
    days: Sequence[StoryDay], rules: Mapping[str, Rule], cache: BuildCache, code_key: bytes
) -> dict[str, Placement]:
    """Return what is decided about each entry, by its key and in order of time.

    `days` are all days, oldest first. `code_key` changes with whatever but the days and rules decides.

    The rules of an entry name entries of the archive that stand before it.
    """
    by_date: dict[str, list[tuple[str, Rule]]] = {}
    for name, rule in sorted(rules.items()):
        by_date.setdefault(name.partition("#")[0], []).append((name, rule))
    keys, key = [], digest(code_key, "stories")
    for day in days:
        corrections = [(name, rule.belongs, sorted(rule.never)) for name, rule in by_date.get(day.date.isoformat(), ())]
        key = digest(key, day.date, day.key, corrections)
        keys.append(key)
    saved = {
        number
        for number, day in enumerate(days)
        if number + 1 == len(days) or _quarter(day) != _quarter(days[number + 1])
    }
    placements: dict[str, Placement] = {}
    known = _load_known(cache, keys, placements)
    start, threads = _load_state(cache, keys, saved, known)
    by_term = EntriesByTerm(threads)
    for number in range(start, len(days)):
        day = days[number]
        terms = day.terms()
        decided = threads.place_day(day.date.toordinal(), terms, rules, partial(_story_of, placements), by_term)
        placements.update((placement.key, placement) for placement in decided)
        cache.put(_row(b"placed", keys[number]), msgspec.msgpack.encode(decided))
        if number in saved:
            state = zlib.compress(msgspec.msgpack.encode(threads), 1)
            cache.put(_row(b"threads", keys[number]), state)
    return placements


def _load_known(cache: BuildCache, keys: Sequence[bytes], placements: dict[str, Placement]) -> int:
    """Load the decisions about the first days that the cache has; return their number."""
    for number, key in enumerate(keys):
        try:
            decided = _PLACEMENTS.decode(cache.get(_row(b"placed", key)) or b"")
        except msgspec.DecodeError:
            return number
        placements.update((placement.key, placement) for placement in decided)
    return len(keys)


def _load_state(cache: BuildCache, keys: Sequence[bytes], saved: set[int], known: int) -> tuple[int, Threads]:
    """Return the newest state that the cache has within the first `known` days, and the number of days before it."""
    cache.touch(_row(b"threads", keys[number]) for number in saved if number < known)
    if known == len(keys):
        return known, new_threads()  # nothing is to be decided
    for number in sorted((number for number in range(known)), reverse=True):
        state = cache.get(_row(b"threads", keys[number]))
        if state:
            try:
                return number + 1, msgspec.msgpack.decode(zlib.decompress(state), type=Threads)
            except (zlib.error, msgspec.DecodeError):
                continue
    return 0, new_threads()


def _quarter(day: StoryDay) -> tuple[int, int]:
    return day.date.year, (day.date.month - 1) // 3


def _row(name: bytes, key: bytes) -> bytes:
    return name + key


def _story_of(placements: Mapping[str, Placement], name: str) -> str:
    """Return the first entry of the story of an entry; the threads know those of the same day themselves."""
    return placements[name].story if name in placements else name
