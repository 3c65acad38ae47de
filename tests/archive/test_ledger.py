"""The ledger of a page: every line of the page is in it, and it depends on nothing but the page."""

import os
from pathlib import Path

import pytest
from paths import FIXTURES

from daybook.archive.ingest import dump_ledger, ledger_path
from daybook.commands.ingest import page_report
from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import Hints
from daybook.parse.input_files import parse_files

PAGE = FIXTURES / "golden" / "pages.txt"


def test_every_line_is_in_the_ledger() -> None:
    data = PAGE.read_bytes() + b"\nWhat is this line?\n"
    page = parse(data, Hints(), "saved/pages.txt")
    ledger = dump_ledger(page)
    rows = ledger.splitlines()
    assert rows[0] == "page: pages.txt"
    assert "not understood: What is this line?" in rows[-1]
    numbers: set[int] = set()
    for row in rows[3:]:
        first, _, last = row.split()[0].partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    filled = {number for number, line in enumerate(data.decode().split("\n"), 1) if line.strip()}
    assert filled <= numbers
    assert ledger == dump_ledger(parse(data, Hints(), "elsewhere/pages.txt"))


def test_the_file_name_is_the_day_of_the_live_blog_and_the_digest_of_the_page() -> None:
    page = parse(PAGE.read_bytes(), Hints(), "pages.txt")
    path = ledger_path(Path("content"), page)
    assert path is not None
    assert path.parent == Path("content/ledger")
    assert path.name.startswith("2031-04-09-")


def test_a_page_without_entries_has_no_ledger() -> None:
    page = parse(b"A title\n\nFriday, June 2, 2023\n\nNo entry here.\n", Hints(), "x.txt")
    assert ledger_path(Path("content"), page) is None


@pytest.mark.parametrize("name", [b"a\x1b[31m.txt", b"a\npage: b.txt", b"\xff.txt", "a\u202etxt.b".encode()])
def test_the_name_of_a_saved_file_is_printed_on_one_line(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"Harbour live\n\nApril 9, 2031\n\n1329 GMT Rain\n\nIt rained on the quay all day.\n")
    (parsed,) = parse_files([str(tmp_path)], Hints())
    assert parsed.page
    for text in (
        *page_report(parsed.page),
        *dump_ledger(parsed.page).splitlines(),
        str(ArchiveError("x", path=path)),
    ):
        assert text.isprintable()
        text.encode()
    assert sum(row.startswith("page: ") for row in dump_ledger(parsed.page).splitlines()) == 1
