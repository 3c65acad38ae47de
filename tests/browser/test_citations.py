"""Citations of hostile headlines: reference managers read back what the page says."""

import datetime as dt
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import build_site
from catalogs import write_day_files
from playwright.sync_api import Page
from pybtex.database import parse_string

from daybook.core.config import BuildPaths
from daybook.core.model import Day, DaySource, Entry

HEADLINES = [
    "Gate } shut",
    "Gate { shut",
    "}{",
    "The lamp :-} or :-{",
    "\\",
    "ends with \\",
    "\\} \\{ \\\\",
    "100 % & #1 $5 a_b ~x ^2",
    '"quoted" ‘and’ “more”',
    "@online{x, title = {y}}",
    "}},\n title = {{another",
    "Київ, Größe, 水门, مرحبا, ﬁ, e\u0301, 😀",
    "right\u202e to left \u2067and\u200f more\u061c",
    "a, b and c and others",
    "% the rest is a comment",
]
LATEX = {
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbraceleft": "{",
    "textbraceright": "}",
}
CITE_ALL = """() => [...document.querySelectorAll("#entries article")].map((article) => {
  article.querySelector(".quote").click();
  const forms = [...document.querySelectorAll("#cite pre")].map((pre) => [pre.dataset.form, pre.textContent]);
  document.getElementById("cite").close();
  return [article.id, Object.fromEntries(forms)];
})"""


def headlines(count: int) -> list[str]:
    chance = random.Random(5)
    pieces = [*"{}\\%&#_~^$\"'@=,", "{}", "\\{", "\\}", "lamp ", " and ", "é", "水", "``", "--", "\u202e", "\u2069"]
    return [*HEADLINES, *("x" + "".join(chance.choices(pieces, k=chance.randint(1, 12))) for _ in range(count))]


def one_line(text: str) -> str:
    """Return a text as a citation has it."""
    return " ".join(re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text).split())


def from_latex(text: str) -> str:
    """Return the characters that LaTeX prints, with a table of its own."""
    text = re.sub(r"\\(text[a-z]+)\{\}", lambda match: f"\0{ord(LATEX[match[1]])}\0", text)
    text = re.sub(r"\\([#$%&_])", r"\1", text)
    assert not re.search(r"[\\{}]", text)
    return re.sub("\0([0-9]+)\0", lambda match: chr(int(match[1])), text)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [" ".join(text.split()) for text in headlines(120)]


@pytest.fixture(scope="module")
def citations(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str], browser: object, texts: list[str]
) -> dict[str, dict[str, str]]:
    """Return the citations of one entry for each text, which is its headline, its author and its source's title."""
    root = tmp_path_factory.mktemp("citations")
    date = dt.date(2031, 4, 9)
    keys = [f"s{number}" for number in range(1, len(texts) + 1)]
    entries = tuple(
        Entry(anchor=f"n{number}", headline=text, body="It burns.", authors=(text, "Ada"), sources=(f"s{number}",))
        for number, text in enumerate(texts, start=1)
    )
    sources = tuple(DaySource(key=key, title=text, date=date) for key, text in zip(keys, texts, strict=True))
    write_day_files(root / "content", [Day(date=date, title="Harbour", entries=entries, sources=sources)])
    (root / "conf.py").write_text('SITENAME = "Lamp {& Co}"\nFIRST_DAY = "2031-04-08"\n')
    site, cache = root / "site", root / "cache"
    build_site(BuildPaths(content=root / "content", output=site, conf=root / "conf.py", cache=cache))
    page: Page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(f"{serve(site)}2031/04/09/")
    found = dict(page.evaluate(CITE_ALL))
    page.close()
    assert len(found) == len(texts)
    return found


def test_bibtex_gives_back_every_text(citations: dict[str, dict[str, str]], texts: list[str]) -> None:
    other = "@book{own,\n  title = {{My own book}},\n}\n"
    library = parse_string("\n\n".join([*(each["bibtex"] for each in citations.values()), other]), "bibtex")
    assert list(library.entries) == [*(f"entry-2031-04-09-{anchor}" for anchor in citations), "own"]
    for number, text in enumerate(texts, start=1):
        entry = library.entries[f"entry-2031-04-09-n{number}"]
        assert [name for name in entry.fields if name not in ("title", "organization", "date", "url", "urldate")] == [
            "note"
        ]
        title = entry.fields["title"]
        assert title.startswith("{") and title.endswith("}")
        assert from_latex(title[1:-1]) == one_line(text)
        assert from_latex(entry.fields["organization"][1:-1]) == "Lamp {& Co}"
        assert one_line(text) in from_latex(entry.fields["note"])
        authors = [" ".join(person.last_names) for person in entry.persons["author"]]
        assert [from_latex(author[1:-1]) for author in authors] == [one_line(text), "Ada"]


def test_no_citation_has_a_control_of_the_writing_direction(citations: dict[str, dict[str, str]]) -> None:
    for forms in citations.values():
        for form, text in forms.items():
            assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text), form
