"""Test lines that nearly every post ends with: they are no text, in any language, and show which times are posts."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

BOATS = ("The blue boat is in", "The red boat is late", "The ferry has left", "The tug waits")


def read(text: str, name: str = "page.txt", **hints: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09", **hints}), name)


def entries(page: ParsedPage) -> list[tuple[str, str, str]]:
    return [(str(each.at)[5:16], each.headline, str(each.markdown or each.text)) for each in page.records]


def in_elements(label: str) -> str:
    """Return a page with a label at the end of each post; # in it becomes a number."""
    posts = "".join(
        f'<div class="p"><time>1{9 - number}:05</time><h3>{boat}</h3><p>Boat {number} is at the quay.</p>'
        f"<div>{label.replace('#', str(7 * number))}</div></div>"
        for number, boat in enumerate(BOATS)
    )
    return f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>"


@pytest.mark.parametrize("label", ["Tykkää #", "Del · # ♥", "انشر · احفظ الرابط", "공유하기 #"])
def test_a_label_of_every_post_is_no_text(label: str) -> None:
    page = read(in_elements(label), "page.html")
    assert [text for _, _, text in entries(page)] == [f"Boat {number} is at the quay." for number in range(4)]
    assert not page.doubts
    reasons = {each.reason for each in page.lines if each.text.startswith(label[:3])}
    assert reasons and "" not in reasons


@pytest.mark.parametrize("told", ["Score: #:1", "Counted: # %", "The mast is # m high", "All hands are safe."])
def test_a_line_that_says_something_stays(told: str) -> None:
    page = read(in_elements(told), "page.html")
    assert all(told.replace("#", str(7 * number)) in text for number, (_, _, text) in enumerate(entries(page)))


COPIED = """Harbour Post

Quay live

Wednesday 9 April 2031 15:10

A film of the boat
0:42
Boat beside the quay

15:05:00
The blue boat is in
It is at the quay.

Jakaa

14:20:00
The red boat is late
It waits for wind.

Jakaa

13:00:00
The ferry has left
It will be back at noon.

Jakaa

Other things to read
A hare in the library
8 Apr 2031 18:20
"""


def test_times_without_the_label_of_the_posts_are_no_posts() -> None:
    page = read(COPIED)
    assert entries(page) == [
        ("04-09T15:05", "The blue boat is in", "It is at the quay."),
        ("04-09T14:20", "The red boat is late", "It waits for wind."),
        ("04-09T13:00", "The ferry has left", "It will be back at noon."),
    ]
    assert not page.doubts


def test_the_label_ends_the_last_post() -> None:
    text = COPIED.replace("8 Apr 2031 18:20", "The hare reads")
    assert entries(read(text))[-1] == ("04-09T13:00", "The ferry has left", "It will be back at noon.")


def test_a_day_heading_without_a_year_is_not_the_date_of_the_page() -> None:
    text = """Quay live

9.4.2031 15:38 • Päivitetty 10.4.2031 12:40

torstai 10.4.

klo 12.37
The boats are home
All of them came.

klo 9.04
The wind turns
It blows from the south.

keskiviikko 9.4.

klo 22.16
The storm begins
No boat is out.

klo 20.30
The red boat is late
It waits for wind.
"""
    page = parse(text.encode(), read_hints({"zone": "Europe/Helsinki"}), "page.txt")
    assert [when for when, _, _ in entries(page)] == ["04-10T12:37", "04-10T09:04", "04-09T22:16", "04-09T20:30"]
    assert not page.doubts


@pytest.mark.parametrize(
    "stamp",
    ['<time datetime="2031-04-09T1#:05:00+03:00">1#:05</time> (МСК)', "1#:05, 9 апреля 2031 (МСК)", "1#:05 (МСК)"],
)
def test_a_zone_in_brackets_after_a_stamp_is_no_text(stamp: str) -> None:
    posts = "".join(
        f'<div class="p"><div>{stamp.replace("#", str(9 - number))}</div><p>{boat}.</p></div>'
        for number, boat in enumerate(BOATS)
    )
    page = read(f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>", "page.html")
    assert entries(page)[0] == ("04-09T19:05", "", "The blue boat is in.")
    assert [headline for _, headline, _ in entries(page)] == [""] * 4


TABLE = """№;Päivä;Kello;Otsikko;Kuvaus;Kuka
1;9.4.2031;14:05;Sininen laiva;Sininen laiva on laiturissa.;Aino
2;9.4.2031;15:10;Punainen laiva;"Se odottaa tuulta;
ja miehistöä."; Aino
3;9.4.2031;16:20;Lautta;Lautta palaa vasta illalla.;Onni
"""


def test_a_table_whose_columns_have_unknown_names_is_read_with_a_doubt() -> None:
    page = read(TABLE, "page.csv")
    assert entries(page) == [
        ("04-09T14:05", "Sininen laiva", "Sininen laiva on laiturissa."),
        ("04-09T15:10", "Punainen laiva", "Se odottaa tuulta;\\\nja miehistöä."),
        ("04-09T16:20", "Lautta", "Lautta palaa vasta illalla."),
    ]
    assert [(each.kind, each.line) for each in page.doubts] == [("rival", 1)]
    assert "'Kello' as `time`" in page.doubts[0].text


def test_a_table_is_read_by_the_names_of_its_columns_in_another_language() -> None:
    table = (
        "Data;Hora;Autor;Título;Texto\n"
        "09/04/2031;14:05;Ida Kern;;O barco azul chegou.\n"
        "09/04/2031;15:10;Ida Kern;Chegou o vermelho;O barco vermelho espera.\n"
        "23/04/2031;16:20;Otto Brand;;A balsa partiu.\n"
    )
    page = read(table, "page.csv")
    assert [(headline, text) for _, headline, text in entries(page)] == [
        ("", "O barco azul chegou."),
        ("Chegou o vermelho", "O barco vermelho espera."),
        ("", "A balsa partiu."),
    ]
    assert [each.authors for each in page.records] == [("Ida Kern",), ("Ida Kern",), ("Otto Brand",)]


def test_a_column_of_texts_with_an_unknown_name_is_read_with_a_doubt() -> None:
    page = read(TABLE.replace("Päivä;Kello", "date;time").replace("Otsikko", "title"), "page.csv")
    assert [text for _, _, text in entries(page)][:1] == ["Sininen laiva on laiturissa."]
    assert [each.kind for each in page.doubts] == ["rival"]
    assert "'Kuvaus' as `text`" in page.doubts[0].text


def test_a_table_without_times_or_texts_is_no_table_of_posts() -> None:
    assert not read("a;b;c\n1;2;3\n4;5;6\n7;8;9\n").records
    assert not read("a;b;c\n9.4.2031;14:05;3\n9.4.2031;15:05;6\n9.4.2031;16:05;7\n").records
