"""Find every clock time in a text, in any order and language, with the date that stands beside it.

`printed` reads the stamps that follow the common rules. Here nothing is decided: a page shows by repetition which of
these times are its stamps (`text.series`). A text is searched once, and only a few characters around each clock, so
the cost grows with its length alone.

    14:05  14.05  14h05  14 h 05  1405  2pm  2.05 p.m.  14 Uhr  14時05分  noon  下午2:05  ١٤:٠٥  5 minutes ago
    9 April 2031, 14:05   14:05 - 09.04.31   Yesterday 21:35   9日14:05   2031-04-09T14:05:00Z
"""

import datetime as dt
import re
from collections.abc import Iterator

from msgspec import Struct

from daybook.parse.base.page import PrintedDate
from daybook.parse.time.names import AGE_UNITS, MONTH_NUMBERS, RELATIVE_DAYS, WEEKDAY_NUMBERS, with_ascii_digits
from daybook.parse.time.printed import DAY_SECONDS
from daybook.parse.time.zones import is_zone_word, word_of_zone, zone_names, zone_words

_DATE_REACH = 48  # characters on either side of a clock that are searched for its date
_LONGEST_DATE = 12  # characters of a date in digits
_HALF_DAY = DAY_SECONDS // 2


class TimeToken(Struct, frozen=True, kw_only=True):
    """A clock time in a text: where it stands, and what it says.

    Attributes:
        start: Offset of its first character, or of the date before it.
        end: Offset behind it, its zone, a second clock, and the date after it.
        clock: Seconds after midnight; 86400 for "24:00".
        zone: Its zone word; "" if none.
        shape: How the clock is printed: its mark, and flags for a half of the day (a), a zone (z), a unit (u), a date
            (d), seconds (s). Times of one shape are alike.
        date: The date beside it.
        days_back: 1 for "yesterday" beside it, 0 for "today".
        age: Seconds before the page was read, for "5 minutes ago"; `clock` is 0 then.
        second: A second clock in another zone: seconds and zone word.
    """

    start: int
    end: int
    clock: int
    zone: str = ""
    shape: str
    date: PrintedDate | None = None
    days_back: int | None = None
    age: int | None = None
    second: tuple[int, str] | None = None


