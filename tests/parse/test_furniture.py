"""Test what stands inside posts, or below the last one, and is no text of theirs: labels, names, buttons, footers."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

TITLE = "Quay live"
NUMBERS = range(4)
NAMES = ("Ida Kern", "Otto Brand", "Ida Kern", "Otto Brand")


def read(text: str, name: str = "page.html") -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), name)


def read_posts(pattern: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return headline, text and authors of the posts of a page that repeats a pattern with a number and a name."""
    posts = "".join(
        f'<div class="p"><time datetime="2031-04-09T1{number}:05:00Z">1{number}:05</time>'
        f"{pattern.format(number=number, name=NAMES[number])}</div>"
        for number in NUMBERS
    )
    page = read(f"<!doctype html><title>{TITLE}</title><main><h1>{TITLE}</h1>{posts}</main>")
    texts = [str(each.markdown or each.text).replace("\n\n", " ") for each in page.records]
    authors = [tuple(each.authors or ()) for each in page.records]
    return list(zip([each.headline for each in page.records], texts, authors, strict=True))


@pytest.mark.parametrize("class_name", ["visually-hidden x1", "sr-only", "screen-reader-text"])
def test_a_time_that_is_only_read_aloud_is_no_part_of_the_headline(class_name: str) -> None:
    aloud = f'<span class="{class_name}">, published at 1{{number}}:05 British Summer Time 9 April</span>'
    posts = read_posts(f"<h3><span>Boat {{number}} is in</span>{aloud}</h3><p>It came by noon.</p>")
    assert posts == [(f"Boat {number} is in", "It came by noon.", ()) for number in NUMBERS]


def test_a_time_that_is_read_aloud_before_the_headline_is_no_part_of_it() -> None:
    times = (
        '<span aria-hidden="true">1{number}:05</span><span class="visually-hidden">published at 1{number}:05 BST</span>'
    )
    pattern = f"<h3>{times}<span>Boat {{number}} is in</span></h3><p>It came by noon.</p>"
    posts = "".join(f"<article>{pattern.format(number=number)}</article>" for number in NUMBERS)
    page = read(f"<!doctype html><title>{TITLE}</title><main><h1>{TITLE}</h1>{posts}</main>")
    assert [each.headline for each in page.records] == [f"Boat {number} is in" for number in NUMBERS]


def test_other_text_that_is_only_read_aloud_stays_in_the_headline() -> None:
    posts = read_posts('<h3>Boat {number} <span class="sr-only">of the harbour</span></h3><p>It came by noon.</p>')
    assert posts == [(f"Boat {number} of the harbour", "It came by noon.", ()) for number in NUMBERS]


@pytest.mark.parametrize(
    "furniture",
    [
        '<div><span class="sr-only">Time:</span><span>1h ago</span> <span>(1{number}:05 GMT)</span></div>',
        "<div>Time: 1h ago</div>",
        '<div class="b1"><span>{name}</span></div>',
        '<div class="b1"><div><strong>{name}</strong></div><div>Reporting from the quay</div></div>',
        '<div><p class="b1">By <a href="/x">{name}</a></p><p class="b2">Chief reporter</p></div>',
    ],
)
def test_names_roles_and_labels_above_the_text_are_no_text(furniture: str) -> None:
    posts = read_posts(f"{furniture}<p>Boat {{number}} came by noon.</p>")
    assert [(headline, text) for headline, text, _ in posts] == [
        ("", f"Boat {number} came by noon.") for number in NUMBERS
    ]
    if "{name}" in furniture:
        assert [authors for _, _, authors in posts] == [(name,) for name in NAMES]


@pytest.mark.parametrize(
    "furniture",
    [
        "<div><button><span>Share this post: </span>Send it</button><ul><li>Copy this link</li></ul></div>",
        "<div><span>👍 12</span><span>❤️ {number}</span></div>",
        "<ul><li><a>Compartir en Facebook</a></li></ul>",
        "<div>👍 2{number} 👎 2 Podeli</div>",
        "<div>By {name}</div><div>Dela Gilla (1{number})</div>",
        "<footer><x-share><button>Share</button></x-share><span>Updated at 1{number}.40 GMT</span></footer>",
    ],
)
def test_buttons_and_reactions_below_the_text_are_no_text(furniture: str) -> None:
    posts = read_posts(f"<p>Boat {{number}} came by noon.</p>{furniture}")
    assert [text for _, text, _ in posts] == [f"Boat {number} came by noon." for number in NUMBERS]


@pytest.mark.parametrize("cell", ["td", "th"])
def test_a_cell_that_reads_like_a_control_is_text(cell: str) -> None:
    heads = "".join(f"<{cell}>{head}</{cell}>" for head in ("Party", "Votes", "Share"))
    table = f"<table><tr>{heads}</tr><tr><td>Quay List</td><td>9,411</td><td>39.8%</td></tr></table>"
    posts = read_posts(f"<p>Boat {{number}} came by noon.</p>{table}")
    assert all("| Party | Votes | Share |" in text for _, text, _ in posts)


