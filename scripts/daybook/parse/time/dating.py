"""Date the posts of an outline and turn them into records.

Pages print clock times, seldom dates. All posts of a page get their days at once: `days` finds the assignment with the
fewest and smallest contradictions to the page's order and its date. Dates that follow from the order are marked as
inferred. Neither the system clock nor file times are used: "5 minutes ago" needs the time of the capture.
"""

import datetime as dt
import re
from itertools import pairwise

from msgspec import UNSET, Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.model import DateBasis
from daybook.core.record import PageSource, Record
from daybook.parse.base.page import ClockTime, Doubt, Hints, LineRole, Note, Outline, ParsedPage, Post, Verdict
from daybook.parse.time.dates import is_slash_date
from daybook.parse.time.days import UndatedStamp, assign_days, find_direction
from daybook.parse.time.header_dates import changed_date, published_date
from daybook.parse.time.instants import format_clock, format_rfc3339, local_instant, utc_offset_seconds
from daybook.parse.time.names import with_ascii_digits
from daybook.parse.time.printed import DAY_SECONDS, calendar_date, find_day_number, resolve_date
from daybook.parse.time.tokens import find_times
from daybook.parse.time.zones import (
    find_zone_word,
    is_ambiguous_zone,
    stated_zone,
    zone_from_hint,
    zone_from_word,
    zone_uses_abbreviation,
)

_SET_ZONE = "set ZONE=, such as ZONE=Europe/Kyiv"
_SHORT_DATE = re.compile(r"\d\d(?:[./-]\s?\d\d?){2}")
_DATE_IN_ADDRESS = re.compile(r"[/-](20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")
_PUBLISHED = re.compile(r"(?:first )?(?:published|posted)\b", re.IGNORECASE)
_SET_CAPTURED = "set CAPTURED= to the time at which the page was saved"
_LONGEST_HEADER_LINE = 240  # characters
_FEWEST_POSTS = 3  # that show in which order the page is
_LONGEST_COVERAGE = 3  # days between publication and last change that count as the days of the posts


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


class _Window(Struct, frozen=True):
    """The time of a page: its date, the day of its last change, and an instant after which nothing was posted."""

    last_day: dt.date | None = None
    not_after: dt.datetime | None = None  # local
    not_before: dt.datetime | None = None  # the publication; local


_AssignedDate = tuple[dt.date, bool]  # the date of a post, and whether it was inferred from the order of times
_Instants = dict[int, tuple[dt.datetime, bool]]  # by the line of the post; whether its date was inferred


