"""Date the posts of an outline and turn them into records.

Pages print clock times, seldom dates. Dating starts at the page's date and follows the posts down
the page: on a newest-first page times fall, and a rise of `_MIDNIGHT_GAP` or more means that the post
below belongs to the day before. Such dates are marked as inferred. Neither the system clock nor file
times are used.
"""

import datetime as dt
from itertools import pairwise

from msgspec import UNSET, Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.model import DateBasis
from daybook.core.record import PageSource, Record
from daybook.parse.base.page import ClassifiedLine, ClockTime, Hints, LineRole, Note, Outline, ParsedPage, Post
from daybook.parse.time.instants import (
    format_clock,
    format_rfc3339,
    is_repeated_hour,
    local_instant,
    utc_offset_seconds,
)
from daybook.parse.time.printed import DAY_SECONDS, find_day_number, resolve_date
from daybook.parse.time.zones import find_zone_word, zone_from_hint, zone_from_word, zone_uses_abbreviation

_MIDNIGHT_GAP = 3 * 3600  # seconds; a step this long against the page's order crosses midnight

_HALF_DAY = DAY_SECONDS // 2  # seconds; a longer step may cross midnight and does not show the page's order
_MAX_DISPLACEMENT = 30 * 60  # seconds by which an entry near midnight may be out of order
_NO_RETURN = DAY_SECONDS + 1  # longer than any step


class _PageOrigin(Struct, frozen=True):
    """The date of a page, what it is based on, and the source of all its records."""

    date: dt.date
    basis: DateBasis
    source: PageSource


class _ZonedPost(Struct, frozen=True):
    """A post whose stamp is a possible time in a known zone."""

    post: Post
    stamp: ClockTime
    zone: dt.tzinfo


class _TimelinePoint(Struct, frozen=True, kw_only=True):
    """The time of a post on the page's clock, in seconds after midnight; `heading` is a date printed above it."""

    line: int
    clock: int
    heading: dt.date | None = None
    restart: bool = False


class _AssignedDate(Struct, frozen=True):
    """The date of a post, and whether it was inferred from the order of times."""

    date: dt.date
    inferred: bool


class _DatedPost(Struct, frozen=True):
    """A post with its instant, and whether its date was inferred."""

    zoned_post: _ZonedPost
    instant: dt.datetime
    inferred: bool


def date_page(outline: Outline, hints: Hints, sha256: str) -> ParsedPage:
    """Return the page with its posts as dated records. Posts that cannot be dated become problems.

    Raises:
        ArchiveError: The page has no date, contradicts its hints, or no stamp has a zone.
    """
    if not outline.posts:
        note = Note(0, f"no entries: no {outline.line_unit} of the page begins with a time stamp")
        return ParsedPage(lines=outline.lines, notes=(*outline.notes, note), line_unit=outline.line_unit)
    origin = _page_origin(outline, hints, sha256)
    zone, zone_note = _page_zone(outline, zone_from_hint(hints.zone), origin.date)
    zoned, zone_problems = _resolve_zones(outline, zone, origin.date)
    assigned, date_notes = _date_posts(zoned, origin.date)
    dated, time_problems = _resolve_instants(zoned, assigned)
    problems = tuple(sorted((*zone_problems, *time_problems), key=lambda problem: problem.line))
    inferred = frozenset(day.date for day in assigned if day.inferred)
    notes = (
        *outline.notes,
        *((zone_note,) if zone_note else ()),
        *date_notes,
        *_repeated_hour_notes(dated),
        *_link_notes(outline, origin.date, inferred),
        *_capture_notes(hints, origin.date),
    )
    return ParsedPage(
        records=_records(outline, dated, origin),
        lines=_mark_left_out(outline, problems),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        problems=problems,
        line_unit=outline.line_unit,
    )


# The page: its date, source and zone


def _page_origin(outline: Outline, hints: Hints, sha256: str) -> _PageOrigin:
    """Return the page's date and source. The date comes from its date line, a hint, its data or its stamps.

    Raises ArchiveError if there is no date, or if date line and hint differ.
    """
    printed = resolve_date(outline.date, hints.date or outline.data_date) if outline.date else None
    if printed and outline.date and hints.date not in (None, printed):
        raise ArchiveError(
            f"the page says {printed}, DATE= says {hints.date}: correct one of them", line=outline.date.line
        )
    date = printed or hints.date or outline.data_date or _newest_stamp_date(outline)
    if date is None:
        raise ArchiveError("the page has no date line: give its date as DATE=YYYY-MM-DD")
    day_number = find_day_number(outline.standfirst)
    source = PageSource(
        url=hints.url or outline.url,
        title=outline.title,
        outlet=hints.outlet or outline.outlet,
        captured=hints.captured,
        sha256=sha256,
        printed_day=find_day_number(outline.title) if day_number is None else day_number,
        date=date,
        standfirst=outline.standfirst,
        lede=outline.lede,
        captions=outline.captions,
    )
    from_hint = hints.date and not printed
    return _PageOrigin(date, DateBasis.HAND if from_hint else DateBasis.EXPLICIT, source)


