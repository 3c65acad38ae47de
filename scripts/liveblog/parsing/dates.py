"""Printed dates → dates: the only place that knows month and weekday names and date formats.

A closed list of formats, never a guess and never the clock: ``Friday, June 2, 2023``,
``Fri 2 Jun 2023``, ``2023-06-02``, ``02.06.2023``, ``2. Juni 2023``, ``1er juin 2023``, and
with a weekday also without the year: ``Donnerstag, 18. 7.``
"""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType

from ..errors import ArchiveError
from .page import DateLine, Stamp
from .stamps import read_stamp

_MONTHS = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feb mär apr mai jun jul aug sep okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
)


def _numbered(languages: tuple[str, ...], first: int) -> Mapping[str, int]:
    return MappingProxyType({name: number for names in languages for number, name in enumerate(names.split(), first)})


MONTH_NUMBERS = _numbered((*_MONTHS, "- - - - - - - - sept"), 1)
WEEKDAY_NUMBERS = _numbered((*_WEEKDAYS, "- tues - thurs"), 0)

_LEAD = r"(?P<lead>(?:Published|Posted)(?: on)?:? |Date: )?"
_WEEKDAY = r"(?:(?P<weekday>[^\W\d_]{2,10})\.?,? )?"
_CLOCK = r"(?:,? (?:at |um |à |[-–—|] )?(?P<clock>\d{1,2}[:.h]\d{2}(?: ?[ap]m| ?[AP]M)?(?: Uhr)?(?: [A-Z]{1,5})?))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_NAME = r"(?P<month>[^\W\d_]{3,10})\.?"
_DATES = (
    rf"{_DAY} (?:of )?{_NAME}(?:,? (?P<year>\d{{4}}))?",
    rf"{_NAME} {_DAY}(?:,? (?P<year>\d{{4}}))?",
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4}))?",
)
_LINES = tuple(re.compile(rf"{_LEAD}{_WEEKDAY}(?:le )?{date}{_CLOCK}") for date in _DATES)
_IN_LINK = tuple(re.compile(rf"(?:(?P<weekday>[^\W\d_]{{3,10}}),? \(?)?\b{date}\b") for date in _DATES[:2])
_DIGIT = re.compile(r"\d")
YEARS = range(1000, 9999)  # leaves room on both sides for entries of the days around
_LONGEST = 80  # characters; a longer line is a sentence


def date_line(text: str, line: int) -> DateLine | None:
    """Read a whole line as a date; None if it is none. Without a year it needs its weekday."""
    stated = date_beside_stamp(text, line)
    bare = stated is not None and stated.year is None and stated.weekday is None
    return None if bare else stated


def date_beside_stamp(text: str, line: int) -> DateLine | None:
    """Read a whole text as a date that a stamp explains: ``2 June`` needs neither year nor weekday there."""
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return None
    words = " ".join(text.split())
    found = (_read(pattern.fullmatch(words), line) for pattern in _LINES)
    return next((date for date in found if date is not None), None)


def clock_behind(text: str) -> Stamp | None:
    """Read the time that stands behind a date, ``March 9, 2015 1:17 PM``; None if there is none.

    A line that says it was published then speaks of the whole page, and gives none.
    """
    words = " ".join(text.split())
    matches = (pattern.fullmatch(words) for pattern in _LINES)
    found = next((match for match in matches if match and match["clock"] and not match["lead"]), None)
    return read_stamp(found["clock"]) if found else None


def date_in_link(text: str, line: int) -> DateLine | None:
    """Find the date that a link sentence names, such as ``Thursday (June 1)``."""
    found = (_read(match, line) for pattern in _IN_LINK for match in pattern.finditer(text))
    return next((date for date in found if date is not None), None)


def settle(stated: DateLine, near: dt.date | None = None) -> dt.date:
    """Prove a printed date, taking an absent year from the date it stands near.

    Raises ArchiveError for a day that does not exist, a weekday that disagrees, a year unknown.
    """
    years = _years(stated, near)
    if not years:
        raise ArchiveError(f"{stated.printed!r} names no year: give the page's DATE=", line=stated.line)
    possible = [date for date in (_date(stated, year) for year in years) if date is not None]
    if not possible:
        raise ArchiveError(f"{stated.printed!r} is a day that does not exist: correct the line", line=stated.line)
    date = min(possible, key=lambda each: abs((each - near).days) if near else 0)
    if stated.weekday is not None and date.weekday() != stated.weekday:
        printed, real = _weekday(stated.weekday), _weekday(date.weekday())
        raise ArchiveError(
            f"{stated.printed!r} says {printed}, but {date} is a {real}: correct the page", line=stated.line
        )
    return date


def _read(match: re.Match[str] | None, line: int) -> DateLine | None:
    """Turn a match into a date line if its names are names of months and weekdays."""
    if match is None:
        return None
    month, weekday, year = match["month"], match.groupdict().get("weekday"), match.groupdict().get("year")
    number = int(month) if month.isdecimal() else MONTH_NUMBERS.get(month.lower())
    weekday_number = WEEKDAY_NUMBERS.get(weekday.lower()) if weekday else None
    if number is None or (weekday and weekday_number is None and match.re in _LINES):
        return None
    return DateLine(
        line=line,
        printed=match[0],
        day=int(match["day"]),
        month=number,
        year=int(year) if year else None,
        weekday=weekday_number,
    )


def _years(stated: DateLine, near: dt.date | None) -> tuple[int, ...]:
    if stated.year is not None:
        return (stated.year,)
    return (near.year, near.year - 1, near.year + 1) if near else ()


def _date(stated: DateLine, year: int) -> dt.date | None:
    try:
        return dt.date(year, stated.month, stated.day) if year in YEARS else None
    except ValueError:
        return None


def _weekday(number: int) -> str:
    return _WEEKDAYS[0].split()[number].capitalize()