def date_page(outline: Outline, hints: Hints, sha256: str) -> ParsedPage:
    """Return the page with its posts as dated records. Posts that cannot be dated become problems.

    Raises ArchiveError if the page has no date, contradicts its hints, or no stamp has a zone.
    """
    if not outline.posts:
        is_data = outline.line_unit == "update"
        reason = "the file holds no updates" if is_data else f"no {outline.line_unit} starts with a time"
        note = Note(0, f"no entries found: {reason}")
        verdict = Verdict.NOT_UNDERSTOOD if outline.looks_live else Verdict.NO_LIVE_BLOG
        return ParsedPage(
            lines=outline.lines,
            notes=(*outline.notes, note),
            doubts=outline.doubts,
            verdict=verdict,
            line_unit=outline.line_unit,
        )
    hinted_zone = zone_from_hint(hints.zone)
    date, basis = _page_date(outline, hints, hinted_zone)
    outline = _settle_years_first(outline, date)
    outline, order_doubts = _settle_slash_dates(outline, date, is_known=basis is DateBasis.HAND or bool(outline.date))
    outline, false_utc = _settle_false_utc(outline, hinted_zone, date)
    zone, zone_notes, conflicts = _page_zone(outline, hinted_zone, date)
    posts, problems = _time_posts(outline, zone, date, hints.captured)
    relative_doubts = _relative_doubts(outline, hints, posts)
    zone_doubts = [*false_utc, *conflicts, *_zone_doubts(posts, zone, date)]
    window = _until_headings(_window(outline, hints, posts[0].zone if posts else zone, date), posts, date)
    window = _since_publication(outline, window, posts, date)
    assigned, date_notes, date_doubts = _assign_dates(posts, date, window)
    date_doubts += _evidence_doubts(outline, hints, posts, [day for day, _ in assigned])
    instants: _Instants = {}
    for each, (day, is_inferred) in zip(posts, assigned, strict=True):
        try:
            instants[each.post.line] = local_instant(each.stamp.clock, day, each.zone), is_inferred
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=each.post.line))
    settled = _settle_repeated_hour(instants)
    notes = [*outline.notes, *zone_notes, *date_notes]
    for line, (instant, _) in instants.items():
        if line not in settled and instant.utcoffset() != instant.replace(fold=1).utcoffset():
            notes.append(Note(line, f"a clock change repeats this time; using {format_rfc3339(instant)}"))
    notes += _link_notes(outline, date, {day for day, is_inferred in assigned if is_inferred})
    captured = dt.datetime.fromisoformat(hints.captured).date() if hints.captured else date
    if captured < date:
        notes.append(Note(0, f"the page is dated {date}, after it was captured on {captured}; check both dates"))
    doubts = (*outline.doubts, *order_doubts, *zone_doubts, *date_doubts, *relative_doubts)
    problems.sort(key=lambda problem: problem.line)
    failed = {problem.line for problem in problems}
    left_out_lines = {number for post in outline.posts if post.line in failed for number in post.line_numbers}
    left_out = {"role": LineRole.NOT_UNDERSTOOD, "reason": "left out: its time stamp has a problem"}
    records = _records(outline, instants, _page_source(outline, hints, sha256, date), basis)
    verdict = Verdict.DOUBTS if doubts else Verdict.READ
    return ParsedPage(
        records=records,
        lines=tuple(replace(line, **left_out) if line.number in left_out_lines else line for line in outline.lines),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        problems=tuple(problems),
        doubts=doubts,
        verdict=verdict if records else Verdict.NOT_UNDERSTOOD,
        line_unit=outline.line_unit,
    )


def _page_date(outline: Outline, hints: Hints, zone: dt.tzinfo | None) -> tuple[dt.date, DateBasis]:
    """Return the page's date, and what it is based on.

    It is, in this order: its date line, a hint, the date of its data, of its newest stamp, of its publication, of a
    line in its header that has other words, too, and, if its times are relative, of its capture. Raises ArchiveError if
    there is none, or if date line and hint differ.
    """
    printed = resolve_date(outline.date, hints.date or outline.data_date) if outline.date else None
    if printed and outline.date and hints.date not in (None, printed):
        reason = f"the page says {printed}, but DATE= says {hints.date}; correct one of them"
        raise ArchiveError(reason, line=outline.date.line)
    date = printed or hints.date or outline.data_date
    if date is None:
        stamp_dates = [post.stamp_date for post in outline.posts if post.stamp_date and post.stamp_date.year]
        date = max(map(resolve_date, stamp_dates), default=None)
    if date is None and outline.published:
        date = _local(outline.published, zone).date()
    if date is None and outline.header_date:
        date = resolve_date(outline.header_date)
    stamps = [post.stamp for post in outline.posts if post.stamp]
    is_relative = any(value is not None for stamp in stamps for value in (stamp.age, stamp.days_back, stamp.age_beside))
    if date is None and hints.captured and is_relative:
        date = _local(hints.captured, zone).date()
    if date is None and stamps and all(stamp.age is not None for stamp in stamps):
        reason = f"{stamps[0].printed!r} is relative to the time of the capture; {_SET_CAPTURED}"
        raise ArchiveError(reason, line=next(post.line for post in outline.posts if post.stamp))
    if date is None:
        raise ArchiveError("the page has no date that can be read without doubt; set DATE=YYYY-MM-DD")
    return date, DateBasis.HAND if hints.date and not printed else DateBasis.EXPLICIT


