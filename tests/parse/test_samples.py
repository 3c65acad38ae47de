"""Real pages, if they are available: counts, instants, headlines and order are as expected."""

import datetime as dt
import json
from typing import Any

import pytest
from paths import ROOT

from daybook.core.record import Record
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

SAMPLES = ROOT.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs pages that are not part of the project")


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / name / "expected.json").read_text(encoding="utf-8"))
    return found


def page(name: str, **hints: object) -> ParsedPage:
    return parse((SAMPLES / name).read_bytes(), read_hints(hints), name)


def at(record: Record) -> dt.datetime:
    return dt.datetime.fromisoformat(record.at)


def body(record: Record) -> str:
    return str(record.markdown or record.text)


def test_posts_in_elements_agree_with_page_data() -> None:
    parsed = page("corkbeo/corkbeo.ie.level.html")
    entries = expected("corkbeo")["entries"]
    assert [(at(record), record.headline) for record in parsed.records] == [
        (dt.datetime.fromisoformat(each["datetime"]), each["headline"]) for each in entries
    ]
    assert [record.key for record in parsed.records] == [each["type"] == "key-event" for each in entries]
    assert [bool(record.updated) for record in parsed.records] == [each["edited"] for each in entries]
    named = [(record.authors[0], each["author"]) for record, each in zip(parsed.records, entries, strict=True)]
    assert all(ours == theirs for ours, theirs in named if theirs != "KEY EVENT")
    lists = [sum(line.startswith("- ") for line in body(record).split("\n")) > 0 for record in parsed.records]
    assert lists == [each["lists"] > 0 for each in entries]
    assert parsed.problems == ()


def test_stamps_in_headings_under_days_without_a_year() -> None:
    parsed = page("nzz-nahost/NZZ_2024_07_18.html")
    entries = expected("nzz-nahost")["entries"]
    assert [(record.at, record.headline, len(body(record).split("\n\n"))) for record in parsed.records] == [
        (each["local"], each["headline"], each["paragraphs"]) for each in entries
    ]
    source = parsed.records[0].source
    assert source and source.title == expected("nzz-nahost")["title"]
    assert source and len(source.captions) == sum(each["figures"] for each in entries)
    hinted = page("nzz-nahost/NZZ_2024_07_18.html", zone="Europe/Zurich")
    assert [record.at for record in hinted.records] == [record.at for record in parsed.records]


def test_blog_on_one_line() -> None:
    wanted = expected("guardian-bushfires")
    parsed = page(f"guardian-bushfires/{wanted['file']}", date="2014-02-09")
    assert [at(record) for record in parsed.records] == [
        dt.datetime.fromisoformat(each["datetime"]) for each in wanted["entries"]
    ]
    for record, each in zip(parsed.records, wanted["entries"], strict=True):
        assert " ".join(body(record).split()).startswith(each["first_words"])
        assert " ".join(body(record).split()).endswith(each["last_words"])
        edited = dt.datetime.fromisoformat(record.updated) if record.updated else None
        assert (edited and f"{edited:%H:%M}") == each.get("edited")
        assert record.headline == ""


def test_html_source_is_not_read_as_text() -> None:
    parsed = page("schemaorg-eg0424/eg-0424.txt", zone="-07:00", date="2015-03-09")
    assert parsed.records == ()
    assert "lines begin with an HTML tag" in parsed.notes[0].text
    wanted = {(at, headline) for at, headline in expected("schemaorg-eg0424")["entries"]}
    forced = page("schemaorg-eg0424/eg-0424.txt", zone="-07:00", format="html")
    assert {(record.at, record.headline) for record in forced.records} == wanted


@pytest.mark.parametrize("name", ["jsonld.html", "microdata.html", "rdfa.html", "pre-markup.html"])
def test_same_event_in_four_markups(name: str) -> None:
    wanted = expected("schemaorg-eg0424")
    parsed = page(f"schemaorg-eg0424/{name}", zone=wanted["zone"])
    found = [[record.at, record.headline] for record in parsed.records]
    assert (found[::-1] if name == "jsonld.html" else found) == wanted["entries"]
