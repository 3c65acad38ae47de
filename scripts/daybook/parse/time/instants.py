"""Machine-written times, and local times as instants.

Accepted (ISO 8601, epoch in seconds or milliseconds, the output of JavaScript's `Date`):

    2020-10-06T21:22:53.212+01:00   2020-10-06 21:22   1602015773   1602015773212
    Tue Oct 06 2020 21:22:53 GMT+0100                  2020-10-06   21:22
"""

import datetime as dt
import re

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.model import format_minutes
from daybook.parse.base.page import ClockTime, PrintedDate
from daybook.parse.time.names import MONTH_NUMBERS
from daybook.parse.time.printed import DAY_SECONDS, calendar_date, resolve_date
from daybook.parse.time.zones import zone_from_word

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})(?:(?:T|\s{1,2})(?P<hour>\d{2}):?(?P<minute>\d{2})"
    r"(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?)?\s?(?P<zone>Z|[+\-\u2212]\d{2}:?\d{2}|[+\-\u2212]\d{2}|UTC|GMT)?",
    re.IGNORECASE,
)
_MONTH_IN_WORDS = re.compile(
    r"(?:[A-Z][a-z]{2,8},? )?(?:(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2,8})|(?P<month2>[A-Z][a-z]{2,8}) "
    r"(?P<day2>\d{1,2})),? (?P<year>\d{4}),? (?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?: ?(?P<utc>GMT|UTC)?(?P<zone>Z|[+\-]\d{2}:?\d{2})?(?: \([^()]{1,160}\))?)?"
)
_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_MIN_EPOCH = 631_152_000  # 1990-01-01; smaller numbers are ids and counts
_MAX_EPOCH = 4_102_444_800  # 2100-01-01
_UTC_ZONES = frozenset({"Z", "GMT", "UTC", "+00:00", "+0000", "-00:00"})


