"""Day files → their parts, from the store or made anew: the only place that decides which."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

import msgspec

from ..archive import DayFile, read_day
from ..errors import ArchiveError
from ..links import Pair, shelve, similar_entries
from ..model import Day
from ..sitefile import key_of
from ..store import Store
from ..workers import work_through
from .day_parts import PARTS, Means, Parts, ReadDay, Summary, dump_part, load_part, make_parts, texts_of, with_texts
from .feed_items import FeedItem
from .views import EntryView

_ONE_DAY = dt.timedelta(days=1)
_TOGETHER = 16  # days a job: neighbours share the work of their links


class Collection:
    """All days of an archive. `keys` are digests of all that a day's parts are made from."""

    def __init__(self, files: Sequence[DayFile], means: Means, store: Store, makers: tuple[bytes, bytes]) -> None:
        """Make the parts that the store lacks; the first mistake in any day is an ArchiveError.

        `makers` are digests of what reads days, and of what makes their parts: code, settings,
        topics, theme.
        """
        self._files = {file.date: file for file in files}
        self._means, self._store = means, store
        reading, making = makers
        self._read_keys = {date: key_of(reading, date, file.digest) for date, file in self._files.items()}
        # A day's links reach into the day before, and so does the evening that its live blog carried.
        before = {date + _ONE_DAY: key for date, key in self._read_keys.items() if date < dt.date.max}
        self.keys = {date: key_of(making, key, before.get(date, b"")) for date, key in self._read_keys.items()}
        self._shelf = lru_cache(2)(lambda date: shelve(texts_of(self._read(date))))
        self._read = lru_cache(4)(self._read_day)
        self._lately = {name: lru_cache(64)(partial(self._part, name)) for name in PARTS}
        self.summaries: dict[dt.date, Summary] = self._summaries()

    def day(self, date: dt.date) -> Day:
        """Give a day as its file says it, tombstones included."""
        return self._read(date).day

    def views(self, date: dt.date) -> tuple[EntryView, ...]:
        """Give a day's entries as its page shows them."""
        found: tuple[EntryView, ...] = self._lately["views"](date)
        return found

    def excerpts(self, date: dt.date) -> tuple[str, ...]:
        """Give a day's entries in HTML as lists of other pages show them."""
        found: tuple[str, ...] = self._lately["excerpts"](date)
        return found

    def items(self, date: dt.date) -> tuple[FeedItem, ...]:
        """Give a day's entries as feeds hold them."""
        found: tuple[FeedItem, ...] = self._lately["items"](date)
        return found

    def rows(self, date: dt.date) -> tuple[bytes, bytes]:
        """Give a day's rows of the dataset, as JSON Lines and as CSV."""
        found: tuple[bytes, bytes] = self._lately["rows"](date)
        return found

    def _summaries(self) -> dict[dt.date, Summary]:
        found: dict[dt.date, Summary] = {}
        self._store.hold(self._read_keys.values())
        for date, key in self.keys.items():
            self._store.hold(_name(part, key) for part in PARTS)
            kept = self._store.recall(_name("summary", key))
            with suppress(msgspec.DecodeError):
                found[date] = load_part("summary", kept or b"")
        missing = [date for date in self._files if date not in found]
        jobs = [missing[start : start + _TOGETHER] for start in range(0, len(missing), _TOGETHER)]
        for _, made in work_through([partial(self._made, job) for job in jobs], least=4):
            for date, rows in msgspec.msgpack.decode(made, type=list[tuple[dt.date, dict[bytes, bytes]]]):
                for key, data in rows.items():
                    self._store.keep(key, data)
                found[date] = load_part("summary", rows[_name("summary", self.keys[date])])
        self._store.save()
        return {date: found[date] for date in self._files}

    def _made(self, dates: Sequence[dt.date]) -> bytes:
        """Make the parts of some days, as rows for the store."""
        return msgspec.msgpack.encode([(date, dict(self._rows(date))) for date in dates])

    def _rows(self, date: dt.date) -> Iterator[tuple[bytes, bytes]]:
        yield self._read_keys[date], msgspec.msgpack.encode(self._read(date))
        for name, part in self._parts(date)._asdict().items():
            yield _name(name, self.keys[date]), dump_part(part)

    def _parts(self, date: dt.date) -> Parts:
        try:
            return make_parts(self._read(date), self._similar(date), self._means)
        except ArchiveError as error:
            raise error.at(self._files[date].path) from None

    def _similar(self, date: dt.date) -> tuple[Pair, ...]:
        before = date - _ONE_DAY if date > dt.date.min else date
        neighbour = before != date and before in self._files
        return similar_entries(self._shelf(before) if neighbour else None, self._shelf(date))

    def _read_day(self, date: dt.date) -> ReadDay:
        file = self._files[date]
        return self._store.remember(self._read_keys[date], ReadDay, lambda: with_texts(read_day(file)))

    def _part(self, name: str, date: dt.date) -> Any:
        kept = self._store.recall(_name(name, self.keys[date]))
        with suppress(msgspec.DecodeError):
            return load_part(name, kept or b"")
        for key, data in self._rows(date):
            self._store.keep(key, data)
        return load_part(name, self._store.recall(_name(name, self.keys[date])) or b"")


def _name(part: str, key: bytes) -> bytes:
    return part.encode() + key
