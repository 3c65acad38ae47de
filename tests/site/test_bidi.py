"""Controls of the writing direction in content cannot turn text of the interface, or of other content."""

import datetime as dt
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from builds import build_site
from catalogs import write_day_files
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from daybook.core.config import BuildPaths
from daybook.core.model import Day, DaySource, Entry, Wording
from daybook.core.text import balance_bidi, isolate_bidi
from daybook.site.views.i18n import bdi_element
from harden.attack_site import build_attack_site

CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
CONTROL = re.compile(f"[{CONTROLS}]")
PAIRS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
PAIRS |= {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
# Elements that are lines of their own, or groups of them: the direction of one does not reach into another.
BLOCKS = {
    *(
        "html",
        "head",
        "body",
        "header",
        "footer",
        "main",
        "nav",
        "section",
        "article",
        "aside",
        "div",
        "search",
        "form",
    ),
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "details"),
    *("summary", "blockquote", "pre", "table", "caption", "thead", "tbody", "tr", "th", "td", "dialog", "template"),
    *("select", "option", "optgroup", "button", "title", "svg", "noscript", "hr"),
}
# A line with nothing but content: hostile strings, each from its mark to its end or to where a headline is cut, and the
# words that `attack_site` puts around them in a body.
_STRING = r"⟦[^⟦⟧]*(?:⟧|…|(?=⟦)|\Z)"
OWN_LINE = re.compile(
    rf"(?:(?:{_STRING}|[0-9]+ of {_STRING}|markdown link \[[0-9]+\]\({_STRING}\)|html link(?: [0-9]+)?)\s*)+"
)

SINGLE = re.compile(_STRING)


def is_balanced(text: str) -> bool:
    """Check that each control which opens is closed, inner ones first, by a rule that is not the code's."""
    marks = "".join(character for character in text if character in PAIRS or character in PAIRS.values())
    while True:
        shorter = re.sub("[\u202a\u202b\u202d\u202e]\u202c|[\u2066-\u2068]\u2069", "", marks)
        if shorter == marks:
            return not marks
        marks = shorter


@given(st.text(CONTROLS + "ab "))
def test_balanced_text_is_closed_and_keeps_its_letters(text: str) -> None:
    balanced = balance_bidi(text)
    assert is_balanced(balanced)
    assert CONTROL.sub("", balanced) == CONTROL.sub("", text)
    assert balance_bidi(balanced) == balanced
    if is_balanced(text):
        assert balanced == text


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("a\u202eb", "a\u202eb\u202c"),
        ("a\u2069b\u202c", "ab"),
        ("\u2067a\u202eb\u2069c", "\u2067a\u202eb\u202c\u2069c"),
        ("\u202ea\u2067b\u202cc", "\u202ea\u2067bc\u2069\u202c"),
        ("a\u200fb\u061c", "a\u200fb\u061c"),
        ("no controls", "no controls"),
    ],
)
def test_what_is_added_and_removed(text: str, balanced: str) -> None:
    assert balance_bidi(text) == balanced


def test_only_text_that_could_reorder_its_line_gets_an_element() -> None:
    assert str(bdi_element("Rain & wind")) == "Rain & wind"
    assert str(bdi_element("<\u202eRain")) == "<bdi>&lt;\u202eRain\u202c</bdi>"
    assert str(bdi_element("مطر")) == "<bdi>مطر</bdi>"
    assert bdi_element(2031) == 2031
    assert isolate_bidi("Rain") == "Rain"
    assert isolate_bidi("Rain\u200f") == "\u2068Rain\u200f\u2069"


def hostile_strings() -> list[str]:
    """Return strings with one or more controls, each between marks."""
    bodies = [f"lamp {control} gate" for control in CONTROLS]
    bodies += ["\u202elamp", "lamp\u2069\u2069\u202e", "\u2067\u202elamp\u2069 gate\u202c\u202c", "\u2069\u2066"]
    bodies += [f"{'a long lamp ' * 9}\u202e{'and gate ' * 9}", f"\u202e{'a long lamp ' * 9}\u202c and gate"]
    return [f"⟦{body}⟧" for body in bodies]


DATE = dt.date(2032, 1, 2)


def typed_day(text: str) -> Day:
    """Return a day as a person types it, in the language of the archive, with a string in fields that no page fills."""
    source = DaySource(
        key="s1", title=text, outlet=text, url="https://a.example/", captured=text, sha256=text, date=DATE
    )
    former = Wording(headline=text, body=text, sources=("s1",))
    entries = (
        Entry(anchor="n1", headline=text, body=text, authors=(text, "Ada"), sources=("s1",), revisions=(former,)),
        Entry(anchor="n2", body=f"{text}\n\nIt burns.", topics=("+typed", "+t1"), key=True),
    )
    return Day(date=DATE, title=text, lede=text, sources=(source,), entries=entries)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the archive of attacks, then again with a day that a person typed and a topic with a former address."""
    folder, strings = tmp_path_factory.mktemp("bidi"), hostile_strings()
    build_attack_site(strings, folder)
    write_day_files(folder / "content", [typed_day(strings[4])])
    name, alias = json.dumps(strings[4]), json.dumps(f"lamp {strings[4]}")
    topic = f'---\nname: {name}\naliases: [{alias}]\nformer: ["lamps"]\n---\n\n{strings[4]}\n'
    (folder / "content" / "topics" / "typed.md").write_text(topic)
    paths = BuildPaths(
        content=folder / "content", output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
    )
    build_site(paths)
    return paths.output


def line_of(node: NavigableString) -> Tag:
    """Return the element that is the line of a text: an element that isolates, else the nearest block."""
    return next(each for each in node.parents if each.name in BLOCKS or each.name == "bdi" or each.get("dir"))


def text_of_line(line: Tag) -> str:
    """Return the text that stands directly in a line, without that of isolating elements and blocks in it."""
    return "".join(str(node) for node in line.find_all(string=True) if line_of(node) is line)


def is_body(line: Tag) -> bool:
    """Tell whether a line can be a paragraph of an entry's body, in which all is content."""
    return line.name in ("p", "li", "blockquote", "div") and not line.get("class") and not line.find("cite")


