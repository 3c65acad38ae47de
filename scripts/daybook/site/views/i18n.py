"""Jinja filters that word dates, times and numbers: the only place that turns them into text.

The words and their order come from the theme's strings.toml, table ``[dates]``.
"""

import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.model import format_minutes, minute_of_day

Strings = SimpleNamespace


def load_strings(theme: Path) -> Strings:
    """Read the theme's words, tables as attributes; a missing or broken file is an ArchiveError."""
    path = theme / "strings.toml"
    if not path.is_file():
        raise ArchiveError("the theme has no words; put strings.toml there", path=path)
    try:
        strings: Strings = _named(tomllib.loads(read_text_file(path)))
    except tomllib.TOMLDecodeError as error:
        raise ArchiveError(f"not TOML: {error}", path=path) from None
    return strings


def text_filters(strings: Strings) -> dict[str, Callable[..., str]]:
    """Make the filters: long_date, short_date, month_year, weekday, clock, minutes, minute_of_day, thousands."""
    dates = strings.dates

    def parts(date: dt.date) -> dict[str, object]:
        names = {"weekday": dates.weekdays[date.weekday()], "month": dates.months[date.month - 1]}
        return {**names, "day": date.day, "year": date.year}

    def dated(pattern: str) -> Callable[[dt.date], str]:
        return lambda date: pattern.format_map(parts(date))

    return {
        "long_date": dated(dates.long),
        "short_date": dated(dates.short),
        "month_year": dated(dates.month_year),
        "weekday": lambda date: str(dates.weekdays[date.weekday()]),
        "clock": lambda time: f"{time:%H:%M}",
        "minutes": format_minutes,
        "minute_of_day": minute_of_day,
        "thousands": lambda number: f"{number:,}".replace(",", str(dates.thousands)),
    }


def _named(value: Any) -> Any:
    # In a dictionary, `strings.entry.copy` would be its method and not the word.
    if isinstance(value, dict):
        return SimpleNamespace(**{name: _named(item) for name, item in value.items()})
    return value


_LEFTWARD_SCRIPTS = {"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"}


_LEFTWARD_LANGUAGES = {
    *("ar", "arc", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd"),
    *("syr", "ug", "ur", "yi"),
}


def text_direction(lang: str) -> str:
    """Give the value of `dir` for a BCP 47 language tag; a script it names decides.

    >>> [direction(lang) for lang in ("uk", "ar-EG", "az-Arab", "pa-Guru", "ks-Deva")]
    ['ltr', 'rtl', 'rtl', 'ltr', 'ltr']
    """
    language, *others = lang.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    leftward = script in _LEFTWARD_SCRIPTS if script else language in _LEFTWARD_LANGUAGES
    return "rtl" if leftward else "ltr"
