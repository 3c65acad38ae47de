"""Days → segments → rows: the only place that numbers documents and gathers postings.

A segment is a run of days with shards of its own. The recent one holds the calendar
quarter of the newest day, the base one everything before, so that a new day leaves the
base's files as they are until the next quarter begins.

A document's code is its day, counted from the segment's origin, and its place in that
day: an entry added to an old day moves no document of another.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from .counts import DayCounts
from .document import FIELDS

Dated = TypeVar("Dated")


class Row(NamedTuple):
    """A term's postings: for every field a flat list of code, frequency, field length.

    `rank` is where among the distinct terms of its first field the term first appears:
    with the first code it gives lunr's order of terms, which decides how floats are added.
    """

    rank: int
    fields: tuple[list[int], ...]


class Coding(NamedTuple):
    """How a segment's codes are made: ``(days since origin) * places + place in the day``."""

    origin: dt.date
    places: int

    def code(self, date: dt.date, place: int) -> int:
        """Return the code of a document."""
        return (date - self.origin).days * self.places + place


def split_by_quarter(days: Sequence[tuple[dt.date, Dated]]) -> tuple[list[tuple[dt.date, Dated]], ...]:
    """Return (base, recent): recent is the calendar quarter of the newest of the sorted `days`."""
    if not days:
        return [], []
    newest = days[-1][0]
    begins = dt.date(newest.year, (newest.month - 1) // 3 * 3 + 1, 1)
    return [day for day in days if day[0] < begins], [day for day in days if day[0] >= begins]


def coding(sizes: Sequence[tuple[dt.date, int]]) -> Coding:
    """Choose the codes of a segment from its dates and their numbers of documents.

    Both parts change rarely: the origin is the first day's 1 January, the places a power of two.
    """
    first = min((date for date, _ in sizes), default=dt.date(1970, 1, 1))
    most = max((size for _, size in sizes), default=0)
    return Coding(dt.date(first.year, 1, 1), max(16, 1 << max(0, most - 1).bit_length()))


def gather(days: Iterable[DayCounts], codes: Coding) -> dict[str, Row]:
    """Collect the rows of all terms, in no order; a topic's row is named by a space and its slug.

    No term begins with a space, so topics share the shards and never meet a word.
    """
    rows: dict[str, Row] = {}
    for day in days:
        for place, fields in enumerate(day.documents):
            code = codes.code(day.date, place)
            for position, field in enumerate(fields):
                for rank, (term, frequency) in enumerate(field.terms.items()):
                    row = rows.get(term)
                    if row is None:
                        row = rows[term] = Row(rank, tuple([] for _ in FIELDS))
                    row.fields[position].extend((code, frequency, field.length))
            for slug in dict.fromkeys(day.topics[place]):
                row = rows.setdefault(f" {slug}", Row(0, tuple([] for _ in FIELDS)))
                row.fields[0].extend((code, 1, 0))
    return rows


def field_lengths(days: Iterable[DayCounts]) -> list[int]:
    """Sum the lengths of each field over all documents: lunr's averages come from them."""
    sums = [0] * len(FIELDS)
    for day in days:
        for fields in day.documents:
            for position, field in enumerate(fields):
                sums[position] += field.length
    return sums
