"""The day files that a command reads and changes: loaded once, checked, and written in a safe order."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.content import check_zone, day_file_path, list_content_files, load_day_file
from daybook.archive.day_file import dump_day, load_sources
from daybook.archive.identity import live_blog_of
from daybook.core.errors import ArchiveError
from daybook.core.files import decode_utf8, replace_file
from daybook.core.model import Day, named_sources, sort_day


class Written(Struct, frozen=True):
    """The files whose bytes changed, or would change in a dry run, and why other days could not be written.

    `notes` name sources that version 0.1 left in a file although nothing refers to them; they were removed.
    """

    paths: list[Path]
    errors: dict[dt.date, ArchiveError]
    notes: list[ArchiveError]


class DayStore:
    """The days of a content folder. In a dry run, changed days are kept in memory and not written."""

    def __init__(self, content: Path, zone: str, *, dry: bool = False) -> None:
        """Take the content folder and the IANA name of the archive's time zone; nothing is read yet."""
        self._content, self._zone, self._dry = content, zone, dry
        self._days: dict[dt.date, Day] = {}

    def path(self, date: dt.date) -> Path:
        """Return the path of a day's file."""
        return day_file_path(self._content, date)

    def load(self, date: dt.date) -> Day:
        """Return a day, without entries if it has no file.

        A mistake in the file, another date in it, or another time zone of its headings is an ArchiveError.
        """
        if date not in self._days:
            self._days[date] = self._read(self.path(date), date)
        return self._days[date]

    def all_dates(self) -> list[dt.date]:
        """Return the dates of all day files; a file whose name is not a date is left out."""
        dates = []
        for path in list_content_files(self._content / "days"):
            with suppress(ValueError):
                dates.append(dt.date.fromisoformat(path.stem))
        return sorted(dates)

    def dates_of(self, live_blog: str) -> list[dt.date]:
        """Return the dates of the days that have captures of a live blog."""
        return sorted(self._dates_by_blog.get(live_blog, ()))

    def write(self, days: Mapping[dt.date, Day]) -> Written:
        """Write days that differ from their files.

        All files are prepared before the first is written, so a day that no file can contain is an ArchiveError
        before anything changed. A day with new stubs of moved entries is written after the others, and only if these
        could be written: an entry may exist twice for a while and is never lost.
        """
        files = {}
        written = Written([], {}, [])
        for date in sorted(days, key=lambda date: (self._new_stubs(date, days[date]), date)):
            day = days[date]
            if not day.zone:  # a new file, or one of version 0.1
                named = named_sources(day)
                for source in day.sources:
                    if source.key not in named:
                        reason = (
                            f"removed the source {source.key!r} ({source.title or source.url}): nothing refers to it"
                        )
                        written.notes.append(ArchiveError(reason, path=self.path(date)))
                sources = tuple(source for source in day.sources if source.key in named)
                day = sort_day(replace(day, zone=self._zone, sources=sources))
            files[date] = day, dump_day(day).encode()
        for date, (day, data) in files.items():
            path = self.path(date)
            if written.errors and self._new_stubs(date, day):
                written.errors[date] = ArchiveError("not written, because another day could not be written", path=path)
                continue
            try:
                if self._dry:
                    is_changed = not path.exists() or path.read_bytes() != data
                else:
                    is_changed = replace_file(path, data, durable=True)
            except OSError as error:
                written.errors[date] = ArchiveError(error.strerror or "cannot be written", path=path)
                continue
            self._days[date] = day
            for source in day.sources:
                self._dates_by_blog[live_blog_of(source)].add(date)
            if is_changed:
                written.paths.append(path)
        return written

    def _new_stubs(self, date: dt.date, day: Day) -> int:
        before = self._days.get(date)
        return sum(bool(entry.moved) for entry in day.entries) - sum(
            bool(entry.moved) for entry in (before.entries if before else ())
        )

    def _read(self, path: Path, date: dt.date) -> Day:
        if not path.exists():
            return Day(date=date, title="", zone=self._zone)
        day, _ = load_day_file(path.read_bytes(), path)
        if day.date != date:
            raise ArchiveError(f"this file has the date {day.date}; correct its `date`", path=path)
        check_zone(day, self._zone, path)
        return day

    @cached_property
    def _dates_by_blog(self) -> dict[str, set[dt.date]]:
        """The dates of each live blog. A file that cannot be read is left out: reading its day reports why."""
        dates: dict[str, set[dt.date]] = defaultdict(set)
        for date in self.all_dates():
            path = self.path(date)
            with suppress(ArchiveError, OSError):
                data = path.read_bytes()
                front = data[: data.find(b"\n---", 1) + 4]  # entries need not be read
                if b"\nsources:" not in front:
                    continue
                for source in load_sources(decode_utf8(front, path)):
                    dates[live_blog_of(source)].add(date)
        return dates
