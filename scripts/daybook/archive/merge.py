"""Day on disk + the entries of one page → day: nothing is lost, and no person is overwritten.

What is one entry: the same `id`, or the same minute with the same headline and text. A
later capture of the same live blog may correct it: under its `id`, or in its minute with
the same headline or nearly the same text where the former text is gone from the page. In
the minute of a withdrawn entry it is held back: it may be that entry in other words.

An entry whose fingerprint is no longer the ingested one was edited by a person. A page that
repeats its old word changes nothing there; a page that says something new is set beside it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from enum import Enum
from functools import cache, partial

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.from_record import IncomingEntry
from daybook.archive.similarity import ShingleIndex, shingles
from daybook.core.hashing import entry_fingerprint, text_fingerprint
from daybook.core.markdown import markdown_from_text
from daybook.core.model import AnchorAllocator, Day, DayCaption, DaySource, Entry, Wording, minute_of_day, sort_entries
from daybook.core.record import PageSource


class Outcome(Enum):
    """What became of an incoming entry."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    NEEDS_REVIEW = "needs review"


class ReviewItem(Struct, frozen=True):
    """Something a page says that does not stand in its place: `anchor` is the entry, or ``lede``."""

    date: dt.date
    anchor: str
    reason: str


class MergeResult(Struct, frozen=True):
    """A day after a merge, the outcome of each incoming entry, and what was held back."""

    day: Day
    outcomes: tuple[Outcome, ...]
    review_items: tuple[ReviewItem, ...]


def merge_day(day: Day, arrivals: Sequence[IncomingEntry], forced: frozenset[str] = frozenset()) -> MergeResult:
    """Merge the entries of one page into their day, in the order they happened.

    `forced` are anchors (or ``lede``) for which the page's word replaces what is there.
    """
    merge = _Merge(day, arrivals, forced)
    outcomes = tuple(merge.take(arrival.entry) for arrival in arrivals)
    merge.mark_absent()
    return MergeResult(replace(merge.day, entries=sort_entries(tuple(merge.entries))), outcomes, tuple(merge.held))


class CandidateIndex:
    """Entries that an arriving one may correct, by their positions in the day."""

    def __init__(self, entries: Iterable[tuple[int, Entry]]) -> None:
        self._by_headline: dict[str, list[int]] = defaultdict(list)
        self._texts = ShingleIndex[int]()
        for position, entry in entries:
            self._by_headline[entry.headline].append(position)
            self._texts.add(position, shingles(entry.body))

    def find(self, entry: Entry, exclude: Container[int]) -> int | None:
        """Return the first position with the same headline or a similar text; None if there is none."""
        same_headline = self._by_headline.get(entry.headline, ()) if entry.headline else ()
        first = next((position for position in same_headline if position not in exclude), None)
        similar = self._texts.find_similar(shingles(entry.body), exclude) if self._texts.holders else []
        return min([*similar, *([] if first is None else [first])], default=None)


