"""Edition → where everything comes from, and what became of it: the sources, and the archive's changes.

The changes are read off the content, never off a clock: a page was taken in when it was
saved, a correction came with the page that brought it, a withdrawal stands on its entry's day.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from .addresses import entry_path
from .edition import Edition
from .entries import utc_moment
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
    for date, summary in edition.summaries.items():
        for source, count in zip(summary.sources, summary.carried, strict=True):
            days.setdefault(source, []).append(edition.links[date])
            counts[source] += count
    pages = [SourcePage(source=page, days=tuple(held), count=counts[page]) for page, held in days.items()]
    return tuple(sorted(pages, key=lambda page: page.days[-1].date, reverse=True))


def changes(edition: Edition) -> tuple[Change, ...]:
    """Give all events, the newest first; those without a time stand by their day."""
    found = (*_ingested(edition), *_corrected(edition), *_buried(edition))
    return tuple(sorted(found, key=_place, reverse=True))


def _place(change: Change) -> tuple[str, str]:
    return change.at or change.day.date.isoformat(), change.path


def _ingested(edition: Edition) -> Iterator[Change]:
    for page in source_pages(edition):
        day = page.days[-1]
        at = utc_moment(page.source.captured)
        yield Change(kind="ingested", at=at, day=day, path=day.path, title=page.source.title)


def _corrected(edition: Edition) -> Iterator[Change]:
    for date, summary in edition.summaries.items():
        for entry in summary.corrected:
            day = edition.links[date]
            yield Change(kind="corrected", at=entry.at, day=day, path=entry.path, title=entry.headline)


def _buried(edition: Edition) -> Iterator[Change]:
    for date, entry in edition.tombstones:
        kind, path = "moved" if entry.moved else "withdrawn", entry_path(date, entry.anchor)
        title = f"{entry.time:%H:%M}" if entry.time is not None else entry.anchor
        note = entry.moved or entry.withdrawn
        yield Change(kind=kind, at="", day=edition.links[date], path=path, title=title, note=note)
