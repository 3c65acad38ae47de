"""Date the posts of an outline and turn them into records.

Pages print clock times, seldom dates. Dating starts at the page's date and follows the posts down the page: on a
newest-first page times fall, and a rise of `_MIDNIGHT_GAP` or more means that the post below belongs to the day before.
Such dates are marked as inferred. Neither the system clock nor file times are used.
"""

import datetime as dt
from itertools import pairwise

from msgspec import UNSET, Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.model import DateBasis
from daybook.core.record import PageSource, Record
from daybook.parse.base.page import ClockTime, Hints, LineRole, Note, Outline, ParsedPage, Post, Verdict
from daybook.parse.time.instants import format_clock, format_rfc3339, local_instant, utc_offset_seconds
from daybook.parse.time.printed import DAY_SECONDS, find_day_number, resolve_date
from daybook.parse.time.zones import find_zone_word, zone_from_hint, zone_from_word, zone_uses_abbreviation

_SET_ZONE = "set ZONE=, such as ZONE=Europe/Kyiv"
_MIDNIGHT_GAP = 3 * 3600  # seconds; a step this long against the page's order crosses midnight
_HALF_DAY = DAY_SECONDS // 2  # seconds; a longer step may cross midnight and does not show the page's order
# `max_step` in seconds: a longer step in the page's order means that the post belongs to the other side of midnight.
# Either no step is longer, or one is to an entry near midnight that is up to half an hour out of order.
_MAX_STEPS = (DAY_SECONDS + 1, DAY_SECONDS - 30 * 60)


class _TimedPost(Struct, frozen=True):
    """A post with a possible time in a known zone.

    Times of different posts are compared in the zone of the first stamp of the page: `page_clock` is the
    time there, in seconds after midnight, and `days_ahead` what has to be added to the date in the post's
    own zone. `page_date` is the date in that zone, if one is printed in the stamp or above the post.
    """

    post: Post
    stamp: ClockTime
    zone: dt.tzinfo
    page_clock: int
    days_ahead: int
    page_date: dt.date | None
    restart: bool


_AssignedDate = tuple[dt.date, bool]  # the date of a post, and whether it was inferred from the order of times
_Instants = dict[int, tuple[dt.datetime, bool]]  # by the line of the post; whether its date was inferred


def date_page(outline: Outline, hints: Hints, sha256: str) -> ParsedPage:
    """Return the page with its posts as dated records. Posts that cannot be dated become problems.

    Raises ArchiveError if the page has no date, contradicts its hints, or no stamp has a zone.
    """
    if not outline.posts:
        note = Note(0, f"no entries found: no {outline.line_unit} starts with a time")
        verdict = Verdict.NOT_UNDERSTOOD if outline.looks_live else Verdict.NO_LIVE_BLOG
        return ParsedPage(
            lines=outline.lines,
            notes=(*outline.notes, note),
            doubts=outline.doubts,
            verdict=verdict,
            line_unit=outline.line_unit,
        )
    date, basis = _page_date(outline, hints)
    zone, zone_notes = _page_zone(outline, zone_from_hint(hints.zone), date)
    posts, problems = _time_posts(outline, zone, date)
    assigned, date_notes = _assign_dates(posts, date)
    instants: _Instants = {}
    for each, (day, is_inferred) in zip(posts, assigned, strict=True):
        try:
            instants[each.post.line] = local_instant(each.stamp.clock, day, each.zone), is_inferred
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=each.post.line))
    notes = [*outline.notes, *zone_notes, *date_notes]
    for line, (instant, _) in instants.items():
        if instant.utcoffset() != instant.replace(fold=1).utcoffset():
            notes.append(Note(line, f"a clock change repeats this time; using {format_rfc3339(instant)}"))
    notes += _link_notes(outline, date, {day for day, is_inferred in assigned if is_inferred})
    captured = dt.datetime.fromisoformat(hints.captured).date() if hints.captured else date
    if captured < date:
        notes.append(Note(0, f"the page is dated {date}, after it was captured on {captured}; check both dates"))
    problems.sort(key=lambda problem: problem.line)
    failed = {problem.line for problem in problems}
    left_out_lines = {number for post in outline.posts if post.line in failed for number in post.line_numbers}
    left_out = {"role": LineRole.NOT_UNDERSTOOD, "reason": "left out: its time stamp has a problem"}
    return ParsedPage(
        records=_records(outline, instants, _page_source(outline, hints, sha256, date), basis),
        lines=tuple(replace(line, **left_out) if line.number in left_out_lines else line for line in outline.lines),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        problems=tuple(problems),
        doubts=outline.doubts,
        verdict=Verdict.DOUBTS if outline.doubts else Verdict.READ,
        line_unit=outline.line_unit,
    )


