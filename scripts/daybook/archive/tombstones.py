"""Withdraw entries, and move them to another day.

A tombstone stays in place of the entry: its anchor, its id and the fingerprints of all its wordings, but no text. So
its address still leads somewhere, and a page that repeats the entry does not add it again.
"""

import datetime as dt
from pathlib import Path

from msgspec.structs import replace

from daybook.archive.content import day_file_path
from daybook.archive.ingest import load_or_create_day, write_day
from daybook.archive.merge import next_source_key
from daybook.core.errors import ArchiveError
from daybook.core.hashing import entry_fingerprint
from daybook.core.model import (
    AnchorAllocator,
    Day,
    Entry,
    EntryKey,
    Wording,
    carrying_sources,
    parse_entry_key,
    sort_entries,
)


def withdraw_entry(content: Path, name: str, reason: str) -> Path:
    """Replace the entry `name`, ``2023-06-02#t1329``, by a tombstone and return the path of its day file.

    The reason is for readers; without one, or without such an entry, it raises an ArchiveError.
    """
    date, anchor = parse_entry_key(name)
    path = day_file_path(content, date)
    reason = " ".join(reason.split())
    if not reason:
        raise ArchiveError('a withdrawal needs a reason for readers: REASON="Published in error"')
    write_day(path, replace_with_tombstone(_load_day(path), anchor, reason))
    return path


def replace_with_tombstone(day: Day, anchor: str, reason: str) -> Day:
    """Replace an entry of a day by a tombstone; give an existing tombstone a new reason."""
    return _replace_entry(day, replace(_tombstone(_find_entry(day, anchor)), withdrawn=reason))


def move_entry(content: Path, name: str, to: dt.date) -> EntryKey:
    """Move the entry `name`, ``2023-06-02#t1329``, to the same clock time of another day, and return its new key.

    Raises an ArchiveError if there is no such entry, if it is a tombstone, or if it is on that day already.
    """
    date, anchor = parse_entry_key(name)
    old_path, new_path = day_file_path(content, date), day_file_path(content, to)
    if date == to:
        raise ArchiveError(f"{name} is already on {to}; choose another TO=")
    old_day = _load_day(old_path)
    entry = _find_entry(old_day, anchor)
    if entry.is_tombstone:
        raise ArchiveError(f"{name} is a tombstone and cannot be moved; see its day file for where the entry went")
    new_day, key = insert_moved_entry(load_or_create_day(new_path, to), entry, old_day)
    # Write the new day first: a crash between the two files leaves the entry twice and does not lose it.
    write_day(new_path, new_day)
    write_day(old_path, _replace_entry(old_day, replace(_tombstone(entry), moved=f"{to}#{key[1]}")))
    return key


def insert_moved_entry(day: Day, entry: Entry, old_day: Day) -> tuple[Day, EntryKey]:
    """Insert an entry of `old_day` into another day, with its sources; return the day and the entry's new key.

    If a move was interrupted after the entry was inserted, the day is returned as it is.
    """
    keys: dict[str, str] = {}  # of the same source, by its key in the old day
    for source in old_day.sources:
        if source.key in (*carrying_sources(entry), *entry.missing_from):
            same = [other.key for other in day.sources if replace(other, key=source.key) == source]
            keys[source.key] = same[0] if same else next_source_key(day.sources)
            if not same:
                day = replace(day, sources=(*day.sources, replace(source, key=keys[source.key])))
    at = dt.datetime.fromisoformat(entry.at) + (day.date - old_day.date) if entry.at else None
    moved = replace(_rename_sources(entry, keys), at=at.isoformat() if at else "")
    for other in day.entries:
        if replace(other, anchor=entry.anchor) == moved:
            return day, (day.date, other.anchor)
    anchor = AnchorAllocator(other.anchor for other in day.entries).take(entry.time)
    return replace(day, entries=sort_entries((*day.entries, replace(moved, anchor=anchor)))), (day.date, anchor)


def _tombstone(entry: Entry) -> Entry:
    """Return a tombstone for an entry, without a reason yet."""
    own = () if entry.is_tombstone else (entry_fingerprint(entry),)
    fingerprints = (*own, *(wording.digest for wording in (*entry.revisions, *entry.conflicts)))
    others = dict.fromkeys(fingerprint for fingerprint in fingerprints if fingerprint not in ("", entry.ingested))
    kept = {field: getattr(entry, field) for field in ("anchor", "time", "at", "ingested", "topics", "id")}
    return Entry(**kept, revisions=tuple(Wording(digest=fingerprint) for fingerprint in others))


def _rename_sources(entry: Entry, keys: dict[str, str]) -> Entry:
    """Replace the keys of sources in an entry, or in one of its wordings."""
    fields: dict[str, object] = {}
    for field in ("sources", "missing_from", "carried"):
        fields[field] = tuple(keys.get(key, key) for key in getattr(entry, field))
    for field in ("revisions", "conflicts"):
        wordings = [
            replace(wording, sources=tuple(keys.get(key, key) for key in wording.sources))
            for wording in getattr(entry, field)
        ]
        fields[field] = tuple(replace(each, source=keys.get(each.source, each.source)) for each in wordings)
    return replace(entry, **fields)


def _find_entry(day: Day, anchor: str) -> Entry:
    for entry in day.entries:
        if entry.anchor == anchor:
            return entry
    raise ArchiveError(f"{day.date} has no entry {anchor}; see the [anchor] lines of its day file")


def _replace_entry(day: Day, entry: Entry) -> Day:
    """Replace the entry of a day that has the same anchor."""
    return replace(day, entries=tuple(entry if other.anchor == entry.anchor else other for other in day.entries))


def _load_day(path: Path) -> Day:
    if not path.exists():
        raise ArchiveError("there is no such day file; check the date", path=path)
    return load_or_create_day(path, None)
