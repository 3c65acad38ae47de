"""How long the index takes to build, and what of it a change of the archive changes."""

import datetime as dt
import tempfile
import time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from searched_site import to_search_days

from archive import Days
from daybook.incremental.cache import BuildCache
from daybook.search.document import Document
from daybook.search.index import index_files


class Build(Struct, frozen=True):
    """Seconds of a build, the key of each file, and what it wrote and removed after the build before it."""

    seconds: float
    keys: dict[str, bytes]
    written: int
    removed: int
    size: int


class Builds(Struct, frozen=True):
    """Builds one after the other: from nothing, the same again, and after one change each."""

    cold: Build
    unchanged: Build
    day_added: Build
    old_entry: Build
    quarter_begun: Build
    thrice: Build


def measure_builds(days: Days) -> Builds:
    """Build all but the newest day, then with it, with an entry more on an old day, and with a new quarter's first."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        cold = _built(days[:-1], store, {})
        unchanged = _built(days[:-1], store, cold.keys)
        day_added = _built(days, store, cold.keys)
        fuller = _with_an_old_entry(days)
        old_entry = _built(fuller, store, day_added.keys)
        quarter_begun = _built([*fuller, _next_quarter(days)], store, old_entry.keys)
        longer = [day for back in (2, 1, 0) for day in _earlier(days, back)]
        before = _built(longer[:-1], store, {})
        thrice = _built(longer, store, before.keys)
    return Builds(cold, unchanged, day_added, old_entry, quarter_begun, thrice)


def _built(days: Days, store: Path, before: dict[str, bytes]) -> Build:
    """Build as the site does: only files of another key than before are made."""
    searched = to_search_days(days)
    started = time.perf_counter()
    opened = BuildCache(store)
    files = list(index_files(searched, opened))
    sizes = [len(file.render()) for file in files if before.get(file.path) != file.key]
    opened.close()
    keys = {file.path: file.key for file in files}
    seconds = time.perf_counter() - started
    return Build(seconds, keys, len(sizes), len(before.keys() - keys.keys()), sum(sizes))


def _with_an_old_entry(days: Days) -> Days:
    place = len(days) // 3
    date, documents = days[place]
    new = replace(days[place + 40][1][0], date=date, path=f"{documents[0].path}-2")
    return [*days[:place], (date, (documents[0], new, *documents[1:])), *days[place + 1 :]]


def _next_quarter(days: Days) -> tuple[dt.date, tuple[Document, ...]]:
    """Give the newest day once more, as the first of the quarter after it."""
    newest, documents = days[-1]
    begins = dt.date(newest.year + newest.month // 10, (newest.month + 2) // 3 * 3 % 12 + 1, 1)
    return begins, tuple(replace(document, date=begins) for document in documents)


def _earlier(days: Days, times: int) -> Days:
    """Give the archive so many of its own spans earlier."""
    span = (days[-1][0] - days[0][0] + dt.timedelta(days=1)) * times
    return [(date - span, tuple(replace(d, date=date - span) for d in documents)) for date, documents in days]
