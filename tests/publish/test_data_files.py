"""Data files of a site, read with standard programs."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from msgspec.structs import replace
from published import Archive, make_archive

from daybook.archive.dataset import (
    COLUMNS,
    DatasetRow,
    csv_record,
    csv_with_url,
    jsonl_line,
    jsonl_with_url,
    load_jsonl,
)
from daybook.cli import main
from daybook.core.record import Record, load_record

ADDED_FIELDS = {*(column.name for column in COLUMNS), "other_sources"} - set(Record.__struct_fields__)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    with pytest.MonkeyPatch.context() as monkeypatch:
        built = make_archive(tmp_path_factory.mktemp("data"), monkeypatch)
        assert main(["build"]) == 0
        return built


def rows(archive: Archive) -> list[dict[str, object]]:
    lines = (archive.site / "data" / "2031.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def as_record(row: dict[str, object]) -> dict[str, object]:
    """Return the part of a row that is a record."""
    is_timed = row["at"] is not None
    left_out = {*ADDED_FIELDS, *(["date"] if is_timed else [])}
    return {name: value for name, value in row.items() if value is not None and name not in left_out}


def test_line_is_a_record_with_address_and_day(archive: Archive) -> None:
    found = rows(archive)
    addresses = ["2031/04/08/#t0915", "2031/04/08/#t2240", "2031/04/09/#n1", "2031/05/02/#t0600"]
    assert [row["address"] for row in found] == addresses
    assert [row["day"] for row in found] == [3, 3, 4, 27]
    assert found[1]["at"] == "2031-04-08T22:40:30Z" and found[1]["key"] is True and found[1]["headline"] is None
    assert found[2]["date"] == "2031-04-09" and found[2]["at"] is None and found[0]["date"] == "2031-04-08"
    assert found[0]["url"] == "https://example.org/their-repo/2031/04/08/#t0915"
    assert all(set(row) >= {column.name for column in COLUMNS} for row in found), "every line has every column"
    for row in found:
        record = load_record(json.dumps(as_record(row)))
        assert record.text == row["text"]


def test_archive_can_be_rebuilt_from_the_lines(archive: Archive, tmp_path: Path) -> None:
    rebuilt = Archive(tmp_path)
    (tmp_path / "records.jsonl").write_text("".join(json.dumps(as_record(row)) + "\n" for row in rows(archive)))
    rebuilt.ingest(tmp_path / "records.jsonl")
    names = [path.name for path in sorted((rebuilt.content / "days").rglob("*.md"))]
    assert names == ["2031-04-08.md", "2031-04-09.md", "2031-05-02.md"]
    one, other = (path.content / "days" / "2031" / "2031-04-08.md" for path in (archive, rebuilt))
    body = one.read_text().partition("\n## ")[2].partition("[topics]")[0]
    assert body and body == other.read_text().partition("\n## ")[2].partition("[topics]")[0]


def test_csv_has_the_same_values(archive: Archive) -> None:
    with (archive.site / "data" / "2031.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, strict=True))
    assert list(table[0]) == [field.name for field in COLUMNS]
    for row, cells in zip(rows(archive), table, strict=True):
        assert cells["text"] == row["text"] and cells["address"] == row["address"] and cells["url"] == row["url"]
        assert cells["day"] == str(row["day"]) and cells["topics"].split() == row.get("topics", [])
    assert table[1]["authors"] == "Ada Quay; Bo Pier" and table[1]["key"] == "1" and table[1]["id"] == "post-7"
    assert table[2]["at"] == "" and table[2]["date"] == "2031-04-09" and table[2]["sources"] == "0"
    assert table[0]["sha256"] == "1" * 64 and table[0]["outlet"] == "The Example Paper"


def test_a_topic_lists_its_entries_by_day(archive: Archive) -> None:
    home = archive.site / "topics" / "ferry"
    index = json.loads((home / "entries.json").read_text())
    days = index["anchors"].items()
    listed = [f"{date.replace('-', '/')}/#{anchor}" for date, anchors in days for anchor in anchors]
    assert listed == [row["address"] for row in rows(archive) if "ferry" in row.get("topics", [])]  # type: ignore[operator]
    table = json.loads((archive.site / "data" / "topics.json").read_text())
    assert {topic["slug"]: topic["entries"] for topic in table} == {"ferry": 2, "fog": 1, "harbour": 1}


def test_data_page_documents_every_column(archive: Archive) -> None:
    page = archive.page("data")
    for field in COLUMNS:
        assert f"<code>{field.name}</code>" in page
    assert 'href="../data/2031.csv"' in page


def test_sources_page_lists_all_sources(archive: Archive) -> None:
    page = archive.page("sources")
    for fact in (
        "The Example Paper",
        "https://paper.example/8",
        "2031-04-08T20:00:00Z",
        "1" * 64,
        "2 entries",
    ):
        assert fact in page
    assert page.count("<cite>") == 1, "two records of a page have one source"


def test_changes_have_a_page_a_log_and_a_feed(archive: Archive) -> None:
    (line,) = (archive.site / "data" / "changes.jsonl").read_text().splitlines()
    change = json.loads(line)
    assert (change["kind"], change["at"], change["address"]) == (
        "ingested",
        "2031-04-08T20:00:00Z",
        "2031/04/08/",
    )
    feed = ET.parse(archive.site / "feeds" / "changes.atom.xml").getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.findtext(f"{atom}updated") for entry in feed.iter(f"{atom}entry")] == ["2031-04-08T20:00:00Z"]
    assert "Added" in archive.page("changes")


def test_rows_round_trip() -> None:
    row = DatasetRow(address="2031/04/08/#t0915", day=None, date="2031-04-08", text="A “text”\u2028on two lines")
    assert load_jsonl(2 * jsonl_line(row)) == [row, row]
    assert json.loads(jsonl_line(row))["day"] is None


def test_a_line_with_the_url_is_that_of_a_row_with_it() -> None:
    row = DatasetRow(address="2031/04/08/#t0915", day=None, date="2031-04-08", text='Two lines,,\n"quoted", url')
    url = "https://example.org/a,b/2031/04/08/#t0915"
    assert jsonl_with_url(jsonl_line(row), "https://example.org/a,b/{}".format) == jsonl_line(replace(row, url=url))
    assert csv_with_url(csv_record(row), "https://example.org/a,b/{}".format) == csv_record(replace(row, url=url))
