"""The content folder, file by file: the only place that knows where its days and topics lie."""

import datetime as dt
import os
import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from daybook.archive.day_file import load_day_with_lines
from daybook.archive.front_matter import load_front_matter
from daybook.archive.topics import TopicMatcher, build_topic_matcher, load_topic
from daybook.core.errors import ArchiveError
from daybook.core.files import decode_utf8, read_text_file
from daybook.core.hashing import bytes_digest
from daybook.core.markdown import render_markdown
from daybook.core.model import Day, Entry, EntryKey, Topic, parse_entry_key
from daybook.core.text import check_slug

_OURS = frozenset({"changes", "data", "day", "days", "feeds", "search", "sources", "static", "topics"})


def check_page_files(content: Path) -> None:
    """Read all pages once, because Pelican passes over those that it cannot read.

    Any mistake is an ArchiveError, and so are two files with one address.
    """
    seen: dict[str, Path] = {}
    for path in list_content_files(content / "pages"):
        read_page_file(path)
        if path.stem in seen:
            reason = f"{seen[path.stem]} has the same address /{path.stem}/; rename one"
            raise ArchiveError(reason, path=path)
        seen[path.stem] = path


def read_page_file(path: Path) -> tuple[str, dict[str, Any]]:
    """Give a page's HTML, and its metadata for Pelican; a mistake is an ArchiveError with its line."""
    try:
        title, html = load_page_file(read_text_file(path))
        return html, pelican_metadata(page_slug(path.stem), title)
    except ArchiveError as error:
        raise error.at(path) from None


def load_page_file(text: str) -> tuple[str, str]:
    """Give a page file's title and its HTML."""
    front = load_front_matter(text, frozenset({"title"}))
    title = front.text("title").strip()
    if not title:
        raise ArchiveError("a page needs a `title`", line=1)
    return title, render_markdown(front.body.strip("\n"))


def page_slug(name: str) -> str:
    """Return a page's slug, its file's name; one that the site needs itself is an ArchiveError."""
    if check_slug(name) in _OURS or name.isdecimal():
        raise ArchiveError(f"the address /{name}/ is the site's own; rename the file")
    return name


def pelican_metadata(slug: str, title: str) -> dict[str, Any]:
    """Give what Pelican wants to know of a page, and nothing a file could have set."""
    return {"title": title, "slug": slug, "status": "published"}


class DayFile(Struct, frozen=True):
    """A day file that was found, and the digest of its bytes; what it says is not read yet."""

    date: dt.date
    path: Path
    digest: bytes


class TopicSet(Struct, frozen=True):
    """The topics that have a file, by slug, and what finds them in text."""

    declared: dict[str, Topic]
    matcher: TopicMatcher


def day_file_path(content: Path, date: dt.date) -> Path:
    """Name the file of a date: ``content/days/2023/2023-06-02.md``."""
    return content / "days" / f"{date.year:04}" / f"{date.isoformat()}.md"


def find_day_files(content: Path) -> tuple[DayFile, ...]:
    """Find all day files, oldest first, and digest them; a file in another's place is an error."""
    folder = content / "days"
    return tuple(find_day_file(content, name) for name in sorted(_names(folder)))


def find_day_file(content: Path, name: str) -> DayFile:
    """Find the day file of a name such as ``2023/2023-06-02.md``; one in another's place is an error."""
    path = content / "days" / name
    data = path.read_bytes()
    try:
        date = dt.date.fromisoformat(path.stem)
    except ValueError:
        date = None
    if date is None or name != f"{date.year:04}/{date}.md":
        raise _misplaced(path, _load(data, path)[0].date)
    return DayFile(date, path, bytes_digest(data))


def read_day(file: DayFile) -> Day:
    """Read a day file, with its tombstones; the first mistake in it is an ArchiveError."""
    return read_day_with_lines(file)[0]


def read_day_with_lines(file: DayFile) -> tuple[Day, dict[str, int]]:
    """Read a day file as `read_day` does, and return the line of each entry's heading, too, by anchor."""
    data = file.path.read_bytes()
    if bytes_digest(data) != file.digest:
        raise ArchiveError("the file was changed while it was read; run the command again", path=file.path)
    day, lines = _load(data, file.path)
    if day.date != file.date:
        raise _misplaced(file.path, day.date)
    return day, lines


