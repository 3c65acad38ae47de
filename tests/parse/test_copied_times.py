"""Test copied texts: times that are no stamps, second prints, headlines above stamps, dates and names above posts."""

from collections.abc import Sequence

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

TEXTS = (
    "The gate stays open tonight, the harbour office said.",
    "The barge was moved to the north quay.",
    "Divers looked at the wall below the water.",
    "The lock is closed to all boats.",
)
HEADLINES = ("Gate open", "Barge moved", "Divers at work", "Lock closed")
HOURS = (18, 16, 14, 11)


def read(text: str, date: str = "2031-04-09") -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": date}), "page.txt")


def clocks(page: ParsedPage) -> list[str]:
    return [str(each.at)[:16] for each in page.records]


def texts(page: ParsedPage) -> list[str]:
    return [str(each.markdown or each.text) for each in page.records]


def posts(stamp: str, more: Sequence[str] = ("", "", "", "")) -> str:
    rows = zip(HOURS, HEADLINES, TEXTS, more, strict=True)
    return "\n\n".join(
        stamp.format(hour=hour, half=hour % 12, part="am" if hour < 12 else "pm", head=head, text=text) + extra
        for hour, head, text, extra in rows
    )


EXPECTED = [f"2031-04-09T{hour}:20" for hour in HOURS]


@pytest.mark.parametrize("stamp", ["{hour}.20 uur\n{head}\n{text}", "{hour}:20 Uhr | {head}\n{text}"])
@pytest.mark.parametrize("length", ["Video\n0:48\nThe barge at the quay", "Video\n01:24 min\nThe barge at the quay"])
def test_the_length_of_a_video_is_no_stamp(stamp: str, length: str) -> None:
    page = read(f"Live: the lock at Tarn\n\n{posts(stamp, ('', chr(10) + length, '', ''))}\n")
    assert clocks(page) == EXPECTED
    assert [each.headline for each in page.records] == list(HEADLINES)


def test_a_time_of_another_notation_that_fits_is_a_stamp() -> None:
    text = posts("{hour}.20 uur\n{head}\n{text}").replace("16.20 uur", "16:20")
    assert clocks(read(f"Live: the lock at Tarn\n\n{text}\n")) == EXPECTED


def test_a_list_without_halves_of_the_day_below_posts_with_halves_is_no_posts() -> None:
    below = "Most read\n\n18:10 The goat that took a bus\n\n17:15 A boat for the island\n\n13:02 What an olive drinks\n"
    page = read(f"Live: the lock at Tarn\n\n{posts('{half}:20 {part}' + chr(10) * 2 + '{text}')}\n\n{below}")
    assert clocks(page) == EXPECTED
    assert texts(page) == list(TEXTS)


@pytest.mark.parametrize(
    "header",
    [
        "9 April 2031 18:40\nnewsroom, Tarn\nKeep for later\n",
        "9 April 2031 - 18:40 h\nUpdated on 9 April 2031 at 18:40\nShare\n\nThe lock is closed. We report.\n",
    ],
)
def test_the_time_of_a_page_below_its_title_is_no_stamp(header: str) -> None:
    page = read(f"Live: the lock at Tarn\n{header}\n{posts('{hour}:20  {head}' + chr(10) + '{text}')}\n", "")
    assert clocks(page) == EXPECTED


def test_a_first_post_with_a_date_and_a_text_is_a_post() -> None:
    text = posts("{hour}:20  {head}\n{text}").replace("18:20", "9 April 2031 18:20", 1)
    assert clocks(read(f"Live: the lock at Tarn\n\n{text}\n", "")) == EXPECTED


@pytest.mark.parametrize("below", ["", "\n\nRelated stories\n\nThe keeper and his dog\n\nContact\n"])
def test_headlines_in_paragraphs_above_the_stamps(below: str) -> None:
    text = posts("{head}\n\nkl. {hour}.20\n\n{text}")
    page = read(f"Live: the lock at Tarn\n\nTarn Post\n\n{text}{below}")
    assert [(each.headline, str(each.text or each.markdown)) for each in page.records] == list(
        zip(HEADLINES, TEXTS, strict=True)
    )


@pytest.mark.parametrize("stamp", ["{half}.20{part} BST\n{hour}:20", "{hour}:20\n{half}.20{part} BST"])
def test_a_stamp_that_is_printed_twice(stamp: str) -> None:
    text = posts(stamp + "\n{head}\n{text}\n\nShare")
    page = parse(f"Live: the lock at Tarn\n\n{text}\n".encode(), read_hints({"date": "2031-06-09"}), "page.txt")
    assert clocks(page) == [f"2031-06-09T{hour}:20" for hour in HOURS]
    assert [each.headline for each in page.records] == list(HEADLINES)
    assert not page.doubts


def test_names_below_stamps_that_a_line_above_the_posts_has() -> None:
    text = posts("{hour}:20\n{head}\n{text}").replace("16:20", "16:20\nIda Kern")
    page = read(f"Live: the lock at Tarn\nIda Kern (now) and Jo Hale (earlier)\n\n{text}\n")
    assert [each.headline for each in page.records] == list(HEADLINES)
    assert [list(each.authors) for each in page.records] == [[], ["Ida Kern"], [], []]


def test_a_name_of_the_title_below_a_stamp_is_a_headline() -> None:
    text = posts("{hour}:20\n{head}\n{text}").replace("Barge moved", "Ida Kern")
    page = read(f"Ida Kern and Jo Hale\nTarn Post\n\n{text}\n")
    assert page.records[1].headline == "Ida Kern"


def test_a_line_that_leads_to_a_quotation_is_no_headline() -> None:
    text = posts("{hour}:20\n{head}\n{text}").replace(
        "Barge moved\nThe barge", "What the keepers of the lock say:\n“The barge"
    )
    page = read(f"Live: the lock at Tarn\n\n{text}\n")
    assert [each.headline for each in page.records] == ["Gate open", "", "Divers at work", "Lock closed"]


def test_a_date_without_a_year_above_a_stamp_is_a_day_heading() -> None:
    rows = [f"下午{half}:20\n{text}" for half, text in zip((6, 3), TEXTS, strict=False)]
    later = [f"下午{half}:20\n{text}" for half, text in zip((5, 2), TEXTS[2:], strict=False)]
    page = read("实时更新：船闸\n\n4月9日\n\n" + "\n\n".join(rows) + "\n\n4月8日\n\n" + "\n\n".join(later) + "\n")
    assert texts(page) == list(TEXTS)
    assert [clock[8:10] for clock in clocks(page)] == ["09", "09", "08", "08"]


@pytest.mark.parametrize(
    "stamp",
    ["{hour} óra 20 perc", "{hour} giờ 20 phút", "{hour} часов 20 минут", "{hour} heures 20", "{hour} นาฬิกา 20 นาที"],
)
def test_clocks_in_words(stamp: str) -> None:
    page = read(f"Live: the lock at Tarn\n\n{posts(stamp + chr(10) + '{head}' + chr(10) + '{text}')}\n")
    assert clocks(page) == EXPECTED
    assert [each.headline for each in page.records] == list(HEADLINES)


def test_a_headline_in_a_script_without_capitals_is_no_name() -> None:
    text = posts("{hour}:20\n{head}\n{text}").replace("Barge moved", "नाव सेवा शुरू")
    page = read(f"होम\n\nतरन पुल LIVE: नाव सेवा शुरू\n\n{text}\n")
    assert page.records[1].headline == "नाव सेवा शुरू"
