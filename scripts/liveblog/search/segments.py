"""Days → segments → postings: the only place that numbers documents and gathers postings.

A segment is a run of days with shards of its own. The recent one holds the calendar
quarter of the newest day, the base one everything before, so that a new day leaves the
base's files as they are until the next quarter begins.

A document's code is its day, counted from the segment's origin, and its place in that
day: an entry added to an old day moves no document of another.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from .counts import DayCounts
from .document import SearchedDay
from .rows import Row
from .shards import Shard


class Coding(NamedTuple):
    """How a segment's codes are made: ``(days since origin) * places + place in the day``."""

    origin: dt.date
    places: int

    def code(self, date: dt.date, place: int) -> int:
        """Return the code of a document."""
        return (date - self.origin).days * self.places + place

    def date(self, code: int) -> dt.date:
        """Return the day of a document."""
        return self.origin + dt.timedelta(days=code // self.places)


class IndexedDay(Struct, frozen=True, array_like=True):
    """A day of a segment: its key, a digest of its cards, its fields' lengths, a line of topics for each document."""

    date: dt.date
    count: int
    key: bytes
    cards: bytes
    lengths: tuple[int, ...]
    topics: str


class Segment(Struct, frozen=True, array_like=True):
    """A segment as it was indexed; `lengths` are the summed lengths of each field."""

    name: str
    coding: Coding
    days: tuple[IndexedDay, ...]
    lengths: tuple[int, ...]
    shards: tuple[Shard, ...]

    def version(self) -> str:
        """Return a digest of all files of the segment, for those whose names carry none."""
        days = [(day.date, day.count, day.cards) for day in self.days]
        made_of = (days, [shard.digest for shard in self.shards])
        return hashlib.sha256(msgspec.msgpack.encode(made_of)).hexdigest()[:8]


def split_by_quarter(days: Sequence[SearchedDay]) -> tuple[list[SearchedDay], list[SearchedDay]]:
    """Return (base, recent): recent is the calendar quarter of the newest of the sorted `days`."""
    if not days:
        return [], []
    newest = days[-1].date
    begins = dt.date(newest.year, (newest.month - 1) // 3 * 3 + 1, 1)
    return [day for day in days if day.date < begins], [day for day in days if day.date >= begins]


def coding(sizes: Iterable[tuple[dt.date, int]]) -> Coding:
    """Choose the codes of a segment from its dates and their numbers of documents.

    Both parts change rarely: the origin is the first day's 1 January, the places a power of two.
    """
    known = list(sizes)
    first = min((date for date, _ in known), default=dt.date(1970, 1, 1))
    most = max((size for _, size in known), default=0)
    return Coding(dt.date(first.year, 1, 1), max(16, 1 << max(0, most - 1).bit_length()))


def gather(days: Iterable[DayCounts], codes: Coding) -> dict[str, Row]:
    """Collect the rows of all terms of days in their order; a topic's row is named by a space and its slug.

    No term begins with a space, so topics share the shards and never meet a word.
    """
    rows: dict[str, Row] = {}
    for day in days:
        for code, (fields, topics) in enumerate(zip(day.documents, day.topics, strict=True), codes.code(day.date, 0)):
            for position, (length, terms) in enumerate(fields):
                for rank, (term, frequency) in enumerate(terms.items()):
                    row = rows.get(term)
                    if row is None:
                        row = rows[term] = Row(rank, ([], [], []))
                    row[1][position].extend((code, frequency, length))
            for slug in topics:
                row = rows.setdefault(f" {slug}", Row(0, ([], [], [])))
                row.fields[0].extend((code, 1, 0))
    return rows


def rank_in(day: DayCounts, place: int, term: str) -> int:
    """Return the rank of a term whose first posting is the document at a place of a day."""
    fields = (field.terms for field in day.documents[place])
    return next((list(terms).index(term) for terms in fields if term in terms), 0)
