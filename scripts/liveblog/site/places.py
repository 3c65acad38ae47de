"""Where a build reads and writes."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


class Places(Struct, frozen=True, kw_only=True):
    """Where a build reads and writes; `siteurl` is "" for a site without a fixed address."""

    content: Path
    output: Path
    conf: Path
    cache: Path
    siteurl: str = ""


def places_from(names: Mapping[str, str]) -> Places:
    """Read the places from variables such as the environment's."""
    return Places(
        content=Path(names.get("CONTENT") or "content"),
        output=Path(names.get("OUTPUT") or "output"),
        conf=Path(names.get("CONF") or "pelican.conf.py"),
        cache=Path(names.get("CACHE") or ".cache"),
        siteurl=names.get("SITEURL") or "",
    )
