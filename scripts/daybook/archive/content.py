"""Find and read the files of the content folder: days, topics, prose pages and the list of published addresses."""

import datetime as dt
import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from daybook.archive.day_file import load_day_with_lines
from daybook.archive.front_matter import load_front_matter
from daybook.archive.topics import TopicMatcher, build_topic_matcher, load_topic
from daybook.core.errors import ArchiveError
from daybook.core.files import decode_utf8, read_text_file
from daybook.core.hashing import bytes_digest
from daybook.core.markdown import check_prose, render_markdown
from daybook.core.model import Day, Entry, EntryKey, Topic, parse_entry_key
from daybook.core.text import check_slug

ADDRESS_LIST = "addresses.txt"
PAGE_PLACES = ("menu", "footer")  # where the other pages link to a prose page
_ADDRESS = re.compile(r"/\S*")

# First parts of URLs that the site uses itself; all-digit names are those of years.
_RESERVED_SLUGS = {"changes", "data", "day", "days", "feeds", "search", "sources", "static", "topics"}


def scan_content_folder(folder: Path, prefix: str = "") -> Iterator[tuple[str, ArchiveError | None]]:
    """Yield the name of each file below a folder, relative to it, and an error if no build would read it.

    Hidden files are left out. A folder that does not exist is empty.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        items = sorted((item for item in entries if not item.name.startswith(".")), key=lambda item: item.name)
    for item in items:
        name, path, reason = prefix + item.name, folder / item.name, ""
        if item.is_symlink():
            reason = "symbolic links are not allowed in the content folder; copy the file here"
        # Otherwise folders and pipes named *.md, and files with another ending, would be ignored without a message.
        elif item.is_file() != name.endswith(".md"):
            reason = "only .md files belong here; move or delete it"
        elif item.is_dir():
            yield from scan_content_folder(path, f"{name}/")
            continue
        elif not item.is_file():
            reason = "neither a file nor a folder; move or delete it"
        yield name, ArchiveError(reason, path=path) if reason else None


def list_content_files(folder: Path) -> list[Path]:
    """Return the sorted paths of all Markdown files below a folder; raise an ArchiveError if it has others."""
    return [folder / name for name in _list_names(folder)]


def _list_names(folder: Path) -> list[str]:
    files = dict(scan_content_folder(folder))
    for error in filter(None, files.values()):
        raise error
    return sorted(files)


# Days


class FileStat(Struct, frozen=True, array_like=True):
    """What the system says about a file without reading it; times in nanoseconds."""

    size: int
    modified: int
    changed: int
    inode: int


class DayFile(Struct, frozen=True):
    """A day file that was found, and the digest of its bytes; its content is not parsed yet."""

    date: dt.date
    path: Path
    digest: bytes
    stat: FileStat


KnownFiles = Mapping[str, tuple[FileStat, bytes]]  # the digest of a day file as it was, by its name


def day_file_path(content: Path, date: dt.date) -> Path:
    """Return the path of a day file, ``content/days/2023/2023-06-02.md``."""
    return content / "days" / f"{date.year:04}" / f"{date.isoformat()}.md"


def find_day_files(content: Path, known: KnownFiles = MappingProxyType({})) -> tuple[DayFile, ...]:
    """Return all day files, oldest first; raise an ArchiveError if a path does not fit its date or is no day file's.

    A file that is as it was when it became `known` is not read.
    """
    return tuple(find_day_file(content, name, known) for name in _list_names(content / "days"))


def find_day_file(content: Path, name: str, known: KnownFiles = MappingProxyType({})) -> DayFile:
    """Return the day file with a name such as ``2023/2023-06-02.md``; a wrong name for its date is an ArchiveError."""
    path = content / "days" / name
    state = path.stat()
    stat = FileStat(state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    if name in known and known[name][0] == stat:
        return DayFile(dt.date.fromisoformat(path.stem), path, known[name][1], stat)
    data = path.read_bytes()
    try:
        date = dt.date.fromisoformat(path.stem)
    except ValueError:
        date = None
    if date is None or name != f"{date.year:04}/{date}.md":
        raise _wrong_path(path, load_day_file(data, path)[0].date)
    return DayFile(date, path, bytes_digest(data), stat)


def read_day_with_lines(file: DayFile) -> tuple[Day, dict[str, int]]:
    """Read a day file, with its tombstones; return the line of each entry's heading, too, by anchor.

    A mistake in it, the date of another day, or other bytes than when it was found are an ArchiveError.
    """
    data = file.path.read_bytes()
    if bytes_digest(data) != file.digest:
        raise ArchiveError("the file changed while it was read; run the command again", path=file.path)
    day, lines = load_day_file(data, file.path)
    if day.date != file.date:
        raise _wrong_path(file.path, day.date)
    return day, lines


def load_day_file(data: bytes, path: Path) -> tuple[Day, dict[str, int]]:
    """Parse the bytes of a day file as `load_day_with_lines` does; the errors name the file."""
    try:
        return load_day_with_lines(decode_utf8(data, path))
    except ArchiveError as error:
        raise error.at(path) from None


def check_zone(day: Day, zone: str, path: Path) -> None:
    """Raise an ArchiveError if the headings of a day with entries are in another time zone than the archive's."""
    if day.entries and day.zone and day.zone != zone:
        cure = f"set TIMEZONE back, or run make zone to convert all days to {zone}"
        raise ArchiveError(f"the headings of this day are in {day.zone}, but TIMEZONE is {zone}; {cure}", path=path)


