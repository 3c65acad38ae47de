"""Test copied texts: stamps below the texts of posts, the date above a standfirst, abbreviations in headlines."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

TEXTS = (
    "The square is full, and people still come down the lane.",
    "They try a tower of eight. All is silent.\n\nA child of seven climbs to the top.",
    "The other side tries a tower of nine, and it holds.",
    "The day ends here:\n\n• the blue side built two\n• the red side built one",
)
NAMES = ("Ida Kern", "Ida Kern", "Otto Brand", "Ida Kern")


def read(text: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), "page.txt")


def copied(stamp: str, below: str = "") -> str:
    posts = [
        f"{text}\n{stamp.format(name=name, hour=hour)}" for text, name, hour in zip(TEXTS, NAMES, range(4), strict=True)
    ]
    return (
        "The Square Post\nLive: the towers\nFollow the day with us\n\nStart to comment\n\n" + "\n\n".join(posts) + below
    )


@pytest.mark.parametrize(
    ("stamp", "authors"),
    [
        ("by {name} at 1{hour}:04", NAMES),
        ("per {name} a {hour}:04 PM", NAMES),
        ("von {name} um 1{hour}.04 Uhr", NAMES),
        ("1{hour}:04", ("",) * 4),
    ],
)
@pytest.mark.parametrize("below", ["", "\n\nMade with QuayText\n\nShare\nThe other page\n"])
def test_stamps_below_the_texts(stamp: str, authors: tuple[str, ...], below: str) -> None:
    page = read(copied(stamp, below))
    assert [str(each.at)[14:16] for each in page.records] == ["04"] * 4
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)
    assert [" ".join(each.authors) for each in page.records] == list(authors)
    assert not page.doubts


@pytest.mark.parametrize("stamp", ["1{hour}:04 – {name}", "1{hour}:04"])
def test_stamps_in_paragraphs_of_their_own_below_the_texts(stamp: str) -> None:
    names = ("Ida Kern", "Otto Brand", "Per Holm", "Ida Kern")
    posts = "\n\n".join(f"{text}\n\n{stamp.format(name=names[hour], hour=hour)}" for hour, text in enumerate(TEXTS))
    page = read(f"Live: the towers\n\n{posts}\n")
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)
    assert [" ".join(each.authors) for each in page.records] == (list(names) if "name" in stamp else [""] * 4)


def test_a_sentence_above_the_first_of_these_texts_is_a_doubt() -> None:
    """Posts of this page have several paragraphs, so it may be the beginning of the first."""
    first = "The gate is open.\n\n"
    page = read(copied("1{hour}:04").replace(TEXTS[0], first + TEXTS[0]))
    assert [(each.kind, each.text[:20]) for each in page.doubts] == [("start", "'The gate is open.' ")]
    short = "\n\n".join(f"Boat {hour} is in, and all are well.\n1{hour}:04" for hour in range(4))
    assert not read(f"Live: the boats\n\nThe gate is open.\n\n{short}").doubts


def test_a_last_post_without_a_text_does_not_make_stamps_stand_below() -> None:
    posts = "\n\n".join(f"1{9 - number}:05\n\nBoat {number} is in.\n\nIt came by noon." for number in range(4))
    page = read(f"Quay live\n\nAll of the boats are due.\n\n{posts}\n\n15:00\n\nThe day ends.\n")
    assert page.records[0].text == "Boat 0 is in.\n\nIt came by noon."


def test_stamps_below_headlines_are_no_end_stamps() -> None:
    posts = "\n\n".join(f"Boat {number} is in\n1{9 - number}:05\n\nIt came by noon." for number in range(4))
    page = read(f"Quay live\n\n{posts}\n")
    assert [(each.headline, each.text) for each in page.records] == [
        (f"Boat {number} is in", "It came by noon.") for number in range(4)
    ]


def test_a_headline_may_end_with_an_abbreviation_that_the_page_uses() -> None:
    posts = [("Boat is in", "It came by noon."), ("Half of the boats: 52 proc.", "Most are from the north.")]
    posts += [("The ferry has left", "About 40 proc. of them are late."), ("The tug waits", "All are safe.")]
    text = "\n\n".join(f"1{9 - number}:05\n{one}\n{other}" for number, (one, other) in enumerate(posts))
    page = read(f"Quay live\n\n{text}\n")
    assert [(each.headline, each.text) for each in page.records] == posts


@pytest.mark.parametrize("date", ["9. April 2031, 22:15 Uhr", "9. Jänner 2031, 22:15 Uhr"])
def test_a_date_line_above_the_standfirst_is_no_post(date: str) -> None:
    posts = "\n\n".join(f"1{9 - number}:05 Uhr\n\nBoot {number} ist da\n\nEs kam mittags." for number in range(4))
    text = f"Der Kai im Liveticker\nVon Ida Kern\n\n{date}\n\nViele Boote kamen. Der Tag zum Nachlesen.\n\n{posts}\n"
    page = parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert [each.headline for each in page.records] == [f"Boot {number} ist da" for number in range(4)]
    assert {str(each.at)[8:10] for each in page.records} == {"09"}
    assert not page.doubts
