"""Find the dates in a text: in digits, or with the name of a month, in any order that a language prints.

    9 April 2031   April 9, 2031   09.04.31   2031-04-09   2031. április 9.   2031年4月9日   9 tháng 4, 2031   9 квітня

A pattern finds what may be a date, and the names decide. So the cost does not depend on the number of languages.
"""

import calendar
import re
from collections.abc import Iterator

from msgspec.structs import replace

from daybook.parse.base.page import PrintedDate
from daybook.parse.time.names import (
    LONG_MONTH_NAMES,
    MONTH_NUMBERS,
    MONTHS_AFTER_DOT,
    MONTHS_BEFORE_DAY,
    WEEKDAY_LETTERS,
    WEEKDAY_NUMBERS,
    WEEKDAY_WORDS,
)

_BUDDHIST_ERA = 543  # years by which the calendar of Thailand is ahead
_OTHER_YEARS = (range(1300, 1500), range(5600, 6000))  # of the Persian and Islamic, and of the Hebrew calendar
_BUDDHIST_YEARS = range(2401, 2743)  # to 2199 of the common calendar
_LONGEST_WEEKDAY = 24  # characters before a date
_LAST_WORDS = re.compile(r"[^\W\d_][^\s\d,;:()|·]*")
_LONGEST_GLUE = 40  # characters between a date and its clock

_YEAR = r"(?:19|20)\d\d"
_YEAR_WORD = r"(?:[гржթm]|года|оны|жыл|gada)"
_NAME = (
    rf"(?!{_YEAR_WORD}\.?\s)(?:(?i:{'|'.join(map(re.escape, LONG_MONTH_NAMES))})|[^\W\d_][^\s\d,،:;/()|·–—\-]{{1,17}})"
)
_AFTER_YEAR = rf"(?:\.|\s?{_YEAR_WORD}\.?|-ж\.,|\(e\)ko|\. gada)?"  # "2031 m.", "2031-ж.,", "2031(e)ko", "2031. gada"
_YEAR_END = r"(?:\s?[гржթм]\.?(?!\w)|\.(?=\s|,|$))?"  # "2031 г."
_DATE = re.compile(
    rf"(?<![\d.:])(?:(?P<iso_year>{_YEAR})(?P<iso_mark>[-/.])\s?(?P<iso_month>\d{{1,2}})(?P=iso_mark)\s?"
    rf"(?P<iso_day>\d{{1,2}})(?:\.(?=\s|$))?(?!\d)"
    r"|(?:(?P<cjk_year>\d{4})[年년]\s?)?(?:(?P<cjk_month>\d{1,2})[月월]\s?)?(?P<cjk_day>\d{1,2})[日일号號]"
    rf"|(?P<letter_month>\d{{1,2}})/(?P<letter_day>\d{{1,2}})\s?[(（](?P<weekday>[{''.join(WEEKDAY_LETTERS)}])[)）]"
    r"|(?P<first>[0-3]?\d)(?P<mark>\u200f?[./-])\u200f?\s?(?P<then>[0-3]?\d)"
    r"(?:(?P=mark)\u200f?\s?(?P<year>(?:19|20)\d\d|\d\d(?![\d:]))(?:\s?г\.|\.(?=[\s,]|$))?"
    r"|\.(?=\s|$|\)|,)|(?<=/\d\d|\d/\d)(?=\s{0,2}[-–—|,]|$|\s{1,2}\d))(?!\d)"
    r"|(?P<word_day>\d{1,2})\s(?:tháng|thg)\s(?P<word_month>\d{1,2})(?!\d)(?:,?\s(?:năm\s)?(?P<word_year>\d{4}))?"
    rf"|(?P<first_year>{_YEAR}){_AFTER_YEAR}[\s-]{{0,2}}(?:(?P<year_month>\d{{1,2}})(?:-р)?\sсарын\s"
    rf"|(?P<year_name>{_NAME})\s)(?P<year_day>[0-3]?\d)(?:\.|\(a\)|\sd\.)?(?!\d)"
    rf"|(?P<day_first_year>{_YEAR}){_AFTER_YEAR}\s(?P<year_day_first>[0-3]?\d)[.\s-]{{1,2}}(?P<year_name_last>{_NAME})"
    r"|(?P<name_day>[0-3]?\d)(?P<dot>\.)?(?:st|nd|rd|th|er|º|,|-го|-е)?[\s-]?(?:de |del |of |d[’']|ta[’'] )?"
    rf"(?P<name>{_NAME})(?:\s?/\s?(?P<same_month>{_NAME})(?=[,،]?\s{_YEAR}))?"
    rf"(?:[,،]?[\s-]?(?:del? |ค\.ศ\. ?|พ\.ศ\. ?)?(?P<name_year>(?:19|20|25)\d\d)(?!\d){_YEAR_END})?"
    rf"|(?<![^\W\d_])(?P<month_first>{_NAME})\s(?P<day_after>[0-3]?\d)(?:st|nd|rd|th)?\b"
    r"(?![:.]\d|\s?[hH]\s?\d)(?:,?\s?(?P<year_after>20\d\d|19\d\d)(?!\d))?)"
)
_MONTHS = ("iso_month", "cjk_month", "letter_month", "then", "word_month", "year_month")
_NAMES = ("name", "month_first", "year_name", "year_name_last")
_DAYS = ("iso_day", "cjk_day", "letter_day", "first", "word_day", "year_day", "year_day_first", "name_day", "day_after")
_YEARS = ("iso_year", "cjk_year", "year", "word_year", "first_year", "day_first_year", "name_year", "year_after")

