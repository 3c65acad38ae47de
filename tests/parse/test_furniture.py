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
    ],
)
def test_buttons_and_reactions_below_the_text_are_no_text(furniture: str) -> None:
    posts = read_posts(f"<p>Boat {{number}} came by noon.</p>{furniture}")
    assert [text for _, text, _ in posts] == [f"Boat {number} came by noon." for number in NUMBERS]


def test_a_name_and_a_line_below_the_text_stay_in_it() -> None:
    quotation = "<p>Boat {number} came by noon.</p><div><div>{name}</div><div>Captain of the boat</div></div>"
    posts = read_posts(quotation)
    assert all("Captain of the boat" in text for _, text, _ in posts)


def test_the_question_of_a_reader_is_text() -> None:
    question = (
        '<blockquote class="comment-x"><p class="comment-content">Who pays?</p><span class="comment-author">Jo</span>'
    )
    [(_, text, authors), *_] = read_posts(f"<h2>A question</h2>{question}</blockquote><p>The town pays.</p>")
    assert [word in text for word in ("Who pays?", "Jo", "The town pays.")] == [True] * 3
    assert authors == ()
