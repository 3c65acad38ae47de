"""Tombstones → what a day's page says in place of entries that were withdrawn or moved."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from ..attributes import load_key
from ..model import Entry
from .addresses import entry_path


class TombstoneView(Struct, frozen=True, kw_only=True):
    """The place of an entry: why it was withdrawn, or the day and address it was moved to."""

    anchor: str
    time: dt.time | None
    reason: str
    moved_to: dt.date | None
    path: str


def tombstone_views(entries: Iterable[Entry]) -> tuple[TombstoneView, ...]:
    """Give a day's tombstones as its page shows them."""
    return tuple(_view(entry) for entry in entries)


def _view(entry: Entry) -> TombstoneView:
    date, anchor = load_key(entry.moved) if entry.moved else (None, "")
    return TombstoneView(
        anchor=entry.anchor,
        time=entry.time,
        reason=entry.withdrawn,
        moved_to=date,
        path=entry_path(date, anchor) if date else "",
    )
