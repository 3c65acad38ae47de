"""The data package as others read it: frictionless, pandas, DuckDB and SQLite, with the examples of docs/data.md."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import guard
import pandas as pd
import pytest
from frictionless import Package
from paths import ROOT
from published import Archive, make_archive

from daybook.cli import main
from daybook.publish.release import make_release
from daybook.publish.release_diff import compare_releases

BLOCKS = re.findall(r"^```(python|sql|sqlite)\n(.*?)^```", (ROOT / "docs" / "data.md").read_text(), re.M | re.S)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    with pytest.MonkeyPatch.context() as monkeypatch:
        archive = make_archive(tmp_path_factory.mktemp("analyses"), monkeypatch)
        assert main(["release"]) == 0
        return archive


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def ask(release: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(release / "archive.sqlite")) as database:
        return database.execute(query).fetchall()


def test_frictionless_validates_the_package_of_the_release_and_of_the_site(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (archive.root / "release" / "data", archive.site / "data"):
        monkeypatch.chdir(folder)
        with guard.allowed():  # frictionless looks for its plugins in every folder of sys.path
            report = Package("datapackage.json").validate()
        assert report.valid, report.to_summary()
        assert report.stats["errors"] == 0 and len(report.tasks) >= 3


def test_the_package_says_whose_it_is(archive: Archive) -> None:
    package = json.loads((archive.root / "release" / "data" / "datapackage.json").read_text())
    named = {name: package[name] for name in ("name", "id", "version", "homepage", "licenses", "contributors")}
    assert named == {
        "name": "harbour-watch",
        "id": "https://doi.org/10.5281/zenodo.1234",
        "version": "2031.5.2",
        "homepage": "https://example.org/their-repo/",
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
        ],
        "contributors": [
            {"title": "Harbour Library", "role": "author"},
            {"title": "Ida Brandt", "path": "https://orcid.org/0000-0000-0000-0000", "role": "author"},
        ],
    }


def test_the_examples_give_the_same_figures(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive.root / "release" / "data")
    names: dict[str, Any] = {}
    (program,) = blocks("python")
    exec(program, names)
    table = names["table"].astype(object).where(names["table"].notna(), None)
    with_pandas = sorted(map(tuple, table.itertuples(index=False)), key=str)
    (query,) = blocks("sql")
    with_duckdb = sorted(duckdb.sql(query).fetchall(), key=str)
    with_sqlite = sorted(ask(archive.root / "release", blocks("sqlite")[0]), key=str)
    assert with_pandas == with_duckdb == with_sqlite
    assert with_sqlite == [
        ("2031-04", "The Example Paper", 2),
        ("2031-04", None, 1),
        ("2031-05", None, 1),
    ]
    found = ask(archive.root / "release", blocks("sqlite")[1])
    assert [row[2] for row in found] == ["https://example.org/their-repo/2031/05/02/#t0600"], found


def test_json_lines_and_csv_have_the_same_values_in_pandas(archive: Archive) -> None:
    data = archive.root / "release" / "data"
    lines = pd.read_json(data / "2031.jsonl", lines=True, dtype=False)
    table = pd.read_csv(data / "2031.csv", dtype=str, keep_default_na=False)
    for name in ("address", "url", "date", "at", "text", "headline", "sha256"):
        assert list(lines[name].fillna("")) == list(table[name]), name
    assert [" ".join(slugs) for slugs in lines["topics"]] == list(table["topics"])


def test_pages_have_the_metadata_of_schema_org(archive: Archive) -> None:
    def linked_data(address: str) -> dict[str, Any]:
        text, *_ = re.findall(r'<script type="application/ld\+json">(.*?)</script>', archive.page(address))
        loaded: dict[str, Any] = json.loads(text)
        return loaded

    dataset, website = linked_data("data"), linked_data(".")
    assert (dataset["@type"], website["@type"]) == ("Dataset", "WebSite")
    assert dataset["license"] == website["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert dataset["temporalCoverage"] == "2031-04-08/2031-05-02" and dataset["version"] == "2031.5.2"
    assert [agent["@type"] for agent in dataset["creator"]] == ["Organization", "Person"]
    assert website["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={search_term_string}")
    for download in dataset["distribution"]:
        assert (archive.site / download["contentUrl"].removeprefix("https://example.org/their-repo/")).is_file()
    day = linked_data("2031/04/08")
    assert day["liveBlogUpdate"][1]["url"].endswith("/2031/04/08/#t2240")


def test_the_page_of_data_names_only_files_that_exist(archive: Archive) -> None:
    page = archive.page("data")
    files = re.findall(r"<code>([^<]*\.json)</code>", page)
    assert len(files) == 2 and all((archive.site / file).is_file() for file in files)


def test_a_site_without_settings_states_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "conf.py").write_text('SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\n')
    monkeypatch.chdir(tmp_path)
    assert main(["build", "--conf", "conf.py"], {}) == 0
    package = json.loads((tmp_path / "output" / "data" / "datapackage.json").read_text())
    assert not {"licenses", "contributors", "homepage"} & set(package) and package["version"] == "0.0.0"
    page = (tmp_path / "output" / "data" / "index.html").read_text()
    assert "license" not in page and "nato" not in page and "2023" not in page


def test_differences_of_two_releases(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = (archive.root / "release").rename(archive.root / "old")
    day = archive.content / "days" / "2031" / "2031-04-08.md"
    text = day.read_text()
    day.write_text(text.replace("The crane stood still.", "The crane moved.") + "\n## 23:50 Late\n\nA late boat.\n")
    for name in ("CONTENT", "OUTPUT", "CACHE"):
        monkeypatch.setenv(name, str(archive.root / {"CONTENT": "content", "OUTPUT": "site", "CACHE": "cache"}[name]))
    monkeypatch.setenv("CONF", str(ROOT / "tests" / "fixtures" / "publishing" / "conf.py"))
    monkeypatch.setenv("SITEURL", "https://elsewhere.example")
    try:
        assert main(["release"]) == 0
        written = {Path(line.split()[-1]) for line in capsys.readouterr().out.splitlines() if "SHA256SUMS" in line}
        assert written == {(archive.root / "release" / "SHA256SUMS").resolve()}
        assert main(["diff", str(old), str(archive.root / "release" / "archive.sqlite")]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "~ 2031/04/08/#t2240 (text)",
            "+ 2031/04/08/#t2350 Late",
            "1 added, 0 removed, 1 changed",
        ]
        changed, added = compare_releases(old, archive.root / "release")
        was, became = map(str, changed.columns["text"])
        assert was.endswith("The crane stood still.") and became.endswith("The crane moved.")
        removed = compare_releases(archive.root / "release", old)[1]
        assert (added.kind, removed.kind) == ("added", "removed")
        assert main(["diff", str(tmp_path), str(old)]) == 1
        assert "no release" in capsys.readouterr().err
    finally:
        day.write_text(text)
        make_release(archive.site)
