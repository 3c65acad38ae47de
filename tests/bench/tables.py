"""Figures as a page: the only place that words docs/benchmarks.md."""

import gzip
import re
from collections.abc import Sequence
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


def with_section(page: str, section: str) -> str:
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
