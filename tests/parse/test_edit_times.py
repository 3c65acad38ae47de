"""Test times of edits beside the stamps of posts: they are no text, in any language, and are kept as such."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

BOATS = ("The blue boat is in", "The red boat is late", "The ferry has left", "The tug waits")
EDITED = (0, 2)  # posts that were edited

BESIDE = [  # what stands after the clock; # is its hour
    " · Aktualizované #:31",
    " (Updated #:31)",
    " · განახლდა #:31",
    " | Cosaint #:31",
]


def read(text: str, name: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), name)


def entries(page: ParsedPage) -> list[tuple[str, str, str, str]]:
    return [
        (str(each.at)[11:16], str(each.updated)[11:16], each.headline, str(each.markdown or each.text))
        for each in page.records
    ]


EXPECTED = [
    (f"1{9 - number}:05", f"1{9 - number}:31" if number in EDITED else "", boat, f"Boat {number} is at the quay.")
    for number, boat in enumerate(BOATS)
]


def marked(pattern: str, number: int) -> str:
    return pattern.replace("#", f"1{9 - number}") if number in EDITED else ""


@pytest.mark.parametrize("beside", BESIDE)
def test_the_time_of_an_edit_after_the_stamp_of_an_element(beside: str) -> None:
    posts = "".join(
        f'<div class="p"><div class="t">1{9 - number}:05<i>{marked(beside, number)}</i></div><h3>{boat}</h3>'
        f"<p>Boat {number} is at the quay.</p></div>"
        for number, boat in enumerate(BOATS)
    )
    page = read(f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>", "page.html")
    assert (entries(page), page.doubts) == (EXPECTED, ())


@pytest.mark.parametrize("below", ["Updated #:31", "განახლდა: #:31", "Cosaint #:31"])
def test_the_time_of_an_edit_in_an_element_below_the_stamp(below: str) -> None:
    posts = "".join(
        f'<div class="p"><div class="t">1{9 - number}:05</div><div class="e">{marked(below, number)}</div>'
        f"<h3>{boat}</h3><p>Boat {number} is at the quay.</p></div>"
        for number, boat in enumerate(BOATS)
    )
    page = read(f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>", "page.html")
    assert (entries(page), page.doubts) == (EXPECTED, ())


@pytest.mark.parametrize("beside", [*BESIDE, "\nCosaint #:31"])
def test_the_time_of_an_edit_after_the_stamp_of_a_text(beside: str) -> None:
    posts = "\n\n".join(
        f"1{9 - number}:05{marked(beside, number)}\n{boat}\nBoat {number} is at the quay."
        for number, boat in enumerate(BOATS)
    )
    page = read(f"Quay live\n\n{posts}\n", "page.txt")
    assert (entries(page), page.doubts) == (EXPECTED, ())


def test_a_clock_in_a_headline_is_no_edit() -> None:
    posts = "\n\n".join(
        f"1{9 - number}:05\nThe boat sails at 2{number}:00\nIt waits at the quay." for number in range(4)
    )
    page = read(f"Quay live\n\n{posts}\n", "page.txt")
    assert [each.headline for each in page.records] == [f"The boat sails at 2{number}:00" for number in range(4)]
