"""Join days that two branches changed: what one branch added is ingested again into the other one's days.

Day files store which capture printed which wording, so the captures that only the other branch has can be given back
as incoming entries. The result is that of ingesting them one after the other; no text is merged line by line. What
persons did on the other branch (edits, attributes, withdrawals, moves, typed entries) is applied afterwards. Where
persons on both branches decided differently, this branch's decision is kept and the other one is named.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from daybook.archive.credits import exact_wordings, is_edited, wording_of
from daybook.archive.day_file import STORY_VALUES
from daybook.archive.day_head import Head
from daybook.archive.day_sources import captures_in_order, copy_sources, find_source, live_blogs, source_key
from daybook.archive.from_record import IncomingEntry
from daybook.archive.identity import live_blog_of
from daybook.archive.merge import merge_page
from daybook.archive.tombstones import insert_moved_entry, join_in_days, replace_with_tombstone
from daybook.core.errors import ArchiveError
from daybook.core.model import (
    AnchorAllocator,
    Caption,
    Day,
    DaySource,
    Entry,
    EntryKey,
    Source,
    Wording,
    carrying_sources,
    format_entry_key,
    parse_entry_key,
    sort_day,
)
from daybook.core.record import PageSource
from daybook.core.text import dump_json

Days = dict[dt.date, Day]
_BlogWording = tuple[str, tuple[dt.date, str]]  # a live blog, and the date and fingerprint of a wording
_FACTS = ("url", "title", "outlet", "date", "sha256")
# Attributes that pages do not change once an entry is stored, by their names in day files.
_BY_PERSONS = {"authors": "author", "key": "key", "lang": "lang", "story": "story"}


class Branches(NamedTuple):
    """Days as they were where two branches parted, and as they are on this branch and on the other one."""

    base: Days
    ours: Days
    theirs: Days


class Joined(NamedTuple):
    """The joined days, what a person should look at, and what a person may want to know, as after an ingest."""

    days: Days
    problems: list[ArchiveError]
    notes: list[ArchiveError]


def join_branches(branches: Branches) -> Joined:
    """Return this branch's days with everything that the other branch added.

    Raises an ArchiveError if both branches have a capture with the same key but different facts.
    """
    _check_facts(branches)
    join = _Join(branches)
    join.replay_captures()
    join.apply_persons_changes()
    return Joined(join.days, join.problems, join.notes)


def shared_live_blogs(days: Iterable[Day]) -> set[str]:
    """Return the live blogs of days, to find the other days that their captures may belong to."""
    return {live_blog_of(source) for day in days for source in day.sources}


def _check_facts(branches: Branches) -> None:
    for date, theirs in branches.theirs.items():
        for source in theirs.sources:
            for other in branches.ours[date].sources if date in branches.ours else ():
                if other.key == source.key and any(getattr(other, field) != getattr(source, field) for field in _FACTS):
                    reason = f"the source {source.key!r} of {date} has other facts on the other branch"
                    raise ArchiveError(f"{reason}; correct `sources` on one of them, and merge again")


class _Join:
    """The state of a join; `places` are entries of the other branch and where they are now."""

    def __init__(self, branches: Branches) -> None:
        self.base, self.ours, self.theirs = branches
        self.days: Days = dict(branches.ours)
        self.problems: list[ArchiveError] = []
        self.notes: list[ArchiveError] = []

    # Captures

    def replay_captures(self) -> None:
        """Ingest the captures that only the other branch has, oldest first."""
        captures: dict[str, list[tuple[dt.date, DaySource]]] = defaultdict(list)
        for date, day in sorted(self.theirs.items()):
            ours = self.ours.get(date)
            for source in day.sources:
                if ours is None or find_source(ours.sources, source) is None:
                    captures[source_key(source)].append((date, source))
        for source in captures_in_order([day for _, day in sorted(self.theirs.items())]):
            if incoming := self._incoming(captures.get(source_key(source), [])):
                merged = merge_page(self.days, incoming)
                self.days.update(merged.days)
                for item in merged.review_items:
                    name = f"{item.date}#{item.anchor}" if item.anchor else str(item.date)
                    self.notes.append(ArchiveError(f"{name}: {item.reason}"))

    def _incoming(self, places: list[tuple[dt.date, DaySource]]) -> list[IncomingEntry]:
        """Return the entries that a capture contained, oldest first; `places` are the days that list it."""
        if not places:
            return []
        found: list[tuple[dt.date, Wording, Entry]] = []
        source = places[0][1]
        captions: list[Caption] = []
        for date, here in places:
            day = self.theirs[date]
            own = (each for each in day.captions if each.source == here.key)
            captions += (Caption(text=each.text, credit=each.credit) for each in own)
            for entry in day.entries:
                if wording := self._printed_by(date, entry, here.key):
                    found.append((wording.date or date, wording, entry))
        fields = {field: getattr(source, field) for field in Source.__struct_fields__}
        page = PageSource(**fields, captions=tuple(captions))
        found.sort(key=lambda each: (each[0], each[1].time or dt.time.min))
        spans: dict[dt.date, tuple[int, int]] = {}
        for date, wording, _ in found:
            if wording.time:
                minute = 60 * wording.time.hour + wording.time.minute
                first, last = spans.get(date, (minute, minute))
                spans[date] = (min(first, minute), max(last, minute))
        if spans:  # a capture covers all time between its first and its last entry
            spans = {
                date: (0 if date != min(spans) else first, 24 * 60 if date != max(spans) else last)
                for date, (first, last) in spans.items()
            }
        return [
            IncomingEntry(date=date, entry=_entry(wording, entry), source=page, covered=spans.get(date))
            for date, wording, entry in found
        ]

    def _printed_by(self, date: dt.date, entry: Entry, key: str) -> Wording | None:
        """Return the wording of an entry that a capture printed, None if there is none or its text is not stored."""
        for wording in (*entry.revisions, *entry.conflicts):
            if key in wording.sources and wording.time is not UNSET:
                return wording
        if key not in entry.sources or entry.is_tombstone:
            return None
        if not is_edited(entry):
            return wording_of(entry)
        # A person edited the text; the branches parted before that, or the text is not stored.
        before = _entry_of(self.base.get(date), entry.anchor)
        if before and not is_edited(before) and before.ingested == entry.ingested:
            return wording_of(before)
        return None

    # Persons

    def apply_persons_changes(self) -> None:
        """Apply what persons did on the other branch after the branches parted."""
        for date, day in sorted(self.theirs.items()):
            for entry in day.entries:
                before = _entry_of(self.base.get(date), entry.anchor)
                if before == entry:
                    continue
                place = self._place(date, entry, is_known=before is not None)
                if entry.withdrawn:
                    self._withdraw(place, entry)
                elif entry.moved:
                    self._move(date, place, entry)
                elif place is None:
                    self._add(date, entry)
                elif is_edited(entry) and (before is None or _text(before) != _text(entry)):
                    self._edit(place, entry, before)
                if place:
                    self._take_attributes(place, before or Entry(anchor=""), entry)
            self._take_lang(date, day)
            self._take_head(date, day)

    def _place(self, date: dt.date, entry: Entry, *, is_known: bool) -> EntryKey | None:
        """Return where an entry of the other branch is in the joined days; None if it is new."""
        if is_known and _entry_of(self.ours.get(date), entry.anchor):
            return self._follow((date, entry.anchor))
        blogs = live_blogs(self.theirs[date])
        blog = next((blogs[key] for key in carrying_sources(entry) if key in blogs), "")
        found = [self._by_wording.get((blog, exact)) for exact in exact_wordings(date, entry)]
        order = min(filter(None, found), default=None)
        return self._follow(order[1]) if order else None

    @cached_property
    def _by_wording(self) -> dict[_BlogWording, tuple[int, EntryKey]]:
        """The number and key of the first entry of the joined days that has a wording, by live blog and wording."""
        places: dict[_BlogWording, tuple[int, EntryKey]] = {}
        for date, day in sorted(self.days.items()):
            blogs = live_blogs(day)
            for entry in day.entries:
                for wording in _wordings_by_blog(date, entry, blogs):
                    places.setdefault(wording, (len(places), (date, entry.anchor)))
        return places

    def _follow(self, place: EntryKey) -> EntryKey:
        seen = {place}
        while (entry := _entry_of(self.days.get(place[0]), place[1])) and entry.moved:
            target = parse_entry_key(entry.moved)
            if target in seen or target[0] not in self.days:  # that day was not changed on the other branch
                break
            place = target
            seen.add(place)
        return place

    def _withdraw(self, place: EntryKey | None, theirs: Entry) -> None:
        entry = _entry_of(self.days[place[0]], place[1]) if place else None
        if place is None or entry is None or entry.is_tombstone:
            return
        if is_edited(entry):
            self._report(
                place, f"withdrawn on the other branch, edited here; it stays withdrawn. Its text: {_quote(entry)}"
            )
        self.days[place[0]] = replace_with_tombstone(self.days[place[0]], place[1], theirs.withdrawn)

    def _move(self, date: dt.date, place: EntryKey | None, theirs: Entry) -> None:
        """Move an entry as a person did on the other branch; moves by a page were done when it was replayed."""
        target = parse_entry_key(theirs.moved)
        entry = _entry_of(self.days[place[0]], place[1]) if place else None
        if place is None or entry is None or entry.is_tombstone:
            return
        if _entry_of(self.base.get(target[0]), target[1]):  # a person joined two entries
            kept = self._follow(target)
            if kept != place and (other := _entry_of(self.days[kept[0]], kept[1])) and not other.is_tombstone:
                self.days.update(join_in_days(self.days, kept, place)[0])
            return
        moved = _entry_of(self.theirs.get(target[0]), target[1])
        by_page = moved is not None and any(wording.date == date for wording in (*moved.revisions, *moved.conflicts))
        # A move that a page caused left a wording with the former date; the captures of both branches decide it.
        if by_page or place[0] == target[0]:
            return
        if place[0] != date:
            self._report(place, f"moved here, and to {target[0]} on the other branch; it stays here")
            return
        if target[0] not in self.days:
            self.days[target[0]] = Day(date=target[0], title="")
        self.days[target[0]], key = insert_moved_entry(self.days[target[0]], entry, self.days[date])
        stub = replace(theirs, anchor=place[1], moved=format_entry_key(key), sources=carrying_sources(entry))
        self._put(date, stub)

    def _add(self, date: dt.date, entry: Entry) -> None:
        """Add an entry that a person typed on the other branch, or whose page text only its fingerprint tells."""
        if date not in self.days:
            self.days[date] = Day(date=date, title="")
        copy, day = copy_sources(entry, self.theirs[date], self.days[date])
        anchor = AnchorAllocator(other.anchor for other in day.entries).take(entry.time)
        added = replace(copy, anchor=anchor, story=self._story_here(copy.story))
        for wording in _wordings_by_blog(date, added, live_blogs(day)):
            self._by_wording.setdefault(wording, (len(self._by_wording), (date, anchor)))
        self.days[date] = sort_day(replace(day, entries=(*day.entries, added)))

    def _edit(self, place: EntryKey, theirs: Entry, before: Entry | None) -> None:
        entry = _entry_of(self.days[place[0]], place[1])
        if entry is None or _text(entry) == _text(theirs):
            return
        if entry.is_tombstone:
            self._report(
                place, f"withdrawn here, edited on the other branch; it stays withdrawn. Its text: {_quote(theirs)}"
            )
            return
        text = wording_of(theirs)
        if is_edited(entry):
            conflicts = entry.conflicts if text in entry.conflicts else (*entry.conflicts, text)
            self._put(place[0], replace(entry, conflicts=conflicts))
            reason = "edited on both branches; this branch's text is shown, the other one is stored as a conflict"
            self._report(place, f"{reason}: {_quote(theirs)}")
            return
        shown = {"time": theirs.time, "at": theirs.at, "headline": theirs.headline, "body": theirs.body}
        if entry.ingested != theirs.ingested and before and entry.ingested != before.ingested:
            page = wording_of(entry, entry.sources)
            entry = replace(entry, conflicts=(*entry.conflicts, page), sources=(), ingested=theirs.ingested)
            self._report(
                place, f"edited on the other branch, corrected by a page here; both are stored: {_quote(theirs)}"
            )
        self._put(place[0], replace(entry, **shown))

    def _take_attributes(self, place: EntryKey, before: Entry, theirs: Entry) -> None:
        """Take the attributes and topics that a person changed on the other branch and nobody on this one."""
        entry = _entry_of(self.days[place[0]], place[1])
        if entry is None or entry.is_tombstone:
            return
        changed: dict[str, object] = {"topics": self._topics(place, before, entry, theirs)}
        for field, name in _BY_PERSONS.items():
            there, here, base = (getattr(each, field) for each in (theirs, entry, before))
            if field == "story":
                there = self._story_here(there)
            if there in (here, base):
                continue
            if here == base:
                changed[field] = there
            else:
                self._report(place, f"[{name}] differs; this branch's is kept. The other: {dump_json(there)}")
        if before.perhaps and not theirs.perhaps and entry.perhaps == before.perhaps:
            changed["perhaps"] = ""
        if any(getattr(entry, field) != value for field, value in changed.items()):
            self._put(place[0], replace(entry, **changed))

    def _topics(self, place: EntryKey, before: Entry, entry: Entry, theirs: Entry) -> tuple[str, ...]:
        """Return the topics of an entry with those that the other branch added, without those that it removed."""
        own = {slug[1:]: slug for slug in entry.topics if slug not in before.topics}
        added = [slug for slug in theirs.topics if slug not in (*before.topics, *entry.topics)]
        if contrary := [slug for slug in added if slug[1:] in own]:
            self._report(place, f"[topics] differs; this branch's is kept. The other: {' '.join(contrary)}")
        new = {slug[1:]: slug for slug in added if slug[1:] not in own}
        removed = {slug for slug in before.topics if slug not in theirs.topics}
        kept = [slug for slug in entry.topics if slug not in removed and slug[1:] not in new]
        return (*kept, *new.values())

    def _story_here(self, story: str) -> str:
        """Return the value of [story] of the other branch with the anchor that its entry has here."""
        if not story or story in STORY_VALUES:
            return story
        date, anchor = parse_entry_key(story)
        theirs = _entry_of(self.theirs.get(date), anchor)
        is_known = _entry_of(self.base.get(date), anchor) is not None
        place = self._place(date, theirs, is_known=is_known) if theirs else None
        return format_entry_key(place) if place else story

    def _take_lang(self, date: dt.date, theirs: Day) -> None:
        """Take the language of a day that a person changed on the other branch."""
        day, base = self.days.get(date), self.base.get(date)
        was = base.lang if base else ""
        if day is None or theirs.lang in (day.lang, was):
            return
        if day.lang == was:
            self.days[date] = replace(day, lang=theirs.lang)
        else:
            reason = f"`lang` differs; this branch's is kept. The other: {theirs.lang}"
            self.problems.append(ArchiveError(f"{date}: {reason}"))

    def _take_head(self, date: dt.date, theirs: Day) -> None:
        """Take a title and lede that a person edited on the other branch."""
        base, day = self.base.get(date), self.days.get(date)
        edited = Head(title=theirs.title, lede=theirs.lede)
        if day is None or theirs.ingested == edited.fingerprint or (base and _head(base) == edited):
            return
        here = _head(day)
        if here == edited:
            return
        if not (here.title or here.lede) or day.ingested == here.fingerprint:
            self.days[date] = replace(day, title=edited.title, lede=edited.lede)
        else:
            text = dump_json([edited.title, edited.lede])
            self._report(
                (date, "lede"), f"title or lede edited on both branches; this branch's is kept. The other: {text}"
            )

    def _put(self, date: dt.date, entry: Entry) -> None:
        day = self.days[date]
        entries = tuple(entry if other.anchor == entry.anchor else other for other in day.entries)
        self.days[date] = sort_day(replace(day, entries=entries))

    def _report(self, place: EntryKey, reason: str) -> None:
        self.problems.append(ArchiveError(f"{format_entry_key(place)}: {reason}"))


def _entry(wording: Wording, entry: Entry) -> Entry:
    """Return the entry that a page with a wording contained."""
    kept = {field: getattr(entry, field) for field in ("id", "authors", "key", "lang", "date_basis", "topics")}
    texts = {field: getattr(wording, field) for field in ("time", "at", "updated", "headline", "body")}
    return Entry(anchor="", **kept, **texts)


def _wordings_by_blog(date: dt.date, entry: Entry, blogs: Mapping[str, str]) -> Iterator[_BlogWording]:
    """Yield each wording of an entry with each of its live blogs, "" for an entry that no page printed."""
    keys = carrying_sources(entry)
    return product({blogs[key] for key in keys if key in blogs} if keys else {""}, exact_wordings(date, entry))


def _entry_of(day: Day | None, anchor: str) -> Entry | None:
    return next((entry for entry in day.entries if entry.anchor == anchor), None) if day else None


def _head(day: Day) -> Head:
    return Head(title=day.title, lede=day.lede)


def _text(entry: Entry) -> tuple[object, ...]:
    return entry.time, entry.headline, entry.body


def _quote(entry: Entry) -> str:
    return dump_json([entry.headline, entry.body])
