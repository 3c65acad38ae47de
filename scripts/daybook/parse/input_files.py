"""Read the files and folders that a maintainer names, one `ParsedFile` for each page.

`parse_files` reads saved pages and web archives, `read_record_files` files of JSON records. Hints come
from the caller and from a TOML file next to each page, ``PAGE.html.toml`` or ``PAGE.toml``.
"""

import datetime as dt
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from math import inf
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import BinaryIO

from msgspec import Struct, convert
from msgspec.structs import asdict, replace

from daybook.core.errors import ArchiveError, printable
from daybook.core.record import Record
from daybook.core.text import check_url, parse_instant
from daybook.core.toml import read_toml
from daybook.parse import parse
from daybook.parse.base.decode import find_encoding
from daybook.parse.base.page import Hints, LineRole, Note, ParsedPage, PrintedDate, RefusedFormatError, Verdict
from daybook.parse.byte_test import may_hold_live_blog
from daybook.parse.containers import MAX_PAGE, MAX_TOTAL, Capture, decompress, is_web_archive, read_captures
from daybook.parse.formats import FORMATS, is_html, read_records, refused_format
from daybook.parse.outlets import OutletDefaults, find_outlet, with_defaults
from daybook.parse.saved_pages import stated_address
from daybook.parse.time.printed import resolve_date
from daybook.parse.time.zones import zone_from_hint

