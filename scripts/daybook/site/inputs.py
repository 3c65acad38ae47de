"""The inputs of a build and their digests: content, settings, theme, code and libraries.

Digests are part of every cache key, so a change of any input invalidates the cache. They contain no path of this
machine: a cache may be moved.
"""

import os
import re
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from daybook.archive.content import DayFile, FileStat, find_day_files, list_content_files
from daybook.archive.content_check import LISTS
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.files import read_checked, write_checked
from daybook.core.hashing import code_digest, digest, tree_digest
from daybook.core.pictures import FILES_FOLDER
from daybook.incremental.output import BuildState, FolderState, cache_folder, check_folder

STATIC_FOLDER = "images"  # Pelican's STATIC_PATHS, unless the settings name others; `files` is always published
_SETTLED = 2_000_000_000  # nanoseconds after which a file that changes again gets another time, as far as is known
_PACKAGE = Path(__file__).resolve().parents[1]
_MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class BuildInputs(Struct, frozen=True):
    """The inputs of one build, found before it begins."""

    days: tuple[DayFile, ...]
    digest: bytes  # of all inputs: if it is equal and the output was not touched, nothing is to be done
    output_state: Callable[[], FolderState]  # what the output folder contains; waits for a scan in the background
    last_build: BuildState
    is_trusted: bool  # the output folder is taken to be as the last build left it
    # Tells whether everything but the day files is still as it was: files may be edited while a build reads them.
    are_unchanged: Callable[[], bool]


def find_build_inputs(config: Config, last_build: BuildState, *, look: bool) -> BuildInputs:
    """Find and digest all inputs of a build.

    The output is trusted if it has the stamp of the last build, unless `look` asks for a look at all of its files or
    a plugin may write there.
    """
    output = config.paths.output.resolve()
    is_trusted = not look and not config.foreign_plugins and last_build.is_trusted(output)
    output_state = last_build.find_state(output, trust=is_trusted)
    days = _find_day_files(config)
    names = [setting_key(name, value) for name, value in sorted(config.names.items())]
    settings = (content_settings(config), names, config.paths.siteurl, config.paths.content.resolve().name)
    # Functions of the settings file may use modules that it imports.
    code = local_code_digest() if any(callable(value) for value in _values(list(config.names.values()))) else b""
    files = _files_digest(config)
    inputs_digest = digest(code_digest(), code, settings, files, [(day.date, day.digest) for day in days])
    return BuildInputs(
        days, inputs_digest, output_state, last_build, is_trusted, lambda: _files_digest(config) == files
    )


def _find_day_files(config: Config) -> tuple[DayFile, ...]:
    """Return all day files; of those that are as an earlier build found them, only the metadata is read."""
    memo = cache_folder(config.paths.cache, config.paths.output) / "day_files.msgpack"
    known: dict[str, tuple[FileStat, bytes]] = {}
    with suppress(msgspec.DecodeError):
        known = msgspec.msgpack.decode(read_checked(memo), type=dict[str, tuple[FileStat, bytes]])
    # A file that is written twice within the smallest step of the system's times looks as if it were written once.
    newest = time.time_ns() - _SETTLED
    files = find_day_files(config.paths.content, known)
    settled = {
        f"{file.date.year:04}/{file.path.name}": (file.stat, file.digest)
        for file in files
        if max(file.stat.modified, file.stat.changed) < newest
    }
    if settled != known:
        write_checked(memo, msgspec.msgpack.encode(settled))
    return files


def _values(value: object) -> Iterator[object]:
    """Yield a value and, for a dictionary or a list, all values in it."""
    yield value
    if isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _values(item)


def setting_key(name: str, value: object) -> tuple[str, str]:
    """Return a setting in a form that can be compared with that of another build: without addresses in memory."""
    return name, _MEMORY_ADDRESS.sub("", repr(value))


