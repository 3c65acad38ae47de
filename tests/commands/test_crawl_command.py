"""`daybook crawl` on a small crawl, with real workers, and what it says; from a crawl to an archive."""

import sys
from pathlib import Path

import pytest
from deadly_pages import ONCE, read_deadly_part
from made_crawl import Inventor, gzip_records, page_record

from daybook.cli import main

CONF = 'SITENAME = "Crawled"\nFIRST_DAY = "2031-04-01"\nTIMEZONE = "UTC"\nPLACES = {}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two WARC files: three captures of one live blog, one of two others, and an ordinary page."""
    folder = tmp_path_factory.mktemp("crawl")
    inventor = Inventor(11)
    captures = [inventor.live_page(1, capture) for capture in (2, 0, 1)]
    others = [inventor.live_page(2, 0)._replace(url=f"https://outlet2.example/live/{ONCE}-{each}") for each in "ab"]
    pages = [inventor.ordinary_page(1), others[0], *captures, others[1]]
    records = [page_record(page, number) for number, page in enumerate(pages)]
    (folder / "a.warc").write_bytes(b"".join(records[:3]))
    (folder / "b.warc.gz").write_bytes(gzip_records(records[3:]))
    for number, capture in enumerate((2, 0, 1), 2):
        (folder / f"capture-{capture}").mkdir()
        alone = folder / f"capture-{capture}" / ("a.warc" if number == 2 else "b.warc.gz")
        alone.write_bytes(records[number] if number == 2 else gzip_records([records[number]]))
    (folder / "crawl.paths").write_text(f"{folder}/a.warc\n{folder}/b.warc.gz\n")
    (folder / "conf.py").write_text(CONF)
    assert daybook(folder, "crawl", f"{folder}/crawl.paths", "--out", f"{folder}/out", "--workers", "0") == 0
    return folder


def daybook(folder: Path, *arguments: str) -> int:
    return main(list(arguments), {"CONTENT": f"{folder}/content", "CONF": f"{folder}/conf.py"})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_workers_write_the_same_bytes_though_both_are_killed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ignore(*arguments: object) -> None:
        """Replace nothing, as Dask does for a worker that ends while it is starting."""

    monkeypatch.setattr("distributed.Nanny._on_worker_exit", ignore)
    monkeypatch.setattr("daybook.crawl.engine._WATCH_INTERVAL", 0.5)
    monkeypatch.setattr("daybook.commands.crawl.read_part", read_deadly_part)
    assert daybook(folder, "crawl", f"{folder}/*.warc*", "--out", f"{tmp_path}/out", "--workers", "2") == 0
    for name in "ab":
        (tmp_path / "out" / f"{ONCE}-{name}.deaths").unlink()
    assert files(tmp_path / "out") == files(folder / "out")


def test_the_report_counts_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert daybook(folder, "crawl", f"{folder}/crawl.paths", "--out", f"{folder}/out") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["2 of 2 parts are finished already", "WARC files: 2; parts: 2; records: 6"]
    assert "looked at closely: 5" in said and "          5 read" in said
    assert "live blogs: 3; captures: 5, of which duplicates: 0; entries on them: 80" in said


def test_the_list_is_a_table_and_csv(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert daybook(folder, "crawl", "--list", f"{folder}/out") == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["title", "outlet", "days", "entries", "captures", "live", "blog"]
    assert [row.split()[-4:] for row in rows] == [
        ["2031-04-02", "30", "3", "outlet1.example/live/1"],
        ["2031-04-03", "10", "1", f"outlet2.example/live/{ONCE}-a"],
        ["2031-04-03", "10", "1", f"outlet2.example/live/{ONCE}-b"],
    ]
    assert daybook(folder, "crawl", "--list", f"{folder}/out", "--csv") == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("live_blog,title,outlet,first_day,last_day,days,entries,captures,")
    assert "2031-04-02,2031-04-02,1,30,3,2031-04-02T09:01:00Z,2031-04-02T17:01:00Z" in rows[0]


def test_a_live_blog_of_a_crawl_becomes_what_its_pages_give_one_by_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "conf.py").write_text(CONF)
    url = "https://outlet1.example/live/1"
    assert daybook(tmp_path, "ingest", "--crawl", f"{folder}/out", "--live-blog", url) == 0
    assert "60   30    30" in capsys.readouterr().out
    for capture in range(3):
        (path,) = (folder / f"capture-{capture}").iterdir()
        assert daybook(tmp_path, "ingest", str(path), "--content", f"{tmp_path}/single") == 0
    assert files(tmp_path / "content") == files(tmp_path / "single")
    (day,) = (tmp_path / "content" / "days").rglob("*.md")
    assert day.read_text().count(f'"url": "{url}"') == 3
    ledgers = [path.read_text() for path in (tmp_path / "content" / "ledger").iterdir()]
    assert sorted(text.splitlines()[2] for text in ledgers)[0] == (
        "from: a.warc <urn:uuid:00000000-0000-4000-8000-000000000002>"
    )


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.warc").write_bytes(b"<html>")
    names = [f"{tmp_path}/bad.warc", f"{folder}/a.warc"]
    assert daybook(folder, "crawl", *names, "--out", f"{tmp_path}/out", "--workers", "0") == 1
    said = capsys.readouterr()
    assert "live blogs: 2;" in said.out
    assert said.err.splitlines()[-1] == (
        f"{tmp_path}/bad.warc: not a WARC file that can be read: bytes that are not the headers of a record"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["crawl"], "name WARC files, and the folder for the results"),
        (["crawl", "--list", "out", "a.warc"], "--list only lists what a crawl has found"),
        (["crawl", "--list", "nothing"], "nothing: no finished crawl is in this folder; run daybook crawl again"),
        (["crawl", "a.warc", "--out", "x", "--workers", "1", "--scheduler", "tcp://a:1"], "use only one of --workers"),
        (["crawl", "a.warc", "--out", "x", "--max-page", "51"], "--max-page is a number from 1 to 50, in MB"),
        (["ingest", "--crawl", "out"], "--crawl FOLDER and --live-blog URL belong together; give both"),
        (["ingest", "--crawl", "out", "--live-blog", "x", "--zone", "CET"], "parsed already; leave out --zone"),
        (["ingest", "--crawl", "out", "--live-blog", "x", "a.html"], "parsed already; leave out a FILE"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    arguments: list[str], reason: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert daybook(folder, *arguments) == 1
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("package", ["dask", "warcio", "fsspec"])
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    package: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [package, *(each for each in sys.modules if each.startswith(f"{package}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    name = "memory://a.warc" if package == "fsspec" else f"{folder}/a.warc"
    assert daybook(folder, "crawl", name, "--out", f"{tmp_path}/out", "--workers", "0") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"the package {package}; install it: python -m pip install" in line
    assert package in line.partition("install it: ")[2]
