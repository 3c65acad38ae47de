"""Read an archive's content file by file and report every mistake: what `make check` and the commit hook do.

A build stops at the first mistake; here each file is read by the same functions, and each tells its own.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ..archive import check_moves, day_path, find_day, read_day, read_topic, survey
from ..daybook import load_day
from ..errors import ArchiveError
from ..model import Day
from ..publishing import load_addresses
from ..publishing.addresses import FILE
from ..revisions import carriers
from ..storage import read_text
from ..topics import make_matcher
from .prose import check_prose, read_page_file

KINDS = ("days", "topics", "pages")
_KNOWN = {*KINDS, "ledger", FILE}
Report = Callable[[Exception], None]
T = TypeVar("T")


def check_content(content: Path, report: Report) -> dict[str, int]:
    """Read a whole content folder and report each mistake; return how many files of each kind there are.

    Of one file the first mistake is reported. What only all topics or all days show, such as an alias of two
    topics, is looked for once each of them can be read.
    """
    if content.exists() and not content.is_dir():
        report(ArchiveError("this is a file; name a folder", path=content))
    found = {kind: _files(content / kind, report) for kind in KINDS}
    days = _each(found["days"], lambda name: read_day(find_day(content, name)), report)
    topics = _each(found["topics"], lambda name: read_topic(content, name), report)
    pages = _each(found["pages"], lambda name: read_page_file(content / "pages" / name), report)
    for day in days:
        for error in unknown_sources(day, day_path(content, day.date)):
            report(error)
    if len(days) == len(found["days"]):
        entries = [(day.date, entry) for day in days for entry in day.entries]
        keys = {(date, entry.anchor) for date, entry in entries}
        _each(entries, lambda entry: check_moves(content, [entry], keys), report)
    with reported(report):
        try:
            make_matcher(topics)
        except ArchiveError as error:
            raise error.at(content / "topics") from None
    if len(pages) == len(found["pages"]):
        with reported(report):
            check_prose(content)  # two pages of one address
    with reported(report):
        load_addresses(content)
    return {kind: len(names) for kind, names in found.items()}


def unread(content: Path) -> list[Path]:
    """List what lies in a content folder and belongs to no archive; hidden files do not count."""
    if not content.is_dir():
        return []
    return sorted(path for path in content.iterdir() if path.name not in _KNOWN and not path.name.startswith("."))


def unknown_sources(day: Day, path: Path) -> Iterator[ArchiveError]:
    """Yield an error for each source that an entry names and its day, read from `path`, does not list."""
    listed = {source.key for source in day.sources}
    known = ", ".join(source.key for source in day.sources) or "none"
    for entry in day.entries:
        for key in dict.fromkeys((*carriers(entry), *entry.absent)):
            if key not in listed:
                reason = f"the entry {entry.anchor} names the source {key!r}, and `sources` has {known}"
                line = _line_of(path, entry.anchor, key)
                yield ArchiveError(f"{reason}; correct the name or list the source", path=path, line=line)


def _line_of(path: Path, anchor: str, key: str) -> int:
    """Return the line of an entry's attribute that names a source, 0 if the anchor is not written out."""
    rows = read_text(path).split("\n")
    start = next((number for number, row in enumerate(rows) if row.startswith(f'[anchor]: # "{anchor}"')), len(rows))
    return next((number for number, row in enumerate(rows[start:], start + 1) if f'"{key}"' in row), 0)


def read_file(path: Path) -> None:
    """Read one file of an archive as a build reads it; a mistake is an ArchiveError or an OSError."""
    home = next((folder for folder in path.parents if folder.name in KINDS), None)
    if home is None:
        _ = load_addresses(path.parent) if path.name == FILE else _read_day_alone(path)
        return
    name = path.relative_to(home).as_posix()
    if any(part.startswith(".") for part in name.split("/")):
        return  # no build reads it
    if error := dict(survey(home)).get(name):
        raise error
    if home.name == "days":
        read_day(find_day(home.parent, name))
    elif home.name == "topics":
        read_topic(home.parent, name)
    else:
        read_page_file(path)


def _read_day_alone(path: Path) -> Day:
    try:
        return load_day(read_text(path))
    except ArchiveError as error:
        raise error.at(path) from None


def _files(folder: Path, report: Report) -> list[str]:
    """List the Markdown files of a folder and report whatever else lies there."""
    names = []
    for name, error in survey(folder):
        if error:
            report(error)
        else:
            names.append(name)
    return sorted(names)


def _each(items: Iterable[T], read: Callable[[T], object], report: Report) -> list[Any]:
    """Read each item and report what is wrong with it; return what could be read."""
    results = []
    for item in items:
        with reported(report):
            results.append(read(item))
    return results


@contextmanager
def reported(report: Report) -> Iterator[None]:
    """Report what stops the block, and go on after it."""
    try:
        yield
    except (ArchiveError, OSError) as error:
        report(error)
