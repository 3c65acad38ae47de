"""Entries that leave their place: withdrawn, or moved to the day they belong to.

What stays is a tombstone: the anchor, and the fingerprints of all that was said there, so
that a page which says it again brings nothing back.
"""

import datetime as dt
from pathlib import Path

from msgspec.structs import replace

from daybook.archive.content import day_file_path
from daybook.archive.day_file import dump_day
from daybook.archive.ingest import load_or_create_day
from daybook.archive.merge import carrying_sources, next_source_key
from daybook.core.errors import ArchiveError
from daybook.core.files import replace_file
from daybook.core.hashing import entry_fingerprint
from daybook.core.model import AnchorAllocator, Day, DaySource, Entry, EntryKey, Wording, parse_entry_key, sort_entries


def withdraw_entry(content: Path, name: str, reason: str) -> Path:
    """Replace an entry (``2023-06-02#t1329``) by its tombstone; give the day file."""
    date, anchor = parse_entry_key(name)
    path = day_file_path(content, date)
    words = " ".join(reason.split())
    if not words:
        raise ArchiveError('a withdrawal is given a reason for readers: REASON="Published in error"')
    _write(path, replace_with_tombstone(_read(path), anchor, words))
    return path


def move_entry(content: Path, name: str, to: dt.date) -> EntryKey:
    """Move an entry to another day, same clock time; give its new key."""
    date, anchor = parse_entry_key(name)
    here, there = day_file_path(content, date), day_file_path(content, to)
    if date == to:
        raise ArchiveError(f"the entry {name} is on that day already")
    entry = _entry(_read(here), anchor)
    if entry.is_tombstone:
        raise ArchiveError(f"the entry {name} is not there any more; nothing to move")
    target, key = insert_moved_entry(load_or_create_day(there, to), entry, _read(here))
    # The new place first: a crash between the two leaves the entry twice, never nowhere.
    _write(there, target)
    _write(here, _replaced(_read(here), replace(_tombstone(entry), moved=f"{to}#{key[1]}")))
    return key


def replace_with_tombstone(day: Day, anchor: str, reason: str) -> Day:
    """Put a tombstone in an entry's place; a second time, give it another reason."""
    return _replaced(day, replace(_tombstone(_entry(day, anchor)), withdrawn=reason))


def insert_moved_entry(day: Day, entry: Entry, home: Day) -> tuple[Day, EntryKey]:
    """Take an entry of the day `home` into another, its sources with it; give the day and its key."""
    keys: dict[str, str] = {}
    for source in home.sources:
        if source.key in _named(entry):
            day, keys[source.key] = _with_source(day, source)
    moved = replace(
        entry,
        at=_shifted(entry.at, day.date - home.date),
        sources=tuple(keys.get(key, key) for key in entry.sources),
        missing_from=tuple(keys.get(key, key) for key in entry.missing_from),
        carried=tuple(keys.get(key, key) for key in entry.carried),
        revisions=_rekeyed(entry.revisions, keys),
        conflicts=_rekeyed(entry.conflicts, keys),
    )
    for other in day.entries:
        if replace(other, anchor=entry.anchor) == moved:  # a move that was cut short put it there
            return day, (day.date, other.anchor)
    anchor = AnchorAllocator(other.anchor for other in day.entries).take(entry.time)
    return replace(day, entries=sort_entries((*day.entries, replace(moved, anchor=anchor)))), (day.date, anchor)


def _tombstone(entry: Entry) -> Entry:
    own = () if entry.is_tombstone else (entry_fingerprint(entry),)
    said = (*own, *(wording.digest for wording in (*entry.revisions, *entry.conflicts)))
    kept = dict.fromkeys(name for name in said if name not in ("", entry.ingested))
    return Entry(
        anchor=entry.anchor,
        time=entry.time,
        at=entry.at,
        ingested=entry.ingested,
        topics=entry.topics,
        id=entry.id,
        revisions=tuple(Wording(digest=name) for name in kept),
    )


def _named(entry: Entry) -> set[str]:
    return {*carrying_sources(entry), *entry.missing_from}


def _with_source(day: Day, source: DaySource) -> tuple[Day, str]:
    for known in day.sources:
        if replace(known, key="") == replace(source, key=""):
            return day, known.key
    key = next_source_key(day.sources)
    return replace(day, sources=(*day.sources, replace(source, key=key))), key


def _rekeyed(wordings: tuple[Wording, ...], keys: dict[str, str]) -> tuple[Wording, ...]:
    return tuple(
        replace(
            wording,
            source=keys.get(wording.source, wording.source),
            sources=tuple(keys.get(key, key) for key in wording.sources),
        )
        for wording in wordings
    )


def _shifted(at: str, by: dt.timedelta) -> str:
    return (dt.datetime.fromisoformat(at) + by).isoformat() if at else ""


def _entry(day: Day, anchor: str) -> Entry:
    for entry in day.entries:
        if entry.anchor == anchor:
            return entry
    raise ArchiveError(f"{day.date} has no entry {anchor}; the [anchor] lines of its day file name them")


def _replaced(day: Day, entry: Entry) -> Day:
    entries = tuple(entry if other.anchor == entry.anchor else other for other in day.entries)
    return replace(day, entries=entries)


def _read(path: Path) -> Day:
    if not path.exists():
        raise ArchiveError("there is no such day file; check the date", path=path)
    return load_or_create_day(path, None)


def _write(path: Path, day: Day) -> None:
    replace_file(path, dump_day(day).encode(), durable=True)
