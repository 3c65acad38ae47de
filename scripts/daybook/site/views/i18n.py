"""Text of the interface, and Jinja filters that format dates, times and numbers.

All text comes from the theme's ``strings.toml``; its table ``[dates]`` gives names and patterns of dates.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.model import format_minutes
from daybook.core.text import BIDI_CONTROLS, balance_bidi

Strings = SimpleNamespace

# ISO 15924 codes, and the languages that are usually written in one of these scripts.
_RTL_SCRIPTS = {"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"}
_RTL_LANGUAGES = {
    *("ar", "arc", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd"),
    *("syr", "ug", "ur", "yi"),
}
# Controls of the writing direction, and letters of scripts that are written from right to left.
_MIXED_DIRECTION = re.compile(
    f"{BIDI_CONTROLS.pattern}|[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def load_strings(theme: Path) -> Strings:
    """Read the interface text of a theme, with tables as attributes.

    Raises ArchiveError if ``strings.toml`` is missing or is not valid TOML.
    """
    path = theme / "strings.toml"
    if not path.is_file():
        raise ArchiveError("the theme has no strings.toml; copy it from the theme of Daybook", path=path)
    try:
        strings: Strings = _as_namespace(tomllib.loads(read_text_file(path)))
    except tomllib.TOMLDecodeError as error:
        raise ArchiveError(f"not valid TOML: {error}", path=path) from None
    return strings


def _as_namespace(value: Any) -> Any:
    # Not a dictionary: in Jinja, `strings.entry.copy` would be the method dict.copy.
    if isinstance(value, dict):
        return SimpleNamespace(**{name: _as_namespace(item) for name, item in value.items()})
    return value


def text_filters(strings: Strings) -> dict[str, Callable[..., str]]:
    """Return the filters long_date, short_date, month_year, weekday, clock, minutes and thousands."""
    dates = strings.dates

    def date_filter(pattern: str) -> Callable[[dt.date], str]:
        return lambda date: pattern.format(
            weekday=dates.weekdays[date.weekday()], day=date.day, month=dates.months[date.month - 1], year=date.year
        )

    return {
        "long_date": date_filter(dates.long),
        "short_date": date_filter(dates.short),
        "month_year": date_filter(dates.month_year),
        "weekday": lambda date: str(dates.weekdays[date.weekday()]),
        "clock": lambda time: f"{time:%H:%M}",
        "minutes": format_minutes,
        "thousands": lambda number: f"{number:,}".replace(",", str(dates.thousands)),
    }


def bdi_element(text: object) -> object:
    """Return text of the content for a line that it shares with other text; it cannot turn or reorder the rest.

    Only text that could is put into an element, so that pages stay small.
    """
    plain = str(text)
    return Markup("<bdi>{}</bdi>").format(balance_bidi(plain)) if _MIXED_DIRECTION.search(plain) else text


def text_direction(lang: str) -> str:
    """Return the value of `dir` for a BCP 47 language tag; a script subtag decides before the language.

    >>> [text_direction(lang) for lang in ("uk", "ar-EG", "az-Arab", "pa-Guru", "ks-Deva")]
    ['ltr', 'rtl', 'rtl', 'ltr', 'ltr']
    """
    language, *subtags = lang.lower().split("-")
    script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), "")
    is_rtl = script in _RTL_SCRIPTS if script else language in _RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"
