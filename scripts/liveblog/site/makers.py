"""Digests of all that makes a site beside its content: code, libraries, settings, theme.

They are part of every key under which something is kept, so that nothing outlives a change
of what made it. Paths of this machine are no part of them: a cache may move.
"""

import sys
import unicodedata
import zoneinfo
from collections.abc import Callable
from functools import cache
from pathlib import Path

from msgspec import Struct

from ..archive import DayFile, content_files, find_days
from ..publishing.addresses import FILE
from ..settings import Settings, load_names, load_settings, theme_folder
from ..sitefile import key_of, tree_digest
from .last_build import Present, begin_scan
from .places import Places

_CODE = Path(__file__).resolve().parents[1]


@cache  # what runs does not change while it runs
def code_digest() -> bytes:
    """Digest this package, the interpreter's version, and every library that is installed beside it."""
    folders = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
    libraries = sorted({path.name for folder in folders for path in folder.glob("*.dist-info")})
    return key_of(tree_digest(_CODE, ".py"), sys.version, unicodedata.unidata_version, libraries)


class Inputs(Struct, frozen=True):
    """What a build begins with: its day files, a digest of them and of all else, what waits for a look at OUTPUT.

    `hold` tells whether all else is still as it was: it is read while the build runs.
    """

    days: tuple[DayFile, ...]
    digest: bytes
    present: Callable[[], Present]
    hold: Callable[[], bool]


def find_inputs(places: Places) -> Inputs:
    """Find and digest it all: with equal inputs, a site that is as it was left is as it must be."""
    present = begin_scan(places.output.resolve())
    days = find_days(places.content)
    rest = _digest_of_rest(places)
    digest = key_of(code_digest(), rest, [(day.date, day.digest) for day in days])
    return Inputs(days, digest, present, lambda: _digest_of_rest(places) == rest)


def _digest_of_rest(places: Places) -> bytes:
    """Digest settings, theme, topics, pages and published addresses."""
    conf = {name: repr(value) for name, value in load_names(places.conf).items() if name.isupper()}
    others = [path for name in ("topics", "pages") for path in content_files(places.content / name)]
    addresses = places.content / FILE
    return key_of(
        settings_digest(load_settings(places.conf)),
        (sorted(conf.items()), places.siteurl, places.content.resolve().name),
        tree_digest(theme_folder(places.conf)),
        [(str(path.relative_to(places.content)), path.read_bytes()) for path in others],
        addresses.read_bytes() if addresses.exists() else b"",
    )


def settings_digest(settings: Settings) -> bytes:
    """Digest the archive's settings, and what the time zone database says of their zones."""
    zones = [settings.zone_name, *(zone.key for _, zone in settings.places)]
    places = [place for place, _ in settings.places]
    return key_of(settings.name, settings.first_day, settings.repository, places, zones, list(map(_rules, zones)))


def _rules(zone: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return b""  # from the package tzdata, whose version counts among the libraries
