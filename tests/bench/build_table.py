"""The section on builds of docs/benchmarks.md."""

import statistics
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bench.tables import Row, Run

_NOTES = """
### How to read the build figures

- A figure is the CPU seconds, user and system, of all processes of a command, then the elapsed seconds and the memory
  of the largest process. Ratios are of CPU seconds.
- “With entry pages” is the default, a page for each entry (`ENTRY_PAGES = "all"`); “without” is `"none"`.
- Each edit has a text that was never built before. The new day is the newest of the archive; the new entry is added to
  a day after the first third. A page ingested is a saved page of 12 posts, read and built: two commands.
- An alias that matches in some months or in most months: a word of the texts found in about 5 or 80 percent of them.
- The first publication draws no cards; “cards drawn” is the next one, which draws a card for each day and key entry.
- Hugo, Eleventy and Pelican build the same days from Markdown, with the same topics and minimal themes, without
  feeds, data or search. Hugo and Eleventy always build everything. Pagefind indexes the site that Hugo built.
- A larger archive contains the same entries again on earlier days, each with an additional word. Growth is the CPU
  time ÷ that for ×1.
"""
_JOBS = {
    "cold": "cold build",
    "nothing": "nothing changed",
    "day": "a new day",
    "entry": "an entry added to an old day",
    "ingested": "a page ingested and the site built",
    "published first": "publish after html, first time, without cards",
    "published": "publish after html, again",
    "html after publish": "html after publish",
    "released": "release after publish",
    "alias, some months": "an alias that matches in some months",
    "alias, most months": "an alias that matches in most months",
    "name": "the archive's name",
    "template 404.html": "a comment in 404.html",
    "template topic.html": "a comment in topic.html",
    "template day.html": "a comment in day.html",
    "template base.html": "a comment in base.html",
}
# Goals for a build with entry pages, then without.
_GOALS = {
    "cold": ("≤ 220 MB", "≤ 220 MB"),
    "day": ("≤ 90 MB", "≤ 90 MB"),
    "ingested": ("≤ 1.2 s", "≤ 1.2 s"),
    "published first": ("≤ 20 s", "≤ 20 s"),
    "published": ("≤ 11 s", "≤ 5.5 s"),
    "html after publish": ("≤ 10 s", "≤ 4 s"),
    "released": ("≤ 24 s", "≤ 16 s"),
    "alias, some months": ("≤ 3.5 s", "≤ 3.5 s"),
    "alias, most months": ("≤ 8 s", "≤ 8 s"),
    "name": ("≤ 16 s", "≤ 16 s"),
}
_PEERS = {
    "Hugo": "Hugo, cold",
    "Hugo again": "Hugo, a new day",
    "Pagefind": "Pagefind, one page per day",
    "Hugo by entry": "Hugo, one page per entry",
    "Pagefind by entry": "Pagefind, one page per entry",
    "Eleventy": "Eleventy, cold",
    "Eleventy again": "Eleventy, a new day",
    "Pelican": "Pelican with its own theme, cold",
    "Pelican again": "Pelican with its own theme, a new day",
}


class Measured(Struct, frozen=True):
    """What was measured of one archive with one value of ENTRY_PAGES.

    Attributes:
        runs: The medians of all rounds, and of jobs that ran once.
        rounds: The runs of each round.
        entries, cards: Their numbers.
        site: The files and bytes of the site after a cold build.
        cache: The bytes of the cache after a cold build.
        pages: The bytes of the home page and of the list of days.
    """

    runs: Mapping[str, Run]
    rounds: Sequence[Mapping[str, Run]]
    entries: int
    cards: int
    site: tuple[int, int]
    cache: int
    pages: Mapping[str, int]


