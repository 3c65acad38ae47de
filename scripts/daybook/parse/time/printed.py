"""A clock at the start of a line → Stamp: the only place that knows how outlets print times.

    1329 GMT Headline        13:29 GMT — Headline      12.31 Uhr: Headline
    9h05 - Headline          12.53am BST               13:29 GMT (16:29 EEST) Headline

A stamp is a time with its zone, a separator or a headline after it. A number that only
begins a sentence ("2014 was", "1329 GMT was") is none, and an impossible time is a fault.
"""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import ClockTime, PrintedDate
from daybook.parse.time.zones import is_zone_word

_PRINTED_DAY = re.compile(
    r"\b(?P<ordinal>\d[\d,]{0,6})(?:st|nd|rd|th) day\b|\b(?:day|Day|Tag) (?P<day>\d[\d,]{0,6})\b"
    r"|\b(?P<other>\d{1,5})(?:\. Tag|e jour)\b"
)


def find_day_number(text: str) -> int | None:
    """Find the day number that a standfirst claims, as in "its 465th day"; None if it claims none."""
    match = _PRINTED_DAY.search(text)
    if match is None:
        return None
    return int((match["ordinal"] or match["day"] or match["other"]).replace(",", ""))


DAY_SECONDS = 86_400


_AGE = re.compile(r"\d{1,3} ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?) ago(?:[\s,·|]{0,3})(?=\d)")


_CLOCK = re.compile(
    r"(?:(?P<hour>\d{1,2})(?P<mark>[:.]|\s?[hH]\s?)(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?![.:,]?\d)"
    r"|(?P<compact>\d{4})(?![\d.,:;]))"
    r"(?P<half>\s?(?:[aApP]\.[mM]\.|[aApP][mM]\b))?(?P<uhr>\s?Uhr\b)?"
)


_ODD = re.compile(r"(?P<odd>\d[\d:;.,hH]{1,7})")  # a number where a clock should stand


_ZONE = re.compile(
    r"\s?(?P<open>\()?(?P<word>(?:GMT|UTC)[+\-\u2212]\d{1,2}(?::?\d{2})?|[+\-\u2212]\d{2}:?\d{2}|[A-Z]{1,5})"
    r"(?(open)\)|(?![\w&'’]))"
)


_TWIN = re.compile(r"\s{0,2}(?P<open>[(/|])?\s{0,2}(?=\d)")


_PLACE = re.compile(r"\s?(?P<place>(?:[A-Z][\w.'’-]{2,20} ){1,2}|local )time\b(?=\s{0,2}(?:[-–—(/|:]|$))")


_UNTIL = re.compile(r"[-–\u2212](?P<end>\d{2}[:.]\d{2})(?!\d)")


_LOCAL = re.compile(r"\s?local(?: time)?\b", re.IGNORECASE)


_EMBED = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}\b")  # behind a clock and a dot: the date of a post elsewhere


_SEPARATOR = re.compile(r"\s{0,3}(?P<mark>[-‐‑–—]{1,3}|[|·]|:(?!\d))?\s{0,3}")


_DASHED = re.compile(r"\s{0,3}(?:[-‐‑–—|]|$)")


def parse_clock_time(text: str) -> ClockTime | None:
    """Read the stamp that a line begins with; None if the line begins with none."""
    age = _AGE.match(text)
    start = age.end() if age else 0
    match = _CLOCK.match(text, start) or _ODD.match(text, start)
    if match is None or _is_span(text, match):
        return None
    zone, end = _zone(text, match)
    clock = _seconds(match)
    place = None if zone else _PLACE.match(text, end)
    zone, end = (place["place"].removeprefix("local ").strip(), place.end()) if place else (zone, end)
    twin, end = _twin(text, end, bare=place is None and not zone) if clock is not None else (None, end)
    if twin and not is_zone_word(zone):  # "15:29 Kyiv time (12:29 GMT)": the clock whose zone is sure
        (clock, zone), twin = twin, None
    if not _stands_alone(text, end, match, zone):
        return None
    separator = _SEPARATOR.match(text, end)
    rest = text[separator.end() :] if separator else text[end:]
    if separator and separator["mark"] == "·" and _EMBED.match(rest):
        return None
    printed = text[start:end].strip()
    fault = "" if clock is not None else f"{printed!r} is not a time: correct the stamp"
    return ClockTime(clock=clock or 0, printed=printed, zone=zone, text_after=rest, second_clock=twin, fault=fault)