def test_a_name_and_a_line_below_the_text_stay_in_it() -> None:
    quotation = "<p>Boat {number} came by noon.</p><div><div>{name}</div><div>Captain, for {name}</div></div>"
    posts = read_posts(quotation)
    assert all("Captain, for" in text for _, text, _ in posts)


def test_the_question_of_a_reader_is_text() -> None:
    question = (
        '<blockquote class="comment-x"><p class="comment-content">Who pays?</p><span class="comment-author">Jo</span>'
    )
    [(_, text, authors), *_] = read_posts(f"<h2>A question</h2>{question}</blockquote><p>The town pays.</p>")
    assert [word in text for word in ("Who pays?", "Jo", "The town pays.")] == [True] * 3
    assert authors == ()


def copied(*posts: str, tail: str = "") -> list[tuple[str, str, tuple[str, ...]]]:
    """Return headline, text and authors of the posts of a copied page, each in a paragraph of its own."""
    page = read("\n\n".join([TITLE, *posts, *filter(None, [tail])]), "page.txt")
    return [(each.headline, str(each.text), tuple(each.authors or ())) for each in page.records]


POSTS = [f"1{number}:05 Boat {number} came by noon." for number in NUMBERS]
TEXTS = [("", f"Boat {number} came by noon.", ()) for number in NUMBERS]


@pytest.mark.parametrize("tail", ["Nos chaînes\nQui sommes-nous ?", "Рассылка\nО проекте", "Shop\nContact us\nCareers"])
def test_links_copied_from_below_the_last_post_are_no_text(tail: str) -> None:
    assert copied(*POSTS, tail=tail) == TEXTS


@pytest.mark.parametrize("tail", ["Holm two\nWeide one", "Contact the harbour.\nIt is open."])
def test_short_lines_at_the_end_that_name_no_page_stay_text(tail: str) -> None:
    assert copied(*POSTS, tail=tail)[-1][1].endswith(tail)


def test_a_line_is_text_if_the_other_posts_have_only_text() -> None:
    posts = copied(*POSTS, "14:10 That is all. Goodbye!", "14:20 What we know:\n\nThe boat is in.")
    assert posts[4:] == [("", "That is all. Goodbye!", ()), ("", "What we know:\n\nThe boat is in.", ())]


def test_names_below_the_times_are_authors() -> None:
    posts = [f"1{number}:05\n{NAMES[number]}\nBoat {number} is in\nIt came by noon." for number in NUMBERS]
    assert copied(*posts) == [(f"Boat {number} is in", "It came by noon.", (NAMES[number],)) for number in NUMBERS]


def test_headlines_of_two_words_that_do_not_recur_are_no_authors() -> None:
    posts = [f"1{number}:05\nBoat Nr{number}\nIt came by noon.\nThen it left." for number in NUMBERS]
    assert [headline for headline, _, _ in copied(*posts)] == [f"Boat Nr{number}" for number in NUMBERS]


def test_a_label_and_its_link_are_one_line() -> None:
    link = "<div><b>Читайте також:</b> <a href='/x'>Як підготуватися</a></div>"
    posts = read_posts(f"<p>Boat {{number}} came by noon.</p>{link}")
    assert [text for _, text, _ in posts] == [f"Boat {number} came by noon." for number in NUMBERS]


def test_a_control_below_the_names_of_authors_is_no_text() -> None:
    posts = "".join(
        f'<section class="p"><h2>Boat {number} is in</h2><p>It came by noon.</p><div class="foot"><span class="who">'
        f'{name}</span> <span class="when">9 April 2031 1{number}:05</span> <a href="#">Ceangal a chóipeáil</a></div>'
        "</section>"
        for number, name in zip(NUMBERS, NAMES, strict=True)
    )
    page = read(f"<!doctype html><title>{TITLE}</title><main><h1>{TITLE}</h1>{posts}</main>")
    assert [(each.headline, str(each.markdown or each.text), each.authors) for each in page.records] == [
        (f"Boat {number} is in", "It came by noon.", (name,)) for number, name in zip(NUMBERS, NAMES, strict=True)
    ]


@pytest.mark.parametrize("box", ["Opening hours: Mon–Fri 9:00–16:00", "Ufficio: lun–ven 9:00–16:00"])
def test_a_box_below_posts_without_elements_is_no_text(box: str) -> None:
    posts = "".join(f"<dt>1{number}:05</dt><dd>Boat {number} came by noon.</dd>" for number in NUMBERS)
    below = f"<div id='below'><p>{box}</p><p>© Quay 2031.</p></div>"
    html = f"<!doctype html><title>{TITLE}</title><h1>{TITLE}</h1><dl>{posts}</dl>{below}"
    assert [each.text for each in read(html).records] == [f"Boat {number} came by noon." for number in NUMBERS]


def test_a_sentence_in_a_box_below_the_last_post_stays() -> None:
    posts = "".join(f"<p>1{number}:05 GMT</p><p>Boat {number} came by noon.</p>" for number in NUMBERS)
    html = f"<!doctype html><title>{TITLE}</title><h1>{TITLE}</h1>{posts}<div class='note'><p>All are safe.</p></div>"
    assert read(html).records[-1].text == "Boat 3 came by noon.\n\nAll are safe."
