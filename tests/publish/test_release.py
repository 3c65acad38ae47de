"""The release is read by standard programs and has the same bytes each time."""

import csv
import hashlib
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from published import Archive, make_archive

from daybook.archive.dataset import COLUMNS
from daybook.cli import main
from daybook.core.errors import ArchiveError
from daybook.publish.release import SQL_SCHEMA, make_release, other_words


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    with pytest.MonkeyPatch.context() as monkeypatch:
        archive = make_archive(tmp_path_factory.mktemp("release"), monkeypatch)
        assert main(["release"]) == 0
        return archive


@pytest.fixture(scope="module")
def release(archive: Archive) -> Path:
    return archive.root / "release"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_checksums_cover_all_files(release: Path) -> None:
    listed = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    files = contents(release)
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in listed} == listed


def test_second_release_has_the_same_bytes(archive: Archive, release: Path) -> None:
    before = contents(release)
    for path in archive.site.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert make_release(archive.site) == release.resolve()
    assert contents(release) == before


def test_zip_has_the_site_and_works_offline(archive: Archive, release: Path, tmp_path: Path, browser: Browser) -> None:
    with zipfile.ZipFile(release / "site.zip") as bundle:
        assert bundle.testzip() is None
        assert {info.date_time for info in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        bundle.extractall(tmp_path)
    site = {name: data for name, data in contents(archive.site).items() if not name.startswith(".")}
    assert contents(tmp_path / "site") == site
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "site" / "search" / "index.html").as_uri() + "?q=crane")
    page.get_by_role("status").get_by_text("1").first.wait_for()
    page.locator("main a[href*='#t2240']").first.click()
    page.wait_for_url("**/2031/04/08/index.html#t2240")
    assert "The crane stood still." in (page.text_content("main") or "")
    context.close()


def test_database_answers_typical_queries(release: Path) -> None:
    with closing(sqlite3.connect(f"file:{release / 'archive.sqlite'}?mode=ro", uri=True)) as database:
        ask = lambda sql: database.execute(sql).fetchall()  # noqa: E731
        assert ask("PRAGMA integrity_check") == [("ok",)] and ask("PRAGMA foreign_key_check") == []
        assert [row[1] for row in ask("PRAGMA table_info(entries)")] == [field.name for field in COLUMNS]
        found = ask(
            "SELECT address FROM entries WHERE rowid IN"
            " (SELECT rowid FROM entries_fts WHERE entries_fts MATCH 'crane AND quay')"
        )
        assert found == [("2031/04/08/#t2240",)]
        counts = ask("SELECT topics.name, COUNT(*) FROM entry_topics JOIN topics ON slug = topic GROUP BY slug")
        assert counts == [("Ferry", 2), ("fog", 1), ("harbour", 1)]
        sources = ask("SELECT outlet, printed_day, COUNT(*) FROM entry_sources JOIN sources ON id = source GROUP BY id")
        assert sources == [("The Example Paper", 3, 2)]
        assert ask("SELECT key, at FROM entries WHERE day = 4") == [(0, None)]


def test_the_database_folds_words_as_the_search_does() -> None:
    """Each spelling as typed in the entry or in the search finds the entry."""
    texts = {"Łódź": "lodz łódź", "an F-16": "f16 16", "在北京会见": "北京", "ΟΔΟΣ": "οδοσ", "l’armée": "armee armée"}
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SQL_SCHEMA)
        for number, text in enumerate(texts, start=1):
            database.execute("INSERT INTO entries (address, text) VALUES (?, ?)", (str(number), text))
            database.execute("INSERT INTO entry_words VALUES (?, ?)", (number, other_words(text)))
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('rebuild')")
        ask = "SELECT rowid FROM entries_fts WHERE entries_fts MATCH ?"
        found = {
            text: [database.execute(ask, (word,)).fetchall() for word in words.split()] for text, words in texts.items()
        }
    assert found == {
        text: [[(number,)]] * len(words.split()) for number, (text, words) in enumerate(texts.items(), start=1)
    }
    assert other_words("A ship, two ships.") == ""


def test_data_package_describes_its_files(release: Path) -> None:
    package = json.loads((release / "data" / "datapackage.json").read_text())
    assert package["title"] == "Harbour watch"
    for resource in package["resources"]:
        path = release / "data" / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        if resource["format"] != "csv":
            continue
        with path.open(encoding="utf-8", newline="") as file:
            header, *table = csv.reader(file, strict=True)
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        keys = resource["schema"]["primaryKey"]
        width = len(keys) if isinstance(keys, list) else 1
        assert len({tuple(row[:width]) for row in table}) == len(table) > 0
        for field, column in zip(resource["schema"]["fields"], zip(*table, strict=True), strict=True):
            for value in filter(None, column):
                READERS[field["type"]](value)


def _datetime(text: str) -> None:
    assert len(text) == 20 and text.endswith("Z")


READERS = {
    "string": str,
    "integer": int,
    "boolean": lambda text: {"1": True, "0": False}[text],
    "date": lambda text: [int(part) for part in text.split("-")],
    "datetime": _datetime,
}


def test_folder_with_other_files_is_refused(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "novel.txt").write_text("mine")
    (tmp_path / "release" / "SHA256SUMS").write_text("and its sums")
    with pytest.raises(ArchiveError, match="other files than a release"):
        make_release(tmp_path / "site")
    assert contents(tmp_path / "release") == {"novel.txt": b"mine", "SHA256SUMS": b"and its sums"}


def test_files_of_a_killed_release_are_removed_by_the_next(archive: Archive, release: Path) -> None:
    before = contents(release)
    child = os.fork()
    if not child:
        Path.rename = lambda *_: os._exit(9)  # type: ignore[assignment, misc]
        make_release(archive.site)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert contents(release) == before
    assert [path.name for path in archive.root.glob(".*release*")] == [f".{archive.site.name}.release"]
    make_release(archive.site)
    assert contents(release) == before
    assert list(archive.root.glob(".*release*")) == []
