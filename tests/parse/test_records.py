"""Files of JSON records: the same content through RECORDS= and among pages, plain and gzipped."""

import gzip
import json
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.decode import MAX_LINES
from daybook.parse.base.page import Hints
from daybook.parse.input_files import ParsedFile, parse_files, read_record_files

LINES = [
    json.dumps({"at": f"2031-04-09T10:{minute:02}:00Z", "headline": f"Gate {minute}", "text": "It was closed.\n" * 9})
    for minute in range(60)
]
PLAIN = "\n".join(LINES).encode()
BOM = b"\xef\xbb\xbf"
FORMS = {
    "plain": PLAIN,
    "gzip": gzip.compress(PLAIN),
    "two gzip members": gzip.compress(PLAIN[:1000]) + gzip.compress(PLAIN[1000:]),
    "byte order mark": BOM + PLAIN,
    "gzip with a byte order mark": gzip.compress(BOM + PLAIN),
    "blank lines": PLAIN.replace(b"\n", b"\r\n\r\n"),
}


def read(path: Path, data: bytes) -> ParsedFile:
    path.write_bytes(data)
    (parsed,) = read_record_files([str(path)])
    return parsed


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_give_the_same_records_through_both_readers(tmp_path: Path, form: str) -> None:
    parsed = read(tmp_path / "entries", FORMS[form])
    (among_pages,) = parse_files([str(tmp_path / "entries")], Hints())
    assert [record.headline for record in parsed.records] == [f"Gate {minute}" for minute in range(60)]
    assert among_pages.records == parsed.records
    assert (parsed.problems, among_pages.problems) == ((), ())


def test_gzipped_records_are_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(gzip.compress(PLAIN))))
    (parsed,) = read_record_files(["-"])
    assert (parsed.name, len(parsed.records)) == ("-", 60)


@pytest.mark.parametrize("invalid", [b"entry", b'{"at": "2031-04-09T10:00:00Z", "text": "\xff"}'])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_an_invalid_line_is_a_problem_and_the_others_are_read(
    tmp_path: Path, invalid: bytes, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "entries.jsonl.gz"
    parsed = read(path, pack(b"\n".join([LINES[0].encode(), b"", invalid, LINES[1].encode()])))
    (among_pages,) = parse_files([str(path)], Hints())
    for result in (parsed, among_pages):
        assert [record.headline for record in result.records] == ["Gate 0", "Gate 1"]
        assert [(problem.path, problem.line) for problem in result.problems] == [(str(path), 3)]
        assert "invalid record" in str(result.problems[0])
        assert result.not_understood == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gzip.compress(PLAIN)[:-9], "the compressed file is truncated; copy or download it again"),
        (gzip.compress(gzip.compress(PLAIN)), "the file is compressed twice; unpack it once"),
        (gzip.compress(b" " * 2_000_000), "unpacks to more than 1,000,000 bytes"),
        (gzip.compress(PLAIN) + b"more", "other data after the compressed page"),
    ],
    ids=["truncated", "twice", "bomb", "other data"],
)
def test_a_file_that_cannot_be_unpacked_is_refused_and_the_next_is_read(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "bad").write_bytes(data)
    (tmp_path / "good").write_bytes(PLAIN)
    names = [str(tmp_path / name) for name in ("bad", "absent", "good")]
    bad, absent, good = read_record_files(names)
    assert str(bad.problems[0]).startswith(f"{tmp_path / 'bad'}: ") and message in str(bad.problems[0])
    assert str(absent.problems[0]) == f"{tmp_path / 'absent'}: No such file or directory"
    assert not bad.records + absent.records
    assert len(good.records) == 60


def test_the_number_of_lines_is_limited_only_among_pages(tmp_path: Path) -> None:
    data = LINES[0].encode() + b"\n" * (MAX_LINES + 1) + LINES[1].encode()
    assert len(read(tmp_path / "entries.jsonl", data).records) == 2
    with pytest.raises(ArchiveError, match=f"more than {MAX_LINES:,} lines"):
        parse(data, Hints(), "entries.jsonl")


def test_a_page_that_is_given_as_records_is_one_error(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html>\n<p>Fog</p>\n" * 50)
    (parsed,) = read_record_files([str(page)])
    assert [str(problem) for problem in parsed.problems] == [
        f"{page}:1: no line is a JSON object, so this is not a file of records; name a saved page with PAGES="
    ]
