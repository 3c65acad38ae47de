"""The stories of an archive, with a cache: after a change, only the months that it can reach are decided again.

The pass over the days is cut into *steps*: each month is one, except the newest, in which each day is one. What a step
decides depends on its days, on the state that the step before left, and on the words of earlier months. These are the
fewest months before it with 1,000 entries together, at most 24, so that an old day does not count for all days after it
and that no step reads words of many years. The cache
has, by a digest of all this, what a step decided and the digests of what it left. A change of an old day is decided up
to the month from which on these digests are what they were.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from daybook.core.hashing import bytes_digest, digest
from daybook.incremental.cache import BuildCache
from daybook.stories.terms import EntryTerms
from daybook.stories.threads import EntriesByTerm, Placement, Rule, Threads, new_threads
from daybook.stories.vectors import WordCounts

Value = TypeVar("Value")
MIN_COUNTED = 1000  # entries of the months whose words count, if there are so many
MAX_COUNTED = 24  # of these months


class StoryDay(Struct, frozen=True):
    """A day as the pass reads it; `key` identifies its entries' terms, which are loaded only if they are needed."""

    date: dt.date
    key: bytes
    terms: Callable[[], Sequence[EntryTerms]]


class _Decided(Struct, frozen=True, array_like=True):
    """What a step decided, the digest of the state after it, and the words of its month: their digest and number."""

    placements: tuple[Placement, ...]
    state: bytes
    words: bytes
    entries: int


class _Step(NamedTuple):
    """Days that are decided together; `begins` and `ends` tell whether they are the first and the last of a month."""

    days: tuple[StoryDay, ...]
    begins: bool
    ends: bool


def find_stories(
    days: Sequence[StoryDay], rules: Mapping[str, Rule], cache: BuildCache, code_key: bytes
) -> dict[str, Placement]:
    """Return what is decided about each entry, by its key and in order of time.

    `days` are all days, oldest first. `code_key` changes with whatever but the days and rules decides.

    The rules of an entry name entries of the archive that stand before it.
    """
    try:
        return _find_stories(days, rules, cache, code_key)
    except _MissingError:  # a row of the cache is damaged: nothing of it is used
        return _find_stories(days, rules, BuildCache(None), code_key)


def _find_stories(
    days: Sequence[StoryDay], rules: Mapping[str, Rule], cache: BuildCache, code_key: bytes
) -> dict[str, Placement]:
    by_date: dict[str, list[tuple[str, Rule]]] = {}
    for name, rule in sorted(rules.items()):
        by_date.setdefault(name.partition("#")[0], []).append((name, rule))
    placements: dict[str, Placement] = {}
    resolve = partial(_story_of, placements)
    pass_ = _Pass(cache, rules, resolve)
    months: list[tuple[bytes, int]] = []  # the words of each finished month, by their digest, and their entries
    state = b""
    for step in _steps(days):
        corrections = [
            (name, rule.belongs, resolve(rule.belongs), [(key, resolve(key)) for key in sorted(rule.never)])
            for day in step.days
            for name, rule in by_date.get(day.date.isoformat(), ())
        ]
        counted = _counted(months) if step.begins else ()
        key = digest(code_key, [(day.date, day.key) for day in step.days], step.ends, state, counted, corrections)
        decided = cache.get_or_make(b"step" + key, _Decided, partial(pass_.decide, step, state, counted))
        placements.update((placement.key, placement) for placement in decided.placements)
        state = decided.state
        cache.touch([b"state" + state, b"words" + decided.words])
        if step.ends:
            months.append((decided.words, decided.entries))
    return placements


def _steps(days: Sequence[StoryDay]) -> list[_Step]:
    """Return the steps of the pass over all days."""
    months = [tuple(group) for _, group in groupby(days, lambda day: (day.date.year, day.date.month))]
    steps = [_Step(month, begins=True, ends=True) for month in months[:-1]]
    newest = months[-1] if months else ()
    return [*steps, *(_Step((day,), begins=number == 0, ends=False) for number, day in enumerate(newest))]


def _counted(months: Sequence[tuple[bytes, int]]) -> tuple[bytes, ...]:
    """Return the words of the months that count for the next one, by their digests, oldest first."""
    counted: list[bytes] = []
    entries = 0
    for words, count in reversed(months[-MAX_COUNTED:]):
        if entries >= MIN_COUNTED:
            break
        counted.append(words)
        entries += count
    return tuple(reversed(counted))


class _MissingError(Exception):
    """The cache lacks a row that it should have."""


class _Pass:
    """Decides steps. What the step before left is in memory if that was decided, too, or else in the cache."""

    def __init__(self, cache: BuildCache, rules: Mapping[str, Rule], resolve: Callable[[str], str]) -> None:
        self._cache, self._rules, self._resolve = cache, rules, resolve
        self._state, self._threads = b"", new_threads()
        self._by_term = EntriesByTerm(self._threads)

    def decide(self, step: _Step, state: bytes, counted: Sequence[bytes]) -> _Decided:
        """Decide about the entries of a step, and store what it leaves.

        Raises:
            _MissingError: The cache lacks what an earlier step left.
        """
        if state != self._state:
            self._threads = self._load(b"state" + state, Threads) if state else new_threads()
        if step.begins:
            words = WordCounts()
            for month in counted:
                words.merge(self._load(b"words" + month, WordCounts))
            self._threads.begin_month(words)
        if state != self._state or step.begins:  # forgets the entries of long ago
            self._by_term = EntriesByTerm(self._threads)
        decided: list[Placement] = []
        for day in step.days:
            found = self._threads.place_day(
                day.date.toordinal(), day.terms(), self._rules, self._resolve, self._by_term
            )
            decided += found
        self._threads.forget()
        own = self._threads.end_month() if step.ends else WordCounts()
        self._state = self._store(b"state", self._threads)
        return _Decided(tuple(decided), self._state, self._store(b"words", own) if step.ends else b"", own.entries)

    def _load(self, key: bytes, kind: type[Value]) -> Value:
        try:
            return msgspec.msgpack.decode(self._cache.get(key) or b"", type=kind)
        except msgspec.DecodeError as error:
            raise _MissingError from error

    def _store(self, name: bytes, value: object) -> bytes:
        data = msgspec.msgpack.encode(value)
        key = bytes_digest(data)
        self._cache.put(name + key, data)
        return key


def _story_of(placements: Mapping[str, Placement], name: str) -> str:
    """Return the first entry of the story of an entry; the threads know those of the same day themselves."""
    return placements[name].story if name in placements else name
