"""The configuration of one command: the settings file and the paths, loaded once and passed on.

The settings file (``CONF``, usually ``pelican.conf.py``) is a Python program. It is executed once for each
command; everything else reads the resulting `Config`.
"""

import datetime as dt
import re
import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.publication import Publication, publication_from_names
from daybook.core.text import check_characters

# The form of BCP 47, without its length limits.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
OUTLETS_FILE = "outlets.toml"  # in the content folder: defaults for the pages of an outlet
PLUGIN_NAME = "daybook.site.pelican_plugin"  # of Daybook's own plugin in PLUGINS
_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel contains the theme; in a checkout it lies beside scripts/.
_SHIPPED_THEME = _PACKAGE / "theme" if (_PACKAGE / "theme").is_dir() else _PACKAGE.parents[1] / "theme"


class BuildPaths(Struct, frozen=True, kw_only=True):
    """The paths that a command reads and writes, as its user named them.

    `cache` holds one folder for each `output`. `siteurl` is "" for a site without a fixed address,
    or with the one that the settings name (SITEURL).
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
        interface_lang: The language of the interface (INTERFACE_LANG), or "" for that of the entries if the theme has
            words in it, else English.
        first_day: The date of day 1 (FIRST_DAY).
        zone: The time zone of all headings and pages (TIMEZONE); `zone_name` is its IANA name.
        places: Second clocks, as pairs of place and zone (PLACES).
        repository: The address of the repository on its forge, or "" (REPOSITORY).
        publication: Licence, authors, contact and DOI (LICENSE, AUTHORS, CONTACT, DOI).
        entry_pages: Which entries have a page of their own, "all", "key" or "none" (ENTRY_PAGES).
        cards: Whether days and key entries of a site with an address get a picture for links to them (CARDS).
        theme_folders: Theme folders: for each file, the first that has it is used. The last is a complete theme,
            THEME or the shipped one. Those before it are overlays: the folder `theme` next to the settings file,
            and before it each theme whose folder `templates` is listed in THEME_TEMPLATES_OVERRIDES.
        template_folders: The folders of templates, searched in this order: those of THEME_TEMPLATES_OVERRIDES,
            then the folder `templates` of each theme folder.
        names: Everything the settings file defined in capital letters, for Pelican.
    """

    name: str
    identity: str
    lang: str
    interface_lang: str
    first_day: dt.date
    zone: ZoneInfo
    zone_name: str
    places: tuple[tuple[str, ZoneInfo], ...]
    repository: str
    publication: Publication
    entry_pages: str
    cards: bool
    theme_folders: tuple[Path, ...]
    template_folders: tuple[Path, ...]
    paths: BuildPaths
    names: dict[str, Any]

    @property
    def theme(self) -> Path:
        """Return the folder of the complete theme, the last one."""
        return self.theme_folders[-1]

    @property
    def plugins(self) -> tuple[Any, ...]:
        """Return PLUGINS with Daybook's own plugin, first unless the settings name it: names or modules."""
        plugins = tuple(self.names.get("PLUGINS") or ())
        return plugins if PLUGIN_NAME in plugins else (PLUGIN_NAME, *plugins)

    @property
    def plugin_folders(self) -> tuple[Path, ...]:
        """Return the folders in which plugins are looked for first (PLUGIN_PATHS)."""
        return tuple(self.paths.conf.parent / path for path in self.names.get("PLUGIN_PATHS") or ())

    @property
    def foreign_plugins(self) -> tuple[Any, ...]:
        """Return the plugins that are not Daybook's own."""
        return tuple(plugin for plugin in self.plugins if plugin != PLUGIN_NAME)


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
        _check_paths(names, paths)
        return config_from_names(names, paths)
    except ArchiveError as error:
        raise error.at(conf) from None


def _check_paths(names: Mapping[str, Any], paths: BuildPaths) -> None:
    """Refuse a settings file for Pelican that names a folder other than the one that this command would use."""
    defaults = BuildPaths()
    for setting, field in (("PATH", "content"), ("OUTPUT_PATH", "output"), ("CACHE_PATH", "cache")):
        used, named = getattr(paths, field), names.get(setting)
        if named is None or used != getattr(defaults, field):  # the command line counts more, as in Pelican
            continue
        if not isinstance(named, (str, Path)):
            raise ArchiveError(f"{setting}: {named!r} is not a path; correct it or delete it")
        meant = paths.conf.parent / named
        if meant.resolve() != used.resolve():  # both may be ".cache": one beside the settings file, one here
            reason = f"{setting} is the folder {meant.resolve()}, but this command uses {used.resolve()}"
            raise ArchiveError(f"{reason}; name one folder: {field.upper()}={meant}")