def _page_date(outline: Outline, hints: Hints) -> tuple[dt.date, DateBasis]:
    """Return the page's date, from its date line, a hint, its data or its newest stamp, and what it is based on.

    Raises ArchiveError if there is no date, or if date line and hint differ.
    """
    printed = resolve_date(outline.date, hints.date or outline.data_date) if outline.date else None
    if printed and outline.date and hints.date not in (None, printed):
        reason = f"the page says {printed}, but DATE= says {hints.date}; correct one of them"
        raise ArchiveError(reason, line=outline.date.line)
    date = printed or hints.date or outline.data_date
    if date is None:
        stamp_dates = [post.stamp_date for post in outline.posts if post.stamp_date and post.stamp_date.year]
        date = max(map(resolve_date, stamp_dates), default=None)
    if date is None:
        raise ArchiveError("the page has no date that can be read without doubt; set DATE=YYYY-MM-DD")
    return date, DateBasis.HAND if hints.date and not printed else DateBasis.EXPLICIT


def _page_source(outline: Outline, hints: Hints, sha256: str, date: dt.date) -> PageSource:
    day_number = find_day_number(outline.standfirst)
    return PageSource(
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


def _page_zone(outline: Outline, hint: dt.tzinfo | None, date: dt.date) -> tuple[dt.tzinfo | None, list[Note]]:
    """Return the zone of stamps without one: the hint, unless the page has an offset of its own that differs."""
    words = (find_zone_word(line.text) for line in outline.lines if line.reason == "zone-of-all")
    name = outline.zone or next(filter(None, words), "")
    own_zone = zone_from_word(name) if name else None
    without_zone = any(post.stamp and not post.stamp.zone and not post.stamp.fault for post in outline.posts)
    if own_zone is None or (hint is None and not without_zone):
        return hint, []
    if hint is None:
        return own_zone, [Note(0, f"times without a time zone: using {name} from the page")]
    noon = dt.datetime.combine(date, dt.time(12), own_zone)
    if noon.astimezone(hint).utcoffset() == noon.utcoffset():
        return hint, []
    return own_zone, [Note(0, f"ZONE= conflicts with {name} on the page; using the page's")]


def _time_posts(outline: Outline, hint: dt.tzinfo | None, date: dt.date) -> tuple[list[_TimedPost], list[ArchiveError]]:
    """Find the zone of every post with a stamp; raise ArchiveError if no stamp has a zone and there is no hint."""
    stamped = [(post, post.stamp) for post in outline.posts if post.stamp]
    if stamped and hint is None and not any(stamp.zone or stamp.fault for _, stamp in stamped):
        raise ArchiveError(f"the page's times have no time zone; {_SET_ZONE}", line=stamped[0][0].line)
    timed: list[_TimedPost] = []
    problems: list[ArchiveError] = []
    # A heading or separator above a post that fails applies to the next post that does not.
    heading, restart = None, False
    for post, stamp in stamped:
        heading, restart = post.heading or heading, post.restart or restart
        try:
            zone = _resolve_zone(post, stamp, hint, date)
        except ArchiveError as error:
            problems.append(error)
            continue
        printed = post.stamp_date or heading
        page_date = resolve_date(printed, date) if printed else None
        clock, days_ahead = stamp.clock, 0
        if timed and zone != timed[0].zone:
            near = page_date if page_date and post.stamp_date else date
            clock += utc_offset_seconds(timed[0].zone, near, clock) - utc_offset_seconds(zone, near, clock)
            days_ahead, clock = divmod(clock, DAY_SECONDS)
        if page_date and post.stamp_date:
            page_date += dt.timedelta(days=days_ahead)
        timed.append(_TimedPost(post, stamp, zone, clock, days_ahead, page_date, restart))
        heading, restart = None, False
    return timed, problems


def _resolve_zone(post: Post, stamp: ClockTime, hint: dt.tzinfo | None, near: dt.date) -> dt.tzinfo:
    """Return the zone of a post's stamp: its own zone word, else the hint.

    Raises ArchiveError for an impossible time, an unknown zone, two clock times that differ, and a stamp without text.
    """
    if stamp.fault:
        raise ArchiveError(stamp.fault, line=post.line)
    zone = _zone_of_word(stamp.zone, stamp.printed, hint, near, post.line)
    if stamp.second_clock:
        second_clock, second_word = stamp.second_clock
        second_zone = _zone_of_word(second_word, stamp.printed, hint, near, post.line)
        difference = utc_offset_seconds(zone, near, stamp.clock) - utc_offset_seconds(second_zone, near, second_clock)
        if (stamp.clock - second_clock - difference) % DAY_SECONDS:
            raise ArchiveError(f"{stamp.printed!r} contains two different times; correct or delete one", line=post.line)
    if not (post.headline or post.paragraphs or post.markdown):
        raise ArchiveError(f"no text follows {stamp.printed!r}; add text or delete the time", line=post.line)
    return zone


def _zone_of_word(word: str, printed: str, hint: dt.tzinfo | None, near: dt.date, line: int) -> dt.tzinfo:
    zone = zone_from_word(word) if word else hint
    if zone is None and hint and zone_uses_abbreviation(hint, word, near):
        zone = hint  # "IST" with ZONE=Asia/Kolkata: the hint says which IST it is
    if zone is None:
        unknown = f"unknown time zone {word!r}; write GMT or an offset, or set ZONE= to a time zone that uses it"
        raise ArchiveError(unknown if word else f"{printed!r} has no time zone; {_SET_ZONE}", line=line)
    return zone


def _assign_dates(posts: list[_TimedPost], date: dt.date) -> tuple[list[_AssignedDate], list[Note]]:
    """Give every post a date, the first one `date`; notes name the line of each date change.

    A long step in the page's order may be a quiet period, or an entry out of place on the other side
    of midnight. The reading with fewer different dates is used.
    """
    steps = [
        below.page_clock - above.page_clock
        for index, (above, below) in enumerate(pairwise(posts), 1)
        if not _starts_new_run(posts, index) and abs(below.page_clock - above.page_clock) <= _HALF_DAY
    ]
    rises, falls = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    direction = 1 if rises > falls else -1
    readings = [_follow_timeline(posts, date, direction, max_step) for max_step in _MAX_STEPS]
    assigned, notes = min(readings, key=lambda reading: len({day for day, _ in reading[0]}))
    if rises > falls:
        notes.insert(0, Note(0, f"read as oldest first; times rise in {rises} of {len(steps)} steps"))
    in_own_zone = [
        (day - dt.timedelta(days=post.days_ahead), is_inferred)
        for post, (day, is_inferred) in zip(posts, assigned, strict=True)
    ]
    return in_own_zone, notes


def _follow_timeline(
    posts: list[_TimedPost], date: dt.date, direction: int, max_step: int
) -> tuple[list[_AssignedDate], list[Note]]:
    """Date the posts one by one, the first one `date`.

    `direction` is 1 for a page with the oldest post first, -1 for the newest first. A step of
    `max_step` seconds or more means that the post belongs to the other side of midnight.
    """
    notes: list[Note] = []
    assigned: list[_AssignedDate] = []
    is_inferred = False
    for index, post in enumerate(posts):
        if post.page_date:
            date, is_inferred = post.page_date, False
        elif not _starts_new_run(posts, index):
            above = posts[index - 1]
            step = (post.page_clock - above.page_clock) * direction
            days = direction if step <= -_MIDNIGHT_GAP else -direction if step >= max_step else 0
            date, is_inferred = date + dt.timedelta(days=days), is_inferred or days != 0
            if step < 0 or days:
                reading = "midnight in between" if step <= -_MIDNIGHT_GAP else "out of order"
                times = f"{format_clock(post.page_clock)} follows {format_clock(above.page_clock)} on the page"
                notes.append(Note(post.post.line, f"{times}, so it is dated {date} ({reading})"))
        assigned.append((date, is_inferred))
    return assigned, notes


def _starts_new_run(posts: list[_TimedPost], index: int) -> bool:
    """Return whether a post must not be compared with the one above it.

    A separator counts only below the first post, which may be pinned. Further down it is within
    the run of posts, and without the comparison a midnight there would be missed.
    """
    return index == 0 or posts[index].page_date is not None or (index == 1 and posts[index].restart)


def _records(outline: Outline, instants: _Instants, source: PageSource, basis: DateBasis) -> tuple[Record, ...]:
    """Return the records in page order; a post without a time has the date of the one above it."""
    records: list[Record] = []
    date = next((instant.date() for instant, _ in instants.values()), source.date)
    for post in outline.posts:
        record = Record(
            headline=post.headline,
            text=UNSET if post.markdown else "\n\n".join(post.paragraphs),
            markdown=post.markdown or UNSET,
            id=post.id,
            authors=post.authors,
            key=post.key,
            lang=outline.lang,
            source=source,
        )
        if post.line in instants:
            instant, is_inferred = instants[post.line]
            date = instant.date()
            # A stamp with a date of its own does not depend on the page's date.
            found = DateBasis.INFERRED if is_inferred else DateBasis.EXPLICIT if post.stamp_date else basis
            updated = _edit_time(post, instant)
            records.append(replace(record, at=format_rfc3339(instant), updated=updated, found=found))
        elif post.stamp is None:
            stated = post.stamp_date  # of a day without a clock time
            date = resolve_date(stated, source.date) if stated else date
            found = DateBasis.EXPLICIT if stated and stated.year else DateBasis.INFERRED
            records.append(replace(record, date=date, updated=post.updated, found=found))
    return tuple(records)


def _edit_time(post: Post, published: dt.datetime) -> str:
    """Return when a post was last edited, in RFC 3339: from page data, else its printed edit mark; "" if unknown.

    An edit mark is a clock time without a date: the first such time after `published`.
    """
    mark = post.edited
    if post.updated or mark is None or mark.fault:
        return post.updated
    zone = zone_from_word(mark.zone) if mark.zone else published.tzinfo
    if zone is None:
        return ""
    day = published.astimezone(zone).date()
    try:
        edited = local_instant(mark.clock, day, zone)
        if edited < published:
            edited = local_instant(mark.clock, day + dt.timedelta(days=1), zone)
    except ArchiveError:
        return ""  # skipped by a clock change; the line itself is still classified
    return format_rfc3339(edited)


def _link_notes(outline: Outline, date: dt.date, inferred: set[dt.date]) -> list[Note]:
    """Report whether the dates in link sentences confirm the inferred dates."""
    notes = []
    for link in outline.links if inferred else ():
        try:
            linked = resolve_date(link, date)
        except ArchiveError as error:
            notes.append(Note(link.line, f"a link contains a date that cannot be used: {error.reason}"))
            continue
        result = "confirms" if linked in inferred else "does not confirm"
        notes.append(Note(link.line, f"a link to {linked} {result} the inferred date"))
    return notes