def _local(instant: str, zone: dt.tzinfo | None) -> dt.datetime:
    """Return an RFC 3339 instant in a zone; without one, as it is written."""
    read = dt.datetime.fromisoformat(instant)
    return read.astimezone(zone) if zone and read.tzinfo else read


def _window(outline: Outline, hints: Hints, zone: dt.tzinfo | None, date: dt.date) -> _Window:
    """Return the time in which the posts of a page were written, as far as its data and its capture tell."""
    changed = _local(outline.modified, zone) if outline.modified else None
    captured = _local(hints.captured, zone) if hints.captured else None
    ends = [each.replace(tzinfo=None) for each in (changed, captured) if each and each.date() >= date]
    last_day = changed.date() if changed and date < changed.date() else None
    if last_day and (last_day - date).days > _LONGEST_COVERAGE:
        last_day = None
    published = _local(outline.published, zone) if outline.published else None
    begins = published.replace(tzinfo=None) if published and published.date() == date else None
    return _Window(last_day=last_day, not_after=min(ends, default=None), not_before=begins)


def _until_headings(window: _Window, posts: list[_TimedPost], date: dt.date) -> _Window:
    """Return the time of a page that reaches until the last of its day headings."""
    headings = (post.page_date for post in posts if post.post.heading and post.page_date)
    last = max((day for day in headings if 0 < (day - date).days <= _LONGEST_COVERAGE), default=None)
    return replace(window, last_day=max(filter(None, (last, window.last_day)))) if last else window


def _since_publication(outline: Outline, window: _Window, posts: list[_TimedPost], date: dt.date) -> _Window:
    """Return the window of a page whose posts go back in time: its last day, and the time before which it has no post.

    The last day is that of the last change if it is after the page's date. If the header has the page's date with the
    clock of the oldest post, which is the last one, no post is before it; else any time is possible.
    """
    stamps = [UndatedStamp(clock=post.page_clock, day=post.page_date) for post in posts]
    if find_direction(stamps)[0] > 0:
        return window
    changed = _day_of_change(outline, posts[0].zone, date) if posts else date
    last_day = window.last_day or (changed if changed > date else None)
    if any(stamp.day for stamp in stamps):
        return replace(window, last_day=last_day, not_before=None)
    for text in _header_texts(outline) if len(posts) >= _FEWEST_POSTS else ():
        for token in find_times(with_ascii_digits(text)):
            is_page = token.date is not None and token.date.year is not None and resolve_date(token.date) == date
            if is_page and token.age is None and token.clock == stamps[-1].clock != stamps[0].clock:
                begins = dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=token.clock)
                return replace(window, last_day=last_day, not_before=begins)
    return replace(window, not_before=None)


def _settle_years_first(outline: Outline, date: dt.date) -> Outline:
    """Read "31.05.12" as a date of 2031 if all such dates of the posts begin with the year of the page's date."""
    short = {
        post.stamp_date
        for post in outline.posts
        if post.stamp_date and post.stamp_date.year and _SHORT_DATE.fullmatch(post.stamp_date.printed.strip(". "))
    }
    if not short or any(2000 + each.day != date.year or each.year == date.year for each in short):
        return outline
    posts = (
        replace(post, stamp_date=replace(post.stamp_date, day=(post.stamp_date.year or 0) % 100, year=date.year))
        if post.stamp_date in short and post.stamp_date
        else post
        for post in outline.posts
    )
    return replace(outline, posts=tuple(posts))


