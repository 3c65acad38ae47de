"""Documents of a day → how often each term stands in each field: the only place for counting."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from msgspec import Struct

from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.workers import run_jobs
from daybook.search.analysis import Analyzer
from daybook.search.document import Document, SearchDay, day_documents, dump_result_file, field_texts, result_file_count

_TOGETHER = 16  # days a job


class FieldCounts(NamedTuple):
    """One field of one document: its length in terms, and each term's frequency by first appearance."""

    length: int
    terms: dict[str, int]


class DayTermCounts(Struct, frozen=True, array_like=True):
    """A day's documents in order, each as its fields' counts and its sorted topics; a digest of the day's cards."""

    date: dt.date
    documents: tuple[tuple[FieldCounts, ...], ...]
    topics: tuple[tuple[str, ...], ...]
    results_digest: bytes


def count_day(date: dt.date, documents: Sequence[Document], analyser: Analyzer) -> DayTermCounts:
    """Count the terms of every field of every document of a day."""
    cards = hashlib.blake2b(digest_size=8)
    for file in range(result_file_count(len(documents))):
        cards.update(dump_result_file(date, documents, file))
    return DayTermCounts(
        date=date,
        documents=tuple(
            tuple(_count(analyser.terms(text)) for text in field_texts(document)) for document in documents
        ),
        topics=tuple(tuple(sorted(set(document.topics))) for document in documents),
        results_digest=cards.digest(),
    )


def _count(terms: list[str]) -> FieldCounts:
    return FieldCounts(len(terms), dict(Counter(terms)))


class TermCounter:
    """Counts days, and remembers in the store what it counted; `makers` is a digest of all that counts."""

    def __init__(self, store: BuildCache, makers: bytes) -> None:
        self._store = store
        self._makers = makers
        self._analyser = Analyzer()

    def key(self, day: bytes) -> bytes:
        """Return what a day's counts are kept under; `day` is the day's own key."""
        return digest(self._makers, "counts", day)

    def count_all(self, days: Sequence[SearchDay]) -> None:
        """Count the days that the store lacks, with all cores where they are many."""
        missing = [day for day in days if not self._store.has(self.key(day.key))]
        jobs = [missing[start : start + _TOGETHER] for start in range(0, len(missing), _TOGETHER)]
        for number, result in run_jobs([partial(self._counted, job) for job in jobs], min_jobs_per_process=4):
            for day, counts in zip(jobs[number], msgspec.msgpack.decode(result, type=list[bytes]), strict=True):
                self._store.put(self.key(day.key), counts)

    def _counted(self, days: Sequence[SearchDay]) -> bytes:
        return msgspec.msgpack.encode([msgspec.msgpack.encode(self._count(day)) for day in days])

    def counts(self, day: SearchDay) -> DayTermCounts:
        """Return the counts of a day; its documents are asked for only if the store lacks them."""
        return self._store.get_or_make(self.key(day.key), DayTermCounts, partial(self._count, day))

    def past_counts(self, day: bytes) -> DayTermCounts:
        """Return the counts of a day that is no more, or raise LookupError if the store lost them."""
        kept = self._store.get(self.key(day))
        if kept is None:
            raise LookupError(day)
        try:
            return msgspec.msgpack.decode(kept, type=DayTermCounts)
        except msgspec.DecodeError as error:
            raise LookupError(day) from error

    def _count(self, day: SearchDay) -> DayTermCounts:
        return count_day(day.date, day_documents(day), self._analyser)
