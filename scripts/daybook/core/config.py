"""The archive's settings: the few names of CONF that are ours, read without Pelican."""

import datetime as dt
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import check_characters

_THEME = Path(__file__).resolve().parents[3] / "theme"


class Config(Struct, frozen=True, kw_only=True):
    """What makes an archive this one and not another.

    `identity` is what ids in feeds are made of, `lang` the language of the entries,
    `first_day` the date of day 1, `zone` the one zone of all headings and pages,
    `places` the second clocks (name, zone), `repository` the forge's address or "".
    """

    name: str
    identity: str
    lang: str
    first_day: dt.date
    zone: ZoneInfo
    zone_name: str
    places: tuple[tuple[str, ZoneInfo], ...] = ()
    repository: str = ""


def execute_config(conf: Path) -> dict[str, Any]:
    """Execute the configuration file `conf` and return all its names."""
    if not conf.is_file():
        raise ArchiveError("no such settings file; name it with CONF=", path=conf)
    try:
        return runpy.run_path(str(conf))
    except (Exception, SystemExit) as error:  # the file is a program: whatever it raises is its mistake
        raise ArchiveError(f"cannot be executed: {type(error).__name__}: {error}", path=conf) from error


def theme_folder(conf: Path) -> Path:
    """Give the folder of the theme that `conf` names, or of the one that comes with Daybook."""
    named = execute_config(conf).get("THEME")
    folder = conf.parent / str(named) if named else _THEME
    if not folder.is_dir():
        raise ArchiveError(f"THEME {str(named)!r} is no folder beside this file; correct it or delete it", path=conf)
    return folder


def load_config(conf: Path) -> Config:
    """Execute the configuration file `conf` and return the archive's part of it."""
    names = execute_config(conf)
    try:
        return config_from_names(names)
    except ArchiveError as error:
        raise error.at(conf) from None


def config_from_names(names: dict[str, Any]) -> Config:
    """Check the archive's settings in a dictionary of names, such as Pelican's."""
    zone_name = _text(names, "TIMEZONE", "UTC")
    name = _text(names, "SITENAME")
    return Config(
        name=name,
        identity=_text(names, "ARCHIVE_ID", name),
        lang=_text(names, "DEFAULT_LANG", "en"),
        first_day=_date(_text(names, "FIRST_DAY")),
        zone=_zone(zone_name),
        zone_name=zone_name,
        places=tuple((place, _zone(zone)) for place, zone in _places(names).items()),
        repository=_text(names, "REPOSITORY", ""),
    )


def _text(names: dict[str, Any], name: str, default: str | None = None) -> str:
    value = names.get(name, default)
    if not isinstance(value, str) or not (value.strip() or default == ""):
        raise ArchiveError(f"{name} is missing or is not text")
    try:
        check_characters(value)
    except ArchiveError as error:
        raise ArchiveError(f"{name}: {error.reason}") from None
    return value


def _places(names: dict[str, Any]) -> dict[str, str]:
    places = names.get("PLACES", {})
    if not isinstance(places, dict) or not all(isinstance(text, str) for pair in places.items() for text in pair):
        raise ArchiveError('PLACES must be a dictionary such as {"Kyiv": "Europe/Kyiv"}')
    return {_text({"PLACES": place}, "PLACES"): zone for place, zone in places.items()}


def _date(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise ArchiveError(f"FIRST_DAY {text!r} is not a date; write it as 2022-02-23") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ArchiveError(f"unknown time zone {name!r}; write a name such as Europe/Kyiv or UTC") from None


class BuildPaths(Struct, frozen=True, kw_only=True):
    """Where a build reads and writes; `siteurl` is "" for a site without a fixed address."""

    content: Path
    output: Path
    conf: Path
    cache: Path
    siteurl: str = ""


def paths_from_environment(names: Mapping[str, str]) -> BuildPaths:
    """Read the places from variables such as the environment's.

    Raises ArchiveError where one holds bytes that are not UTF-8: pages and keys of the cache name these places.
    """
    return BuildPaths(
        content=Path(_variable(names, "CONTENT") or "content"),
        output=Path(_variable(names, "OUTPUT") or "output"),
        conf=Path(_variable(names, "CONF") or "pelican.conf.py"),
        cache=Path(_variable(names, "CACHE") or ".cache"),
        siteurl=_variable(names, "SITEURL"),
    )


def _variable(names: Mapping[str, str], name: str) -> str:
    text = names.get(name, "")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArchiveError(f"{name}={text} holds bytes that are not UTF-8; choose another name") from None
    return text