def starts_with_zoned_time(text: str) -> bool:
    """Say whether a line begins with a time and its zone, stamp or not."""
    match = _CLOCK.match(text)
    return match is not None and is_zone_word(_zone(text, match)[0])


def _is_span(text: str, match: re.Match[str]) -> bool:
    """Say whether a clock begins a span of time, ``09:00-10:00``; an offset runs backwards or is small."""
    until = _UNTIL.match(text, match.end())
    return until is not None and until["end"] > match[0]


def _zone(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Find the zone word after a clock and where it ends; an unknown one only where none else can stand."""
    found = _ZONE.match(text, match.end())
    if found is None:
        return "", match.end()
    word = found["word"]
    known = is_zone_word(word)
    compact = match.groupdict().get("compact")
    # "2022 NATO summit" is a year and a name; "1329 XYZ" can only be meant as a clock.
    clock_like = bool(compact) and not "1900" <= str(compact) <= "2099"
    unknown = len(word) > 1 and "odd" not in match.groupdict() and word.isalpha()
    if known or (unknown and (clock_like or _DASHED.match(text, found.end()))):
        return word, found.end()
    return "", match.end()


def _twin(text: str, end: int, *, bare: bool) -> tuple[tuple[int, str] | None, int]:
    """Read a second clock behind the first, ``(16:29 EEST)``, and say where it ends.

    Behind a `bare` clock, one without a zone, it stands in brackets or behind a slash.
    """
    opening = _TWIN.match(text, end)
    match = _CLOCK.match(text, opening.end()) if opening else None
    if opening is None or match is None or (bare and not opening["open"]):
        return None, end
    clock, (zone, stop) = _seconds(match), _zone(text, match)
    local = _LOCAL.match(text, stop)
    stop = local.end() if local else stop
    if clock is None or not (is_zone_word(zone) or (local and opening["open"])):
        return None, end
    if opening["open"] == "(":
        if text[stop : stop + 1] != ")":
            return None, end
        stop += 1
    return ((clock, zone) if zone else None), stop


def _stands_alone(text: str, end: int, match: re.Match[str], zone: str) -> bool:
    """Say whether what follows a clock lets it be a stamp and not the start of a sentence."""
    groups = match.groupdict()
    strong = bool(zone or groups.get("half") or groups.get("uhr"))
    separator = _SEPARATOR.match(text, end)
    after = separator.end() if separator else end
    marked, spaced, rest = bool(separator and separator["mark"]), after > end, text[after:]
    if "odd" in groups:
        strong = is_zone_word(zone) or ";" in groups["odd"]
        if not strong:
            return False
    elif groups["compact"] and not zone:
        return False
    elif groups["mark"] == "." and not strong and not marked:
        return False  # a decimal number
    elif _seconds(match) is None and not (strong or marked):
        return False  # a score or a ratio
    return not rest or marked or (spaced and not rest[0].islower())


def _seconds(match: re.Match[str]) -> int | None:
    """Give a clock's seconds after midnight; None for a time that no clock shows."""
    groups = match.groupdict()
    if "odd" in groups:
        return None
    compact = groups["compact"]
    hour = int(compact[:2] if compact else groups["hour"])
    minute = int(compact[2:] if compact else groups["minute"])
    second = int(groups["second"] or 0)
    half = (groups["half"] or "").strip()[:1].lower()
    if half and (hour > 12 or (half == "p" and hour == 0)):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    clock = hour * 3600 + minute * 60 + second
    return clock if minute < 60 and second < 60 and clock <= DAY_SECONDS else None


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


_CLOCK_AFTER_DATE = (
    r"(?:,? (?:at |um |à |[-–—|] )?(?P<clock>\d{1,2}[:.h]\d{2}(?: ?[ap]m| ?[AP]M)?(?: Uhr)?(?: [A-Z]{1,5})?))?"
)


_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"


_NAME = r"(?P<month>[^\W\d_]{3,10})\.?"


_DATES = (
    rf"{_DAY} (?:of )?{_NAME}(?:,? (?P<year>\d{{4}}))?",
    rf"{_NAME} {_DAY}(?:,? (?P<year>\d{{4}}))?",
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4}))?",
)


