"""The list of published addresses, ``content/addresses.txt``, and what a new site lacks of it.

One address a line from the site's root, pages and entries, in the order of their code points:

    /
    /2023/06/02/
    /2023/06/02/#t1329
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import ArchiveError
from ..storage import read_text

FILE = "addresses.txt"
_ADDRESS = re.compile(r"/\S*")


def load_addresses(content: Path) -> frozenset[str]:
    """Read an archive's list; without the file nothing has been published."""
    path = content / FILE
    if not (path.exists() or path.is_symlink()):
        return frozenset()
    rows = [row.rstrip() for row in read_text(path).split("\n")]
    for number, row in enumerate(rows, start=1):
        if row and not _ADDRESS.fullmatch(row):
            reason = f"not an address: {row[:60]!r}; write one a line, such as /2023/06/02/#t1329"
            raise ArchiveError(reason, path=path, line=number)
    if not any(rows):
        raise ArchiveError("the list is empty; bring it back, or delete it where nothing was published", path=path)
    return frozenset(row for row in rows if row)


def dump_addresses(addresses: Iterable[str]) -> bytes:
    """Write a list: same addresses, same bytes."""
    return "".join(f"{address}\n" for address in sorted(addresses)).encode()


def lost(published: frozenset[str], present: frozenset[str]) -> tuple[str, ...]:
    """Give the published addresses that nothing answers any more, sorted."""
    return tuple(sorted(published - present))


def refusals(content: Path, published: frozenset[str], present: frozenset[str]) -> Iterator[ArchiveError]:
    """Say of each lost address what brings it back."""
    trace = "make withdraw or make move for an entry, former: in the file of a renamed topic"
    for address in lost(published, present):
        reason = f"{address} was published and is gone; bring it back, or leave a trace: {trace}"
        yield ArchiveError(reason, path=content / FILE)
