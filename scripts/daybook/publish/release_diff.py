"""Compare two releases of an archive: entries that were added, removed or changed."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.publish.release import DATABASE_FILE

Row = dict[str, str | int | None]
_NAMES = {"added": "+", "removed": "-", "changed": "~"}


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry that only one release has, or whose columns differ: their old and new values by name."""

    kind: str  # added, removed or changed
    address: str
    headline: str = ""
    columns: dict[str, tuple[str | int | None, str | int | None]] = {}


def compare_releases(old: Path, new: Path) -> list[Difference]:
    """Return the differences of two releases, in order of addresses.

    Each is a folder of `make release`, or its database. Columns that only one of them has are not compared, nor is
    the absolute address: the releases may be of different hosts or versions.
    """
    before, after = _entries(old), _entries(new)
    differences = []
    for address in sorted(before.keys() | after.keys()):
        one, other = before.get(address), after.get(address)
        headline = str((other or one or {}).get("headline") or "")
        if one is None or other is None:
            kind = "added" if one is None else "removed"
            differences.append(Difference(kind=kind, address=address, headline=headline))
            continue
        names = [name for name in other if name in one and name != "url" and one[name] != other[name]]
        if names:
            columns = {name: (one[name], other[name]) for name in names}
            differences.append(Difference(kind="changed", address=address, headline=headline, columns=columns))
    return differences


def difference_lines(differences: list[Difference], *, as_json: bool) -> Iterator[str]:
    """Yield a line for each difference, and, unless as JSON, one with their numbers."""
    for each in differences:
        if as_json:
            values = {"kind": each.kind, "address": each.address, "headline": each.headline, "columns": each.columns}
            yield json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
        else:
            detail = f" ({', '.join(each.columns)})" if each.columns else ""
            yield f"{_NAMES[each.kind]} {each.address} {each.headline}".rstrip() + detail
    if not as_json:
        counts = Counter(each.kind for each in differences)
        yield ", ".join(f"{counts[kind]} {kind}" for kind in _NAMES)


def _entries(release: Path) -> dict[str, Row]:
    path = release / DATABASE_FILE if release.is_dir() else release
    if not path.is_file():
        raise ArchiveError(f"no release: a folder that make release wrote has {DATABASE_FILE}", path=release)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            return {row["address"]: dict(row) for row in database.execute("SELECT * FROM entries")}
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"this is no database of a release: {error}", path=path) from None
