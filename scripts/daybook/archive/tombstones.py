"""Withdraw an entry, move it to another day, or join two entries.

A tombstone stays in place of the entry: its anchor, its id, its captures and the fingerprints of all its wordings,
but no text. So its address still leads somewhere, and a page that repeats the entry does not add it again.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from daybook.archive.credits import CaptureOrder, join_wordings, tombstone_of
from daybook.archive.day_sources import copy_sources, live_blogs
from daybook.archive.day_store import DayStore
from daybook.core.errors import ArchiveError
from daybook.core.model import (
    AnchorAllocator,
    Day,
    Entry,
    EntryKey,
    carrying_sources,
    format_entry_key,
    parse_entry_key,
    sort_day,
)


def withdraw_entry(store: DayStore, name: str, reason: str) -> Path:
    """Replace the entry `name`, ``2023-06-02#t1329``, by a tombstone and return the path of its day file.

    The reason is for readers; without one, or without such an entry, it raises an ArchiveError.
    """
    date, anchor = parse_entry_key(name)
    reason = " ".join(reason.split())
    if not reason:
        raise ArchiveError('a withdrawal needs a reason for readers: REASON="Published in error"')
    _write(store, {date: replace_with_tombstone(_load_day(store, date), anchor, reason)})
    return store.path(date)


def replace_with_tombstone(day: Day, anchor: str, reason: str) -> Day:
    """Replace an entry of a day by a tombstone; give an existing tombstone a new reason."""
    return _replace_entry(day, replace(tombstone_of(_find_entry(day, anchor)), withdrawn=reason))


def move_entry(store: DayStore, name: str, to: dt.date) -> EntryKey:
    """Move the entry `name`, ``2023-06-02#t1329``, to the same clock time of another day, and return its new key.

    Raises an ArchiveError if there is no such entry, if it is a tombstone, or if it is on that day already.
    """
    date, anchor = parse_entry_key(name)
    if date == to:
        raise ArchiveError(f"{name} is already on {to}; choose another TO=")
    old_day = _load_day(store, date)
    entry = _find_entry(old_day, anchor)
    if entry.is_tombstone:
        raise ArchiveError(f"{name} is a tombstone and cannot be moved; see its day file for where the entry went")
    new_day, key = insert_moved_entry(store.load(to), entry, old_day)
    stub = replace(tombstone_of(entry), moved=format_entry_key(key))
    _write(store, {to: new_day, date: _replace_entry(old_day, stub)})
    return key


def insert_moved_entry(day: Day, entry: Entry, old_day: Day) -> tuple[Day, EntryKey]:
    """Insert an entry of `old_day` into another day, with its captures; return the day and the entry's new key.

    If a move was interrupted after the entry was inserted, the day is returned as it is.
    """
    moved, new_day = copy_sources(entry, old_day, day)
    moved = replace(moved, at=_at_date(entry.at, day.date, old_day.zone))
    for other in day.entries:
        if replace(other, anchor=entry.anchor) == moved:
            return day, (day.date, other.anchor)
    anchor = AnchorAllocator(other.anchor for other in day.entries).take(entry.time)
    entries = *new_day.entries, replace(moved, anchor=anchor)
    return sort_day(replace(new_day, entries=entries)), (day.date, anchor)


def join_entries(store: DayStore, kept: str, other: str) -> EntryKey:
    """Make two entries one, because a person knows that `other` is a correction of `kept`; return its key.

    Raises the errors of `join_in_days`, and an ArchiveError if a day has no file.
    """
    keys = parse_entry_key(kept), parse_entry_key(other)
    days, key = join_in_days({date: _load_day(store, date) for date, _ in keys}, *keys)
    _write(store, days)
    return key


def join_in_days(days: Mapping[dt.date, Day], kept: EntryKey, other: EntryKey) -> tuple[dict[dt.date, Day], EntryKey]:
    """Make two entries one; return the days that change, and the key of the joined entry.

    All wordings with their captures are kept, and the wording of the latest capture is shown. The address of the
    other entry leads to the joined one. If the wording shown is of the other's date, the entry is there.

    Raises an ArchiveError if one is missing or a tombstone, if they are of two live blogs, or on one capture.
    """
    (date, anchor), (other_date, other_anchor) = kept, other
    day, other_day = days[date], days[other_date]
    entry, second = _find_entry(day, anchor), _find_entry(other_day, other_anchor)
    if kept == other:
        raise ArchiveError(f"A and B are both {format_entry_key(kept)}; name two entries")
    for each, key in ((entry, kept), (second, other)):
        if each.is_tombstone:
            name = format_entry_key(key)
            raise ArchiveError(f"{name} is a tombstone; see its day file for where the entry went")
    moved, day = copy_sources(second, other_day, day)
    _check_one_live_blog(day, entry, moved, (format_entry_key(kept), format_entry_key(other)))
    order = CaptureOrder(day.sources)
    joined, shown_date = join_wordings(replace(entry, perhaps=""), date, moved, other_date, order)
    stories = [each.story for each in (entry, second) if each.story not in map(format_entry_key, (kept, other))]
    joined = replace(joined, id=entry.id or second.id, story=next(filter(None, stories), ""))
    changed = {**days, date: day}
    if shown_date == date:
        key, stub_date, stub = kept, other_date, tombstone_of(second)
        changed[date] = _replace_entry(changed[date], joined)
    else:
        key, stub_date, stub = other, date, tombstone_of(entry)
        back, changed[other_date] = copy_sources(joined, day, other_day)
        changed[other_date] = _replace_entry(changed[other_date], replace(back, anchor=other_anchor))
    changed[stub_date] = _replace_entry(changed[stub_date], replace(stub, moved=format_entry_key(key)))
    changed = {each: changed[each] for each in (date, other_date)}
    return {each: sort_day(new) for each, new in changed.items()}, key


def _check_one_live_blog(day: Day, entry: Entry, other: Entry, names: tuple[str, str]) -> None:
    blogs = live_blogs(day)
    keys, others = carrying_sources(entry), carrying_sources(other)
    if {blogs[key] for key in keys} != {blogs[key] for key in others}:
        reason = f"{names[0]} and {names[1]} are of two live blogs and stay two entries; the site links similar ones"
        raise ArchiveError(reason)
    if common := [key for key in keys if key in others]:
        reason = f"the capture {common[0]} contains both {names[0]} and {names[1]}: they are two entries"
        raise ArchiveError(f"{reason}; withdraw one of them if the page has it twice")


def _at_date(at: str, date: dt.date, zone: str) -> str:
    """Return an instant at the same clock time of another date; the offset is that of the zone on that date."""
    if not at:
        return ""
    instant = dt.datetime.fromisoformat(at)
    local = instant.astimezone(ZoneInfo(zone)) if zone else instant
    return local.replace(year=date.year, month=date.month, day=date.day).isoformat()


def _find_entry(day: Day, anchor: str) -> Entry:
    for entry in day.entries:
        if entry.anchor == anchor:
            return entry
    raise ArchiveError(f"{day.date} has no entry {anchor}; see the [anchor] lines of its day file")


def _replace_entry(day: Day, entry: Entry) -> Day:
    """Replace the entry of a day that has the same anchor."""
    return replace(day, entries=tuple(entry if other.anchor == entry.anchor else other for other in day.entries))


def _write(store: DayStore, days: dict[dt.date, Day]) -> None:
    for error in store.write(days).errors.values():
        raise error


def _load_day(store: DayStore, date: dt.date) -> Day:
    if not store.path(date).exists():
        raise ArchiveError("there is no such day file; check the date", path=store.path(date))
    return store.load(date)