def _newest_stamp_date(outline: Outline) -> dt.date | None:
    """Return the latest date with a year that a stamp contains; None if none does."""
    dates = [resolve_date(post.stamp_date) for post in outline.posts if post.stamp_date and post.stamp_date.year]
    return max(dates, default=None)


def _page_zone(outline: Outline, hint: dt.tzinfo | None, date: dt.date) -> tuple[dt.tzinfo | None, Note | None]:
    """Return the zone of stamps without one: the hint, unless the page has an offset of its own that differs."""
    words = (find_zone_word(line.text) for line in outline.lines if line.reason == "zone-of-all")
    name = outline.zone or next((word for word in words if word), "")
    own_zone = zone_from_word(name) if name else None
    without_zone = [post for post in outline.posts if post.stamp and not post.stamp.zone and not post.stamp.fault]
    if own_zone is None or (hint is None and not without_zone):
        return hint, None
    noon = dt.datetime.combine(date, dt.time(12), own_zone)
    if hint is None:
        return own_zone, Note(0, f"times without a zone are read at {name}, the page's own offset")
    if noon.astimezone(hint).utcoffset() == noon.utcoffset():
        return hint, None
    return own_zone, Note(0, f"ZONE= differs from {name}, the page's own offset: the page's is used")


# The posts: their zones


def _resolve_zones(
    outline: Outline, hint: dt.tzinfo | None, date: dt.date
) -> tuple[tuple[_ZonedPost, ...], tuple[ArchiveError, ...]]:
    """Find the zone of every post with a stamp; raise ArchiveError if no stamp has a zone and there is no hint."""
    timed = [post for post in outline.posts if post.stamp]
    if timed and hint is None and not any(post.stamp.zone or post.stamp.fault for post in timed if post.stamp):
        raise ArchiveError("the times on the page have no zone: give it as ZONE=", line=timed[0].line)
    zoned: list[_ZonedPost] = []
    problems: list[ArchiveError] = []
    # A heading or separator above a post that fails applies to the next post that does not.
    heading, restart = None, False
    for post in timed:
        heading, restart = post.heading or heading, post.restart or restart
        try:
            zoned.append(_resolve_zone(replace(post, heading=heading, restart=restart), hint, date))
            heading, restart = None, False
        except ArchiveError as error:
            problems.append(error)
    return tuple(zoned), tuple(problems)


def _resolve_zone(post: Post, hint: dt.tzinfo | None, near: dt.date) -> _ZonedPost:
    """Find the zone of a post's stamp: its own zone word, else the hint.

    Raises ArchiveError for an impossible time, an unknown zone, two clock times that differ,
    and a stamp without text.
    """
    stamp = post.stamp
    if stamp is None:
        raise ArchiveError("the post has no time", line=post.line)
    if stamp.fault:
        raise ArchiveError(stamp.fault, line=post.line)
    zone = _stamp_zone(stamp, hint, near, post.line)
    if stamp.second_clock:
        second_clock, second_word = stamp.second_clock
        second_zone = _stamp_zone(ClockTime(clock=0, printed="", zone=second_word), hint, near, post.line)
        difference = utc_offset_seconds(zone, near, stamp.clock) - utc_offset_seconds(second_zone, near, second_clock)
        if (stamp.clock - second_clock - difference) % DAY_SECONDS:
            raise ArchiveError(f"{stamp.printed!r} gives two different times: correct one", line=post.line)
    if not (post.headline or post.paragraphs or post.markdown):
        raise ArchiveError(f"there is no text below {stamp.printed!r}: add it or remove the time", line=post.line)
    return _ZonedPost(post, stamp, zone)


def _stamp_zone(stamp: ClockTime, hint: dt.tzinfo | None, near: dt.date, line: int) -> dt.tzinfo:
    zone = zone_from_word(stamp.zone) if stamp.zone else hint
    if zone is None and hint and zone_uses_abbreviation(hint, stamp.zone, near):
        zone = hint  # "IST" with ZONE=Asia/Kolkata: the hint says which IST it is
    if zone is None and stamp.zone:
        raise ArchiveError(
            f"the zone {stamp.zone!r} is not known: write GMT or an offset, or give a ZONE= that uses it",
            line=line,
        )
    if zone is None:
        raise ArchiveError(f"{stamp.printed!r} has no zone: give it as ZONE=", line=line)
    return zone


