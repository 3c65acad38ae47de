"""What a maintainer names on the command line → batches of records, with their reports."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from .errors import ArchiveError
from .ingest import Batch
from .parsing import Fate, Hints, Page, load_hints, parse
from .records import Record, load_record


class Reading(Struct, frozen=True, kw_only=True):
    """A file that was read: its batch, what was wrong, and the page where it was one."""

    batch: Batch
    problems: tuple[ArchiveError, ...] = ()
    page: Page | None = None


def page_files(paths: Iterable[str]) -> list[Path]:
    """List the pages named; a folder is read whole, hint files and hidden files aside."""
    files: list[Path] = []
    for path in map(Path, paths):
        inside = sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]
        files += [
            found for found in inside if found == path or not (found.suffix == ".toml" or found.name.startswith("."))
        ]
    return files


def read_pages(paths: Iterable[str], given: Hints) -> Iterator[Reading]:
    """Parse pages one by one; a page that is refused is a reading with a problem and no entry."""
    for path in page_files(paths):
        try:
            page = parse(_bytes(path), load_hints(path, given), str(path))
        except ArchiveError as error:
            yield Reading(batch=Batch(name=str(path), records=()), problems=(error.at(path),))
            continue
        unclaimed = sum(line.fate is Fate.NOT_UNDERSTOOD for line in page.lines)
        batch = Batch(name=str(path), records=page.records, not_understood=unclaimed)
        yield Reading(batch=batch, problems=page.problems, page=page)


def read_record_files(paths: Iterable[str]) -> Iterator[Reading]:
    """Read JSON Lines files (``-`` is standard input); each bad line is a problem of its own."""
    for path in paths:
        records: list[Record] = []
        problems: list[ArchiveError] = []
        try:
            data = sys.stdin.buffer.read() if path == "-" else _bytes(Path(path))
        except ArchiveError as error:
            data = b""
            problems.append(error)
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                records.append(load_record(line))
            except ArchiveError as error:
                problems.append(ArchiveError(error.reason, path=path, line=number))
        unclaimed = len(problems)
        batch = Batch(name=path, records=tuple(records), not_understood=unclaimed)
        yield Reading(batch=batch, problems=tuple(problems))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArchiveError(error.strerror or "cannot be read", path=path) from None
