"""Invented pages and their exact parse results: next to each page.txt is a page.txt.json."""

import json
from pathlib import Path
from typing import Any

import pytest
from paths import FIXTURES, ROOT

from daybook.commands.ingest import page_report
from daybook.core.errors import ArchiveError
from daybook.core.record import Record
from daybook.parse import parse
from daybook.parse.base.page import Hints, LineRole, ParsedPage
from daybook.parse.input_files import read_hints

PAGES = FIXTURES / "pages"
PAGE_FILES = sorted(path for path in PAGES.iterdir() if path.suffix in (".txt", ".html", ".jsonld"))
SEED = ROOT.parent / "shared" / "seed"


def summary(page: ParsedPage) -> dict[str, Any]:
    """Convert a page to the structure of the expected results, without empty values."""
    found: dict[str, Any] = {}
    if page.records and page.records[0].source:
        source = page.records[0].source
        captions = [{"text": each.text, "credit": each.credit} for each in source.captions]
        found = {
            "title": source.title,
            "standfirst": source.standfirst,
            "printed_day": source.printed_day,
            "date": str(source.date),
            "lede": list(source.lede),
            "captions": captions,
        }
    lines: dict[str, list[int]] = {}
    for line in page.lines:
        lines.setdefault(line.role.value, []).append(line.number)
    found = {key: value for key, value in found.items() if value}
    found["entries"] = [entry(record) for record in page.records]
    found["lines"] = lines
    found["notes"] = [f"{note.line}: {note.text}" for note in page.notes]
    found["problems"] = [str(problem) for problem in page.problems]
    return found


def entry(record: Record) -> dict[str, Any]:
    """Convert a record to the structure of the expected results."""
    body = {"markdown": record.markdown} if record.markdown else {"text": str(record.text).split("\n\n")}
    extra = {"updated": record.updated, "id": record.id, "authors": list(record.authors), "key": record.key}
    when = {"at": record.at} if record.at else {"date": str(record.date)}
    stated = {"found": record.found and record.found.value, "headline": record.headline}
    return when | stated | body | {name: value for name, value in extra.items() if value}


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.name)
def test_page_is_parsed_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    page = parse(path.read_bytes(), read_hints(expected.pop("hints")), path.name)
    assert summary(page) == expected


def test_every_record_has_the_same_source() -> None:
    data = (PAGES / "harbour.txt").read_bytes()
    page = parse(data, read_hints({"url": "https://example.org/a", "outlet": "Example"}), "harbour.txt")
    sources = {record.source for record in page.records}
    assert len(sources) == 1
    source = sources.pop()
    assert source and (source.url, source.outlet, len(source.sha256)) == (
        "https://example.org/a",
        "Example",
        64,
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_only_the_checksum(end: str) -> None:
    text = (PAGES / "harbour.txt").read_text(encoding="utf-8")
    page = parse(text.replace("\n", end).encode("utf-16"), Hints(), "harbour.txt")
    assert summary(page) == summary(parse(text.encode(), Hints(), "harbour.txt"))


def test_report_names_every_line_that_is_not_an_entry() -> None:
    page = parse((PAGES / "faulty.txt").read_bytes(), Hints(), "faulty.txt")
    report = page_report(page)
    assert report[0] == "faulty.txt: 2 entries, from 2023-06-02T18:30:00Z to 2023-06-02T18:00:00Z"
    assert "faulty.txt: not understood 8 (lines 9, 11, 13, 15, 17, 19, 21, 29)" in report
    assert (
        "faulty.txt:29: not understood (below the end of the entries): "
        "An unexplained sentence stands here, long after the end." in report
    )
    assert "problem: faulty.txt:9: invalid time '2460 GMT'; correct it" in report


def test_report_of_an_article_says_that_it_has_no_entries() -> None:
    page = parse((PAGES / "article.txt").read_bytes(), Hints(), "article.txt")
    assert page_report(page)[0] == "article.txt: 0 entries"
    assert page_report(page)[-1] == "article.txt: note: no entries found: no line starts with a time"


def test_heading_above_a_faulty_stamp_dates_the_next_post() -> None:
    posts = "0900 GMT A\n\nB.\n\nThursday, June 1, 2023\n\n2361 GMT C\n\nD.\n\n0800 GMT E\n\nF."
    text = f"T\n\nJune 2, 2023\n\n{posts}"
    page = parse(text.encode(), Hints(), "p")
    assert [record.at for record in page.records] == ["2023-06-02T09:00:00Z", "2023-06-01T08:00:00Z"]
    assert [problem.line for problem in page.problems] == [11]


def test_empty_page_is_refused_by_name() -> None:
    with pytest.raises(ArchiveError, match=r"^p: an empty file; save the page again$"):
        parse(b" \n", Hints(), "p")


def test_paragraphs_after_a_split_line_keep_their_lines() -> None:
    one_line = " ".join(
        f"{hour}:29 GMT The boat of {hour} o'clock left. {'It was full. ' * 12}" for hour in (13, 12, 11)
    )
    text = f"T\n\n2 June 2023\n\n{one_line}\n\nFog came in.\n\nThe gate was shut\nat noon.\n\nThe end."
    last = parse(text.encode(), Hints(), "p").records[-1]
    assert str(last.text).split("\n\n")[1:] == ["Fog came in.", "The gate was shut\nat noon.", "The end."]


@pytest.mark.skipif(not SEED.is_dir(), reason="needs a page that is not part of the project")
def test_real_page_is_parsed_exactly() -> None:
    expected = json.loads((SEED / "expected.json").read_text(encoding="utf-8"))
    data = (SEED / expected["source"]).read_bytes()
    page = parse(data, Hints(), "seed")
    source = page.records[0].source
    assert source and (source.title, source.standfirst) == (expected["title"], expected["standfirst"])
    assert (source.printed_day, str(source.date)) == (465, "2023-06-02")
    assert list(source.lede) == expected["lede_paragraphs"]
    captions = [(f"{each.text} / Photo: {each.credit}", each.credit) for each in source.captions]
    assert captions == [(each["text"], each["credit"]) for each in expected["captions"]]
    got = [
        (record.at, record.headline, len(str(record.text).split("\n\n")), len(str(record.text).split()))
        for record in page.records
    ]
    assert got == [(e["datetime"], e["headline"], e["paragraphs"], e["words"]) for e in expected["entries"]]
    raw = [line.strip() for line in data.decode().split("\n")]
    paragraphs = [text for record in page.records for text in str(record.text).split("\n\n")]
    assert paragraphs == [raw[line.number - 1] for line in page.lines if line.role is LineRole.ENTRY]
    assert len(paragraphs) == 51
    boilerplate = [line.number for line in page.lines if line.role is LineRole.BOILERPLATE]
    assert boilerplate == [each["line"] for each in expected["boilerplate"]]
    assert not [line for line in page.lines if line.role is LineRole.NOT_UNDERSTOOD]
    assert (page.problems, [note.line for note in page.notes]) == ((), [120, 162])
