"""Hostile pages: parsing and merging must not take time that grows faster than their size."""

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

_TIME_LIMIT = 20  # seconds of CPU time; each case takes a few, and with a quadratic algorithm minutes
_HEAD = "<!doctype html><html><body><h1>Harbour live</h1><p>April 9, 2031</p>"


def post(minute: int, inside: str) -> str:
    stamp = f"2031-04-09T10:{minute:02}:00Z"
    return f"<article><time datetime={stamp}>{stamp}</time><h3>Gate {minute}</h3>{inside}</article>"


def page(inside: str) -> str:
    """Return a page of six posts, the last one hostile."""
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
    "line breaks in a paragraph": page("<p>" + "a[<br>" * 8_000),
    "bylines": page("<div>By <span itemprop=author>Ann</span></div>" * 4_000 + "<p>Fog.").replace(
        "<article>", "<article itemprop=liveBlogUpdate>"
    ),
    "white space in JSON-LD": page(data('{"@type": "Person",' + " " * 200_000 + '"name": ""}')),
    "lines that are also in the data": "<!doctype html><title>Harbour live</title>"
    + data(
        '{"@type": "LiveBlogPosting", "liveBlogUpdate": [{"@type": "BlogPosting", "datePublished": '
        '"2031-04-09T10:00:00Z", "articleBody": "' + "The gate was closed at noon by the wind. " * 100_000 + '"}]}'
    )
    + "".join(f"<p>The gate was closed at noon by the wind {n}.</p>" for n in range(20_000)),
    "captions without a picture": page("<div>" + "<div class=caption>Gate</div>" * 20_000 + "</div>"),
    "lists within lists": page("<ul><li>" * 40 + "Fog." + "</li></ul>" * 40),
}


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError after so many seconds of CPU time, however busy the machine is."""

    def raise_timeout(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"it took more than {seconds} seconds")

    before = signal.signal(signal.SIGVTALRM, raise_timeout)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def read(source: str) -> ParsedPage:
    with time_limit(_TIME_LIMIT):
        return parse(source.encode(), read_hints({}), "page")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page_is_parsed_in_time(name: str) -> None:
    assert len(read(HOSTILE[name]).lines) > 12


def clocks(zone: str, count: int) -> str:
    return "".join(f"{n // 60 % 24:02}:{n % 60:02}{zone} Gate {n}\n\nIt closed.\n\n" for n in range(count))


def capture(hour: int, texts: list[str], headline: str) -> list[IncomingEntry]:
    source = PageSource(url="https://a.example/live", captured=f"2031-04-09T{hour}:00:00Z")
    entries = [Entry(anchor="", time=dt.time(10), headline=headline, body=text) for text in texts]
    return [IncomingEntry(date=dt.date(2031, 4, 9), entry=entry, source=source) for entry in entries]


PHRASES = [" ".join(f"w{phrase}x{word}" for word in range(12)) for phrase in range(200)]
MINUTES = {
    "different texts": ("", lambda name, n: f"{name} {n} left the quay with {name} {n}"),
    "the same headline": ("Fog", lambda name, n: f"{name} {n}"),
    "shared phrases": ("", lambda name, n: f" {name}{n} ".join(PHRASES[n * k % 200] for k in range(1, 20))),
}


@pytest.mark.parametrize("name", MINUTES)
def test_merging_5000_entries_of_one_minute_into_5000_ends_in_time(name: str) -> None:
    headline, text = MINUTES[name]
    day = Day(date=dt.date(2031, 4, 9), title="Harbour")
    with time_limit(_TIME_LIMIT):
        for hour, what in ((11, "Gate"), (12, "Boat")):
            arrivals = capture(hour, [text(what, n) for n in range(5_000)], headline)
            day = merge_day(day, arrivals).day
    assert len(day.entries) == (5_000 if headline else 10_000)
    assert day.entries[4_999].anchor == "t1000-5000"


def test_page_with_too_many_posts_is_refused_in_time() -> None:
    timetable = f"Harbour live\n\nApril 9, 2031\n\n{clocks(' GMT', 30_000)}{clocks('', 25_000)}"
    pairs = "".join(
        "<div>" + f"<div class={letters}><time datetime=2031-04-09T10:00:00Z>x</time>Fog.</div>" * 2 + "</div>"
        for letters in map("".join, product("abcdefghij", repeat=4))
    )
    for source in (timetable, page("<p>Fog.") + pairs):
        with pytest.raises(ArchiveError, match="0 posts, over 5,000"):
            read(source)
