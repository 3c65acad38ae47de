"""Day on disk + the entries of one page → day: nothing is lost, and no person is overwritten.

What is one entry: the same `id`, or the same minute with the same headline and text. A
later capture of the same live blog may correct it: under its `id`, or in its minute with
the same headline or nearly the same text where the former text is gone from the page. In
the minute of a withdrawn entry it is held back: it may be that entry in other words.

An entry whose fingerprint is no longer the ingested one was edited by a person. A page that
repeats its old word changes nothing there; a page that says something new is set beside it.
"""

import datetime as dt
from collections.abc import Sequence
from enum import Enum
from functools import cache, partial

from msgspec import Struct
from msgspec.structs import replace

from . import revisions
from .entries import Incoming
from .front import add_source
from .identity import digest
from .likely import Likely
from .model import Anchors, Day, Entry, Source, Wording, in_order
from .sources import add_key, facts, find_source, known_earlier, next_key, same_live_blog


class Outcome(Enum):
    """What became of an incoming entry."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    HELD_BACK = "held back"


class Held(Struct, frozen=True):
    """Something a page says that does not stand in its place: `anchor` is the entry, or ``lede``."""

    date: dt.date
    anchor: str
    reason: str


class Merged(Struct, frozen=True):
    """A day after a merge, the outcome of each incoming entry, and what was held back."""

    day: Day
    outcomes: tuple[Outcome, ...]
    held: tuple[Held, ...]


def merge_day(day: Day, arrivals: Sequence[Incoming], forced: frozenset[str] = frozenset()) -> Merged:
    """Merge the entries of one page into their day, in the order they happened.

    `forced` are anchors (or ``lede``) for which the page's word replaces what is there.
    """
    merge = _Merge(day, arrivals, forced)
    outcomes = tuple(merge.take(arrival.entry) for arrival in arrivals)
    merge.mark_absent()
    return Merged(replace(merge.day, entries=in_order(tuple(merge.entries))), outcomes, tuple(merge.held))


class _Merge:
    """The state of one merge: the entries, the ways to recognise one, and the page's source."""

    def __init__(self, day: Day, arrivals: Sequence[Incoming], forced: frozenset[str]) -> None:
        self.day, self.forced, self.first = day, forced, next(iter(arrivals), None)
        self.entries = list(day.entries)
        self.held: list[Held] = []
        self.present: set[int] = set()
        self.anchors = Anchors(entry.anchor for entry in day.entries)
        self.by_id: dict[str, int] = {}
        self.by_digest: dict[str, int] = {}
        self.by_minute: dict[dt.time | None, list[int]] = {}
        for position, entry in enumerate(self.entries):
            self._remember(position)
            self.by_minute.setdefault(entry.time, []).append(position)
        self.free = cache(self._free)
        said = (digest(arrival.entry) for arrival in arrivals)
        self.repeated = {self.by_digest[text] for text in said if text in self.by_digest}
        self.source = find_source(self.first.source, day.sources) if self.first and self.first.source else None
        self.is_new_source = self.source is None
        if self.first and self.first.source and self.source is None:
            self._add_source(self.first, replace(facts(self.first.source), key=next_key(day.sources)))
        self.credit = partial(add_key, source=self.source, known=self.day.sources)
        # Which sources of the day are other captures of this page's live blog.
        others = [source for source in day.sources if self.source and source != self.source]
        self.captures = {other.key: other for other in others if self.source and same_live_blog(other, self.source)}

    def take(self, entry: Entry) -> Outcome:
        position = self._find(entry)
        if position is not None:
            outcome = self._meet(position, entry)
        else:
            outcome, position, anchor = Outcome.NEW, len(self.entries), self.anchors.take(entry.time)
            self.entries.append(replace(entry, anchor=anchor, sources=self.credit(()), ingested=digest(entry)))
        self._remember(position)
        self.present.add(position)
        return outcome

    def mark_absent(self) -> None:
        """Mark entries of earlier captures whose minute this one covers without them."""
        covered = self.first.covered if self.first else None
        if self.source is None or not self.is_new_source or covered is None:
            return
        earlier = {key for key, source in self.captures.items() if not known_earlier(self.source, source)}
        for position, entry in enumerate(self.entries):
            if position in self.present or entry.time is None or not earlier.intersection(revisions.carriers(entry)):
                continue
            if covered[0] <= 60 * entry.time.hour + entry.time.minute <= covered[1]:
                self.entries[position] = replace(entry, absent=(*entry.absent, self.source.key))

    def _find(self, entry: Entry) -> int | None:
        position = self.by_id.get(entry.id) if entry.id else None
        if position is None:
            position = self.by_digest.get(digest(entry))
        there = self.entries[position] if position is not None else None
        if there and position is not None and there.anchor in self.forced and revisions.held_in_grave(there, entry):
            self.entries[position] = revisions.without_former(there, entry)
            return None
        return self._corrected_by(entry) if position is None else position

    def _corrected_by(self, entry: Entry) -> int | None:
        """Find the entry that another capture of this live blog had in place of this one."""
        likely, graves = self.free(entry.time, bool(entry.id))
        found = likely.of(entry, self.present)
        return next((at for at in graves if at not in self.present), None) if found is None else found

    def _free(self, time: dt.time | None, has_id: bool) -> tuple[Likely, list[int]]:
        """Give a minute's entries that another capture may have in other words, and its tombstones that may be one."""
        there = [
            (position, entry)
            for position in (self.by_minute.get(time, ()) if self.captures else ())
            if not ((entry := self.entries[position]).id and has_id) and position not in self.repeated
            if not (entry.is_tombstone and (entry.anchor in self.forced or time is None))
        ]
        graves = [position for position, entry in there if entry.is_tombstone]
        return Likely(pair for pair in there if self._captures_of(pair[1])), graves

    def _meet(self, position: int, entry: Entry) -> Outcome:
        """Settle an entry that is there already."""
        if self.entries[position].is_tombstone:
            return self._meet_tombstone(position, entry)
        there = revisions.settled(self.entries[position])
        known = revisions.carriers(there)
        carriers = self.credit(known)
        met, outcome = there if carriers == known else revisions.with_topics(there, entry), Outcome.SAME
        if there.anchor in self.forced and digest(there) != digest(entry):
            met, outcome = revisions.corrected(met, entry, self.credit), Outcome.CHANGED
        elif digest(entry) in (there.ingested, digest(there)) or self._is_old_word(there, entry):
            met = revisions.with_printer(met, entry, self.credit)
        elif revisions.edited(there):
            met, outcome = revisions.with_beside(met, entry, self.credit), Outcome.HELD_BACK
            name = f"{self.day.date}#{there.anchor}"
            reason = f"the page contradicts a person's edit and was set beside it; FORCE={name} takes its word"
            self.held.append(Held(self.day.date, there.anchor, reason))
        elif any(known_earlier(self.source, other) for other in self._captures_of(there)):
            met, outcome = revisions.with_former(met, entry, self.credit), Outcome.CHANGED
        else:
            met, outcome = revisions.corrected(met, entry, self.credit), Outcome.CHANGED
        self.entries[position] = revisions.with_carriers(met, carriers)
        return outcome

    def _meet_tombstone(self, position: int, entry: Entry) -> Outcome:
        """Let a withdrawn entry rest; what only stands in its minute is told, once: its text is gone to compare."""
        there = self.entries[position]
        if revisions.buried(there, entry):
            return Outcome.SAME
        self.entries[position] = replace(there, former=(*there.former, Wording(digest=digest(entry))))
        name = f"{self.day.date}#{there.anchor}"
        reason = f"an entry of this minute was withdrawn or moved, and this may be its new word; FORCE={name} adds it"
        self.held.append(Held(self.day.date, there.anchor, reason))
        return Outcome.HELD_BACK

    def _is_old_word(self, there: Entry, entry: Entry) -> bool:
        """Say whether a correction has already replaced this word, and no newer page took it up again."""
        others = self._captures_of(there)
        newest = self.is_new_source and bool(others) and all(known_earlier(other, self.source) for other in others)
        return revisions.says(there.former, entry) and not newest

    def _captures_of(self, there: Entry) -> list[Source]:
        return [self.captures[key] for key in revisions.carriers(there) if key in self.captures]

    def _add_source(self, arrival: Incoming, source: Source) -> None:
        self.source = source
        self.day, reason = add_source(self.day, arrival, source, forced="lede" in self.forced)
        if reason:
            self.held.append(Held(self.day.date, "lede", reason))

    def _remember(self, position: int) -> None:
        entry = self.entries[position]
        if entry.id:
            self.by_id[entry.id] = position
        for name in (entry.ingested, digest(entry), *(wording.digest for wording in entry.former)):
            if name:
                self.by_digest.setdefault(name, position)
