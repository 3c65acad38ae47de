"""Outline and hints → Page: the only place that joins what stands on a page with when it happened."""

import datetime as dt

from msgspec import Struct
from msgspec.structs import replace

from ..errors import ArchiveError
from ..model import Found
from ..records import Record
from .clocks import Clocked, clocked, edited_at, happened_twice, instant, page_clock, rfc_3339
from .dates import settle
from .origin import Origin, capture_notes, link_notes, origin_of
from .page import Fate, Hints, Line, Note, Outline, Page
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
        note = Note(0, "no entries: no line of the page begins with a stamp")
        return Page(lines=outline.lines, notes=(*outline.notes, note))
    origin = origin_of(outline, hints, sha256)
    good, untimed = _clock_all(outline, hinted_zone(hints.zone), origin.date)
    placed, notes = _place_all(good, origin.date)
    dated, unreal = _date_all(good, placed)
    problems = tuple(sorted((*untimed, *unreal), key=lambda problem: problem.line))
    inferred = frozenset(day.date for day in placed if day.inferred)
    notes = (
        *outline.notes,
        *notes,
        *_notes_on_twice(dated),
        *link_notes(outline, origin.date, inferred),
        *capture_notes(hints, origin.date),
    )
    return Page(
        records=tuple(_record(each, origin) for each in dated),
        lines=_with_kept_aside(outline, problems),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        problems=problems,
    )


def _clock_all(
    outline: Outline, hint: dt.tzinfo | None, date: dt.date
) -> tuple[tuple[Clocked, ...], tuple[ArchiveError, ...]]:
    """Give every post its zone; a page whose stamps all lack one is refused as a whole."""
    if hint is None and not any(post.stamp.zone or post.stamp.fault for post in outline.posts):
        raise ArchiveError(
            "the stamps of the page name no zone: give it as ZONE=", line=outline.posts[0].line
        )
    good: list[Clocked] = []
    problems: list[ArchiveError] = []
    heading, restart = None, False  # what stood above a post that failed goes to the next good one
    for post in outline.posts:
        heading, restart = post.heading or heading, post.restart or restart
        try:
            good.append(clocked(replace(post, heading=heading, restart=restart), hint, date))
            heading, restart = None, False
        except ArchiveError as error:
            problems.append(error)
    return tuple(good), tuple(problems)


def _place_all(good: tuple[Clocked, ...], date: dt.date) -> tuple[tuple[Placed, ...], tuple[Note, ...]]:
    """Give every post the date on its own clock, found on the clock of the page's first stamp."""
    clocks = [page_clock(each, good[0].zone, date) for each in good]
    ticks = tuple(
        Tick(
            line=each.post.line,
            clock=clock,
            heading=settle(each.post.heading, date) if each.post.heading else None,
            restart=each.post.restart,
        )
        for each, (clock, _) in zip(good, clocks, strict=True)
    )
    placed, notes = place_ticks(ticks, date)
    own = (
        replace(day, date=day.date - dt.timedelta(days=ahead))
        for day, (_, ahead) in zip(placed, clocks, strict=True)
    )
    return tuple(own), notes


def _date_all(
    good: tuple[Clocked, ...], placed: tuple[Placed, ...]
) -> tuple[tuple[_Dated, ...], tuple[ArchiveError, ...]]:
    dated: list[_Dated] = []
    problems: list[ArchiveError] = []
    for each, day in zip(good, placed, strict=True):
        try:
            moment = instant(each.post.stamp.clock, day.date, each.zone)
            dated.append(_Dated(each, moment, day.inferred))
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=each.post.line))
    return tuple(dated), tuple(problems)


def _record(each: _Dated, origin: Origin) -> Record:
    post = each.clocked.post
    return Record(
        at=rfc_3339(each.moment),
        headline=post.headline,
        text="\n\n".join(post.paragraphs),
        updated=edited_at(each.clocked, each.moment),
        key=post.key,
        found=Found.INFERRED if each.inferred else origin.found,
        source=origin.source,
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