class MachineTime(Struct, frozen=True, kw_only=True):
    """A machine-written time: date, clock time (seconds after midnight) and offset; each may be absent."""

    printed: str
    date: dt.date | None = None
    clock: int | None = None
    zone: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether both date and clock time are present."""
        return self.date is not None and self.clock is not None

    @property
    def rfc3339(self) -> str:
        """The instant as RFC 3339, ``2020-10-06T21:22:53+01:00``; "" without date, time or a known offset."""
        if self.date is None or self.clock is None or zone_from_word(self.zone) is None:
            return ""
        local = dt.datetime.combine(self.date, dt.time()) + dt.timedelta(seconds=self.clock)
        return local.isoformat() + ("Z" if self.zone in _UTC_ZONES else self.zone)

    @property
    def stamp(self) -> ClockTime | None:
        """The clock time as the stamp of a post; None if it is absent."""
        return ClockTime(clock=self.clock, printed=self.printed, zone=self.zone) if self.clock is not None else None

    def printed_date(self, line: int) -> PrintedDate | None:
        """Return the date as one that is printed on `line`; None if it is absent."""
        date = self.date
        if date is None:
            return None
        return PrintedDate(line=line, printed=self.printed, day=date.day, month=date.month, year=date.year)


def parse_machine_time(text: str) -> MachineTime | None:
    """Read a whole text as a machine-written time; None if it is not one or is impossible."""
    text = text.strip()
    if _EPOCH.fullmatch(text):
        seconds = int(text[:10])
        if not _MIN_EPOCH <= seconds < _MAX_EPOCH:
            return None
        date = dt.datetime.fromtimestamp(seconds, dt.UTC).date()
        return MachineTime(printed=text, date=date, clock=seconds % DAY_SECONDS, zone="Z")
    match = _ISO.fullmatch(text) or _MONTH_IN_WORDS.fullmatch(text) or _CLOCK.fullmatch(text)
    if match is None:
        return None
    groups = match.groupdict()
    stated_date = _date(groups)
    if stated_date is None and match.re is not _CLOCK:
        return None
    if not groups.get("hour"):
        return MachineTime(printed=text, date=stated_date)
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    clock = hour * 3600 + minute * 60 + second
    # ISO 8601 allows second 60 (a leap second) and 24:00:00.
    if minute > 59 or second > 60 or clock > DAY_SECONDS:
        return None
    return MachineTime(printed=text, date=stated_date, clock=clock, zone=_zone(groups))


def _date(groups: dict[str, str | None]) -> dt.date | None:
    digits = (groups.get("date") or "").replace("-", "")
    if digits:
        return calendar_date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    name = groups.get("month") or groups.get("month2") or ""
    day = int(groups.get("day") or groups.get("day2") or 0)
    return calendar_date(int(groups.get("year") or 0), MONTH_NUMBERS.get(name.lower(), 0), day)


def _zone(groups: dict[str, str | None]) -> str:
    """Return the offset as "+01:00", or the zone word; "" if there is neither."""
    zone = (groups.get("zone") or "").upper().replace("\u2212", "-")
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        return f"{zone[0]}{digits[:2]}:{digits[2:]}"
    return zone or ("Z" if groups.get("utc") else "")


def zone_reliability(stamp: ClockTime) -> int:
    """Rank a time by how its zone is written: 3 offset or name, 2 epoch, 1 ``Z`` or GMT, 0 no zone.

    Many pages write their local time and add ``Z``, so ``Z`` is the least reliable zone.
    """
    if not stamp.zone:
        return 0
    if stamp.zone.upper() in _UTC_ZONES:
        return 2 if stamp.printed.isdecimal() else 1
    return 3


def preferred_time(published: MachineTime | None, printed: ClockTime | None) -> ClockTime | None:
    """Choose a post's time: the machine-written one if complete, else the printed one.

    A machine-written ``Z`` next to the same printed clock time with a real offset is wrong: the printed time is used.
    """
    stamp = published.stamp if published else None
    if published is None or stamp is None:
        return printed
    if not published.is_complete:
        return printed or stamp
    if printed and zone_reliability(printed) > zone_reliability(stamp) and printed.clock // 60 == stamp.clock // 60:
        return printed
    return stamp


def local_instant(clock: int, date: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the instant of a local time; 86400 is the start of the next day.

    Raises ArchiveError if a clock change skipped this time.
    """
    local = dt.datetime.combine(date, dt.time(), zone) + dt.timedelta(seconds=clock)
    back = local.astimezone(dt.UTC).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        reason = f"{format_clock(clock)} on {date} does not exist: a clock change skipped it; correct the time"
        raise ArchiveError(reason)
    return local


def utc_offset_seconds(zone: dt.tzinfo, date: dt.date, clock: int) -> int:
    """Return a zone's offset at a local time, in seconds east of Greenwich."""
    local = dt.datetime.combine(date, dt.time(), zone) + dt.timedelta(seconds=clock)
    return int((local.utcoffset() or dt.timedelta()).total_seconds())


def utc_minute(stamp: ClockTime, date: PrintedDate) -> int | None:
    """Return the instant of a stamp on a date, in minutes since the year 1; None without a known zone.

    Raises ArchiveError if the date does not exist.
    """
    zone = zone_from_word(stamp.zone.upper()) if stamp.zone else None
    if zone is None or date.year is None:
        return None
    day = resolve_date(date)
    return (day.toordinal() * DAY_SECONDS + stamp.clock - utc_offset_seconds(zone, day, stamp.clock)) // 60


def format_rfc3339(instant: dt.datetime) -> str:
    """Format an instant with the offset of its page: ``2023-06-02T13:29:00Z``.

    RFC 3339 has no offsets with seconds, as local mean times before about 1900 have: such an instant is given in UTC.
    """
    offset = instant.utcoffset()
    if offset and offset % dt.timedelta(minutes=1):
        instant = instant.astimezone(dt.UTC)
    return instant.isoformat().removesuffix("+00:00") + ("" if instant.utcoffset() else "Z")


def format_clock(clock: int) -> str:
    """Format seconds after midnight as ``HH:MM``, or ``HH:MM:SS`` if the seconds are not zero."""
    text = format_minutes(clock // 60)
    return f"{text}:{clock % 60:02}" if clock % 60 else text
