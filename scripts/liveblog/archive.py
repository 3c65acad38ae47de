"""The content folder, file by file: the only place that knows where its days and topics lie."""

import datetime as dt
import hashlib
import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from .attributes import load_key
from .daybook import load_day
from .errors import ArchiveError
from .model import Day, Entry, EntryKey, Topic
from .storage import decode_text, read_text
from .topics import TopicMatcher, load_topic, make_matcher


class DayFile(Struct, frozen=True):
    """A day file that was found, and the digest of its bytes; what it says is not read yet."""

    date: dt.date
    path: Path
    digest: bytes


class Topics(Struct, frozen=True):
    """The topics that have a file, by slug, and what finds them in text."""

    declared: dict[str, Topic]
    matcher: TopicMatcher


def day_path(content: Path, date: dt.date) -> Path:
    """Name the file of a date: ``content/days/2023/2023-06-02.md``."""
    return content / "days" / f"{date.year:04}" / f"{date.isoformat()}.md"


def find_days(content: Path) -> tuple[DayFile, ...]:
    """Find all day files, oldest first, and digest them; a file in another's place is an error."""
    folder = content / "days"
    return tuple(find_day(content, name) for name in sorted(_names(folder)))


def find_day(content: Path, name: str) -> DayFile:
    """Find the day file of a name such as ``2023/2023-06-02.md``; one in another's place is an error."""
    path = content / "days" / name
    data = path.read_bytes()
    try:
        date = dt.date.fromisoformat(path.stem)
    except ValueError:
        date = None
    if date is None or name != f"{date.year:04}/{date}.md":
        raise _misplaced(path, _load(data, path).date)
    return DayFile(date, path, _digest(data))


def read_day(file: DayFile) -> Day:
    """Read a day file, tombstones and all; the first mistake in it is an ArchiveError."""
    data = file.path.read_bytes()
    if _digest(data) != file.digest:
        raise ArchiveError("the file was changed while it was read; run the command again", path=file.path)
    day = _load(data, file.path)
    if day.date != file.date:
        raise _misplaced(file.path, day.date)
    return day


def load_days(content: Path) -> Iterator[Day]:
    """Read all day files, oldest first, tombstones and all."""
    return map(read_day, find_days(content))


def living(day: Day) -> Day:
    """Give a day without its tombstones."""
    return replace(day, entries=tuple(entry for entry in day.entries if not entry.is_tombstone))


def load_topics(content: Path) -> Topics:
    """Read all topic files."""
    topics = {topic.slug: topic for topic in _topics(content)}
    try:
        return Topics(topics, make_matcher(topics.values()))
    except ArchiveError as error:
        raise error.at(content / "topics") from None


def read_topic(content: Path, name: str) -> Topic:
    """Read the topic file of a name such as ``nato.md``."""
    path = content / "topics" / name
    if "/" in name:
        raise ArchiveError("a topic lies beside the others, in no folder of its own; move the file up", path=path)
    try:
        return load_topic(read_text(path), path.stem)
    except ArchiveError as error:
        raise error.at(path) from None


def check_moves(content: Path, tombstones: Iterable[tuple[dt.date, Entry]], keys: Container[EntryKey]) -> None:
    """Refuse a tombstone that leads to no entry."""
    for date, entry in tombstones:
        if entry.moved and load_key(entry.moved) not in keys:
            reason = f"{entry.anchor} was moved to {entry.moved}, where no entry is"
            raise ArchiveError(reason, path=day_path(content, date))


def content_files(folder: Path) -> list[Path]:
    """List the Markdown files of a folder; anything else but hidden files is an error."""
    return [folder / name for name in sorted(_names(folder))]


def survey(folder: Path, prefix: str = "") -> Iterator[tuple[str, ArchiveError | None]]:
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
            yield from survey(path, f"{name}/")
        elif item.is_file():
            yield name, None
        else:
            yield name, ArchiveError("neither a file nor a folder; move or delete it", path=path)


def _names(folder: Path) -> Iterator[str]:
    for name, error in survey(folder):
        if error:
            raise error
        yield name


def _misplaced(path: Path, date: dt.date) -> ArchiveError:
    home = day_path(Path(), date)
    return ArchiveError(f"the day {date} belongs into {home}; rename the file or correct `date`", path=path)


def _load(data: bytes, path: Path) -> Day:
    try:
        return load_day(decode_text(data, path))
    except ArchiveError as error:
        raise error.at(path) from None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _topics(content: Path) -> Iterator[Topic]:
    return (read_topic(content, name) for name in sorted(_names(content / "topics")))
