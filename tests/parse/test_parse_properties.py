"""Properties for any text: each line has one role, and entries contain the paragraphs of the page."""

import re

from hypothesis import given
from hypothesis import strategies as st

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import Hints, LineRole
from daybook.parse.input_files import read_hints

PIECES = (
    *("1329 GMT Rain", "0633 GMT — Snow", "2152 GMT", "12.31 Uhr: Wind", "2460 GMT Hail", "1300 XYZ Fog"),
    *("Friday, June 2, 2023", "Freitag, 2. 6.", "Follow more updates", "Loading...", "Route 6", "Key event"),
    *("A sentence stands here.", "two lower words", "The quay. / Photo: Press", "Reuters", "Share", ""),
    *("For our updates from Thursday (June 1), click here.", "Updated at 1.00am BST", "\u200b", "\u00a0"),
)
WORDS = st.text(st.sampled_from("abcdeéß ,'\"’–“*#<>&"), min_size=1, max_size=40)
PARAGRAPH = WORDS.map(lambda words: " ".join(f"So {words} it was.".split()))
HEADLINE = WORDS.map(lambda words: " ".join(f"About {words} again".split()))
ENTRY = st.tuples(st.integers(0, 1439), HEADLINE, st.lists(PARAGRAPH, max_size=4))


def visible_lines(text: str) -> list[int]:
    found = enumerate(re.split(r"\r\n|\r|\n", text), 1)
    return [number for number, line in found if line.strip(" \t\u00a0\u200b\u2007\u200e\u200f\u202f\u2060\ufeff")]


def check_roles_of_lines(text: str) -> None:
    hints = read_hints({"date": "2023-06-02", "zone": "GMT"})
    try:
        page = parse(text.encode(), hints, "page")
    except ArchiveError:
        return
    assert [line.number for line in page.lines] == visible_lines(text)
    texts = "\n".join(str(record.text) for record in page.records)
    entries = (line.text for line in page.lines if line.role is LineRole.ENTRY)
    assert all(text in texts for text in entries)


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_every_line_of_a_page_has_one_role(pieces: list[str], end: str) -> None:
    check_roles_of_lines(end.join(pieces))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1f\u3000\u2028\u2029")))
def test_every_line_of_any_text_has_one_role(text: str) -> None:
    check_roles_of_lines(re.sub("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", text))


# A post with the time and the headline of another one, and no text of its own, is its copy and kept once.
@given(st.lists(ENTRY, min_size=1, max_size=8, unique_by=lambda entry: entry[:2]))
def test_entries_contain_the_paragraphs_of_the_page(entries: list[tuple[int, str, list[str]]]) -> None:
    blocks = ["Title", "June 2, 2023"]
    for minute, headline, paragraphs in entries:
        blocks += [f"{minute // 60:02}{minute % 60:02} GMT {headline}", *paragraphs]
    page = parse("\n\n".join(blocks).encode(), Hints(), "page")
    assert [(record.headline, record.text) for record in page.records] == [
        (headline, "\n\n".join(paragraphs)) for _, headline, paragraphs in entries
    ]
    assert [record.at[11:16] for record in page.records] == [
        f"{minute // 60:02}:{minute % 60:02}" for minute, _, _ in entries
    ]
