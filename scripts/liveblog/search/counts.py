"""Documents of a day → how often each term stands in each field: the only place for counting."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from msgspec import Struct

from ..sitefile import key_of
from ..store import Store
from ..workers import work_through
from .analysis import Analyser
from .cards import dump_cards, files_of_cards
from .document import Document, SearchedDay, documents_of, searched

_TOGETHER = 16  # days a job


class FieldCounts(NamedTuple):
    """One field of one document: its length in terms, and each term's frequency by first appearance."""

    length: int
    terms: dict[str, int]


class DayCounts(Struct, frozen=True, array_like=True):
    """A day's documents in order, each as its fields' counts and its sorted topics; a digest of the day's cards."""

    date: dt.date
    documents: tuple[tuple[FieldCounts, ...], ...]
    topics: tuple[tuple[str, ...], ...]
    cards: bytes


def count_day(date: dt.date, documents: Sequence[Document], analyser: Analyser) -> DayCounts:
    """Count the terms of every field of every document of a day."""
    cards = hashlib.blake2b(digest_size=8)
    for file in range(files_of_cards(len(documents))):
        cards.update(dump_cards(date, documents, file))
    return DayCounts(
        date=date,
        documents=tuple(tuple(_count(analyser.terms(text)) for text in searched(document)) for document in documents),
        topics=tuple(tuple(sorted(set(document.topics))) for document in documents),
        cards=cards.digest(),
    )


def _count(terms: list[str]) -> FieldCounts:
    return FieldCounts(len(terms), dict(Counter(terms)))


class Counting:
    """Counts days, and remembers in the store what it counted; `makers` is a digest of all that counts."""

    def __init__(self, store: Store, makers: bytes) -> None:
        self._store = store
        self._makers = makers
        self._analyser = Analyser()

    def key(self, day: bytes) -> bytes:
        """Return what a day's counts are kept under; `day` is the day's own key."""
        return key_of(self._makers, "counts", day)

    def count_all(self, days: Sequence[SearchedDay]) -> None:
        """Count the days that the store lacks, with all cores where they are many."""
        missing = [day for day in days if not self._store.has(self.key(day.key))]
        jobs = [missing[start : start + _TOGETHER] for start in range(0, len(missing), _TOGETHER)]
        for number, result in work_through([partial(self._counted, job) for job in jobs], least=4):
            for day, counts in zip(jobs[number], msgspec.msgpack.decode(result, type=list[bytes]), strict=True):
                self._store.keep(self.key(day.key), counts)

    def _counted(self, days: Sequence[SearchedDay]) -> bytes:
        return msgspec.msgpack.encode([msgspec.msgpack.encode(self._count(day)) for day in days])

    def counts(self, day: SearchedDay) -> DayCounts:
        """Return the counts of a day; its documents are asked for only if the store lacks them."""
        return self._store.remember(self.key(day.key), DayCounts, partial(self._count, day))

    def past_counts(self, day: bytes) -> DayCounts:
        """Return the counts of a day that is no more, or raise LookupError if the store lost them."""
        kept = self._store.recall(self.key(day))
        if kept is None:
            raise LookupError(day)
        try:
            return msgspec.msgpack.decode(kept, type=DayCounts)
        except msgspec.DecodeError as error:
            raise LookupError(day) from error

    def _count(self, day: SearchedDay) -> DayCounts:
        return count_day(day.date, documents_of(day), self._analyser)
