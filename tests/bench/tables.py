"""Figures as the Markdown of docs/benchmarks.md."""

import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_NOTES = """
### How to read the search figures

- KB are thousands of bytes after gzip at level 6, as a server sends them. Two figures are the median and the 95th
  percentile. Queries are two random words of one random entry, so each has a match. A query is “later” if page, scripts
  and manifest are loaded, but none of its shards and results. A results file contains at most three entries, with
  their whole texts.
- The first query opens the search page of the whole site with the query in its address, with an empty cache. Fonts are
  not counted. A request belongs to the round trip after the last one that had ended when it was sent. Slow 3G is
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
  The files written for a new day are those of the recent segment. When a month begins, the days of the
  previous month move into the base segment, and most of its files are written again.
- The tripled archive contains the same entries again on two earlier spans of days: it shows how the work of a new
  day grows with the number of days.
- The results script is loaded with the first results, and the vocabulary when it is first used. The facet tables are
  files of five years each: counts load those of the years of the results, filters by topic, outlet or language all.
- Times depend on what else the machine does; the load at the start is listed above. Seconds of CPU are those of all
  processes of a build and depend on it less.
"""


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
