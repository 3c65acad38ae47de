"""How large a site may be: GitHub Pages serves 1 GB at most, and a browser one file at a time."""

from collections.abc import Iterator
from pathlib import Path

from ..errors import ArchiveError

MEGABYTE = 1_000_000
SITE = 900 * MEGABYTE
FILE = 50 * MEGABYTE


def over_budget(output: Path, *, site: int = SITE, file: int = FILE) -> Iterator[ArchiveError]:
    """Name what is too large in a built site; limits in bytes."""
    total = 0
    for path in sorted(output.rglob("*")):
        size = path.stat().st_size if path.is_file() else 0
        total += size
        if size > file:
            reason = f"{_megabytes(size)} in one file, over the budget of {_megabytes(file)}"
            yield ArchiveError(f"{reason}; give the archive's next years a site of their own", path=path)
    if total > site:
        reason = f"the site has {_megabytes(total)}, over the budget of {_megabytes(site)}"
        yield ArchiveError(f"{reason}; give the archive's next years a site of their own", path=output)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
