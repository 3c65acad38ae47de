"""Test marks, halves of the day, names and counters around the stamps and the ends of posts in copied texts."""

import pytest
from live_pages import HEADLINES, HOURS, TEXTS

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints


def page(posts: list[str], below: str = "", join: str = "\n", above: str = "") -> ParsedPage:
    text = f"Live: the flood\n19 February 2031\n{above}{join.join(posts)}\n{below}"
    return parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")


def texts(parsed: ParsedPage) -> list[str]:
    return [str(record.text) for record in parsed.records]


def times(parsed: ParsedPage) -> list[str]:
    return [record.at[11:16] for record in parsed.records]


@pytest.mark.parametrize(("late", "early"), [("م", "ص"), ("مساءً", "صباحاً"), ("مساء", "صباحا"), ("ظهرا", "صباحًا")])
def test_a_half_of_the_day_in_arabic_is_part_of_the_clock(late: str, early: str) -> None:
    clocks = [f"4:35 {late}", f"2:10 {late}", f"10:20 {early}", f"8:05 {early}"]
    parsed = page([f"{one}\n{two}\n{three}" for one, two, three in zip(clocks, HEADLINES, TEXTS, strict=True)])
    assert times(parsed) == ["16:35", "14:10", "10:20", "08:05"]
    assert [record.headline for record in parsed.records] == list(HEADLINES)


@pytest.mark.parametrize("mark", [".", ",", ";"])
def test_a_mark_behind_a_clock_is_no_text(mark: str) -> None:
    assert texts(page([f"{hour}:20{mark} {text}" for hour, text in zip(HOURS, TEXTS, strict=True)])) == list(TEXTS)


@pytest.mark.parametrize("brackets", ["【】", "[]", "《》"])
def test_a_bracket_around_a_stamp_and_its_headline_is_no_text(brackets: str) -> None:
    first, last = brackets
    rows = zip(HOURS, HEADLINES, TEXTS, strict=True)
    parsed = page([f"{first}{hour}:20 {headline}{last}\n{text}" for hour, headline, text in rows])
    assert [record.headline for record in parsed.records] == list(HEADLINES)
    assert texts(parsed) == list(TEXTS)


def test_an_hour_that_begins_a_sentence_below_a_stamp_is_no_stamp() -> None:
    clocks = ["오후 6시 10분", "오후 3시 20분", "오후 12시 5분", "오전 6시"]
    own = ["오후 6시 현재 수위는 2미터라고 항만청이 밝혔다.", *("수문이 닫혔다고 항만청이 밝혔다.",) * 3]
    parsed = page([f"{clock}\n{text}" for clock, text in zip(clocks, own, strict=True)])
    assert times(parsed) == ["18:10", "15:20", "12:05", "06:00"]
    assert texts(parsed) == own
    assert not parsed.doubts


def test_names_behind_a_slash_are_authors() -> None:
    names = ("Ida Kern", "Tom Hale", "Ida Kern", "Tom Hale")
    parsed = page([f"{hour}:20 / {name}\n{text}" for hour, name, text in zip(HOURS, names, TEXTS, strict=True)])
    assert [record.authors for record in parsed.records] == [(name,) for name in names]
    assert texts(parsed) == list(TEXTS)


def test_counters_in_nearly_all_posts_are_no_text() -> None:
    counts = ("12 vastetta", "4 vastetta", "31 vastetta", "1 vaste")
    posts = [f"{hour}:20\n{text}\n{count}\nJaa" for hour, text, count in zip(HOURS, TEXTS, counts, strict=True)]
    assert texts(page(posts, join="\n\n")) == list(TEXTS)


def test_a_number_and_a_word_in_some_posts_are_text() -> None:
    counts = ("12 boats", "4 boats", "", "")
    posts = [f"{hour}:20\n{text}\n{count}" for hour, text, count in zip(HOURS, TEXTS, counts, strict=True)]
    assert "12 boats" in texts(page(posts, join="\n\n"))[0]


def posts_without_blank_lines() -> list[str]:
    rows = zip(HOURS, HEADLINES, TEXTS, strict=True)
    return [f"{hour}:20\n{headline}\n{text}" for hour, headline, text in rows]


def test_short_lines_at_the_end_of_a_text_without_blank_lines_are_left_out_with_a_doubt() -> None:
    parsed = page(posts_without_blank_lines(), "Arkivoitu\nTulva\nOstmoor\nSulku\n")
    assert texts(parsed) == list(TEXTS)
    assert [doubt.kind for doubt in parsed.doubts] == ["end"]
    assert "Arkivoitu" in parsed.doubts[0].text


def test_a_sentence_at_the_end_of_a_text_without_blank_lines_is_text() -> None:
    parsed = page(posts_without_blank_lines(), "The lock opens at dawn.\n")
    assert texts(parsed)[-1].endswith("The lock opens at dawn.")


def spaced_posts() -> list[str]:
    return [f"{hour}:20 {headline}\n\n{text}" for hour, headline, text in zip(HOURS, HEADLINES, TEXTS, strict=True)]


@pytest.mark.parametrize(
    ("below", "first"),
    [
        (
            "\nRead also: A boat on the quay\n\nHae sovellus. Se on ilmainen.\n\nJaa tämä\nYhteys\nTietoja\nKartta\n",
            "Hae",
        ),
        ("\nJUTTU JATKUU\nRelated stories\nA boat on the quay\n", "JUTTU"),
    ],
)
def test_short_lines_above_the_links_below_the_posts_are_no_text(below: str, first: str) -> None:
    parsed = page(spaced_posts(), below, join="\n\n", above="\n")
    assert texts(parsed) == list(TEXTS)
    assert all(doubt.kind == "end" and first in doubt.text for doubt in parsed.doubts)


def test_the_words_at_the_end_of_the_coverage_are_no_text() -> None:
    parsed = page(spaced_posts(), "\nEnde des Liveblogs\n\nMehr zum Thema\nDie Schleuse\n", join="\n\n", above="\n")
    assert texts(parsed) == list(TEXTS)


def test_a_time_without_a_text_above_posts_with_dates_is_that_of_the_page() -> None:
    rows = zip(HOURS, HEADLINES, TEXTS, strict=True)
    posts = [f"19.2. klo {hour}.20\n{headline}\n{text}" for hour, headline, text in rows]
    text = "Hetki hetkeltä: tulva\n19.2.2031 klo 18.30\nJaa\n" + "\n".join(posts)
    parsed = parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")
    assert (times(parsed), parsed.problems) == ([f"{hour}:20" for hour in HOURS], ())
