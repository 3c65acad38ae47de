"""Test which day "today" and "yesterday" beside clocks are, if the time of the capture is not known."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

TEXTS = ("The boat is in at last.", "The boat is late again.", "The boat left in the rain.", "It waits.", "It sails.")
STAMPS = ("Today 10:05", "Today 08:40", "Yesterday 23:10", "Yesterday 22:00", "Yesterday 21:00")
POSTS = tuple(zip(STAMPS, TEXTS, strict=True))
DANISH = tuple((at.replace("Today", "I dag").replace("Yesterday", "I går"), text) for at, text in POSTS)
DAYS = ["2031-04-10"] * 2 + ["2031-04-09"] * 3


def days(page: ParsedPage) -> list[str]:
    return [each.at[:10] for each in page.records]


def read_text(header: str, posts: tuple[tuple[str, str], ...], **hints: str) -> ParsedPage:
    text = "\n\n".join(f"{stamp}\n{body}" for stamp, body in posts)
    return parse(f"Quay live\n{header}\n\n{text}\n".encode(), read_hints({"zone": "UTC", **hints}), "page.txt")


def read_html(head: str, header: str, posts: tuple[tuple[str, str], ...]) -> ParsedPage:
    body = "".join(f'<div class="post"><span class="at">{at}</span><p>{text}</p></div>' for at, text in posts)
    page = f"<html><head><title>Quay live</title>{head}</head><body><h1>Quay live</h1>{header}{body}</body></html>"
    return parse(page.encode(), read_hints({"zone": "UTC"}), "page.html")


@pytest.mark.parametrize(
    ("header", "posts"),
    [
        ("Published 9 April 2031 at 21:00\nUpdated 10 April 2031 at 10:05", POSTS),
        ("Published 9 April 2031 21:00 | Updated 10 April 2031 10:05", POSTS),
        ("Publiceret 9. april 2031 kl. 21.00\nOpdateret 10. april 2031 kl. 10.05", DANISH),
    ],
)
def test_today_is_the_day_of_the_last_change(header: str, posts: tuple[tuple[str, str], ...]) -> None:
    shown = "".join(f"<p>{line}</p>" for line in header.splitlines())
    for page in (read_text(header, posts), read_html("", shown, posts)):
        assert (days(page), page.doubts) == (DAYS, ())


def test_today_is_the_day_of_the_last_change_in_the_data_of_the_page() -> None:
    times = (("published", "2031-04-09T21:00:00Z"), ("modified", "2031-04-10T10:05:00Z"))
    head = "".join(f'<meta property="article:{name}_time" content="{at}">' for name, at in times)
    assert days(read_html(head, "", POSTS)) == DAYS


def test_yesterday_before_the_publication_is_a_doubt() -> None:
    head = '<meta property="article:published_time" content="2031-04-09T21:00:00Z">'
    pages = (read_text("Published 9 April 2031 at 21:00", POSTS), read_html(head, "", POSTS))
    assert [[each.kind for each in page.doubts] for page in pages] == [["day"], ["day"]]


def test_the_day_of_the_capture_decides() -> None:
    page = read_text("Published 9 April 2031 at 21:00", POSTS, captured="2031-04-10T10:06:00Z")
    assert (days(page), page.doubts) == (DAYS, ())
