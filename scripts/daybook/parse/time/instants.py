"""Times as machines write them → Stamp and date: the only place that reads ISO 8601 and epochs.

2020-10-06T21:22:53.212+01:00   2020-10-06 21:22   1602015773   1602015773212
Tue Oct 06 2020 21:22:53 GMT+0100                  2020-10-06   21:22
"""

import datetime as dt
import re

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.model import format_minutes
from daybook.parse.base.page import ClockTime, PrintedDate
from daybook.parse.time.printed import DAY_SECONDS, MONTH_NUMBERS, YEARS, resolve_date
from daybook.parse.time.zones import zone_from_word


def local_instant(clock: int, date: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Give the instant of a local time; raises ArchiveError for one that a clock change left out.

    86400 is the first instant of the next day.
    """
    day = date + dt.timedelta(days=clock // DAY_SECONDS)
    midnight = dt.datetime.combine(day, dt.time(), zone)
    local = midnight + dt.timedelta(seconds=clock % DAY_SECONDS)
    back = local.astimezone(dt.UTC).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ArchiveError(f"{format_clock(clock)} on {date} was left out by a clock change: correct the stamp")
    return local


def is_repeated_hour(moment: dt.datetime) -> bool:
    """Say whether a clock change repeated this local time."""
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def format_rfc3339(moment: dt.datetime) -> str:
    """Write an instant with the offset its page used: ``2023-06-02T13:29:00Z``."""
    return moment.isoformat().removesuffix("+00:00") + ("" if moment.utcoffset() else "Z")


def utc_offset_seconds(zone: dt.tzinfo, date: dt.date, clock: int) -> int:
    """Give a zone's seconds east of Greenwich at a local time."""
    midnight = dt.datetime.combine(date, dt.time(), zone)
    shift = (midnight + dt.timedelta(seconds=clock)).utcoffset() or dt.timedelta()
    return int(shift.total_seconds())


def utc_minute(stamp: ClockTime, on: PrintedDate) -> int | None:
    """Count the minutes to a stamp on a date since the year 1; None where its zone is not known."""
    zone = zone_from_word(stamp.zone.upper()) if stamp.zone else None
    if zone is None or on.year is None:
        return None
    date = resolve_date(on)
    return (date.toordinal() * DAY_SECONDS + stamp.clock - utc_offset_seconds(zone, date, stamp.clock)) // 60


def format_clock(clock: int) -> str:
    """Write seconds after midnight as ``HH:MM``, with seconds where there are any."""
    text = format_minutes(clock // 60)
    return f"{text}:{clock % 60:02}" if clock % 60 else text


_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})(?:(?:T|\s{1,2})(?P<hour>\d{2}):?(?P<minute>\d{2})"
    r"(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?)?\s?(?P<zone>Z|[+\-\u2212]\d{2}:?\d{2}|[+\-\u2212]\d{2}|UTC|GMT)?",
    re.IGNORECASE,
)


_WORDS = re.compile(
    r"(?:[A-Z][a-z]{2,8},? )?(?:(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2,8})|(?P<month2>[A-Z][a-z]{2,8}) "
    r"(?P<day2>\d{1,2})),? (?P<year>\d{4}),? (?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?: ?(?P<utc>GMT|UTC)?(?P<zone>Z|[+\-]\d{2}:?\d{2})?(?: \([\w ]{1,40}\))?)?"
)


_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")


_EPOCH = re.compile(r"\d{10}(?:\d{3})?")


_OLDEST = 631_152_000  # 1990 began; smaller numbers are ids and counts


_LATEST = 4_102_444_800  # 2100 begins


