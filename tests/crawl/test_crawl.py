"""A crawl: parts that are read anywhere and in any order give the same files; what is damaged or too large is named."""

import gzip
import json
import multiprocessing
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from deadly_pages import ALWAYS, ONCE, read_deadly_part
from made_crawl import ALPHABETS, Inventor, Page, gzip_records, mixed_pages, page_record, warc_record
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.record import load_record
from daybook.crawl import part
from daybook.crawl.part import SET_ASIDE, prepare_parts, read_part
from daybook.crawl.plan import CrawlOptions, CrawlPart, plan_parts, reading_code
from daybook.crawl.results import Summary, gather, list_live_blogs, load_reports, read_live_blog, wrong_starts

OPTIONS = CrawlOptions(code=reading_code())
BLOGS, CAPTURES = len(ALPHABETS), 2  # a live blog in each encoding


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    inventor = Inventor(21)
    return list(mixed_pages(inventor, 60, live_blogs=BLOGS, captures=CAPTURES, listings=2))


@pytest.fixture(scope="module")
def warcs(pages: list[Page], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages in a plain and a gzipped WARC."""
    folder = tmp_path_factory.mktemp("warcs")
    records = [page_record(page, number) for number, page in enumerate(pages)]
    (folder / "a.warc").write_bytes(b"".join(records[:30]))
    (folder / "b.warc.gz").write_bytes(gzip_records(records[30:]))
    return folder


@pytest.fixture(scope="module")
def whole(warcs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of a crawl of `warcs`, read file by file."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    crawl([str(warcs / "*.warc*")], folder)
    return folder


def crawl(names: Sequence[str], folder: Path, part_size: int | None = None, options: CrawlOptions = OPTIONS) -> Summary:
    """Do what the command does, in this process; parts can be smaller than a megabyte."""
    parts = plan_parts(names, options, part_size=part_size)
    prepare_parts(folder, parts)
    for each in parts:
        read_part(each, options, str(folder))
    return finish(parts, folder, options)


def finish(parts: Sequence[CrawlPart], folder: Path, options: CrawlOptions = OPTIONS) -> Summary:
    """Read again what began wrongly, and gather."""
    for _ in parts:
        for wrong in wrong_starts(parts, load_reports(folder)):
            read_part(wrong, options, str(folder))
    assert wrong_starts(parts, load_reports(folder)) == []
    return gather(folder, load_reports(folder))


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def live_blogs(folder: Path) -> dict[str, bytes]:
    """Return the files of a crawl that do not depend on how it was divided into parts."""
    found = files(folder / "results")
    outcomes = gzip.decompress(found.pop("outcomes.jsonl.gz"))
    return {**found, "summary.json": b"", "outcomes": outcomes}


def outcomes(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in gzip.decompress((folder / "results/outcomes.jsonl.gz").read_bytes()).splitlines()
    ]


def write_pages(path: Path, *pages: Page) -> Path:
    path.write_bytes(gzip_records(page_record(page, number) for number, page in enumerate(pages)))
    return path


def test_every_live_blog_is_found_in_its_encoding(whole: Path, pages: list[Page]) -> None:
    rows = list_live_blogs(whole)
    assert {row.live_blog for row in rows} == {
        page.url.removeprefix("https://") for page in pages if "/live/" in page.url
    }
    assert {(row.captures, row.entries) for row in rows} == {(CAPTURES, 20)}
    for row in rows:
        number = int(row.live_blog.rpartition("/")[2])
        letters = set(list(ALPHABETS.values())[number])
        assert set(row.title.removeprefix("Live: ")) - {" "} <= letters, row.title


def test_the_entries_are_those_of_the_pages(whole: Path) -> None:
    for row in list_live_blogs(whole):
        folder = whole / "results/live-blogs" / row.folder
        (day,) = (path for path in folder.iterdir() if path.name != "captures.jsonl.gz")
        assert day.name == f"{row.first_day}.jsonl.gz"
        records = [load_record(line) for line in gzip.decompress(day.read_bytes()).splitlines()]
        captured = [record.source.captured for record in records if record.source]
        assert captured == sorted(captured) and len(records) == 10 + 20
        assert {record.at[:10] for record in records} == {row.first_day}


def test_neither_parts_nor_their_order_change_what_is_found(whole: Path, warcs: Path, tmp_path: Path) -> None:
    parts = plan_parts([str(warcs / "b.warc.gz"), str(warcs / "a.warc")], OPTIONS, part_size=90_000)
    assert len(parts) > 10
    prepare_parts(tmp_path, parts)
    for each in reversed(parts):
        read_part(each, OPTIONS, str(tmp_path))
    finish(parts, tmp_path)
    assert live_blogs(tmp_path) == live_blogs(whole)


def test_finished_parts_are_not_read_again(whole: Path, warcs: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "out")
    with mock.patch("daybook.crawl.part.open_location", side_effect=AssertionError("opened")):
        crawl([str(warcs / "a.warc")], tmp_path / "out")
    assert files(tmp_path / "out") == files(whole)


def test_a_file_that_changed_is_read_again(whole: Path, warcs: Path, tmp_path: Path) -> None:
    inventor = Inventor(3)
    own = write_pages(tmp_path / "c.warc.gz", inventor.live_page(500, 0))
    folder = tmp_path / "out"
    assert crawl([str(own)], folder).live_blogs == 1
    write_pages(own, inventor.live_page(500, 0), inventor.live_page(501, 0))
    assert crawl([str(own)], folder).live_blogs == 2
    changed = replace(OPTIONS, max_page=1_000)
    assert crawl([str(own)], folder, options=changed).reasons == {"refused: the page has more than … bytes": 2}


def test_a_folder_collects_several_runs_and_drops_duplicates(pages: list[Page], tmp_path: Path) -> None:
    live = [page for page in pages if page.url.endswith("/live/1")]
    later = [page._replace(captured="2031-05-01T00:00:00Z") for page in live]
    crawl([str(write_pages(tmp_path / "a.warc.gz", *later))], tmp_path / "out")
    summary = crawl([str(write_pages(tmp_path / "b.warc.gz", *live, *live))], tmp_path / "out")
    assert (summary.files, summary.duplicates) == (2, 4)
    (row,) = list_live_blogs(tmp_path / "out")
    assert (row.captures, row.first_capture, row.last_capture) == (2, *sorted(page.captured for page in live))


def test_an_archive_inside_an_archive_is_no_second_copy(pages: list[Page], tmp_path: Path) -> None:
    live = [page_record(page, number) for number, page in enumerate(pages) if "/live/" in page.url][:6]
    inner = warc_record("resource", "https://a.example/x.warc.gz", "2031-04-09T10:00:00Z", gzip_records(live[:3]))
    plain = warc_record(
        "resource", "https://a.example/x.warc", "2031-04-09T10:00:00Z", b"\r\n\r\n" + b"".join(live[:3])
    )
    (tmp_path / "a.warc.gz").write_bytes(gzip_records([inner, *live[3:]], level=0))
    (tmp_path / "b.warc").write_bytes(b"".join([plain, *live[3:]]))
    for name in ("a.warc.gz", "b.warc"):
        summary = crawl([str(tmp_path / name)], tmp_path / name.partition(".")[0], 10_000)
        assert (summary.counts["records"], summary.counts["captures"]) == (4, 3)


def test_damage_and_refusals_are_named_one_by_one(tmp_path: Path) -> None:
    inventor = Inventor(4)
    good = [inventor.live_page(number, 0) for number in range(6)]
    many_tags = f"<title>live</title>{'<b>10:00</b>' * 80_000}".encode()
    bad = [
        Page("https://a.example/large", "2031-04-09T10:00:00Z", b"<html>" + b"live 10:00 " * 300_000),
        Page("https://a.example/tags", "2031-04-09T10:00:00Z", many_tags),
        Page(
            "https://a.example/bytes",
            "2031-04-09T10:00:00Z",
            inventor.live_page(7, 0).body.replace(b"April", b"\xff\xfe"),
        ),
        Page("https://a.example/pdf", "2031-04-09T10:00:00Z", b"%PDF-1.4 <h1>live</h1><b>10:00</b><b>11:00</b>"),
    ]
    records = [page_record(page, number) for number, page in enumerate([*good, *bad])]
    squeezed = page_record(good[0]._replace(url="https://a.example/squeezed"))
    records.append(squeezed.replace(b"Content-Type: text", b"Content-Encoding: xyz\r\nContent-Type: text"))
    members = [gzip.compress(record, mtime=0) for record in records]
    members[2] = members[2][:-8] + b"\0" * 8  # a checksum that is wrong
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members))
    summary = crawl([str(tmp_path / "a.warc.gz")], tmp_path / "out")
    assert (summary.live_blogs, summary.counts["records"]) == (5, 11)
    found = {outcome["url"]: (outcome["outcome"], outcome.get("reason", "")) for outcome in outcomes(tmp_path / "out")}
    assert found[good[2].url] == (
        "damaged",
        "a damaged gzip member: Error -3 while decompressing data: incorrect data check",
    )
    assert found["https://a.example/large"] == ("refused", "the page has more than 3,000,000 bytes; save it in parts")
    assert found["https://a.example/tags"] == ("refused", "the page has 160,002 tags, more than 45,000")
    assert found["https://a.example/bytes"][1].startswith("byte 0xff at offset")
    assert found["https://a.example/pdf"][0] == "left out"
    assert found["https://a.example/squeezed"][1].startswith("the page is compressed as 'xyz'")
    assert summary.outcomes == {"read": 5, "damaged": 1, "refused": 4, "left out": 1}
    assert "refused: the page is compressed as …, which is not supported" in summary.reasons


def test_a_fault_of_the_parser_costs_one_page(tmp_path: Path) -> None:
    inventor = Inventor(5)
    path = write_pages(tmp_path / "a.warc.gz", *(inventor.live_page(number, 0) for number in range(3)))
    parse = part.parse_capture

    def parse_or_fail(capture: Any, *arguments: Any) -> Any:
        if capture.url.endswith("/1"):
            raise RecursionError("too deep")
        return parse(capture, *arguments)

    with mock.patch.object(part, "parse_capture", parse_or_fail):
        summary = crawl([str(path)], tmp_path / "out")
    assert summary.outcomes == {"read": 2, "failed": 1}
    assert summary.reasons == {"failed: the parser failed: RecursionError: too deep": 1}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of fork beside threads, from Python 3.12
def test_a_page_that_ends_two_processes_is_set_aside_and_one_that_ends_one_is_read(tmp_path: Path) -> None:
    inventor = Inventor(6)
    pages = [inventor.live_page(number, 0, posts=4) for number in range(5)]
    pages[1] = pages[1]._replace(url=f"https://a.example/live/{ALWAYS}")
    pages[3] = pages[3]._replace(url=f"https://a.example/live/{ONCE}")
    path = write_pages(tmp_path / "a.warc.gz", *pages)
    folder = tmp_path / "out"
    parts = plan_parts([str(path)], OPTIONS)
    prepare_parts(folder, parts)
    statuses = [in_fork(read_deadly_part, parts[0], OPTIONS, str(folder)) for _ in range(4)]
    assert statuses == [-9, -9, -9, 0]
    assert [len((folder / f"{name}.deaths").read_bytes()) for name in (ALWAYS, ONCE)] == [2, 1]
    summary = finish(parts, folder)
    assert summary.outcomes == {"read": 4, SET_ASIDE: 1}
    (set_aside,) = (outcome for outcome in outcomes(folder) if outcome["outcome"] == SET_ASIDE)
    assert (set_aside["url"], set_aside["reason"]) == (pages[1].url, "2 workers ended while they read the page")
    prepare_parts(folder, parts)
    assert {each.name for each in (folder / "parts").iterdir()} == {parts[0].name}


def in_fork(function: Callable[..., object], *arguments: object) -> int | None:
    """Run a function in a process of its own and return its exit status."""
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def run_until_fsync(number: int, names: Sequence[str], folder: Path) -> None:
    """Crawl in a process of its own, which ends itself without any cleaning at its fsync with this number."""
    calls = iter(range(1, number + 1))
    fsync = os.fsync

    def fsync_or_die(descriptor: int) -> None:
        if next(calls) == number:
            os._exit(9)
        fsync(descriptor)

    with mock.patch("os.fsync", fsync_or_die):
        crawl(names, folder)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of fork beside threads, from Python 3.12
def test_a_run_that_is_killed_anywhere_leaves_nothing_half_written(tmp_path: Path) -> None:
    inventor = Inventor(8)
    path = write_pages(tmp_path / "a.warc.gz", *(inventor.live_page(number, 0, posts=4) for number in range(1)))
    crawl([str(path)], tmp_path / "undisturbed")
    expected = files(tmp_path / "undisturbed")
    folder = tmp_path / "killed"
    deaths = 0
    while in_fork(run_until_fsync, deaths + 1, [str(path)], folder):
        deaths += 1
        finished = files(folder / "results")
        assert finished in ({}, {name[8:]: data for name, data in expected.items() if name.startswith("results/")})
        shutil.rmtree(folder / "results", ignore_errors=True)
        shutil.rmtree(folder / "parts", ignore_errors=deaths % 2 == 0)
    assert deaths > 10
    assert files(folder) == expected


def test_a_live_blog_of_a_crawl_is_read_as_from_the_archive(whole: Path, pages: list[Page]) -> None:
    name = next(page.url for page in pages if "/live/" in page.url)
    first, second = read_live_blog(whole, f"{name}?utm_source=x#post")
    assert first.page and second.page
    assert [len(each.records) for each in (first, second)] == [10, 20]
    assert first.page.origin.startswith(("a.warc <urn:uuid:", "b.warc.gz <urn:uuid:"))
    times = [record.at for record in second.records]
    assert times == sorted(times, reverse=True), "the order of the page"
    with pytest.raises(ArchiveError, match=r"has no live blog https://b\.example/; daybook crawl --list"):
        list(read_live_blog(whole, "https://b.example/"))


@pytest.mark.parametrize("data", [None, b"x", b""], ids=["missing", "no gzip", "empty"])
def test_a_damaged_result_is_named(whole: Path, tmp_path: Path, data: bytes | None) -> None:
    shutil.copytree(whole, tmp_path / "out")
    (row, *_) = list_live_blogs(tmp_path / "out")
    path = tmp_path / "out/results/live-blogs" / row.folder / f"{row.first_day}.jsonl.gz"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ArchiveError, match=r"\.jsonl\.gz: .*run daybook crawl again with the same --out"):
        list(read_live_blog(tmp_path / "out", row.live_blog))


def test_lists_patterns_and_addresses_name_files_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.warc.gz", "a.warc"):
        Path(name).write_bytes(b"")
    Path("some.paths").write_text("# the crawl\na.warc\n\n./a.warc\n")
    Path("more.paths.gz").write_bytes(gzip.compress(b"b.warc.gz\n"))
    names = ["some.paths", "*.warc*", "more.paths.gz", f"{tmp_path}/a.warc"]
    parts = plan_parts(names, OPTIONS)
    assert [part.address for part in parts] == ["a.warc", "b.warc.gz"]
    assert [part.location for part in parts] == [f"{tmp_path}/a.warc", f"{tmp_path}/b.warc.gz"]
    assert [part.address for part in plan_parts(["some.paths"], OPTIONS, base="../" + tmp_path.name + "/")] == [
        f"../{tmp_path.name}/a.warc"
    ]


@pytest.fixture
def remote() -> Iterator[str]:
    """The address of a folder in a file system of fsspec."""
    fsspec = pytest.importorskip("fsspec")
    yield "memory://crawl"
    fsspec.filesystem("memory").rm("/crawl", recursive=True)


def test_an_address_of_fsspec_is_read_in_ranges(warcs: Path, whole: Path, tmp_path: Path, remote: str) -> None:
    system = pytest.importorskip("fsspec").filesystem("memory")
    for name in ("a.warc", "b.warc.gz"):
        system.pipe(f"/crawl/{name}", (warcs / name).read_bytes())
    summary = crawl([f"{remote}/*.warc*"], tmp_path / "out", 400_000)
    assert (summary.files, summary.live_blogs) == (2, BLOGS)
    found, expected = live_blogs(tmp_path / "out"), live_blogs(whole)
    assert [
        name
        for name in found
        if name.endswith(".jsonl.gz") and "captures" not in name and found[name] != expected[name]
    ] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.warc", "missing.warc: No such file or directory; check the address"),
        ("*.warc.gz", "no file matches this pattern; check the path"),
        ("empty.paths", "empty.paths: the list names no file; write one address a line"),
        ("missing.paths", "missing.paths: a list of addresses that cannot be read: No such file"),
        ("page.html", "page.html: not a WARC file or a list of them, by its name; name .warc"),
        ("folder.warc", "folder.warc: not a file; name the WARC files in it"),
        ("nowhere://a.warc", "nowhere://a.warc: Protocol not known: nowhere; install what it names"),
    ],
)
def test_a_name_that_is_no_file_is_an_error(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.paths").write_text("# nothing\n")
    Path("page.html").write_text("<html>")
    Path("folder.warc").mkdir()
    with pytest.raises(ArchiveError) as error:
        plan_parts([name], OPTIONS)
    assert reason in str(error.value)


def test_a_worker_with_another_version_reads_nothing(warcs: Path, tmp_path: Path) -> None:
    other = replace(OPTIONS, code="other")
    parts = plan_parts([str(warcs / "a.warc")], other)
    prepare_parts(tmp_path, parts)
    with pytest.raises(ArchiveError, match="another version of Daybook or its libraries"):
        read_part(parts[0], other, str(tmp_path))
    with pytest.raises(ArchiveError, match="does not see the folder"):
        read_part(parts[0], OPTIONS, str(tmp_path / "elsewhere"))


def test_a_bomb_is_dropped_piece_by_piece(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    head = warc_record("response", "https://a.example/", "2031-04-09T10:00:00Z", b"")
    head = head.replace(b"Content-Length: 0", b"Content-Length: 30000100").removesuffix(b"\r\n\r\n")
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    bomb = (
        packer.compress(head + block) + b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(30)) + packer.flush()
    )
    live = page_record(Inventor(9).live_page(1, 0))
    (tmp_path / "a.warc.gz").write_bytes(bomb + gzip_records([live]))
    summary = crawl([str(tmp_path / "a.warc.gz")], tmp_path / "out")
    assert summary.reasons == {"refused: the page has more than … bytes": 1}
    assert summary.live_blogs == 1
