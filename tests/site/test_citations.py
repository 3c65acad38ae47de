"""Citations of hostile headlines: reference managers read back what the page says."""

import datetime as dt
import json
import random
import re
from typing import Any

import pytest
from citeproc import Citation as CslCitation
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

from daybook.site.views.citations import Citation, citation_forms, csl_item, divide_name

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
def citations(texts: list[str]) -> dict[str, dict[str, str]]:
    """Return the citations of one entry for each text, which is its headline, an author and the title of its source."""
    found = {}
    for number, text in enumerate(texts, start=1):
        cited = citation(
            id=f"entry-n{number}", title=one_line(text), page=one_line(text), authors=(one_line(text), "Ada")
        )
        found[f"n{number}"] = {form.name: form.text for form in citation_forms(cited)}
    return found


def citation(authors: tuple[str, ...] = (), **fields: object) -> Citation:
    values: dict[str, object] = {
        "id": "entry-2031-04-09-t1329",
        "title": "Third gate closed",
        "authors": tuple(divide_name(name, "en") for name in authors),
        "outlet": "Lamp {& Co}",
        "page": "The flood, live",
        "date": dt.date(2031, 4, 9),
        "time": "13:29 UTC",
        "lang": "en",
        "url": "https://lamp.example/live/1",
        "archive": "The Lenne flood",
        "place": "Day 12",
        "archive_url": "https://flood.example/2031/04/09/t1329/",
        "saved": dt.date(2031, 4, 10),
    }
    return Citation(**{**values, **fields})  # type: ignore[arg-type]


def test_bibtex_gives_back_every_text(citations: dict[str, dict[str, str]], texts: list[str]) -> None:
    other = "@book{own,\n  title = {{My own book}},\n}\n"
    library = parse_string("\n\n".join([*(each["bibtex"] for each in citations.values()), other]), "bibtex")
    assert list(library.entries) == [*(f"entry-{anchor}" for anchor in citations), "own"]
    for number, text in enumerate(texts, start=1):
        entry = library.entries[f"entry-n{number}"]
        assert set(entry.fields) == {"title", "organization", "date", "year", "url", "urldate", "note"}
        title = entry.fields["title"]
        assert title.startswith("{") and title.endswith("}")
        assert from_latex(title[1:-1]) == one_line(text)
        assert from_latex(entry.fields["organization"][1:-1]) == "Lamp {& Co}"
        assert one_line(text) in from_latex(entry.fields["note"])
        assert len(entry.persons["author"]) == 2, "no name is divided at a word or a comma of its own"
        names = [" ".join((*person.last_names, *person.first_names)) for person in entry.persons["author"]]
        assert names[1] == "{Ada}"


def test_no_citation_has_a_control_of_the_writing_direction(citations: dict[str, dict[str, str]]) -> None:
    for forms in citations.values():
        for form, text in forms.items():
            assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text), form


def plain_styles(cited: Citation) -> dict[str, str]:
    return {form.title: form.text for form in citation_forms(cited)}


def test_the_styles_name_the_outlet_first_and_the_archive_as_the_place() -> None:
    forms = plain_styles(citation(("Ada von Lind", "Bo Berg"), outlet="The Courier"))
    via = "Archived in The Lenne flood: https://flood.example/2031/04/09/t1329/"
    source = "https://lamp.example/live/1"
    assert forms["APA"] == f"von Lind, A., & Berg, B. (2031, April 9). Third gate closed. The Courier. {source} {via}"
    assert forms["Chicago"] == (
        f"von Lind, Ada, and Bo Berg. “Third gate closed.” The Courier, April 9, 2031. {source}. {via}"
    )
    assert forms["MLA"] == (
        f"von Lind, Ada, and Bo Berg. “Third gate closed.” The Courier, 9 Apr. 2031, {source}. "
        "The Lenne flood, https://flood.example/2031/04/09/t1329/."
    )
    assert forms["Wikipedia"] == (
        "{{cite web |last1=von Lind |first1=Ada |last2=Berg |first2=Bo |date=2031-04-09 |title=Third gate closed "
        f"|url={source} |website=The Courier |archive-url=https://flood.example/2031/04/09/t1329/ "
        "|archive-date=2031-04-10 |via=The Lenne flood}}"
    )
    assert re.findall(r"^(\w\w)  - ", forms["RIS"], re.M) == [
        *("TY", "AU", "AU", "TI", "T2", "PY", "DA", "LA", "UR", "L2", "DP", "Y2", "N1", "ER"),
    ]


