"""Times, dates and day numbers as pages print them.

Clock times at the start of a line:

    1329 GMT Headline        13:29 GMT — Headline      12.31 Uhr: Headline
    9h05 - Headline          12.53am BST               13:29 GMT (16:29 EEST) Headline

Such a time is a stamp if its zone, a separator or a headline follows. A number that only begins a sentence ("2014 was",
"1329 GMT was") is not one. A stamp with an impossible time is a `ClockTime` with a `fault`.

Hand-written with a closed list of names: a date library accepts more than pages print, and would
read ordinary numbers as dates.
"""

import datetime as dt
import re

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import ClockTime, PrintedDate
from daybook.parse.time.dates import date_alone, full_year, is_other_calendar
from daybook.parse.time.names import MONTH_NUMBERS, WEEKDAY_NUMBERS, with_ascii_digits
from daybook.parse.time.zones import is_zone_word

DAY_SECONDS = 86_400
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEARS = range(1000, 9999)  # four digits; leaves room for entries of the days before and after

# "21 mins ago" directly before the clock time
_AGE = re.compile(r"\d{1,3} ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?) ago(?:[\s,·|]{0,3})(?=\d)")
_CLOCK = re.compile(
    r"(?:(?P<hour>\d{1,2})(?P<mark>[:.]|(?P<h>\s?[hH]\s?))(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?![.:,]?\d)"
    r"(?(h)(?:\s?(?:min|mn)\b\.?)?)"
    r"|(?P<compact>\d{4})(?![\d.,:;]))"
    r"(?P<half>\s?(?:[aApP]\.[mM]\.|[aApP][mM]\b))?(?P<uhr>\s?Uhr\b)?"
)
_MISTYPED_CLOCK = re.compile(r"(?P<odd>\d[\d:;.,hH]{1,7})")  # "7;00", "929": a fault if a zone follows
_ZONE = re.compile(
    r"\s?(?P<open>\()?(?P<word>(?:GMT|UTC)[+\-\u2212]\d{1,2}(?::?\d{2})?|[+\-\u2212]\d{2}:?\d{2}|[A-Z]{1,5})"
    r"(?(open)\)|(?![\w&'’]))"
)
_BEFORE_SECOND_CLOCK = re.compile(r"\s{0,2}(?P<open>[(/|])?\s{0,2}(?=\d)")
_PLACE_TIME = re.compile(  # "Kyiv time", "local time"
    r"\s?(?!(?:Full|Half|Extra|Stoppage|Injury|First|Last|Prime)\s)"  # "21.10 Full time" is a headline
    r"(?P<place>(?:[A-Z][\w.'’-]{2,20} ){1,2}|local )time\b(?=\s{0,2}(?:[-–—(/|:]|$))"
)
_LOCAL = re.compile(r"\s?local(?: time)?\b", re.IGNORECASE)
_RANGE_END = re.compile(r"[-–\u2212](?P<end>\d{2}[:.]\d{2})(?!\d)")
_EMBED_DATE = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}\b")  # "1:17 PM · Mar 9, 2015" is an embedded post
_SEPARATOR = re.compile(r"\s{0,3}(?P<mark>[-‐‑–—]{1,3}|[|·]|:(?!\d))?\s{0,3}")
_DASH_OR_END = re.compile(r"\s{0,3}(?:[-‐‑–—|]|$)")


def parse_clock_time(text: str) -> ClockTime | None:
    """Return the stamp at the start of a line; None if there is none."""
    age = _AGE.match(text)
    start = age.end() if age else 0
    match = _CLOCK.match(text, start) or _MISTYPED_CLOCK.match(text, start)
    if match is None:
        return None
    # In "13:29-05:00" the second number is smaller than the first: it is a UTC offset and not a range.
    range_end = _RANGE_END.match(text, match.end())
    if range_end and range_end["end"] > match[0]:
        return None
    zone, end = _zone_word(text, match)
    clock = _clock_seconds(match)
    place = None if zone else _PLACE_TIME.match(text, end)
    if place:
        zone, end = place["place"].removeprefix("local ").strip(), place.end()
    second = None
    if clock is not None:
        second, end = _second_clock(text, end, without_zone=not (place or zone))
    if second and not is_zone_word(zone):  # "15:29 Kyiv time (12:29 GMT)": use the clock with the known zone
        (clock, zone), second = second, None
    separator = _SEPARATOR.match(text, end)
    assert separator  # it can be empty
    after = text[separator.end() :]
    if not _is_stamp(match, zone, separator) or (separator["mark"] == "·" and _EMBED_DATE.match(after)):
        return None
    printed = text[start:end].strip()
    fault = "" if clock is not None else f"invalid time {printed!r}; correct it"
    return ClockTime(clock=clock or 0, printed=printed, zone=zone, text_after=after, second_clock=second, fault=fault)


def starts_with_zoned_time(text: str) -> bool:
    """Return whether a line begins with a time and its zone, even if it goes on as a sentence."""
    match = _CLOCK.match(text)
    return match is not None and is_zone_word(_zone_word(text, match)[0])


