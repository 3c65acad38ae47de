"""How long the index takes to build, and what of it a new day changes."""

import tempfile
import time
from pathlib import Path

from archive import Days
from msgspec import Struct

from liveblog.search import index_files


class Builds(Struct, frozen=True):
    """Seconds of a build without and with a cache, and the files that one more day adds, alters and removes."""

    cold: float
    unchanged: float
    day_added: float
    added: int
    altered: int
    removed: int
    files: int
    size: int


def measure_builds(days: Days) -> Builds:
    """Build all but the newest day, the same again, and then with it."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        cold, before = _timed(days[:-1], cache)
        unchanged, _ = _timed(days[:-1], cache)
        day_added, after = _timed(days, cache)
    return Builds(
        cold=cold,
        unchanged=unchanged,
        day_added=day_added,
        added=len(after.keys() - before.keys()),
        altered=sum(before[path] != after[path] for path in before.keys() & after.keys()),
        removed=len(before.keys() - after.keys()),
        files=len(after),
        size=sum(map(len, after.values())),
    )


def _timed(days: Days, cache: Path) -> tuple[float, dict[str, bytes]]:
    started = time.perf_counter()
    files = dict(index_files(days, cache))
    return time.perf_counter() - started, files
