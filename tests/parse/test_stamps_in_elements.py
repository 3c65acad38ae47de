"""Test the stamps of posts that have an element each: beside machine times, and of posts that stand out of order."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

BOATS = ("The blue boat is in", "The red boat is late", "The ferry has left", "The tug waits")


def read(posts: str) -> ParsedPage:
    page = f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>"
    return parse(page.encode(), read_hints({"zone": "Europe/Rome", "date": "2031-04-09"}), "page.html")


def entries(page: ParsedPage) -> list[tuple[str, str, str]]:
    return [(str(each.at)[11:16], each.headline, str(each.markdown or each.text)) for each in page.records]


@pytest.mark.parametrize("label", ["Ore ", "Kello ", "საათი ", ""])
def test_a_label_before_the_shown_time_of_microdata_is_no_text(label: str) -> None:
    posts = "".join(
        '<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting">'
        f'<meta itemprop="datePublished" content="2031-04-09T1{9 - number}:05:00+02:00">'
        f'<div class="when">{label}1{9 - number}:05</div><h3 itemprop="headline">{boat}</h3>'
        f'<div itemprop="articleBody"><p>Boat {number} is at the quay.</p></div></div>'
        for number, boat in enumerate(BOATS)
    )
    page = read(f'<div itemscope itemtype="https://schema.org/LiveBlogPosting">{posts}</div>')
    assert entries(page) == [
        (f"1{9 - number}:05", boat, f"Boat {number} is at the quay.") for number, boat in enumerate(BOATS)
    ]
    assert not page.doubts


@pytest.mark.parametrize(
    ("clock", "label"),
    [
        ("12:05", '<em class="flag">Sabitlendi</em>'),
        ("16:50", '<span class="flag">Pinned</span>'),
        ("18:30", "Fijado "),
    ],
)
def test_a_pinned_post_has_the_time_that_it_shows(clock: str, label: str) -> None:
    pinned = (
        f'<li class="item pinned"><div class="left">{label}<b class="hour">{clock}</b></div>'
        "<div><h3>Whom to call</h3><p>The quay answers at any hour.</p></div></li>"
    )
    posts = "".join(
        f'<li class="item"><div class="left"><b class="hour">1{9 - number}:05</b></div>'
        f"<div><h3>{boat}</h3><p>Boat {number} is at the quay.</p></div></li>"
        for number, boat in enumerate(BOATS)
    )
    page = read(f"<ul>{pinned}{posts}</ul>")
    assert entries(page) == [
        (clock, "Whom to call", "The quay answers at any hour."),
        *((f"1{9 - number}:05", boat, f"Boat {number} is at the quay.") for number, boat in enumerate(BOATS)),
    ]
    assert not page.doubts


def test_a_bold_question_is_text_where_headlines_are_headings() -> None:
    posts = "".join(
        f'<section class="post"><span class="date">1{9 - number}:05</span>'
        + (f"<h2>{boat}</h2>" if number != 2 else "<p><strong>Where is the ferry? – Ida of Weide</strong></p>")
        + f"<p>Boat {number} is at the quay.</p></section>"
        for number, boat in enumerate(BOATS)
    )
    page = read(posts)
    expected = [(f"1{9 - number}:05", boat, f"Boat {number} is at the quay.") for number, boat in enumerate(BOATS)]
    expected[2] = ("17:05", "", "**Where is the ferry? – Ida of Weide**\n\nBoat 2 is at the quay.")
    assert entries(page) == expected


def test_a_stamp_in_pieces_that_are_read_aloud_and_a_date_above_the_title() -> None:
    posts = "".join(
        '<li><article><header><div class="when"><span class="visually-hidden">published at </span>'
        f'<span aria-hidden="true">1{9 - number}:05</span>'
        '<span class="visually-hidden"> Greenwich Mean Time 9 April</span></div>'
        f"<h3>{boat}</h3></header><p>Boat {number} is at the quay.</p></article></li>"
        for number, boat in enumerate(BOATS)
    )
    html = (
        "<!doctype html><title>Quay live</title><header><p>12 April 2031</p></header>"
        f'<main><p class="date">9 April 2031</p><h1>Quay live</h1><ol>{posts}</ol></main>'
    )
    page = parse(html.encode(), read_hints({}), "page.html")
    assert [str(each.at) for each in page.records] == [f"2031-04-09T1{9 - number}:05:00Z" for number in range(4)]
    assert [each.headline for each in page.records] == list(BOATS)
    assert not page.doubts


def test_a_date_that_is_read_aloud_with_an_unknown_zone_is_no_text() -> None:
    posts = "".join(
        f'<li><div class="when"><span class="sr-only">Publicado às </span>'
        f'<span aria-hidden="true">1{9 - number}:05</span><span class="sr-only"> Horário do cais 9 abril</span>'
        f"</div><h3>{boat}</h3><p>Boat {number} is here.</p></li>"
        for number, boat in enumerate(BOATS)
    )
    assert [text for _, _, text in entries(read(f"<ol>{posts}</ol>"))] == [
        f"Boat {number} is here." for number in range(4)
    ]


def test_the_full_stop_of_an_age_is_no_text() -> None:
    posts = "".join(
        f'<div class="p"><span class="ago" data-time="2031-04-09T1{9 - number}:05:00+02:00">'
        f"prieš {number + 1} val.</span>"
        f"<h3>{boat}</h3><p>Boat {number} is here.</p></div>"
        for number, boat in enumerate(BOATS)
    )
    assert [text for _, _, text in entries(read(posts))] == [f"Boat {number} is here." for number in range(4)]


NAMES = ("Ida Kern", "Otto Brand", "Per Holm", "Olga Aller")


def test_names_that_the_markup_tells_are_authors_even_if_none_recurs() -> None:
    posts = "".join(
        f'<div class="p"><time datetime="2031-04-09T1{9 - number}:05:00+02:00">1{9 - number}:05</time>'
        f'<div class="by"><p><span itemprop="name">{NAMES[number]}</span></p>'
        f'<p class="role">Reporting from the quay</p></div>'
        f"<div><p>{boat}.</p></div></div>"
        for number, boat in enumerate(BOATS)
    )
    page = read(posts)
    assert [each.text for each in page.records] == [f"{boat}." for boat in BOATS]
    assert [each.authors for each in page.records] == [(name,) for name in NAMES]


def test_names_beside_end_stamps_are_authors_even_if_none_recurs() -> None:
    posts = "".join(
        f'<section class="p"><h2>{boat}</h2><p>Boat {number} is here.</p><div><span class="a">{NAMES[number]}</span> '
        f'<span class="d">9 April 2031 1{9 - number}:05</span> <a href="#">Kopiera länken</a></div></section>'
        for number, boat in enumerate(BOATS)
    )
    page = read(posts)
    assert [each.text for each in page.records] == [f"Boat {number} is here." for number in range(4)]
    assert [each.authors for each in page.records] == [(name,) for name in NAMES]


@pytest.mark.parametrize(
    "ages", [("50 perce", "1 órája", "2 órája", "3 órája"), ("tá 1 u", "tá 2 u", "tá 3 u", "tá 4 u")]
)
def test_an_age_in_an_unknown_form_beside_the_stamp_is_no_text(ages: tuple[str, ...]) -> None:
    posts = "".join(
        f'<div class="p"><time datetime="2031-04-09T1{9 - number}:05:00+02:00">1{9 - number}:05</time>'
        f"<small>{age}</small><h3>{boat}</h3><p>Boat {number} is here.</p></div>"
        for number, (boat, age) in enumerate(zip(BOATS, ages, strict=True))
    )
    assert [text for _, _, text in entries(read(posts))] == [f"Boat {number} is here." for number in range(4)]


def test_a_number_beside_the_stamp_that_does_not_run_with_the_posts_stays() -> None:
    posts = "".join(
        f'<div class="p"><time datetime="2031-04-09T1{9 - number}:05:00+02:00">1{9 - number}:05</time>'
        f"<div>{count} boats</div><p>Boat {number} is here.</p></div>"
        for number, count in enumerate((12, 3, 44, 7))
    )
    texts = [f"{headline} {text}" for _, headline, text in entries(read(posts))]
    assert all(f"{count} boats" in text for count, text in zip((12, 3, 44, 7), texts, strict=True))


def test_names_in_paragraphs_below_the_stamps_are_authors_if_one_recurs() -> None:
    names = ("Ida Kern", "Otto Brand", "Per Holm", "Ida Kern")
    posts = "".join(
        f'<div class="p"><div class="t">1{9 - number}:05</div><div class="by"><p>{names[number]}</p>'
        f'<p class="role">Reporterin</p></div><p>{boat}.</p></div>'
        for number, boat in enumerate(BOATS)
    )
    page = read(posts)
    assert [each.text for each in page.records] == [f"{boat}." for boat in BOATS]
    assert [each.authors for each in page.records] == [(name,) for name in names]


def test_headlines_that_look_like_names_stay() -> None:
    headlines = ("Ferry Returns Home", "Gale Warning Ends", "Red Boat Waits", "Blue Boat Leaves")
    posts = "".join(
        f'<div class="p"><div class="t">1{9 - number}:05</div><p>{headline}</p><p>Boat {number} is here.</p></div>'
        for number, headline in enumerate(headlines)
    )
    assert all(headline in str(each.text) for headline, each in zip(headlines, read(posts).records, strict=True))
