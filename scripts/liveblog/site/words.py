"""Jinja filters that word dates, times and numbers: the only place that turns them into text.

The words and their order come from the theme's strings.toml, table ``[dates]``.
"""

import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ..errors import ArchiveError
from ..storage import read_text

Strings = SimpleNamespace


def load_strings(theme: Path) -> Strings:
    """Read the theme's words, tables as attributes; a missing or broken file is an ArchiveError."""
    path = theme / "strings.toml"
    if not path.is_file():
        raise ArchiveError("the theme has no words; put strings.toml there", path=path)
    try:
        strings: Strings = _named(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise ArchiveError(f"not TOML: {error}", path=path) from None
    return strings


def word_filters(strings: Strings) -> dict[str, Callable[..., str]]:
    """Make the filters: long_date, short_date, month_year, weekday, clock, minutes, thousands."""
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
        "minutes": lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}",
        "thousands": lambda number: f"{number:,}".replace(",", str(dates.thousands)),
    }


def _named(value: Any) -> Any:
    # In a dictionary, `strings.entry.copy` would be its method and not the word.
    if isinstance(value, dict):
        return SimpleNamespace(**{name: _named(item) for name, item in value.items()})
    return value
