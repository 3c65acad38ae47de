"""Outline and hints → Page: the only place that joins what stands on a page with when it happened."""

import datetime as dt
from itertools import pairwise

from msgspec import UNSET, Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.model import DateBasis
from daybook.core.record import PageSource, Record
from daybook.parse.base.page import ClassifiedLine, ClockTime, Hints, LineRole, Note, Outline, ParsedPage, Post
from daybook.parse.time.instants import (
    utc_offset_seconds,
    format_clock,
    format_rfc3339,
    is_repeated_hour,
    local_instant,
)
from daybook.parse.time.printed import DAY_SECONDS, find_day_number, resolve_date
from daybook.parse.time.zones import find_zone_word, zone_from_hint, zone_from_word, zone_uses_abbreviation


class _ZonedPost(Struct, frozen=True):
    """A post whose stamp is a time in a known zone."""

    post: Post
    stamp: ClockTime
    zone: dt.tzinfo


def resolve_zone(post: Post, hint: dt.tzinfo | None, near: dt.date) -> _ZonedPost:
    """Find the zone of a post's stamp: the page's own word, else the hint.

    Raises ArchiveError with the line for an impossible time, an unknown zone, two clocks
    that disagree, and a stamp with no text.
    """
    stamp = post.stamp
    if stamp is None:
        raise ArchiveError("the post has no time", line=post.line)
    if stamp.fault:
        raise ArchiveError(stamp.fault, line=post.line)
    zone = _zone(stamp, hint, near, post.line)
    if stamp.second_clock:
        twin_clock, twin_word = stamp.second_clock
        twin_zone = _zone(ClockTime(clock=0, printed="", zone=twin_word), hint, near, post.line)
        apart = utc_offset_seconds(zone, near, stamp.clock) - utc_offset_seconds(twin_zone, near, twin_clock)
        if (stamp.clock - twin_clock - apart) % DAY_SECONDS:
            raise ArchiveError(f"{stamp.printed!r} names two different instants: correct one", line=post.line)
    if not (post.headline or post.paragraphs or post.markdown):
        raise ArchiveError(f"no text stands below {stamp.printed!r}: add it or remove the stamp", line=post.line)
    return _ZonedPost(post, stamp, zone)


class _Dated(Struct, frozen=True):
    """A post at its instant; `inferred` says that its date is not the one the page states."""

    zoned_post: _ZonedPost
    instant: dt.datetime
    inferred: bool


def date_page(outline: Outline, hints: Hints, sha256: str) -> ParsedPage:
    """Date every post of an outline and turn it into a record; posts that fail are kept aside.

    Raises ArchiveError where no entry could be dated at all.
    """
    if not outline.posts:
        note = Note(0, f"no entries: no {outline.line_unit} of the page begins with a stamp")
        return ParsedPage(lines=outline.lines, notes=(*outline.notes, note), line_unit=outline.line_unit)
    origin = page_origin(outline, hints, sha256)
    zone, zone_note = page_zone(outline, zone_from_hint(hints.zone), origin.date)
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
    return ParsedPage(
        records=_records(outline, dated, origin),
        lines=_with_kept_aside(outline, problems),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        problems=problems,
        line_unit=outline.line_unit,
    )


def _clock_all(
    outline: Outline, hint: dt.tzinfo | None, date: dt.date
) -> tuple[tuple[_ZonedPost, ...], tuple[ArchiveError, ...]]:
    """Give every post its zone; a page whose stamps all lack one is refused as a whole."""
    timed = [post for post in outline.posts if post.stamp]
    if timed and hint is None and not any(post.stamp.zone or post.stamp.fault for post in timed if post.stamp):
        raise ArchiveError("the stamps of the page name no zone: give it as ZONE=", line=timed[0].line)
    good: list[_ZonedPost] = []
    problems: list[ArchiveError] = []
    heading, restart = None, False  # what stood above a post that failed goes to the next good one
    for post in timed:
        heading, restart = post.heading or heading, post.restart or restart
        try:
            good.append(resolve_zone(replace(post, heading=heading, restart=restart), hint, date))
            heading, restart = None, False
        except ArchiveError as error:
            problems.append(error)
    return tuple(good), tuple(problems)