def faults_of_page(html: str) -> list[str]:
    """Return the lines and attributes of a page in which a control is not isolated."""
    faults = []
    soup = BeautifulSoup(html, "lxml")
    for node in soup.find_all(string=CONTROL):
        if isinstance(node, Comment) or node.parent.name in ("script", "style"):
            continue
        line = line_of(node)
        if line.name == "bdi":
            if not is_balanced(line.get_text()):
                faults.append(str(line))
        elif line.name == "title":
            faults += faults_of_attribute(str(node))
        elif not (OWN_LINE if is_body(line) else SINGLE).fullmatch(text_of_line(line).strip()):
            faults.append(f"<{line.name}>{text_of_line(line).strip()}")
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            if name not in ("href", "lang", "id", "data-outlet"):  # scripts compare the last with addresses
                faults += faults_of_attribute(value if isinstance(value, str) else " ".join(value))
    return faults


def faults_of_attribute(value: str) -> list[str]:
    """Return the value of an attribute or a title if a control in it is outside a balanced isolate; [] if not."""
    if not CONTROL.search(value) or value.startswith("http"):
        return []
    inner = re.sub(
        "\u2068[^\u2066-\u2069]*(?:[\u2066-\u2068][^\u2066-\u2069]*\u2069[^\u2066-\u2069]*)*\u2069", "", value
    )
    return [value] if CONTROL.search(inner) or not is_balanced(value) else []


def test_no_page_lets_a_control_out_of_its_element(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    faults = {page.relative_to(site).as_posix(): faults_of_page(page.read_text()) for page in pages}
    assert len(pages) >= 50
    assert sum(bool(CONTROL.search(page.read_text())) for page in pages) > 30
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_title_of_a_feed_lets_a_control_out(site: Path) -> None:
    feeds = [*sorted(site.rglob("*atom.xml")), *sorted(site.rglob("*feed.json")), site / "feeds" / "all.json"]
    found = 0
    for feed in feeds:
        if feed.suffix == ".xml":
            names = {"title", "name"}
            texts = [e.text or "" for e in ET.fromstring(feed.read_bytes()).iter() if e.tag.rpartition("}")[2] in names]
        else:
            data = json.loads(feed.read_bytes())
            texts = [data["title"], *(item.get("title", "") for item in data["items"])]
            texts += [author["name"] for item in data["items"] for author in item.get("authors", [])]
            texts += [tag for item in data["items"] for tag in item.get("tags", [])]
        found += sum(bool(CONTROL.search(text)) for text in texts)
        assert [fault for text in texts for fault in faults_of_attribute(text)] == [], feed
    assert found > 100


def test_search_shows_no_control_beside_its_own_text(page: Page, site: Path) -> None:
    page.goto((site / "search/index.html").as_uri() + "?q=lamp~1+l\u202eamps&sort=newest&from=2031-01-01")
    expect(page.locator(".results > li").first).to_be_visible()
    expect(page.locator(".facets button").first).to_be_visible()
    for place in (".results .snippet", ".results h2", ".results .topics", ".notes", ".status", ".facets"):
        for text in page.locator(place).all_text_contents():
            assert not CONTROL.search(text), place
    assert "lamp" in " ".join(page.locator(".facets").all_text_contents())


def test_data_keep_the_text_as_it_is(site: Path) -> None:
    rows = [json.loads(row) for row in (site / "data" / "2031.jsonl").read_text().splitlines()]
    assert set(hostile_strings()) <= {row.get("headline") for row in rows}


@pytest.mark.parametrize(
    "html",
    [
        "<p>Source: ⟦\u202eb⟧</p>",
        "<p><bdi>⟦\u202eb⟧</bdi></p>",
        "<p>Source: <b>⟦b\u200f⟧</b></p>",
        "<title>⟦\u202eb\u202c⟧ – Lamp</title>",
        '<p title="by ⟦\u202eb\u202c⟧">x</p>',
        "<p><bdi>a</bdi>: <i>⟦b\u2069⟧</i></p>",
        "<dd><a>⟦b\u2069⟧</a> <a>⟦b\u2069⟧</a></dd>",
    ],
)
def test_the_check_finds_a_control_that_is_not_isolated(html: str) -> None:
    assert faults_of_page(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Source: <bdi>⟦\u202eb\u202c⟧</bdi></p>",
        "<h2><a>⟦\u202eb⟧</a></h2>",
        "<title>\u2068⟦\u202eb\u202c⟧\u2069 – Lamp</title>",
    ],
)
def test_the_check_accepts_what_is_isolated(html: str) -> None:
    assert not faults_of_page(html)
