"""Convert the headings of all days from one time zone to another (`make zone`).

An entry keeps its instant. Where its date changes, it moves to the file of that date with a new anchor and leaves a
stub. Anchors are never renamed. Fingerprints contain the time of the heading, so they are made again from the text;
that of a text which is not stored, because a person edited or withdrew it, cannot be.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import UNSET
from msgspec.structs import replace

from daybook.archive.credits import is_edited, tombstone_of
from daybook.archive.day_sources import copy_sources
from daybook.archive.merge import union_spans
from daybook.core.hashing import entry_fingerprint
from daybook.core.model import (
    AnchorAllocator,
    Day,
    Entry,
    Wording,
    entry_instant,
    format_entry_key,
    local_time,
    minute_of_day,
    sort_day,
)

_END_OF_DAY = 24 * 60


class Converted(NamedTuple):
    """The converted days, how many entries moved to another date, and how many lost what recognises them.

    `unrecognised` are edited and withdrawn entries: a page that repeats one in other words than the stored ones is
    reported once more.
    """

    days: dict[dt.date, Day]
    moved: int
    unrecognised: int


def convert_days(days: Iterable[Day], old: ZoneInfo, new: ZoneInfo) -> Converted:
    """Convert days whose headings are in the zone `old`; the days must be all of the archive."""
    before = {day.date: day for day in days}
    after = {date: replace(day, zone=new.key, entries=(), collected=()) for date, day in before.items()}
    entries: dict[dt.date, list[Entry]] = {date: [] for date in before}
    leaving: list[tuple[dt.date, Entry, dt.date]] = []
    unrecognised = 0
    for date, day in before.items():
        for entry in day.entries:
            new_date, converted = _convert_entry(date, entry, old, new)
            unrecognised += bool(entry.ingested) and (entry.is_tombstone or is_edited(entry)) and entry.time is not None
            if new_date == date or entry.is_tombstone:  # a tombstone stays, because its anchor is all that it is for
                entries[date].append(converted)
            else:
                leaving.append((date, converted, new_date))
    anchors = {date: AnchorAllocator(entry.anchor for entry in day.entries) for date, day in before.items()}
    for date, entry, new_date in leaving:
        if new_date not in after:
            after[new_date] = Day(date=new_date, title="", zone=new.key)
            entries[new_date], anchors[new_date] = [], AnchorAllocator(())
        copy, after[new_date] = copy_sources(entry, before[date], after[new_date])
        anchor = anchors[new_date].take(entry.time)
        entries[new_date].append(replace(copy, anchor=anchor))
        entries[date].append(replace(tombstone_of(entry), moved=format_entry_key((new_date, anchor))))
    for date, day in before.items():
        for start, end in day.collected:
            for span_date, span in _convert_span(date, start, end, old, new):
                if span_date in after:
                    target = after[span_date]
                    after[span_date] = replace(target, collected=union_spans(target.collected, span))
    done = {date: sort_day(replace(day, entries=tuple(entries[date]))) for date, day in after.items()}
    return Converted(done, len(leaving), unrecognised)


def _convert_entry(date: dt.date, entry: Entry, old: ZoneInfo, new: ZoneInfo) -> tuple[dt.date, Entry]:
    instant = entry_instant(date, entry, old)
    if instant is None:
        return date, entry
    new_date, time, at = local_time(instant, new)
    wordings = {
        field: tuple(_convert_wording(each, date, new_date, old, new) for each in getattr(entry, field))
        for field in ("revisions", "conflicts")
    }
    converted = replace(entry, time=time, at=at, **wordings)
    if not entry.is_tombstone and not is_edited(entry):
        converted = replace(converted, ingested=entry_fingerprint(converted))
    return new_date, converted


def _convert_wording(wording: Wording, date: dt.date, shown_date: dt.date, old: ZoneInfo, new: ZoneInfo) -> Wording:
    own_date = wording.date or date
    if wording.time is UNSET or wording.time is None:
        return replace(wording, date=own_date if own_date != shown_date else None)
    instant = dt.datetime.fromisoformat(wording.at) if wording.at else dt.datetime.combine(own_date, wording.time, old)
    new_date, time, at = local_time(instant, new)
    return replace(wording, date=new_date if new_date != shown_date else None, time=time, at=at)


def _convert_span(
    date: dt.date, start: int, end: int, old: ZoneInfo, new: ZoneInfo
) -> list[tuple[dt.date, tuple[int, int]]]:
    """Return the parts of a span, in minutes of a day in the old zone, as minutes of days in the new zone."""
    midnight = dt.datetime.combine(date, dt.time(), old)
    first = (midnight + dt.timedelta(minutes=start)).astimezone(new)
    last = (midnight + dt.timedelta(minutes=end)).astimezone(new)
    if first.date() == last.date():
        return [(first.date(), (minute_of_day(first.time()), minute_of_day(last.time())))]
    parts = [(first.date(), (minute_of_day(first.time()), _END_OF_DAY))]
    if minute_of_day(last.time()):
        parts.append((last.date(), (0, minute_of_day(last.time()))))
    return parts