# The posts: their dates


def _date_posts(zoned: tuple[_ZonedPost, ...], date: dt.date) -> tuple[tuple[_AssignedDate, ...], tuple[Note, ...]]:
    """Give every post the date in its own zone; times are compared in the zone of the page's first stamp."""
    clocks = [_clock_in_zone(each, zoned[0].zone, _stamp_date(each, date) or date) for each in zoned]
    points = tuple(
        _TimelinePoint(
            line=each.post.line,
            clock=clock,
            heading=_printed_date(each, days_ahead, date),
            restart=each.post.restart,
        )
        for each, (clock, days_ahead) in zip(zoned, clocks, strict=True)
    )
    assigned, notes = _assign_dates(points, date)
    in_own_zone = (
        replace(day, date=day.date - dt.timedelta(days=days_ahead))
        for day, (_, days_ahead) in zip(assigned, clocks, strict=True)
    )
    return tuple(in_own_zone), notes


def _clock_in_zone(each: _ZonedPost, zone: dt.tzinfo, near: dt.date) -> tuple[int, int]:
    """Return a post's clock time in another zone, and by how many days that zone's date is ahead."""
    clock = each.stamp.clock
    if each.zone == zone:
        return clock, 0
    seconds = clock - utc_offset_seconds(each.zone, near, clock) + utc_offset_seconds(zone, near, clock)
    days_ahead, clock_in_zone = divmod(seconds, DAY_SECONDS)
    return clock_in_zone, days_ahead


def _printed_date(each: _ZonedPost, days_ahead: int, date: dt.date) -> dt.date | None:
    """Return the date in a post's stamp or in the day heading above it, in the zone of the page."""
    stamp_date = _stamp_date(each, date)
    if stamp_date:
        return stamp_date + dt.timedelta(days=days_ahead)
    return resolve_date(each.post.heading, date) if each.post.heading else None


def _stamp_date(each: _ZonedPost, date: dt.date) -> dt.date | None:
    return resolve_date(each.post.stamp_date, date) if each.post.stamp_date else None


def _assign_dates(
    points: tuple[_TimelinePoint, ...], date: dt.date
) -> tuple[tuple[_AssignedDate, ...], tuple[Note, ...]]:
    """Give every point a date, the first one `date`; notes name the line of each date change.

    A long step in the page's order may be a quiet period, or an entry out of place on the other side
    of midnight. The reading with fewer different dates is used.
    """
    steps = [
        below.clock - above.clock
        for index, (above, below) in enumerate(pairwise(points), 1)
        if not _starts_anew(points, index) and abs(below.clock - above.clock) <= _HALF_DAY
    ]
    rises, falls = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    direction = 1 if rises > falls else -1
    order_note = (Note(0, f"read oldest first: times rise in {rises} of {len(steps)} steps"),) if rises > falls else ()
    readings = (
        _follow_timeline(points, date, direction, return_step)
        for return_step in (_NO_RETURN, DAY_SECONDS - _MAX_DISPLACEMENT)
    )
    assigned, notes = min(readings, key=lambda reading: len({each.date for each in reading[0]}))
    return assigned, (*order_note, *notes)


def _follow_timeline(
    points: tuple[_TimelinePoint, ...], date: dt.date, direction: int, return_step: int
) -> tuple[tuple[_AssignedDate, ...], tuple[Note, ...]]:
    """Date the points one by one.

    Args:
        points: The points in page order.
        date: The date of the first one.
        direction: 1 for a page with the oldest post first, -1 for the newest first.
        return_step: A step of so many seconds in `direction` goes back over midnight.
    """
    notes: list[Note] = []
    assigned: list[_AssignedDate] = []
    inferred = False
    for index, point in enumerate(points):
        if point.heading:
            date, inferred = point.heading, False
        elif not _starts_anew(points, index):
            step = (point.clock - points[index - 1].clock) * direction
            days = direction if step <= -_MIDNIGHT_GAP else -direction if step >= return_step else 0
            date, inferred = date + dt.timedelta(days=days), inferred or days != 0
            notes += _step_notes(points[index - 1], point, date, step if days != -direction else -1)
        assigned.append(_AssignedDate(date, inferred))
    return tuple(assigned), tuple(notes)


def _starts_anew(points: tuple[_TimelinePoint, ...], index: int) -> bool:
    """Return whether a point must not be compared with the one above it.

    A separator counts only below the first post, which may be pinned. Further down it is within
    the run of posts, and without the comparison a midnight there would be missed.
    """
    return index == 0 or points[index].heading is not None or (index == 1 and points[index].restart)