def _any_of(words: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


_ZONE_WORDS = _any_of(zone_words())
_ZONE_NAMES = _any_of(zone_names())
_ZONE = (
    rf"(?:(?i:{_ZONE_NAMES})(?!\w)|(?:GMT|UTC)\s?[+\-−]\s?\d{{1,2}}(?::?\d\d)?"
    rf"|(?:{_ZONE_WORDS})(?!\w)|[+\-−]\d\d:\d\d(?!\d))"
)
_HALF = r"(?i:[ap]\.?\s?m\b\.?|[ap]\.\s?m\.)|PTG|ص|م(?!\w)|π\.?μ\.?|μ\.?μ\.?"
_UNIT = r"(?i:uhr|hrs?|hours?|uur|horas?|h|heures?|часов|óra)\b\.?|時|时|点|시"
_NOT_A_CLOCK = r"(?!\s?(?i:%|percent|per cent|million|mio|milli|mrd|billion|euro|€|km|cm|kg|mm\b|m\b|points?|Prozent))"
_NOON = ["noon", "midday", "mittag", "mezzogiorno", "midi", "mediodía", "meio-dia", "południe", "полдень"]
_MIDNIGHT = ["midnight", "mitternacht", "mezzanotte", "minuit", "medianoche", "meia-noite", "północ", "полночь"]
_CLOCK = re.compile(
    r"(?<![\d:,/])(?<!\d[.\-])(?:(?P<before>午前|午後|上午|下午|凌晨|早上|晚上|오전|오후)\s?)?(?:"
    r"(?P<hour>[01]?\d|2[0-4])(?P<mark>:|\.|\s?[hH]\s?|時|时|点|點|시\s?|\sgiờ\s|;(?=\d\d\b))"
    r"(?P<minute>[0-5]\d|\d(?=[分분]))(?::(?P<second>[0-5]\d))?[分분]?"
    rf"(?:(?![\d%])(?![.,:]\d){_NOT_A_CLOCK}|(?=[0-3]?\d[./][01]?\d[./](?:19|20)\d\d))"
    r"|(?P<compact>(?:[01]\d|2[0-4])[0-5]\d)(?![\d.,:/%年년-])"
    rf"|(?P<alone>[01]?\d|2[0-4])(?=\s?(?:{_HALF}|{_UNIT}))"
    rf"|(?<![^\W\d_])(?i:(?P<noon>{_any_of(_NOON)})|(?P<midnight>{_any_of(_MIDNIGHT)}))(?![\w’'-])"
    rf")(?:\s?(?P<half>{_HALF}))?(?:\s?(?P<unit>{_UNIT}))?(?:\s?(?P<open>\()?(?P<zone>{_ZONE})(?(open)\)))?"
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?\s?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?(?!\w)"
)
_AGE = re.compile(
    rf"(?i:(?:vor|il y a|hace|há|för|for)\s(?P<count>\d{{1,3}})\s?(?P<unit>{_any_of(list(AGE_UNITS))})\b"
    rf"|(?P<count2>\d{{1,3}})\s?(?P<unit2>{_any_of(list(AGE_UNITS))})\s?(?:ago|fa|önce|temu|назад|тому|geleden|sedan|siden)"
    r"|(?P<now>just now|gerade eben|à l’instant))"
)
_SECOND_CLOCK = re.compile(
    r"\s{0,2}(?P<open>[,(/|]\s?)"
    rf"(?P<hour>\d{{1,2}})(?:[:.]?(?P<minute>\d\d))?\s?(?P<half>(?i:[ap]\.?m\b\.?))?"
    rf"\s?(?:(?P<zone>{_ZONE})|(?i:local(?: time)?)\b)\)?"
)
_RANGE_END = re.compile(r"\s?[-–—]\s?(?P<hour>[01]?\d|2[0-4])[:.h](?P<minute>[0-5]\d)(?!\d)")
_MONTH = _any_of(list(MONTH_NUMBERS))
_DATE = re.compile(
    r"(?<![\d.:])(?:(?P<iso_year>(?:19|20)\d\d)[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})(?!\d)"
    r"|(?:(?P<cjk_year>\d{4})[年년]\s?)?(?:(?P<cjk_month>\d{1,2})[月월]\s?)?(?P<cjk_day>\d{1,2})[日일号]"
    r"|(?P<first>[0-3]?\d)(?P<mark>[./-])\s?(?P<then>[0-3]?\d)"
    r"(?:(?P=mark)\s?(?P<year>(?:19|20)\d\d|\d\d(?![\d:]))|\.(?=\s|$|\)|,)|(?<=/\d\d|\d/\d)(?=\s{0,2}[-–—|,]|$|\s{1,2}\d))(?!\d)"
    rf"|(?P<name_day>[0-3]?\d)(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?i:(?P<name>{_MONTH}))\b\.?"
    r"(?:,?\s?(?:de )?(?P<name_year>20\d\d|19\d\d)(?!\d))?"
    rf"|\b(?i:(?P<month_first>{_MONTH}))\b\.?\s(?P<day_after>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:.]\d|\s?[hH]\s?\d)"
    r"(?:,?\s?(?P<year_after>20\d\d|19\d\d)(?!\d))?)"
)
_RELATIVE_DAY = rf"(?i:(?P<relative>{_any_of(list(RELATIVE_DAYS))}))"
_WEEKDAY = rf"(?i:{_any_of([name for name in WEEKDAY_NUMBERS if len(name) > 2 or not name.isascii()])})"
_GLUE_WORD = r"(?i:on|at|um|am|le|à|à|il|alle|ore|den|del|de|o|v|в|the|kl|klo|às|las|a las|updated?|op|om|ob)"
_GLUE = (
    rf"(?:[\s,|·•–—/()\[\]T-]|(?<!\w){_GLUE_WORD}\.?(?!\w)|(?<!\w){_WEEKDAY}\.?(?!\w)|(?<=\()[月火水木金土日](?=\)))"
)
_GLUE_BEFORE_CLOCK = re.compile(rf"{_GLUE}{{0,14}}")
_WEEKDAY_BEFORE_DATE = re.compile(rf"(?<!\w){_WEEKDAY}\.?[\s,(]{{0,3}}\Z")
_RELATIVE_BEFORE = re.compile(rf"(?<!\w){_RELATIVE_DAY}(?:[\s,]|(?<!\w){_GLUE_WORD}(?!\w)){{0,8}}\Z")
_RELATIVE_AFTER = re.compile(rf"[\s,]{{0,3}}{_RELATIVE_DAY}(?!\w)")
_AFTERNOON = ("p", "π", "م", "μμ", "μ.μ")
_LATE_PREFIXES = ("午後", "下午", "晚上", "오후")


def find_times(text: str) -> Iterator[TimeToken]:
    """Yield the clock times of a text in order; its digits must be ASCII (`names.with_ascii_digits`)."""
    position = 0
    isos = _ISO.finditer(text) if "-" in text else iter(())
    ages = _AGE.finditer(text) if any(mark in text for mark in _AGE_MARKS) else iter(())
    fixed = sorted([*_iso_times(isos), *_age_times(ages)], key=lambda token: token.start)
    for match in _CLOCK.finditer(text):
        if match.start() < position:
            continue
        while fixed and fixed[0].start <= match.start():
            token = fixed.pop(0)
            if token.start >= position:
                yield token
                position = token.end
        if match.start() < position:
            continue
        found = _clock_time(text, match, position)
        if found:
            yield found
            position = found.end
    yield from (token for token in fixed if token.start >= position)


_AGE_MARKS = ("ago", "vor ", "il y a", "hace", "há ", " fa", "önce", "temu", "назад", "тому", "geleden", "now", "siden")


def _iso_times(matches: Iterator[re.Match[str]]) -> Iterator[TimeToken]:
    for match in matches:
        year, month, day, hour, minute = (int(match[name]) for name in ("year", "month", "day", "hour", "minute"))
        if hour < 24 and minute < 60 and 1 <= month <= 12 and 1 <= day <= 31:
            date = PrintedDate(line=0, printed=match[0], day=day, month=month, year=year)
            clock = hour * 3600 + minute * 60 + min(59, int(match["second"] or 0))
            zone = match["zone"] or ""
            yield TimeToken(start=match.start(), end=match.end(), clock=clock, zone=zone, date=date, shape="iso")


def _age_times(matches: Iterator[re.Match[str]]) -> Iterator[TimeToken]:
    for match in matches:
        unit = match["unit"] or match["unit2"]
        age = int(match["count"] or match["count2"]) * AGE_UNITS[unit.lower()] if unit else 0
        yield TimeToken(start=match.start(), end=match.end(), clock=0, age=age, shape="age")


def _clock_time(text: str, match: re.Match[str], taken: int) -> TimeToken | None:
    """Return the token of a match; None if it is part of a date, a range or a number."""
    clock, shape = _seconds(match)
    if clock is None:
        return None
    range_end = _RANGE_END.match(text, match.end())
    if range_end and int(range_end["hour"]) * 3600 + int(range_end["minute"]) * 60 > clock:
        return None
    if (match["zone"] or "").startswith("-") and match["zone"][1:] > match[0]:
        return None  # "09:00-10:00"; in "13:29-05:00" the second number is an offset
    start, end, second = match.start(), match.end(), None
    zone = word_of_zone(match["zone"] or "").replace(" ", "")
    twin = _SECOND_CLOCK.match(text, end)
    if twin and (zone or twin["open"].startswith("(")):
        end = twin.end()
        if twin["zone"] and is_zone_word(twin["zone"]) and zone:
            hour, half = int(twin["hour"]), (twin["half"] or "").lower()[:1]
            hour = hour % 12 + 12 * (half == "p") if half else hour
            second = (hour * 3600 + int(twin["minute"] or 0) * 60, twin["zone"])
    date, start, end = _date_beside(text, start, end, taken)
    if date is _PART_OF_DATE:
        return None
    days_back = None
    if date is None:
        before = _RELATIVE_BEFORE.search(text, max(taken, start - 24), start)
        after = None if before else _RELATIVE_AFTER.match(text, end)
        found = before or after
        if found:
            days_back = RELATIVE_DAYS[found["relative"].lower()]
            start, end = (before.start() if before else start), (after.end() if after else end)
    flags = "d" if date or days_back is not None else ""
    return TimeToken(
        start=start, end=end, clock=clock, zone=zone, shape=shape + flags, date=date, days_back=days_back, second=second
    )


def _seconds(match: re.Match[str]) -> tuple[int | None, str]:
    """Return a clock in seconds after midnight, and its shape; None for an impossible time."""
    groups = match.groupdict()
    if groups["noon"] or groups["midnight"]:
        return (_HALF_DAY if groups["noon"] else 0), "word"
    if groups["compact"]:
        hour, minute, shape = int(groups["compact"][:2]), int(groups["compact"][2:]), "4"
    elif groups["minute"]:
        hour, minute, shape = int(groups["hour"]), int(groups["minute"]), groups["mark"].strip().lower()
    else:
        hour, minute, shape = int(groups["alone"]), 0, "hour"
    half = (groups["half"] or "").strip().lower()
    late = half.startswith(_AFTERNOON) or groups["before"] in _LATE_PREFIXES
    if (half or groups["before"]) and hour <= 12:  # "14:05 PM" is 14:05
        hour = hour % 12 + 12 * late
    clock = hour * 3600 + minute * 60 + int(groups["second"] or 0)
    flags = ("a" if half or groups["before"] else "") + ("z" if groups["zone"] else "")
    flags += ("u" if groups["unit"] and shape != "hour" else "") + ("s" if groups["second"] else "")
    return (clock if clock <= DAY_SECONDS else None), shape + flags


_PART_OF_DATE = PrintedDate(line=-1, printed="", day=0, month=0)  # stands for "this is no clock"


def _date_beside(text: str, start: int, end: int, taken: int) -> tuple[PrintedDate | None, int, int]:
    """Return the date that is joined to a clock by nothing but spaces, marks and weekdays, and the wider span."""
    low = max(taken, start - _DATE_REACH)
    near = list(_DATE.finditer(text, low, min(len(text), end + _DATE_REACH)))
    for match in near:
        if match.start() < end and match.end() > start and _date(match) and not match.start() >= start:
            return _PART_OF_DATE, start, end  # "9 April 2031": the year is no clock
        if match.start() == start and match.end() > end and (match["name"] or match["iso_year"] or match["year"]):
            return _PART_OF_DATE, start, end  # "09.04.31"
    before = [
        match for match in near if match.end() <= start and _GLUE_BEFORE_CLOCK.fullmatch(text, match.end(), start)
    ]
    if before and (date := _date(before[-1])):
        weekday = _WEEKDAY_BEFORE_DATE.search(text, max(taken, before[-1].start() - 18), before[-1].start())
        return date, (weekday or before[-1]).start(), end
    glued = _DATE.match(text[end : end + _LONGEST_DATE]) if text[end : end + 1].isdigit() else None
    if glued and glued["year"] and (date := _date(glued)):
        return date, start, end + glued.end()  # "12:1009.04.2031"
    after = next((match for match in near if match.start() >= end), None)
    if after and _GLUE_BEFORE_CLOCK.fullmatch(text, end, after.start()) and (date := _date(after)):
        closing = 1 if text[after.end() : after.end() + 1] in ")]" and "(" in text[end : after.start()] else 0
        return date, start, after.end() + closing
    return None, start, end


def _date(match: re.Match[str]) -> PrintedDate | None:
    """Return the date of a match; None if there is no such day or month."""
    groups = match.groupdict()

    def number(*names: str) -> int:
        return next((int(groups[name]) for name in names if groups[name]), 0)

    month = number("iso_month", "cjk_month", "then")
    name = groups["name"] or groups["month_first"]
    month = MONTH_NUMBERS[name.lower()] if name else month
    day = number("iso_day", "cjk_day", "first", "name_day", "day_after")
    year = number("iso_year", "cjk_year", "year", "name_year", "year_after")
    if month > 12 >= day and groups["mark"] in ("/", "-"):
        day, month = month, day  # 04/30/2031
    year += 2000 * (0 < year < 100)
    if not 1 <= day <= 31 or month > 12 or (month == 0 and not groups["cjk_day"]):
        return None
    return PrintedDate(line=0, printed=match[0], day=day, month=month, year=year or None)


def is_stamp(text: str) -> bool:
    """Return whether a text is nothing but one clock time, with its date, its zone and how long ago it was."""
    ascii_text = with_ascii_digits(text)
    tokens = list(find_times(ascii_text))
    clocks = [token for token in tokens if token.age is None]
    if len(clocks) != 1:
        return False
    for token in reversed(tokens):
        ascii_text = ascii_text[: token.start] + ascii_text[token.end :]
    return not any(map(str.isalnum, ascii_text))


def dates_with_year(text: str) -> Iterator[tuple[int, PrintedDate]]:
    """Yield the dates with a year in a text, with the offset of each; a date such as 04/05/2031 is none.

    Its digits must be ASCII (`names.with_ascii_digits`).
    """
    for match in _DATE.finditer(text):
        date = _date(match)
        if date and date.year and date.month and not _is_ambiguous(date):
            yield match.start(), date


def latest_date_in(text: str) -> PrintedDate | None:
    """Return the last date with a year in a short text, such as "Published on 9 April 2031"; None if there is none.

    A date such as 04/05/2031, whose month may be either number, is none.
    """
    dates = [date for match in _DATE.finditer(text) if (date := _date(match)) and not _is_ambiguous(date)]
    return next((date for date in reversed(dates) if date.year and date.month), None)


def _is_ambiguous(date: PrintedDate) -> bool:
    """Return whether day and month of a date with slashes may be exchanged."""
    is_year_first = re.match(r"\d{4}", date.printed) is not None
    return "/" in date.printed and not is_year_first and max(date.day, date.month) <= 12 and date.day != date.month


def age_instant(age: int, captured: str) -> dt.datetime | None:
    """Return the minute that is `age` seconds before a capture time in RFC 3339; None without a capture time."""
    if not captured:
        return None
    read = dt.datetime.fromisoformat(captured) - dt.timedelta(seconds=age)
    return read.replace(second=0, microsecond=0)
