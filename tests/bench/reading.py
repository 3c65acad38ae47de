"""Measure what reading costs: an ordinary article, a live page, and text made to cost time.

    PYTHONPATH=scripts:tests/support:tests .venv/bin/python -m bench.reading [FOLDER]

Figures are seconds of the processor, the smallest of several runs: other processes do not count. With a FOLDER, all its
pages are measured, too: how many the byte test lets through, how many give entries, and the time of each.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import Hints
from daybook.parse.byte_test import may_hold_live_blog
from daybook.parse.containers import decompress
from daybook.parse.input_files import read_hints

_RUNS = 7
_WORDS = (
    *("boat", "harbour", "levee", "gate", "water", "county", "ferry", "quay", "storm", "night", "river", "crew"),
    *("mayor", "office", "bridge", "flood", "rescue", "tide", "wind", "road", "school", "village", "pump", "sand"),
)


def sentence(number: int, length: int = 14) -> str:
    """Return an invented sentence; each number gives another one."""
    words = (_WORDS[(number * 7 + place * (number % 5 + 3)) % len(_WORDS)] for place in range(length))
    return f"The {' '.join(words)} of {number}."


def paragraphs(first: int, count: int) -> str:
    return "".join(
        f"<p>{' '.join(sentence(first + 3 * number + part) for part in range(3))}</p>" for number in range(count)
    )


def furniture(size: int) -> str:
    """Return navigation, scripts and boxes of a news page, about `size` characters."""
    link = '<li class="nav-item nav-item--{n}"><a class="nav-link" href="/section/{n}/story-{n}">{text}</a></li>'
    links = "".join(link.format(n=number, text=sentence(number, 5)) for number in range(size // 400))
    script = "<script>window.page=" + '{"a":[1,2,3],"b":"' + "x" * (size // 2) + '"}</script>'
    return f'<nav class="site-nav"><ul>{links}</ul></nav>{script}'


def padded(page: str, size: int) -> bytes:
    """Return a page with furniture in place of ``FURNITURE``, as long as `size`."""
    filled = page.replace("FURNITURE", furniture(size - len(page)))
    return filled.replace("</body>", f"<!--{'x' * max(0, size - len(filled) - 7)}--></body>").encode()


def article(size: int = 80_000) -> bytes:
    """Return an ordinary article: one time of publication, and boxes of other stories."""
    text = paragraphs(1, 40)
    head = '<meta property="article:published_time" content="2031-04-09T10:00:00Z">'
    page = (
        f'<!doctype html><html lang="en"><head><title>The bridge at Weide</title>{head}</head><body>FURNITURE'
        f"<main><article><h1>The bridge at Weide</h1><p>9 April 2031, 10:00</p>{text}</article></main></body></html>"
    )
    return padded(page, size)


def live_page(size: int = 200_000, posts: int = 60) -> bytes:
    """Return a live blog with posts in elements, and as much furniture as fills the page."""
    shown = "".join(
        f'<article class="post post--{number}" id="post-{9000 - number}"><header><time datetime="2031-04-09T'
        f'{20 - number // 6:02}:{59 - number % 6 * 9:02}:00Z">{20 - number // 6:02}:{59 - number % 6 * 9:02}</time>'
        f"<h2>{sentence(number, 6)}</h2></header>{paragraphs(number, 5)}"
        '<ul class="share-bar"><li><a href="/share">Share</a></li></ul></article>'
        for number in range(posts)
    )
    head = "<title>Flood at Weide – live</title>"
    top = "<h1>Flood at Weide – live</h1><p>9 April 2031</p>"
    page = f'<!doctype html><html lang="en"><head>{head}</head><body>FURNITURE<main>{top}{shown}</main></body></html>'
    return padded(page, size)


def clocks(size: int = 1_000_000) -> bytes:
    """Return text of nothing but clock times."""
    lines = (
        f"{number // 60 % 24:02}:{number % 60:02} {number // 60 % 24:02}.{number % 60:02}"
        for number in range(size // 12)
    )
    return ("Flood live\n\n9 April 2031\n\n" + "\n".join(lines)).encode()[:size]


def clocks_on_one_line(size: int = 1_000_000) -> bytes:
    return clocks(size).replace(b"\n", b" ")


def clocks_in_html(size: int = 1_000_000) -> bytes:
    lines = "".join(f"<p>{number // 60 % 24:02}:{number % 60:02}</p>" for number in range(size // 12))
    return f"<!doctype html><title>Flood live</title><h1>Flood live</h1><p>9 April 2031</p>{lines}".encode()[:size]


PAGES: dict[str, tuple[Callable[[], bytes], int]] = {
    "ordinary article, 80 KB": (article, _RUNS),
    "live page, 200 KB, 60 posts": (live_page, _RUNS),
    "text of nothing but clocks, 1 MB": (clocks, 1),
    "the same on one line": (clocks_on_one_line, 1),
    "HTML of nothing but clocks, 1 MB": (clocks_in_html, 1),
}


def seconds(work: Callable[[], object], runs: int) -> float:
    """Return the processor time of a piece of work, the smallest of some runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def outcome(data: bytes) -> str:
    """Return how the reading of a page ends."""
    try:
        page = parse(data, read_hints({"zone": "UTC"}), "page")
    except ArchiveError as error:
        return f"refused: {error.reason}"
    return f"{page.verdict.value}, {len(page.records)} entries"


def measure_pages() -> None:
    for name, (make, runs) in PAGES.items():
        data = make()
        tested = seconds(lambda data=data: may_hold_live_blog(data), _RUNS)
        parsed = seconds(lambda data=data: outcome(data), runs)
        row = (name, f"{len(data):,}", "yes" if may_hold_live_blog(data) else "no", f"{tested * 1000:.1f} ms")
        print(f"| {' | '.join(row)} | {parsed * 1000:,.0f} ms | {outcome(data)} |")


def measure_folder(folder: Path) -> None:
    total = passed = given = size = 0
    tested = parsed = 0.0
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        try:
            data = decompress(path.read_bytes())
        except ArchiveError:
            continue
        total, size = total + 1, size + len(data)
        passed += may_hold_live_blog(data)
        tested += seconds(lambda data=data: may_hold_live_blog(data), 1)
        start = time.process_time()
        try:
            found = len(parse(data, Hints(), path.name).records)
        except ArchiveError:
            found = 0
        parsed += time.process_time() - start
        given += found > 0
    each = size / max(1, total)
    print(f"{total} pages of {each / 1000:.0f} KB on average: the byte test says yes to {passed}, {given} give entries")
    print(f"for each 80 KB: byte test {tested / size * 8e7:.2f} ms, parsing {parsed / size * 8e7:.1f} ms")


if __name__ == "__main__":
    measure_pages()
    for name in sys.argv[1:]:
        measure_folder(Path(name))