def _step_notes(above: _TimelinePoint, below: _TimelinePoint, date: dt.date, step: int) -> list[Note]:
    """Report a step against the page's order: a change to `date`, or an entry out of order."""
    if step >= 0:
        return []
    times = f"{format_clock(below.clock)} below {format_clock(above.clock)}"
    if step <= -_MIDNIGHT_GAP:
        return [Note(below.line, f"{times} is read as {date}: midnight is between them")]
    return [Note(below.line, f"{times} is out of order: its date is {date}")]


def _resolve_instants(
    zoned: tuple[_ZonedPost, ...], assigned: tuple[_AssignedDate, ...]
) -> tuple[tuple[_DatedPost, ...], tuple[ArchiveError, ...]]:
    """Combine clock times and dates; a time that a clock change skipped is a problem."""
    dated: list[_DatedPost] = []
    problems: list[ArchiveError] = []
    for each, day in zip(zoned, assigned, strict=True):
        try:
            dated.append(_DatedPost(each, local_instant(each.stamp.clock, day.date, each.zone), day.inferred))
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=each.post.line))
    return tuple(dated), tuple(problems)


# The result: records, lines and notes


def _records(outline: Outline, dated: tuple[_DatedPost, ...], origin: _PageOrigin) -> tuple[Record, ...]:
    """Return the records in page order; a post without a time has the date of the one above it."""
    by_line = {each.zoned_post.post.line: each for each in dated}
    records: list[Record] = []
    date = dated[0].instant.date() if dated else origin.date
    for post in outline.posts:
        each = by_line.get(post.line)
        record = _undated_record(post, outline, origin.source)
        if each:
            date = each.instant.date()
            # A stamp with a date of its own does not depend on the page's date.
            basis = DateBasis.INFERRED if each.inferred else DateBasis.EXPLICIT if post.stamp_date else origin.basis
            updated = _edit_time(each.zoned_post, each.instant)
            records.append(replace(record, at=format_rfc3339(each.instant), updated=updated, found=basis))
        elif post.stamp is None:
            records.append(replace(record, date=date, updated=post.updated, found=DateBasis.INFERRED))
    return tuple(records)


def _undated_record(post: Post, outline: Outline, source: PageSource) -> Record:
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


def _edit_time(each: _ZonedPost, published: dt.datetime) -> str:
    """Return when a post was last edited, in RFC 3339: from page data, else its printed edit mark; "" if unknown.

    An edit mark is a clock time without a date: the first such time after `published`.
    """
    mark = each.post.edited
    if each.post.updated:
        return each.post.updated
    zone = (zone_from_word(mark.zone) if mark.zone else each.zone) if mark and not mark.fault else None
    if mark is None or zone is None:
        return ""
    day = published.astimezone(zone).date()
    try:
        edited = local_instant(mark.clock, day, zone)
        if edited < published:
            edited = local_instant(mark.clock, day + dt.timedelta(days=1), zone)
    except ArchiveError:
        return ""  # skipped by a clock change; the line itself is still classified
    return format_rfc3339(edited)


def _mark_left_out(outline: Outline, problems: tuple[ArchiveError, ...]) -> tuple[ClassifiedLine, ...]:
    """Mark the lines of every post with a problem: no record contains them."""
    failed = {problem.line for problem in problems}
    left_out = {number for post in outline.posts if post.line in failed for number in post.line_numbers}
    return tuple(
        replace(line, role=LineRole.NOT_UNDERSTOOD, reason="left out: its time stamp has a problem")
        if line.number in left_out
        else line
        for line in outline.lines
    )


def _repeated_hour_notes(dated: tuple[_DatedPost, ...]) -> tuple[Note, ...]:
    return tuple(
        Note(each.zoned_post.post.line, f"a clock change repeats this time: read as {format_rfc3339(each.instant)}")
        for each in dated
        if is_repeated_hour(each.instant)
    )


def _link_notes(outline: Outline, date: dt.date, inferred: frozenset[dt.date]) -> tuple[Note, ...]:
    """Report whether the dates in link sentences confirm the inferred dates."""
    notes = []
    for link in outline.links if inferred else ():
        try:
            linked = resolve_date(link, date)
        except ArchiveError as error:
            notes.append(Note(link.line, f"a link names an impossible date: {error.reason}"))
            continue
        result = "confirms" if linked in inferred else "does not confirm"
        notes.append(Note(link.line, f"a link names {linked}: this {result} the inferred date"))
    return tuple(notes)


def _capture_notes(hints: Hints, date: dt.date) -> tuple[Note, ...]:
    """Report a page with a date after its capture."""
    captured = dt.datetime.fromisoformat(hints.captured).date() if hints.captured else date
    if captured < date:
        return (Note(0, f"the page is dated {date}, after it was captured on {captured}"),)
    return ()