class _Merge:
    """The state of one merge: the entries, the ways to recognise one, and the page's source."""

    def __init__(self, day: Day, arrivals: Sequence[IncomingEntry], forced: frozenset[str]) -> None:
        self.day, self.accepted, self.first = day, forced, next(iter(arrivals), None)
        self.entries = list(day.entries)
        self.held: list[ReviewItem] = []
        self.present: set[int] = set()
        self.anchors = AnchorAllocator(entry.anchor for entry in day.entries)
        self.by_id: dict[str, int] = {}
        self.by_digest: dict[str, int] = {}
        self.by_minute: dict[dt.time | None, list[int]] = {}
        for position, entry in enumerate(self.entries):
            self._remember(position)
            self.by_minute.setdefault(entry.time, []).append(position)
        self.free = cache(self._free)
        said = (entry_fingerprint(arrival.entry) for arrival in arrivals)
        self.repeated = {self.by_digest[text] for text in said if text in self.by_digest}
        self.source = find_source(self.first.source, day.sources) if self.first and self.first.source else None
        self.is_new_source = self.source is None
        if self.first and self.first.source and self.source is None:
            self._add_source(self.first, replace(without_day_key(self.first.source), key=next_source_key(day.sources)))
        self.credit = partial(add_key, source=self.source, known=self.day.sources)
        # Which sources of the day are other captures of this page's live blog.
        others = [source for source in day.sources if self.source and source != self.source]
        self.captures = {other.key: other for other in others if self.source and is_same_live_blog(other, self.source)}

    def take(self, entry: Entry) -> Outcome:
        position = self._find(entry)
        if position is not None:
            outcome = self._meet(position, entry)
        else:
            outcome, position, anchor = Outcome.NEW, len(self.entries), self.anchors.take(entry.time)
            self.entries.append(
                replace(entry, anchor=anchor, sources=self.credit(()), ingested=entry_fingerprint(entry))
            )
        self._remember(position)
        self.present.add(position)
        return outcome

    def mark_absent(self) -> None:
        """Mark entries of earlier captures whose minute this one covers without them."""
        covered = self.first.covered if self.first else None
        if self.source is None or not self.is_new_source or covered is None:
            return
        earlier = {key for key, source in self.captures.items() if not is_known_earlier(self.source, source)}
        for position, entry in enumerate(self.entries):
            if position in self.present or entry.time is None or not earlier.intersection(carrying_sources(entry)):
                continue
            if covered[0] <= minute_of_day(entry.time) <= covered[1]:
                self.entries[position] = replace(entry, missing_from=(*entry.missing_from, self.source.key))

    def _find(self, entry: Entry) -> int | None:
        position = self.by_id.get(entry.id) if entry.id else None
        if position is None:
            position = self.by_digest.get(entry_fingerprint(entry))
        there = self.entries[position] if position is not None else None
        if there and position is not None and there.anchor in self.accepted and blocked_by_tombstone(there, entry):
            self.entries[position] = without_wording(there, entry)
            return None
        return self._corrected_by(entry) if position is None else position

    def _corrected_by(self, entry: Entry) -> int | None:
        """Find the entry that another capture of this live blog had in place of this one."""
        likely, graves = self.free(entry.time, bool(entry.id))
        found = likely.find(entry, self.present)
        return next((at for at in graves if at not in self.present), None) if found is None else found

    def _free(self, time: dt.time | None, has_id: bool) -> tuple[CandidateIndex, list[int]]:
        """Give a minute's entries that another capture may have in other words, and its tombstones that may be one."""
        there = [
            (position, entry)
            for position in (self.by_minute.get(time, ()) if self.captures else ())
            if not ((entry := self.entries[position]).id and has_id) and position not in self.repeated
            if not (entry.is_tombstone and (entry.anchor in self.accepted or time is None))
        ]
        graves = [position for position, entry in there if entry.is_tombstone]
        return CandidateIndex(pair for pair in there if self._captures_of(pair[1])), graves

    def _meet(self, position: int, entry: Entry) -> Outcome:
        """Settle an entry that is there already."""
        if self.entries[position].is_tombstone:
            return self._meet_tombstone(position, entry)
        there = without_uncertain_credits(self.entries[position])
        known = carrying_sources(there)
        carriers = self.credit(known)
        met, outcome = there if carriers == known else with_topics(there, entry), Outcome.SAME
        if there.anchor in self.accepted and entry_fingerprint(there) != entry_fingerprint(entry):
            met, outcome = with_correction(met, entry, self.credit), Outcome.CHANGED
        elif entry_fingerprint(entry) in (there.ingested, entry_fingerprint(there)) or self._is_old_word(there, entry):
            met = with_printer(met, entry, self.credit)
        elif is_hand_edited(there):
            met, outcome = with_conflict(met, entry, self.credit), Outcome.NEEDS_REVIEW
            name = f"{self.day.date}#{there.anchor}"
            reason = f"the page contradicts a person's edit and was set beside it; FORCE={name} takes its word"
            self.held.append(ReviewItem(self.day.date, there.anchor, reason))
        elif any(is_known_earlier(self.source, other) for other in self._captures_of(there)):
            met, outcome = with_older_revision(met, entry, self.credit), Outcome.CHANGED
        else:
            met, outcome = with_correction(met, entry, self.credit), Outcome.CHANGED
        self.entries[position] = with_carrying_sources(met, carriers)
        return outcome

    def _meet_tombstone(self, position: int, entry: Entry) -> Outcome:
        """Let a withdrawn entry rest; what only stands in its minute is told, once: its text is gone to compare."""
        there = self.entries[position]
        if matches_tombstone(there, entry):
            return Outcome.SAME
        self.entries[position] = replace(there, revisions=(*there.revisions, Wording(digest=entry_fingerprint(entry))))
        name = f"{self.day.date}#{there.anchor}"
        reason = f"an entry of this minute was withdrawn or moved, and this may be its new word; FORCE={name} adds it"
        self.held.append(ReviewItem(self.day.date, there.anchor, reason))
        return Outcome.NEEDS_REVIEW

    def _is_old_word(self, there: Entry, entry: Entry) -> bool:
        """Say whether a correction has already replaced this word, and no newer page took it up again."""
        others = self._captures_of(there)
        newest = self.is_new_source and bool(others) and all(is_known_earlier(other, self.source) for other in others)
        return has_wording(there.revisions, entry) and not newest

    def _captures_of(self, there: Entry) -> list[DaySource]:
        return [self.captures[key] for key in carrying_sources(there) if key in self.captures]

    def _add_source(self, arrival: IncomingEntry, source: DaySource) -> None:
        self.source = source
        self.day, reason = add_source(self.day, arrival, source, forced="lede" in self.accepted)
        if reason:
            self.held.append(ReviewItem(self.day.date, "lede", reason))

    def _remember(self, position: int) -> None:
        entry = self.entries[position]
        if entry.id:
            self.by_id[entry.id] = position
        for name in (entry.ingested, entry_fingerprint(entry), *(wording.digest for wording in entry.revisions)):
            if name:
                self.by_digest.setdefault(name, position)


