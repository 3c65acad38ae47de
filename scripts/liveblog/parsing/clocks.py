"""Stamps → instants: the only place that puts a printed clock, its zone and a date together."""

import datetime as dt

from msgspec import Struct

from ..errors import ArchiveError
from .dates import settle
from .page import DateLine, Post, Stamp
from .stamps import DAY_SECONDS
from .timeline import clock_text
from .zones import uses_word, zone_of


class Clocked(Struct, frozen=True):
    """A post whose stamp is a time in a known zone."""

    post: Post
    stamp: Stamp
    zone: dt.tzinfo


def clocked(post: Post, hint: dt.tzinfo | None, near: dt.date) -> Clocked:
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
    if stamp.twin:
        twin_clock, twin_word = stamp.twin
        twin_zone = _zone(Stamp(clock=0, printed="", zone=twin_word), hint, near, post.line)
        apart = _offset(zone, near, stamp.clock) - _offset(twin_zone, near, twin_clock)
        if (stamp.clock - twin_clock - apart) % DAY_SECONDS:
            raise ArchiveError(f"{stamp.printed!r} names two different instants: correct one", line=post.line)
    if not (post.headline or post.paragraphs or post.markdown):
        raise ArchiveError(f"no text stands below {stamp.printed!r}: add it or remove the stamp", line=post.line)
    return Clocked(post, stamp, zone)


def page_clock(each: Clocked, frame: dt.tzinfo, near: dt.date) -> tuple[int, int]:
    """Give a post's time on the clock of the page, and by how many days that clock is ahead."""
    clock = each.stamp.clock
    if each.zone == frame:
        return clock, 0
    days, seconds = divmod(clock - _offset(each.zone, near, clock) + _offset(frame, near, clock), DAY_SECONDS)
    return seconds, days


def instant(clock: int, date: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Give the instant of a local time; raises ArchiveError for one that a clock change left out.

    86400 is the first instant of the next day.
    """
    day = date + dt.timedelta(days=clock // DAY_SECONDS)
    midnight = dt.datetime.combine(day, dt.time(), zone)
    local = midnight + dt.timedelta(seconds=clock % DAY_SECONDS)
    back = local.astimezone(dt.UTC).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ArchiveError(f"{clock_text(clock)} on {date} was left out by a clock change: correct the stamp")
    return local


def happened_twice(moment: dt.datetime) -> bool:
    """Say whether a clock change repeated this local time."""
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def rfc_3339(moment: dt.datetime) -> str:
    """Write an instant with the offset its page used: ``2023-06-02T13:29:00Z``."""
    return moment.isoformat().removesuffix("+00:00") + ("" if moment.utcoffset() else "Z")


def edited_at(each: Clocked, moment: dt.datetime) -> str:
    """Give when a post was edited: what its data says, else the first time of its edit mark after `moment`."""
    mark = each.post.edited
    if each.post.updated:
        return each.post.updated
    zone = (zone_of(mark.zone) if mark.zone else each.zone) if mark and not mark.fault else None
    if mark is None or zone is None:
        return ""
    day = moment.astimezone(zone).date()
    try:
        edited = instant(mark.clock, day, zone)
        return rfc_3339(edited if edited >= moment else instant(mark.clock, day + dt.timedelta(days=1), zone))
    except ArchiveError:
        return ""  # a clock change left that time out; the line itself stays accounted for


def _zone(stamp: Stamp, hint: dt.tzinfo | None, near: dt.date, line: int) -> dt.tzinfo:
    zone = zone_of(stamp.zone) if stamp.zone else hint
    if zone is None and hint and uses_word(hint, stamp.zone, near):
        zone = hint  # "IST" with ZONE=Asia/Kolkata: the hint says which of them it is
    if zone is None and stamp.zone:
        raise ArchiveError(
            f"the zone {stamp.zone!r} is not known: write GMT or an offset, or give a ZONE= that uses it",
            line=line,
        )
    if zone is None:
        raise ArchiveError(f"{stamp.printed!r} names no zone: give it as ZONE=", line=line)
    return zone


def _offset(zone: dt.tzinfo, date: dt.date, clock: int) -> int:
    """Give a zone's seconds east of Greenwich at a local time."""
    midnight = dt.datetime.combine(date, dt.time(), zone)
    shift = (midnight + dt.timedelta(seconds=clock)).utcoffset() or dt.timedelta()
    return int(shift.total_seconds())


def utc_minute(stamp: Stamp, on: DateLine) -> int | None:
    """Count the minutes to a stamp on a date since the year 1; None where its zone is not known."""
    zone = zone_of(stamp.zone.upper()) if stamp.zone else None
    if zone is None or on.year is None:
        return None
    date = settle(on)
    return (date.toordinal() * DAY_SECONDS + stamp.clock - _offset(zone, date, stamp.clock)) // 60
