"""Report every mistake in the content folder, for `make check` and the commit hook.

A build stops at the first mistake. Here each file is read by the same functions as in a build, and each is reported.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from daybook.archive.content import (
    ADDRESS_LIST,
    check_moved_entries,
    check_page_files,
    day_file_path,
    find_day_file,
    load_addresses,
    load_day_file,
    read_day_with_lines,
    read_page_file,
    read_topic,
    scan_content_folder,
)
from daybook.archive.topics import build_topic_matcher
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, carrying_sources

KINDS = ("days", "topics", "pages")
_KNOWN_NAMES = (*KINDS, "ledger", ADDRESS_LIST)
_LIKENESS = 0.8  # of a misspelled name, such as topic, to the one that was meant
Report = Callable[[Exception], None]
T = TypeVar("T")


def check_content(content: Path, report: Report) -> dict[str, int]:
    """Read a whole content folder and report each mistake; return the number of files of each kind.

    Only the first mistake of a file is reported. Mistakes between files, such as an alias of two topics, are
    looked for where all of these files can be read.
    """
    if content.exists() and not content.is_dir():
        report(ArchiveError("this is a file; name a folder", path=content))
    names = {kind: _list_files(content / kind, report) for kind in KINDS}
    days = _for_each(names["days"], lambda name: read_day_with_lines(find_day_file(content, name)), report)
    topics = _for_each(names["topics"], lambda name: read_topic(content, name), report)
    pages = _for_each(names["pages"], lambda name: read_page_file(content / "pages" / name), report)
    for day, lines in days:
        _report_unknown_sources(day, lines, day_file_path(content, day.date), report)
    if len(days) == len(names["days"]):
        entries = [(day.date, entry) for day, _ in days for entry in day.entries]
        keys = {(date, entry.anchor) for date, entry in entries}
        _for_each(entries, lambda entry: check_moved_entries(content, [entry], keys), report)
    with collect_errors(report):
        try:
            build_topic_matcher(topics)
        except ArchiveError as error:
            raise error.at(content / "topics") from None
    if len(pages) == len(names["pages"]):
        with collect_errors(report):
            check_page_files(content)  # two pages with one address
    with collect_errors(report):
        load_addresses(content)
    return {kind: len(files) for kind, files in names.items()}


def find_unknown_files(content: Path, published: Iterable[str] = ()) -> tuple[list[ArchiveError], list[str]]:
    """Find the files and folders in a content folder that no command reads, apart from hidden ones.

    `published` are paths in the folder that are published as they are (STATIC_PATHS). Returns errors for those that
    are probably misspelled, such as ``topic/``, and warnings for the others.
    """
    errors: list[ArchiveError] = []
    warnings: list[str] = []
    paths = {PurePosixPath(name) for name in published}
    folders = [content] if content.is_dir() else []
    while folders:
        for path in sorted(folders.pop().iterdir()):
            name = PurePosixPath(path.relative_to(content).as_posix())
            if name in paths or path.name.startswith(".") or name.as_posix() in _KNOWN_NAMES:
                continue
            if any(name in other.parents for other in paths):
                folders.append(path)
                continue
            meant = difflib.get_close_matches(name.as_posix().lower(), _KNOWN_NAMES, n=1, cutoff=_LIKENESS)
            kind = "folder" if path.is_dir() else "file"
            if meant:
                errors.append(ArchiveError(f"this {kind} is not read; rename it to {meant[0]}", path=path))
            else:
                cure = f"add {name.as_posix()!r} to STATIC_PATHS to publish it, or move it to days/, topics/ or pages/"
                warnings.append(str(ArchiveError(f"this {kind} is ignored; {cure}", path=path)))
    return errors, warnings


def check_file(path: Path) -> None:
    """Read one file of the content folder as a build does; a mistake is an ArchiveError or an OSError."""
    folder = next((folder for folder in path.parents if folder.name in KINDS), None)
    if folder is None:
        _ = load_addresses(path.parent) if path.name == ADDRESS_LIST else load_day_file(path.read_bytes(), path)
        return
    name = path.relative_to(folder).as_posix()
    if any(part.startswith(".") for part in name.split("/")):
        return  # no build reads it
    if error := dict(scan_content_folder(folder)).get(name):
        raise error
    match folder.name:
        case "days":
            read_day_with_lines(find_day_file(folder.parent, name))
        case "topics":
            read_topic(folder.parent, name)
        case "pages":
            read_page_file(path)


def _list_files(folder: Path, report: Report) -> list[str]:
    """Return the sorted names of the Markdown files of a folder; report all others."""
    files = dict(scan_content_folder(folder))
    for error in filter(None, files.values()):
        report(error)
    return sorted(name for name, error in files.items() if not error)


def _report_unknown_sources(day: Day, lines: dict[str, int], path: Path, report: Report) -> None:
    """Report each source that an entry names and its day does not list."""
    listed = [source.key for source in day.sources]
    for entry in day.entries:
        for key in dict.fromkeys((*carrying_sources(entry), *entry.missing_from)):
            if key not in listed:
                known = ", ".join(listed) or "none"
                reason = f"entry {entry.anchor} refers to source {key!r}, which is not in `sources` ({known})"
                reason += "; correct the key or add the source"
                report(ArchiveError(reason, path=path, line=lines[entry.anchor]))


def _for_each(items: Iterable[T], read: Callable[[T], object], report: Report) -> list[Any]:
    """Return what `read` returns for each item; report the items at which it fails."""
    results = []
    for item in items:
        with collect_errors(report):
            results.append(read(item))
    return results


@contextmanager
def collect_errors(report: Report) -> Iterator[None]:
    """Report the error that ends the block, and continue after it."""
    try:
        yield
    except (ArchiveError, OSError) as error:
        report(error)