Credit = Callable[[tuple[str, ...]], tuple[str, ...]]


def carrying_sources(entry: Entry) -> tuple[str, ...]:
    """Return the keys of all pages that carried an entry, in any wording."""
    if not (entry.revisions or entry.conflicts or entry.carried):
        return entry.sources
    wordings = (*entry.revisions, *entry.conflicts)
    printers = (key for wording in wordings for key in (*wording.sources, wording.source) if key)
    return tuple(dict.fromkeys((*entry.sources, *printers, *entry.carried)))


def without_uncertain_credits(entry: Entry) -> Entry:
    """Return an entry with only those credits of a file of version 0.1 that are certain.

    That version credited a corrected wording to the page that replaced it (`source`), and kept
    every page that carried the entry in `sources`. An older capture that came late was credited
    correctly, and nothing tells the two cases apart. So an entry with such a credit names no page
    for its former wordings or for the one shown; the pages are kept in `carried`. The page of
    a wording beside an edit was always the right one.
    """
    if not any(wording.source for wording in (*entry.revisions, *entry.conflicts)):
        return entry
    printers_known = not any(wording.source for wording in entry.revisions)
    others = {wording.source for wording in entry.conflicts}
    known = replace(
        entry,
        sources=tuple(key for key in entry.sources if key not in others) if printers_known else (),
        revisions=tuple(replace(wording, source="") for wording in entry.revisions),
        conflicts=tuple(_beside(wording) for wording in entry.conflicts),
    )
    return with_carrying_sources(known, carrying_sources(entry))


def with_carrying_sources(entry: Entry, keys: Iterable[str]) -> Entry:
    """Keep pages that carried an entry and that none of its wordings names."""
    named = carrying_sources(replace(entry, carried=()))
    return replace(entry, carried=tuple(dict.fromkeys(key for key in keys if key not in named)))


