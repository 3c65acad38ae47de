"""Names of months and weekdays, and other words around times, in the languages that pages are written in.

``names.toml`` has them by language. The list is closed and our own: a library of dates accepts more than pages print,
and would read ordinary words as dates. Words are in lower case. Digits and marks of other scripts are mapped to ASCII
one for one, so that offsets stay valid.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

_UNITS = MappingProxyType({"second": 1, "minute": 60, "hour": 3600, "day": 86_400})


class _Language(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one language; ``names.toml`` explains the fields."""

    months: str = ""
    weekdays: str = ""
    today: str = ""
    yesterday: str = ""
    second: str = ""
    minute: str = ""
    hour: str = ""
    day: str = ""
    ages: dict[str, int] = {}


def _load() -> Mapping[str, _Language]:
    data = Path(__file__).with_name("names.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, _Language])


_LANGUAGES = _load()


def _words(names: str) -> list[str]:
    return names.split("|") if names else []


def _numbers(rows: Iterable[str], first: int) -> Mapping[str, int]:
    """Return the numbers of names; of a name that two languages use for two things, that of the first language."""
    found: dict[str, int] = {}
    for row in filter(None, rows):
        for number, names in enumerate(row.split(", "), first):
            for name in _words(names):
                found.setdefault(name, number)
    return MappingProxyType(found)


MONTH_NUMBERS: Mapping[str, int] = _numbers((each.months for each in _LANGUAGES.values()), 1)
# The same names in Croatian, which prints a full stop after the day; Polish does not.
MONTHS_AFTER_DOT: Mapping[str, int] = MappingProxyType({"lipnja": 6, "lip": 6, "srp": 7, "listopada": 10, "lis": 10})
# Names that precede a day: "June 10". In other languages they do not, and short ones are words: "Set 2".
_MONTH_FIRST = ("en", "hu", "lt", "lv", "eu", "ml", "ne", "my", "mn", "hy", "kk", "ka", "kn", "ta", "fil", "so", "fa")
MONTHS_BEFORE_DAY = frozenset(_numbers((_LANGUAGES[each].months for each in _MONTH_FIRST), 1)) - {"set", "ago", "dis"}
LONG_MONTH_NAMES = tuple(sorted((name for name in MONTH_NUMBERS if " " in name), key=lambda name: (-len(name), name)))
WEEKDAY_NUMBERS: Mapping[str, int] = _numbers((each.weekdays for each in _LANGUAGES.values()), 0)
# Weekdays beside a date in one letter: Japanese, Korean, and Chinese.
_LETTERS = ("月火水木金土日", "월화수목금토일", "一二三四五六日")
WEEKDAY_LETTERS: Mapping[str, int] = MappingProxyType(
    {letter: number for letters in _LETTERS for number, letter in enumerate(letters)}
)
# The words of weekday names, which may be several: "thứ hai", "quinta-feira".
WEEKDAY_WORDS = frozenset(word for name in WEEKDAY_NUMBERS for word in (name, *name.split(), *name.split("-"))) | set(
    WEEKDAY_LETTERS
)

# Words for days relative to the day on which the page was read, and how many days back they are.
RELATIVE_DAYS: Mapping[str, int] = MappingProxyType(
    {word: 0 for each in _LANGUAGES.values() for word in _words(each.today)}
    | {word: 1 for each in _LANGUAGES.values() for word in _words(each.yesterday)}
    | {"aujourd'hui": 0}
)


def _ages() -> Iterator[tuple[tuple[str, str], int]]:
    for each in _LANGUAGES.values():
        for unit, seconds in _UNITS.items():
            for pattern in _words(getattr(each, unit)):
                before, _, after = pattern.lower().partition("{}")
                after = after.strip().rstrip(".")
                yield (before.strip(), after), seconds
                yield (before.strip(), after.replace(".", "")), seconds


# Seconds of one unit by the words before and after the number: ("vor", "minuten"), ("", "minutes ago").
AGES: Mapping[tuple[str, str], int] = MappingProxyType(dict(reversed(list(_ages()))))
# Seconds of ages without a number, such as "an hour ago", longest first.
AGE_PHRASES: Mapping[str, int] = MappingProxyType(
    dict(
        sorted(
            ((name.lower(), seconds) for each in _LANGUAGES.values() for name, seconds in each.ages.items()),
            key=lambda item: -len(item[0]),
        )
    )
)

# Words after which a clock is part of a sentence: "at 14:05".
BEFORE_CLOCK_IN_SENTENCE = frozenset(
    {
        *("at", "by", "from", "since", "until", "till", "before", "after", "around", "about", "near", "between", "and"),
        *("or", "to", "of", "on", "the", "an", "is", "was", "were", "um", "gegen", "bis", "ab", "seit", "à", "vers"),
        *("depuis", "alle", "dalle", "a", "las", "às", "om", "rond", "tot", "o", "do", "przed", "po", "в", "до", "с"),
    }
)
_DIGIT_ZEROS = (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x1040)  # full-width, Arabic, Persian, Hindi, Bengali, …
_SAME_LENGTH = {zero + digit: str(digit) for zero in _DIGIT_ZEROS for digit in range(10)} | {
    **{0xFF1A: ":", 0xFF0E: ".", 0xFF0F: "/", 0xFF0D: "-", 0x2236: ":"},
    **dict.fromkeys((0xA0, 0x202F, 0x2009, 0x2007, 0x3000), " "),
}


def with_ascii_digits(text: str) -> str:
    """Return a text with digits and marks of other scripts as ASCII; every offset stays the same."""
    return text if text.isascii() else text.translate(_SAME_LENGTH)
