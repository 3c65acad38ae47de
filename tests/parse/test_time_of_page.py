"""Test times of the page above the posts that are printed like stamps, and words behind the clocks of all stamps."""

import pytest
from live_pages import HEADLINES, HOURS, TEXTS

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

LEDE = "The water of the Osta has risen since Monday, and the lower town is at risk."


def page(above: str, stamp: str, zone: str = "UTC") -> ParsedPage:
    """Return a page with four posts below some lines; `stamp` has an hour, a headline and a text."""
    rows = zip(HOURS, HEADLINES, TEXTS, strict=True)
    posts = "\n\n".join(stamp.format(hour=hour, headline=headline, text=text) for hour, headline, text in rows)
    return parse(f"Live: the flood at Ostmoor\n\n{above}\n\n{posts}\n".encode(), read_hints({"zone": zone}), "page.txt")


def hours(parsed: ParsedPage) -> list[int]:
    return [int(record.at[11:13]) for record in parsed.records]


@pytest.mark.parametrize(
    ("above", "stamp"),
    [
        ("19/02/31 12:05 ‧ QUAY HERALD", "{hour}h20 - {headline}\n\n{text}"),  # another mark, against the order
        ("19 February 2031, 08:00\nWird laufend ergänzt", "{hour}:20 {headline}\n\n{text}"),
        ("19 February 2031, 08:00", "{hour}:20 {headline}\n\n{text}"),
        ("2031年2月19日 8時32分 記者", "{hour}:20 {headline}\n\n{text}"),
    ],
)
def test_a_time_in_another_notation_above_the_posts_is_that_of_the_page(above: str, stamp: str) -> None:
    parsed = page(f"{above}\n\n{LEDE}", stamp)
    assert hours(parsed) == list(HOURS)
    assert [record.headline for record in parsed.records] == list(HEADLINES)
    assert not [doubt for doubt in parsed.doubts if doubt.kind == "start"]


def test_a_single_sign_that_a_time_is_that_of_the_page_is_a_doubt_that_names_it() -> None:
    parsed = page(f"19 February 2031, 08:00\n\n{LEDE}\n\nThe gates are watched.", "{hour}:20\n\n{text}")
    assert hours(parsed) == list(HOURS)
    assert [doubt.kind for doubt in parsed.doubts] == ["start"]
    assert "08:00" in parsed.doubts[0].text


@pytest.mark.parametrize(
    "above",
    [
        f"19 February 2031, 19:40\n\n{LEDE}",  # in the order of the others, and printed like them
        f"Pinned\n19 February 2031, 08:00\n\n{LEDE}",
    ],
)
def test_a_first_post_that_alone_has_a_date_is_a_post(above: str) -> None:
    parsed = page(above, "{hour}:20\n\n{text}")
    assert len(parsed.records) == len(HOURS) + 1
    assert LEDE in str(parsed.records[0].text) + str(parsed.records[0].markdown)


def test_the_first_of_posts_with_dates_in_the_notation_of_the_first_is_a_post() -> None:
    parsed = page(f"19 February 2031, 19:40\n\n{LEDE}", "19 February 2031, {hour}:20\n\n{text}")
    assert hours(parsed) == [19, *HOURS]


@pytest.mark.parametrize(
    ("word", "offset"), [("мск", "+03:00"), ("MSK", "+03:00"), ("HNEC", "+01:00"), ("OEZ", "+02:00")]
)
def test_a_known_zone_behind_the_clocks_is_no_text(word: str, offset: str) -> None:
    parsed = page("19 February 2031", f"{{hour}}.20 {word} {{text}}")
    assert [str(record.text) for record in parsed.records] == list(TEXTS)
    assert [record.at[11:] for record in parsed.records] == [f"{hour}:20:00{offset}" for hour in HOURS]
    assert not parsed.doubts


@pytest.mark.parametrize("word", ["вст", "QZT", "kell"])
def test_an_unknown_word_behind_all_clocks_is_left_out_with_a_doubt(word: str) -> None:
    parsed = page("19 February 2031", f"{{hour}}:20 {word} {{text}}")
    assert [str(record.text) for record in parsed.records] == list(TEXTS)
    assert [doubt.kind for doubt in parsed.doubts] == ["zone"]
    assert repr(word) in parsed.doubts[0].text


def test_a_word_that_begins_only_most_texts_is_text() -> None:
    lines = [f"{hour}:20 {word} {text}" for hour, word, text in zip(HOURS, ["QZT"] * 3 + ["RST"], TEXTS, strict=True)]
    text = "Live: the flood\n19 February 2031\n\n" + "\n\n".join(lines)
    parsed = parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert [str(record.text)[:3] for record in parsed.records] == ["QZT", "QZT", "QZT", "RST"]


def test_a_word_behind_all_clocks_that_may_begin_a_sentence_is_text_with_a_doubt() -> None:
    lines = [f"{hour}:20 Boats {text}" for hour, text in zip((*HOURS, 9), (*TEXTS, LEDE), strict=True)]
    text = "Live: the flood\n19 February 2031\n\n" + "\n\n".join(lines)
    parsed = parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert all(str(record.text).startswith("Boats ") for record in parsed.records)
    assert [doubt.kind for doubt in parsed.doubts] == ["zone"]


ARTICLE = "The lock at Ostmoor opens in March. It was built in four years. Skippers will wait a quarter of an hour."


@pytest.mark.parametrize(
    "times",
    [
        "Net binnen\n10:12\nCat is back\n09:58\nBridge is closed\n09:41\nBread is dearer\nContact",
        "Departures\n06:40\n07:20\n08:00\n17:45\nNo other boats leave on that day. Passes are valid on buses.",
    ],
)
def test_a_list_of_times_below_an_article_is_no_live_blog(times: str) -> None:
    text = f"The lock opens\n12 February 2031\n{ARTICLE}\n{times}\n"
    assert not parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt").records


def test_times_with_texts_below_an_introduction_are_posts() -> None:
    posts = "\n".join(f"{hour}:20\n{text}" for hour, text in zip(HOURS, TEXTS, strict=True))
    text = f"The lock opens\n12 February 2031\n{ARTICLE}\n{posts}\n"
    assert len(parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt").records) == len(HOURS)