_LINES = tuple(re.compile(rf"{_LEAD}{_WEEKDAY}(?:le )?{date}{_CLOCK_AFTER_DATE}") for date in _DATES)


_IN_LINK = tuple(re.compile(rf"(?:(?P<weekday>[^\W\d_]{{3,10}}),? \(?)?\b{date}\b") for date in _DATES[:2])


_DIGIT = re.compile(r"\d")


YEARS = range(1000, 9999)  # leaves room on both sides for entries of the days around


_LONGEST = 80  # characters; a longer line is a sentence


def parse_date_line(text: str, line: int) -> PrintedDate | None:
    """Read a whole line as a date; None if it is none. Without a year it needs its weekday."""
    stated = parse_date_near_clock(text, line)
    bare = stated is not None and stated.year is None and stated.weekday is None
    return None if bare else stated


def parse_date_near_clock(text: str, line: int) -> PrintedDate | None:
    """Read a whole text as a date that a stamp explains: ``2 June`` needs neither year nor weekday there."""
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return None
    words = " ".join(text.split())
    found = (_read(pattern.fullmatch(words), line) for pattern in _LINES)
    return next((date for date in found if date is not None), None)


def clock_after_date(text: str) -> ClockTime | None:
    """Read the time that stands behind a date, ``March 9, 2015 1:17 PM``; None if there is none.

    A line that says it was published then speaks of the whole page, and gives none.
    """
    words = " ".join(text.split())
    matches = (pattern.fullmatch(words) for pattern in _LINES)
    found = next((match for match in matches if match and match["clock"] and not match["lead"]), None)
    return parse_clock_time(found["clock"]) if found else None


def find_linked_date(text: str, line: int) -> PrintedDate | None:
    """Find the date that a link sentence names, such as ``Thursday (June 1)``."""
    found = (_read(match, line) for pattern in _IN_LINK for match in pattern.finditer(text))
    return next((date for date in found if date is not None), None)


def resolve_date(stated: PrintedDate, near: dt.date | None = None) -> dt.date:
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


def _read(match: re.Match[str] | None, line: int) -> PrintedDate | None:
    """Turn a match into a date line if its names are names of months and weekdays."""
    if match is None:
        return None
    month, weekday, year = match["month"], match.groupdict().get("weekday"), match.groupdict().get("year")
    number = int(month) if month.isdecimal() else MONTH_NUMBERS.get(month.lower())
    weekday_number = WEEKDAY_NUMBERS.get(weekday.lower()) if weekday else None
    if number is None or (weekday and weekday_number is None and match.re in _LINES):
        return None
    return PrintedDate(
        line=line,
        printed=match[0],
        day=int(match["day"]),
        month=number,
        year=int(year) if year else None,
        weekday=weekday_number,
    )


def _years(stated: PrintedDate, near: dt.date | None) -> tuple[int, ...]:
    if stated.year is not None:
        return (stated.year,)
    return (near.year, near.year - 1, near.year + 1) if near else ()


def _date(stated: PrintedDate, year: int) -> dt.date | None:
    try:
        return dt.date(year, stated.month, stated.day) if year in YEARS else None
    except ValueError:
        return None


def _weekday(number: int) -> str:
    return _WEEKDAYS[0].split()[number].capitalize()
