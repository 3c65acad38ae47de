"""`daybook parse`: what it prints where, and every refusal with its message."""

import datetime as dt
import json
from pathlib import Path

import pytest
from paths import FIXTURES

from daybook.cli import main
from daybook.core.errors import ArchiveError
from daybook.core.record import load_record
from daybook.parse import parse
from daybook.parse.base.page import Hints
from daybook.parse.input_files import load_hints, read_hints
from daybook.parse.text.classify import BoilerplateRule, boilerplate_rules

HARBOUR = FIXTURES / "pages" / "harbour.txt"
POST = b"\n\n1329 GMT Headline\n\nBody.\n"

REFUSED = [
    (b"T" + POST, {}, "p: the page has no date that can be read without doubt; set DATE=YYYY-MM-DD"),
    (
        b"T\n\nFriday, June 3, 2023" + POST,
        {},
        "p:3: 'Friday, June 3, 2023' says Friday, but 2023-06-03 is a Saturday; correct the page",
    ),
    (
        b"T\n\nJune 31, 2023" + POST,
        {},
        "p:3: the date 'June 31, 2023' does not exist; correct it",
    ),
    (
        b"T\n\n2 June 2023" + POST,
        {"date": "2023-06-03"},
        "p:3: the page says 2023-06-02, but DATE= says 2023-06-03; correct one of them",
    ),
    (b"T\n\nFriday, 2 June" + POST, {}, "p:3: 'Friday, 2 June' has no year; set DATE=YYYY-MM-DD"),
    (
        b"T\n\n2 June 2023\n\n9h05 - Headline\n\nBody.\n",
        {},
        "p:5: the page's times have no time zone; set ZONE=, such as ZONE=Europe/Kyiv",
    ),
    (
        b"T\n\nCaf\xe9\n",
        {},
        "p:3: byte 0xe9 at offset 6 is not UTF-8; set ENCODING= to the page's encoding, such as windows-1252, "
        "or save it again as UTF-8",
    ),
    (
        "T\né\n".encode() + b"\xe2\x82",
        {},
        "p:3: byte 0xe2 at offset 5 is not UTF-8; the text before it is UTF-8: correct this byte, "
        "or save the page again",
    ),
    (
        b"T\n\nBo\x00dy\n",
        {},
        "p:3: the line contains a NUL; save the page as UTF-8, or set ENCODING=utf-16le if it is UTF-16",
    ),
    (b"T\n" + b"x" * 1_000_001, {}, "p:2: the line has more than 1,000,000 characters; break it into lines"),
    (
        b"%PDF-1.4 1329 GMT",
        {},
        "p: a PDF file: its text has lost its order; save the page as HTML or plain text",
    ),
]

BAD_HINTS = [
    ({"date": "2 June"}, "hint `date`: invalid date '2 June'; write it as 2023-06-02"),
    ({"date": "2023-02-30"}, "hint `date`: the date '2023-02-30' does not exist; correct it"),
    (
        {"zone": "XYZ"},
        "hint `zone`: unknown time zone 'XYZ'; write GMT, CEST, +02:00 or a name such as Europe/Paris",
    ),
    (
        {"format": "pdf"},
        "hint `format`: unknown format 'pdf'; known: text, html, json, jsonld, feed, csv, telegram-html, records",
    ),
    (
        {"url": "javascript:x"},
        "hint `url`: invalid URL 'javascript:x'; "
        "write https://host/… without a user name or password, at most 2,048 characters",
    ),
    (
        {"captured": "today"},
        "hint `captured`: invalid time 'today'; write date, time and UTC offset, as in 2023-06-02T13:29:00Z",
    ),
    (
        {"encoding": "hex"},
        "hint `encoding`: unknown encoding 'hex'; write a name such as utf-8, windows-1252 or shift_jis",
    ),
    ({"zone": 1}, "hint `zone`: not text; put it in quotes"),
    ({"day": "1"}, "unknown hint 'day'; known: date, zone, url, outlet, captured, format, encoding"),
]


