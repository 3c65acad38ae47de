"""What all entries of a page share: the only place that settles a page's own date and its source."""

import datetime as dt

from msgspec import Struct

from ..errors import ArchiveError
from ..model import Found
from ..records import RecordSource
from .dates import settle
from .heads import printed_day
from .page import Hints, Note, Outline


class Origin(Struct, frozen=True):
    """A page's date, who said so, and the source that every record of the page carries."""

    date: dt.date
    found: Found
    source: RecordSource


def origin_of(outline: Outline, hints: Hints, sha256: str) -> Origin:
    """Settle a page's date from its date line and the hint, and describe the page.

    Raises ArchiveError where there is neither, and where the two disagree.
    """
    stated = settle(outline.date, hints.date) if outline.date else None
    if stated and outline.date and hints.date not in (None, stated):
        raise ArchiveError(
            f"the page says {stated}, DATE= says {hints.date}: correct one of them", line=outline.date.line
        )
    date = stated or hints.date
    if date is None:
        raise ArchiveError("the page has no date line: give its date as DATE=YYYY-MM-DD")
    claim = printed_day(outline.standfirst)
    source = RecordSource(
        url=hints.url,
        title=outline.title,
        outlet=hints.outlet,
        captured=hints.captured,
        sha256=sha256,
        printed_day=printed_day(outline.title) if claim is None else claim,
        date=date,
        standfirst=outline.standfirst,
        lede=outline.lede,
        captions=outline.captions,
    )
    return Origin(date, Found.EXPLICIT if stated else Found.HAND, source)


def capture_notes(hints: Hints, date: dt.date) -> tuple[Note, ...]:
    """Report a page that is dated after it was captured."""
    captured = dt.datetime.fromisoformat(hints.captured).date() if hints.captured else date
    if captured < date:
        return (Note(0, f"the page is dated {date}, after it was captured on {captured}"),)
    return ()


def link_notes(outline: Outline, date: dt.date, inferred: frozenset[dt.date]) -> tuple[Note, ...]:
    """Report whether the dates that link sentences name bear out the days inferred."""
    notes = []
    for link in outline.links if inferred else ():
        try:
            named = settle(link, date)
        except ArchiveError as error:
            notes.append(Note(link.line, f"a link names a date that contradicts itself: {error.reason}"))
            continue
        said = "bears out" if named in inferred else "does not bear out"
        notes.append(Note(link.line, f"a link names {named}: it {said} the day inferred"))
    return tuple(notes)