class _AssignedDate(Struct, frozen=True):
    """The date a tick falls on, and whether a roll-over had to be inferred to know it."""

    date: dt.date
    inferred: bool


def _place_all(good: tuple[_ZonedPost, ...], date: dt.date) -> tuple[tuple[_AssignedDate, ...], tuple[Note, ...]]:
    """Give every post the date on its own clock, found on the clock of the page's first stamp."""
    clocks = [clock_in_page_zone(each, good[0].zone, _printed(each, date) or date) for each in good]
    ticks = tuple(
        _TimelinePoint(
            line=each.post.line,
            clock=clock,
            heading=_heading(each, ahead, date),
            restart=each.post.restart,
        )
        for each, (clock, ahead) in zip(good, clocks, strict=True)
    )
    placed, notes = assign_dates(ticks, date)
    own = (
        replace(day, date=day.date - dt.timedelta(days=ahead)) for day, (_, ahead) in zip(placed, clocks, strict=True)
    )
    return tuple(own), notes


def _heading(each: _ZonedPost, ahead: int, date: dt.date) -> dt.date | None:
    """Give the date that the page states for a post, on the clock of the page."""
    printed = _printed(each, date)
    if printed:
        return printed + dt.timedelta(days=ahead)
    return resolve_date(each.post.heading, date) if each.post.heading else None


def _printed(each: _ZonedPost, date: dt.date) -> dt.date | None:
    return resolve_date(each.post.stamp_date, date) if each.post.stamp_date else None


def _date_all(
    good: tuple[_ZonedPost, ...], placed: tuple[_AssignedDate, ...]
) -> tuple[tuple[_Dated, ...], tuple[ArchiveError, ...]]:
    dated: list[_Dated] = []
    problems: list[ArchiveError] = []
    for each, day in zip(good, placed, strict=True):
        try:
            moment = local_instant(each.stamp.clock, day.date, each.zone)
            dated.append(_Dated(each, moment, day.inferred))
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=each.post.line))
    return tuple(dated), tuple(problems)


class _PageOrigin(Struct, frozen=True):
    """A page's date, who said so, and the source that every record of the page carries."""

    date: dt.date
    found: DateBasis
    source: PageSource


def _records(outline: Outline, dated: tuple[_Dated, ...], origin: _PageOrigin) -> tuple[Record, ...]:
    """Give the records in page order; a post without a time falls on the day of the one above it."""
    by_line = {each.zoned_post.post.line: each for each in dated}
    records: list[Record] = []
    day = dated[0].instant.date() if dated else origin.date
    for post in outline.posts:
        each = by_line.get(post.line)
        record = _content(post, outline, origin.source)
        if each:
            day = each.instant.date()
            # A stamp that prints its own date needs no one's word for it.
            found = DateBasis.INFERRED if each.inferred else DateBasis.EXPLICIT if post.stamp_date else origin.found
            updated = edited_at(each.zoned_post, each.instant)
            records.append(replace(record, at=format_rfc3339(each.instant), updated=updated, found=found))
        elif post.stamp is None:
            records.append(replace(record, date=day, updated=post.updated, found=DateBasis.INFERRED))
    return tuple(records)


def _content(post: Post, outline: Outline, source: PageSource) -> Record:
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
        Note(each.zoned_post.post.line, f"this time came twice that night: read as {format_rfc3339(each.instant)}")
        for each in dated
        if is_repeated_hour(each.instant)
    )


