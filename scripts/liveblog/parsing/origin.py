"""What all entries of a page share: the only place that settles a page's own date and its source."""

import datetime as dt

from msgspec import Struct

from ..errors import ArchiveError
from ..model import Found
from ..records import RecordSource
from .dates import settle
from .heads import printed_day
from .page import Hints, Note, Outline
from .zones import zone_of, zone_said


class Origin(Struct, frozen=True):
    """A page's date, who said so, and the source that every record of the page carries."""

    date: dt.date
    found: Found
    source: RecordSource


def origin_of(outline: Outline, hints: Hints, sha256: str) -> Origin:
    """Settle a page's date and describe the page: its date line, the hint, its data, its stamps.

    Raises ArchiveError where there is neither, and where the two disagree.
    """
    stated = settle(outline.date, hints.date or outline.day) if outline.date else None
    if stated and outline.date and hints.date not in (None, stated):
        raise ArchiveError(
            f"the page says {stated}, DATE= says {hints.date}: correct one of them", line=outline.date.line
        )
    date = stated or hints.date or outline.day or _printed_with_stamps(outline)
    if date is None:
        raise ArchiveError("the page has no date line: give its date as DATE=YYYY-MM-DD")
    claim = printed_day(outline.standfirst)
    source = RecordSource(
        url=hints.url or outline.url,
        title=outline.title,
        outlet=hints.outlet or outline.outlet,
        captured=hints.captured,
        sha256=sha256,
        printed_day=printed_day(outline.title) if claim is None else claim,
        date=date,
        standfirst=outline.standfirst,
        lede=outline.lede,
        captions=outline.captions,
    )
    by_hand = hints.date and not stated
    return Origin(date, Found.HAND if by_hand else Found.EXPLICIT, source)


def page_zone(outline: Outline, hint: dt.tzinfo | None, date: dt.date) -> tuple[dt.tzinfo | None, Note | None]:
    """Settle the zone of stamps that name none: the hint, unless the page's own offset is another."""
    said = (zone_said(line.text) for line in outline.lines if line.why == "zone-of-all")
    named = outline.zone or next((word for word in said if word), "")
    own = zone_of(named) if named else None
    bare = [post for post in outline.posts if post.stamp and not post.stamp.zone and not post.stamp.fault]
    if own is None or (hint is None and not bare):
        return hint, None
    noon = dt.datetime.combine(date, dt.time(12), own)
    if hint is None:
        return own, Note(0, f"stamps without a zone are read at {named}, the page's own offset")
    if noon.astimezone(hint).utcoffset() == noon.utcoffset():
        return hint, None
    return own, Note(0, f"ZONE= is not the page's own offset, {named}: the page's is taken")


def _printed_with_stamps(outline: Outline) -> dt.date | None:
    """Give the date of the newest post that prints its own, where the page prints none."""
    days = [settle(post.on) for post in outline.posts if post.on and post.on.year]
    return max(days, default=None)


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
