"""Count the terms of each day's documents; the cache keeps the counts of days that do not change."""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, NoReturn

import msgspec
from msgspec import Struct

from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.workers import run_jobs
from daybook.search.analysis import Analyzer
from daybook.search.document import (
    Document,
    SearchDay,
    day_documents,
    dump_result_file,
    field_texts,
    file_count,
)

_DAYS_PER_JOB = 16


class FieldCounts(NamedTuple):
    """One field of a document: its length in terms, and the frequency of each term by first appearance."""

    length: int
    terms: dict[str, int]


class DayTermCounts(Struct, frozen=True, array_like=True):
    """The counts of the fields of each document of a day, in order, and its facets.

    `written` has, by language, the words as written in lower case where folding changes them.
    """

    date: dt.date
    documents: tuple[tuple[FieldCounts, ...], ...]
    facets: tuple[tuple[str, ...], ...]  # `Document.facets`
    written: dict[str, tuple[str, ...]]
    results_digest: bytes  # of all that results show

    def forms(self) -> dict[str, set[str]]:
        """Return the words of each language, folded and as written."""
        forms: defaultdict[str, set[str]] = defaultdict(set)
        for fields, facets in zip(self.documents, self.facets, strict=True):
            forms[_language(facets[-1])].update(*[field.terms for field in fields])
        for language, words in self.written.items():
            forms[language].update(words)
        return forms


def _language(tag: str) -> str:
    """Return the language of a BCP 47 tag: ``pt`` of ``pt-BR``."""
    return tag.partition("-")[0].lower()


def count_day(date: dt.date, documents: Sequence[Document], analyzer: Analyzer) -> DayTermCounts:
    """Count the terms in each field of each document of a day."""
    results = hashlib.blake2b(digest_size=8)
    for file in range(file_count(len(documents))):
        results.update(dump_result_file(date, documents, file))
    counts = []
    written: defaultdict[str, set[str]] = defaultdict(set)
    for document in documents:
        texts = field_texts(document)
        fields = map(analyzer.words, texts)
        counts.append(tuple(FieldCounts(len(terms), dict(Counter(terms))) for terms in fields))
        if forms := set().union(*map(analyzer.forms, texts)):
            written[_language(document.lang)] |= forms
    facets = tuple(document.facets for document in documents)
    forms_by_language = {language: tuple(sorted(forms)) for language, forms in sorted(written.items())}
    return DayTermCounts(date, tuple(counts), facets, forms_by_language, results.digest())


class TermCounter:
    """Counts days and keeps the counts in a cache."""

    def __init__(self, cache: BuildCache, code_digest: bytes) -> None:
        """Use a cache; `code_digest` changes with whatever but a day's content decides its counts."""
        self._cache = cache
        self._code_digest = code_digest
        self._analyzer = Analyzer()

    def cache_key(self, day: bytes) -> bytes:
        """Return the key of a day's counts in the cache; `day` is `SearchDay.key`."""
        return digest(self._code_digest, "counts", day)

    def count_all(self, days: Sequence[SearchDay]) -> None:
        """Count the days that are not in the cache, on all cores if they are many."""
        missing = [day for day in days if not self._cache.has(self.cache_key(day.key))]
        jobs = [missing[start : start + _DAYS_PER_JOB] for start in range(0, len(missing), _DAYS_PER_JOB)]
        for number, result in run_jobs(
            [partial(self._count_job, job) for job in jobs], min_jobs_per_process=4, label="search index"
        ):
            for day, counts in zip(jobs[number], msgspec.msgpack.decode(result, type=list[bytes]), strict=True):
                self._cache.put(self.cache_key(day.key), counts)

    def _count_job(self, days: Sequence[SearchDay]) -> bytes:
        return msgspec.msgpack.encode([msgspec.msgpack.encode(self._count(day)) for day in days])

    def counts(self, day: SearchDay) -> DayTermCounts:
        """Return the counts of a day; its documents are requested only if the cache has no counts."""
        return self._cache.get_or_make(self.cache_key(day.key), DayTermCounts, partial(self._count, day))

    def _count(self, day: SearchDay) -> DayTermCounts:
        return count_day(day.date, day_documents(day), self._analyzer)

    def past_counts(self, day: bytes) -> DayTermCounts:
        """Return the counts of a day that the archive no longer has; `day` is its key.

        Raises LookupError if the cache has lost them.
        """

        def make() -> NoReturn:
            raise LookupError(day)

        return self._cache.get_or_make(self.cache_key(day), DayTermCounts, make)