def config_from_names(names: Mapping[str, Any], paths: BuildPaths) -> Config:
    """Check the settings in a dictionary of names, such as Pelican's, and return the configuration."""
    zone_name = _text(names, "TIMEZONE", "UTC")
    name = _text(names, "SITENAME")
    date = _text(names, "FIRST_DAY")
    try:
        first_day = dt.datetime.strptime(date, "%Y-%m-%d").date()
    except ValueError:
        raise ArchiveError(f"FIRST_DAY: invalid date {date!r}; write it as 2022-02-23") from None
    for setting, example in (("PLUGINS", "name_of_a_plugin"), ("PLUGIN_PATHS", "plugins")):
        if not isinstance(names.get(setting) or [], (list, tuple)):
            raise ArchiveError(f'{setting} must be a list; write it as ["{example}"]')
    theme_folders, template_folders = _find_theme(names, paths.conf.parent)
    return Config(
        name=name,
        identity=_text(names, "ARCHIVE_ID", name),
        lang=_language_tag(names, "DEFAULT_LANG", "en"),
        interface_lang=_language_tag(names, "INTERFACE_LANG", ""),
        first_day=first_day,
        zone=known_zone("TIMEZONE", zone_name),
        zone_name=zone_name,
        places=tuple((place, known_zone(f"PLACES: {place}", zone)) for place, zone in _places(names).items()),
        repository=_text(names, "REPOSITORY", ""),
        publication=publication_from_names(names),
        entry_pages=_choice(names, "ENTRY_PAGES", ("all", "key", "none")),
        cards=_switch(names, "CARDS"),
        theme_folders=theme_folders,
        template_folders=template_folders,
        paths=paths if paths.siteurl else replace(paths, siteurl=_text(names, "SITEURL", "")),
        names={name: value for name, value in names.items() if name.isupper()},
    )


def _find_theme(names: Mapping[str, Any], folder: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the theme folders and the template folders of a settings file that lies in `folder`."""
    theme, listed = names.get("THEME"), names.get("THEME_TEMPLATES_OVERRIDES", [])
    base = folder / str(theme) if theme else _SHIPPED_THEME
    if not base.is_dir():
        raise ArchiveError(f"THEME: {str(theme)!r} is not a folder next to this file; correct it or delete the line")
    if not isinstance(listed, (list, tuple)) or not all(isinstance(path, (str, Path)) for path in listed):
        raise ArchiveError('THEME_TEMPLATES_OVERRIDES must be a list; write it as ["my-theme/templates"]')
    overrides = [folder / path for path in listed]
    for path, override in zip(listed, overrides, strict=True):
        if not override.is_dir():
            reason = f"THEME_TEMPLATES_OVERRIDES: {str(path)!r} is not a folder next to this file; create or delete it"
            raise ArchiveError(reason)
    # What lies next to a folder of templates belongs to the same theme, unless it is the archive itself.
    archive = folder.resolve()
    parents = [path.resolve().parent for path in overrides if path.name == "templates"]
    overlays = [parent for parent in parents if not archive.is_relative_to(parent)]
    themes = _without_repetition([*overlays, folder / "theme", base])
    # In a checkout of Daybook the folder next to the settings file is the shipped theme: it is no overlay.
    shipped = _SHIPPED_THEME.resolve()
    themes = [path for path in themes if path.is_dir() and (path.resolve() != shipped or path.samefile(base))]
    templates = _without_repetition([*overrides, *(path / "templates" for path in themes)])
    return tuple(themes), tuple(templates)


def _without_repetition(paths: list[Path]) -> list[Path]:
    """Return the paths without those that a later one repeats: a theme that is listed twice is used last."""
    last: dict[Path, Path] = {}
    for path in reversed(paths):
        last.setdefault(path.resolve(), path)
    return list(last.values())[::-1]


def _text(names: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = names.get(name, default)
    if not isinstance(value, str) or not (value.strip() or default == ""):
        kind = "text" if default == "" else "non-empty text"
        raise ArchiveError(f'{name} must be {kind}; set it, as in {name} = "…"{_misspelled(names, name)}')
    try:
        check_characters(value)
    except ArchiveError as error:
        raise ArchiveError(f"{name}: {error.reason}") from None
    return value


def _choice(names: Mapping[str, Any], name: str, values: tuple[str, ...]) -> str:
    """Return the value of a setting that has a few; the first is the default."""
    value = names.get(name, values[0])
    if not isinstance(value, str) or value not in values:
        raise ArchiveError(f"{name}: {value!r} is none of {', '.join(map(repr, values))}; correct it")
    return value


def _switch(names: Mapping[str, Any], name: str) -> bool:
    """Return the value of a setting that is on unless it is set to False."""
    value = names.get(name, True)
    if not isinstance(value, bool):
        raise ArchiveError(f"{name}: {value!r} is neither True nor False; correct it")
    return value


def _language_tag(names: Mapping[str, Any], name: str, default: str) -> str:
    tag = _text(names, name, default)
    if tag and not _LANGUAGE_TAG.fullmatch(tag):
        raise ArchiveError(f"{name}: {tag!r} is not a language tag; write it like en or pt-BR")
    return tag


def _misspelled(names: Mapping[str, Any], name: str) -> str:
    """Return the end of a message about a missing setting: which name of the file is probably meant to be it."""
    import difflib  # noqa: PLC0415 - only for a message

    others = [other for other in names if other.isupper() and other != name] if name not in names else []
    similar = difflib.get_close_matches(name, others, n=1, cutoff=0.8)
    return f" instead of {similar[0]}" if similar else ""


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