def _settle_slash_dates(outline: Outline, date: dt.date, *, is_known: bool) -> tuple[Outline, list[Doubt]]:
    """Read "05/04/2031" as month and day if only that agrees with the page's date, or its language is US English.

    If nothing tells, day and month are read, with a doubt.
    """
    slashed = [post.stamp_date for post in outline.posts if post.stamp_date and is_slash_date(post.stamp_date)]
    if not slashed or any(each.day > 12 for each in slashed):
        return outline, []
    days = {(each.day, each.month) for each in slashed}
    day_first, month_first = (date.day, date.month) in days, (date.month, date.day) in days
    if day_first == month_first or not is_known:
        month_first = outline.lang.lower() == "en-us"
        tells = month_first or all(day == month for day, month in days) or outline.lang
        text = f"{slashed[0].printed!r} is read as day and month; if it is month and day, set DATE="
        doubts = [] if tells else [Doubt(kind="day", line=slashed[0].line, text=text)]
    else:
        doubts = []
    if not month_first:
        return outline, doubts
    posts = (
        replace(post, stamp_date=replace(post.stamp_date, day=post.stamp_date.month, month=post.stamp_date.day))
        if post.stamp_date in slashed and post.stamp_date
        else post
        for post in outline.posts
    )
    return replace(outline, posts=tuple(posts)), doubts


def _settle_repeated_hour(instants: _Instants) -> set[int]:
    """Choose the second of two equal hours of an autumn night for posts that can only follow; return their lines.

    In each neighbouring pair within the hour, the earlier clock of the later post shows that the hour has begun again.
    """
    lines = list(instants)
    settled: set[int] = set()
    falling = sum(instants[below][0] < instants[above][0] for above, below in pairwise(lines)) * 2 >= len(lines) - 1
    ordered = lines[::-1] if falling else lines
    for earlier, later in pairwise(ordered):
        before, (instant, is_inferred) = instants[earlier][0], instants[later]
        second = instant.replace(fold=1)
        # Instants of one zone compare by their clocks; UTC tells the two hours apart.
        was_before = before.astimezone(dt.UTC) > instant.astimezone(dt.UTC)
        if (
            was_before
            and second.utcoffset() != instant.utcoffset()
            and second.astimezone(dt.UTC) >= before.astimezone(dt.UTC)
        ):
            instants[later] = second, is_inferred
            settled |= {earlier, later}
    return settled


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


def _settle_false_utc(outline: Outline, hint: dt.tzinfo | None, date: dt.date) -> tuple[Outline, list[Doubt]]:
    """Read the ``Z`` of a page's data as false if the page shows the same clocks, and the hint is another zone."""
    noon = dt.datetime.combine(date, dt.time(12), dt.UTC)
    if hint is None or outline.zone != "+00:00" or not noon.astimezone(hint).utcoffset():
        return outline, []
    posts = tuple(
        replace(post, stamp=replace(post.stamp, zone=""))
        if post.stamp and post.stamp.zone == "Z" and not post.stamp.printed.isdecimal()
        else post
        for post in outline.posts
    )
    changed = [post for post, before in zip(posts, outline.posts, strict=True) if post is not before]
    if not changed:
        return outline, []
    text = (
        "the page shows the clocks that its data calls UTC; they are read as times of ZONE=; if they are UTC, set it so"
    )
    return replace(outline, posts=posts, zone=""), [Doubt(kind="zone", line=changed[0].line, text=text)]


def _page_zone(
    outline: Outline, hint: dt.tzinfo | None, date: dt.date
) -> tuple[dt.tzinfo | None, list[Note], list[Doubt]]:
    """Return the zone of stamps without one: the hint, unless the page has an offset of its own that differs."""
    words = (find_zone_word(line.text) for line in outline.lines if line.reason == "zone-of-all")
    name = outline.zone or next(filter(None, words), "")
    own_zone = zone_from_word(name) if name else None
    without_zone = any(post.stamp and not post.stamp.zone and not post.stamp.fault for post in outline.posts)
    if own_zone is None and hint is None and without_zone:
        name = _zone_of_header(outline)
        own_zone = zone_from_hint(name)
    if own_zone is None or (hint is None and not without_zone):
        return hint, [], []
    if hint is None:
        return own_zone, [Note(0, f"times without a time zone: using {name} from the page")], []
    noon = dt.datetime.combine(date, dt.time(12), own_zone)
    if noon.astimezone(hint).utcoffset() == noon.utcoffset():
        return hint, [], []
    text = f"ZONE= conflicts with {name} on the page; using the page's"
    return (own_zone, [], [Doubt(kind="zone", text=text)]) if without_zone else (own_zone, [Note(0, text)], [])