class MachineTime(Struct, frozen=True, kw_only=True):
    """What a machine-written time says: a date, a clock in seconds, an offset; each may be absent."""

    printed: str
    date: dt.date | None = None
    clock: int | None = None
    zone: str = ""

    @property
    def is_complete(self) -> bool:
        """Say whether date and clock both stand there."""
        return self.date is not None and self.clock is not None

    @property
    def rfc3339(self) -> str:
        """Write a whole time as RFC 3339, ``2020-10-06T21:22:53+01:00``; "" without a real offset."""
        if self.date is None or self.clock is None or zone_from_word(self.zone) is None:
            return ""
        date = self.date + dt.timedelta(days=self.clock // 86_400)
        hour, minute, second = self.clock // 3600 % 24, self.clock // 60 % 60, self.clock % 60
        offset = "Z" if self.zone in ("Z", "UTC", "GMT", "+00:00", "-00:00") else self.zone
        return f"{date}T{hour:02}:{minute:02}:{second:02}{offset}"

    @property
    def stamp(self) -> ClockTime | None:
        """Give the clock as a stamp; None without one."""
        return ClockTime(clock=self.clock, printed=self.printed, zone=self.zone) if self.clock is not None else None

    def printed_date(self, line: int) -> PrintedDate | None:
        """Give the date as one that is printed at `line`; None without one."""
        if self.date is None:
            return None
        year, month, day = self.date.year, self.date.month, self.date.day
        return PrintedDate(line=line, printed=self.printed, day=day, month=month, year=year)


def parse_machine_time(text: str) -> MachineTime | None:
    """Read a whole text as a machine-written time; None if it is none or not a real one."""
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return _of_epoch(text)
    match = _ISO.fullmatch(text) or _WORDS.fullmatch(text) or _CLOCK.fullmatch(text)
    if match is None:
        return None
    groups = match.groupdict()
    clock = _clock(groups)
    date = _date(groups)
    if (date is None and match.re is not _CLOCK) or (groups.get("hour") and clock is None):
        return None
    return MachineTime(printed=text, date=date, clock=clock, zone=_zone(groups) if clock is not None else "")


def zone_reliability(stamp: ClockTime) -> int:
    """Rank a time by how it was written: a real offset, an epoch, ``Z`` (often a lie), no zone."""
    if not stamp.zone:
        return 0
    if stamp.zone.upper() in ("Z", "GMT", "UTC", "+00:00", "+0000", "-00:00"):
        return 2 if stamp.printed.isdecimal() else 1
    return 3


def _of_epoch(text: str) -> MachineTime | None:
    seconds = int(text) if len(text) == 10 else int(text) // 1000
    if not _OLDEST <= seconds < _LATEST:
        return None
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    clock = moment.hour * 3600 + moment.minute * 60 + moment.second
    return MachineTime(printed=text, date=moment.date(), clock=clock, zone="Z")


def _clock(groups: dict[str, str | None]) -> int | None:
    if not groups.get("hour"):
        return None
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    clock = hour * 3600 + minute * 60 + second
    return clock if minute < 60 and second < 61 and clock <= 86_400 else None


def _date(groups: dict[str, str | None]) -> dt.date | None:
    digits = (groups.get("date") or "").replace("-", "")
    if digits:
        year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    elif groups.get("year"):
        name = groups.get("month") or groups.get("month2") or ""
        year, month = int(groups["year"] or 0), MONTH_NUMBERS.get(name.lower(), 0)
        day = int(groups.get("day") or groups.get("day2") or 0)
    else:
        return None
    try:
        return dt.date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _zone(groups: dict[str, str | None]) -> str:
    zone = (groups.get("zone") or "").upper().replace("\u2212", "-")
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        return f"{zone[0]}{digits[:2]}:{digits[2:]}"
    return zone or ("Z" if groups.get("utc") else "")


def preferred_time(made: MachineTime | None, printed: ClockTime | None) -> ClockTime | None:
    """Choose a post's time: the data's if it is whole, else the printed one, else what the data has.

    Data that says ``Z`` beside the very same clock printed with a real offset is not in UTC.
    """
    if made is None or made.stamp is None:
        return printed
    if not made.is_complete:
        return printed or made.stamp
    if (
        printed
        and printed.zone
        and zone_reliability(printed) > zone_reliability(made.stamp)
        and printed.clock // 60 == made.stamp.clock // 60
    ):
        return printed
    return made.stamp
