"""Dates, numbers, lists, plural categories and text direction of a language, from CLDR through Babel.

Times of the clock are written as in day files, ``13:29``, in every language. Digits are always 0 to 9, and the
calendar is the Gregorian one.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.dates import DateTimeFormat, DateTimePattern, parse_pattern
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from daybook.core.model import format_minutes
from daybook.core.text import BIDI_CONTROLS, balance_bidi

# CLDR's default for "en" are the customs of the United States; "en-001" are those of the rest of the world.
_CLDR_LOCALES = {"en": "en_001"}
# Languages with a second set of names of months, and a locale that has them: June is also حزيران.
_OTHER_MONTHS = {"ar": "ar_SY"}
# Numbers whose plural categories show all that a language uses for whole numbers below a million.
_PLURAL_SAMPLES = (*range(201), 1_000, 10_000, 100_000)
# Controls of the writing direction, and letters of scripts that are written from right to left.
_MIXED_DIRECTION = re.compile(
    f"{BIDI_CONTROLS.pattern}|[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class Language:
    """The language of the interface.

    Attributes:
        tag: Its BCP 47 tag, for `lang`.
        dir: "ltr" or "rtl", for `dir`.
        format_tag: The tag whose customs dates and numbers follow, for `Intl` in scripts.
        months, months_short, month_initials, weekdays, weekdays_short: Names for headings; January and Monday come
            first.
        first_weekday: The first day of a week, 0 for Monday.
        plural_categories: CLDR's names of the plural forms that whole numbers below a million need.
        date_patterns, month_patterns: For scripts, a pattern for each month, such as ``{d} June {y}``.
        other_months: Other names of the months that readers may type; empty for most languages.
    """

    def __init__(self, tag: str) -> None:
        """Load CLDR's data of a language. Raises ValueError if there is none."""
        found = _find_locale(tag)
        if found is None:
            raise ValueError(f"CLDR has no data for the language {tag!r}")
        # Babel stores what it looks up for one locale in data that other locales share
        # (https://github.com/python-babel/babel/issues/1234), so each language is loaded anew.
        localedata._cache.clear()
        self._locale = locale = Locale.parse(_CLDR_LOCALES.get(str(found), str(found)))
        self._patterns: dict[str, DateTimePattern] = {
            "long_date": locale.date_formats["full"],
            "short_date": locale.date_formats["long"],
            "month_year": locale.datetime_skeletons["yMMMM"],
            "day_month": locale.datetime_skeletons["MMMMd"],
            "weekday_date": locale.datetime_skeletons["MMMEd"],
        }
        # Few languages have intervals with the whole name of the month; the others' have it put in.
        intervals = locale.interval_formats.get("yMMMMd") or locale.interval_formats["yMMMd"]
        self._intervals = {
            field: [parse_pattern(re.sub("M{3,}", "MMMM", part)) for part in parts]
            for field, parts in intervals.items()
        }
        self.tag, self.dir = tag, locale.text_direction
        self.format_tag = str(locale).replace("_", "-")
        self.name = locale.english_name or tag
        self.months = _in_order(locale.months["stand-alone"]["wide"])
        self.months_short = _in_order(locale.months["stand-alone"]["abbreviated"])
        self.month_initials = _in_order(locale.months["stand-alone"]["narrow"])
        self.weekdays = _in_order(locale.days["stand-alone"]["wide"])
        # CLDR's "short" is "Mo" in English, but "Mo." in German, where "abbreviated" is "Mo".
        short = (_in_order(locale.days["stand-alone"][width]) for width in ("short", "abbreviated"))
        self.weekdays_short = min(short, key=lambda names: sum(map(len, names)))
        self.first_weekday = locale.first_week_day
        self._numbers_by_category: dict[str, set[int]] = {}
        for number in _PLURAL_SAMPLES:
            self._numbers_by_category.setdefault(self.plural_category(number), set()).add(number)
        self.plural_categories = frozenset(self._numbers_by_category)
        firsts = [dt.date(2001, month, 1) for month in range(1, 13)]
        self.date_patterns = [self._script_pattern("short_date", first) for first in firsts]
        self.month_patterns = [self._script_pattern("month_year", first) for first in firsts]
        other = _OTHER_MONTHS.get(locale.language)
        self.other_months = _in_order(Locale.parse(other).months["format"]["wide"]) if other else ()

    def plural_category(self, number: int) -> str:
        """Return CLDR's name of the plural form for a number: ``one``, ``few`` or ``other``, for instance."""
        return self._locale.plural_form(number)

    def stands_for_one_number(self, category: str) -> bool:
        """Tell whether a plural form is used for a single number, which its text then need not repeat."""
        return len(self._numbers_by_category.get(category, ())) == 1

    def decimal(self, number: int) -> str:
        """Format a number with the language's separators: ``1,234``."""
        return format_decimal(number, locale=self._locale)

    def join(self, items: Iterable[object]) -> str:
        """Join the items of a list: ``A, B and C``; the result is HTML if one of them is."""
        items = list(items)
        if any(isinstance(item, Markup) for item in items):
            return Markup(format_list([str(escape(item)) for item in items], locale=self._locale))
        return format_list([str(item) for item in items], locale=self._locale)

    def short_date(self, date: dt.date) -> str:
        """Format a date without its weekday: ``2 June 2023``."""
        return self._patterns["short_date"].apply(date, self._locale)

    def date_range(self, first: dt.date, last: dt.date) -> str:
        """Format the dates from the first to the last: ``18–19 March 2030``; a single date if they are equal."""
        if first == last:
            return self.short_date(first)
        field = "y" if first.year != last.year else "M" if first.month != last.month else "d"
        parts = zip(self._intervals[field], (first, last), strict=True)
        return "".join(pattern.apply(date, self._locale) for pattern, date in parts)

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the Jinja filters for dates (long_date and others), date_range, clock, minutes, decimal and listed."""

        def date_filter(name: str) -> Callable[[dt.date], str]:
            # A build formats the same few dates on many pages.
            return lru_cache(maxsize=4096)(lambda date: self._patterns[name].apply(date, self._locale))

        return {
            **{name: date_filter(name) for name in self._patterns},
            "clock": lambda time: f"{time:%H:%M}",
            "minutes": format_minutes,
            "date_range": self.date_range,
            "decimal": lru_cache(maxsize=4096)(self.decimal),
            "listed": self.join,
        }

    def _script_pattern(self, name: str, date: dt.date) -> str:
        """Return a date's pattern with placeholders for day and year, which are named after CLDR's fields."""
        fields = _FieldsForScripts(DateTimeFormat(date, self._locale))
        return str(self._patterns[name].format) % fields


class _FieldsForScripts(Mapping[str, str]):
    """The fields of a date: day and year are placeholders such as ``{d}``, all others are formatted."""

    def __init__(self, fields: DateTimeFormat) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        return f"{{{name}}}" if name[0] in "dy" else self._fields[name]

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


def _in_order(names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(names[number] for number in sorted(names))


def bdi_element(text: object) -> object:
    """Return text of the content for a line that it shares with other text; it cannot turn or reorder the rest.

    Only text that could is put into an element, so that pages stay small.
    """
    plain = str(text)
    return Markup("<bdi>{}</bdi>").format(balance_bidi(plain)) if _MIXED_DIRECTION.search(plain) else text


@cache
def text_direction(lang: str) -> str:
    """Return the value of `dir` for a BCP 47 language tag; a script subtag decides before the language.

    It is "auto", with which a browser looks at the letters, for what CLDR does not know.

    >>> [text_direction(lang) for lang in ("uk", "ar-EG", "az-Arab", "pa-Guru", "ks-Deva", "tlh")]
    ['ltr', 'rtl', 'rtl', 'ltr', 'ltr', 'auto']
    """
    script = _script(lang)
    likely: Any = get_global("likely_subtags")
    if script:  # most scripts have a most likely language; "und" alone is for that of Latin letters
        lang = likely.get(f"und_{script}") or (likely["und"] if script in likely["und"] else "")
    locale = _find_locale(lang)
    return locale.text_direction if locale else "auto"


def _find_locale(tag: str) -> Locale | None:
    """Return CLDR's locale for a language tag, else that for its language and script, else for its language."""
    subtags = tag.replace("_", "-").split("-")
    for candidate in ("_".join(subtags), f"{subtags[0]}_{_script(tag)}", subtags[0]):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(candidate)
    return None


def likely_script(tag: str) -> str:
    """Return the script that a language tag names or that its language and region have, "" if CLDR does not know it.

    >>> [likely_script(tag) for tag in ("zh", "zh-TW", "sr-Latn", "tlh")]
    ['Hans', 'Hant', 'Latn', '']
    """
    locale = _find_locale(tag)
    likely: Any = get_global("likely_subtags")
    return (locale and locale.script) or _script(tag) or _script(likely.get(tag.split("-", maxsplit=1)[0], ""))


def _script(tag: str) -> str:
    """Return the script subtag of a language tag, such as "Arab", or ""."""
    subtags = tag.replace("_", "-").split("-")[1:]
    return next((subtag.title() for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), "")
