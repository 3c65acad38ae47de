"""What a maintainer names on the command line → batches of records, with their reports."""

import datetime as dt
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError, printable
from daybook.core.record import Record, load_record
from daybook.core.text import is_url, parse_instant
from daybook.parse import parse
from daybook.parse.base.page import Hints, LineRole, Note, ParsedPage, PrintedDate
from daybook.parse.containers import MAX_PAGE, MAX_TOTAL, is_web_archive, read_captures
from daybook.parse.formats import FORMATS
from daybook.parse.time.printed import resolve_date
from daybook.parse.time.zones import zone_from_hint

STANDARD_INPUT = "-"  # as a path; a file of this name is ./-


_LONG_RUN = 20  # files; a longer run shows on a terminal how far it is


class ParsedFile(Struct, frozen=True, kw_only=True):
    """The result of reading one page or records file.

    `not_understood` counts its unrecognized lines; `page` is None for a records file and for a refused page.
    """

    name: str
    records: tuple[Record, ...] = ()
    not_understood: int = 0
    problems: tuple[ArchiveError, ...] = ()
    page: ParsedPage | None = None


def expand_paths(paths: Iterable[str]) -> list[Path | None]:
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


def parse_files(paths: Iterable[str], given: Hints) -> Iterator[ParsedFile]:
    """Parse pages one by one; a page that is refused is a reading with a problem and no entry."""
    files = expand_paths(paths)
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
    print(f"\r\x1b[K{printable(text)[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)


def _read_file(path: Path, given: Hints) -> Iterator[ParsedFile]:
    """Read the page that a file is, or the pages that a web archive holds."""
    name = printable(str(path))
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


def _read_standard_input(hints: Hints) -> Iterator[ParsedFile]:
    """Read the page, or the web archive, that standard input holds."""
    try:
        data = sys.stdin.buffer.read(MAX_TOTAL + 1)
        if len(data) > MAX_TOTAL:
            raise ArchiveError(f"standard input is over {MAX_TOTAL:,} bytes: save it as a file and name that")
        yield from _read_stream(BytesIO(data), hints, STANDARD_INPUT)
    except ArchiveError as error:
        yield _refused(STANDARD_INPUT, error)


def _read_stream(stream: BinaryIO, hints: Hints, name: str) -> Iterator[ParsedFile]:
    """Read one page, or the pages of a web archive."""
    if is_web_archive(stream):
        yield from _read_captures(stream, hints, name)
    else:
        yield _read_page(stream.read(MAX_PAGE + 1), hints, name)


def _read_captures(stream: BinaryIO, hints: Hints, file: str) -> Iterator[ParsedFile]:
    """Read the live blogs of a web archive; its other pages are counted."""
    others = 0
    for capture in read_captures(stream):
        name = f"{file} {capture.url}".rstrip()
        known = replace(hints, url=capture.url or hints.url, captured=capture.captured or hints.captured)
        try:
            if capture.fault:
                raise ArchiveError(capture.fault)
            reading = _read_page(capture.data, known, name)
        except ArchiveError as error:
            yield _refused(name, error)
            continue
        if reading.records or reading.problems:
            yield reading
        else:
            others += 1
    if others:
        name = f"{file} (other pages)"
        note = Note(0, f"{others} {'page' if others == 1 else 'pages'} of this web archive without an entry")
        yield ParsedFile(name=name, page=ParsedPage(name=name, notes=(note,)))


def _read_page(data: bytes, hints: Hints, name: str) -> ParsedFile:
    page = parse(data, hints, name)
    unclaimed = sum(line.role is LineRole.NOT_UNDERSTOOD for line in page.lines)
    return ParsedFile(name=name, records=page.records, not_understood=unclaimed, problems=page.problems, page=page)


def _refused(name: str, error: ArchiveError) -> ParsedFile:
    return ParsedFile(name=name, problems=(error.at(name),))


def read_record_files(paths: Iterable[str]) -> Iterator[ParsedFile]:
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
        yield ParsedFile(
            name=printable(path), records=tuple(records), not_understood=len(problems), problems=tuple(problems)
        )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArchiveError(error.strerror or "cannot be read", path=path) from None


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_hints(values: Mapping[str, object]) -> Hints:
    """Check hints as typed; empty ones are left out. Raises ArchiveError naming the one that is wrong."""
    unknown = sorted(set(values) - set(Hints.__struct_fields__))
    if unknown:
        raise ArchiveError(f"unknown hint {unknown[0]!r}: hints are {', '.join(Hints.__struct_fields__)}")
    given = {name: value for name, value in values.items() if value not in (None, "")}
    date = _date(given.pop("date", None))
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    if len(texts) < len(given):
        name = next(name for name in given if name not in texts)
        raise ArchiveError(f"the hint {name} is not text: put it in quotes")
    return _checked(Hints(date=date, **texts))


def load_hints(page: Path, given: Hints) -> Hints:
    """Add what the file beside a page says to the hints given, which win where both speak."""
    beside = sorted({page.with_name(page.name + ".toml"), page.with_suffix(".toml")} - {page})
    found = [path for path in beside if path.is_file()]
    if not found:
        return given
    if len(found) > 1:
        raise ArchiveError(f"{found[1].name} holds hints for the same page: keep one file", path=found[0])
    try:
        filed = read_hints(tomllib.loads(found[0].read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArchiveError(f"not a TOML file: {error}", path=found[0]) from error
    except ArchiveError as error:
        raise error.at(found[0]) from error
    said = {name: value for name, value in msgspec.structs.asdict(given).items() if value}
    return msgspec.structs.replace(filed, **said)


def _date(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = value.isoformat()
    if isinstance(value, str) and _DATE.fullmatch(value):
        year, month, day = map(int, value.split("-"))
        return resolve_date(PrintedDate(line=0, printed=value, day=day, month=month, year=year))
    raise ArchiveError(f"the hint date {str(value)!r} is not a date: write YYYY-MM-DD")


def _checked(hints: Hints) -> Hints:
    zone_from_hint(hints.zone)
    if hints.captured:
        parse_instant(hints.captured)
    if hints.url and not is_url(hints.url):
        raise ArchiveError(f"the hint url {hints.url!r} is not an address: write https://…")
    if hints.format and hints.format not in FORMATS:
        raise ArchiveError(f"the hint format {hints.format!r} is not known: formats are {', '.join(FORMATS)}")
    return hints
