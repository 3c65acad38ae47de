"""Test the ends of posts in copied texts: counters, headings of comments, rows of links."""

import pytest

from daybook.parse import parse
from daybook.parse.input_files import read_hints

TEXTS = (
    "The gate stays open tonight, the harbour office said.",
    "The barge was moved to the north quay.",
    "Divers looked at the wall below the water.",
    "The lock is closed to all boats.",
)


def texts(below: str, more: tuple[str, ...] = ("", "", "", ""), stamp: str = "{hour}:20\n") -> list[str]:
    rows = zip((18, 16, 14, 11), TEXTS, more, strict=True)
    posts = "\n\n".join(f"{stamp.format(hour=hour)}{text}{extra}" for hour, text, extra in rows)
    page = parse(f"Live: the lock\n9 April 2031\n\n{posts}{below}".encode(), read_hints({"zone": "UTC"}), "page.txt")
    return [str(each.markdown or each.text or each.headline) for each in page.records]


@pytest.mark.parametrize(
    "below", ["Privacy policy   Terms   Adverts   Contact", "A | B | C | D", "Start\tRegion\tSport", "Коментари (4)"]
)
@pytest.mark.parametrize("stamp", ["{hour}:20\n", "{hour}:20 h – "])
def test_a_row_of_links_below_the_last_post(below: str, stamp: str) -> None:
    assert texts(f"\n\n{below}\n", stamp=stamp) == list(TEXTS)


@pytest.mark.parametrize(
    "below", ["\nKern 4   Hale 3   Brand 1", "\n\nKern 4   Hale 3   Brand 1", "\nKern   Hale   Brand"]
)
def test_a_row_with_numbers_or_in_the_paragraph_of_the_text_is_text(below: str) -> None:
    assert texts(below)[-1] != TEXTS[-1]


def test_counters_with_spaces_in_their_numbers_recur() -> None:
    counters = ("\n👁 2 318   💬 41", "\n👁 1 744   💬 19", "\n👁 980   💬 5", "\n👁 1 391   💬 22")
    assert texts("\n", counters) == list(TEXTS)


BOXES = (
    "\n\nAdvertisement\n\nAll boats in one app\nGet it now",
    "\n\nPublicitate\nAbonează-te la newsletterul Ecoul\nAdresa ta de e-mail\nMă abonez",
    "\n\nOur newsletter\nThe harbour in your mail\nSign me up",
)


@pytest.mark.parametrize("box", BOXES)
def test_a_box_between_posts_is_no_text(box: str) -> None:
    assert texts("\n", ("", box, "", "")) == list(TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        "\n\nThe crew says so.",
        "\nThe north quay\nThe south quay",
        " These are closed:\n\nThe north quay\nThe south quay",
        "\n\nKern 4\nHale 3",
        "\n\nNo buletin for the harbour",
    ],
)
def test_other_paragraphs_of_a_post_are_text(text: str) -> None:
    assert texts("\n", ("", text, "", ""))[1].split() == (TEXTS[1] + text).split()


def test_short_lines_between_posts_that_may_be_a_box_are_a_doubt() -> None:
    posts = [f"{hour}:20\n{text}" for hour, text in zip((18, 16, 14, 11), TEXTS, strict=True)]
    posts[1] += "\n\nAll boats in one place\nLook here"
    hints = read_hints({"zone": "UTC", "date": "2031-04-09"})
    page = parse(("Live: the lock\n\n" + "\n\n".join(posts)).encode(), hints, "page.txt")
    assert "Look here" in str(page.records[1].markdown or page.records[1].text)
    assert [(each.kind, "All boats" in each.text) for each in page.doubts] == [("end", True)]


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        (("윤가람 기자 garam@quay.example", "한누리 기자 nuri@quay.example"), ("윤가람", "한누리")),
        (("Ida Kern, ida@quay.example", "Jo Hale (jo@quay.example)"), ("Ida Kern", "Jo Hale")),
    ],
)
def test_names_beside_mail_addresses_are_authors(lines: tuple[str, str], authors: tuple[str, str]) -> None:
    rows = zip((18, 16, 14, 11), TEXTS, (*lines, *lines), strict=True)
    posts = "\n".join(f"{hour}:20\nThe lock {hour}\n{text}\n{line}" for hour, text, line in rows)
    page = parse(f"Live: the lock\n9 April 2031\n\n{posts}\n".encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert [each.authors for each in page.records] == [(name,) for name in (*authors, *authors)]
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)


@pytest.mark.parametrize("line", ["Write to us: desk@quay.example", "Questions and tips, desk@quay.example"])
def test_words_beside_mail_addresses_are_no_authors(line: str) -> None:
    rows = zip((18, 16, 14, 11), TEXTS, strict=True)
    posts = "\n".join(f"{hour}:20\nThe lock {hour}\n{text}\n{line}" for hour, text in rows)
    page = parse(f"Live: the lock\n9 April 2031\n\n{posts}\n".encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert {each.authors for each in page.records} == {()}


def test_a_surname_that_all_authors_share_is_no_role() -> None:
    rows = zip((18, 16, 14, 11), TEXTS, ("Ana Kern", "Ben Kern") * 2, strict=True)
    posts = "\n".join(
        f"{hour}:20\nThe lock {hour}\n{text}\n{name}, {name[:3]}@quay.example" for hour, text, name in rows
    )
    page = parse(f"Live: the lock\n9 April 2031\n\n{posts}\n".encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert {each.authors for each in page.records} == {("Ana Kern",), ("Ben Kern",)}


def test_a_mail_address_in_one_post_is_text() -> None:
    line = "Ida Kern, ida@quay.example"
    assert texts("\n", ("", f"\n{line}", "", ""))[1].endswith(line)


def test_the_links_of_a_text_browser_are_no_text_and_no_doubt() -> None:
    links = "\n".join(f"   {number}. https://quay.example/{number}" for number in range(1, 5))
    posts = "\n\n".join(f"   {hour}:20\n\n   {text}" for hour, text in zip((18, 16, 14, 11), TEXTS, strict=True))
    text = f"Live: the lock\n\n   9 April 2031\n\n{posts}\n\n   [1]Top [2]Legal [3]Help\n\nReferences\n\n{links}\n"
    page = parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)
    assert not page.doubts