UNUSUAL = {
    "two authors": (
        {"authors": ("Ada von Lind", "Bo Berg")},
        "von Lind, A., & Berg, B. (2031, April 9). Third gate closed. Lamp {& Co}. U A",
        "von Lind, Ada, and Bo Berg. “Third gate closed.” Lamp {& Co}, April 9, 2031. U. A",
        "von Lind, Ada, and Bo Berg. “Third gate closed.” Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "three authors": (
        {"authors": ("Ada von Lind", "Bo Berg", "Cy Dahl")},
        "von Lind, A., Berg, B., & Dahl, C. (2031, April 9). Third gate closed. Lamp {& Co}. U A",
        "von Lind, Ada, Bo Berg, and Cy Dahl. “Third gate closed.” Lamp {& Co}, April 9, 2031. U. A",
        "von Lind, Ada, et al. “Third gate closed.” Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "an office": (
        {"authors": ("Lenne {River} & Lock Board",)},
        "Lenne {River} & Lock Board. (2031, April 9). Third gate closed. Lamp {& Co}. U A",
        "Lenne {River} & Lock Board. “Third gate closed.” Lamp {& Co}, April 9, 2031. U. A",
        "Lenne {River} & Lock Board. “Third gate closed.” Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "the outlet is the author": (
        {"authors": ("Lamp {& Co}",)},
        "Lamp {& Co}. (2031, April 9). Third gate closed. U A",
        "Lamp {& Co}. “Third gate closed.” April 9, 2031. U. A",
        "“Third gate closed.” Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "no author": (
        {},
        "Third gate closed. (2031, April 9). Lamp {& Co}. U A",
        "Lamp {& Co}. “Third gate closed.” April 9, 2031. U. A",
        "“Third gate closed.” Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "quotation marks": (
        {"title": 'Mayor: “not yet”, „gleich“ or "soon"?'},
        'Mayor: “not yet”, „gleich“ or "soon"? (2031, April 9). Lamp {& Co}. U A',
        "Lamp {& Co}. “Mayor: ‘not yet’, ‚gleich‘ or 'soon'?” April 9, 2031. U. A",
        "“Mayor: ‘not yet’, ‚gleich‘ or 'soon'?” Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "no title": (
        {"title": ""},
        "[Live blog entry]. (2031, April 9). Lamp {& Co}. U A",
        "Lamp {& Co}. Live blog entry. April 9, 2031. U. A",
        "Live blog entry. Lamp {& Co}, 9 Apr. 2031, U. F",
    ),
    "no time, outlet or page": (
        {"time": "", "outlet": "", "page": "", "url": "", "saved": None},
        "Third gate closed. (2031, April 9). A",
        "“Third gate closed.” April 9, 2031. A",
        "“Third gate closed.” 9 Apr. 2031. F",
    ),
}


@pytest.mark.parametrize(("fields", "apa", "chicago", "mla"), UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_entries_in_the_styles(fields: dict[str, Any], apa: str, chicago: str, mla: str) -> None:
    forms = plain_styles(citation(**fields))
    place = "https://flood.example/2031/04/09/t1329/"
    archive, own = f"Archived in The Lenne flood: {place}", f"The Lenne flood, {place}."
    for name, text in (("APA", apa), ("Chicago", chicago), ("MLA", mla)):
        shown = re.sub(r"\bU\b", "https://lamp.example/live/1", text)
        assert forms[name] == re.sub("F$", own, re.sub("A$", archive, shown)), name


@pytest.mark.parametrize("fields", [fields for fields, *_ in UNUSUAL.values()], ids=UNUSUAL)
def test_unusual_entries_are_complete_records(fields: dict[str, Any]) -> None:
    cited = citation(**fields)
    forms, title = plain_styles(cited), cited.title or "[Live blog entry]"
    (entry,) = parse_string(forms["BibTeX"], "bibtex").entries.values()
    assert from_latex(entry.fields["title"][1:-1]) == title
    assert len(entry.persons.get("author", ())) == len(cited.authors)
    ris = dict(line.split("  - ", 1) for line in forms["RIS"].splitlines())
    assert (ris["TY"], ris["TI"], ris["DA"], ris["ER"]) == ("ELEC", title, "2031/04/09", "")
    (item,) = json.loads(forms["CSL-JSON"])
    names = [
        " ".join(filter(None, [name.get("given"), name.get("family", name.get("literal"))]))
        for name in item.get("author", [])
    ]
    assert item["title"] == title and names == [author.name for author in cited.authors]
    wikipedia = forms["Wikipedia"]
    assert wikipedia.startswith("{{cite web |") and wikipedia.endswith("}}")
    assert not re.search("[{}]", wikipedia[2:-2]), "no brace of a name ends the template"


def test_wikipedia_gets_no_archive_address_without_its_date() -> None:
    text = plain_styles(citation(saved=None))["Wikipedia"]
    assert "archive-url" not in text and "|url=https://flood.example/2031/04/09/t1329/" in text


def test_a_csl_processor_agrees_on_fifty_cases() -> None:
    """The bundled style of the processor shows the same author, year, title, outlet and address as our APA text."""
    rng = random.Random(18)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    people = ["Ada von Lind", "Bo Berg", "Cy Dahl", "Nordpost newsroom", "Dee van der Oak"]
    for number in range(50):
        title = " ".join(rng.sample(["gate", "flood", "third", "mayor", "Weide", "levee", "boats", "rain"], 4))
        cited = citation(
            tuple(rng.sample(people, rng.randint(1, 2))),
            id=f"e{number}",
            title=title,
            outlet=rng.choice(["The Courier", "Radio Aller"]),
            date=dt.date(2031, rng.randint(1, 12), rng.randint(1, 28)),
            url=f"https://lamp.example/{number}",
        )
        item = csl_item(cited)
        bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
        bibliography.register(CslCitation([CitationItem(item["id"])]))
        shown, ours = str(bibliography.bibliography()[0]), plain_styles(cited)["APA"]
        for part in (*(author.family for author in cited.authors), str(cited.date.year), title, cited.url):
            assert part.lower() in shown.lower() and part in ours
