"""Defaults for the pages of an outlet, from ``outlets.toml`` in the content folder: name, time zone and language.

    [[outlet]]
    hosts = ["harbour.example", "live.harbour.example"]
    folders = ["captures/harbour"]
    name = "Harbour Gazette"
    zone = "Europe/Berlin"
    lang = "de"

A page is an outlet's if its address has one of the hosts, or it lies in one of the folders. Options, variables and hint
files have priority over these defaults.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from daybook.core.config import OUTLETS_FILE
from daybook.core.errors import ArchiveError
from daybook.core.toml import convert_toml
from daybook.parse.base.page import Hints
from daybook.parse.time.zones import zone_from_hint

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class OutletDefaults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of all pages of an outlet. `lang` is a language tag (BCP 47)."""

    hosts: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    name: str = ""
    zone: str = ""
    lang: str = ""


class _Outlets(Struct, frozen=True, forbid_unknown_fields=True):
    outlet: tuple[OutletDefaults, ...] = ()


def load_outlets(content: Path) -> tuple[OutletDefaults, ...]:
    """Read ``outlets.toml`` of a content folder, () if there is none; a mistake in it is an ArchiveError."""
    path = content / OUTLETS_FILE
    if not path.is_file():
        return ()
    outlets = convert_toml(path, _Outlets, "write [[outlet]] tables as docs/reading.md shows").outlet
    try:
        for outlet in outlets:
            _check(outlet)
    except ArchiveError as error:
        raise error.at(path) from error
    return outlets


def _check(outlet: OutletDefaults) -> None:
    named = outlet.name or ", ".join(outlet.hosts) or "without a name"
    if not (outlet.hosts or outlet.folders):
        raise ArchiveError(f"the outlet {named!r} has neither `hosts` nor `folders`; add one")
    if outlet.lang and not _LANGUAGE_TAG.fullmatch(outlet.lang):
        raise ArchiveError(
            f"the outlet {named!r} has the invalid `lang` {outlet.lang!r}; write a tag such as en or pt-BR"
        )
    if wrong := [host for host in outlet.hosts if "/" in host or ":" in host]:
        raise ArchiveError(
            f"the outlet {named!r} has the host {wrong[0]!r}; write only the host, such as harbour.example"
        )
    zone_from_hint(outlet.zone)


def find_outlet(outlets: Sequence[OutletDefaults], path: Path | None, address: str) -> OutletDefaults:
    """Return the first outlet that has the host of an address, else the folder of a path; an empty one without any."""
    host = (urlsplit(address).hostname or "").removeprefix("www.") if "//" in address else ""
    for outlet in outlets:
        if host and any(host == each.lower().removeprefix("www.") for each in outlet.hosts):
            return outlet
    folder = f"/{path.resolve().parent.as_posix().strip('/')}/" if path else ""
    for outlet in outlets:
        if folder and any(f"/{each.strip('./')}/" in folder for each in outlet.folders):
            return outlet
    return OutletDefaults()


def with_defaults(hints: Hints, outlet: OutletDefaults) -> Hints:
    """Return hints with an outlet's zone and name where a person says nothing."""
    values = {name: getattr(hints, name) for name in Hints.__struct_fields__}
    return Hints(**{**values, "zone": hints.zone or outlet.zone, "outlet": hints.outlet or outlet.name})
