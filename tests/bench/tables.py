"""Figures as the Markdown of docs/benchmarks.md."""

import gzip
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_NOTES = """
### How to read the search figures

- KB are thousands of bytes after gzip at level 6, as a server sends them. Two figures are the median and the 95th
  percentile. Queries are two random words of one random entry, so each has a match. A query is “later” if page, scripts
  and manifest are loaded, but none of its shards and results. A results file contains at most four entries.
- The first query opens the search page of the whole site with the query in its address, with an empty cache. Fonts are
  not counted. A request belongs to the round trip after the last one that had ended when it was sent. Whole texts for
  snippets, which follow the results, count as bytes and requests but not as a round trip. Slow 3G is
  400 ms to the first byte of each answer and 400 kbit/s, over HTTP/1.1, which sends six requests at a time.
- The oracle is a program of its own that decides from the definition in docs/search.md what a query must find.
  nDCG@10 compares the order with graded answers to needs; the half set aside was never used to choose a weight.
  MiniSearch, Pagefind and SQLite get the same entries and queries.
- “Typed” is the time from the input event to the results on the page, “sent” the time from Enter. “Warm” means that
  the files were already loaded. While the reader types, more than 1,000 matches are shown newest first and are not
  ranked; Enter ranks all of them.
- “Agreement” runs unmodified lunr.js over one index and this search over its shards in the same browser and expects
  the same entries in the same order with equal scores. The whole index has the same words, and a query asks it for the
  same families. The queries combine words, OR, fields, exclusions, boosts, prefixes, inner stars and fuzzy words.
- Index builds find the changed files and render them, from entries that are already parsed; writing is not measured.
  The files written for a new day are those of the recent segment. When a calendar quarter begins, the days of the
  previous quarter move into the base segment, and most of its files are written again.
- The tripled archive contains the same entries again on two earlier spans of days: it shows how the work of a new
  day grows with the number of days.
- The results script is loaded with the first results; the filter counts and the vocabulary are loaded on first use.
- Times depend on what else the machine does; the load at the start is listed above. Seconds of CPU are those of all
  processes of a build and depend on it less.
"""


_BUILD_NOTES = """
### How to read the build figures

- Each figure is one process that does what `make html` does: pages, topics, feeds, data and search.
- The new day is the newest of the archive; the new entry is added to a day after the first third. Both builds start
  with the output and the cache of the previous build. “From cache” starts without an output, as a new checkout on a
  build server does.
- Growth is the time for the largest archive ÷ the time for ×1.
- Memory is that of the largest process; a cold build has one more process for each core.
- Hugo builds the same days and entries from Markdown, with the same topics and a minimal theme, without feeds, data
  or search, and always builds everything. Pagefind indexes the site that Hugo built.
- A larger archive contains the same entries again on earlier days, each with an additional word.
"""
_JOBS = {
    "cold": "cold build",
    "nothing": "nothing changed",
    "day": "a new day",
    "entry": "an entry added to an old day",
    "restored": "from cache",
    "writing": "writing the site's files only",
    "one day": "one-day archive, edited",
    "empty": "Pelican, empty site",
    "Hugo": "Hugo, cold",
    "Hugo again": "Hugo, a new day",
    "Pagefind": "Pagefind, one page per day",
    "Hugo by entry": "Hugo, one page per entry",
    "Pagefind by entry": "Pagefind, one page per entry",
}


class Run(NamedTuple):
    """A timed process: wall and CPU seconds, and the memory of its largest process in MB."""

    wall: float
    cpu: float
    memory: float


class Row(NamedTuple):
    """A row of a table: a figure's name, its goal, and what was measured."""

    figure: str
    goal: str
    measured: str


def search_section(rows: Sequence[Row], head: Sequence[str]) -> str:
    """Return the section on search; `head` says what was measured, where and when."""
    lines = ["## Search", "", *(f"- {line}" for line in head), "", "| figure | goal | measured |", "|---|---|---|"]
    lines += [f"| {row.figure} | {row.goal} | {row.measured} |" for row in rows]
    return "\n".join(lines) + "\n" + _NOTES