def _wrong_path(path: Path, date: dt.date) -> ArchiveError:
    expected = day_file_path(Path(), date)
    return ArchiveError(f"the file of {date} must be {expected}; rename the file or correct `date`", path=path)


def check_moved_entries(content: Path, tombstones: Iterable[tuple[dt.date, Entry]], keys: Container[EntryKey]) -> None:
    """Raise an ArchiveError if an entry was moved to a key that is not among `keys`."""
    for date, entry in tombstones:
        if entry.moved and parse_entry_key(entry.moved) not in keys:
            reason = f"{entry.anchor} was moved to {entry.moved}, which does not exist; correct [moved]"
            raise ArchiveError(reason, path=day_file_path(content, date))


# Topics


class TopicSet(Struct, frozen=True):
    """The topics that have a file, by slug, and the matcher that finds them in text."""

    declared: dict[str, Topic]
    matcher: TopicMatcher


def load_topics(content: Path) -> TopicSet:
    """Read all topic files; raise an ArchiveError if one has a mistake or two contradict each other."""
    topics = [read_topic(content, name) for name in _list_names(content / "topics")]
    try:
        return TopicSet({topic.slug: topic for topic in topics}, build_topic_matcher(topics))
    except ArchiveError as error:
        raise error.at(content / "topics") from None


def read_topic(content: Path, name: str) -> Topic:
    """Read the topic file with a name such as ``nato.md``; a mistake in it is an ArchiveError."""
    path = content / "topics" / name
    if "/" in name:
        raise ArchiveError("topic files must be directly in topics/; move the file there", path=path)
    try:
        return load_topic(read_text_file(path), path.stem)
    except ArchiveError as error:
        raise error.at(path) from None


# Prose pages, which Pelican renders


class ProsePageFile(Struct, frozen=True):
    """A prose page: its file, its title, where pages link to it (one of PAGE_PLACES, or ""), and its HTML."""

    path: Path
    title: str
    place: str
    html: str


def read_page_files(content: Path) -> list[ProsePageFile]:
    """Read all page files, because Pelican skips those that it cannot read; a mistake in one is an ArchiveError."""
    pages: dict[str, ProsePageFile] = {}
    for path in list_content_files(content / "pages"):
        html, metadata = read_page_file(path)
        if other := pages.get(path.stem):
            raise ArchiveError(f"{other.path} has the same address /{path.stem}/; rename one", path=path)
        pages[path.stem] = ProsePageFile(path, metadata["title"], metadata["place"], html)
    return list(pages.values())


def read_page_file(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the HTML of a page and its metadata for Pelican; a mistake in the file is an ArchiveError."""
    slug = path.stem
    try:
        front = load_front_matter(read_text_file(path), frozenset({"title", "place"}))
        title = front.text("title").strip()
        if not title:
            raise ArchiveError("a page needs a `title`; add a line such as `title: About`", line=1)
        if (place := front.text("place", "")) not in ("", *PAGE_PLACES):
            reason = f"unknown place {place!r}; known: {', '.join(PAGE_PLACES)}"
            raise ArchiveError(reason, line=front.lines["place"])
        html = render_markdown(check_prose(front.body.strip("\n")))
        if check_slug(slug, "file name") in _RESERVED_SLUGS or slug.isdecimal():
            raise ArchiveError(f"the address /{slug}/ is reserved for the site; rename the file")
    except ArchiveError as error:
        raise error.at(path) from None
    return html, pelican_metadata(slug, title, place)


def pelican_metadata(slug: str, title: str, place: str = "") -> dict[str, Any]:
    """Return the metadata of a page for Pelican. Page files cannot set any other."""
    return {"title": title, "slug": slug, "status": "published", "place": place}


# Published addresses


def load_addresses(content: Path) -> frozenset[str]:
    """Read the list of published addresses, which need not exist; an ArchiveError if it is empty or malformed."""
    path = content / ADDRESS_LIST
    if not (path.exists() or path.is_symlink()):
        return frozenset()
    rows = [row.rstrip() for row in read_text_file(path).split("\n")]
    for number, row in enumerate(rows, start=1):
        if row and not _ADDRESS.fullmatch(row):
            reason = f"invalid address {row[:60]!r}; write one on each line, such as /2023/06/02/#t1329"
            raise ArchiveError(reason, path=path, line=number)
    if not any(rows):
        raise ArchiveError("the list is empty; restore it, or delete the file if nothing was published", path=path)
    return frozenset(row for row in rows if row)


def dump_addresses(addresses: Iterable[str]) -> bytes:
    """Return the text of a list of addresses, sorted, one per line."""
    return "".join(f"{address}\n" for address in sorted(addresses)).encode()


def missing_addresses(published: frozenset[str], present: frozenset[str]) -> tuple[str, ...]:
    """Return the published addresses that are not present any more, sorted."""
    return tuple(sorted(published - present))
