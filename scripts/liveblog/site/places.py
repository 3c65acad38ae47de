"""Where a build reads and writes."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from ..errors import ArchiveError


class Places(Struct, frozen=True, kw_only=True):
    """Where a build reads and writes; `siteurl` is "" for a site without a fixed address."""

    content: Path
    output: Path
    conf: Path
    cache: Path
    siteurl: str = ""


def places_from(names: Mapping[str, str]) -> Places:
    """Read the places from variables such as the environment's.

    Raises ArchiveError where one holds bytes that are not UTF-8: pages and keys of the cache name these places.
    """
    return Places(
        content=Path(_text(names, "CONTENT") or "content"),
        output=Path(_text(names, "OUTPUT") or "output"),
        conf=Path(_text(names, "CONF") or "pelican.conf.py"),
        cache=Path(_text(names, "CACHE") or ".cache"),
        siteurl=_text(names, "SITEURL"),
    )


def _text(names: Mapping[str, str], name: str) -> str:
    text = names.get(name, "")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArchiveError(f"{name}={text} holds bytes that are not UTF-8; choose another name") from None
    return text
