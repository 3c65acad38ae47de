"""Test elements among the posts that are no posts: adverts, links to other stories, polls."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import LineRole, ParsedPage
from daybook.parse.input_files import read_hints

NUMBERS = range(4)


def read(box: str, *, is_list: bool = False) -> ParsedPage:
    """Read a page with a box between its posts, in an element like theirs."""
    name = "li" if is_list else "div"
    posts = [
        f'<{name} class="p"><span class="t">1{number}:05</span><p>Boat {number} came in by noon.</p></{name}>'
        for number in NUMBERS
    ]
    posts.insert(2, f'<{name} class="p other">{box}</{name}>')
    text = (
        f'<!doctype html><title>Quay live</title><main><h1>Quay live</h1><div class="f">{"".join(posts)}</div></main>'
    )
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), "page.html")


@pytest.mark.parametrize(
    "box",
    [
        "<span>Advertisement</span>",
        "<span>விளம்பரம்</span><ins></ins>",
        '<h4>Zie ook</h4><a href="/a"><span>19:42</span> Veer vaart niet</a><a href="/b">Brug open in mei</a>',
        '<div>Vaata ka</div><ul><li><a href="/a">Uus sild</a></li><li><a href="/b">Sadam suletud</a></li></ul>',
        '<a href="/a"><h3>Kai öffnet im Mai</h3></a>',
        '<p>Kes on parim?</p><label><input type="radio"> Ida 64%</label><label><input type="radio"> Otto 36%</label>',
        '<form><p>Which boat next?</p><input type="checkbox"><button>Vote</button></form>',
    ],
)
@pytest.mark.parametrize("is_list", [False, True])
def test_a_box_without_a_time_is_no_post(box: str, *, is_list: bool) -> None:
    page = read(box, is_list=is_list)
    assert [each.text for each in page.records] == [f"Boat {number} came in by noon." for number in NUMBERS]
    assert [doubt.kind for doubt in page.doubts] == []
    assert all(line.role is LineRole.BOILERPLATE for line in page.lines if 6 <= line.number < page.lines[-1].number - 3)


@pytest.mark.parametrize(
    "box",
    [
        "<p>The quay stays closed over night.</p>",
        '<p>Pilot Kern has <a href="/a">written about the night on the mole and what she saw</a>.</p>',
        '<h3>The night on the mole</h3><p>A longer text with <a href="/a">a link</a> in it and more words</p>',
        '<figure><img src="a.jpg" alt="Boats at the mole"><figcaption>Boats at the mole</figcaption></figure>',
    ],
)
def test_a_text_without_a_time_stays_with_a_doubt(box: str) -> None:
    page = read(box)
    assert len(page.records) == 5
    assert [doubt.kind for doubt in page.doubts] == ["untimed"]


def test_a_label_that_several_boxes_have_is_no_post() -> None:
    page = read('<span>விளம்பரம்</span></div><div class="p other"><span>விளம்பரம்</span>')
    assert (len(page.records), page.doubts) == (4, ())


def test_a_short_line_without_a_time_stays_with_a_doubt() -> None:
    page = read("<span>விளம்பரம்</span>")
    assert len(page.records) == 5
    assert ["விளம்பரம்" in doubt.text for doubt in page.doubts] == [True]
