"""A page made to cost time: work grows with the page and not with its square, which would end in hours."""

import datetime as dt
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, product

import pytest
from growth import outgrows
from merging import merge_into

from daybook.archive.from_record import IncomingEntry
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, Entry
from daybook.core.record import PageSource
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

_HANG = 600  # seconds of own work; each of these takes a few
_HEAD = "<!doctype html><html><body><h1>Harbour live</h1><p>April 9, 2031</p>"


def post(minute: int, inside: str) -> str:
    stamp = f"2031-04-09T10:{minute:02}:00Z"
    return f"<article><time datetime={stamp}>{stamp}</time><h3>Gate {minute}</h3>{inside}</article>"


def page(inside: str) -> str:
    """Write a page of six posts, the last of them a hostile one."""
    others = "".join(post(minute, f"<p>Gate {minute} was closed at noon.</p>") for minute in range(10, 15))
    return _HEAD + others + post(15, inside)


def data(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def blogs_of_one_update(count: int) -> str:
    blogs = '{"@type": "LiveBlogPosting", "liveBlogUpdate": [{"@id": "y"}]},' * count
    body = "<p>Fog." * count
    return page("<p>Fog." + data(f'[{blogs}{{"@id": "y", "headline": "Fog", "articleBody": "{body}"}}]'))


def lines_that_the_data_tells(count: int) -> str:
    body = "The gate was closed at noon by the wind. " * (5 * count)
    update = f'{{"@type": "BlogPosting", "datePublished": "2031-04-09T10:00:00Z", "articleBody": "{body}"}}'
    blog = data(f'{{"@type": "LiveBlogPosting", "liveBlogUpdate": [{update}]}}')
    lines = "".join(f"<p>The gate was closed at noon by the wind {n}.</p>" for n in range(count))
    return f"<!doctype html><title>Harbour live</title>{blog}{lines}"


def bylines(count: int) -> str:
    posts = page("<div>By <span itemprop=author>Ann</span></div>" * count + "<p>Fog.")
    return posts.replace("<article>", "<article itemprop=liveBlogUpdate>")


# A page by the count of what is hostile in it, and how many of that there are.
HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "headings of boxes": (lambda n: page("<p>Fog.<div>" + "<h2>Sign up for our newsletter</h2>" * n), 5_000),
    "a thousand blogs of one update": (blogs_of_one_update, 1_000),
    "breaks in a paragraph": (lambda n: page("<p>" + "a[<br>" * n), 4_000),
    "bylines": (bylines, 2_000),
    "white space in JSON-LD": (lambda n: page(data('{"@type": "Person",' + " " * n + '"name": ""}')), 200_000),
    "lines that the data tells": (lines_that_the_data_tells, 3_000),
    "captions of no picture": (lambda n: page("<div>" + "<div class=caption>Gate</div>" * n + "</div>"), 4_000),
    "lists within lists": (lambda n: page("<ul><li>" * n + "Fog." + "</li></ul>" * n), 40),
}


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raise after so many seconds of this process's own work, however busy the machine is."""

    def late(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"it took more than {seconds} seconds")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def read(source: str) -> ParsedPage:
    with at_most(_HANG):
        return parse(source.encode(), read_hints({}), "page")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page_takes_time_in_proportion_to_its_size(name: str) -> None:
    write, count = HOSTILE[name]
    lines = []

    def work(size: int) -> None:
        lines.append(len(read(write(size)).lines))

    assert not outgrows(work, count)
    assert min(lines) > 12


def clocks(zone: str, count: int) -> str:
    return "".join(f"{n // 60 % 24:02}:{n % 60:02}{zone} Gate {n}\n\nIt closed.\n\n" for n in range(count))


def capture(hour: int, texts: list[str], headline: str) -> list[IncomingEntry]:
    source = PageSource(url="https://a.example/live", captured=f"2031-04-09T{hour}:00:00Z")
    entries = [Entry(anchor="", time=dt.time(10), headline=headline, body=text) for text in texts]
    return [IncomingEntry(date=dt.date(2031, 4, 9), entry=entry, source=source) for entry in entries]


PHRASES = [" ".join(f"w{phrase}x{word}" for word in range(12)) for phrase in range(40)]
MINUTES = {
    "texts of their own": ("", lambda name, n: f"{name} {n} left the quay with {name} {n}"),
    "one headline": ("Fog", lambda name, n: f"{name} {n}"),
    "shared phrases": ("", lambda name, n: f" {name}{n} ".join(PHRASES[n * k % 40] for k in range(1, 20))),
}


@pytest.mark.parametrize("name", MINUTES)
def test_merging_entries_of_one_minute_takes_time_in_proportion_to_their_number(name: str) -> None:
    headline, text = MINUTES[name]

    def meet(count: int) -> Day:
        day = Day(date=dt.date(2031, 4, 9), title="Harbour")
        for hour, what in ((11, "Gate"), (12, "Boat")):
            arrivals = capture(hour, [text(what, n) for n in range(count)], headline)
            day = merge_into(day, arrivals)
        return day

    with at_most(_HANG):
        assert not outgrows(meet, 1_000)
        entries = meet(400).entries
        assert len(entries) == 800
        assert entries[399].anchor == "t1000-400"


def timetable(count: int) -> str:
    return f"Harbour live\n\nApril 9, 2031\n\n{clocks(' GMT', count)}{clocks('', count)}"


def pairs(count: int) -> str:
    post = "<time datetime=2031-04-09T10:00:00Z>x</time>Fog."
    names = map("".join, islice(product("abcdefghij", repeat=4), count // 2))
    return page("<p>Fog.") + "".join(f"<div>{f'<div class={letters}>{post}</div>' * 2}</div>" for letters in names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harbour live\n\n" + "14:05 13.40\n" * 30_000, "page.txt"),
        ("Harbour live\n\n" + "14:05 13.40 " * 30_000, "page.txt"),
        ("<!doctype html><h1>Harbour live</h1>" + "<p>14:05</p>" * 30_000, "page.html"),
        ("<!doctype html><h1>Harbour live</h1>" + "<p>14.05</p>" * 30_000, "page.html"),
    ],
    ids=["lines", "one line", "HTML", "HTML with dots"],
)
def test_a_page_of_nothing_but_clocks_is_refused_before_it_costs_time(text: str, name: str) -> None:
    with at_most(1), pytest.raises(ArchiveError, match="more than 25,000 clock times; save it in parts"):
        parse(text.encode(), read_hints({}), name)


@pytest.mark.parametrize(("write", "size"), [(timetable, 11_000), (pairs, 5_000)])
def test_a_page_of_far_too_many_posts_is_refused_at_no_more_cost(write: Callable[[int], str], size: int) -> None:
    refused = []

    def send(count: int) -> None:
        try:
            read(write(count))
        except ArchiveError as error:
            refused.append(str(error))

    assert not outgrows(send, size)
    if write is timetable:
        assert "more than 20,000 lines with a time" in refused[0]
