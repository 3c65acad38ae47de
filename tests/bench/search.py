"""Measure the search and write its section of docs/benchmarks.md: `python -m bench.search`."""

import datetime as dt
import os
import platform
import re
import tempfile
from importlib.metadata import version
from pathlib import Path

from chromium import FLAGS, launch
from paths import ROOT
from playwright.sync_api import Browser, sync_playwright
from searched_site import results, write_site
from serving import Server
from stock_lunr import compare_with_stock, random_queries, vocabulary

from bench.archive import Days, measured_content, measured_days
from bench.finding import oracle_rows, relevance_rows
from bench.first_query import first_query_rows
from bench.index_builds import Build, Builds, measure_builds, measure_tenfold
from bench.jobs import Jobs
from bench.pagefind import is_installed, measure_pagefind
from bench.query_costs import SENT, TYPED, query_bytes, spread, warm_times, word_pairs
from bench.tables import Row, replace_section, search_section, sizes_before_the_first_key, wire_size

QUERIES = 2_500  # compared with stock lunr
PAIRS = 200  # of words, whose bytes are measured
TIMED = 40  # of the pairs
SLOW = 10  # of the pairs, on a slow phone
MANY_HITS = "pr*"
_OF_BASE = re.compile(r"search/(?:facets-|vocabulary-)?base\b")


def kilobytes(count: float) -> str:
    """Format bytes as kilobytes of 1,000."""
    return f"{count / 1000:.1f}"


def milliseconds(time: float) -> str:
    """Format a time as whole milliseconds."""
    return f"{time:.0f}"


def agreement_rows(browser: Browser, site: Path, days: Days) -> list[Row]:
    """Compare the results with those of stock lunr over one index."""
    documents = [document for _, day in days for document in day]
    queries = list(random_queries([*vocabulary(documents), "absent"], QUERIES))
    page = browser.new_page()
    page.goto((site / "search/index.html").as_uri())
    hits = [hits for _, hits in compare_with_stock(page, queries, documents)]
    page.close()
    result_rows, differences = sum(count for count in hits if count > 0), sum(count < 0 for count in hits)
    measured = f"{differences} differences in {len(hits):,} queries, {result_rows:,} result rows"
    return [Row(f"agreement with stock lunr.js, {QUERIES:,} queries of every kind", "0 differences", measured)]


def byte_rows(browser: Browser, site: Path, pairs: list[tuple[str, str]]) -> list[Row]:
    """Measure the bytes that queries load, each with nothing loaded before."""
    page = browser.new_page()
    page.goto((site / "search/index.html").as_uri())
    kinds = [
        ("two words", "≤ 28 KB median", [f"{one} {other}" for one, other in pairs]),
        ("one word", "", [one for one, _ in pairs]),
        ("4-letter prefix", "", [f"{one[:4]}*" for one, _ in pairs]),
    ]
    rows = []
    for name, goal, queries in kinds:
        index, five, ten = zip(*query_bytes(page, site, queries, False), strict=True)
        rows.append(Row(f"later query, {name}: index + 10 results (one page)", goal, spread(ten, kilobytes) + " KB"))
        rows.append(Row(f"later query, {name}: index + 5 results", "", spread(five, kilobytes) + " KB"))
        rows.append(Row(f"later query, {name}: index only", "", spread(index, kilobytes) + " KB"))
    page.close()
    first = sizes_before_the_first_key(site)
    measured = f"{kilobytes(sum(first.values()))} KB ({', '.join(f'{n} {kilobytes(s)}' for n, s in first.items())})"
    rows.append(Row("loaded before typing", "≤ 25 KB", measured))
    facets = sum(wire_size(path) for path in site.glob("search/facets-*.js"))
    rows.append(Row("facet tables, of which those of the results' years load", "≤ 40 KB", f"{kilobytes(facets)} KB"))
    shard = max(wire_size(path) for path in site.glob("search/base-*.js"))
    rows.append(Row("largest shard, of a common word", "", f"{kilobytes(shard)} KB"))
    words = sum(wire_size(path) for path in site.glob("search/vocabulary-*.js"))
    rows.append(Row("vocabulary, loaded for `word~`, inner stars and suggestions", "", f"{kilobytes(words)} KB"))
    return rows


def time_rows(browser: Browser, site: Path, pairs: list[tuple[str, str]]) -> list[Row]:
    """Measure the time to the results once the index files are loaded."""
    page = browser.new_page()
    page.goto((site / "search/index.html").as_uri())
    results(page)
    kinds = [
        ("two words, typed", [f"{one} {other}" for one, other in pairs[:TIMED]], TYPED, "≤ 50 ms median"),
        ("one word, typed", [one for one, _ in pairs[:TIMED]], TYPED, "≤ 50 ms median"),
        ("4-letter prefix, typed", [one[:4] for one, _ in pairs[:TIMED]], TYPED, "≤ 50 ms median"),
        (f"many matches, `{MANY_HITS}`, typed: newest first", [MANY_HITS] * 9, TYPED, "≤ 50 ms median"),
        (f"`{MANY_HITS}`, sent: all ranked", [MANY_HITS] * 5, SENT, ""),
    ]
    rows = []
    for name, queries, script, goal in kinds:
        times = warm_times(page, queries, script)
        rows.append(Row(f"first answer, warm: {name}, median / p95", goal, spread(times, milliseconds) + " ms"))
    page.close()
    return rows