def _with_kept_aside(outline: Outline, problems: tuple[ArchiveError, ...]) -> tuple[ClassifiedLine, ...]:
    """Mark the lines of every post that has a problem: they are in no record."""
    failed = {problem.line for problem in problems}
    aside = {number for post in outline.posts if post.line in failed for number in post.line_numbers}
    return tuple(
        replace(line, role=LineRole.NOT_UNDERSTOOD, reason="kept aside: its stamp has a problem")
        if line.number in aside
        else line
        for line in outline.lines
    )


MIDNIGHT_GAP = 3 * 3600  # seconds against the order of the page that mean another day


_HALF_DAY = DAY_SECONDS // 2  # a longer step may lead over midnight and says nothing of the order


_SLIP = 30 * 60  # seconds by which an entry out of place may stand on the other side of midnight


_NEVER = DAY_SECONDS + 1


class _TimelinePoint(Struct, frozen=True, kw_only=True):
    """A time on the page's clock, in seconds after midnight; `heading` is a date printed above it."""

    line: int
    clock: int
    heading: dt.date | None = None
    restart: bool = False


def assign_dates(
    ticks: tuple[_TimelinePoint, ...], date: dt.date
) -> tuple[tuple[_AssignedDate, ...], tuple[Note, ...]]:
    """Give every tick its date, the first one `date`; notes name the line of each roll-over.

    Where an entry out of place may stand on the other side of midnight, the reading counts
    that covers fewer days.
    """
    steps = [
        below.clock - above.clock
        for index, (above, below) in enumerate(pairwise(ticks), 1)
        if not _stands_afresh(ticks, index) and abs(below.clock - above.clock) <= _HALF_DAY
    ]
    rises, falls = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    onward = 1 if rises > falls else -1
    said = (Note(0, f"read oldest first: {rises} of {len(steps)} steps go up"),) if rises > falls else ()
    ways = (_walk(ticks, date, onward, back) for back in (_NEVER, DAY_SECONDS - _SLIP))
    placed, notes = min(ways, key=lambda way: len({each.date for each in way[0]}))
    return placed, (*said, *notes)


def _walk(
    ticks: tuple[_TimelinePoint, ...], date: dt.date, onward: int, back: int
) -> tuple[tuple[_AssignedDate, ...], tuple[Note, ...]]:
    """Date ticks one by one; a step along the order of `back` seconds or more leads back over midnight."""
    notes: list[Note] = []
    placed: list[_AssignedDate] = []
    inferred = False
    for index, tick in enumerate(ticks):
        if tick.heading:
            date, inferred = tick.heading, False
        elif not _stands_afresh(ticks, index):
            step = (tick.clock - ticks[index - 1].clock) * onward
            days = onward if step <= -MIDNIGHT_GAP else -onward if step >= back else 0
            date, inferred = date + dt.timedelta(days=days), inferred or days != 0
            notes += _noted(ticks[index - 1], tick, date, step if days != -onward else -1)
        placed.append(_AssignedDate(date, inferred))
    return tuple(placed), tuple(notes)


def _stands_afresh(ticks: tuple[_TimelinePoint, ...], index: int) -> bool:
    """Say whether a tick is not to be compared with the one above it.

    A separator sets the comparison free only below a single entry, the pinned one: further
    down it stands in the middle of the flow, where leaving it out would hide a midnight.
    """
    return index == 0 or ticks[index].heading is not None or (index == 1 and ticks[index].restart)


def _noted(above: _TimelinePoint, below: _TimelinePoint, date: dt.date, step: int) -> list[Note]:
    """Report a step against the order: a roll-over to `date`, or an entry out of place."""
    if step >= 0:
        return []
    times = f"{format_clock(below.clock)} below {format_clock(above.clock)}"
    if step <= -MIDNIGHT_GAP:
        return [Note(below.line, f"{times} is taken for {date}: midnight lies between")]
    return [Note(below.line, f"{times} is out of order: its date is {date}")]


