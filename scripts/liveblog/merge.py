"""Day on disk + new entries → day: nothing is lost, and no person is overwritten.

What is one entry: the same `id`, or the same minute with the same headline and text. An
entry whose fingerprint is no longer the ingested one was edited by a person; a page that
says again what it said before changes nothing there.
"""

import datetime as dt
from collections.abc import Iterable
from enum import Enum

import msgspec
from msgspec import Struct

from .entries import Incoming
from .identity import digest, fingerprint
from .markup import from_text
from .model import Caption, Day, Source, in_order, next_anchor
from .records import RecordSource

Span = tuple[int, int]


class Outcome(Enum):
    """What became of an incoming entry."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    HELD_BACK = "held back"


class Held(Struct, frozen=True):
    """Something a page says that was not written: `anchor` is the entry, or ``lede``."""

    date: dt.date
    anchor: str
    reason: str


class Merged(Struct, frozen=True):
    """A day after a merge, the outcome of each incoming entry, and what was held back."""

    day: Day
    outcomes: tuple[Outcome, ...]
    held: tuple[Held, ...]


def merge_day(day: Day, arrivals: Iterable[Incoming], forced: frozenset[str] = frozenset()) -> Merged:
    """Merge entries of one page into their day, in the order they happened.

    `forced` are anchors (or ``lede``) for which the page's word replaces what is there.
    """
    merge = _Merge(day, forced)
    outcomes = tuple(merge.take(arrival) for arrival in arrivals)
    return Merged(merge.result(), outcomes, tuple(merge.held))


def add_span(spans: tuple[Span, ...], span: Span) -> tuple[Span, ...]:
    """Add a span of minutes to sorted spans, joining those that touch."""
    joined: list[Span] = []
    for start, end in sorted([*spans, span]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


class _Merge:
    """The state of one merge: the day's parts, and three ways to recognise an entry."""

    def __init__(self, day: Day, forced: frozenset[str]) -> None:
        self.day, self.forced = day, forced
        self.entries = list(day.entries)
        self.sources = list(day.sources)
        self.held: list[Held] = []
        self.taken = {entry.anchor for entry in day.entries}
        self.by_id: dict[str, int] = {}
        self.by_digest: dict[str, int] = {}
        for position in range(len(self.entries)):
            self._remember(position)

    def take(self, arrival: Incoming) -> Outcome:
        keys = self._source_keys(arrival)
        entry = arrival.entry
        said = digest(entry)
        position = self.by_id.get(entry.id) if entry.id else None
        if position is None:
            position = self.by_digest.get(said)
        if position is None:
            anchor = next_anchor(entry.time, self.taken)
            self.taken.add(anchor)
            self.entries.append(msgspec.structs.replace(entry, anchor=anchor, sources=keys, ingested=said))
            self._remember(len(self.entries) - 1)
            return Outcome.NEW
        return self._meet(position, arrival, keys)

    def _meet(self, position: int, arrival: Incoming, keys: tuple[str, ...]) -> Outcome:
        """Settle an entry that is there already."""
        there, said = self.entries[position], digest(arrival.entry)
        sources = tuple(dict.fromkeys((*there.sources, *keys)))
        if said in (there.ingested, digest(there)):
            if sources != there.sources:
                topics = _with_topics(there.topics, arrival.entry.topics)
                self.entries[position] = msgspec.structs.replace(there, sources=sources, topics=topics)
            return Outcome.SAME
        if there.anchor in self.forced:
            replaced = msgspec.structs.replace(arrival.entry, anchor=there.anchor, sources=sources, ingested=said)
            self.entries[position] = replaced
            self._remember(position)
            return Outcome.CHANGED
        name = f"{self.day.date}#{there.anchor}"
        reason = f"the page now says otherwise under the id {there.id!r}; FORCE={name} takes its word"
        self.held.append(Held(self.day.date, there.anchor, reason))
        return Outcome.HELD_BACK

    def result(self) -> Day:
        return msgspec.structs.replace(self.day, entries=in_order(tuple(self.entries)), sources=tuple(self.sources))

    def _remember(self, position: int) -> None:
        entry = self.entries[position]
        if entry.id:
            self.by_id[entry.id] = position
        for name in (entry.ingested, digest(entry)):
            if name:
                self.by_digest.setdefault(name, position)

    def _source_keys(self, arrival: Incoming) -> tuple[str, ...]:
        """Find or add the arrival's page among the day's sources."""
        page = arrival.source
        if page is None:
            return ()
        facts = _facts(page)
        for source in self.sources:
            if msgspec.structs.replace(source, key="") == facts:
                return (source.key,)
        numbers = [int(source.key[1:]) for source in self.sources if source.key[1:].isdigit()]
        source = msgspec.structs.replace(facts, key=f"s{max(numbers, default=0) + 1}")
        self.sources.append(source)
        if arrival.covered:
            spans = add_span(self.day.collected, arrival.covered)
            self.day = msgspec.structs.replace(self.day, collected=spans)
        if page.date == self.day.date:
            self._take_front(page, source.key)
        return (source.key,)

    def _take_front(self, page: RecordSource, key: str) -> None:
        """Take title, lede and captions of the live blog whose own day this is, once."""
        lede = "\n\n".join(from_text(paragraph) for paragraph in page.lede)
        captions = [Caption(text=item.text, credit=item.credit, source=key) for item in page.captions]
        self.day = msgspec.structs.replace(self.day, captions=(*self.day.captions, *captions))
        untouched = not (self.day.title or self.day.lede)
        if untouched or "lede" in self.forced:
            said = fingerprint(page.title, lede)
            self.day = msgspec.structs.replace(self.day, title=page.title, lede=lede, ingested=said)
        elif (page.title, lede) != (self.day.title, self.day.lede):
            name = f"{self.day.date}#lede"
            reason = f"the day has a title and lede already; FORCE={name} takes this page's"
            self.held.append(Held(self.day.date, "lede", reason))


def _with_topics(there: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Add topics that the entry does not mention yet: a person's ``-slug`` stands."""
    mentioned = {slug[1:] for slug in there}
    return (*there, *(slug for slug in more if slug[1:] not in mentioned))


def _facts(page: RecordSource) -> Source:
    return Source(
        key="",
        title=page.title,
        outlet=page.outlet,
        url=page.url,
        date=page.date,
        printed_day=page.printed_day,
        standfirst=page.standfirst,
        captured=page.captured,
        sha256=page.sha256,
    )