STANDARD_INPUT = "-"  # as a path; a file of this name is ./-
_PROGRESS_MIN_FILES = 20  # with more files, progress is shown on a terminal
_CLEAR_LINE = "\r\x1b[K"  # ECMA-48: carriage return, erase to the end of the line
_STARTS_OBJECT = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]{0,99}\{", re.MULTILINE)  # a line of records
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ParsedFile(Struct, frozen=True, kw_only=True):
    """The result of reading one page or records file.

    Attributes:
        not_understood: The number of unrecognized lines.
        page: None for a records file, and for a page that was refused or not parsed.
        verdict: How the reading ended.
        kind: The kind of the file as shown to people, such as "Telegram export".
        refusal: Why a file in a folder was left out: its kind, or what the byte test found; "" for any other file.
        is_named: Whether a person named the file; others lie in a folder or in a web archive.
    """

    name: str
    records: tuple[Record, ...] = ()
    not_understood: int = 0
    problems: tuple[ArchiveError, ...] = ()
    page: ParsedPage | None = None
    verdict: Verdict = Verdict.READ
    kind: str = ""
    refusal: str = ""
    is_named: bool = True


def parse_files(paths: Iterable[str], hints: Hints, outlets: Sequence[OutletDefaults] = ()) -> Iterator[ParsedFile]:
    """Parse pages one by one; a page that cannot be parsed gives a problem and no records.

    Folders are read recursively, and ``-`` is standard input. `hints` override those in hint files, and both the
    defaults of `outlets`. In folders and web archives, a file that is no page is left out, and HTML that fails the byte
    test is not parsed.
    """
    files = _expand_paths(paths)
    with_progress = len(files) > _PROGRESS_MIN_FILES and sys.stderr.isatty()
    for number, (path, is_named) in enumerate(files, start=1):
        if with_progress:
            _show_progress(f"{number}/{len(files)} {path.name if path else STANDARD_INPUT}")
        for parsed in _parse_file(path, _Task(hints, tuple(outlets), is_named, path)):
            if with_progress:
                _show_progress("")  # the caller may print, and needs an empty line
            yield parsed


class _Task(Struct, frozen=True):
    """How to read a file.

    `is_named` tells whether a person named it, `is_tested` whether its bytes have been tested already.
    """

    hints: Hints
    outlets: tuple[OutletDefaults, ...]
    is_named: bool
    path: Path | None
    is_tested: bool = False


def _expand_paths(paths: Iterable[str]) -> list[tuple[Path | None, bool]]:
    """Replace folders by the files in them, without hint files and hidden files; None is standard input.

    The second value says whether a person named the file itself.
    """
    files: list[tuple[Path | None, bool]] = []
    for name in paths:
        path = None if name == STANDARD_INPUT else Path(name)
        if path and _is_readable_folder(path):
            files += [(each, False) for each in sorted(_files_in(path))]
        else:
            files.append((path, True))
    return files


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield everything in a folder, recursively; `_parse_file` reports what is not a readable file."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if _is_readable_folder(path) and not path.is_symlink():
            if not _holds_parts_of_a_page(path):
                yield from _files_in(path)
        elif path.suffix != ".toml":
            yield path


def _holds_parts_of_a_page(folder: Path) -> bool:
    """Return whether a browser saved the pictures and styles of a page beside it: ``page_files`` of ``page.html``."""
    page = folder.name.rpartition("_")[0]
    return bool(page) and any((folder.parent / f"{page}{ending}").is_file() for ending in (".html", ".htm"))


def _is_readable_folder(path: Path) -> bool:
    return path.is_dir() and os.access(path, os.R_OK | os.X_OK)


def _show_progress(text: str) -> None:
    """Replace the last line of the terminal by a text."""
    fitting = printable(text)[: shutil.get_terminal_size().columns - 1]
    print(f"{_CLEAR_LINE}{fitting}", end="", file=sys.stderr, flush=True)


def _parse_file(path: Path | None, task: _Task) -> Iterator[ParsedFile]:
    """Parse a page or web archive, from standard input if the path is None."""
    name = printable(str(path)) if path else STANDARD_INPUT
    try:
        if path is None:
            data = sys.stdin.buffer.read(MAX_TOTAL + 1)
            if len(data) > MAX_TOTAL:
                raise ArchiveError(
                    f"standard input has more than {MAX_TOTAL:,} bytes; save it as a file and name the file"
                )
            yield from _parse_stream(BytesIO(data), task, name)
            return
        if path.exists() and not path.is_file():
            raise ArchiveError("not a readable file or folder; if it is a link, name its target")
        task = replace(task, hints=load_hints(path, task.hints))
        with path.open("rb") as stream:
            yield from _parse_stream(stream, task, name)
    except (ArchiveError, OSError) as error:
        yield _refused(name, error, task)


def _parse_stream(stream: BinaryIO, task: _Task, name: str) -> Iterator[ParsedFile]:
    """Parse a page or the pages of a web archive, in which pages without an entry are only counted."""
    if not is_web_archive(stream):
        yield _parse_page(stream.read(MAX_PAGE + 1), task, name)
        return
    others = 0
    for capture in read_captures(stream):
        if not capture.fault and not may_hold_live_blog(capture.data, capture.encoding):
            others += 1
            continue
        parsed = parse_capture(capture, name, task.hints, task.outlets, task.path)
        if parsed.records or parsed.problems or parsed.verdict is Verdict.NOT_UNDERSTOOD:
            yield parsed
        else:
            others += 1
    if others:
        page_name = f"{name} (other pages)"
        note = Note(0, f"{others} {'page' if others == 1 else 'pages'} of this web archive without an entry")
        page = ParsedPage(name=page_name, notes=(note,), verdict=Verdict.NO_LIVE_BLOG, kind="web archive")
        yield ParsedFile(name=page_name, page=page, verdict=page.verdict, kind=page.kind, is_named=False)


def parse_capture(
    capture: Capture, archive: str, hints: Hints, outlets: Sequence[OutletDefaults] = (), path: Path | None = None
) -> ParsedFile:
    """Parse a page of a web archive without the byte test; one that cannot be parsed gives a problem and no records.

    Messages call it by `archive` and its address; the outlet can depend on the archive's `path`.
    """
    name = f"{archive} {capture.url}".rstrip()
    page_hints = replace(
        hints,
        url=capture.url or hints.url,
        captured=capture.captured or hints.captured,
        encoding=hints.encoding or capture.encoding,  # a person's word is the cure for a wrong header
    )
    task = _Task(page_hints, tuple(outlets), False, path, is_tested=True)
    try:
        if capture.fault:
            raise ArchiveError(capture.fault)
        parsed = _parse_page(capture.data, task, name)
    except ArchiveError as error:
        return _refused(name, error, task)
    if parsed.page is None:
        return parsed
    origin = f"{PurePath(archive).name} {capture.record}".rstrip()
    return replace(parsed, page=replace(parsed.page, origin=origin))


def _parse_page(data: bytes, task: _Task, name: str) -> ParsedFile:
    if not task.is_named and (reason := _reason_to_leave_out(data, task.is_tested)):
        return _left_out(name, reason)
    outlet = find_outlet(task.outlets, task.path, task.hints.url or stated_address(data)) if task.outlets else None
    try:
        page = parse(data, with_defaults(task.hints, outlet) if outlet else task.hints, name)
    except ArchiveError as error:
        if task.is_named or not isinstance(error.__cause__, RefusedFormatError):
            raise
        return _left_out(name, error.reason)
    if outlet and outlet.lang:
        page = replace(page, records=tuple(replace(each, lang=each.lang or outlet.lang) for each in page.records))
    not_understood = sum(line.role is LineRole.NOT_UNDERSTOOD for line in page.lines)
    return ParsedFile(
        name=name,
        records=page.records,
        not_understood=not_understood,
        problems=page.problems,
        page=page,
        verdict=page.verdict,
        kind=page.kind,
        is_named=task.is_named,
    )


def _left_out(name: str, reason: str) -> ParsedFile:
    """Return the result for a file of a folder that is not read; `reason` is its kind and what to do."""
    kind, _, cure = reason.partition("; ")
    return ParsedFile(
        name=name,
        verdict=Verdict.NO_LIVE_BLOG,
        kind=kind.removeprefix("a ").removeprefix("an ").partition(":")[0],
        refusal=cure,
        is_named=False,
    )


def _reason_to_leave_out(data: bytes, is_tested: bool) -> str:
    """Return why a file in a folder needs no parsing: it is no page, or HTML without the marks of a live blog."""
    if reason := refused_format(data):
        return reason
    if not is_tested and is_html(data) and not may_hold_live_blog(data):
        return "HTML; nothing; if it is a live blog, name the file itself: no times of posts were found in its bytes"
    return ""


def _refused(name: str, error: ArchiveError | OSError, task: _Task | None = None) -> ParsedFile:
    if isinstance(error, OSError):
        error = ArchiveError(error.strerror or "cannot be read")
    is_named = task is None or task.is_named
    return ParsedFile(name=name, problems=(error.at(name),), verdict=Verdict.NOT_UNDERSTOOD, is_named=is_named)


def read_record_files(paths: Iterable[str]) -> Iterator[ParsedFile]:
    """Read files with one JSON record on each line, gzipped or not; ``-`` is standard input.

    There is no limit for the number of records, unlike for a records file among pages.
    """
    for path in paths:
        name = printable(path)
        try:
            data = sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path).read_bytes()
            data = decompress(data, max_size=inf)
            if data and not _STARTS_OBJECT.search(data):
                reason = "no line is a JSON object, so this is not a file of records; name a saved page with PAGES="
                raise ArchiveError(reason, line=1)
            page = read_records(data)
        except (ArchiveError, OSError) as error:
            yield _refused(name, error)
            continue
        problems = tuple(problem.at(name) for problem in page.problems)
        yield ParsedFile(
            name=name, records=page.records, not_understood=len(problems), problems=problems, kind="records"
        )