def load_topics(content: Path) -> TopicSet:
    """Read all topic files."""
    topics = {topic.slug: topic for topic in _topics(content)}
    try:
        return TopicSet(topics, build_topic_matcher(topics.values()))
    except ArchiveError as error:
        raise error.at(content / "topics") from None


def read_topic(content: Path, name: str) -> Topic:
    """Read the topic file of a name such as ``nato.md``."""
    path = content / "topics" / name
    if "/" in name:
        raise ArchiveError("a topic lies beside the others, in no folder of its own; move the file up", path=path)
    try:
        return load_topic(read_text_file(path), path.stem)
    except ArchiveError as error:
        raise error.at(path) from None


def check_moved_entries(content: Path, tombstones: Iterable[tuple[dt.date, Entry]], keys: Container[EntryKey]) -> None:
    """Refuse a tombstone that leads to no entry."""
    for date, entry in tombstones:
        if entry.moved and parse_entry_key(entry.moved) not in keys:
            reason = f"{entry.anchor} was moved to {entry.moved}, where no entry is"
            raise ArchiveError(reason, path=day_file_path(content, date))


def list_content_files(folder: Path) -> list[Path]:
    """List the Markdown files of a folder; anything else but hidden files is an error."""
    return [folder / name for name in sorted(_names(folder))]


def scan_folder(folder: Path, prefix: str = "") -> Iterator[tuple[str, ArchiveError | None]]:
    """Yield what a folder of content holds but hidden files: names of Markdown files, and whatever else with an error.

    Names are relative to the folder, those of folders below it included.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        items = sorted((item for item in found if not item.name.startswith(".")), key=lambda item: item.name)
    for item in items:
        name, path = prefix + item.name, folder / item.name
        if item.is_symlink():
            yield name, ArchiveError("a link to elsewhere is not content; copy the file here", path=path)
        # Neither another kind of file nor a folder or pipe with a day's name may go unread.
        elif item.is_file() != name.endswith(".md"):
            yield name, ArchiveError("only .md files belong here; move or delete it", path=path)
        elif item.is_dir():
            yield from scan_folder(path, f"{name}/")
        elif item.is_file():
            yield name, None
        else:
            yield name, ArchiveError("neither a file nor a folder; move or delete it", path=path)


def _names(folder: Path) -> Iterator[str]:
    for name, error in scan_folder(folder):
        if error:
            raise error
        yield name


def _misplaced(path: Path, date: dt.date) -> ArchiveError:
    home = day_file_path(Path(), date)
    return ArchiveError(f"the day {date} belongs into {home}; rename the file or correct `date`", path=path)


def _load(data: bytes, path: Path) -> tuple[Day, dict[str, int]]:
    try:
        return load_day_with_lines(decode_utf8(data, path))
    except ArchiveError as error:
        raise error.at(path) from None


def _topics(content: Path) -> Iterator[Topic]:
    return (read_topic(content, name) for name in sorted(_names(content / "topics")))


ADDRESS_LIST = "addresses.txt"


_ADDRESS = re.compile(r"/\S*")


def load_addresses(content: Path) -> frozenset[str]:
    """Read an archive's list; without the file nothing has been published."""
    path = content / ADDRESS_LIST
    if not (path.exists() or path.is_symlink()):
        return frozenset()
    rows = [row.rstrip() for row in read_text_file(path).split("\n")]
    for number, row in enumerate(rows, start=1):
        if row and not _ADDRESS.fullmatch(row):
            reason = f"not an address: {row[:60]!r}; write one a line, such as /2023/06/02/#t1329"
            raise ArchiveError(reason, path=path, line=number)
    if not any(rows):
        raise ArchiveError("the list is empty; bring it back, or delete it where nothing was published", path=path)
    return frozenset(row for row in rows if row)


def dump_addresses(addresses: Iterable[str]) -> bytes:
    """Write a list: same addresses, same bytes."""
    return "".join(f"{address}\n" for address in sorted(addresses)).encode()


def missing_addresses(published: frozenset[str], present: frozenset[str]) -> tuple[str, ...]:
    """Give the published addresses that nothing answers any more, sorted."""
    return tuple(sorted(published - present))