def _zone_of_header(outline: Outline) -> str:
    """Return the zone that the lines above the posts state: in words, or beside a clock and the page's date."""
    first = min((post.line for post in outline.posts), default=0)
    dates = {date.line for date in (outline.date, outline.header_date) if date}
    found: set[str] = set()
    for line in outline.lines:
        if line.number < first and len(line.text) <= _LONGEST_HEADER_LINE:
            found.add(stated_zone(line.text, has_date=line.number in dates))
            if line.number in dates:
                tokens = find_times(with_ascii_digits(line.text))
                found |= {token.zone for token in tokens if zone_from_word(token.zone)}
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def _time_posts(
    outline: Outline, hint: dt.tzinfo | None, date: dt.date, captured: str
) -> tuple[list[_TimedPost], list[ArchiveError]]:
    """Find the zone of every post with a stamp; raise ArchiveError if no stamp has a zone and there is no hint."""
    stamped = [(post, post.stamp) for post in outline.posts if post.stamp]
    if stamped and all(stamp.age is not None for _, stamp in stamped) and not captured:
        reason = f"{stamped[0][1].printed!r} is relative to the time of the capture; {_SET_CAPTURED}"
        raise ArchiveError(reason, line=stamped[0][0].line)
    if stamped and hint is None and not any(stamp.zone or stamp.fault or stamp.age is not None for _, stamp in stamped):
        raise ArchiveError(f"the page's times have no time zone; {_SET_ZONE}", line=stamped[0][0].line)
    timed: list[_TimedPost] = []
    problems: list[ArchiveError] = []
    today = _day_of_change(outline, hint, date)
    # A heading or separator above a post that fails applies to the next post that does not.
    heading, restart = None, False
    for post, printed_stamp in stamped:
        heading, restart = post.heading or heading, post.restart or restart
        try:
            stamp, own_day = _as_clock(printed_stamp, captured, hint, today, post.line)
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
        own_day = own_day or (None if page_date else _day_by_age(stamp, zone, captured))
        page_date = own_day or page_date
        if page_date and (post.stamp_date or own_day):
            page_date += dt.timedelta(days=days_ahead)
        timed.append(_TimedPost(post, stamp, zone, clock, days_ahead, page_date, restart))
        heading, restart = None, False
    return timed, problems


def _day_of_change(outline: Outline, zone: dt.tzinfo | None, date: dt.date) -> dt.date:
    """Return the day of the last change that the data of a page or its header states, else the page's date."""
    days = [_local(outline.modified, zone).date()] if outline.modified else []
    days += [resolve_date(stated) for text in _header_texts(outline) if (stated := changed_date(text))]
    return max((day for day in days if 0 < (day - date).days <= _LONGEST_COVERAGE), default=date)


def _header_texts(outline: Outline) -> list[str]:
    """Return the lines above the posts."""
    first = min((post.line for post in outline.posts), default=0)
    return [line.text for line in outline.lines if line.number < first]


def _relative_doubts(outline: Outline, hints: Hints, posts: list[_TimedPost]) -> list[Doubt]:
    """Report days such as "yesterday" before the publication of the page if the day of the capture is not known."""
    days = [post.page_date for post in posts if post.stamp.days_back is not None and post.page_date]
    if hints.captured or hints.date or not days:
        return []
    stated = [resolve_date(date) for text in _header_texts(outline) if (date := published_date(text))]
    stated += [_local(outline.published, posts[0].zone).date()] if outline.published else []
    if min(days) >= min(stated, default=dt.date.min):
        return []
    text = f"the posts are dated {min(days)} to {max(days)}, some before the page was published: set DATE= or CAPTURED="
    return [Doubt(kind="day", line=posts[0].post.line, text=text)]


