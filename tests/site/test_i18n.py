"""Dates, numbers, lists, plurals and text direction in languages that differ in all of them."""

import datetime as dt

import pytest

from daybook.site.views.i18n import Language, text_direction

FRIDAY = dt.date(2023, 6, 2)


def say(tag: str, name: str, value: object) -> str:
    return Language(tag).filters()[name](value)


@pytest.mark.parametrize(
    ("tag", "texts"),
    [
        ("en", ["Friday, 2 June 2023", "2 June 2023", "June 2023", "2 June"]),
        ("en-US", ["Friday, June 2, 2023", "June 2, 2023", "June 2023", "June 2"]),
        ("de", ["Freitag, 2. Juni 2023", "2. Juni 2023", "Juni 2023", "2. Juni"]),
        ("de-FR", ["Freitag, 2. Juni 2023", "2. Juni 2023", "Juni 2023", "2. Juni"]),  # CLDR has no German of France
        ("pl", ["piątek, 2 czerwca 2023", "2 czerwca 2023", "czerwiec 2023", "2 czerwca"]),  # two cases
        ("ja", ["2023年6月2日金曜日", "2023年6月2日", "2023年6月", "6月2日"]),
    ],
)
def test_dates_follow_the_language(tag: str, texts: list[str]) -> None:
    assert [say(tag, name, FRIDAY) for name in ("long_date", "short_date", "month_year", "day_month")] == texts


@pytest.mark.parametrize(
    ("tag", "texts"),
    [
        (
            "en",
            [
                "2 June 2023",
                "2–3 June 2023",
                "2 June\u2009–\u20091 July 2023",
                "2 June 2023\u2009–\u20091 January 2024",
            ],
        ),
        (
            "uk",
            [
                "2 червня 2023\u202fр.",
                "2–3 червня 2023\u202fр.",
                "2 червня\xa0— 1 липня 2023\u202fр.",
                "2 червня 2023\xa0— 1 січня 2024\u202fрр.",
            ],
        ),
        (
            "es",
            [
                "2 de junio de 2023",
                "2–3 de junio de 2023",
                "2 de junio\u2009–\u20091 de julio de 2023",
                "2 de junio de 2023\u2009–\u20091 de enero de 2024",
            ],
        ),
    ],
)
def test_a_range_of_dates_names_month_and_year_once(tag: str, texts: list[str]) -> None:
    range_of = Language(tag).filters()["date_range"]
    lasts = (FRIDAY, dt.date(2023, 6, 3), dt.date(2023, 7, 1), dt.date(2024, 1, 1))
    assert [range_of(FRIDAY, last) for last in lasts] == texts


@pytest.mark.parametrize(
    ("tag", "text"), [("en", "1,234,567"), ("de", "1.234.567"), ("fr", "1\u202f234\u202f567"), ("hi", "12,34,567")]
)
def test_numbers_follow_the_language_with_the_same_digits(tag: str, text: str) -> None:
    assert say(tag, "decimal", 1234567) == text
    assert say(tag, "decimal", 7) == "7"


def test_digits_are_the_same_in_every_language() -> None:
    for tag in ("ar-EG", "fa", "bn", "my"):
        assert say(tag, "decimal", 29) == "29"
        assert {"2", "0", "3"} <= set(say(tag, "short_date", FRIDAY))


@pytest.mark.parametrize(
    ("tag", "texts"),
    [("en", ["A", "A and B", "A, B and C"]), ("de", ["A", "A und B", "A, B und C"]), ("ja", ["A", "A、B", "A、B、C"])],
)
def test_lists_follow_the_language(tag: str, texts: list[str]) -> None:
    assert [say(tag, "listed", items) for items in (["A"], ["A", "B"], ["A", "B", "C"])] == texts


def test_times_are_the_same_in_every_language() -> None:
    for tag in ("en-US", "fi", "ar"):
        assert (say(tag, "clock", dt.time(6, 3)), say(tag, "minutes", 809), say(tag, "minutes", 1440)) == (
            "06:03",
            "13:29",
            "24:00",
        )


@pytest.mark.parametrize(
    ("tag", "categories"),
    [
        ("ja", {"other"}),
        ("de", {"one", "other"}),
        ("fr", {"one", "other"}),  # "many" is for a million and more
        ("pl", {"one", "few", "many"}),  # "other" is for fractions
        ("ar", {"zero", "one", "two", "few", "many", "other"}),
    ],
)
def test_plural_categories_are_those_of_whole_numbers(tag: str, categories: set[str]) -> None:
    assert Language(tag).plural_categories == categories


def test_plural_categories_of_numbers() -> None:
    polish = Language("pl")
    assert [polish.plural_category(number) for number in (1, 2, 5, 12, 22, 112)] == [
        *("one", "few", "many", "many", "few", "many"),
    ]
    assert polish.stands_for_one_number("one") and not Language("ru").stands_for_one_number("one")  # 1, 21, 31


def test_weeks_begin_as_in_the_region() -> None:
    assert [Language(tag).first_weekday for tag in ("en", "de", "en-US", "ar-EG")] == [0, 0, 6, 5]


def test_names_for_headings_are_short() -> None:
    assert Language("en").weekdays_short == ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    assert Language("de").weekdays_short == ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
    assert Language("de").weekdays[4] == "Freitag"
    assert Language("de").months_short[5] == "Jun" and Language("pl").months[5] == "czerwiec"


def test_patterns_for_scripts_give_the_dates_of_pages() -> None:
    for tag in ("en", "en-US", "de", "pl", "ja", "es", "lv", "bg", "th", "he"):
        language = Language(tag)
        date, month = language.date_patterns[5], language.month_patterns[5]
        assert date.format(d=2, dd="02", y=2023) == say(tag, "short_date", FRIDAY)
        assert month.format(y=2023) == say(tag, "month_year", FRIDAY)


def test_a_language_does_not_change_another() -> None:
    """Babel resolves names in data that locales share: https://github.com/python-babel/babel/issues/1234."""
    before = Language("cy").months
    assert Language("ja").months[0] == "1月"
    assert Language("cy").months == before
    assert before[0] == "Ionawr"


def test_a_language_without_data_is_an_error() -> None:
    for tag in ("tlh", "zz", "such-language"):
        with pytest.raises(ValueError, match=f"CLDR has no data for the language '{tag}'"):
            Language(tag)


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        *(("uk", "ltr"), ("de-AT", "ltr"), ("ar-EG", "rtl"), ("he", "rtl"), ("dv", "rtl"), ("ckb-IQ", "rtl")),
        *(("az-Arab", "rtl"), ("pa-Guru", "ltr"), ("ks-Deva", "ltr"), ("ru-Arab", "rtl"), ("ar-Latn", "ltr")),
        *(("tlh", "auto"), ("x", "auto"), ("no such language", "auto")),
    ],
)
def test_text_direction_comes_from_the_script_or_the_language(tag: str, direction: str) -> None:
    assert text_direction(tag) == direction