def local_code_digest() -> bytes:
    """Return a digest of the modules that are loaded and belong neither to Daybook nor to an installed library.

    These are what the settings file has imported and, once Pelican has loaded them, the plugins.
    """
    import sysconfig  # noqa: PLC0415 - a build without changes does not need it

    installed = {Path(path).resolve() for name, path in sysconfig.get_paths().items() if name != "data"}
    files: set[Path] = set()
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        path = Path(name or os.devnull).resolve()
        if path.is_file() and not any(path.is_relative_to(folder) for folder in (_PACKAGE, *installed)):
            files.add(path)
    return digest([path.read_bytes() for path in sorted(files)])


def content_settings(config: Config) -> bytes:
    """Return a digest of the settings that days and entries are computed with.

    These are the first day, the time zones, with the rules that the time zone database has for them, and which
    entries have pages. Names and addresses are not among them: they change pages only, and a day's entries need not
    be computed again.
    """
    zones = [config.zone_name, *(zone.key for _, zone in config.places)]
    places = [place for place, _ in config.places]
    return digest(config.first_day, config.entry_pages, places, zones, list(map(_zone_rules, zones)))


def _files_digest(config: Config) -> bytes:
    """Return a digest of the settings file, the theme, and all content but the day files."""
    content = config.paths.content
    files = [path for name in ("topics", "pages") for path in list_content_files(content / name)]
    files += [path for name in LISTS if (path := content / name).exists()]
    contents = [(str(path.relative_to(content)), path.read_bytes()) for path in files]
    others = [folder for folder in config.template_folders if not folder.is_relative_to(config.theme)]
    themes = [tree_digest(folder) for folder in (*config.theme_folders, *others)]
    static = [(name, tree_digest(content / name), _file_bytes(content / name)) for name in published_paths(config)]
    names = (
        sorted(path.name for path in content.iterdir()) if content.is_dir() else []
    )  # for warnings about unknown ones
    return digest(config.paths.conf.read_bytes(), themes, contents, static, names)


def published_paths(config: Config) -> list[str]:
    """Return the paths in the content folder that are published as they are, or as a template: Pelican's settings."""
    return [*static_paths(config), *dict(config.names.get("TEMPLATE_PAGES") or {})]


def static_paths(config: Config) -> list[str]:
    """Return the paths in the content folder whose files are published as they are."""
    named = list(config.names.get("STATIC_PATHS", [STATIC_FOLDER]))
    return named if FILES_FOLDER in named else [*named, FILES_FOLDER]


def _file_bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _zone_rules(zone: str) -> bytes:
    paths = [path for folder in zoneinfo.TZPATH if (path := Path(folder, zone)).is_file()]
    # Without such a file the rules are those of the package tzdata, whose version is part of `code_digest`.
    return paths[0].read_bytes() if paths else b""


def prepare_folders(config: Config) -> None:
    """Check the output folder and create the content folder.

    Raises ArchiveError for an OUTPUT with other files, or that contains an input, because a build removes every file
    there that it did not write; and for one in the content folder.
    """
    check_folder(config.paths.output)
    check_output_is_separate(config)
    if config.paths.output.resolve().is_relative_to(config.paths.content.resolve()):
        reason = f"it lies in CONTENT, {config.paths.content}, which is committed as the archive; name another OUTPUT"
        raise ArchiveError(reason, path=config.paths.output)
    config.paths.content.mkdir(parents=True, exist_ok=True)


def check_output_is_separate(config: Config) -> None:
    """Raise an ArchiveError for an OUTPUT that contains an input."""
    paths, output = config.paths, config.paths.output.resolve()
    inputs = {"CONTENT": paths.content, "CONF": paths.conf, "CACHE": paths.cache, "THEME": config.theme}
    for name, path in inputs.items():
        if path.resolve().is_relative_to(output):
            reason = f"{name} lies in it, {path}, and a build removes what it did not write; name another OUTPUT"
            raise ArchiveError(reason, path=paths.output)
