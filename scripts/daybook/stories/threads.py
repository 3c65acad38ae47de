"""One pass over all days, oldest first, that puts each entry into a story.

An entry joins the story of earlier entries that it is most like, if it is like enough; else it may found one itself.
A story of two entries needs more likeness than a further chapter of one that exists. A chapter that repeats another
(nearly the same words and figures) belongs to it and is no chapter of its own. Stories never merge, and what was
decided about a day never changes because of a later one.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from daybook.core.model import format_entry_key
from daybook.stories.terms import EntryTerms, is_unspaced
from daybook.stories.vectors import Likeness, WordCounts, compare

WINDOW = 60  # days without a chapter after which a story is closed
_HALF_LIFE = 180  # days in which a likeness loses half of its value
_FOUND = 0.31  # likeness at which two entries become a story
_JOIN = 0.24  # likeness at which an entry joins a story of two or more
_GROWTH, _BROAD = 0.02, 8  # added to _JOIN for each doubling of a story beyond 8 entries
_FULL = 60  # entries; a full story is closed
_SIMILAR = 0.18  # likeness of entries that are shown as similar
_MAX_SIMILAR = 3
_SHARED_RARE = 2  # rare words that two entries of a story share at least, one of them a name
_NEWEST = 6  # entries of a story that a new one is compared with, beside the first one and those found by rare words
# What makes two entries the same report: the cosine, the share of the shorter one's words, and so with one headline.
_SAME, _COVERED, _SAME_HEADLINE, _COVERED_HEADLINE = 0.78, 0.60, 0.60, 0.40
_SAME_DAYS = 30
_CONTINUED_MINUTES = 2 * 24 * 60  # within which "(2)" continues an entry
_SHOWN_WORDS = 5
NONE, NEW = "none", "new"  # values of the attribute [story]


class Placement(Struct, frozen=True, array_like=True):
    """What was decided about an entry. Entries are named by their keys, ``2023-06-02#t1329``.

    `story` is the first entry of its story, its own key in a story of its own. `chapter` is the entry whose chapter it
    is: itself, or the entry that it repeats or continues. `earlier` is the one that it is most like, `names` are the
    names that they share. `similar` are entries of other stories that are like it.
    """

    key: str
    story: str
    chapter: str
    earlier: str = ""
    likeness: float = 0.0
    names: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


class _Unit(Struct, array_like=True):
    """An entry with its continuations, as long as later ones are compared with it."""

    key: str
    day: int
    base: str
    vector: dict[str, int]
    figures: tuple[str, ...]
    story: str
    chapter: str
    spellings: dict[str, str]


class _Story(Struct, array_like=True):
    first: str
    members: list[str]  # units, repeats included
    chapters: int
    last: int  # day of the newest member
    is_open: bool = True


class _Continued(Struct, array_like=True):
    unit: str
    part: int
    minute: int


class Threads(Struct, array_like=True):
    """The state of the pass after a day: all that decides about later entries.

    `words` are those of this month so far and of the months before it that count.
    """

    words: WordCounts
    units: dict[str, _Unit]  # in order of time
    stories: dict[str, _Story]  # open ones, by their first entry
    continued: dict[str, _Continued]  # the newest entry of each outlet and headline
    day: int = 0

    def end_month(self) -> None:
        """Leave a state that depends on the entries alone that it holds."""
        self.words = WordCounts()
        self.stories, self.continued = dict(sorted(self.stories.items())), dict(sorted(self.continued.items()))

    def place_day(
        self,
        day: int,
        entries: Sequence[EntryTerms],
        corrections: "Corrections",
        by_term: "EntriesByTerm",
        month: WordCounts,
    ) -> list[Placement]:
        """Decide about the entries of a day, in order of time. `day` is its ordinal.

        `by_term` has the entries by their words, and `month` counts the words of the month; the new entries are added
        to both.
        """
        if self.day and day <= self.day:
            raise ValueError("days must be placed in order")
        self.day = day
        date = dt.date.fromordinal(day)
        names = [format_entry_key((date, terms.anchor)) for terms in entries]
        groups, group_of = self._units_of_day(day, entries, names, corrections.rules)
        for parts in groups.values():
            self.words.add(parts, day)
            month.add(parts, day)
        placed: dict[str, Placement] = {}
        for key, parts in groups.items():
            unit = _Unit(
                key=key,
                day=day,
                base=parts[0].base,
                vector=self.words.vector(parts),
                figures=tuple(sorted({figure for part in parts for figure in part.figures})),
                story=key,
                chapter=key,
                spellings={term: text for part in parts for term, text in part.spellings.items()},
            )
            placed[key] = self._place(unit, corrections.rules.get(key, Rule()), corrections.resolve, by_term)
            self.units[key] = unit
            by_term.add(unit)
        return [placed[key] if (key := group_of[name]) == name else self._continuation(name, key) for name in names]

    def forget(self) -> None:
        """Drop stories and entries that no later entry can be compared with.

        When this is called decides about no entry: those that are too old to count are not compared anyway.
        """
        oldest, oldest_minute = self.day - WINDOW, (self.day - 3) * 24 * 60
        self.stories = {first: story for first, story in self.stories.items() if story.last >= oldest}
        needed = {key for story in self.stories.values() for key in (story.first, *story.members[-_NEWEST:])}
        self.units = {key: unit for key, unit in self.units.items() if unit.day >= oldest or key in needed}
        self.continued = {name: last for name, last in self.continued.items() if last.minute >= oldest_minute}

    def _units_of_day(
        self, day: int, entries: Sequence[EntryTerms], names: Sequence[str], rules: "Rules"
    ) -> tuple[dict[str, list[EntryTerms]], dict[str, str]]:
        """Join "(2)", "(3)" to the entry that they continue; return the parts of new units, and the unit of each."""
        groups: dict[str, list[EntryTerms]] = {}
        group_of: dict[str, str] = {}
        for name, terms in zip(names, entries, strict=True):
            place, minute = f"{terms.outlet}\n{terms.base}", day * 24 * 60 + terms.minute
            last = self.continued.get(place)
            continues = last and terms.part == last.part + 1 and minute - last.minute <= _CONTINUED_MINUTES
            is_corrected = name in rules and bool(rules[name].belongs)
            if last and terms.part and continues and not is_corrected:
                group_of[name] = last.unit
                if last.unit in groups:
                    groups[last.unit].append(terms)
                self.continued[place] = _Continued(last.unit, terms.part, minute)
            else:
                group_of[name] = name
                groups[name] = [terms]
                self.continued[place] = _Continued(name, terms.part or 1, minute)
        return groups, group_of

    def _continuation(self, name: str, key: str) -> Placement:
        unit = self.units.get(key)
        return Placement(name, unit.story if unit else key, unit.chapter if unit else key)

    def _place(self, unit: _Unit, rule: "Rule", resolve: "Resolve", by_term: "EntriesByTerm") -> Placement:
        def story_of(key: str) -> str:
            return self.units[key].story if key in self.units else resolve(key)

        asked, never = rule.belongs, frozenset(map(story_of, sorted(rule.never)))
        regular = self.words.is_regular(unit.base, unit.day)
        if asked == NONE or (regular and not asked):
            return self._found(unit, is_open=False)
        near = _Near(unit, self._near(unit, by_term), self.units)
        if asked == NEW:
            return self._found(unit, similar=self._similar(unit, near))
        if asked:
            return self._belongs(unit, story_of(asked))
        if same := self._same(unit, near, never):
            unit.story, unit.chapter = same.story, same.chapter
            self._add(unit, same.story, is_chapter=False)
            return Placement(unit.key, unit.story, unit.chapter, same.key, _rounded(near.compare(same.key).cosine))
        best, other, score = self._best_story(unit, near, never)
        if best is None or other is None:
            return self._found(unit, similar=self._similar(unit, near))
        unit.story = best.first
        self._add(unit, best.first)
        names = self._shared_names(unit, other)
        similar = self._similar(unit, near)
        return Placement(unit.key, best.first, unit.key, other.key, _rounded(score), names, similar)

    def _found(self, unit: _Unit, *, is_open: bool = True, similar: tuple[str, ...] = ()) -> Placement:
        self.stories[unit.key] = _Story(unit.key, [unit.key], 1, unit.day, is_open)
        return Placement(unit.key, unit.key, unit.key, similar=similar)

    def _belongs(self, unit: _Unit, first: str) -> Placement:
        """Put an entry into the story that a person names by one of its entries."""
        unit.story = first
        if first in self.stories and self.stories[first].last < unit.day - WINDOW:
            self._close(self.stories.pop(first))
        earlier = self.stories[first].members[-1] if first in self.stories else first
        self.stories.setdefault(first, _Story(first, [], 1, unit.day))
        self.stories[first].is_open = True
        self._add(unit, first)
        return Placement(unit.key, first, unit.key, earlier)

    def _close(self, story: _Story) -> None:
        """Drop the entries of a story that ended long ago: one that begins again is compared with newer entries."""
        for key in (story.first, *story.members):
            self.units.pop(key, None)

    def _add(self, unit: _Unit, first: str, *, is_chapter: bool = True) -> None:
        story = self.stories.setdefault(first, _Story(first, [], 0, unit.day, is_open=False))
        story.members.append(unit.key)
        story.chapters += is_chapter
        story.last = unit.day

    def _near(self, unit: _Unit, by_term: "EntriesByTerm") -> dict[str, list[str]]:
        """Return the earlier entries that share rare words with one, and these words."""
        limit, found = self.words.rare_limit, dict[str, list[str]]()
        for term in unit.vector:
            if 2 <= self.words.holders[term] <= limit:
                for key in by_term.newest_first(term):
                    other = self.units.get(key)
                    if other is None or unit.day - other.day > WINDOW:
                        break
                    found.setdefault(key, []).append(term)
        return found

    def _same(self, unit: _Unit, near: "_Near", never: frozenset[str]) -> _Unit | None:
        """Return the most similar earlier entry that reports the same, if there is one."""
        best: tuple[float, _Unit | None] = (0.0, None)
        for key, shared in near.shared.items():
            other = self.units[key]
            if unit.day - other.day > _SAME_DAYS or len(shared) < _SHARED_RARE or other.story in never:
                continue
            value = near.compare(key).cosine
            if value < _SAME_HEADLINE:
                continue
            covered = len(unit.vector.keys() & other.vector.keys()) / min(len(unit.vector), len(other.vector))
            one = bool(unit.base) and unit.base == other.base
            fits = value >= (_SAME_HEADLINE if one else _SAME) and covered >= (_COVERED_HEADLINE if one else _COVERED)
            if fits and _share_figures(unit.figures, other.figures) and value > best[0]:
                best = value, other
        return best[1]

    def _best_story(
        self, unit: _Unit, near: "_Near", never: frozenset[str]
    ) -> tuple[_Story | None, _Unit | None, float]:
        """Return the story whose bar an entry clears by most, the entry of it that is most alike, and the score."""
        candidates: dict[str, list[str]] = {}
        for key, shared in near.shared.items():
            has_name = any(self.words.is_name(term) or is_unspaced(term) for term in shared)
            if len(shared) >= _SHARED_RARE and has_name:
                candidates.setdefault(self.units[key].story, []).append(key)
        best: tuple[float, _Story | None, _Unit | None, float] = (0.0, None, None, 0.0)
        for first, keys in sorted(candidates.items()):
            story = self.stories.get(first)
            if story is None or not story.is_open or len(story.members) >= _FULL or first in never:
                continue
            compared = dict.fromkeys([first, *story.members[-_NEWEST:], *keys])
            scored = [(near.decayed(key), key) for key in compared if key in self.units]
            scored.sort(key=lambda pair: (-pair[0], pair[1]))
            top = [value for value, _ in scored[:3]]
            score = (top[0] + sum(top) / len(top)) / 2
            margin = score - _bar(story)
            if margin >= 0 and (best[1] is None or margin > best[0]):
                closest = next((key for _, key in scored if key in keys), scored[0][1])
                best = margin, story, self.units[closest], score
        return best[1], best[2], best[3]

    def _similar(self, unit: _Unit, near: "_Near") -> tuple[str, ...]:
        """Return up to three entries of other stories that an entry is like, one of each story, most alike first."""
        scored = []
        for key in near.shared:
            other = self.units[key]
            if other.story != unit.story and (value := near.decayed(key)) >= _SIMILAR:
                scored.append((value, key, other.story))
        scored.sort(key=lambda row: (-row[0], row[1]))
        found: dict[str, str] = {}
        for _, key, story in scored:
            if len(found) == _MAX_SIMILAR:
                break
            found.setdefault(story, self.units[key].chapter)
        return tuple(found.values())

    def _shared_names(self, unit: _Unit, other: _Unit) -> tuple[str, ...]:
        """Return the names that two entries share, rarest first, as the newer one spells them."""
        shared = [term for term in unit.vector if term in other.vector and self.words.is_name(term)]
        shared.sort(key=lambda term: (self.words.holders[term], term))
        return tuple(unit.spellings[term] for term in shared if term in unit.spellings)[:_SHOWN_WORDS]


class _Near:
    """The earlier entries that share rare words with one, by their keys, and how alike they are, compared once."""

    def __init__(self, unit: _Unit, shared: Mapping[str, list[str]], units: Mapping[str, _Unit]) -> None:
        self.shared = shared  # the rare words, by key
        self._unit, self._units = unit, units
        self._known: dict[str, Likeness] = {}

    def compare(self, key: str) -> Likeness:
        if key not in self._known:
            self._known[key] = compare(self._unit.vector, self._units[key].vector)
        return self._known[key]

    def decayed(self, key: str) -> float:
        age = self._unit.day - self._units[key].day
        return float(self.compare(key).likeness * 0.5 ** (age / _HALF_LIFE))


class Rule(NamedTuple):
    """A correction by hand: an earlier entry of the story that an entry belongs to, or NONE or NEW, and entries whose
    stories it never joins."""

    belongs: str = ""
    never: frozenset[str] = frozenset()


Rules = Mapping[str, Rule]  # by the keys of entries
Resolve = Callable[[str], str]


class Corrections(NamedTuple):
    """The rules of entries, and a function that finds the story that one names.

    `resolve` returns the first entry of the story of an entry of an earlier day, and other keys unchanged.
    """

    rules: Rules
    resolve: Resolve


class EntriesByTerm:
    """The keys of entries by their words, in order of time; no part of the state, because the entries determine it."""

    def __init__(self, threads: Threads) -> None:
        """Add the entries that a state has."""
        self._keys: defaultdict[str, list[str]] = defaultdict(list)
        for unit in threads.units.values():
            self.add(unit)

    def add(self, unit: _Unit) -> None:
        """Add an entry that is newer than all others."""
        keys, key = self._keys, unit.key
        for term in unit.vector:
            keys[term].append(key)

    def newest_first(self, term: str) -> Iterable[str]:
        """Return the keys of the entries that have a word, newest first."""
        return reversed(self._keys.get(term, ()))


def new_threads() -> Threads:
    """Return the state before the first day."""
    return Threads(WordCounts(), {}, {}, {})


def _bar(story: _Story) -> float:
    """Return the score that an entry needs to join a story."""
    size = len(story.members)
    growth = _GROWTH * math.log2(size / _BROAD) if size > _BROAD else 0.0
    return (_JOIN if story.chapters > 1 else _FOUND) + growth


def _share_figures(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether half of the figures are common: the same table with other figures is another day's report."""
    least = min(len(one), len(other))
    return least < _SHARED_RARE or 2 * len(set(one) & set(other)) >= least


def _rounded(value: float) -> float:
    return round(value, 4)