def _day_by_age(stamp: ClockTime, zone: dt.tzinfo, captured: str) -> dt.date | None:
    """Return the day of a clock with an age beside it, "11h ago (20:15 GMT)"; None if it does not fit the capture."""
    if stamp.age_beside is None or not captured:
        return None
    told = _local(captured, zone) - dt.timedelta(seconds=stamp.age_beside)
    if told.tzinfo is None:
        return None
    slack = _age_slack(stamp.age_beside)
    for offset in (0, -1, 1):
        day = told.date() + dt.timedelta(days=offset)
        at = dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(seconds=stamp.clock)
        if abs(told - at) <= slack:
            return day
    return None


def _age_slack(age: int) -> dt.timedelta:
    """Return how far an age may be from the truth: one of its units, and what passes between reading and saving."""
    unit = next(seconds for seconds in (DAY_SECONDS, 3600, 60, 1) if age % seconds == 0)
    return dt.timedelta(seconds=min(unit, DAY_SECONDS // 2 - 1800) + 1200)


def _evidence_doubts(outline: Outline, hints: Hints, posts: list[_TimedPost], days: list[dt.date]) -> list[Doubt]:
    """Report days that the address of the page, its date of publication or the ages beside its clocks contradict.

    Days that a stamp, a heading or a hint states are not questioned.
    """
    if not posts or hints.date or any(post.page_date for post in posts):
        return []
    line = posts[0].post.line
    shown = f"{min(days)}" if min(days) == max(days) else f"{min(days)} to {max(days)}"
    cure = "set DATE= or CAPTURED="
    if any(post.stamp.age_beside is not None for post in posts) and hints.captured:
        text = f"the posts are dated {shown}; the ages beside their times do not fit the capture: {cure}"
        return [Doubt(kind="day", line=line, text=text)]
    match = _DATE_IN_ADDRESS.search(hints.url or outline.url)
    stated = calendar_date(*map(int, match.groups())) if match else None
    if stated and not min(days) <= stated <= max(days):
        text = f"the posts are dated {shown}, but the address names {stated}: {cure}"
        return [Doubt(kind="day", line=line, text=text)]
    date = outline.date or outline.header_date
    label = next((each.text for each in outline.lines if date and each.number == date.line), "")
    if date and _PUBLISHED.match(label) and min(days) < resolve_date(date, days[0]):
        text = f"the posts are dated {shown}, some before the page was published: {cure}"
        return [Doubt(kind="day", line=line, text=text)]
    return []


def _as_clock(
    stamp: ClockTime, captured: str, hint: dt.tzinfo | None, changed: dt.date, line: int
) -> tuple[ClockTime, dt.date | None]:
    """Return a stamp with its clock, and its day if the stamp is relative to the capture ("5 minutes ago", "today").

    Without a capture time, "today" is the day on which the page was `changed`.

    Raises ArchiveError for "5 minutes ago" without a capture time.
    """
    if stamp.age is not None:
        if not captured:
            raise ArchiveError(f"{stamp.printed!r} is relative to the time of the capture; {_SET_CAPTURED}", line=line)
        instant = _local(captured, hint) - dt.timedelta(seconds=stamp.age)
        clock = instant.hour * 3600 + instant.minute * 60
        zone = "" if hint else f"{instant:%z}"
        return replace(stamp, clock=clock, zone=zone or "", age=None), instant.date()
    if stamp.days_back is not None:
        today = _local(captured, hint).date() if captured else changed
        return stamp, today - dt.timedelta(days=stamp.days_back)
    return stamp, None


def _resolve_zone(post: Post, stamp: ClockTime, hint: dt.tzinfo | None, near: dt.date) -> dt.tzinfo:
    """Return the zone of a post's stamp: its own zone word, else the hint.

    Raises ArchiveError for an impossible time, an unknown zone, two clock times that differ, and a stamp without text.
    """
    if stamp.fault:
        raise ArchiveError(stamp.fault, line=post.line)
    zone = _zone_of_word(stamp.zone, stamp.printed, hint, near, post.line)
    if stamp.second_clock:
        second_clock, second_word = stamp.second_clock
        if is_ambiguous_zone(second_word) and not (hint and zone_uses_abbreviation(hint, second_word, near)):
            second_word, second_clock = stamp.zone, stamp.clock  # "14:05 GMT / 08:05 CST" cannot be compared
        second_zone = _zone_of_word(second_word, stamp.printed, hint, near, post.line)
        difference = utc_offset_seconds(zone, near, stamp.clock) - utc_offset_seconds(second_zone, near, second_clock)
        if (stamp.clock - second_clock - difference) % DAY_SECONDS:
            raise ArchiveError(f"{stamp.printed!r} contains two different times; correct or delete one", line=post.line)
    if not (post.headline or post.paragraphs or post.markdown):
        raise ArchiveError(f"no text follows {stamp.printed!r}; add text or delete the time", line=post.line)
    return zone


def _zone_doubts(posts: list[_TimedPost], hint: dt.tzinfo | None, date: dt.date) -> list[Doubt]:
    """Report an ambiguous zone word on the page that the hinted zone does not use."""
    words = {post.stamp.zone: post.post.line for post in reversed(posts) if is_ambiguous_zone(post.stamp.zone)}
    return [
        Doubt(kind="zone", line=line, text=f"{word!r} is read as ZONE=, whose zone is not called so; check ZONE=")
        for word, line in words.items()
        if hint is None or not zone_uses_abbreviation(hint, word, date)
    ]


def _zone_of_word(word: str, printed: str, hint: dt.tzinfo | None, near: dt.date, line: int) -> dt.tzinfo:
    zone = zone_from_word(word) if word else hint
    if zone is None and hint and zone_uses_abbreviation(hint, word, near):
        zone = hint  # "IST" with ZONE=Asia/Kolkata: the hint says which IST it is
    if zone is None and hint and is_ambiguous_zone(word):
        zone = hint  # `_zone_doubts` reports it
    if zone is None:
        unknown = f"unknown time zone {word!r}; write GMT or an offset, or set ZONE= to a time zone that uses it"
        raise ArchiveError(unknown if word else f"{printed!r} has no time zone; {_SET_ZONE}", line=line)
    return zone


def _assign_dates(
    posts: list[_TimedPost], date: dt.date, window: _Window
) -> tuple[list[_AssignedDate], list[Note], list[Doubt]]:
    """Give every post a date; notes name the line of each date change."""
    stamps = [
        UndatedStamp(clock=post.page_clock, day=post.page_date, restart=index == 1 and post.restart)
        for index, post in enumerate(posts)
    ]
    direction, rises, steps = find_direction(stamps)
    days, is_close = assign_days(
        stamps,
        date,
        direction,
        last_day=window.last_day,
        not_after=window.not_after,
        not_before=window.not_before,
    )
    notes: list[Note] = []
    assigned: list[_AssignedDate] = []
    if direction > 0 and steps:
        notes.append(Note(0, f"read as oldest first; times rise in {rises} of {steps} steps"))
    is_inferred = False
    for index, (post, day) in enumerate(zip(posts, days, strict=True)):
        is_fixed = post.page_date is not None
        before = days[index - 1] if index else date
        is_inferred = not is_fixed and (is_inferred or day != before)
        assigned.append((day - dt.timedelta(days=post.days_ahead), is_inferred))
        above = posts[index - 1] if index else None
        if above is None and day != date and not is_fixed:
            notes.append(Note(post.post.line, f"dated {day}, although the page is dated {date}"))
        if above is None or is_fixed or stamps[index].restart:
            continue
        step = (post.page_clock - above.page_clock) * direction
        if step < 0 or day != before:
            reading = "midnight in between" if day != before and step < 0 else "out of order"
            times = f"{format_clock(post.page_clock)} follows {format_clock(above.page_clock)} on the page"
            notes.append(Note(post.post.line, f"{times}, so it is dated {day} ({reading})"))
    doubts = []
    if is_close and posts:
        text = f"the first post is dated {days[0]}; the day before or after fits as well: set DATE= or CAPTURED="
        doubts.append(Doubt(kind="day", line=posts[0].post.line, text=text))
    return assigned, notes, doubts


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
