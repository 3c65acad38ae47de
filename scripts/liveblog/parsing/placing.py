"""Outline and hints → Page: the only place that joins what stands on a page with when it happened."""

import datetime as dt

from msgspec import UNSET, Struct
from msgspec.structs import replace

from ..errors import ArchiveError
from ..model import Found
from ..records import Record, RecordSource
from .clocks import Clocked, clocked, edited_at, happened_twice, instant, page_clock, rfc_3339
from .copies import without_copies
from .dates import settle
from .origin import Origin, capture_notes, link_notes, origin_of, page_zone
from .page import Fate, Hints, Line, Note, Outline, Page, Post
from .timeline import Placed, Tick, place_ticks
from .zones import hinted_zone


class _Dated(Struct, frozen=True):
    """A post at its instant; `inferred` says that its date is not the one the page states."""

    clocked: Clocked
    moment: dt.datetime
    inferred: bool


def place(outline: Outline, hints: Hints, sha256: str) -> Page:
    """Date every post of an outline and turn it into a record; posts that fail are kept aside.

    Raises ArchiveError where no entry could be dated at all.
    """
    if not outline.posts:
        note = Note(0, f"no entries: no {outline.unit} of the page begins with a stamp")
        return Page(lines=outline.lines, notes=(*outline.notes, note), unit=outline.unit)
    outline = without_copies(outline)
    origin = origin_of(outline, hints, sha256)
    zone, zone_note = page_zone(outline, hinted_zone(hints.zone), origin.date)
    good, unclear = _clock_all(outline, zone, origin.date)
    placed, notes = _place_all(good, origin.date)
    dated, unreal = _date_all(good, placed)
    problems = tuple(sorted((*unclear, *unreal), key=lambda problem: problem.line))
    inferred = frozenset(day.date for day in placed if day.inferred)
    notes = (
        *outline.notes,
        *((zone_note,) if zone_note else ()),
        *notes,
        *_notes_on_twice(dated),
        *link_notes(outline, origin.date, inferred),
        *capture_notes(hints, origin.date),
    )
    return Page(
        records=_records(outline, dated, origin),
        lines=_with_kept_aside(outline, problems),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        problems=problems,
        unit=outline.unit,
    )


def _clock_all(
    outline: Outline, hint: dt.tzinfo | None, date: dt.date
) -> tuple[tuple[Clocked, ...], tuple[ArchiveError, ...]]:
    """Give every post its zone; a page whose stamps all lack one is refused as a whole."""
    timed = [post for post in outline.posts if post.stamp]
    if timed and hint is None and not any(post.stamp.zone or post.stamp.fault for post in timed if post.stamp):
        raise ArchiveError("the stamps of the page name no zone: give it as ZONE=", line=timed[0].line)
    good: list[Clocked] = []
    problems: list[ArchiveError] = []
    heading, restart = None, False  # what stood above a post that failed goes to the next good one
    for post in timed:
        heading, restart = post.heading or heading, post.restart or restart
        try:
            good.append(clocked(replace(post, heading=heading, restart=restart), hint, date))
            heading, restart = None, False
        except ArchiveError as error:
            problems.append(error)
    return tuple(good), tuple(problems)


def _place_all(good: tuple[Clocked, ...], date: dt.date) -> tuple[tuple[Placed, ...], tuple[Note, ...]]:
    """Give every post the date on its own clock, found on the clock of the page's first stamp."""
    clocks = [page_clock(each, good[0].zone, _printed(each, date) or date) for each in good]
    ticks = tuple(
        Tick(
            line=each.post.line,
            clock=clock,
            heading=_heading(each, ahead, date),
            restart=each.post.restart,
        )
        for each, (clock, ahead) in zip(good, clocks, strict=True)
    )
    placed, notes = place_ticks(ticks, date)
    own = (
        replace(day, date=day.date - dt.timedelta(days=ahead)) for day, (_, ahead) in zip(placed, clocks, strict=True)
    )
    return tuple(own), notes


def _heading(each: Clocked, ahead: int, date: dt.date) -> dt.date | None:
    """Give the date that the page states for a post, on the clock of the page."""
    printed = _printed(each, date)
    if printed:
        return printed + dt.timedelta(days=ahead)
    return settle(each.post.heading, date) if each.post.heading else None


def _printed(each: Clocked, date: dt.date) -> dt.date | None:
    return settle(each.post.on, date) if each.post.on else None


def _date_all(
    good: tuple[Clocked, ...], placed: tuple[Placed, ...]
) -> tuple[tuple[_Dated, ...], tuple[ArchiveError, ...]]:
    dated: list[_Dated] = []
    problems: list[ArchiveError] = []
    for each, day in zip(good, placed, strict=True):
        try:
            moment = instant(each.stamp.clock, day.date, each.zone)
            dated.append(_Dated(each, moment, day.inferred))
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=each.post.line))
    return tuple(dated), tuple(problems)


def _records(outline: Outline, dated: tuple[_Dated, ...], origin: Origin) -> tuple[Record, ...]:
    """Give the records in page order; a post without a time falls on the day of the one above it."""
    by_line = {each.clocked.post.line: each for each in dated}
    records: list[Record] = []
    day = dated[0].moment.date() if dated else origin.date
    for post in outline.posts:
        each = by_line.get(post.line)
        record = _content(post, outline, origin.source)
        if each:
            day = each.moment.date()
            # A stamp that prints its own date needs no one's word for it.
            found = Found.INFERRED if each.inferred else Found.EXPLICIT if post.on else origin.found
            updated = edited_at(each.clocked, each.moment)
            records.append(replace(record, at=rfc_3339(each.moment), updated=updated, found=found))
        elif post.stamp is None:
            records.append(replace(record, date=day, updated=post.updated, found=Found.INFERRED))
    return tuple(records)


def _content(post: Post, outline: Outline, source: RecordSource) -> Record:
    return Record(
        headline=post.headline,
        text=UNSET if post.markdown else "\n\n".join(post.paragraphs),
        markdown=post.markdown or UNSET,
        id=post.id,
        authors=post.authors,
        key=post.key,
        lang=outline.lang,
        source=source,
    )


def _notes_on_twice(dated: tuple[_Dated, ...]) -> tuple[Note, ...]:
    return tuple(
        Note(each.clocked.post.line, f"this time came twice that night: read as {rfc_3339(each.moment)}")
        for each in dated
        if happened_twice(each.moment)
    )


def _with_kept_aside(outline: Outline, problems: tuple[ArchiveError, ...]) -> tuple[Line, ...]:
    """Mark the lines of every post that has a problem: they are in no record."""
    failed = {problem.line for problem in problems}
    aside = {number for post in outline.posts if post.line in failed for number in post.held}
    return tuple(
        replace(line, fate=Fate.NOT_UNDERSTOOD, why="kept aside: its stamp has a problem")
        if line.number in aside
        else line
        for line in outline.lines
    )
