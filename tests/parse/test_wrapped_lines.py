"""Test texts whose lines a program has wrapped at a width."""

import textwrap

import pytest

from daybook.parse import parse
from daybook.parse.input_files import read_hints

TEXTS = (
    "The gate stays open tonight, the harbour office said after a long meeting with the keepers of the lock and the"
    " owners of the boats that wait below it.",
    "The barge was moved to the north quay by two tugs that came up the river in the morning, and divers looked at the"
    " wall below the water until noon.",
    "The lock is closed to all boats. Nobody was hurt when the barge touched the wall, and the crew was given soup by"
    " the people of the village.",
)


def read(texts: list[str]) -> list[str]:
    posts = "\n\n".join(f"{hour}:20\n\n{text}" for hour, text in zip((18, 16, 14), texts, strict=True))
    page = parse(f"Live: the lock\n\n9 April 2031\n\n{posts}\n".encode(), read_hints({"zone": "UTC"}), "page.txt")
    return [str(each.markdown or each.text) for each in page.records]


@pytest.mark.parametrize("width", [50, 66, 72, 80])
@pytest.mark.parametrize("indent", ["", "   "])
def test_lines_that_are_wrapped_at_a_width_are_joined(width: int, indent: str) -> None:
    wrapped = [textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent) for text in TEXTS]
    assert read(wrapped) == list(TEXTS)


def test_items_of_a_wrapped_page_keep_their_lines() -> None:
    first, *others = (textwrap.fill(text, 72) for text in TEXTS)
    items = "• the upper gate is open\n• the lower gate is closed"
    assert read([f"{first}\n\n{items}", *others])[0] == f"{TEXTS[0]}\n\n{items}"


def test_lines_that_are_not_wrapped_are_kept() -> None:
    texts = [text.replace(", ", ",\n").replace(". ", ".\n").replace(" and ", "\nand ") for text in TEXTS]
    assert read(texts) == texts