def builds_section(
    runs: Mapping[float, Mapping[str, Run]],
    rounds: Mapping[float, Sequence[Mapping[str, Run]]],
    pages: tuple[Mapping[str, int], Mapping[str, int]],
    head: Sequence[str],
) -> str:
    """Return the section on builds: seconds, memory, ratios to other programs, growth with the archive.

    Args:
        runs: The medians of all rounds, by scale of the archive and name of the job.
        rounds: The runs of each round, by scale.
        pages: The numbers of files and pages of our site and of Hugo's.
        head: What was measured, where and when.
    """
    ours, peers = pages
    sizes = f"Daybook's site has {ours['files']:,} files, {ours['pages']:,} of them pages"
    if peers:
        sizes += f"; Hugo's has {peers['files']:,} files, {peers['pages']:,} of them pages"
    rows = [*_own_rows(runs), *_ratio_rows(runs[1.0], rounds[1.0]), *_growth_rows(runs)]
    lines = [
        "## Builds",
        "",
        *(f"- {line}" for line in (*head, sizes)),
        "",
        "| figure | goal | measured |",
        "|---|---|---|",
    ]
    lines += [f"| {row.figure} | {row.goal} | {row.measured} |" for row in rows]
    return "\n".join(lines) + "\n" + _BUILD_NOTES


def _own_rows(runs: Mapping[float, Mapping[str, Run]]) -> Iterator[Row]:
    whole = runs[1.0]
    for name, figure in _JOBS.items():
        if name in whole:
            run, goal = whole[name], {"cold": "≤ 250 MB", "day": "≤ 150 MB", "entry": "≤ 150 MB"}.get(name, "")
            memory = f", {run.memory:.0f} MB" if run.memory else ""
            yield Row(figure, goal, f"{run.wall:.2f} s ({run.cpu:.2f} s of CPU{memory})")
    yield Row(
        "one-day archive minus an empty Pelican site",
        "≤ 0.15 s",
        f"{whole['one day'].wall - whole['empty'].wall:.2f} s",
    )


def _ratio_rows(whole: Mapping[str, Run], rounds: Sequence[Mapping[str, Run]]) -> Iterator[Row]:
    if "Hugo" not in whole:
        return
    for name, goal in (("day", "≤ 0.5"), ("entry", "≤ 0.75"), ("nothing", "≤ 0.3")):
        ratio = statistics.median(results[name].wall / results["Hugo again"].wall for results in rounds)
        yield Row(f"{_JOBS[name]} ÷ Hugo rebuild", f"{goal} ×", f"{ratio:.2f} ×")
    restored = whole["restored"].wall - whole["writing"].wall
    yield Row("from cache, excluding writing ÷ a new day", "≤ 2 ×", f"{restored / whole['day'].wall:.2f} ×")
    if "Pagefind" in whole:
        ratio = statistics.median(
            results["cold"].wall / (results["Hugo"].wall + results["Pagefind"].wall) for results in rounds
        )
        yield Row("cold build ÷ Hugo and Pagefind, one page per day", "≤ 1.5 ×", f"{ratio:.2f} ×")
        by_entry = whole["Hugo by entry"].wall + whole["Pagefind by entry"].wall
        yield Row(
            "cold build ÷ Hugo and Pagefind, one page per entry", "≤ 0.4 ×", f"{whole['cold'].wall / by_entry:.2f} ×"
        )


def _growth_rows(runs: Mapping[float, Mapping[str, Run]]) -> Iterator[Row]:
    *_, largest = sorted(runs)
    for name, goal in (("cold", "≤ 3.2 ×"), ("day", "≤ 1.6 ×"), ("entry", "≤ 1.6 ×"), ("nothing", "")):
        times = [f"×{scale:g} {jobs[name].wall:.2f} s" for scale, jobs in sorted(runs.items())]
        ratio = runs[largest][name].wall / runs[1.0][name].wall
        yield Row(f"growth, {_JOBS[name]}", goal, f"{ratio:.2f} × ({', '.join(times)})")
    yield Row("memory of a cold build, largest archive", "", f"{runs[largest]['cold'].memory:.0f} MB")


def replace_section(page: str, section: str) -> str:
    """Replace the section of the same title in a page, or append it."""
    title = re.escape(section.partition("\n")[0])
    old = re.compile(rf"^{title}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if not old.search(page):
        return f"{page.rstrip()}\n\n{section}"
    return old.sub(lambda _: f"{section.rstrip()}\n\n", page).rstrip() + "\n"


def wire_size(path: Path) -> int:
    """Return the size of a file after gzip at level 6, as a server sends it."""
    return len(gzip.compress(path.read_bytes(), 6))


def sizes_before_the_first_key(site: Path) -> dict[str, int]:
    """Return the sizes of the scripts that the search page loads before the first key."""
    [client] = site.glob("static/js/search.*.js")
    return {
        "client": wire_size(client),
        "manifest": wire_size(site / "search/manifest.js"),
    }