@pytest.mark.parametrize(("data", "hints", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_page_is_refused_with_its_cure(data: bytes, hints: dict[str, str], message: str) -> None:
    with pytest.raises(ArchiveError) as refusal:
        parse(data, read_hints(hints), "p")
    assert str(refusal.value) == message


@pytest.mark.parametrize(("values", "message"), BAD_HINTS, ids=lambda value: str(value)[:40])
def test_a_bad_hint_is_named(values: dict[str, object], message: str) -> None:
    with pytest.raises(ArchiveError) as refusal:
        read_hints(values)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "line",
    [
        "Friday, June 2, 2023",
        "Fri 2 Jun 2023",
        "2 June 2023",
        "June 2nd, 2023",
        "2023-06-02",
        "02.06.2023",
        "Freitag, 2. Juni 2023",
        "vendredi 2 juin 2023",
        "Published on 2 June 2023 13:29 GMT",
        "FRIDAY, 2 JUNE 2023",
    ],
)
def test_date_lines(line: str) -> None:
    page = parse(f"T\n\n{line}".encode() + POST, Hints(), "p")
    assert page.records[0].at == "2023-06-02T13:29:00Z"


@pytest.mark.parametrize(
    ("stamp", "zone", "at"),
    [
        ("1329 GMT", "Europe/London", "2023-06-02T13:29:00Z"),
        ("12.53am BST", "", "2023-06-02T00:53:00+01:00"),
        ("9h05", "Europe/Paris", "2023-06-02T09:05:00+02:00"),
        ("12.31 Uhr", "CEST", "2023-06-02T12:31:00+02:00"),
        ("1:08PM", "-07:00", "2023-06-02T13:08:00-07:00"),
        ("13:29 IST", "Asia/Kolkata", "2023-06-02T13:29:00+05:30"),
        ("2400 GMT", "", "2023-06-03T00:00:00Z"),
        ("0000 GMT", "", "2023-06-02T00:00:00Z"),
    ],
)
def test_zones(stamp: str, zone: str, at: str) -> None:
    page = parse(f"T\n\n2 June 2023\n\n{stamp} — Headline\n\nBody.".encode(), read_hints({"zone": zone}), "p")
    assert [record.at for record in page.records] == [at]


def test_two_clocks_that_disagree_are_a_problem() -> None:
    page = parse(b"T\n\n2 June 2023\n\n1329 GMT (15:29 EEST) Headline\n\nBody.", Hints(), "p")
    assert str(page.problems[0]) == "p:5: '1329 GMT (15:29 EEST)' contains two different times; correct or delete one"


def test_a_sentence_after_the_stamp_is_body() -> None:
    page = parse(b"T\n\n2 June 2023\n\n1329 GMT The gate is shut.\n\nMore.", Hints(), "p")
    assert (page.records[0].headline, page.records[0].text) == ("", "The gate is shut.\n\nMore.")


@pytest.mark.parametrize("rule", boilerplate_rules(), ids=lambda rule: rule.name)
def test_a_rule_takes_its_examples_and_nothing_else(rule: BoilerplateRule) -> None:
    assert rule.examples
    assert all(rule.matches(text) for text in rule.examples)
    assert not any(rule.matches(text) for text in rule.counterexamples)


def test_hints_beside_a_page(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    (tmp_path / "a.txt.toml").write_text('date = 2023-06-02\nzone = "GMT"\n', encoding="utf-8")
    given = load_hints(page, read_hints({"zone": "CEST"}))
    assert (given.date, given.zone) == (dt.date(2023, 6, 2), "CEST")
    (tmp_path / "a.txt.toml").write_text('place = "Rome"\n', encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"a\.txt\.toml: unknown hint 'place'"):
        load_hints(page, Hints())


def test_the_command_prints_records_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(HARBOUR)]) == 0
    out, err = capfd.readouterr()
    records = [load_record(line) for line in out.splitlines()]
    assert [record.at[11:16] for record in records] == ["14:15", "14:02", "14:02", "06:10", "22:50"]
    assert f"{HARBOUR}: 5 entries" in err


def test_a_refused_page_does_not_keep_the_others_back(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing.txt"
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"T" + POST)
    assert main(["parse", str(bad), str(missing), str(HARBOUR)]) == 1
    out, err = capfd.readouterr()
    assert len([json.loads(line) for line in out.splitlines()]) == 5
    assert f"{bad}: the page has no date that" in err
    assert f"{missing}: No such file or directory" in err