_GLUE_WORDS = frozenset(
    {
        *(
            "on",
            "at",
            "um",
            "am",
            "le",
            "à",
            "il",
            "alle",
            "ore",
            "den",
            "del",
            "de",
            "o",
            "v",
            "в",
            "о",
            "the",
            "kl",
            "гараг",
        ),
        *("les", "ora", "orele", "godz", "godzinie", "klockan", "klokken", "kello", "uri", "ura", "oras", "nang"),
        *("klo", "às", "las", "a", "update", "updated", "op", "om", "ob", "los", "el", "em", "på", "u", "i", "la"),
        *("kell", "plkst", "val", "saat", "klukkan", "pukul", "jam", "lúc", "ngày", "год", "года", "г", "р", "ж", "у"),
        # the word for year: Ukrainian, Polish and Czech, Serbian, Croatian and Bosnian, Macedonian, Arabic
        *("року", "roku", "r", "године", "godine", "година", "م"),
        *("الساعة", "ساعت", "بتاريخ", "في", "ที่", "เวลา", "στις", "ώρα", "בשעה", "t", "d", "h"),
    }
)
_SLASHES = re.compile(
    r"(?<!\d)(?<!\d/)\d{1,2}\u200f?/\u200f?\s?\d{1,2}(?!\d)"  # not "2031/04/05"
    rf"(?!\s?[(（][{''.join(WEEKDAY_LETTERS)}][)）])"  # "4/5(木)": the month is first
)
_MARKS_OF_GLUE = re.compile(r"[\s,،、၊，|·•*–—/()（）【】\[\]\u200e\u200f-]+")


def full_year(year: int) -> int:
    """Return a year of the common calendar: 2031 for "31", and for 2574 of the Buddhist era; 0 stays."""
    if year in _BUDDHIST_YEARS:
        return year - _BUDDHIST_ERA
    return year + 2000 * (0 < year < 100)


def is_other_calendar(year: int) -> bool:
    """Return whether a year is of a calendar that is not read: 1410, 1452 or 5791 for 2031."""
    return any(year in years for years in _OTHER_YEARS)


def find_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], PrintedDate]]:
    """Yield the dates in a part of a text, each with its match; the text's digits must be ASCII."""
    stop = len(text) if end is None else end
    position = start
    while match := _DATE.search(text, position, stop):
        date = _date(match)
        if date:
            yield match, date
        position = match.end() if date else match.start() + 1


def is_glue(text: str, start: int, end: int) -> bool:
    """Return whether nothing but marks, weekdays and words such as "at" is in a part of a text."""
    if end - start > _LONGEST_GLUE:
        return False
    words = (word for word in _MARKS_OF_GLUE.split(text[start:end].lower()) if word.strip("."))
    return all(word in WEEKDAY_WORDS or (word.rstrip(".") or word) in _GLUE_WORDS for word in words)