def builds_section(
    with_pages: Mapping[float, Measured],
    without: Measured,
    peers: Mapping[str, tuple[int, int]],
    head: Sequence[str],
) -> str:
    """Return the section on builds: seconds, memory, ratios to other programs, growth with the archive.

    Args:
        with_pages: What was measured with entry pages, by scale of the archive.
        without: What was measured at ×1 without entry pages.
        peers: The files and bytes of the sites of other programs.
        head: What was measured, where and when.
    """
    whole = with_pages[1.0]
    tables = [
        (("figure", "goal", "with entry pages", "goal", "without"), _job_rows(whole, without)),
        (("figure", "goal", "measured"), [*_ratio_rows(whole, without), *_size_rows(whole, without)]),
        (("figure", "goal", "measured"), _growth_rows(with_pages)),
        (("other program", "measured"), _peer_rows(whole.runs, peers)),
    ]
    lines = ["## Builds", "", *(f"- {line}" for line in head)]
    for heads, rows in tables:
        lines += ["", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n" + _NOTES


def _job_rows(whole: Measured, without: Measured) -> Iterator[tuple[str, ...]]:
    for name, figure in _JOBS.items():
        goals = _GOALS.get(name, ("", ""))
        measured = (_times(runs.get(name)) for runs in (whole.runs, without.runs))
        cells = zip(goals, measured, strict=True)
        yield (figure, *(cell for pair in cells for cell in pair))
    card = (whole.runs["cards drawn"].cpu - whole.runs["published"].cpu) / max(1, whole.cards)
    yield "a card, drawn", "≤ 60 ms", f"{1000 * card:.0f} ms of CPU ({whole.cards:,} cards)", "", ""


def _times(run: Run | None) -> str:
    return f"{run.cpu:.2f} s ({run.wall:.2f} s, {run.memory:.0f} MB)" if run else ""


def _ratio_rows(whole: Measured, without: Measured) -> Iterator[Row]:
    if "Hugo again" not in whole.runs:
        return
    for name, goal in (("day", "0.35"), ("entry", "0.40"), ("nothing", "0.08")):
        ratios = [_ratio(whole, measured, name, ["Hugo again"]) for measured in (whole, without)]
        yield Row(f"{_JOBS[name]} ÷ Hugo's rebuild", f"≤ {goal} ×", _both(ratios))
    if "Pagefind" not in whole.runs:
        return
    ratios = [_ratio(whole, measured, "day", ["Hugo again", "Pagefind"]) for measured in (whole, without)]
    yield Row("a new day ÷ Hugo and Pagefind", "≤ 0.06 ×", _both(ratios))
    ratios = [_ratio(whole, measured, "cold", ["Hugo", "Pagefind"]) for measured in (whole, without)]
    yield Row("cold build ÷ Hugo and Pagefind, one page per day", "≤ 1.3 ×", _both(ratios))
    by_entry = whole.runs["Hugo by entry"].cpu + whole.runs["Pagefind by entry"].cpu
    yield Row(
        "cold build ÷ Hugo and Pagefind, one page per entry", "≤ 0.6 ×", f"{whole.runs['cold'].cpu / by_entry:.2f} ×"
    )


def _ratio(peers: Measured, measured: Measured, name: str, others: Sequence[str]) -> float:
    """Return the median, over the rounds, of our CPU time ÷ that of the other programs in the same round."""
    return statistics.median(
        own[name].cpu / sum(peer[other].cpu for other in others)
        for own, peer in zip(measured.rounds, peers.rounds, strict=True)
    )


def _both(ratios: Sequence[float]) -> str:
    return f"{ratios[0]:.2f} × with entry pages, {ratios[1]:.2f} × without"


def _size_rows(whole: Measured, without: Measured) -> Iterator[Row]:
    for measured, name in ((without, "without entry pages"), (whole, "with entry pages")):
        is_goal = measured is without
        count, size = measured.site
        files = f"{count:,} / {size / 1e6:.0f} MB"
        yield Row(f"files / size of the site, {name}", "≤ 15,000 / ≤ 170 MB" if is_goal else "", files)
        held = 900e6 / size * measured.entries
        yield Row(f"entries within 900 MB, {name}", "≥ 180,000" if is_goal else "", f"{held:,.0f} (in proportion)")
        cache = f"{measured.cache / 1e6:.0f} MB, {measured.cache / size:.2f} × the site"
        yield Row(f"cache after a cold build, {name}", "≤ 0.6 × the site", cache)


def _growth_rows(measured: Mapping[float, Measured]) -> Iterator[Row]:
    scales = sorted(measured)
    for name in ("day", "entry", "nothing", "cold"):
        times = ", ".join(f"×{scale:g} {measured[scale].runs[name].cpu:.2f} s" for scale in scales)
        ratios = ", ".join(
            f"×{scale:g} {measured[scale].runs[name].cpu / measured[1.0].runs[name].cpu:.2f} ×"
            for scale in scales
            if scale > 1
        )
        yield Row(
            f"growth, {_JOBS[name]}", "≤ 1.2 × at ×3, ≤ 2 × at ×10" if name == "day" else "", f"{ratios} ({times})"
        )
    for name, goal in (("day", "≤ 200 MB at ×10"), ("cold", "")):
        memory = ", ".join(f"×{scale:g} {measured[scale].runs[name].memory:.0f} MB" for scale in scales)
        yield Row(f"memory, {_JOBS[name]}", goal, memory)
    for page, goal in (("index.html", "≤ 100 KB at ×10"), ("days/index.html", "≤ 150 KB at ×10")):
        sizes = ", ".join(f"×{scale:g} {measured[scale].pages[page] / 1000:.1f} KB" for scale in scales)
        yield Row(f"size of {page}", goal, sizes)


def _peer_rows(runs: Mapping[str, Run], sites: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    for name, figure in _PEERS.items():
        if name in runs:
            yield figure, _times(runs[name])
    for name, (files, size) in sites.items():
        yield f"{name}: files / size", f"{files:,} / {size / 1e6:.0f} MB"