def with_correction(there: Entry, entry: Entry, credit: Credit) -> Entry:
    """Let the page's word stand and keep the former one with the pages that printed it.

    What a person wrote was printed by no page. Pages that are known to have printed the new
    wording before stay credited with it.
    """
    said = entry_fingerprint(entry)
    former = replace(_wording(there), sources=() if is_hand_edited(there) else there.sources)
    printers = [*(there.sources if there.ingested == said else ())]
    printers += (key for wording in there.conflicts if wording.digest == said for key in wording.sources)
    return replace(
        there,
        time=entry.time,
        at=entry.at,
        headline=entry.headline,
        body=entry.body,
        updated=entry.updated,
        sources=credit(tuple(dict.fromkeys(printers))),
        ingested=said,
        revisions=(*there.revisions, former),
        conflicts=(),
    )


def with_older_revision(there: Entry, older: Entry, credit: Credit) -> Entry:
    """Put the word of an older capture among the former ones, behind those that are older still."""
    page = credit(())
    behind = (place for place, old in enumerate(there.revisions, start=1) if credit(old.sources)[:1] != page)
    place = max(behind, default=0)
    wording = replace(_wording(older), sources=page)
    return replace(there, revisions=(*there.revisions[:place], wording, *there.revisions[place:]))


def with_conflict(there: Entry, entry: Entry, credit: Credit) -> Entry:
    """Set a page's word beside a person's edit, once; a further page that prints it is added."""
    if has_wording(there.conflicts, entry):
        return replace(there, conflicts=_credited(there.conflicts, entry, credit))
    return replace(there, conflicts=(*there.conflicts, replace(_wording(entry), sources=credit(()))))


def with_printer(there: Entry, entry: Entry, credit: Credit) -> Entry:
    """Credit a page with a stored wording, shown or former, that it prints.

    Where a person edited the entry, `sources` printed the wording before the edit: a page that
    prints just what the person wrote does not join them.
    """
    said = entry_fingerprint(entry)
    if said not in (there.ingested, entry_fingerprint(there)):
        return replace(there, revisions=_credited(there.revisions, entry, credit))
    if said == there.ingested or not (there.ingested or there.sources):
        return replace(there, sources=credit(there.sources))
    return there


def with_topics(there: Entry, entry: Entry) -> Entry:
    """Add the topics that a page names; a person's ``-slug`` stands."""
    mentioned = {slug[1:] for slug in there.topics}
    more = tuple(slug for slug in entry.topics if slug[1:] not in mentioned)
    return replace(there, topics=(*there.topics, *more))


def has_wording(wordings: tuple[Wording, ...], entry: Entry) -> bool:
    """Say whether some wordings hold just what an entry says."""
    return entry_fingerprint(entry) in {wording.digest for wording in wordings}


def matches_tombstone(grave: Entry, entry: Entry) -> bool:
    """Say whether a tombstone is surely an entry's: by its id, or by what was said there."""
    return (
        entry_fingerprint(entry) == grave.ingested
        or has_wording(grave.revisions, entry)
        or bool(entry.id and entry.id == grave.id)
    )


def blocked_by_tombstone(there: Entry, entry: Entry) -> bool:
    """Say whether a tombstone holds an entry back that may be another's, and is not its last word."""
    return there.is_tombstone and has_wording(there.revisions, entry) and entry_fingerprint(entry) != there.ingested


def without_wording(grave: Entry, entry: Entry) -> Entry:
    """Let a tombstone forget what an entry says, which a person has called another's word."""
    return replace(
        grave, revisions=tuple(wording for wording in grave.revisions if wording.digest != entry_fingerprint(entry))
    )


def is_hand_edited(entry: Entry) -> bool:
    """Say whether a person wrote or changed an entry."""
    return entry_fingerprint(entry) != entry.ingested


def _wording(entry: Entry) -> Wording:
    return Wording(headline=entry.headline, body=entry.body, digest=entry_fingerprint(entry))