def _date(match: re.Match[str]) -> PrintedDate | None:
    """Return the date of a match; None if there is no such day or month."""
    groups = match.groupdict()

    def number(names: tuple[str, ...]) -> int:
        return next((int(groups[name]) for name in names if groups[name]), 0)

    month, day, year = number(_MONTHS), number(_DAYS), number(_YEARS)
    name = next((groups[each] for each in _NAMES if groups[each]), "").lower().rstrip(".")
    if name:
        if groups["month_first"] and name not in MONTHS_BEFORE_DAY and not groups["year_after"]:
            return None
        month = (MONTHS_AFTER_DOT.get(name, 0) if groups["dot"] else 0) or MONTH_NUMBERS.get(name, 0)
        same = (groups["same_month"] or "").lower().rstrip(".")  # "9 ديسمبر/كانون الأول 2031" has both names of a month
        if not month or (same and MONTH_NUMBERS.get(same) != month):
            return None
    if month > 12 >= day and groups["mark"] in ("/", "-"):
        day, month = month, day  # 04/30/2031
    year = full_year(year)
    if groups["year"] and len(groups["year"]) == 2 and _is_no_day(day, month, year):
        day, year = year % 100, 2000 + day  # 31/6/23 is in 2031
    if not 1 <= day <= 31 or month > 12 or (month == 0 and not groups["cjk_day"]) or is_other_calendar(year):
        return None
    weekday = WEEKDAY_LETTERS[groups["weekday"]] if groups["weekday"] else None
    return PrintedDate(line=0, printed=match[0], day=day, month=month, year=year or None, weekday=weekday)


def _is_no_day(day: int, month: int, year: int) -> bool:
    return 1 <= month <= 12 and day > calendar.monthrange(year, month)[1]


def dates_with_year(text: str) -> Iterator[tuple[int, PrintedDate]]:
    """Yield the dates with a year in a text, with the offset of each.

    A date such as 04/05/2031 is none, unless a weekday before it fits one order of day and month alone: "Wednesday,
    10/9/2031". The text's digits must be ASCII (`names.with_ascii_digits`).
    """
    for match, date in find_dates(text):
        if not (date.year and date.month):
            continue
        settled = _settled_by_weekday(text, match.start(), date) if _is_ambiguous(date) else date
        if settled:
            yield match.start(), settled


def _settled_by_weekday(text: str, start: int, date: PrintedDate) -> PrintedDate | None:
    """Return a date in digits in the order that the weekday before it fits; None without one, or if both fit."""
    words = _LAST_WORDS.findall(text[max(0, start - _LONGEST_WEEKDAY) : start])
    number = next(filter(lambda each: each is not None, (_weekday(" ".join(words[-count:])) for count in (2, 1))), None)
    if number is None or not date.year:
        return None
    orders = (date, replace(date, day=date.month, month=date.day))
    fitting = [each for each in orders if calendar.weekday(each.year or 0, each.month, each.day) == number]
    return fitting[0] if len(fitting) == 1 else None


def latest_date_in(text: str) -> PrintedDate | None:
    """Return the last date with a year in a short text, such as "Published on 9 April 2031"; None if there is none.

    A date such as 04/05/2031, whose month may be either number, is none.
    """
    dates = [date for _, date in dates_with_year(text)]
    return dates[-1] if dates else None


def date_alone(text: str) -> PrintedDate | None:
    """Return the date that a text is, beside weekdays and words such as "on"; None for any other text.

    Its month is certain, and it has a year or a weekday; with a weekday, the month may be missing. The text's digits
    must be ASCII.
    """
    found = list(find_dates(text))
    if len(found) != 1:
        return None
    [(match, date)] = found
    alone = is_glue(text, 0, match.start()) and is_glue(text, match.end(), len(text))
    settled = _settled_by_weekday(text, match.start(), date) if _is_ambiguous(date) else date
    if not alone or settled is None:
        return None
    date = settled
    if date.year:
        return date if date.month else None
    weekdays = {date.weekday, _weekday(text[: match.start()]), _weekday(text[match.end() :])} - {None}
    return replace(date, weekday=weekdays.pop()) if len(weekdays) == 1 else None


def _weekday(text: str) -> int | None:
    """Return the weekday that stands alone or beside other words in a short text; None if it names none."""
    words = list(filter(None, _MARKS_OF_GLUE.split(text.lower())))
    names = [" ".join(words), "-".join(words), *words, *(word.rstrip(".") for word in words)]
    return next((WEEKDAY_NUMBERS.get(name, WEEKDAY_LETTERS.get(name)) for name in names if name in WEEKDAY_WORDS), None)


def is_slash_date(date: PrintedDate) -> bool:
    """Return whether a date such as 04/05/2031 does not tell by its form which number is the month."""
    return _SLASHES.search(date.printed) is not None


def _is_ambiguous(date: PrintedDate) -> bool:
    """Return whether day and month of a date with slashes may be exchanged."""
    return is_slash_date(date) and max(date.day, date.month) <= 12 and date.day != date.month
