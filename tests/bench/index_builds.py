"""Measure how long the search index takes to build, and which of its files a change writes."""

import datetime as dt
import gc
import gzip
import itertools
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from searched_site import single_files, to_search_days

from bench.archive import Days
from daybook.incremental.cache import BuildCache
from daybook.search.analysis import Analyzer
from daybook.search.document import Document, SearchDay
from daybook.search.index import dump_facets, index_files
from daybook.search.postings import encode_term
from daybook.search.segments import choose_doc_ids, collect_postings, summarize_day
from daybook.search.shards import dump_shard
from daybook.search.term_counts import DayTermCounts, FieldCounts, count_day
from daybook.site.pelican_runner import GC_THRESHOLDS


class Build(Struct, frozen=True):
    """One build: seconds, the key of each file, the numbers of files that it wrote and removed, and the bytes written.

    `seconds` is what a maintainer waits for; `cpu` is the work of all processes, which other programs do not lengthen.
    """

    seconds: float
    cpu: float
    keys: dict[str, bytes]
    written: int
    removed: int
    size: int


class Tenfold(Struct, frozen=True):
    """Sizes on the wire of an archive of ten times the length.

    `facets` is the largest facet table, of five years, `all_facets` all of them, `shard` the largest shard.
    """

    facets: int
    all_facets: int
    shard: int


class Builds(Struct, frozen=True):
    """Builds in sequence: from nothing, without a change, and after one change each."""

    cold: Build
    unchanged: Build
    day_added: Build
    old_entry: Build
    month_begun: Build
    thrice: Build


def measure_builds(days: Days) -> Builds:
    """Build all days but the newest; add that day, an entry on an old day, and the first day of a new month.

    `thrice` adds a day to an archive of three times the length.
    """
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        cold = _build(days[:-1], cache, {})
        unchanged = _build(days[:-1], cache, cold.keys)
        day_added = _build(days, cache, cold.keys)
        fuller = _with_an_old_entry(days)
        old_entry = _build(fuller, cache, day_added.keys)
        month_begun = _build([*fuller, _next_month(days)], cache, old_entry.keys)
        longer = [day for back in (2, 1, 0) for day in _earlier(days, back)]
        before = _build(longer[:-1], cache, {})
        thrice = _build(longer, cache, before.keys)
    return Builds(cold, unchanged, day_added, old_entry, month_begun, thrice)


def measure_tenfold(days: Days) -> Tenfold:
    """Return the sizes in an archive that has the same entries on ten times as many days.

    Only what is measured is written: the facet table, and the shard of the most common word, which fills one alone.
    """
    analyzer = Analyzer()
    counted = [count_day(date, documents, analyzer) for date, documents in days]
    [word] = Counter(chain.from_iterable(_text_words(day) for day in counted)).most_common(1)[0][:1]
    span = days[-1][0] - days[0][0] + dt.timedelta(days=1)
    copies = [replace(day, date=day.date - span * back) for back in range(9, -1, -1) for day in counted]
    doc_ids = choose_doc_ids((day.date, len(day.documents)) for day in copies)
    postings = collect_postings((_only_word(day, word) for day in copies), doc_ids)
    _, shard = dump_shard("base", (word, [encode_term(word, postings[word])]), "")
    summaries = [summarize_day(SearchDay(day.date, len(day.documents), b"", tuple), day) for day in copies]
    years = itertools.groupby(summaries, key=lambda day: day.date.year // 5)
    facets = [len(gzip.compress(dump_facets("facets", list(days)), 6)) for _, days in years]
    return Tenfold(max(facets), sum(facets), len(gzip.compress(shard, 6)))


def _text_words(day: DayTermCounts) -> Iterator[str]:
    """Yield the words of each text of a day, once for each."""
    return chain.from_iterable(fields[1].terms for fields in day.documents)


def _only_word(day: DayTermCounts, word: str) -> DayTermCounts:
    documents = [
        tuple([FieldCounts(length, {word: terms[word]} if word in terms else {}) for length, terms in fields])
        for fields in day.documents
    ]
    return replace(day, documents=tuple(documents))


def _build(days: Days, cache: Path, before: dict[str, bytes]) -> Build:
    """Build as the site does: render only files whose key has changed."""
    searched = to_search_days(days)
    started, worked = time.perf_counter(), sum(os.times()[:4])
    thresholds = gc.get_threshold()
    gc.set_threshold(*GC_THRESHOLDS)  # as in the build of a site
    build_cache = BuildCache(cache)
    files = single_files(index_files(searched, build_cache))
    sizes = [len(file.render()) for file in files if before.get(file.path) != file.key]
    build_cache.close()
    keys = {file.path: file.key for file in files}
    gc.set_threshold(*thresholds)
    seconds, cpu = time.perf_counter() - started, sum(os.times()[:4]) - worked
    return Build(seconds, cpu, keys, len(sizes), len(before.keys() - keys.keys()), sum(sizes))


def _with_an_old_entry(days: Days) -> Days:
    index = len(days) // 3
    date, documents = days[index]
    new = replace(days[index + 40][1][0], date=date, path=f"{documents[0].path}-2")
    return [*days[:index], (date, (documents[0], new, *documents[1:])), *days[index + 1 :]]


def _next_month(days: Days) -> tuple[dt.date, tuple[Document, ...]]:
    """Return the newest day again, as the first day of the next month."""
    newest, documents = days[-1]
    first_day = (newest.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    return first_day, tuple(replace(document, date=first_day) for document in documents)


def _earlier(days: Days, times: int) -> Days:
    """Return the archive moved to earlier days, by `times` its own length."""
    span = (days[-1][0] - days[0][0] + dt.timedelta(days=1)) * times
    return [(date - span, tuple(replace(d, date=date - span) for d in documents)) for date, documents in days]
