"""Digests of all that makes a site beside its content: code, libraries, settings, theme.

They are part of every key under which something is kept, so that nothing outlives a change
of what made it. Paths of this machine are no part of them: a cache may move.
"""

import zoneinfo
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from daybook.archive.content import ADDRESS_LIST, DayFile, find_day_files, list_content_files
from daybook.core.config import BuildPaths, Config, execute_config, load_config, theme_folder
from daybook.core.hashing import code_digest, digest, tree_digest
from daybook.incremental.output import FolderState, start_scan


class BuildInputs(Struct, frozen=True):
    """What a build begins with: its day files, a digest of them and of all else, what waits for a look at OUTPUT.

    `hold` tells whether all else is still as it was: it is read while the build runs.
    """

    days: tuple[DayFile, ...]
    digest: bytes
    output_state: Callable[[], FolderState]
    are_unchanged: Callable[[], bool]


def find_build_inputs(places: BuildPaths) -> BuildInputs:
    """Find and digest it all: with equal inputs, a site that is as it was left is as it must be."""
    present = start_scan(places.output.resolve())
    days = find_day_files(places.content)
    rest = _digest_of_rest(places)
    inputs_digest = digest(code_digest(), rest, [(day.date, day.digest) for day in days])
    return BuildInputs(days, inputs_digest, present, lambda: _digest_of_rest(places) == rest)


def _digest_of_rest(places: BuildPaths) -> bytes:
    """Digest settings, theme, topics, pages and published addresses."""
    conf = {name: repr(value) for name, value in execute_config(places.conf).items() if name.isupper()}
    others = [path for name in ("topics", "pages") for path in list_content_files(places.content / name)]
    addresses = places.content / ADDRESS_LIST
    return digest(
        config_digest(load_config(places.conf)),
        (sorted(conf.items()), places.siteurl, places.content.resolve().name),
        tree_digest(theme_folder(places.conf)),
        [(str(path.relative_to(places.content)), path.read_bytes()) for path in others],
        addresses.read_bytes() if addresses.exists() else b"",
    )


def config_digest(settings: Config) -> bytes:
    """Digest the archive's settings, and what the time zone database says of their zones."""
    zones = [settings.zone_name, *(zone.key for _, zone in settings.places)]
    places = [place for place, _ in settings.places]
    return digest(settings.name, settings.first_day, settings.repository, places, zones, list(map(_rules, zones)))


def _rules(zone: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return b""  # from the package tzdata, whose version counts among the libraries
