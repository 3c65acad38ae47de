"""Merge the entries of one capture into the days. No stored entry is lost, and no edit by hand is overwritten.

A *stored* entry is in a day file, an *incoming* one is on the page. `pairing` decides which stored entry of the same
live blog an incoming one is, `credits` which wording is then shown. Incoming entries that no stored one is become new
entries. An incoming entry of another live blog is never the same entry, whatever it says.

Three kinds of entries are held back instead: those that a person withdrew, those that may be another version of a
withdrawn entry, and wordings that contradict a person's edit.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.corrections import Text
from daybook.archive.credits import (
    CaptureOrder,
    Printing,
    add_printing,
    exact_wordings,
    is_edited,
    tombstone_of,
    wording_of,
)
from daybook.archive.day_head import add_captions, update_head
from daybook.archive.day_sources import (
    add_source,
    copy_sources,
    find_source,
    live_blogs,
    merge_facts,
    source_key,
)
from daybook.archive.from_record import IncomingEntry
from daybook.archive.identity import IdStrength, capture_time, live_blog_of, strong_ids
from daybook.archive.pairing import Pairing, pair_page
from daybook.archive.stored_posts import follow_stub, posts_for_page
from daybook.core.hashing import entry_fingerprint
from daybook.core.markdown import plain_text
from daybook.core.model import (
    AnchorAllocator,
    Day,
    DaySource,
    Entry,
    EntryKey,
    Wording,
    carrying_sources,
    convert_source,
    format_entry_key,
    minute_of_day,
    sort_day,
)
from daybook.parse.base.decode import one_line

# Two captures without an address are one live blog if at least this many entries are identical in both.
_MIN_IDENTICAL = 2


class Outcome(Enum):
    """The result of merging one incoming entry."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    HELD_BACK = "held back"


class ReviewItem(Struct, frozen=True):
    """Something on a page that a person should know: about the entry `anchor` of a date, or about its ``lede``.

    `is_contradiction` tells whether the page contradicts what a person did, so that a person has to decide.
    """

    date: dt.date
    anchor: str
    reason: str
    is_contradiction: bool = False


class MergeResult(Struct, frozen=True):
    """The days that a merge changed, the outcome of each incoming entry, and what a person should know."""

    days: dict[dt.date, Day]
    outcomes: tuple[Outcome, ...]
    review_items: tuple[ReviewItem, ...]


def merge_page(
    days: Mapping[dt.date, Day], incoming: Sequence[IncomingEntry], accepted: frozenset[str] = frozenset()
) -> MergeResult:
    """Merge the entries of one page, oldest first, into stored days.

    `days` are those of the incoming entries and all others with entries of the same live blog. `accepted` are the
    stored entries, ``2031-04-09#t1200``, or ledes, that the page's version replaces, whatever a person wrote.
    """
    merge = _Merge(days, incoming, accepted)
    outcomes = merge.run()
    changed = {date: day for date, day in sorted(merge.days.items()) if day != days.get(date)}
    return MergeResult(changed, outcomes, tuple(merge.review_items))


