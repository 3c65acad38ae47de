"""Web archives: live blogs are read with URL and capture time, other pages are counted."""

import gzip
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from daybook.parse import containers
from daybook.parse.base.page import Hints
from daybook.parse.input_files import ParsedFile, parse_files

URL = "https://news.example/live/quay"
CAPTURED = "2031-04-09T12:00:00Z"
BLOG = (
    "<!doctype html><html><body><main><h1>The quay</h1><p>9 April 2031</p>"
    "<h2>10:00 GMT The gate opens</h2><p>See <a href='/map'>the map</a> first.</p>"
    "<h2>09:00 GMT The boats wait</h2><p>Eleven of them lay there.</p></main></body></html>"
)
ARTICLE = "<!doctype html><html><body><h1>Harbour</h1><p>Nothing happened.</p></body></html>"


def record(kind: str, url: str, block: bytes) -> bytes:
    """Return one WARC record: headers, block and two line ends."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {CAPTURED}\r\n"
    media = "application/http; msgtype=response" if kind == "response" else "application/warc-fields"
    head += f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def warc(*pages: tuple[str, bytes, dict[str, str]], compressed: bool = True) -> bytes:
    """Return a WARC file with a response for each page of URL, body and headers."""
    records = [record("warcinfo", "", b"software: none\r\n")]
    for url, body, headers in pages:
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        records.append(record("response", url, f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode() + body))
    return b"".join(gzip.compress(each) if compressed else each for each in records)


def html(url: str, text: str, **headers: str) -> tuple[str, bytes, dict[str, str]]:
    return url, text.encode(), {"Content-Type": "text/html; charset=utf-8"} | headers


def read(path: Path, data: bytes) -> list[ParsedFile]:
    path.write_bytes(data)
    return list(parse_files([str(path)], Hints()))


PICTURE = ("https://news.example/a.png", b"\x89PNG", {"Content-Type": "image/png"})
CRAWL = (html(URL, BLOG), PICTURE, html(f"{URL}/a", ARTICLE), html(f"{URL}/b", ARTICLE))


@pytest.mark.parametrize("compressed", [True, False], ids=["gz", "plain"])
def test_live_blogs_are_read_and_other_pages_counted(tmp_path: Path, compressed: bool) -> None:
    blog, others = read(tmp_path / "crawl.warc.gz", warc(*CRAWL, compressed=compressed))
    assert [record.at for record in blog.records] == ["2031-04-09T10:00:00Z", "2031-04-09T09:00:00Z"]
    assert blog.records[0].markdown == "See [the map](<https://news.example/map>) first."
    source = blog.records[0].source
    assert source and (source.url, source.captured) == (URL, CAPTURED)
    assert others.page and others.page.notes[0].text == "2 pages of this web archive without an entry"
    assert not blog.problems + others.problems


def test_pages_of_all_warc_files_in_a_wacz_are_read(tmp_path: Path) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as files:
        files.writestr("pages/pages.jsonl", "{}")
        files.writestr("archive/one.warc.gz", warc(*CRAWL))
        files.writestr("archive/two.warc.gz", warc(html(f"{URL}/2", BLOG)))
    results = read(tmp_path / "crawl.wacz", out.getvalue())
    assert [len(result.records) for result in results] == [2, 2, 0]


def test_response_is_decompressed_and_an_unknown_encoding_is_reported(tmp_path: Path) -> None:
    body = gzip.compress(BLOG.encode())
    gzipped = (URL, body, {"Content-Type": "text/html", "Content-Encoding": "gzip"})
    good, bad = read(
        tmp_path / "a.warc", warc(gzipped, html(URL, BLOG, **{"Content-Encoding": "zz"}), compressed=False)
    )
    assert len(good.records) == 2
    assert "compressed as 'zz'" in str(bad.problems[0])


RIVER = BLOG.replace("The quay", "Река").replace("The gate opens", "Шлюз открыт")
WITH_META = RIVER.replace("<body>", "<head><meta charset=windows-1252></head><body>")


@pytest.mark.parametrize("text", [RIVER, WITH_META], ids=["no meta", "another meta"])
@pytest.mark.parametrize("label", ["windows-1251", "koi8-r", "utf-8", "utf-16le"])
def test_the_http_header_tells_the_encoding(tmp_path: Path, text: str, label: str) -> None:
    page = (URL, text.encode(label), {"Content-Type": f"text/html; charset={label}"})
    (blog,) = read(tmp_path / "a.warc.gz", warc(page))
    assert blog.records[0].headline == "Шлюз открыт"
    assert not blog.problems and blog.page and not blog.page.notes


def test_a_wrong_http_header_is_corrected_by_a_hint(tmp_path: Path) -> None:
    wrong = (URL, RIVER.encode("cp1251"), {"Content-Type": "text/html; charset=utf-8"})
    (refused,) = read(tmp_path / "a.warc.gz", warc(wrong))
    assert "is not UTF-8, as the HTTP header or ENCODING= says; set ENCODING=" in str(refused.problems[0])
    assert str(refused.problems[0]).startswith(f"{tmp_path / 'a.warc.gz'} {URL}:1: byte 0xd0 at offset ")
    (tmp_path / "a.warc.gz.toml").write_text('encoding = "windows-1251"\n')
    (blog,) = read(tmp_path / "a.warc.gz", warc(wrong))
    assert blog.records[0].headline == "Шлюз открыт"


def test_an_unknown_http_charset_gives_way_to_the_page(tmp_path: Path) -> None:
    page = (URL, WITH_META.replace("1252", "1251").encode("cp1251"), {"Content-Type": "text/html; charset=x-none"})
    (blog,) = read(tmp_path / "a.warc.gz", warc(page))
    assert blog.records[0].headline == "Шлюз открыт"


def test_damaged_archive_gives_its_valid_pages(tmp_path: Path) -> None:
    data = warc(html(URL, BLOG), html(f"{URL}/2", BLOG), compressed=False)
    good, cut = read(tmp_path / "cut.warc", data[:-200])
    assert (len(good.records), good.problems) == (2, ())
    assert "cut short" in str(cut.problems[0])
    whole = read(tmp_path / "whole.warc.gz", gzip.compress(data))
    assert "compressed as one block" in str(whole[-1].problems[0])


def test_the_size_of_a_page_and_the_compression_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_PAGE", len(BLOG))
    results = read(tmp_path / "a.warc.gz", warc(html(URL, BLOG), html(URL, BLOG + "x"), html(URL, BLOG)))
    assert [len(result.records) for result in results] == [2, 0, 2]
    assert "the page has more than" in str(results[1].problems[0])
    bomb = warc(("https://a.example/", b" " * 30_000_000, {"Content-Type": "image/png"}))
    assert "unpacks to more than" in str(read(tmp_path / "bomb.warc.gz", bomb)[0].problems[0])


def test_missing_warcio_error_gives_the_install_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    (refused,) = read(tmp_path / "a.warc.gz", warc(html(URL, BLOG)))
    command = str(refused.problems[0]).partition("install it: ")[2]
    assert command == "python -m pip install warcio"


def test_progress_of_many_files_is_shown_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for number in range(21):
        (tmp_path / f"{number:02}.txt").write_text("Nothing\n")
    twenty_files = [str(tmp_path / f"{number:02}.txt") for number in range(20)]
    assert len(list(parse_files(twenty_files, Hints()))) == 20
    assert capsys.readouterr().err == ""
    list(parse_files([str(tmp_path)], Hints()))
    progress = capsys.readouterr().err
    assert "\r\x1b[K21/21 20.txt\r\x1b[K" in progress
    assert "\n" not in progress
