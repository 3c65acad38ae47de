"""Test texts of printed pages: the header and footer of each page are no text of the posts."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

POSTS = [("18:22", "The blue boat is in"), ("17:50", "The red boat is late"), ("17:05", "The ferry has left")]
HEADER = "09.04.31 18:40          Quay live: the boats - Harbour Post"
FOOTER = "https://harbour.example/quay          {page}/3"


def read(text: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")


def printed(header: str, footer: str, separator: str) -> str:
    """Return three pages with a post each; the title and the date stand on the first."""
    pages = []
    for number, (clock, headline) in enumerate(POSTS, 1):
        title = "Quay live: the boats\n\n9 April 2031\n\n" if number == 1 else ""
        post = f"{clock}  {headline}\n\nBoat {number} is at the quay.\n"
        pages.append(f"{header}\n\n{title}{post}\n{footer.format(page=number)}\n")
    return separator.join(pages)


@pytest.mark.parametrize(
    ("header", "footer", "separator"),
    [
        (HEADER, FOOTER, "\f"),
        (HEADER, FOOTER, ""),
        (HEADER, "Harbour Post, Quay Street\n\n{page}/3 - www.harbour.example", "\f\n"),
        ("Harbour Post, all the news", "page {page} of the harbour", "\f"),
        ("Harbour Post    https://harbour.example/quay", "{page} of 3       09/04/2031, 21:40", "\f"),
    ],
)
def test_margins_of_printed_pages_are_no_text(header: str, footer: str, separator: str) -> None:
    page = read(printed(header, footer, separator))
    assert [(str(each.at)[:16], each.headline, each.text) for each in page.records] == [
        (f"2031-04-09T{clock}", headline, f"Boat {number} is at the quay.")
        for number, (clock, headline) in enumerate(POSTS, 1)
    ]
    assert not page.doubts
    left_out = [note for note in page.notes if "header or footer of a printed page is left out" in note.text]
    assert len(left_out) >= 2 * len(POSTS) and all(note.line for note in left_out)


def test_stamps_at_the_tops_of_pages_stay() -> None:
    text = "Quay live\n\n9 April 2031\n\n" + "\f".join(
        f"{clock}\n{headline}\nBoat {number} is at the quay.\n" for number, (clock, headline) in enumerate(POSTS, 1)
    )
    assert [each.headline for each in read(text).records] == [headline for _, headline in POSTS]
