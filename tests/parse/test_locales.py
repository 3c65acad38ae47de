"""Stamps as each language prints them: Babel writes dates, times and ages, and the tokenizer must read all of them."""

import datetime as dt

import pytest
from babel import Locale
from babel.dates import format_date, format_time, format_timedelta

from daybook.parse import parse
from daybook.parse.input_files import read_hints
from daybook.parse.time.dates import find_dates
from daybook.parse.time.names import with_ascii_digits
from daybook.parse.time.tokens import find_times

LOCALES = (
    *("en", "en_US", "en_GB", "en_AU", "en_IN", "en_CA", "en_ZA", "de", "de_AT", "de_CH", "fr", "fr_CA", "fr_CH"),
    *("es", "es_MX", "es_AR", "es_US", "it", "pt", "pt_PT", "nl", "pl", "ru", "uk", "be", "bg", "cs", "sk", "sl"),
    *("hr", "sr", "sr_Latn", "bs", "mk", "sq", "ro", "hu", "el", "tr", "az", "kk", "ky", "uz", "tk", "tg", "hy"),
    *("ka", "he", "ar", "ar_EG", "ar_MA", "ar_SY", "fa", "ps", "ur", "hi", "bn", "mr", "ne", "gu", "pa", "ta", "te"),
    *("kn", "ml", "th", "lo", "km", "vi", "id", "ms", "fil", "sw", "am", "af", "ja", "ko", "zh", "zh_TW", "zh_HK"),
    *("mn", "sv", "nb", "nn", "da", "fi", "is", "et", "lv", "lt", "ga", "cy", "mt", "eu", "ca", "gl", "lb", "fo"),
)
YEAR_FIRST_IN_TWO_DIGITS = ("ne", "eu", "ko")  # 31/1/3 in their short format: nothing tells it from other orders
MOMENTS = [dt.datetime(2031, month, 11 + month, 2 + month, 5) for month in range(1, 13)]
LENGTHS = ("full", "long", "medium", "short")


def print_date_and_time(moment: dt.datetime, locale: str, length: str, of_time: str) -> str:
    both = str(Locale.parse(locale).datetime_formats[length]).replace("'", "")
    date, time = format_date(moment, length, locale=locale), format_time(moment, of_time, locale=locale)
    return both.replace("{1}", date).replace("{0}", time)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_format_of_a_locale_is_one_stamp_with_its_date(locale: str) -> None:
    for length in LENGTHS:
        if length == "short" and locale in YEAR_FIRST_IN_TWO_DIGITS:
            continue
        for moment in MOMENTS:
            printed = print_date_and_time(moment, locale, length, "short" if moment.month % 2 else "medium")
            found = list(find_times(with_ascii_digits(printed)))
            assert len(found) == 1, printed
            [token] = found
            assert token.clock == moment.hour * 3600 + moment.minute * 60, printed
            assert token.date, printed
            date = (token.date.year, token.date.month, token.date.day)
            month_first = (moment.year, moment.day, moment.month)  # settled by the date of the page
            is_slashed = length == "short" and any(mark in printed for mark in "/-") and moment.day <= 12
            assert date == (moment.year, moment.month, moment.day) or (is_slashed and date == month_first), printed


@pytest.mark.parametrize("locale", [each for each in LOCALES if each != "lb"])  # "viru(n)" in Babel
def test_every_age_of_a_locale_is_read(locale: str) -> None:
    for seconds in (5 * 60, 3 * 3600):
        for length in ("long", "short"):
            printed = format_timedelta(
                dt.timedelta(seconds=-seconds), threshold=3, locale=locale, add_direction=True, format=length
            )
            found = list(find_times(with_ascii_digits(printed.replace("\u200f", ""))))
            assert [token.age for token in found] == [seconds], printed


@pytest.mark.parametrize("locale", [each for each in LOCALES if each not in YEAR_FIRST_IN_TWO_DIGITS])
def test_a_page_whose_stamps_have_the_formats_of_a_locale_is_read(locale: str) -> None:
    moments = [dt.datetime(2031, 6, 23, hour, 5) for hour in (14, 13, 11, 10)]
    posts = [f"{print_date_and_time(each, locale, 'medium', 'short')}\nBoat {each.hour} is in." for each in moments]
    page = parse("\n\n".join(["Harbour live", *posts]).encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert [record.at for record in page.records] == [f"{each:%Y-%m-%dT%H:%M:00Z}" for each in moments]
    assert [record.text for record in page.records] == [f"Boat {each.hour} is in." for each in moments]
    assert page.doubts == ()


@pytest.mark.parametrize(
    ("text", "day", "month"),
    [
        ("10. listopada 2031.", 10, 10),  # Croatian
        ("10 listopada 2031", 10, 11),  # Polish
        ("23. lip 2031.", 23, 6),
        ("23 lip 2031", 23, 7),
        ("31/6/23", 23, 6),
    ],
)
def test_names_of_two_months_are_told_apart_by_the_marks_around_them(text: str, day: int, month: int) -> None:
    [(_, date)] = find_dates(text)
    assert (date.year, date.month, date.day) == (2031, month, day)


@pytest.mark.parametrize("text", ["14:05 Set 2: Kern leads", "14:05 Ago 3 boats left", "14:05 Out 2 of 3 gates"])
def test_short_names_of_months_before_a_number_are_words(text: str) -> None:
    assert [token.date for token in find_times(text)] == [None]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:40 π.μ.", 9),
        ("9:40 μ.μ.", 21),
        ("9:40 PG", 9),
        ("9:40 PTG", 21),
        ("9:40 p.d.", 9),
        ("中午12:05", 12),
        ("中午11:50", 11),
        ("中午1:05", 13),
        ("晚上12:05", 0),
        ("晚上8:05", 20),
    ],
)
def test_halves_of_the_day(text: str, clock: int) -> None:
    assert [token.clock // 3600 for token in find_times(text)] == [clock]


@pytest.mark.parametrize("stamp", ["31.05.12 {}", "31/5/12 {}", "31. 5. 12. {}"])
def test_a_year_of_two_digits_stands_first_if_it_is_that_of_the_page(stamp: str) -> None:
    posts = [f"{stamp.format(clock)}\nA boat is in." for clock in ("14:05", "13:40", "12:10")]
    page = parse("\n\n".join(["Harbour live", "2031-05-12", *posts]).encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert [record.at for record in page.records] == [
        f"2031-05-12T{clock}:00Z" for clock in ("14:05", "13:40", "12:10")
    ]
