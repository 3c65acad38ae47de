"""A page made to cost time: what grows faster than the page would end in hours, and must end in a moment."""

import datetime as dt
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest

from daybook.archive.from_record import IncomingEntry
from daybook.archive.merge import merge_day
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, Entry
from daybook.core.record import PageSource
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

_MOMENT = 20  # seconds of its own work; each of these takes a few, and took minutes
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


HOSTILE = {
    "headings of boxes": page("<p>Fog.") + "<div>" + "<h2>Sign up for our newsletter</h2>" * 30_000,
    "a thousand blogs of one update": page(
        "<p>Fog."
        + data(
            "["
            + '{"@type": "LiveBlogPosting", "liveBlogUpdate": [{"@id": "y"}]},' * 1_000
            + '{"@id": "y", "headline": "Fog", "articleBody": "'
            + "<p>Fog." * 1_000
            + '"}]'
        )
    ),
    "breaks in a paragraph": page("<p>" + "a[<br>" * 8_000),
    "bylines": page("<div>By <span itemprop=author>Ann</span></div>" * 4_000 + "<p>Fog.").replace(
        "<article>", "<article itemprop=liveBlogUpdate>"
    ),
    "white space in JSON-LD": page(data('{"@type": "Person",' + " " * 200_000 + '"name": ""}')),
    "lines that the data tells": "<!doctype html><title>Harbour live</title>"
    + data(
        '{"@type": "LiveBlogPosting", "liveBlogUpdate": [{"@type": "BlogPosting", "datePublished": '
        '"2031-04-09T10:00:00Z", "articleBody": "' + "The gate was closed at noon by the wind. " * 100_000 + '"}]}'
    )
    + "".join(f"<p>The gate was closed at noon by the wind {n}.</p>" for n in range(20_000)),
    "captions of no picture": page("<div>" + "<div class=caption>Gate</div>" * 20_000 + "</div>"),
    "lists within lists": page("<ul><li>" * 40 + "Fog." + "</li></ul>" * 40),
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
    with at_most(_MOMENT):
        return parse(source.encode(), read_hints({}), "page")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_in_a_moment(name: str) -> None:
    assert len(read(HOSTILE[name]).lines) > 12


def clocks(zone: str, count: int) -> str:
    return "".join(f"{n // 60 % 24:02}:{n % 60:02}{zone} Gate {n}\n\nIt closed.\n\n" for n in range(count))


def capture(hour: int, texts: list[str], headline: str) -> list[IncomingEntry]:
    source = PageSource(url="https://a.example/live", captured=f"2031-04-09T{hour}:00:00Z")
    entries = [Entry(anchor="", time=dt.time(10), headline=headline, body=text) for text in texts]
    return [IncomingEntry(date=dt.date(2031, 4, 9), entry=entry, source=source) for entry in entries]


PHRASES = [" ".join(f"w{phrase}x{word}" for word in range(12)) for phrase in range(200)]
MINUTES = {
    "texts of their own": ("", lambda name, n: f"{name} {n} left the quay with {name} {n}"),
    "one headline": ("Fog", lambda name, n: f"{name} {n}"),
    "shared phrases": ("", lambda name, n: f" {name}{n} ".join(PHRASES[n * k % 200] for k in range(1, 20))),
}


@pytest.mark.parametrize("name", MINUTES)
def test_five_thousand_entries_of_one_minute_meet_as_many(name: str) -> None:
    headline, text = MINUTES[name]
    day = Day(date=dt.date(2031, 4, 9), title="Harbour")
    with at_most(_MOMENT):
        for hour, what in ((11, "Gate"), (12, "Boat")):
            arrivals = capture(hour, [text(what, n) for n in range(5_000)], headline)
            day = merge_day(day, arrivals).day
    assert len(day.entries) == (5_000 if headline else 10_000)
    assert day.entries[4_999].anchor == "t1000-5000"


def test_a_page_of_far_too_many_posts_is_refused_in_a_moment() -> None:
    timetable = f"Harbour live\n\nApril 9, 2031\n\n{clocks(' GMT', 30_000)}{clocks('', 25_000)}"
    pairs = "".join(
        "<div>" + f"<div class={letters}><time datetime=2031-04-09T10:00:00Z>x</time>Fog.</div>" * 2 + "</div>"
        for letters in map("".join, product("abcdefghij", repeat=4))
    )
    for source in (timetable, page("<p>Fog.") + pairs):
        with pytest.raises(ArchiveError, match="0 posts, over 5,000"):
            read(source)
