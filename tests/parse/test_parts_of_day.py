"""Test words for parts of the day before clocks of twelve hours, and marks that stand beside stamps."""

import json

import pytest

from daybook.parse import parse
from daybook.parse.input_files import read_hints
from daybook.parse.time.tokens import find_times


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("तड़के 5:40 बजे", "05:40"),
        ("सुबह 11:05 बजे", "11:05"),
        ("दोपहर 11:30 बजे", "11:30"),
        ("दोपहर 12:20 बजे", "12:20"),
        ("दोपहर 2:05 बजे", "14:05"),
        ("शाम 4:45 बजे", "16:45"),
        ("रात 8:10 बजे", "20:10"),
        ("रात 12:40 बजे", "00:40"),
        ("रात 2:15 बजे", "02:15"),
        ("সকাল 9:30", "09:30"),
        ("বিকেল 4:05", "16:05"),
        ("রাত 11:20", "23:20"),
    ],
)
def test_a_part_of_the_day_says_which_half_a_clock_is_in(text: str, clock: str) -> None:
    [token] = find_times(text)
    assert f"{token.clock // 3600:02}:{token.clock % 3600 // 60:02}" == clock
    assert (token.start, token.end) == (0, len(text))


def test_the_label_and_the_time_of_an_edit_on_two_lines_are_no_text() -> None:
    posts = "".join(
        f'<article><time datetime="2031-04-09T1{number}:05:00Z">1{number}:05</time><p>Boat {number} is in.</p>'
        f'<footer>Updated at <time datetime="2031-04-09T1{number}:09:00Z">1{number}.09 GMT</time></footer></article>'
        for number in (3, 2, 1)
    )
    html = f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>"
    page = parse(html.encode(), read_hints({}), "page.html")
    assert [each.text for each in page.records] == ["Boat 3 is in.", "Boat 2 is in.", "Boat 1 is in."]


def test_a_headline_that_only_the_data_has_is_no_headline_where_others_are_shown() -> None:
    names = ("The blue boat is in", "Quay live", "The ferry has left")
    updates = [
        {
            "headline": name,
            "datePublished": f"2031-04-09T1{9 - number}:05:00Z",
            "articleBody": f"Boat {number} is here.",
        }
        for number, name in enumerate(names)
    ]
    data = json.dumps({"@type": "LiveBlogPosting", "headline": "Quay", "liveBlogUpdate": updates})
    posts = "".join(
        f'<article><time datetime="2031-04-09T1{9 - number}:05:00Z">1{9 - number}:05</time>'
        f"{'' if number == 1 else f'<h2>{name}</h2>'}<p>Boat {number} is here.</p></article>"
        for number, name in enumerate(names)
    )
    script = f'<script type="application/ld+json">{data}</script>'
    html = f"<!doctype html><title>The quay today</title>{script}<main><h1>The quay today</h1>{posts}</main>"
    page = parse(html.encode(), read_hints({}), "page.html")
    assert [each.headline for each in page.records] == [names[0], "", names[2]]
