"""Edition → where everything comes from, and what became of it: the sources, and the archive's changes.

The changes are read off the content, never off a clock: a page was taken in when it was
saved, a correction came with the page that brought it, a withdrawal stands on its entry's day.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from ..errors import ArchiveError
from ..model import Entry
from ..records import instant
from .addresses import entry_path
from .edition import Edition
from .entries import source_view, utc_text
from .views import DayLink, SourceView


class SourcePage(Struct, frozen=True, kw_only=True):
    """A saved page, the days that hold entries of it (oldest first), and how many those are."""

    source: SourceView
    days: tuple[DayLink, ...]
    count: int


class Change(Struct, frozen=True, kw_only=True):
    """One event of the archive: `kind` is ingested, corrected, withdrawn or moved.

    `at` is RFC 3339 in UTC, "" where it is not known; `path` leads to what changed; `title`
    is a headline or a page's title, `note` a withdrawal's reason or the address moved to.
    """

    kind: str
    at: str
    day: DayLink
    path: str
    title: str
    note: str = ""


def source_pages(edition: Edition) -> tuple[SourcePage, ...]:
    """Give every page the archive was read from, newest day first, each once."""
    days: dict[SourceView, list[DayLink]] = {}
    counts: Counter[SourceView] = Counter()
    for date, day in edition.days.items():
        for source in day.sources:
            days.setdefault(source_view(source, edition.settings), []).append(edition.links[date])
        for entry in edition.entries[date]:
            counts.update(entry.sources)
    pages = [SourcePage(source=page, days=tuple(held), count=counts[page]) for page, held in days.items()]
    return tuple(sorted(pages, key=lambda page: page.days[-1].date, reverse=True))


def changes(edition: Edition, tombstones: Mapping[dt.date, tuple[Entry, ...]]) -> tuple[Change, ...]:
    """Give all events, the newest first; those without a time stand by their day."""
    found = (*_ingested(edition), *_corrected(edition), *_buried(edition, tombstones))
    return tuple(sorted(found, key=_place, reverse=True))


def _place(change: Change) -> tuple[str, str]:
    return change.at or change.day.date.isoformat(), change.path


def _ingested(edition: Edition) -> Iterator[Change]:
    for page in source_pages(edition):
        day = page.days[-1]
        at = _utc(page.source.captured)
        yield Change(kind="ingested", at=at, day=day, path=day.path, title=page.source.title)


def _corrected(edition: Edition) -> Iterator[Change]:
    for date, entries in edition.entries.items():
        for entry in entries:
            if entry.former:
                times = [_utc(source.captured) for source in entry.sources]
                at = max(times, default="") or entry.updated
                day = edition.links[date]
                yield Change(kind="corrected", at=at, day=day, path=entry.path, title=entry.headline)


def _buried(edition: Edition, tombstones: Mapping[dt.date, tuple[Entry, ...]]) -> Iterator[Change]:
    for date, entries in tombstones.items():
        for entry in entries:
            kind, path = "moved" if entry.moved else "withdrawn", entry_path(date, entry.anchor)
            title = f"{entry.time:%H:%M}" if entry.time is not None else entry.anchor
            note = entry.moved or entry.withdrawn
            yield Change(kind=kind, at="", day=edition.links[date], path=path, title=title, note=note)


def _utc(captured: str) -> str:
    try:
        return utc_text(instant(captured)) if captured else ""
    except ArchiveError:
        return ""  # typed by hand in another form: the sources page shows it as it is
