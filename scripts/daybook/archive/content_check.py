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
    check_zone,
    day_file_path,
    find_day_file,
    find_day_files,
    load_addresses,
    load_day_file,
    read_day_with_lines,
    read_page_file,
    read_page_files,
    read_topic,
    scan_content_folder,
)
from daybook.archive.credits import has_old_credits
from daybook.archive.day_sources import canonical_keys, live_blogs
from daybook.archive.pairing import find_repeated
from daybook.archive.published_files import (
    PublishedFile,
    check_picture_paths,
    pictures_in,
    pictures_of_day,
    published_files,
)
from daybook.archive.stored_posts import Span, capture_spans, stored_post
from daybook.archive.story_files import STORY_ADDRESSES, STORY_RULES, load_story_addresses, load_story_rules
from daybook.archive.topics import build_topic_matcher
from daybook.archive.turning_points import TURNING_POINTS, load_turning_points
from daybook.core.config import OUTLETS_FILE
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, Entry, carrying_sources
from daybook.core.pictures import FILES_FOLDER, find_pictures

KINDS = ("days", "topics", "pages")
# Files of the content folder itself.
LISTS = (ADDRESS_LIST, STORY_ADDRESSES, STORY_RULES, TURNING_POINTS)
_KNOWN_NAMES = (*KINDS, "ledger", FILES_FOLDER, OUTLETS_FILE, *LISTS)
_LIKENESS = 0.8  # of a misspelled name, such as topic, to the one that was meant
Report = Callable[[Exception], None]
T = TypeVar("T")


def check_content(content: Path, report: Report, zone: str = "") -> dict[str, int]:
    """Read a whole content folder and report each mistake; return the number of files of each kind.

    `zone` is the archive's time zone, if it is known. Only the first mistake of a file is reported. Mistakes between
    files, such as an alias of two topics, are looked for where all of these files can be read.
    """
    if content.exists() and not content.is_dir():
        report(ArchiveError("this is a file; name a folder", path=content))
    names = {kind: _list_files(content / kind, report) for kind in KINDS}
    days = _for_each(names["days"], lambda name: read_day_with_lines(find_day_file(content, name)), report)
    topics = _for_each(names["topics"], lambda name: read_topic(content, name), report)
    pages = _for_each(names["pages"], lambda name: read_page_file(content / "pages" / name), report)
    for day, _ in days:
        if zone:
            with collect_errors(report):
                check_zone(day, zone, day_file_path(content, day.date))
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
            read_page_files(content)  # two pages with one address
    prose = [(content / "pages" / name, html) for name, (html, _) in zip(names["pages"], pages, strict=False)]
    _check_pictures(content, days, topics, prose if len(pages) == len(names["pages"]) else [], report)
    from daybook.parse.outlets import load_outlets  # noqa: PLC0415 - a build does not need the readers of pages

    for load in (load_addresses, load_outlets, load_story_addresses, load_story_rules, load_turning_points):
        with collect_errors(report):
            load(content)
    return {kind: len(files) for kind, files in names.items()}


def _check_pictures(
    content: Path, days: list[Any], topics: list[Any], prose: list[tuple[Path, str]], report: Report
) -> None:
    """Report each file of ``content/files`` that may not be published, and each picture that is not there."""
    found = list(published_files(content))
    for error in (each for each in found if isinstance(each, ArchiveError)):
        report(error)
    # A picture with a mistake is there, and has been reported.
    known = {str(error.path) for error in found if isinstance(error, ArchiveError)}
    paths = {each.path for each in found if isinstance(each, PublishedFile) and each.size}
    paths |= {Path(name).relative_to(content).as_posix() for name in known}
    named = [(day_file_path(content, day.date), pictures_of_day(day)) for day, _ in days]
    named += [(content / "topics" / f"{topic.slug}.md", pictures_in(topic.introduction)) for topic in topics]
    named += [(path, tuple(find_pictures(html))) for path, html in prose]
    for file, pictures in named:
        with collect_errors(report):
            check_picture_paths(pictures, paths, file)


def doubtful_entries(content: Path) -> Iterator[str]:
    """Yield a line for each entry that a person may want to look at.

    These are entries whose former wordings version 0.1 wrote, entries that may be corrections of others, and entries
    of one live blog that look like one, as they arise where git merges two branches without a conflict.
    """
    for file in find_day_files(content):
        day, lines = read_day_with_lines(file)
        names = {entry.anchor: f"{file.path}:{lines[entry.anchor]}: {entry.anchor}" for entry in day.entries}
        for entry in day.entries:
            if has_old_credits(entry):
                cure = "make mend corrects those that the file decides; else ingest its pages again"
                yield f"{names[entry.anchor]}: sources of former wordings may be off by one (version 0.1); {cure}"
            if entry.perhaps:
                cure = f"if so, make join A={entry.perhaps} B={day.date}#{entry.anchor}; else delete its [perhaps] line"
                yield f"{names[entry.anchor]}: perhaps a correction of {entry.perhaps}; {cure}"
        for first, second in repeated_entries(day):
            cure = f"make join A={day.date}#{first} B={day.date}#{second}"
            yield f"{names[second]}: looks like a further version of {first}; if so, {cure}"


def repeated_entries(day: Day) -> list[tuple[str, str]]:
    """Return the anchors of entries of one live blog that look like one, though different captures printed them."""
    canonical, blogs = canonical_keys(day), live_blogs(day)
    by_blog: dict[str, list[Entry]] = {}
    for entry in day.entries:
        blog = next((blogs[key] for key in carrying_sources(entry) if key in blogs), "")
        if blog and not entry.is_tombstone and not entry.perhaps:
            by_blog.setdefault(blog, []).append(entry)
    found = []
    for entries in by_blog.values():
        spans: dict[str, Span] = {}
        for entry in entries:
            capture_spans(day.date, entry, canonical, spans)
        posts = [stored_post(day.date, entry, canonical) for entry in entries]
        found += [(entries[one].anchor, entries[other].anchor) for one, other in find_repeated(posts, spans)]
    return found


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
        loaders = dict(
            zip(LISTS, (load_addresses, load_story_addresses, load_story_rules, load_turning_points), strict=True)
        )
        _ = loaders[path.name](path.parent) if path.name in loaders else load_day_file(path.read_bytes(), path)
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