def page_origin(outline: Outline, hints: Hints, sha256: str) -> _PageOrigin:
    """Settle a page's date and describe the page: its date line, the hint, its data, its stamps.

    Raises ArchiveError where there is neither, and where the two disagree.
    """
    stated = resolve_date(outline.date, hints.date or outline.data_date) if outline.date else None
    if stated and outline.date and hints.date not in (None, stated):
        raise ArchiveError(
            f"the page says {stated}, DATE= says {hints.date}: correct one of them", line=outline.date.line
        )
    date = stated or hints.date or outline.data_date or _printed_with_stamps(outline)
    if date is None:
        raise ArchiveError("the page has no date line: give its date as DATE=YYYY-MM-DD")
    claim = find_day_number(outline.standfirst)
    source = PageSource(
        url=hints.url or outline.url,
        title=outline.title,
        outlet=hints.outlet or outline.outlet,
        captured=hints.captured,
        sha256=sha256,
        printed_day=find_day_number(outline.title) if claim is None else claim,
        date=date,
        standfirst=outline.standfirst,
        lede=outline.lede,
        captions=outline.captions,
    )
    by_hand = hints.date and not stated
    return _PageOrigin(date, DateBasis.HAND if by_hand else DateBasis.EXPLICIT, source)


def page_zone(outline: Outline, hint: dt.tzinfo | None, date: dt.date) -> tuple[dt.tzinfo | None, Note | None]:
    """Settle the zone of stamps that name none: the hint, unless the page's own offset is another."""
    said = (find_zone_word(line.text) for line in outline.lines if line.reason == "zone-of-all")
    named = outline.zone or next((word for word in said if word), "")
    own = zone_from_word(named) if named else None
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
    days = [resolve_date(post.stamp_date) for post in outline.posts if post.stamp_date and post.stamp_date.year]
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
            named = resolve_date(link, date)
        except ArchiveError as error:
            notes.append(Note(link.line, f"a link names a date that contradicts itself: {error.reason}"))
            continue
        said = "bears out" if named in inferred else "does not bear out"
        notes.append(Note(link.line, f"a link names {named}: it {said} the day inferred"))
    return tuple(notes)


def clock_in_page_zone(each: _ZonedPost, frame: dt.tzinfo, near: dt.date) -> tuple[int, int]:
    """Give a post's time on the clock of the page, and by how many days that clock is ahead."""
    clock = each.stamp.clock
    if each.zone == frame:
        return clock, 0
    days, seconds = divmod(
        clock - utc_offset_seconds(each.zone, near, clock) + utc_offset_seconds(frame, near, clock), DAY_SECONDS
    )
    return seconds, days


def edited_at(each: _ZonedPost, moment: dt.datetime) -> str:
    """Give when a post was edited: what its data says, else the first time of its edit mark after `moment`."""
    mark = each.post.edited
    if each.post.updated:
        return each.post.updated
    zone = (zone_from_word(mark.zone) if mark.zone else each.zone) if mark and not mark.fault else None
    if mark is None or zone is None:
        return ""
    day = moment.astimezone(zone).date()
    try:
        edited = local_instant(mark.clock, day, zone)
        return format_rfc3339(
            edited if edited >= moment else local_instant(mark.clock, day + dt.timedelta(days=1), zone)
        )
    except ArchiveError:
        return ""  # a clock change left that time out; the line itself stays accounted for


def _zone(stamp: ClockTime, hint: dt.tzinfo | None, near: dt.date, line: int) -> dt.tzinfo:
    zone = zone_from_word(stamp.zone) if stamp.zone else hint
    if zone is None and hint and zone_uses_abbreviation(hint, stamp.zone, near):
        zone = hint  # "IST" with ZONE=Asia/Kolkata: the hint says which of them it is
    if zone is None and stamp.zone:
        raise ArchiveError(
            f"the zone {stamp.zone!r} is not known: write GMT or an offset, or give a ZONE= that uses it",
            line=line,
        )
    if zone is None:
        raise ArchiveError(f"{stamp.printed!r} names no zone: give it as ZONE=", line=line)
    return zone
