"""Test the names of authors with their roles, and headlines that are the name of the page."""

import json

import pytest
from bs4 import BeautifulSoup

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

TITLE = "Quay live"
NUMBERS = range(4)
CREWS = ("Crew of ten", "Seven aboard", "Nobody aboard", "A crew of two")
NAMES = ("Ida Kern", "Otto Brand", "Ida Kern", "Otto Brand")


def read(posts: list[str], title: str = TITLE, head: str = "") -> ParsedPage:
    text = f"<!doctype html><title>{title}</title>{head}<main><h1>{title}</h1>{''.join(posts)}</main>"
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), "page.html")


def stamp(number: int) -> str:
    return f'<time datetime="2031-04-09T1{number}:05:00Z">1{number}:05</time>'


def contents(page: ParsedPage) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return headline, text and authors of all entries."""
    return [
        (each.headline, str(each.markdown or each.text).replace("\n\n", " "), tuple(each.authors or ()))
        for each in page.records
    ]


@pytest.mark.parametrize(
    ("card", "is_below"),
    [
        ('<div class="by"><img src="a.png" alt="{name}"><span>{name}</span><span>{role}</span></div>', False),
        ('<div class="by"><img src="a.png" alt=""><strong>{name}</strong><em>{role}</em></div>', False),
        (
            '<div class="author"><span class="author-name">{name}</span><span class="author-title">{role}</span></div>',
            True,
        ),
        ('<div class="card"><div>{name}</div><div class="card-title">{role}</div></div>', True),
        ('<footer><b>{name}</b><i class="x-title">{role}</i></footer>', True),
    ],
)
def test_a_role_beside_a_recurring_name_is_neither_headline_nor_text(card: str, *, is_below: bool) -> None:
    roles = ("Reporter", "Reporting from Weide", "Reporter", "Reporting from Weide")
    posts = []
    for number in NUMBERS:
        headline = f"<h2>Boat {number} is in</h2>" if number < 2 else ""
        by = card.format(name=NAMES[number], role=roles[number])
        text = f"<p>It came by noon, said pilot {number}.</p>"
        posts.append(
            f'<div class="p">{stamp(number)}{headline}{text if is_below else ""}{by}{"" if is_below else text}</div>'
        )
    assert contents(read(posts)) == [
        (f"Boat {number} is in" if number < 2 else "", f"It came by noon, said pilot {number}.", (NAMES[number],))
        for number in NUMBERS
    ]


def test_a_line_below_a_name_stays_if_other_text_is_in_their_element() -> None:
    posts = [
        f'<div class="p">{stamp(number)}<div><p>Boat {number} is in.</p><div>{NAMES[number]}</div>'
        f"<div>{crew}</div></div></div>"
        for number, crew in enumerate(CREWS)
    ]
    assert all(crew in text for crew, (_, text, _) in zip(CREWS, contents(read(posts)), strict=True))


@pytest.mark.parametrize(
    "names",
    [
        ("তাহমিনা রওশন", "মাহিন কবির"),  # with vowel signs, which are no letters
        ("कविता शर्मा", "निखिल मेहता"),
        ("கவிதா முருகன்", "நிகில் சேகர்"),
        ("สมชาย ใจดี", "มานี มีนา"),
        ("ნინო ბერიძე", "გიორგი ლომიძე"),
        ("רות לוי", "דן כהן"),
    ],
)
def test_names_in_scripts_with_vowel_signs_are_authors(names: tuple[str, str]) -> None:
    posts = [
        f'<div class="p"><div><img alt="{name}" src="a.png">'
        f'<div><span class="s">{name}</span>{stamp(number)}</div></div>'
        + (f'<div class="t-title">{name[:3]} {number}</div>' if number % 2 else "")
        + f"<div><p>Boat {number} came in by noon.</p></div></div>"
        for number in NUMBERS
        for name in (names[number == 2],)
    ]
    page = contents(read(posts))
    assert [authors for _, _, authors in page] == [(names[number == 2],) for number in NUMBERS]
    assert all(text == f"Boat {number} came in by noon." for number, (_, text, _) in enumerate(page))


@pytest.mark.parametrize("label", ["Par", "Por", "De", "Von", "By", "Door", "Av", "Di"])
def test_the_label_of_a_name_is_no_part_of_it(label: str) -> None:
    posts = [
        f'<div class="p">{stamp(number)}<span class="author">{label} {NAMES[number]}</span>'
        f"<p>Boat {number} is in, and the pilot is well.</p></div>"
        for number in NUMBERS
    ]
    assert [authors for _, _, authors in contents(read(posts))] == [(NAMES[number],) for number in NUMBERS]


def test_a_name_that_begins_like_a_label_stays() -> None:
    names = ("De Vries", "Ida Kern", "De Vries", "Ida Kern")
    posts = [
        f'<div class="p">{stamp(number)}<span class="author">{names[number]}</span>'
        f"<p>Boat {number} is in, and the pilot is well.</p></div>"
        for number in NUMBERS
    ]
    assert [authors for _, _, authors in contents(read(posts))] == [(names[number],) for number in NUMBERS]


BODY = "Boat {} is in, and the pilot of the boat is well."


def with_data(title: str, shown: list[str], stated: list[str], *, is_shown: bool = True) -> ParsedPage:
    """Return a page whose posts show some headlines, and whose data states others."""
    updates = [
        {"headline": headline, "datePublished": f"2031-04-09T1{number}:05:00Z", "articleBody": BODY.format(number)}
        for number, headline in enumerate(stated)
    ]
    data = json.dumps({"@type": "LiveBlogPosting", "headline": title, "liveBlogUpdate": updates})
    posts = [
        f'<div class="p">{stamp(number)}{f"<h2>{headline}</h2>" if headline else ""}<p>{BODY.format(number)}</p></div>'
        for number, headline in enumerate(shown if is_shown else ())
    ]
    return read(posts, title, f'<script type="application/ld+json">{data}</script>')


@pytest.mark.parametrize("name", ["Storm at the quay", "Storm at the quay: two boats missing, follow it live"])
@pytest.mark.parametrize("shown", [["A", "", "C", "", "E"], ["", "", "", "", "E"]])
def test_a_part_of_the_title_in_the_data_is_no_headline(name: str, shown: list[str]) -> None:
    page = with_data(
        "Storm at the quay: two boats missing, follow it live", shown, [headline or name for headline in shown]
    )
    assert [headline for headline, _, _ in contents(page)] == shown


def test_headlines_that_only_the_data_states_stay() -> None:
    stated = ["Gate closed", "Boats missing", "Gate open", "Two found"]
    page = with_data("Storm: boats missing", ["", "", "", ""], stated)
    assert [headline for headline, _, _ in contents(page)] == stated


@pytest.mark.parametrize("length", [22, 30, 60])
@pytest.mark.parametrize("mark", ["", "…", " ...", " [...]"])
@pytest.mark.parametrize("is_shown", [True, False])
def test_the_beginning_of_a_text_in_the_data_is_no_headline(length: int, mark: str, *, is_shown: bool) -> None:
    stated = [BODY.format(number)[:length] + mark for number in NUMBERS]
    page = contents(with_data("Storm", ["", "", "", ""], stated, is_shown=is_shown))
    assert [(headline, text) for headline, text, _ in page] == [("", BODY.format(number)) for number in NUMBERS]


@pytest.mark.parametrize("headline", ["Boat", "The pilot of the boat is well", "Boat in, and the pilot is well"])
def test_a_headline_that_the_text_does_not_begin_with_stays(headline: str) -> None:
    page = with_data("Storm", [""] * 4, [headline, "B of boats", "C of boats", "D of boats"])
    assert contents(page)[0][0] == headline


@pytest.mark.parametrize(
    ("names", "role"),
    [
        (("கவிதா முருகன்", "நிகில் சேகர்"), "செய்தியாளர்"),
        (("तरुण वर्मा", "निखिल मेहता"), "संवाददाता"),
        (("Ida Kern", "Otto Brand"), "Korrespondentin"),
    ],
)
@pytest.mark.parametrize("name", ["span", "p", "div"])
def test_a_name_and_a_role_in_like_elements_above_the_text(names: tuple[str, str], role: str, name: str) -> None:
    posts = [
        f'<div class="p">{stamp(number)}<div class="k"><{name}>{names[number == 2]}</{name}>'
        f"<{name}>{role}</{name}></div><p>{BODY.format(number)}</p></div>"
        for number in NUMBERS
    ]
    assert contents(read(posts)) == [("", BODY.format(number), (names[number == 2],)) for number in NUMBERS]


@pytest.mark.parametrize(
    "box",
    [
        '<aside><h4>{label}</h4><a href="/x{number}">Uue silla number {number}</a></aside>',
        '<div class="q"><b>{label}</b><a href="/x{number}">Uue silla number {number}</a></div>',
        '<div><p>{label}</p><ul><li><a href="/a">Sild {number}</a></li><li><a href="/b">Sadam</a></li></ul></div>',
    ],
)
@pytest.mark.parametrize("label", ["மேலும் படிக்க", "Vaata veel uudiseid", "သတင်းများ"])
def test_a_box_with_links_in_several_posts_is_no_text(box: str, label: str) -> None:
    posts = [
        f'<div class="p">{stamp(number)}<p>{BODY.format(number)}</p>'
        + (box.format(label=label, number=number) if number != 1 else "")
        + "</div>"
        for number in NUMBERS
    ]
    assert contents(read(posts)) == [("", BODY.format(number), ()) for number in NUMBERS]


@pytest.mark.parametrize(
    "box",
    [
        '<div><b>Timetable</b><a href="/x{number}">Boats {number}</a><p>The last one leaves at eight.</p></div>',
        '<div><b>{crew}</b><a href="/x{number}">Ida of {crew}</a></div>',
    ],
)
def test_links_beside_a_text_or_below_lines_that_differ_stay(box: str) -> None:
    posts = [
        f'<div class="p">{stamp(number)}<p>{BODY.format(number)}</p>'
        f"{box.format(number=number, crew=CREWS[number])}</div>"
        for number in NUMBERS
    ]
    last = [each.get_text() for each in BeautifulSoup(box, "lxml").find_all(["b", "a", "p"])]
    assert all(
        each.format(number=number, crew=CREWS[number]) in text
        for number, (_, text, _) in enumerate(contents(read(posts)))
        for each in last
    )


def test_links_below_a_line_that_are_all_that_some_posts_have_stay() -> None:
    posts = [
        f'<div class="p">{stamp(number)}'
        + (
            f'<div><h4>Photo</h4><p><a href="/x{number}">The lock {number} opens at dawn</a></p></div>'
            if number
            else ""
        )
        + (f"<p>{BODY.format(number)}</p>" if not number else "")
        + "</div>"
        for number in NUMBERS
    ]
    read_texts = " ".join(headline + text for headline, text, _ in contents(read(posts)))
    assert all(f"The lock {number} opens at dawn" in read_texts for number in NUMBERS if number)
