"""Test ages in elements beside the clocks, and zones that are written out or not known."""

import gzip
from pathlib import Path

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.byte_test import may_hold_live_blog
from daybook.parse.input_files import parse_files, read_hints

TEXTS = ("The boat is in at last.", "The boat is late again.", "The boat left in the rain.", "It waits at the quay.")
CLOCKS = ("18:20", "17:44", "16:30", "13:12")
AGES = ("10 minutes ago", "46 minutes ago", "2 hours ago", "5 hours ago")
ARABIC_AGES = ("منذ 10 دقائق", "منذ 46 دقيقة", "منذ ساعتين", "منذ 5 ساعات")
SAVED = "<!--\n Page saved with SingleFile \n url: https://quay.example/live \n saved date: {}\n-->"


def read(page: str, **hints: str) -> ParsedPage:
    return parse(page.encode(), read_hints({"zone": "Asia/Riyadh", **hints}), "page.html")


def page_of(stamps: list[str], *, comment: str = "", title: str = "Quay live") -> str:
    posts = "".join(
        f'<div class="post"><div class="when">{at}</div><h2>Boat {number}</h2><p>{text}</p></div>'
        for number, (at, text) in enumerate(zip(stamps, TEXTS, strict=True))
    )
    head = f'<html>{comment}<head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><h1>{title}</h1><div>{posts}</div></body></html>"


def stamps_of(zone: str, ages: tuple[str, ...]) -> list[str]:
    pairs = zip(ages, CLOCKS, strict=True)
    return [f'<span class="ago">{age}</span><span class="at">({clock} {zone})</span>' for age, clock in pairs]


AT = [f"2031-04-09T{clock}:00Z" for clock in CLOCKS]


@pytest.mark.parametrize(
    ("zone", "ages"),
    [("GMT", AGES), ("غرينتش", ARABIC_AGES), ("بتوقيت غرينتش", ARABIC_AGES), ("по Гринвичу", AGES)],
)
def test_an_age_in_an_element_beside_a_clock_gives_its_day(zone: str, ages: tuple[str, ...]) -> None:
    page = read(page_of(stamps_of(zone, ages)), captured="2031-04-09T18:30:00Z")
    assert ([each.at for each in page.records], page.doubts) == (AT, ())
    assert [each.headline for each in page.records] == [f"Boat {number}" for number in range(4)]


@pytest.mark.parametrize("name", ["GMT+03:00", "توقيت السعودية", "Ora standard dell’Arabia", "中国标准时间"])
def test_the_time_of_saving_has_the_offset_that_the_browser_wrote(name: str) -> None:
    comment = SAVED.format(f"Wed Apr 09 2031 21:30:44 GMT+0300 ({name})")
    page = read(page_of(stamps_of("GMT", AGES), comment=comment))
    assert [each.at for each in page.records] == AT
    assert page.records[0].source and page.records[0].source.captured == "2031-04-09T21:30:44+03:00"


def test_a_word_in_the_brackets_of_all_clocks_is_a_doubt_and_no_text() -> None:
    page = read(page_of([f"({clock} Zulutid)" for clock in CLOCKS]), date="2031-04-09")
    assert [each.kind for each in page.doubts] == ["zone"]
    assert "Zulutid" in page.doubts[0].text
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)


@pytest.mark.parametrize("unit", ["Uhr", "ч.", "hod."])
def test_clocks_with_a_comma_and_a_unit(unit: str) -> None:
    stamps = [f"<b>{clock.replace(':', ',')} {unit}</b>" for clock in CLOCKS]
    page = page_of(stamps)
    assert may_hold_live_blog(page.encode())
    found = read(page, zone="UTC", date="2031-04-09")
    assert [each.at for each in found.records] == AT


@pytest.mark.parametrize("declared", ["http", "meta"])
def test_a_title_in_another_encoding_calls_a_page_live(declared: str, tmp_path: Path) -> None:
    page = page_of([f"({clock} ч.)" for clock in CLOCKS], title="НА ЖИВО: Корабът").replace("utf-8", "windows-1251")
    page = page if declared == "meta" else page.replace('<meta charset="windows-1251">', "")
    page = page.replace(f"({CLOCKS[0]}", CLOCKS[0]).replace("<h2>", "<p>").replace("</h2>", "</p>")
    body = page.encode("windows-1251")
    header = b"; charset=windows-1251" if declared == "http" else b""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html%b\r\nContent-Length: %d\r\n\r\n%b" % (header, len(body), body)
    record = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    record += b"WARC-Target-URI: https://quay.example/live\r\nWARC-Date: 2031-04-09T18:30:00Z\r\n"
    record += b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(record % (len(http), http)))
    hints = read_hints({"zone": "UTC", "date": "2031-04-09"})
    [parsed] = parse_files([str(path)], hints, ())
    assert [each.at for each in parsed.records] == AT


@pytest.mark.parametrize("title", ["НА ЖИВО: Корабът", "Зараз: хроніка дня"])
def test_the_byte_test_reads_titles_in_the_declared_encoding(title: str) -> None:
    page = f'<html><head><meta charset="windows-1251"><title>{title}</title></head><body></body></html>'
    assert may_hold_live_blog(page.encode("windows-1251"))
    bare = page.replace('<meta charset="windows-1251">', "").encode("windows-1251")
    assert may_hold_live_blog(bare, "cp1251")
    assert not may_hold_live_blog(bare)
