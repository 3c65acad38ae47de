"""The configuration of one command: the settings file and the paths, loaded once and passed on.

The settings file (``CONF``, usually ``pelican.conf.py``) is a Python program. It is executed once for each
command; everything else reads the resulting `Config`.
"""

import datetime as dt
import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import check_characters

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel contains the theme; in a checkout it lies beside scripts/.
_SHIPPED_THEME = _PACKAGE / "theme" if (_PACKAGE / "theme").is_dir() else _PACKAGE.parents[1] / "theme"


class BuildPaths(Struct, frozen=True, kw_only=True):
    """The paths that a command reads and writes, as its user named them.

    `cache` holds one folder for each `output`. `siteurl` is "" for a site without a fixed address.
    """

    content: Path = Path("content")
    output: Path = Path("output")
    conf: Path = Path("pelican.conf.py")
    cache: Path = Path(".cache")
    siteurl: str = ""


class Config(Struct, frozen=True, kw_only=True):
    """One archive's settings, paths and theme folder.

    Attributes:
        name: The archive's name (SITENAME).
        identity: What the ids in feeds are made of (ARCHIVE_ID); `name` unless set.
        lang: The language of entries that name no other, a BCP 47 tag (DEFAULT_LANG).
        first_day: The date of day 1 (FIRST_DAY).
        zone: The time zone of all headings and pages (TIMEZONE); `zone_name` is its IANA name.
        places: Second clocks, as pairs of place and zone (PLACES).
        repository: The address of the repository on its forge, or "" (REPOSITORY).
        theme: The theme's folder: THEME, relative to the settings file, or the shipped one.
        names: Everything the settings file defined in capital letters, for Pelican.
    """

    name: str
    identity: str
    lang: str
    first_day: dt.date
    zone: ZoneInfo
    zone_name: str
    places: tuple[tuple[str, ZoneInfo], ...]
    repository: str
    theme: Path
    paths: BuildPaths
    names: dict[str, Any]


def paths_from_environment(environ: Mapping[str, str]) -> BuildPaths:
    """Return the paths that the variables CONTENT, OUTPUT, CONF, CACHE and SITEURL name, or their defaults.

    Raises ArchiveError where one contains bytes that are not UTF-8: pages and cache keys contain these paths.
    """
    paths: dict[str, Any] = {}
    for name in BuildPaths.__struct_fields__:
        if text := environ.get(name.upper()):
            try:
                text.encode()
            except UnicodeEncodeError:
                reason = f"{name.upper()}={text} contains bytes that are not UTF-8; rename the folder or file"
                raise ArchiveError(reason) from None
            paths[name] = text if name == "siteurl" else Path(text)
    return BuildPaths(**paths)


def load_config(paths: BuildPaths) -> Config:
    """Execute the settings file once and return the archive's configuration.

    Raises ArchiveError with the file where it is missing, fails, or holds a wrong value.
    """
    conf = paths.conf
    if not conf.is_file():
        raise ArchiveError("no such settings file; name it with CONF=", path=conf)
    # Python would write a compiled copy of the file into the archive's own folder.
    compiling, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        names = runpy.run_path(str(conf))
    except (Exception, SystemExit) as error:  # the file is a program: whatever it raises is its mistake
        reason = ": ".join(filter(None, (type(error).__name__, str(error))))
        raise ArchiveError(f"running this file failed: {reason}; correct it", path=conf) from error
    finally:
        sys.dont_write_bytecode = compiling
    try:
        return config_from_names(names, paths)
    except ArchiveError as error:
        raise error.at(conf) from None


def config_from_names(names: Mapping[str, Any], paths: BuildPaths) -> Config:
    """Check the settings in a dictionary of names, such as Pelican's, and return the configuration."""
    zone_name = _text(names, "TIMEZONE", "UTC")
    name = _text(names, "SITENAME")
    date = _text(names, "FIRST_DAY")
    try:
        first_day = dt.datetime.strptime(date, "%Y-%m-%d").date()
    except ValueError:
        raise ArchiveError(f"FIRST_DAY: invalid date {date!r}; write it as 2022-02-23") from None
    theme = names.get("THEME")
    theme_folder = paths.conf.parent / str(theme) if theme else _SHIPPED_THEME
    if not theme_folder.is_dir():
        raise ArchiveError(f"THEME: {str(theme)!r} is not a folder next to this file; correct it or delete the line")
    return Config(
        name=name,
        identity=_text(names, "ARCHIVE_ID", name),
        lang=_text(names, "DEFAULT_LANG", "en"),
        first_day=first_day,
        zone=known_zone("TIMEZONE", zone_name),
        zone_name=zone_name,
        places=tuple((place, known_zone(f"PLACES: {place}", zone)) for place, zone in _places(names).items()),
        repository=_text(names, "REPOSITORY", ""),
        theme=theme_folder,
        paths=paths,
        names={name: value for name, value in names.items() if name.isupper()},
    )


def _text(names: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = names.get(name, default)
    if not isinstance(value, str) or not (value.strip() or default == ""):
        kind = "text" if default == "" else "non-empty text"
        raise ArchiveError(f'{name} must be {kind}; set it, as in {name} = "…"')
    try:
        check_characters(value)
    except ArchiveError as error:
        raise ArchiveError(f"{name}: {error.reason}") from None
    return value


def _places(names: Mapping[str, Any]) -> dict[str, str]:
    places = names.get("PLACES", {})
    if not isinstance(places, dict) or not all(isinstance(text, str) for pair in places.items() for text in pair):
        raise ArchiveError('PLACES must be a dictionary; write it as {"Kyiv": "Europe/Kyiv"}')
    return {_text({"PLACES": place}, "PLACES"): zone for place, zone in places.items()}


def known_zone(setting: str, name: str) -> ZoneInfo:
    """Return a time zone; raise ArchiveError, which calls it `setting`, if there is none of this name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ArchiveError(f"{setting}: unknown time zone {name!r}; write one such as Europe/Kyiv or UTC") from None
