"""Figures as a page: the only place that words docs/benchmarks.md."""

import gzip
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_NOTES = """
### How to read it

- Kilobytes are thousands of bytes after gzip at level 6, as a server sends them; each query of a bytes row starts
  with an empty browser. Queries are two random words of one random entry, so that each has a hit.
- A result's text comes in a file of at most four entries. The page shows ten results at once, as its address is
  promised to; the goal speaks of five, so both are given.
- “Typed” runs from the input event to the results on the page, “sent” from Enter. Warm means that the files had come
  before. While typing, more than 1,000 hits are shown newest first and not ranked; Enter ranks them all.
- “Agreement” asks stock lunr.js over one whole index and this search over its shards in the same browser: same
  entries, same order, equal scores. The queries mix words, fields, exclusions, boosts, beginnings, inner stars and
  near words.
- Builds decide which files changed and make those, from entries that are read already; writing them is not counted.
  Written files of a new day are those of the recent segment. When a calendar quarter begins, the days of the last
  one move into the base segment, and most of its files are written anew once.
- The archive three times over holds the same entries again on two earlier spans of days: it shows how the work of
  a new day grows with the number of days.
- The script of results comes with the first answer, the filters' counts and the vocabulary with their first use.
- Times and builds depend on what else the machine does; its load at the start stands above.
"""


_BUILD_NOTES = """
### How these are read

- Each figure is a whole process, started anew, everything that `make html` builds: pages, topics, feeds, data, search.
- A new day is the newest of the archive, an entry comes into a day after the first third; the output and the cache
  are those of the build before. “From the cache alone” begins without an output, as a fresh checkout on a host does.
- Memory is that of the largest process; a cold build has one for each core beside the first.
- Hugo has the same days with the same entries as Markdown, the same topics, a minimal theme, neither feeds nor data
  nor search, and makes all of it each time. Pagefind indexes what Hugo made.
- The archive of a larger scale holds the same entries again on earlier days, each with words of its own.
"""
_JOBS = {
    "cold": "cold build",
    "nothing": "nothing changed",
    "day": "a new day",
    "entry": "an entry put into an old day",
    "restored": "from the cache alone",
    "writing": "only to write the site's files",
    "one day": "an archive of one day, edited",
    "empty": "Pelican on an empty site",
    "Hugo": "Hugo, cold",
    "Hugo again": "Hugo, a new day",
    "Pagefind": "Pagefind on Hugo's day pages",
    "Hugo, a page an entry": "Hugo, a page an entry",
    "Pagefind, a page an entry": "Pagefind on a page an entry",
}


class Run(NamedTuple):
    """A process: its wall and CPU seconds, and the largest memory of one of its processes in MB."""

    wall: float
    cpu: float
    memory: float


class Row(NamedTuple):
    """A figure: what it is of, what was aimed at, and what was measured."""

    figure: str
    goal: str
    measured: str


def search_section(rows: Sequence[Row], head: Sequence[str]) -> str:
    """Write the section on search: what was measured on what, and each figure as it was measured."""
    lines = ["## Search", "", *(f"- {line}" for line in head), "", "| figure | goal | measured |", "|---|---|---|"]
    lines += [f"| {row.figure} | {row.goal} | {row.measured} |" for row in rows]
    return "\n".join(lines) + "\n" + _NOTES


def builds_section(
    found: Mapping[float, Mapping[str, Run]],
    rounds: Mapping[float, Sequence[Mapping[str, Run]]],
    pages: tuple[Mapping[str, int], Mapping[str, int]],
    head: Sequence[str],
) -> str:
    """Write the section on builds: seconds, memory, ratios to the peers, growth."""
    ours, peers = pages
    sizes = f"our site has {ours['files']:,} files, {ours['pages']:,} of them pages"
    if peers:
        sizes += f"; Hugo's {peers['files']:,} files, {peers['pages']:,} pages"
    rows = [*_own_rows(found), *_ratio_rows(found[1.0], rounds[1.0]), *_growth_rows(found)]
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


def _own_rows(found: Mapping[float, Mapping[str, Run]]) -> Iterator[Row]:
    whole = found[1.0]
    for name, figure in _JOBS.items():
        if name in whole:
            run, goal = whole[name], {"cold": "≤ 250 MB", "day": "≤ 150 MB", "entry": "≤ 150 MB"}.get(name, "")
            memory = f", {run.memory:.0f} MB" if run.memory else ""
            yield Row(figure, goal, f"{run.wall:.2f} s ({run.cpu:.2f} s of CPU{memory})")
    yield Row(
        "floor: one day, over Pelican's empty site", "≤ 0.15 s", f"{whole['one day'].wall - whole['empty'].wall:.2f} s"
    )


def _ratio_rows(whole: Mapping[str, Run], rounds: Sequence[Mapping[str, Run]]) -> Iterator[Row]:
    if "Hugo" not in whole:
        return
    for name, goal in (("day", "≤ 0.5"), ("entry", "≤ 0.75"), ("nothing", "≤ 0.3")):
        ratio = statistics.median(each[name].wall / each["Hugo again"].wall for each in rounds)
        yield Row(f"{_JOBS[name]}, over Hugo's rebuild", f"{goal} ×", f"{ratio:.2f} ×")
    restored = whole["restored"].wall - whole["writing"].wall
    yield Row(
        "from the cache alone, less the writing, over a new day", "≤ 2 ×", f"{restored / whole['day'].wall:.2f} ×"
    )
    if "Pagefind" in whole:
        ratio = statistics.median(each["cold"].wall / (each["Hugo"].wall + each["Pagefind"].wall) for each in rounds)
        yield Row("cold, over Hugo and Pagefind on day pages", "≤ 1.5 ×", f"{ratio:.2f} ×")
        by_entry = whole["Hugo, a page an entry"].wall + whole["Pagefind, a page an entry"].wall
        yield Row("cold, over both on a page an entry", "≤ 0.4 ×", f"{whole['cold'].wall / by_entry:.2f} ×")


def _growth_rows(found: Mapping[float, Mapping[str, Run]]) -> Iterator[Row]:
    *_, largest = sorted(found)
    for name, goal in (("cold", "≤ 3.2 ×"), ("day", "≤ 1.6 ×"), ("entry", "≤ 1.6 ×"), ("nothing", "")):
        grown = [f"×{scale:g} {runs[name].wall:.2f} s" for scale, runs in sorted(found.items())]
        ratio = found[largest][name].wall / found[1.0][name].wall
        yield Row(f"growth, {_JOBS[name]}", goal, f"{ratio:.2f} × ({', '.join(grown)})")
    yield Row("memory at the largest, cold", "", f"{found[largest]['cold'].memory:.0f} MB")


def replace_section(page: str, section: str) -> str:
    """Put a section in the place of the one of the same title, or at the page's end."""
    title = re.escape(section.partition("\n")[0])
    old = re.compile(rf"^{title}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if not old.search(page):
        return f"{page.rstrip()}\n\n{section}"
    return old.sub(lambda _: f"{section.rstrip()}\n\n", page).rstrip() + "\n"


def wire_size(path: Path) -> int:
    """Give a file's size as a server sends it."""
    return len(gzip.compress(path.read_bytes(), 6))


def sizes_before_the_first_key(site: Path) -> dict[str, int]:
    """Give what the search page loads of scripts before anything is asked."""
    [lunr], [client] = site.glob("search/lunr.*.js"), site.glob("static/js/search.*.js")
    return {
        "lunr": wire_size(lunr),
        "client": wire_size(client),
        "manifest": wire_size(site / "search/manifest.js"),
    }