def _zone_word(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return the zone word after a clock time, or "", and the index where it ends.

    An unknown word counts only if it cannot be part of a sentence.
    """
    found = _ZONE.match(text, match.end())
    if found is None:
        return "", match.end()
    word = found["word"]
    known = is_zone_word(word)
    compact = match.groupdict().get("compact")
    # "2022 NATO summit" is a year and a name; "1329 XYZ" can only be a clock time.
    not_a_year = bool(compact) and not "1900" <= str(compact) <= "2099"
    may_be_zone = len(word) > 1 and "odd" not in match.groupdict() and word.isalpha()
    if known or (may_be_zone and (not_a_year or _DASH_OR_END.match(text, found.end()))):
        return word, found.end()
    return "", match.end()


def _second_clock(text: str, end: int, *, without_zone: bool) -> tuple[tuple[int, str] | None, int]:
    """Read a second clock after the first, "(16:29 EEST)"; return its seconds and zone, and where it ends.

    After a first clock `without_zone` it needs a bracket or slash before it.
    """
    opening = _BEFORE_SECOND_CLOCK.match(text, end)
    match = _CLOCK.match(text, opening.end()) if opening else None
    if opening is None or match is None or (without_zone and not opening["open"]):
        return None, end
    clock, (zone, stop) = _clock_seconds(match), _zone_word(text, match)
    local = _LOCAL.match(text, stop)
    stop = local.end() if local else stop
    if clock is None or not (is_zone_word(zone) or (local and opening["open"])):
        return None, end
    if opening["open"] == "(":
        if text[stop : stop + 1] != ")":
            return None, end
        stop += 1
    return ((clock, zone) if zone else None), stop


def _is_stamp(match: re.Match[str], zone: str, separator: re.Match[str]) -> bool:
    """Return whether the text after a clock time shows that it is a stamp and not the start of a sentence."""
    groups = match.groupdict()
    following = separator.string[separator.end() :]
    if "odd" in groups:
        if not (is_zone_word(zone) or ";" in groups["odd"]):
            return False
    elif groups["compact"] and not zone:
        return False
    elif not (zone or groups["half"] or groups["uhr"] or separator["mark"]) and (
        groups["mark"] == "." or _clock_seconds(match) is None
    ):
        return False  # a decimal number, a score or a ratio
    return not following or bool(separator["mark"]) or (bool(separator[0]) and not following[0].islower())


def _clock_seconds(match: re.Match[str]) -> int | None:
    """Return a clock time in seconds after midnight; None for an impossible time."""
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


_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_MONTH_NAME = r"(?P<month>[^\W\d_][^\s\d.,:;/()|]{2,12})\.?"
_DATES = (
    rf"{_DAY} (?:of |de |d[’'])?{_MONTH_NAME}(?:,? (?:de )?(?P<year>\d{{4}}))?",
    rf"{_MONTH_NAME} {_DAY}(?:,? (?P<year>\d{{4}}))?",
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4}|\d{2}))?",
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})",
    r"(?P<year>\d{4})[年/.] ?(?P<month>\d{1,2})[月/.] ?(?P<day>\d{1,2})日?",
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    r"(?P<year>\d{4})년 (?P<month>\d{1,2})월 (?P<day>\d{1,2})일",
)
_PUBLISHED = r"(?P<published>(?:Published|Posted)(?: on)?:? |Date: )?"
_WEEKDAY = r"(?:(?P<weekday>[^\W\d_][\w’'-]{1,13}?)\.?,? )?"
_CLOCK_AFTER_DATE = (
    r"(?:,? (?:at |um |à |[-–—|] )?(?P<clock>\d{1,2}[:.h]\d{2}(?: ?[ap]m| ?[AP]M)?(?: Uhr)?(?: [A-Z]{1,5})?))?"
)
_DATE_LINES = tuple(re.compile(rf"{_PUBLISHED}{_WEEKDAY}(?:le )?{date}{_CLOCK_AFTER_DATE}") for date in _DATES)
_DATES_IN_LINK = tuple(re.compile(rf"(?:(?P<weekday>[^\W\d_]{{3,10}}),? \(?)?\b{date}\b") for date in _DATES[:2])
_DIGIT = re.compile(r"\d")
_LONGEST_DATE_LINE = 80  # characters; a longer line is a sentence


def parse_date_line(text: str, line: int) -> PrintedDate | None:
    """Read a whole line as a date with a year or a weekday; None if it is not one."""
    date = parse_date_near_clock(text, line)
    return None if date is None or (date.year is None and date.weekday is None) else date


def parse_date_near_clock(text: str, line: int) -> PrintedDate | None:
    """Read a whole text next to a stamp as a date; None if it is not one.

    Such a date needs neither year nor weekday: the stamp shows that "2 June" is a date.
    """
    if len(text) > _LONGEST_DATE_LINE or not _DIGIT.search(text):
        return None
    words = " ".join(with_ascii_digits(text).split())
    day_first = not any(character.isascii() and character.isdigit() for character in text)  # Arabic, Hindi
    dates = (_printed_date(pattern.fullmatch(words), line, day_first=day_first) for pattern in _DATE_LINES)
    found = next(filter(None, dates), None)
    if found:
        return found
    other = date_alone(with_ascii_digits(text))  # in the order of another language: "2031. április 9., szerda"
    return replace(other, line=line) if other else None


def clock_after_date(text: str) -> ClockTime | None:
    """Return the clock time after a date, "March 9, 2015 1:17 PM"; None if there is none.

    A line such as "Published on …" has the time of the whole page, not of a post, and gives None.
    """
    words = " ".join(text.split())
    matches = (pattern.fullmatch(words) for pattern in _DATE_LINES)
    found = next((match for match in matches if match and match["clock"] and not match["published"]), None)
    return parse_clock_time(found["clock"]) if found else None


def find_linked_date(text: str, line: int) -> PrintedDate | None:
    """Return the first date in a link sentence, such as "Thursday (June 1)"; None if there is none."""
    matches = (match for pattern in _DATES_IN_LINK for match in pattern.finditer(text))
    return next(filter(None, (_printed_date(match, line) for match in matches)), None)


def _printed_date(match: re.Match[str] | None, line: int, *, day_first: bool = False) -> PrintedDate | None:
    """Convert a match to a date; `day_first` settles "05/04". None if a word is not the name of a month or weekday."""
    if match is None:
        return None
    month, weekday, year = match["month"], match.groupdict().get("weekday"), match.groupdict().get("year")
    day, month_number = int(match["day"]), int(month) if month.isdecimal() else MONTH_NUMBERS.get(month.lower())
    weekday_number = WEEKDAY_NUMBERS.get(weekday.lower()) if weekday else None
    if match.re in _DATE_LINES and "/" in match[0] and month_number:
        if month_number > 12 >= day:
            day, month_number = month_number, day  # 04/30/2031
        elif day <= 12 and day != month_number and not day_first and not match[0].startswith(match["year"] or "-"):
            return None  # 05/04/2031 may be in April or in May
    # In a sentence the word before a date can be any word; in a date line it must be a weekday.
    if month_number is None or (weekday and weekday_number is None and match.re in _DATE_LINES):
        return None
    full = (full_year(int(year)) if len(year) > 2 else 2000 + int(year)) if year else None
    if full and is_other_calendar(full):
        return None
    return PrintedDate(line=line, printed=match[0], day=day, month=month_number, year=full, weekday=weekday_number)


def resolve_date(printed: PrintedDate, near: dt.date | None = None) -> dt.date:
    """Return the calendar date of a printed one; without a year, the one nearest to `near`.

    Raises ArchiveError if the day does not exist, the weekday is wrong, or the year is unknown.
    """
    if printed.month == 0:  # "9日" names no month
        return _nearest_day(printed, near)
    if printed.year is not None:
        years = [printed.year]
    elif near:
        years = [near.year, near.year - 1, near.year + 1]
    else:
        raise ArchiveError(f"{printed.printed!r} has no year; set DATE=YYYY-MM-DD", line=printed.line)
    dates = [date for year in years if (date := calendar_date(year, printed.month, printed.day))]
    if not dates:
        wrong = "does not exist" if years[0] in _YEARS else f"is not in the years {_YEARS[0]} to {_YEARS[-1]}"
        raise ArchiveError(f"the date {printed.printed!r} {wrong}; correct it", line=printed.line)
    date = min(dates, key=lambda each: abs((each - near).days) if near else 0)
    if printed.weekday is not None and date.weekday() != printed.weekday:
        reason = f"says {_DAY_NAMES[printed.weekday]}, but {date} is a {_DAY_NAMES[date.weekday()]}; correct the page"
        raise ArchiveError(f"{printed.printed!r} {reason}", line=printed.line)
    return date


def _nearest_day(printed: PrintedDate, near: dt.date | None) -> dt.date:
    """Return the date nearest to `near` with the day of a printed date that names no month."""
    if near is None:
        raise ArchiveError(f"{printed.printed!r} has no month; set DATE=YYYY-MM-DD", line=printed.line)
    days = (near + dt.timedelta(days=offset) for offset in sorted(range(-45, 46), key=abs))
    return next(day for day in days if day.day == printed.day)


def calendar_date(year: int, month: int, day: int) -> dt.date | None:
    """Return a date with a year of four digits; None if it does not exist."""
    try:
        return dt.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


_DAY_NUMBER = re.compile(
    r"\b(?P<ordinal>\d[\d,]{0,6})(?:st|nd|rd|th) day\b|\b(?:day|Day|Tag) (?P<day>\d[\d,]{0,6})\b"
    r"|\b(?P<other>\d{1,5})(?:\. Tag|e jour)\b"
)


def find_day_number(text: str) -> int | None:
    """Return the day number in a title or standfirst, as in "its 465th day"; None if there is none."""
    match = _DAY_NUMBER.search(text)
    if match is None:
        return None
    return int((match["ordinal"] or match["day"] or match["other"]).replace(",", ""))
