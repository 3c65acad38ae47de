"""The stories of an archive, with a cache: after a change, only the months that it can reach are decided again.

The pass over the days is cut into *steps*: each month is one, except the newest, in which each day is one. What a step
decides depends on its days, on the state that the step before left, and on the words of earlier months. These are the
fewest months before it with 1,000 entries together, at most 24, so that an old day does not count for all days after it
and that no step reads words of many years. The cache has, by a digest of all this, what a step decided and the digests
of what it left. A change of an old day is decided up to the month from which on these digests are what they were.

A state takes a hundred times the space of what was decided. So the cache has one for each month and for the last three
days of the newest month; each replaces the one before it. If the state that a step begins with is not there, the steps
before it are decided again, from the nearest one whose state is.
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
from daybook.stories.threads import Corrections, EntriesByTerm, Placement, Rule, Threads, new_threads
from daybook.stories.vectors import WordCounts

Value = TypeVar("Value")
MIN_COUNTED = 1000  # entries of the months whose words count, if there are so many
MAX_COUNTED = 24  # of these months
KEPT_DAYS = 3  # of the newest month, whose states are stored


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
    """Days that are decided together; `begins` and `ends` tell whether they are the first and the last of a month.

    `place` is the key of the row for the state after it.
    """

    days: tuple[StoryDay, ...]
    begins: bool
    ends: bool
    place: bytes


class _Work(NamedTuple):
    """A step, with the row and the digest of the state before it, and the words that count, if it begins a month."""

    step: _Step
    place: bytes
    state: bytes
    counted: tuple[bytes, ...]


def find_stories(
    days: Sequence[StoryDay], rules: Mapping[str, Rule], cache: BuildCache, code_key: bytes
) -> dict[str, Placement]:
    """Return what is decided about each entry, by its key and in order of time.

    `days` are all days, oldest first. `code_key` changes with whatever but the days and rules decides.

    The rules of an entry name entries of the archive that are before it.
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
    pass_ = _Pass(cache, Corrections(rules, resolve))
    months: list[tuple[bytes, int]] = []  # the words of each finished month, by their digest, and their entries
    place = state = b""
    for step in _steps(days):
        corrections = [
            (name, rule.belongs, resolve(rule.belongs), [(key, resolve(key)) for key in sorted(rule.never)])
            for day in step.days
            for name, rule in by_date.get(day.date.isoformat(), ())
        ]
        work = _Work(step, place, state, _counted(months) if step.begins else ())
        key = digest(code_key, [(day.date, day.key) for day in step.days], step.ends, state, work.counted, corrections)
        decided = cache.get_or_make(b"step" + key, _Decided, partial(pass_.decide, work))
        pass_.passed.append(work)
        placements.update((placement.key, placement) for placement in decided.placements)
        place, state = step.place, decided.state
        cache.touch([place, b"words" + decided.words])
        if step.ends:
            months.append((decided.words, decided.entries))
    return placements


def _steps(days: Sequence[StoryDay]) -> list[_Step]:
    """Return the steps of the pass over all days."""
    months = [tuple(group) for _, group in groupby(days, lambda day: (day.date.year, day.date.month))]
    newest = enumerate(months[-1] if months else ())
    return [
        *(_Step(month, begins=True, ends=True, place=f"state {month[0].date:%Y-%m}".encode()) for month in months[:-1]),
        *(_Step((day,), begins=n == 0, ends=False, place=b"state %d" % (n % KEPT_DAYS)) for n, day in newest),
    ]


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
    """Decides steps. `passed` are those before the next one, oldest first."""

    def __init__(self, cache: BuildCache, corrections: Corrections) -> None:
        self.passed: list[_Work] = []
        self._cache, self._corrections = cache, corrections
        self._state, self._threads = b"", new_threads()
        self._by_term = EntriesByTerm(self._threads)

    def decide(self, work: _Work) -> _Decided:
        """Decide about the entries of a step, and store what it leaves.

        Raises:
            _MissingError: The cache lacks the words of an earlier month.
        """
        steps = [work]
        while not self._find_state(steps[-1]):
            steps.append(self.passed[-len(steps)])
        for earlier in reversed(steps[1:]):
            self._decide(earlier)
        return self._decide(work)

    def _find_state(self, work: _Work) -> bool:
        """Take the state before a step from memory or the cache, and return whether it was there."""
        if work.state != self._state:
            row = self._cache.get(work.place) if work.state else b""
            if row is None or row[: len(work.state)] != work.state:
                return False
            self._threads = _decode(row[len(work.state) :], Threads) if work.state else new_threads()
            self._state, self._by_term = work.state, EntriesByTerm(self._threads)
        return True

    def _decide(self, work: _Work) -> _Decided:
        step = work.step
        if step.begins:
            self._threads.words = WordCounts()
            for month in work.counted:
                self._threads.words.merge(_decode(self._cache.get(b"words" + month) or b"", WordCounts))
            self._by_term = EntriesByTerm(self._threads)  # forgets the entries of long ago
        decided: list[Placement] = []
        own = WordCounts()
        for day in step.days:
            ordinal, terms = day.date.toordinal(), day.terms()
            decided += self._threads.place_day(ordinal, terms, self._corrections, self._by_term, own)
        self._threads.forget()
        if step.ends:
            self._threads.end_month()
        data = msgspec.msgpack.encode(self._threads)
        self._state = bytes_digest(data)
        self._cache.put(step.place, self._state + data)
        return _Decided(tuple(decided), self._state, self._store_words(own) if step.ends else b"", own.entries)

    def _store_words(self, words: WordCounts) -> bytes:
        data = msgspec.msgpack.encode(words)
        key = bytes_digest(data)
        self._cache.put(b"words" + key, data)
        return key


def _decode(data: bytes, kind: type[Value]) -> Value:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise _MissingError from error


def _story_of(placements: Mapping[str, Placement], name: str) -> str:
    """Return the first entry of the story of an entry; the threads know those of the same day themselves."""
    return placements[name].story if name in placements else name
