"""Test what stands below the control that nearly all posts of a copied text end with: it is no text of theirs."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

BOATS = ("The blue boat is in", "The red boat is late", "The ferry has left", "The tug waits", "The pilot is back")
NEWSLETTER = """Sign up to Quay Mail
A free daily newsletter
Our harbour briefing tells the news of the boats
Enter your email address
Privacy Notice: Letters may contain news of charities.
"""


def read(text: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), "page.txt")


def copied(box: str, control: str = "Share", end: str = "") -> str:
    """Return a copied page whose third post has a box below its control."""
    posts = [
        f"1{9 - number}:05\n{boat}\nBoat {number} is at the quay.\n\n{control}\n" + (f"\n{box}" if number == 2 else "")
        for number, boat in enumerate(BOATS)
    ]
    return "Quay live\n\n" + "\n".join(posts) + end


def texts(page: ParsedPage) -> list[str]:
    return [str(each.text) for each in page.records]


EXPECTED = [f"Boat {number} is at the quay." for number in range(5)]


@pytest.mark.parametrize("control", ["Share", "Comhroinn", "Cyhoeddi · 12"])
def test_a_newsletter_in_one_post_is_no_text(control: str) -> None:
    page = read(copied(NEWSLETTER, control))
    assert (texts(page), page.doubts) == (EXPECTED, ())


def test_another_text_below_the_control_of_one_post_is_left_out_with_a_doubt() -> None:
    page = read(copied("All of the boats are safe.\n"))
    assert texts(page) == EXPECTED
    assert [each.kind for each in page.doubts] == ["end"]


def test_what_stands_below_the_control_of_the_last_post_is_no_text() -> None:
    page = read(copied("", end="\nThe harbour of Weide\nReuse this\n1\nThe man who sails\n2\nA gull on the mast\n"))
    assert (texts(page), page.doubts) == (EXPECTED, ())


def test_links_above_the_only_control_of_a_page_are_no_text() -> None:
    posts = "\n\n".join(f"1{9 - number}:05\n{boat}\nBoat {number} is at the quay." for number, boat in enumerate(BOATS))
    page = read(f"Quay live\n\n{posts}\n\nIda Kern\nBack to the harbour\nShare\n")
    assert (texts(page), page.doubts) == (EXPECTED, ())


@pytest.mark.parametrize("line", ["Etichete: port, furtună", "ida.kern@quay.example", "Từ khóa: cảng", "Ý kiến (2)"])
def test_named_lines_below_the_last_post_are_no_text(line: str) -> None:
    posts = "\n\n".join(f"1{9 - number}:05\n{boat}\nBoat {number} is at the quay." for number, boat in enumerate(BOATS))
    page = read(f"Quay live\n\n{posts}\n\n{line}\nThe other page\n")
    assert (texts(page), page.doubts) == (EXPECTED, ())


def test_a_newsletter_in_a_post_without_controls_is_no_text() -> None:
    box = "Suscríbete a nuestro boletín\nLas noticias del puerto\nIntroduce tu correo electrónico\nApuntarme"
    posts = "\n\n".join(
        f"1{9 - number}:05\n{boat}\nBoat {number} is at the quay." + (f"\n\n{box}" if number == 2 else "")
        for number, boat in enumerate(BOATS)
    )
    page = read(f"Quay live\n\n{posts}\n")
    assert (texts(page), page.doubts) == (EXPECTED, ())
