"""Find every clock time in a text, in any order and language, with the date that is beside it.

`printed` reads the stamps that follow the common rules. Here nothing is decided: a page shows by repetition which of
these times are its stamps (`text.series`). A text is searched once, and only a few characters around each clock, so
the cost grows with its length alone.

    14:05  14.05  14h05  14 h 05  14,05 Uhr  1405  2pm  2.05 p.m.  14 Uhr  14時05分  noon  下午2:05  ١٤:٠٥
    9 April 2031, 14:05   14:05 - 09.04.31   Yesterday 21:35   9日14:05   2031-04-09T14:05:00Z
    5 minutes ago
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import PrintedDate
from daybook.parse.time.dates import find_dates, is_glue
from daybook.parse.time.names import (
    AGE_PHRASES,
    AGES,
    MONTH_NUMBERS,
    RELATIVE_DAYS,
    WEEKDAY_WORDS,
    with_ascii_digits,
)
from daybook.parse.time.printed import DAY_SECONDS
from daybook.parse.time.zones import is_zone_word, word_of_zone, zone_names, zone_words

_DATE_REACH = 56  # characters on either side of a clock that are searched for its date
_LONGEST_DATE = 12  # characters of a date in digits
_LONGEST_WEEKDAY = 20  # characters
_RELATIVE_REACH = 30  # characters beside a clock or a number that are searched for "yesterday" or "minutes ago"
_LATE_MORNING = 11  # the hour that a word for noon may name
_EVENING = 18  # the hour from which a clock is at night, not before morning
_MOST_WORDS = 5  # of "yesterday" or "minutes ago"
_HALF_DAY = DAY_SECONDS // 2


MAX_CLOCKS = 25_000  # times of one page; 5,000 posts with an edit, and a time in their text, have fewer
_ANY_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}[:.h]\d\d(?![\d:])")
_CLOCK_IN_MARKUP = re.compile(r"(?<![\dT:.])\d{1,2}:\d\d(?![\d:])|>\s{0,9}\d{1,2}[.h]\d\d(?![\d.])")


def check_number_of_clocks(text: str, *, is_html: bool = False) -> None:
    """Raise ArchiveError if a page has more than `MAX_CLOCKS` clock times, before it costs time to weigh them."""
    found = (_CLOCK_IN_MARKUP if is_html else _ANY_CLOCK).finditer(text)
    if next(islice(found, MAX_CLOCKS, None), None) is not None:
        raise ArchiveError(f"the page has more than {MAX_CLOCKS:,} clock times; save it in parts")


class TimeToken(Struct, frozen=True, kw_only=True):
    """A clock time in a text: where it is, and what it says.

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


class _Age(Struct, frozen=True):
    """The unit of an age: where it is named, its seconds, and the words on both sides of the number."""

    start: int
    end: int
    unit: int
    before: str
    after: str


