"""What a maintainer names on the command line → batches of records, with their reports."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from .errors import ArchiveError, visible
from .ingest import Batch
from .parsing import MAX_PAGE, Fate, Hints, Note, Page, captures, is_web_archive, load_hints, parse
from .parsing.webarchive import MAX_TOTAL
from .records import Record, load_record

STANDARD_INPUT = "-"  # as a path; a file of this name is ./-
_LONG_RUN = 20  # files; a longer run shows on a terminal how far it is


class Reading(Struct, frozen=True, kw_only=True):
    """A page or file that was read: its batch, what was wrong, and the page where it was one."""

    batch: Batch
    problems: tuple[ArchiveError, ...] = ()
    page: Page | None = None


def page_files(paths: Iterable[str]) -> list[Path | None]:
    """List the pages named; a folder is read whole, hint files and all that is hidden aside.

    None stands for standard input.
    """
    files: list[Path | None] = []
    for name in paths:
        path = Path(name)
        if name == STANDARD_INPUT:
            files.append(None)
        else:
            files += sorted(_inside(path)) if _is_open(path) else [path]
    return files


def _inside(folder: Path) -> Iterator[Path]:
    """Give what lies in a folder, also what cannot be read as a page: `_read_file` says why."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if _is_open(path) and not path.is_symlink():
            yield from _inside(path)
        elif path.suffix != ".toml":
            yield path


def _is_open(path: Path) -> bool:
    return path.is_dir() and os.access(path, os.R_OK | os.X_OK)


def read_pages(paths: Iterable[str], given: Hints) -> Iterator[Reading]:
    """Parse pages one by one; a page that is refused is a reading with a problem and no entry."""
    files = page_files(paths)
    shown = len(files) > _LONG_RUN and sys.stderr.isatty()
    for number, path in enumerate(files, start=1):
        if shown:
            _show(f"{number}/{len(files)} {path.name if path else STANDARD_INPUT}")
        for reading in _read_file(path, given) if path else _read_standard_input(given):
            if shown:
                _show("")  # what is printed of the reading begins on a clean line
            yield reading


def _show(text: str) -> None:
    """Put a text in place of the terminal's last line."""
    print(f"\r\x1b[K{visible(text)[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)


def _read_file(path: Path, given: Hints) -> Iterator[Reading]:
    """Read the page that a file is, or the pages that a web archive holds."""
    name = visible(str(path))
    try:
        if path.exists() and not path.is_file():
            raise ArchiveError("neither a file nor a folder to be read; name what it leads to, or move it away")
        hints = load_hints(path, given)
        with path.open("rb") as stream:
            yield from _read_stream(stream, hints, name)
    except ArchiveError as error:
        yield _refused(name, error)
    except OSError as error:
        yield _refused(name, ArchiveError(error.strerror or "cannot be read"))


def _read_standard_input(hints: Hints) -> Iterator[Reading]:
    """Read the page, or the web archive, that standard input holds."""
    try:
        data = sys.stdin.buffer.read(MAX_TOTAL + 1)
        if len(data) > MAX_TOTAL:
            raise ArchiveError(f"standard input is over {MAX_TOTAL:,} bytes: save it as a file and name that")
        yield from _read_stream(BytesIO(data), hints, STANDARD_INPUT)
    except ArchiveError as error:
        yield _refused(STANDARD_INPUT, error)


def _read_stream(stream: BinaryIO, hints: Hints, name: str) -> Iterator[Reading]:
    """Read one page, or the pages of a web archive."""
    if is_web_archive(stream):
        yield from _read_captures(stream, hints, name)
    else:
        yield _read_page(stream.read(MAX_PAGE + 1), hints, name)


def _read_captures(stream: BinaryIO, hints: Hints, file: str) -> Iterator[Reading]:
    """Read the live blogs of a web archive; its other pages are counted."""
    others = 0
    for capture in captures(stream):
        name = f"{file} {capture.url}".rstrip()
        known = replace(hints, url=capture.url or hints.url, captured=capture.captured or hints.captured)
        try:
            if capture.fault:
                raise ArchiveError(capture.fault)
            reading = _read_page(capture.data, known, name)
        except ArchiveError as error:
            yield _refused(name, error)
            continue
        if reading.batch.records or reading.problems:
            yield reading
        else:
            others += 1
    if others:
        name = f"{file} (other pages)"
        note = Note(0, f"{others} {'page' if others == 1 else 'pages'} of this web archive without an entry")
        yield Reading(batch=Batch(name=name, records=()), page=Page(name=name, notes=(note,)))


def _read_page(data: bytes, hints: Hints, name: str) -> Reading:
    page = parse(data, hints, name)
    unclaimed = sum(line.fate is Fate.NOT_UNDERSTOOD for line in page.lines)
    batch = Batch(name=name, records=page.records, not_understood=unclaimed)
    return Reading(batch=batch, problems=page.problems, page=page)


def _refused(name: str, error: ArchiveError) -> Reading:
    return Reading(batch=Batch(name=name, records=()), problems=(error.at(name),))


def read_record_files(paths: Iterable[str]) -> Iterator[Reading]:
    """Read JSON Lines files (``-`` is standard input); each bad line is a problem of its own."""
    for path in paths:
        records: list[Record] = []
        problems: list[ArchiveError] = []
        try:
            data = sys.stdin.buffer.read() if path == STANDARD_INPUT else _bytes(Path(path))
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
        batch = Batch(name=visible(path), records=tuple(records), not_understood=unclaimed)
        yield Reading(batch=batch, problems=tuple(problems))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArchiveError(error.strerror or "cannot be read", path=path) from None