def build_rows(built: Builds, documents: int) -> list[Row]:
    """Return the figures of builds of the index."""

    def cpu(build: Build) -> str:
        return f" ({build.cpu:.2f} s of CPU)"

    def seconds(build: Build) -> str:
        return f"{build.seconds:.2f} s{cpu(build)}"

    def changed_base(built: Builds) -> int:
        before, after = built.cold.keys, built.day_added.keys
        return sum(bool(_OF_BASE.search(path)) for path, _ in before.items() ^ after.items())

    def written_files(build: Build) -> str:
        return f"{build.written:,} (and {build.removed:,} removed) of {len(build.keys):,}"

    rows = [
        (
            "index build, cold",
            "≥ 4,500 documents/s",
            f"{documents / built.cold.seconds:,.0f} documents/s{cpu(built.cold)}",
        ),
        ("index build, nothing changed", "≤ 0.05 s", seconds(built.unchanged)),
        ("index build, one day added", "≤ 0.2 s", seconds(built.day_added)),
        ("search files written when a day is added", "≤ 60", written_files(built.day_added)),
        ("files of the base segment changed when a day is added", "0", f"{changed_base(built):,}"),
        ("index build, an entry added to an old day", "≤ 0.4 s", seconds(built.old_entry)),
        ("search files written when an entry is added to an old day", "", written_files(built.old_entry)),
        ("index build, a new month begins", "", seconds(built.month_begun)),
        ("search files written when a new month begins", "", written_files(built.month_begun)),
        ("index build, one day added to the tripled archive", "", seconds(built.thrice)),
        ("whole index with all texts, uncompressed", "", f"{built.cold.size / 1e6:.1f} MB"),
    ]
    return [Row(*row) for row in rows]


def tenfold_rows(days: Days) -> list[Row]:
    """Return the sizes of an archive of ten times the length."""
    sizes = measure_tenfold(days)
    name = f"{10 * sum(len(day) for _, day in days):,} entries"
    return [
        Row(f"facet table of five years at {name}", "≤ 60 KB", f"{kilobytes(sizes.facets)} KB"),
        Row(f"facet tables of all years at {name}", "", f"{kilobytes(sizes.all_facets)} KB"),
        Row(f"largest shard at {name}", "≤ 20 KB", f"{kilobytes(sizes.shard)} KB"),
    ]


def whole_site_rows(browser: Browser, pairs: list[tuple[str, str]]) -> list[Row]:
    """Build the whole site and measure the first query of a reader."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs(Path(folder), measured_content(Path(folder) / "content", 1.0)[1])
        jobs.build()
        queries = [f"{one} {other}" for one, other in pairs[:TIMED]]
        return first_query_rows(browser, Path(folder) / "site", queries, SLOW)


def peer_rows(browser: Browser, days: Days, pairs: list[tuple[str, str]]) -> list[Row]:
    """Measure Pagefind on the same entries if it is installed."""
    if not is_installed():
        return [Row("Pagefind", "", "not measured: `pagefind[bin]` is not installed")]
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        queries = [f"{one} {other}" for one, other in pairs[:TIMED]]
        peer = measure_pagefind(browser, days, queries, (Path(folder), server.url))
        server.stop()
    name = f"Pagefind {version('pagefind')}"
    return [
        Row(f"{name}: first query of two words with 5 results", "", spread(peer.first, kilobytes) + " KB"),
        Row(f"{name}: later queries", "", spread(peer.later, kilobytes) + " KB"),
        Row(f"{name}: the same query again, warm", "", spread(peer.warm, milliseconds) + " ms"),
        Row(f"{name}: index build", "", f"{peer.seconds:.1f} s"),
        Row(f"{name}: files, size", "", f"{peer.files:,}, {peer.size / 1e6:.1f} MB"),
    ]


def main() -> None:
    """Measure everything, print each figure at once, and write the section."""
    description, days = measured_days()
    documents = sum(len(day) for _, day in days)
    pairs = list(word_pairs(days, PAIRS))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        write_site(site, [document for _, day in days for document in day])
        browser = launch(playwright, FLAGS)
        machine = (
            f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, lunr.py"
            f" {version('lunr')}, lunr.js 2.3.9, Chromium {browser.version}; load {os.getloadavg()[0]:.1f}"
        )
        steps = (
            lambda: oracle_rows(browser),
            lambda: relevance_rows(browser),
            lambda: agreement_rows(browser, site, days),
            lambda: byte_rows(browser, site, pairs),
            lambda: whole_site_rows(browser, pairs),
            lambda: time_rows(browser, site, pairs),
            lambda: build_rows(measure_builds(days), documents - len(days[-1][1])),
            lambda: tenfold_rows(days),
            lambda: peer_rows(browser, days, pairs),
        )
        rows = []
        for step in steps:
            measured = step()
            rows += measured
            print("\n".join(f"{row.figure}: {row.measured}" for row in measured), flush=True)
        browser.close()
    section = search_section(rows, [description, machine, f"run on {dt.datetime.now(dt.UTC):%Y-%m-%d}"])
    page = ROOT / "docs/benchmarks.md"
    page.write_text(replace_section(page.read_text(encoding="utf-8"), section), encoding="utf-8")


if __name__ == "__main__":
    main()
