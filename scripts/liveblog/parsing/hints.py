"""What a maintainer says of a page: the only place that reads hints, from options or a file beside it.

A file ``page.txt.toml`` (or ``page.toml``) beside ``page.txt`` may hold them:

    date = 2023-06-02
    zone = "GMT"
    outlet = "Example News"
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ..errors import ArchiveError
from ..records import instant, is_address
from .dates import settle
from .formats import FORMATS
from .page import DateLine, Hints
from .zones import hinted_zone

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_hints(values: Mapping[str, object]) -> Hints:
    """Check hints as typed; empty ones are left out. Raises ArchiveError naming the one that is wrong."""
    unknown = sorted(set(values) - set(Hints.__struct_fields__))
    if unknown:
        raise ArchiveError(f"unknown hint {unknown[0]!r}: hints are {', '.join(Hints.__struct_fields__)}")
    given = {name: value for name, value in values.items() if value not in (None, "")}
    date = _date(given.pop("date", None))
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    if len(texts) < len(given):
        name = next(name for name in given if name not in texts)
        raise ArchiveError(f"the hint {name} is not text: put it in quotes")
    return _checked(Hints(date=date, **texts))


def load_hints(page: Path, given: Hints) -> Hints:
    """Add what the file beside a page says to the hints given, which win where both speak."""
    beside = sorted({page.with_name(page.name + ".toml"), page.with_suffix(".toml")} - {page})
    found = [path for path in beside if path.is_file()]
    if not found:
        return given
    if len(found) > 1:
        raise ArchiveError(f"{found[1].name} holds hints for the same page: keep one file", path=found[0])
    try:
        filed = read_hints(tomllib.loads(found[0].read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArchiveError(f"not a TOML file: {error}", path=found[0]) from error
    except ArchiveError as error:
        raise error.at(found[0]) from error
    said = {name: value for name, value in msgspec.structs.asdict(given).items() if value}
    return msgspec.structs.replace(filed, **said)


def _date(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = value.isoformat()
    if isinstance(value, str) and _DATE.fullmatch(value):
        year, month, day = map(int, value.split("-"))
        return settle(DateLine(line=0, printed=value, day=day, month=month, year=year))
    raise ArchiveError(f"the hint date {str(value)!r} is not a date: write YYYY-MM-DD")


def _checked(hints: Hints) -> Hints:
    hinted_zone(hints.zone)
    if hints.captured:
        instant(hints.captured)
    if hints.url and not is_address(hints.url):
        raise ArchiveError(f"the hint url {hints.url!r} is not an address: write https://…")
    if hints.format and hints.format not in FORMATS:
        raise ArchiveError(f"the hint format {hints.format!r} is not known: formats are {', '.join(FORMATS)}")
    return hints