def _beside(wording: Wording) -> Wording:
    printers = dict.fromkeys((*wording.sources, *filter(None, [wording.source])))
    return replace(wording, source="", sources=tuple(printers))


def _credited(wordings: tuple[Wording, ...], entry: Entry, credit: Credit) -> tuple[Wording, ...]:
    said = entry_fingerprint(entry)
    return tuple(
        replace(wording, sources=credit(wording.sources)) if wording.digest == said else wording for wording in wordings
    )


MinuteSpan = tuple[int, int]


def add_source(day: Day, arrival: IncomingEntry, source: DaySource, *, forced: bool) -> tuple[Day, str]:
    """Add a page to a day's sources; give the day and why its lede was held back, or ""."""
    day = replace(day, sources=(*day.sources, source))
    if arrival.covered:
        day = replace(day, collected=union_spans(day.collected, arrival.covered))
    if arrival.source is None or arrival.source.date != day.date:
        return day, ""
    captions = [DayCaption(text=item.text, credit=item.credit, source=source.key) for item in arrival.source.captions]
    known = {(caption.text, caption.credit) for caption in day.captions}
    new = tuple(caption for caption in captions if (caption.text, caption.credit) not in known)
    return _with_lede(replace(day, captions=(*day.captions, *new)), arrival.source, forced=forced)


def union_spans(spans: tuple[MinuteSpan, ...], span: MinuteSpan) -> tuple[MinuteSpan, ...]:
    """Add a span of minutes to sorted spans, joining those that touch."""
    joined: list[MinuteSpan] = []
    for start, end in sorted([*spans, span]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _with_lede(day: Day, page: PageSource, *, forced: bool) -> tuple[Day, str]:
    """Take title and lede of the live blog whose own day this is, unless others stand there."""
    lede = "\n\n".join(markdown_from_text(paragraph) for paragraph in page.lede)
    title = page.title.strip()
    if forced or not (day.title or day.lede):
        return replace(day, title=title, lede=lede, ingested=text_fingerprint(title, lede)), ""
    if text_fingerprint(title, lede) in (day.ingested, text_fingerprint(day.title, day.lede)):
        return day, ""
    return day, f"the day has a title and lede already; FORCE={day.date}#lede takes this page's"


def without_day_key(page: PageSource) -> DaySource:
    """Give what a day file keeps of a page; the key is still empty."""
    return DaySource(
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


def find_source(page: PageSource, sources: Sequence[DaySource]) -> DaySource | None:
    """Find the very page among a day's sources."""
    wanted = without_day_key(page)
    return next((source for source in sources if replace(source, key="") == wanted), None)


def next_source_key(sources: Sequence[DaySource]) -> str:
    """Give the key of one more source: ``s1``, ``s2``, …"""
    numbers = [int(source.key[1:]) for source in sources if source.key[1:].isdigit()]
    return f"s{max(numbers, default=0) + 1}"


def is_same_live_blog(one: DaySource, other: DaySource) -> bool:
    """Say whether two pages are captures of one live blog: by address, else by outlet, title and day."""
    if one.url and other.url:
        return one.url.partition("#")[0] == other.url.partition("#")[0]
    named = bool(one.title and one.date)
    return named and (one.outlet, one.title, one.date) == (other.outlet, other.title, other.date)


def is_known_earlier(one: DaySource | None, other: DaySource | None) -> bool:
    """Say whether `one` is known to have been captured before `other`."""
    if one is None or other is None:
        return False
    return bool(one.captured and other.captured) and _moment(one.captured) < _moment(other.captured)


def add_key(keys: tuple[str, ...], source: DaySource | None, known: Sequence[DaySource]) -> tuple[str, ...]:
    """Add a source's key to those of `known` sources, before the first that was captured later."""
    if source is None or source.key in keys:
        return keys
    later = {other.key for other in known if other.key in keys and is_known_earlier(source, other)}
    place = next((place for place, key in enumerate(keys) if key in later), len(keys))
    return (*keys[:place], source.key, *keys[place:])


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