def _any_of(words: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


_ZONE_WORDS = _any_of(zone_words())
_ZONE_NAMES = _any_of(zone_names())
_ZONE = (
    rf"(?:(?i:{_ZONE_NAMES})(?!\w)|(?:GMT|UTC)\s?[+\-−]\s?\d{{1,2}}(?::?\d\d)?"
    rf"|(?:{_ZONE_WORDS})(?!\w)|[+\-−]\d\d:\d\d(?!\d))"
)
_HALF = (
    r"(?i:[ap]\.?\s?m(?![^\W\d_])\.?|[ap]\.\s?m\.)|PTG|PG(?!\w)"
    r"|صباح[اً]{0,2}|ص(?!\w)|(?:مساء|ظهر|عصر)[اً]{0,2}(?!\w)|م(?!\w)|π\.?μ\.?|μ\.?μ\.?|[mp]\.d\.|ጥዋት|ከሰዓት"
)
_UNIT = (
    r"(?i:uhr|hs|hrs?|hours?|uur|horas?|h|heures?|часов|óra|hod|год|ч|ura|sati)\b\.?"
    r"|時(?!間)|时|点|시(?!간)|น\.|बजे|টায়|টা"
)
_NOT_A_CLOCK = (
    r"(?!\s?(?i:%|percent|per cent|million|mio|milli|mrd|billion|euro|€|km|cm|kg|mm\b|m\b(?!\.d\.)|points?|Prozent))"
)
_NOON = ["noon", "midday", "mittag", "mezzogiorno", "midi", "mediodía", "meio-dia", "południe", "полдень"]
_MIDNIGHT = ["midnight", "mitternacht", "mezzanotte", "minuit", "medianoche", "meia-noite", "północ", "полночь"]
# Parts of the day before a clock of twelve hours, and the first hour of the day that each may name.
_PARTS_OF_DAY = {
    **{"तड़के": 0, "सुबह": 0, "दोपहर": 11, "शाम": 12, "रात": 18, "भोर": 0},
    **{"ভোর": 0, "সকাল": 0, "দুপুর": 11, "বিকেল": 12, "বিকাল": 12, "সন্ধ্যা": 12, "রাত": 18},
}
_CLOCK = re.compile(
    r"(?=[\d午上下凌清早中傍晚오முபतसदशरভসদবর]|\b(?i:[nmpп]))"  # most places are left at once
    rf"(?<![\d:,/])(?<!\d[.\-])(?:(?P<before>午前|午後|上午|下午|凌晨|清晨|早上|中午|傍晚|晚上|오전|오후|முற்பகல்|பிற்பகல்|{_any_of(tuple(_PARTS_OF_DAY))})\s?)?(?:"
    r"(?P<hour>[01]?\d|2[0-4])(?P<mark>:|\.|(?P<h>\s?[hH]\s?)|時|时|点|點|시\s?|;(?=\d\d\b)"
    r"|(?P<words>\s(?:giờ|óra|heures|horas|часов|часа|годин[аи]?|godz(?:in[ay]?)?\.?|นาฬิกา|saat|uur|timmar)\s)"
    r"|,(?=\d\d\s?(?i:uhr|ч|год|h|hs|hod)(?!\w)))"
    r"(?P<minute>[0-5]\d|\d(?=[分분]))(?::(?P<second>[0-5]\d))?[分분]?(?(h)(?:\s?(?:min|mn)\b\.?)?)"
    r"(?(words)(?:\s(?:phút|perc(?:kor)?|minutes|minutos|минут[аы]?|хвилин[аи]?|min(?:ut[ay]?)?|นาที|dakika"
    r"|minuten|minuter)(?!\w)\.?)?)"
    rf"(?:(?![\d%])(?![.,:]\d){_NOT_A_CLOCK}|(?=[0-3]?\d[./][01]?\d[./](?:19|20)\d\d))"
    r"|(?P<dotted>[01]?\d|2[0-3])\.(?P<dotted_minute>[0-5]\d)\.(?P<dotted_second>[0-5]\d)(?![\d.,:])"
    r"|(?P<compact>(?:[01]\d|2[0-4])[0-5]\d)(?![\d.,:/%年년-])"
    rf"|(?P<alone>[01]?\d|2[0-4])(?=\s?(?:{_HALF}|{_UNIT}))"
    rf"|(?<![^\W\d_])(?i:(?P<noon>{_any_of(_NOON)})|(?P<midnight>{_any_of(_MIDNIGHT)}))(?![\w’'-])"
    rf")(?:\s?(?P<half>{_HALF}))?(?:\s?(?P<unit>{_UNIT}))?(?:\s?(?P<open>\()?(?P<zone>{_ZONE})(?(open)\)))?"
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?\s?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?(?!\w)"
)
_SECOND_CLOCK = re.compile(
    r"\s{0,2}(?P<open>[,(/|]\s?)"
    rf"(?P<hour>\d{{1,2}})(?:[:.]?(?P<minute>\d\d))?\s?(?P<half>(?i:[ap]\.?m\b\.?))?"
    rf"\s?(?:(?P<zone>{_ZONE})|(?i:local(?: time)?)\b)\)?"
)
_ZONE_AFTER_DATE = re.compile(rf"\s{{0,2}}(?P<open>[(\[])(?P<zone>{_ZONE})[)\]]")  # "14:05, 8 May 2031 (CEST)"
_RANGE_END = re.compile(r"\s?[-–—]\s?(?P<hour>[01]?\d|2[0-4])[:.h](?P<minute>[0-5]\d)(?!\d)")
_AFTERNOON = ("p", "م", "ظهر", "عصر", "μ", "m.d", "ከሰዓት")
_BEFORE_NOON = ("pg", "p.d")
_EARLY = frozenset({("中午", 10), ("中午", 11), ("晚上", 12)})  # before noon, and midnight
_LATE_PREFIXES = ("午後", "下午", "晚上", "中午", "傍晚", "오후", "பிற்பகல்")
_WORD = re.compile(r"[^\s\d,،|·•/()\[\]][^\s\d|·•/()\[\]]*")
_COUNTED = re.compile(r"(?<![\d.:,])(?P<count>\d{1,3})\s?(?P<word>[^\W\d_][^\s\d|·•/()\[\]]*)")
_NEAR_CLOCK = re.compile(r"[\s,]{0,3}")
_WEEKDAY_BEFORE_DATE = re.compile(r"(?<!\w)(?P<word>[^\W\d_]\S{0,17}?)[\s,(]{0,3}\Z")
_AND = r"(?:,?\s?(?:and|und|et|y|e|og|och|en|ja|i|a|και|и|і|та|ve|és|și)\s|\sو\s?|[,\s]{0,2})"
_LARGER_UNIT = re.compile(rf"(?<![\d.:,])(?P<count>\d{{1,2}})\s?(?P<unit>[^\W\d_]{{1,9}}\.?){_AND}\Z")
_LAST_WORD = re.compile(r"(?<!\S)(?P<word>\S{1,9})\s\Z")
_SUFFIXES = ("前", "전")  # of units without a space
_LONGEST_SHORT_UNIT = 5  # characters
_MINUTE = 60  # seconds
_SMALLER_UNIT = re.compile(rf"\.?{_AND}(?P<count>\d{{1,2}})(?!\d|[:.h/-]\d)(?:\s?(?P<unit>[^\W\d_]{{1,9}}\.?))?")
_PHRASES = tuple(AGE_PHRASES)
# A clock that is joined to a word or a number: "14:057h ago", "2:05 pmvor 7 Std."
_JOINED_CLOCK = re.compile(
    r"(?<![\d:.,/])\d{1,2}[:.hH][0-5]\d(?::[0-5]\d)?(?=\s?\w)"
    r"(?P<suffix>\s?(?:[ap]\.?m\.?|[AP]\.?M\.?|π\.?μ\.?|μ\.?μ\.?|[Uu]hr|hrs?|h|uur|[A-Z]{3,5}))?"
)
_JOINED_REACH = 120  # characters at the start of a line
_FIRST_WORDS_AFTER = frozenset(after.split()[0].rstrip(".,") for _, after in AGES if after)


def find_times(text: str) -> Iterator[TimeToken]:
    """Yield the clock times of a text in order; its digits must be ASCII (`names.with_ascii_digits`)."""
    place = position = 0
    isos = _ISO.finditer(text) if "-" in text else iter(())
    fixed = sorted([*_iso_times(isos), *_age_times(text)], key=lambda token: token.start)
    while match := _CLOCK.search(text, place):
        while fixed and fixed[0].start <= match.start():
            token = fixed.pop(0)
            if token.start >= position:
                yield token
                position = token.end
        if match.start() < position:
            place = position  # "il y a 7 h 14:05": a clock may begin inside the match
            continue
        found = _clock_time(text, match, position)
        if found:
            yield found
            position = found.end
        place = max(position, match.end())
    yield from (token for token in fixed if token.start >= position)


def _iso_times(matches: Iterator[re.Match[str]]) -> Iterator[TimeToken]:
    for match in matches:
        year, month, day, hour, minute = (int(match[name]) for name in ("year", "month", "day", "hour", "minute"))
        if hour < 24 and minute < 60 and 1 <= month <= 12 and 1 <= day <= 31:
            date = PrintedDate(line=0, printed=match[0], day=day, month=month, year=year)
            clock = hour * 3600 + minute * 60 + min(59, int(match["second"] or 0))
            zone = match["zone"] or ""
            yield TimeToken(start=match.start(), end=match.end(), clock=clock, zone=zone, date=date, shape="iso")


def _age_times(text: str) -> Iterator[TimeToken]:
    """Yield the ages of posts: "5 minutes ago" anywhere, and "an hour ago" at the start of a text."""
    small = text[:_RELATIVE_REACH].lstrip().lower()
    if small.startswith(_PHRASES):
        start = len(text) - len(text.lstrip())
        phrase = next(each for each in _PHRASES if small.startswith(each))
        if not text[start + len(phrase) : start + len(phrase) + 1].isalpha():
            yield TimeToken(start=start, end=start + len(phrase), clock=0, age=AGE_PHRASES[phrase], shape="age")
    found: TimeToken | None = None
    for match in _COUNTED.finditer(text):
        first = text[match.start("word") : _end_of_word(text, match.start("word"), match.end())]
        if first.rstrip(".,").lower() not in _FIRST_WORDS_AFTER:
            continue
        after = list(islice(_WORD.finditer(text, match.start("word"), match.end() + _RELATIVE_REACH), _MOST_WORDS))
        before = list(_WORD.finditer(text, max(0, match.start() - _RELATIVE_REACH), match.start()))[-_MOST_WORDS:]
        age = _longest_age(text, before, after)
        token = _whole_age(text, match, age) if age else None
        if found and (token is None or token.start > found.start):
            yield found
        found = token
    if found:
        yield found


def _longest_age(text: str, before: list[re.Match[str]], after: list[re.Match[str]]) -> _Age | None:
    """Return the age that the words around a number name; None if they name none."""
    for count in range(len(after), 0, -1):
        end = _end_of_word(text, *after[count - 1].span())
        words = text[after[0].start() : end].lower().rstrip(".,:;–—-|)")
        for number in range(len(before), -1, -1):
            first = before[-number].start() if number else end
            words_before = text[first : before[-1].end()].lower() if number else ""
            if (seconds := _seconds_of_unit(words_before, words)) is not None:
                return _Age(first, after[0].start() + len(words), seconds, words_before, words)
    return None


def _end_of_word(text: str, start: int, end: int) -> int:
    """Return where a word ends, without the name of a day or month that is joined to it: "2h agoTue 4 Nov"."""
    for place in range(start + 1, end):
        if text[place].isupper() and text[place - 1].islower():
            name = text[place:end].rstrip(".,").lower()
            return place if name in WEEKDAY_WORDS or name in MONTH_NUMBERS or name in RELATIVE_DAYS else end
    return end


def _seconds_of_unit(before: str, after: str) -> int | None:
    """Return the seconds of the unit that is named by the words on both sides of a number; None if they name none."""
    return AGES.get((before, after.replace(".", "")), AGES.get((before, after)))


def _whole_age(text: str, number: re.Match[str], age: _Age) -> TimeToken | None:
    """Return the token of an age, with its second unit: "1 hour 5 minutes ago", "vor 1 Std. 5 Min.".

    None if the word before the number may be a larger unit whose name is not known.
    """
    start, end, seconds = min(age.start, number.start()), age.end, int(number["count"]) * age.unit
    reach = max(0, number.start() - _RELATIVE_REACH)
    larger = None if age.before else _LARGER_UNIT.search(text, reach, number.start())
    smaller = _SMALLER_UNIT.match(text, end) if age.before else None
    if larger:
        name = larger["unit"].lower()
        _, space, suffix = age.after.rpartition(" ")
        suffix = suffix if space else next((each for each in _SUFFIXES if age.after.endswith(each)), "")
        more = _seconds_of_unit("", f"{name}{space}{suffix}") or 0
        if more > age.unit:
            word = _LAST_WORD.search(text, 0, larger.start())
            start, seconds = larger.start(), seconds + int(larger["count"]) * more
            if word and (word["word"].lower(), age.after) in AGES:
                start = word.start()  # "for 1 time og 5 minutter siden"
        elif len(name) <= _LONGEST_SHORT_UNIT:
            return None
    if smaller:
        is_bare = not smaller["unit"] and age.after[:1] == "h"  # "il y a 1 h 05"
        less = _MINUTE if is_bare else _seconds_of_unit(age.before, (smaller["unit"] or "").lower()) or 0
        if 0 < less < age.unit:
            end, seconds = smaller.end(), seconds + int(smaller["count"]) * less
    return TimeToken(start=start, end=end, clock=0, age=seconds, shape="age")


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
    after_date = _ZONE_AFTER_DATE.match(text, end) if date and not zone else None
    if after_date:
        zone, shape, end = word_of_zone(after_date["zone"]).replace(" ", ""), f"{shape}z", after_date.end()
    days_back = None
    if match["dotted"] and (date is None or start == match.start()):
        return None  # "14.05.31" is a date, unless another one is before it
    if date is None:
        days_back, start, end = _relative_day(text, start, end, taken)
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
    elif groups["dotted"]:
        hour, minute, shape = int(groups["dotted"]), int(groups["dotted_minute"]), "."
    elif groups["minute"]:
        mark = "h" if groups["words"] else groups["mark"].strip().lower()
        hour, minute, shape = int(groups["hour"]), int(groups["minute"]), mark
    else:
        hour, minute, shape = int(groups["alone"]), 0, "hour"
    half = (groups["half"] or "").strip().lower()
    late = (half.startswith(_AFTERNOON) and not half.startswith(_BEFORE_NOON)) or groups["before"] in _LATE_PREFIXES
    if (groups["before"], hour) in _EARLY:
        late = False
    first = _PARTS_OF_DAY.get(groups["before"] or "", 0)
    if first:  # "दोपहर 11:30" is before noon, "रात 12:40" after midnight
        late = hour != _LATE_MORNING if first == _LATE_MORNING else first < _EVENING or hour % 12 >= _EVENING - 12
    if (half or groups["before"]) and hour <= 12:  # "14:05 PM" is 14:05
        hour = hour % 12 + 12 * late
    clock = hour * 3600 + minute * 60 + int(groups["second"] or groups["dotted_second"] or 0)
    flags = ("a" if half or groups["before"] else "") + ("z" if groups["zone"] else "")
    flags += ("u" if groups["unit"] and shape != "hour" else "") + ("s" if groups["second"] or groups["dotted"] else "")
    return (clock if clock <= DAY_SECONDS else None), shape + flags


_PART_OF_DATE = PrintedDate(line=-1, printed="", day=0, month=0)  # stands for "this is no clock"


def _date_beside(text: str, start: int, end: int, taken: int) -> tuple[PrintedDate | None, int, int]:
    """Return the date that is joined to a clock by nothing but spaces, marks and weekdays, and the wider span."""
    if text[taken - 1 : taken].isalpha() and text[taken : taken + 1].isalpha():
        text = " " * taken + text[taken:]  # "2h agoTue 4 Nov": the name of the day begins behind the age
    low = max(taken, start - _DATE_REACH)
    near = list(find_dates(text, low, min(len(text), end + _DATE_REACH)))
    for match, date in near:
        if match.start() < start < match.end():
            return _PART_OF_DATE, start, end  # "9 April 2031": the year is no clock
        if match.start() == start and match.end() > end and (match["name"] or date.year):
            return _PART_OF_DATE, start, end  # "09.04.31"
    before = [(match, date) for match, date in near if match.end() <= start and is_glue(text, match.end(), start)]
    if before:
        match, date = before[-1]
        weekday = _WEEKDAY_BEFORE_DATE.search(text, max(taken, match.start() - _LONGEST_WEEKDAY), match.start())
        is_weekday = weekday is not None and weekday["word"].rstrip(".").lower() in WEEKDAY_WORDS
        return date, weekday.start() if weekday and is_weekday else match.start(), end
    glued = next(find_dates(text[end : end + _LONGEST_DATE]), None) if text[end : end + 1].isdigit() else None
    if glued and glued[0].start() == 0 and glued[0]["year"]:
        return glued[1], start, end + glued[0].end()  # "12:1009.04.2031"
    after = next((each for each in near if each[0].start() >= end), None)
    if after and is_glue(text, end, after[0].start()):
        stop = after[0].end()
        closing = 1 if text[stop : stop + 1] in ")]" and "(" in text[end : after[0].start()] else 0
        return after[1], start, stop + closing
    return None, start, end


def _relative_day(text: str, start: int, end: int, taken: int) -> tuple[int | None, int, int]:
    """Return how many days back a word such as "yesterday" beside a clock is, and the wider span; None without one."""
    low = max(taken, start - _RELATIVE_REACH)
    before = list(_WORD.finditer(text, low, start))
    while before and is_glue(text, before[-1].start(), start):
        before.pop()
    for count in range(min(_MOST_WORDS, len(before)), 0, -1):
        first = before[-count].start()
        days = RELATIVE_DAYS.get(text[first : before[-1].end()].lower().rstrip("."))
        if days is not None and is_glue(text, before[-1].end(), start):
            return days, first, end
    after = list(islice(_WORD.finditer(text, end, end + _RELATIVE_REACH), _MOST_WORDS))
    for count in range(len(after), 0, -1):
        stop = after[count - 1].end()
        days = RELATIVE_DAYS.get(text[after[0].start() : stop].lower().rstrip("."))
        if days is not None and _NEAR_CLOCK.fullmatch(text, end, after[0].start()):
            return days, start, stop
    return None, start, end


def separate_ages(text: str) -> str:
    """Return a line with a space between a clock near its start and an age that is joined to it: "14:057h ago".

    Elements side by side are printed apart and copied as one word. A headline may be joined to the age, too.
    """
    head = with_ascii_digits(text[:_JOINED_REACH])
    for match in _JOINED_CLOCK.finditer(head):
        for place in (match.end(), match.start("suffix")):
            if place <= 0 or head[place : place + 1].isspace():
                continue
            clocks = [token.end for token in find_times(head[:place])]
            joined = range(place + 1, min(place + _RELATIVE_REACH, len(head)))
            capitals = [index for index in joined if head[index].isupper() and not head[index - 1].isspace()]
            for stop in (*capitals, len(head)):
                age = next(find_times(head[place:stop]), None)
                if clocks[-1:] == [place] and age and age.start == 0 and age.age is not None:
                    end = place + age.end + head.startswith(".", place + age.end)
                    return f"{text[:place]} {text[place:end]}{' ' * text[end : end + 1].isalpha()}{text[end:]}"
    return text


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


def is_age(text: str) -> bool:
    """Return whether a text is nothing but one age, such as "5 minutes ago"."""
    tokens = list(find_times(with_ascii_digits(text)))
    if len(tokens) != 1 or tokens[0].age is None:
        return False
    return not any(map(str.isalnum, text[: tokens[0].start] + text[tokens[0].end :]))


def age_instant(age: int, captured: str) -> dt.datetime | None:
    """Return the minute that is `age` seconds before a capture time in RFC 3339; None without a capture time."""
    if not captured:
        return None
    read = dt.datetime.fromisoformat(captured) - dt.timedelta(seconds=age)
    return read.replace(second=0, microsecond=0)
