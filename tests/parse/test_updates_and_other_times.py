"""Test updates above the report that they belong to, posts pinned out of order, and times that are no posts."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage, Verdict
from daybook.parse.input_files import read_hints

CLOCKS = ("19:40", "17:15", "15:02", "14:11", "13:30")
TEXTS = (
    "The ferry sails again.",
    "The crew waits for wind.",
    "The pier is closed.",
    "It is late.",
    "It left the quay.",
)
AT = [f"2031-04-09T{clock}:00Z" for clock in CLOCKS]


def read(text: str, name: str = "page.txt") -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), name)


def summary(page: ParsedPage) -> list[tuple[str, str]]:
    return [(each.at, str(each.markdown or each.text)) for each in page.records]


def flowing(label: str, below: str = "") -> str:
    posts = "".join(
        f"<p><strong>{label.format(at)}</strong> {text}</p>" for at, text in zip(CLOCKS, TEXTS, strict=True)
    )
    title = "Quay live"
    return f"<html><title>{title}</title><body><article><h1>{title}</h1>{posts}{below}</article></body></html>"


@pytest.mark.parametrize(
    "label",
    [
        "UPDATE, ora {}:",
        "Update um {}:",
        "Aggiornamento ore {}:",
        "Mise à jour à {} :",
        "Aktualizace v {}:",
        "Update {}:",
    ],
)
def test_the_label_of_an_update_before_its_clock(label: str) -> None:
    page = read(flowing(label), "page.html")
    text = "\n\n".join(f"{label.format(at)} {text}" for at, text in zip(CLOCKS, TEXTS, strict=True))
    copy = read(f"Quay live\n\n{text}\n")
    expected = list(zip(AT, TEXTS, strict=True))
    assert (summary(page), summary(copy)) == (expected, expected)
    assert (page.doubts, copy.doubts) == ((), ())


def test_the_label_of_an_edit_is_no_stamp() -> None:
    posts = "\n\n".join(
        f"{at}\nBoat {at}\n{text}\nMise à jour à 21:0{at[1]}" for at, text in zip(CLOCKS, TEXTS, strict=True)
    )
    assert [at for at, _ in summary(read(f"Quay live\n\n{posts}\n"))] == AT


@pytest.mark.parametrize(
    "first",
    ["Original story: The ferry lies at the quay.", "Știrea inițială: The ferry lies.", "Erstmeldung – Es liegt."],
)
def test_the_report_below_the_updates_is_no_text_of_the_first_update(first: str) -> None:
    below = f"{first}\n\nIt was built in 1998.\n"
    text = "\n\n".join(f"{at} {text}" for at, text in zip(CLOCKS, TEXTS, strict=True))
    html = "".join(f"<p>{line}</p>" for line in below.splitlines() if line)
    for page in (read(f"Quay live\n\n{text}\n\n{below}"), read(flowing("{}:", html), "page.html")):
        assert summary(page) == list(zip(AT, TEXTS, strict=True))
        assert [each.kind for each in page.doubts] == ["end"]


@pytest.mark.parametrize("label", ["Vastgezet", "Pinned", "Закреплено"])
def test_the_clock_of_a_pinned_post_does_not_count_for_the_order(label: str) -> None:
    clocks = ("15:02", "19:40", "17:15", "14:11", "13:30")
    posts = "".join(
        f'<li><div>{f"<span>{label}</span>" * (not number)}<span class="at">{at}</span><h2>Boat {number}</h2>'
        f"<p>{text}</p></div></li>"
        for number, (at, text) in enumerate(zip(clocks, TEXTS, strict=True))
    )
    page = read(f"<html><title>Quay live</title><body><h1>Quay live</h1><ul>{posts}</ul></body></html>", "page.html")
    assert summary(page) == [(f"2031-04-09T{at}:00Z", text) for at, text in zip(clocks, TEXTS, strict=True)]
    assert page.doubts == ()


@pytest.mark.parametrize("title", ["Dagskrá sjónvarps", "番組表", "Televizní program na neděli", "Vozni red trajekta"])
def test_a_programme_is_no_live_blog(title: str) -> None:
    slots = "".join(
        f'<div class="slot"><time datetime="2031-04-09T{at}:00Z">{at}</time><h3>Show {at}</h3><p>{text}</p></div>'
        for at, text in zip(CLOCKS[::-1], TEXTS, strict=True)
    )
    page = read(f"<html><title>{title}</title><body><h1>{title}</h1>{slots}</body></html>", "page.html")
    assert (page.records, page.verdict) == ((), Verdict.NO_LIVE_BLOG)


@pytest.mark.parametrize(
    ("heading", "reply"),
    [("Kommentit (5)", "Vastaa  Ilmoita  3 tykkää"), ("5 comments", "Reply"), ("Kommentare (5)", "Antworten · Melden")],
)
def test_a_thread_of_comments_is_no_live_blog(heading: str, reply: str) -> None:
    names = ("Ida", "Jon V.", "the captain", "Ida", "Gull")
    posts = zip(names, CLOCKS, TEXTS, strict=True)
    comments = "\n\n".join(f"{name}\n9.4.2031 {at}\n{text}\n{reply}" for name, at, text in posts)
    article = "Should the pier be closed?\n\nThe pier is old, and the council has no money for it."
    page = read(f"{article}\n\n{heading}\n\n{comments}\n")
    assert (page.records, page.verdict, page.doubts) == ((), Verdict.NO_LIVE_BLOG, ())
