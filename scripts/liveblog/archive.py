"""The content folder as one value: every day and topic, read and checked as a whole."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from .daybook import load_day
from .errors import ArchiveError
from .links import linked_entries
from .markup import plain_text
from .model import Day, EntryKey, Topic
from .storage import read_text
from .topics import load_topic, make_matcher, topics_of, undeclared_topic


class Archive(Struct, frozen=True):
    """All content: days oldest first, topics by slug, the topics of each entry and its linked entries.

    An entry's key is the date of its day file and its anchor.
    """

    days: tuple[Day, ...]
    topics: dict[str, Topic]
    topics_of: dict[EntryKey, tuple[str, ...]]
    linked: dict[EntryKey, tuple[EntryKey, ...]] = {}


def load_archive(content: Path) -> Archive:
    """Read a content folder; the first mistake in any file is an ArchiveError.

    `days/`, `topics/` or the whole folder may be missing: an archive may begin empty.
    """
    days = tuple(load_days(content))
    topics = {topic.slug: topic for topic in _load_topics(content)}
    try:
        matcher = make_matcher(topics.values())
    except ArchiveError as error:
        raise error.at(content / "topics") from None
    entries = {(day.date, entry.anchor): entry for day in days for entry in day.entries}
    texts = {key: plain_text(entry.body) for key, entry in entries.items()}
    named = {key: topics_of(entry, texts[key], matcher) for key, entry in entries.items()}
    for slugs in named.values():
        for slug in slugs:
            if slug not in topics:
                topics[slug] = undeclared_topic(slug)
    return Archive(days, dict(sorted(topics.items())), named, linked_entries(texts))


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


def _load_topics(content: Path) -> Iterator[Topic]:
    for path in _files(content / "topics"):
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
        if path.is_file() and path.suffix != ".md":
            raise ArchiveError("only .md files belong here; move or delete it", path=path)
    return [path for path in paths if path.is_file()]
