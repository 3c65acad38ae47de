"""The inputs of a build and their digests: content, settings, theme, code and libraries.

Digests are part of every cache key, so a change of any input invalidates the cache. They contain no path of this
machine: a cache may be moved.
"""

import zoneinfo
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from daybook.archive.content import ADDRESS_LIST, DayFile, find_day_files, list_content_files
from daybook.core.config import Config
from daybook.core.hashing import code_digest, digest, tree_digest
from daybook.incremental.output import FolderState, start_scan


class BuildInputs(Struct, frozen=True):
    """The inputs of one build, found before it begins."""

    days: tuple[DayFile, ...]
    digest: bytes  # of all inputs: if it is equal and the output was not touched, nothing is to be done
    output_state: Callable[[], FolderState]  # waits for the scan of the output folder in the background
    # Tells whether everything but the day files is still as it was: files may be edited while a build reads them.
    are_unchanged: Callable[[], bool]


def find_build_inputs(config: Config) -> BuildInputs:
    """Find and digest all inputs of a build."""
    output_state = start_scan(config.paths.output.resolve())
    days = find_day_files(config.paths.content)
    names = sorted((name, repr(value)) for name, value in config.names.items())
    settings = (config_digest(config), names, config.paths.siteurl, config.paths.content.resolve().name)
    files = _files_digest(config)
    inputs_digest = digest(code_digest(), settings, files, [(day.date, day.digest) for day in days])
    return BuildInputs(days, inputs_digest, output_state, lambda: _files_digest(config) == files)


def config_digest(config: Config) -> bytes:
    """Return a digest of the settings that pages show, with the time zone database's rules of their zones."""
    zones = [config.zone_name, *(zone.key for _, zone in config.places)]
    places = [place for place, _ in config.places]
    return digest(config.name, config.first_day, config.repository, places, zones, list(map(_zone_rules, zones)))


def _files_digest(config: Config) -> bytes:
    """Return a digest of the settings file, the theme, and all content but the day files."""
    content = config.paths.content
    files = [path for name in ("topics", "pages") for path in list_content_files(content / name)]
    if (content / ADDRESS_LIST).exists():
        files.append(content / ADDRESS_LIST)
    contents = [(str(path.relative_to(content)), path.read_bytes()) for path in files]
    return digest(config.paths.conf.read_bytes(), tree_digest(config.theme), contents)


def _zone_rules(zone: str) -> bytes:
    paths = [path for folder in zoneinfo.TZPATH if (path := Path(folder, zone)).is_file()]
    # Without such a file the rules are those of the package tzdata, whose version is part of `code_digest`.
    return paths[0].read_bytes() if paths else b""
