"""The archive's settings: the few names of CONF that are ours, read without Pelican."""

import datetime as dt
import runpy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from .characters import check_text
from .errors import ArchiveError

_THEME = Path(__file__).resolve().parents[2] / "theme"


class Settings(Struct, frozen=True, kw_only=True):
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


def load_names(conf: Path) -> dict[str, Any]:
    """Execute the configuration file `conf` and return all its names."""
    if not conf.is_file():
        raise ArchiveError("no such settings file; name it with CONF=", path=conf)
    try:
        return runpy.run_path(str(conf))
    except (Exception, SystemExit) as error:  # the file is a program: whatever it raises is its mistake
        raise ArchiveError(f"cannot be executed: {type(error).__name__}: {error}", path=conf) from error


def theme_folder(conf: Path) -> Path:
    """Give the folder of the theme that `conf` names, or of the one that comes with Daybook."""
    named = load_names(conf).get("THEME")
    folder = conf.parent / str(named) if named else _THEME
    if not folder.is_dir():
        raise ArchiveError(f"THEME {str(named)!r} is no folder beside this file; correct it or delete it", path=conf)
    return folder


def load_settings(conf: Path) -> Settings:
    """Execute the configuration file `conf` and return the archive's part of it."""
    names = load_names(conf)
    try:
        return settings_from(names)
    except ArchiveError as error:
        raise error.at(conf) from None


def settings_from(names: dict[str, Any]) -> Settings:
    """Check the archive's settings in a dictionary of names, such as Pelican's."""
    zone_name = _text(names, "TIMEZONE", "UTC")
    name = _text(names, "SITENAME")
    return Settings(
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
        check_text(value)
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
