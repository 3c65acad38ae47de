"""Ranges of WARC files: each record is given once, whatever the ranges, and damage costs one record."""

import gzip
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_crawl import gzip_records, warc_record

from daybook.core.errors import ArchiveError
from daybook.parse.warc_records import RawRecord, WarcRange

LIMIT = 5_000


def records(number: int) -> list[bytes]:
    return [
        warc_record(
            "response", f"https://a.example/{each}", "2031-04-09T10:00:00Z", b"x\r\n\r\n" * (each * 7 % 40), each
        )
        for each in range(number)
    ]


def read(data: bytes, start: int = 0, stop: int | None = None, begins_at: int | None = None) -> list[RawRecord]:
    return list(WarcRange(BytesIO(data), start, stop, LIMIT, begins_at))


def read_in_ranges(data: bytes, cuts: Sequence[int]) -> list[RawRecord]:
    """Return the records of successive ranges; one that does not begin where the one before ended is read again."""
    bounds = [0, *cuts, None]
    found: list[RawRecord] = []
    expected: int | None = None
    for start, stop in pairwise(bounds):
        warc = WarcRange(BytesIO(data), start or 0, stop, LIMIT)
        records_of_range = list(warc)
        if expected is not None and warc.first != (expected if stop is None or expected < stop else None):
            warc = WarcRange(BytesIO(data), start or 0, stop, LIMIT, expected)
            records_of_range = list(warc)
        found += records_of_range
        expected = warc.next if warc.first is not None or warc.next is not None else expected
    return found


def text(record: bytes) -> bytes:
    return record.rstrip(b"\r\n")


@given(
    st.integers(1, 12),
    st.booleans(),
    st.sampled_from((b"", b"\0" * 512, b"\r\n")),
    st.lists(st.integers(0, 4_000), max_size=6),
)
def test_each_record_is_in_one_range(number: int, is_gzip: bool, end: bytes, cuts: list[int]) -> None:
    whole = records(number)
    data = (gzip_records(whole) + end.replace(b"\r\n", b"")) if is_gzip else b"".join(whole) + end.replace(b"\0", b"")
    found = read_in_ranges(data, sorted(cuts))
    assert [text(record.data) for record in found] == [text(record) for record in whole]
    assert not any(record.fault or record.is_cut for record in found)


@pytest.mark.parametrize("is_gzip", [False, True])
def test_the_offset_is_where_the_record_stands(is_gzip: bool) -> None:
    data = gzip_records(records(9)) if is_gzip else b"".join(records(9))
    for record in read(data):
        (again,) = read(data, record.offset, record.offset + 1)
        assert again == record


@pytest.mark.parametrize("is_gzip", [False, True])
@pytest.mark.parametrize("place", ["first bytes", "inside", "lost", "inserted"])
def test_damage_costs_one_record(is_gzip: bool, place: str) -> None:
    whole = records(9)
    packed = [gzip_records([record]) if is_gzip else record for record in whole]
    bad = bytearray(packed[4])
    if place == "first bytes":
        bad[:4] = b"\xff\xff\xff\xff"
    elif place == "inside":
        bad[len(bad) // 2 if is_gzip else bytes(bad).index(b"Content-Length") + 4] ^= 0xFF
    elif place == "lost":
        del bad[-30:]
    else:
        bad[len(bad) - 20 : len(bad) - 20] = b"noise"
    data = b"".join([*packed[:4], bytes(bad), *packed[5:]])
    found = read(data)
    assert [text(each.data) for each in found if not each.fault] == [text(each) for each in (*whole[:4], *whole[5:])]
    assert [each.offset for each in found if each.fault] == [len(b"".join(packed[:4]))]
    for cut in range(0, len(data), 97):
        assert read_in_ranges(data, [cut]) == found


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_file_that_ends_too_early(is_gzip: bool) -> None:
    data = gzip_records(records(5)) if is_gzip else b"".join(records(5))
    found = read(data[:-60])
    assert [bool(record.fault) for record in found] == [False] * 4 + [True]
    assert found[-1].fault == "the file ends inside a record"


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_large_record_is_cut(is_gzip: bool) -> None:
    large = warc_record("response", "https://a.example/", "2031-04-09T10:00:00Z", b"v" * 3_000_000)
    whole = [records(1)[0], large, records(2)[1]]
    found = read(gzip_records(whole) if is_gzip else b"".join(whole))
    assert [record.is_cut for record in found] == [False, True, False]
    assert found[1].data == large[:LIMIT]


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_web_archive_inside_a_record_misleads_only_a_range_that_is_told_nothing(is_gzip: bool) -> None:
    inner = gzip_records(records(3)) if is_gzip else b"\r\n" + b"".join(records(3))
    outer = warc_record("resource", "https://a.example/x", "2031-04-09T10:00:00Z", b"begin" + inner)
    whole = [outer, records(6)[5]]
    data = gzip_records(whole, level=0) if is_gzip else b"".join(whole)
    true_offset = len(gzip_records(whole[:1], level=0)) if is_gzip else len(outer)
    before = WarcRange(BytesIO(data), 0, 200, LIMIT)
    assert [text(record.data) for record in before] == [text(outer)[:LIMIT]]
    assert before.next == true_offset
    misled = WarcRange(BytesIO(data), 200, None, LIMIT)
    assert next(iter(misled)).offset < true_offset == before.next != misled.first
    (right,) = read(data, 200, None, begins_at=before.next)
    assert text(right.data) == text(whole[1])


def test_a_range_before_the_record_that_it_is_told_is_empty() -> None:
    data = b"".join(records(4))
    empty = WarcRange(BytesIO(data), 10, 20, LIMIT, begins_at=300)
    assert (list(empty), empty.first, empty.next) == ([], None, 300)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html>", "bytes that are not the headers"),
        (gzip.compress(b"<html>"), "does not begin with the headers"),
        (gzip.compress(b"".join(records(3))), "several records in one gzip member; save it again, each record"),
    ],
    ids=["HTML", "gzipped HTML", "one block"],
)
def test_a_file_that_is_no_warc_is_an_error(data: bytes, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        read(data)