def load_hints(page: Path, given: Hints) -> Hints:
    """Combine the hints given with those in the hint file of a page; the ones given have priority.

    Raises ArchiveError if the hint file is invalid, or there are two.
    """
    candidates = {page.with_name(page.name + ".toml"), page.with_suffix(".toml")} - {page}
    hint_files = sorted(path for path in candidates if path.is_file())
    if not hint_files:
        return given
    if len(hint_files) > 1:
        raise ArchiveError(f"{hint_files[1].name} has hints for the same page; keep one file", path=hint_files[0])
    try:
        from_file = read_hints(read_toml(hint_files[0], 'write each hint as in zone = "Europe/Berlin"'))
    except ArchiveError as error:
        raise error.at(hint_files[0]) from error
    return replace(from_file, **{name: value for name, value in asdict(given).items() if value})


def read_hints(values: Mapping[str, object]) -> Hints:
    """Convert typed values to hints; empty values are left out.

    Raises ArchiveError if a name is unknown or a value is invalid.
    """
    unknown = sorted(set(values) - set(Hints.__struct_fields__))
    if unknown:
        raise ArchiveError(f"unknown hint {unknown[0]!r}; known: {', '.join(Hints.__struct_fields__)}")
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    for name, value in stated.items():
        try:
            if name == "date":
                stated["date"] = _parse_date(str(value))  # text, or a date in TOML
            elif not isinstance(value, str):
                raise ArchiveError("not text; put it in quotes")
            elif name in _HINT_CHECKS:
                _HINT_CHECKS[name](value)
        except ArchiveError as error:
            raise ArchiveError(f"hint `{name}`: {error.reason}") from None
    return convert(stated, Hints)


def _parse_date(text: str) -> dt.date:
    if not _DATE.fullmatch(text):
        raise ArchiveError(f"invalid date {text!r}; write it as 2023-06-02")
    year, month, day = map(int, text.split("-"))
    return resolve_date(PrintedDate(line=0, printed=text, day=day, month=month, year=year))


def _check_format(name: str) -> None:
    if name not in FORMATS:
        raise ArchiveError(f"unknown format {name!r}; known: {', '.join(FORMATS)}")


def _check_encoding(label: str) -> None:
    if not find_encoding(label):
        raise ArchiveError(f"unknown encoding {label!r}; write a name such as utf-8, windows-1252 or shift_jis")


_HINT_CHECKS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "zone": zone_from_hint,
        "url": check_url,
        "captured": parse_instant,
        "format": _check_format,
        "encoding": _check_encoding,
    }
)