class _Merge:
    """The state of a merge: the days as they are after the entries that were merged so far."""

    def __init__(
        self, days: Mapping[dt.date, Day], incoming: Sequence[IncomingEntry], accepted: frozenset[str]
    ) -> None:
        self.incoming, self.accepted = incoming, accepted
        self.days = {**days, **{each.date: Day(date=each.date, title="") for each in incoming if each.date not in days}}
        self.entries = {date: {entry.anchor: entry for entry in day.entries} for date, day in self.days.items()}
        self.anchors = {date: AnchorAllocator(entries) for date, entries in self.entries.items()}
        self.review_items: list[ReviewItem] = []
        self.present: set[EntryKey] = set()  # the entries that the page contains
        self.page = incoming[0].source if incoming else None
        self.dates = {each.date for each in incoming}
        self.keys: dict[dt.date, str] = {}  # of the page, in each day that lists it
        self.source = self._page_source() if self.page else None
        self.blog = live_blog_of(self.source) if self.source else ""
        self.withdrawn: dict[tuple[dt.date, dt.time | None], list[str]] = defaultdict(list)
        for date, day in self.days.items():
            for entry in day.entries:
                if entry.withdrawn:
                    self.withdrawn[date, entry.time].append(entry.anchor)
        # Entries that were moved here from other days, by the days of their stubs.
        self.moved_from: dict[EntryKey, set[dt.date]] = defaultdict(set)

    def run(self) -> tuple[Outcome, ...]:
        """Merge all entries and return the outcome of each."""
        known_before = frozenset(self.keys)
        places, posts, spans, self.moved_from = posts_for_page(
            self.days, self.source, self.dates, is_known=bool(self.keys)
        )
        texts = [Text(each.date, each.entry) for each in self.incoming]
        names = [each.entry.id for each in self.incoming]
        ids = strong_ids(self.page.url, names) if self.page else (IdStrength.LONG, names)
        pairing = pair_page(texts, ids, posts, spans)
        self._report_ids(pairing, names)
        outcomes = []
        named = {} if known_before else {number: places[position] for number, position in pairing.pairs.items()}
        for number, each in enumerate(self.incoming):
            entry = replace(each.entry, id=pairing.ids[number])
            if number in pairing.pairs:
                outcomes.append(self._merge_entry(each.date, entry, places[pairing.pairs[number]]))
            else:
                perhaps = places[pairing.perhaps[number]] if number in pairing.perhaps else None
                outcome, key = self._add_entry(each.date, entry, perhaps)
                outcomes.append(outcome)
                if outcome is Outcome.NEW:
                    named[number] = key
        self._report_questions(pairing, named, places)
        self._mark_missing(known_before)
        for date in self.days:
            self._finish_day(date, date not in known_before)
        return tuple(outcomes)

    # The page as a source

    def _page_source(self) -> DaySource:
        """Return the page as a source, with the key that the days have for it, if any lists it."""
        assert self.page is not None
        for date, day in self.days.items():
            if known := find_source(day.sources, self.page):
                self.keys[date] = known.key
                sources = tuple(merge_facts(each, self.page) if each is known else each for each in day.sources)
                self.days[date] = replace(day, sources=sources)
        if self.keys:
            date, key = min(self.keys.items())
            return next(source for source in self.days[date].sources if source.key == key)
        others = {source.key: source for day in self.days.values() for source in day.sources}
        key = source_key(self.page, tuple(others.values()))
        return convert_source(self.page, DaySource, key=key, first_title=self._first_title())

    def _first_title(self) -> str:
        """Return the title under which the live blog was first captured, "" if that is the page's.

        Without an address a live blog is known by its title. If the title changed, the page repeats entries of an
        earlier capture word for word: most of those that it shows for the same time.
        """
        assert self.page is not None
        if self.page.url:
            return ""
        arrivals = {(each.date, entry_fingerprint(each.entry)) for each in self.incoming if each.entry.body}
        shared: dict[str, set[tuple[dt.date, str]]] = defaultdict(set)
        for date, day in self.days.items():
            candidates = {
                source.key: source.first_title or source.title
                for source in day.sources
                if not source.url and (source.outlet, source.date) == (self.page.outlet, self.page.date)
            }
            if self.page.title in candidates.values():
                return ""
            for entry in day.entries:
                for title in {candidates[key] for key in carrying_sources(entry) if key in candidates}:
                    shared[title] |= exact_wordings(date, entry) & arrivals
        title = max(sorted(shared), key=lambda title: len(shared[title]), default="")
        return title if title and len(shared[title]) >= min(_MIN_IDENTICAL, len(arrivals)) > 1 else ""

    def _key(self, date: dt.date) -> str:
        """Return the page's key in a day; add the page to the day's sources if it is not one of them."""
        if date not in self.keys:
            assert self.source is not None
            day = self.days[date]
            source = replace(self.source, key=source_key(self.source, day.sources))
            self.days[date], self.keys[date] = add_source(day, source), source.key
        return self.keys[date]

    # One incoming entry

    def _add_entry(self, date: dt.date, incoming: Entry, perhaps: EntryKey | None) -> tuple[Outcome, EntryKey]:
        """Add an entry that no stored one is, unless it may be another version of a withdrawn one; return its key."""
        if tombstone := self._withdrawn_at(date, incoming):
            digest = Wording(digest=entry_fingerprint(incoming))
            self._put(date, replace(tombstone, revisions=(*tombstone.revisions, digest)))
            self.present.add((date, tombstone.anchor))
            self._key_of_tombstone(date, tombstone.anchor)
            reason = (
                "an entry of this minute was withdrawn; this may be a new version of it, and is held back. To add it"
            )
            self._need_decision(date, tombstone.anchor, reason)
            return Outcome.HELD_BACK, (date, tombstone.anchor)
        anchor = self.anchors[date].take(incoming.time)
        sources = (self._key(date),) if self.source else ()
        entry = replace(incoming, anchor=anchor, sources=sources, ingested=entry_fingerprint(incoming))
        if perhaps:
            name = format_entry_key(follow_stub(self.entries, perhaps))
            entry = replace(entry, perhaps=name)
            cure = f"if it is, make join A={name} B={format_entry_key((date, anchor))}"
            self._note(date, anchor, f"perhaps a correction of {name}, which this page lacks; {cure}")
        self._put(date, entry)
        self.present.add((date, anchor))
        return Outcome.NEW, (date, anchor)

    def _merge_entry(self, date: dt.date, incoming: Entry, place: EntryKey) -> Outcome:
        """Merge an entry into the stored one that it is."""
        place = follow_stub(self.entries, place)
        stored_date, anchor = place
        stored = self.entries[stored_date][anchor]
        fingerprint = entry_fingerprint(incoming)
        if stored.is_tombstone:
            return self._hold_back_withdrawn(date, incoming, place)
        self.present.add(place)
        if not self.source:
            return self._merge_without_source(place, incoming)
        if self._is_shared(stored_date, stored) and (date, fingerprint) not in exact_wordings(stored_date, stored):
            place = self._split(place, incoming)
            stored_date, anchor = place
            stored = self.entries[stored_date][anchor]
        date, incoming = self._as_placed_by_hand(date, incoming, place)
        key = self._key(stored_date)
        is_new_carrier = key not in carrying_sources(stored)
        order = CaptureOrder(self.days[stored_date].sources)
        known = exact_wordings(stored_date, stored)
        printing = Printing(
            replace(wording_of(incoming, (key,)), date=date),
            is_accepted=format_entry_key(place) in self.accepted,
            has_digest=bool(self.page and self.page.sha256),
        )
        merged, new_date = add_printing(stored, stored_date, printing, order)
        if known - exact_wordings(new_date, merged):
            self._note(stored_date, anchor, "this page was read differently before; the new reading replaces that one")
        if is_new_carrier:
            merged = _with_topics(merged, incoming)
        merged = replace(merged, id=merged.id or incoming.id)
        if new_date != stored_date:
            self._move(place, merged, new_date)
        else:
            self._put(stored_date, merged)
        if len(merged.conflicts) > len(stored.conflicts) or any(key in wording.sources for wording in merged.conflicts):
            reason = "the page differs from a manual edit; both are stored. To use the page's version"
            self._need_decision(*place, reason)
            return Outcome.HELD_BACK
        is_unchanged = _shown(merged) == _shown(stored) and new_date == stored_date
        return Outcome.SAME if is_unchanged and (date, fingerprint) in known else Outcome.CHANGED

    def _merge_without_source(self, place: EntryKey, incoming: Entry) -> Outcome:
        """Merge a record that names no page: it corrects an entry that no page printed, and confirms any other."""
        date, anchor = place
        stored = self.entries[date][anchor]
        fingerprint = entry_fingerprint(incoming)
        if fingerprint in (stored.ingested, entry_fingerprint(stored)):
            return Outcome.SAME
        accept = format_entry_key(place) in self.accepted
        if is_edited(stored) and not accept:
            conflict = wording_of(incoming)
            if conflict not in stored.conflicts:
                self._put(date, replace(stored, conflicts=(*stored.conflicts, conflict)))
            reason = "the record differs from a manual edit; both are stored. To use the record's version"
            self._need_decision(date, anchor, reason)
            return Outcome.HELD_BACK
        if any(exact == (date, fingerprint) for exact in exact_wordings(date, stored)) and not accept:
            return Outcome.SAME
        shown = {field: getattr(incoming, field) for field in ("time", "at", "updated", "headline", "body")}
        revisions = (*stored.revisions, wording_of(stored))
        self._put(date, replace(stored, **shown, revisions=revisions, conflicts=(), ingested=fingerprint))
        return Outcome.CHANGED

    def _hold_back_withdrawn(self, date: dt.date, incoming: Entry, place: EntryKey) -> Outcome:
        stored_date, anchor = place
        stored = self.entries[stored_date][anchor]
        fingerprint = entry_fingerprint(incoming)
        others = tuple(wording for wording in stored.revisions if wording.digest != fingerprint)
        if format_entry_key(place) in self.accepted and others != stored.revisions and fingerprint != stored.ingested:
            # It was not certain that the tombstone is that of this entry, and a person has said that it is not.
            self._put(stored_date, replace(stored, revisions=others))
            return self._add_entry(date, incoming, None)[0]
        self.present.add(place)
        self._note(stored_date, anchor, f"held back: the entry was withdrawn ({stored.withdrawn})")
        return Outcome.HELD_BACK

    def _withdrawn_at(self, date: dt.date, incoming: Entry) -> Entry | None:
        """Return a withdrawn entry of the minute that an incoming one may be a new version of.

        Its text was deleted, so the two cannot be compared. Entries with different ids are different entries.
        """
        if incoming.time is None or not self.source:
            return None
        blogs = live_blogs(self.days[date])
        for anchor in self.withdrawn.get((date, incoming.time), ()):
            entry, place = self.entries[date][anchor], (date, anchor)
            if place in self.present:
                continue
            keys = carrying_sources(entry)
            is_of_blog = any(blogs.get(key) == self.blog for key in keys) if keys else self.blog in blogs.values()
            if is_of_blog and not (entry.id and incoming.id) and format_entry_key(place) not in self.accepted:
                return entry
        return None

    def _key_of_tombstone(self, date: dt.date, anchor: str) -> None:
        """Name the page in a tombstone that holds one of its entries back."""
        tombstone, key = self.entries[date][anchor], self._key(date)
        if key not in tombstone.sources:
            self._put(date, replace(tombstone, sources=(*tombstone.sources, key)))

    def _as_placed_by_hand(self, date: dt.date, incoming: Entry, place: EntryKey) -> tuple[dt.date, Entry]:
        """Return the date to which a person moved the entry, if the page still gives the date that it was moved from.

        A move that a page caused left a wording with the former date.
        """
        stored = self.entries[place[0]][place[1]]
        wordings = (*stored.revisions, *stored.conflicts)
        if date not in self.moved_from.get(place, ()) or any(wording.date == date for wording in wordings):
            return date, incoming
        at = dt.datetime.fromisoformat(incoming.at) + (place[0] - date) if incoming.at else None
        return place[0], replace(incoming, at=at.isoformat() if at else "")

    def _is_shared(self, date: dt.date, entry: Entry) -> bool:
        """Return whether an entry has captures of several live blogs, as version 0.1 allowed."""
        blogs = live_blogs(self.days[date])
        return len({blogs[key] for key in carrying_sources(entry) if key in blogs}) > 1

    def _split(self, place: EntryKey, incoming: Entry) -> EntryKey:
        """Make the part of a shared entry that belongs to this live blog an entry of its own; return its place."""
        date, anchor = place
        blogs = live_blogs(self.days[date])
        own = {key for key, blog in blogs.items() if blog == self.blog}
        stored = self.entries[date][anchor]
        new_anchor = self.anchors[date].take(incoming.time)
        part = replace(_only(stored, own), anchor=new_anchor, id=incoming.id, perhaps="")
        if is_edited(stored):  # the person's text stays where it is
            part = replace(_only(Entry(anchor="", ingested=""), own), anchor=new_anchor, id=incoming.id)
            part = replace(part, **_shown(incoming), ingested=entry_fingerprint(incoming), sources=(self._key(date),))
        self._put(date, _only(stored, set(blogs) - own))
        self._put(date, part)
        self._note(date, new_anchor, f"split from {anchor}, whose former wording another live blog printed, too")
        self.present.add((date, new_anchor))
        return date, new_anchor

    # Changes of the days

    def _move(self, place: EntryKey, merged: Entry, date: dt.date) -> None:
        """Move an entry, as it is after a merge, to another date and leave a stub with its former time.

        On its way back, its stub there becomes the entry again.
        """
        old_date, anchor = place
        self._load_day(date)
        entry, self.days[date] = copy_sources(merged, self.days[old_date], self.days[date])
        if known := find_source(self.days[date].sources, self.source) if self.source else None:
            self.keys.setdefault(date, known.key)
        stubs = (stub.anchor for stub in self.entries[date].values() if stub.moved)
        back = next((each for each in stubs if follow_stub(self.entries, (date, each)) == place), "")
        new_anchor = back or self.anchors[date].take(entry.time)
        new_place = (date, new_anchor)
        stub = tombstone_of(self.entries[old_date][anchor])
        stub = replace(stub, sources=carrying_sources(merged), moved=format_entry_key(new_place))
        for other_date, entries in self.entries.items():
            for other in list(entries.values()):
                if other.moved == format_entry_key(place) and (other_date, other.anchor) != new_place:
                    entries[other.anchor] = replace(other, moved=stub.moved)
        self._put(old_date, stub)
        self._put(date, replace(entry, anchor=new_anchor))
        self.moved_from[new_place] = self.moved_from.pop(place, set()) | {old_date}
        self.present.add(new_place)

    def _load_day(self, date: dt.date) -> None:
        if date not in self.days:
            self.days[date], self.entries[date], self.anchors[date] = Day(date=date, title=""), {}, AnchorAllocator(())

    def _put(self, date: dt.date, entry: Entry) -> None:
        self.entries[date][entry.anchor] = entry

    def _mark_missing(self, known_before: frozenset[dt.date]) -> None:
        """Mark entries of earlier captures that the page does not contain although it covers their minute."""
        if self.source is None or known_before:
            return
        covered = {each.date: each.covered for each in self.incoming}
        page_time = capture_time(self.source)
        for date, day in self.days.items():
            span = covered.get(date)
            if span is None:
                continue
            of_blog = {source.key: capture_time(source) for source in day.sources if live_blog_of(source) == self.blog}
            # A capture that is known to be later says nothing about what an earlier page should contain.
            earlier = {key for key, time in of_blog.items() if not (time and page_time and page_time < time)}
            earlier.discard(self.keys.get(date, ""))
            for entry in list(self.entries[date].values()):
                if (date, entry.anchor) in self.present or entry.time is None or entry.is_tombstone:
                    continue
                if earlier.intersection(carrying_sources(entry)) and span[0] <= minute_of_day(entry.time) <= span[1]:
                    self._put(date, replace(entry, missing_from=(*entry.missing_from, self._key(date))))

    def _finish_day(self, date: dt.date, is_new_source: bool) -> None:
        """Put the entries into their day; where the page is a new source, add what it says about the whole day."""
        day = self.days[date]
        if self.page and date in self.keys:
            covered = next((each.covered for each in self.incoming if each.date == date), None)
            if is_new_source and covered:
                day = replace(day, collected=union_spans(day.collected, covered))
            if self.page.date == date:
                if is_new_source:
                    texts = [one_line(plain_text(each.entry.body)) for each in self.incoming]
                    own = [each for each in self.page.captions if not any(each.text in text for text in texts)]
                    day = add_captions(day, own, self.keys[date])  # the others are in the text of an entry
                day, is_contradiction = update_head(day, accept=f"{date}#lede" in self.accepted)
                if is_contradiction:
                    reason = "the page's title or lede differs from a manual edit; to use the page's"
                    self._need_decision(date, "lede", reason)
        self.days[date] = sort_day(replace(day, entries=tuple(self.entries[date].values())))

    # Messages

    def _report_ids(self, pairing: Pairing, names: Sequence[str]) -> None:
        if pairing.doubted:
            examples = ", ".join(repr(names[number]) for number in pairing.doubted[:3])
            reason = f"not used: ids that named other entries before, {len(pairing.doubted)} on this page ({examples})"
            first = self.incoming[pairing.doubted[0]]
            self._note(first.date, "", reason)

    def _report_questions(self, pairing: Pairing, named: Mapping[int, EntryKey], places: Sequence[EntryKey]) -> None:
        """Name entries of the page together with those that it lacks and that they may be, unless a note says so."""
        for arrivals, positions in pairing.questions:
            present = [
                format_entry_key(follow_stub(self.entries, named[number])) for number in arrivals if number in named
            ]
            lacking = [format_entry_key(follow_stub(self.entries, places[position])) for position in positions]
            is_noted = len(arrivals) == len(positions) == 1 and arrivals[0] in pairing.perhaps
            if len(present) == len(lacking) == 1 and not is_noted:
                cure = f"if it is, make join A={lacking[0]} B={present[0]}"
                reason = f"{present[0]} may be {lacking[0]}, which this page lacks: no capture has both; {cure}"
            elif present and not is_noted:
                cure = "if so, make join A=… B=… makes the two one"
                reason = (
                    f"one of {', '.join(present)} may be one of {', '.join(lacking)}, which this page lacks; {cure}"
                )
            else:
                continue
            self._note(self.incoming[arrivals[0]].date, "", reason)

    def _need_decision(self, date: dt.date, anchor: str, reason: str) -> None:
        cure = f"{reason}, run again with FORCE={date}#{anchor}"
        self.review_items.append(ReviewItem(date, anchor, cure, is_contradiction=True))

    def _note(self, date: dt.date, anchor: str, reason: str) -> None:
        self.review_items.append(ReviewItem(date, anchor, reason))


def _shown(entry: Entry) -> dict[str, object]:
    return {field: getattr(entry, field) for field in ("time", "at", "updated", "headline", "body")}


def _only(entry: Entry, keys: set[str]) -> Entry:
    """Return an entry with the credits of some captures only, without former wordings of others."""

    def own(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in keys)

    wordings = {
        field: tuple(
            replace(each, sources=own(each.sources))
            for each in getattr(entry, field)
            if own(each.sources) or not each.sources
        )
        for field in ("revisions", "conflicts")
    }
    lists = {field: own(getattr(entry, field)) for field in ("sources", "carried", "missing_from")}
    return replace(entry, **wordings, **lists)


def _with_topics(stored: Entry, incoming: Entry) -> Entry:
    """Add the topics that the page names, except those that a person removed (``-slug``)."""
    mentioned = {slug[1:] for slug in stored.topics}
    added = tuple(slug for slug in incoming.topics if slug[1:] not in mentioned)
    return replace(stored, topics=(*stored.topics, *added))


def union_spans(spans: tuple[tuple[int, int], ...], span: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Add a span, in minutes after midnight, to sorted spans, and join those that touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted([*spans, span]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
