"""The content folder as one value: every day and topic, read and checked as a whole."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from .attributes import load_key
from .daybook import load_day
from .errors import ArchiveError
from .links import linked_entries
from .markup import plain_text
from .model import Day, Entry, EntryKey, Topic
from .storage import read_text
from .topics import load_topic, make_matcher, topics_of, undeclared_topic


class Archive(Struct, frozen=True):
    """All content: days oldest first, topics by slug, the topics of each entry and its linked entries.

    An entry's key is the date of its day file and its anchor. Entries that were withdrawn or
    moved are in `tombstones` and nowhere else.
    """

    days: tuple[Day, ...]
    topics: dict[str, Topic]
    topics_of: dict[EntryKey, tuple[str, ...]]
    linked: dict[EntryKey, tuple[EntryKey, ...]] = {}
    tombstones: dict[dt.date, tuple[Entry, ...]] = {}


def load_archive(content: Path) -> Archive:
    """Read a content folder; the first mistake in any file is an ArchiveError.

    `days/`, `topics/` or the whole folder may be missing: an archive may begin empty.
    """
    kept = tuple(load_days(content))
    tombstones = _tombstones(kept, content)
    days = tuple(_living(day) for day in kept)
    topics = {topic.slug: topic for topic in _load_topics(content)}
    try:
        matcher = make_matcher(topics.values())
    except ArchiveError as error:
        raise error.at(content / "topics") from None
    entries = {(day.date, entry.anchor): entry for day in days for entry in day.entries}
    texts = {key: plain_text(entry.body) for key, entry in entries.items()}
    named = {key: topics_of(entry, texts[key], matcher) for key, entry in entries.items()}
    # A topic that only a withdrawn entry named keeps its page.
    buried = (topics_of(entry, "", matcher) for entries in tombstones.values() for entry in entries)
    for slugs in (*named.values(), *buried):
        for slug in slugs:
            if slug not in topics:
                topics[slug] = undeclared_topic(slug)
    return Archive(days, dict(sorted(topics.items())), named, linked_entries(texts), tombstones)


def day_path(content: Path, date: dt.date) -> Path:
    """Name the file of a date: ``content/days/2023/2023-06-02.md``."""
    return content / "days" / f"{date.year:04}" / f"{date.isoformat()}.md"


def load_days(content: Path) -> Iterator[Day]:
    """Read all day files, oldest first."""
    for path in _files(content / "days"):
        try:
            day = load_day(read_text(path))
        except ArchiveError as error:
            raise error.at(path) from None
        if path != day_path(content, day.date):
            home = day_path(Path(), day.date)
            raise ArchiveError(f"the day {day.date} belongs into {home}; rename the file or correct `date`", path=path)
        yield day


def _living(day: Day) -> Day:
    return replace(day, entries=tuple(entry for entry in day.entries if not entry.is_tombstone))


def _tombstones(days: tuple[Day, ...], content: Path) -> dict[dt.date, tuple[Entry, ...]]:
    """Pick each day's tombstones; one that leads to no entry is an error."""
    found = {day.date: tuple(entry for entry in day.entries if entry.is_tombstone) for day in days}
    keys = {(day.date, entry.anchor) for day in days for entry in day.entries}
    for date, entries in found.items():
        for entry in entries:
            if entry.moved and load_key(entry.moved) not in keys:
                reason = f"{entry.anchor} was moved to {entry.moved}, where no entry is"
                raise ArchiveError(reason, path=day_path(content, date))
    return {date: entries for date, entries in found.items() if entries}


def _load_topics(content: Path) -> Iterator[Topic]:
    for path in _files(content / "topics"):
        if path.parent != content / "topics":
            raise ArchiveError("a topic lies beside the others, in no folder of its own; move the file up", path=path)
        try:
            yield load_topic(read_text(path), path.stem)
        except ArchiveError as error:
            raise error.at(path) from None


def _files(folder: Path) -> list[Path]:
    """List the Markdown files of a folder; anything else but hidden files is an error."""
    paths = sorted(path for path in folder.rglob("*") if not path.name.startswith("."))
    for path in paths:
        if path.is_symlink():
            raise ArchiveError("a link to elsewhere is not content; copy the file here", path=path)
        # Neither another kind of file nor a folder or pipe with a day's name may go unread.
        if path.is_file() != (path.suffix == ".md"):
            raise ArchiveError("only .md files belong here; move or delete it", path=path)
        if not (path.is_file() or path.is_dir()):
            raise ArchiveError("neither a file nor a folder; move or delete it", path=path)
    return [path for path in paths if path.is_file()]
