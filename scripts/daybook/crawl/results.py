"""Join the parts of a crawl: records by live blog and day, a list of live blogs, outcomes, a summary.

    results/live-blogs/FOLDER/captures.jsonl.gz   the captures of a live blog by time, each with its place in the crawl
    results/live-blogs/FOLDER/2031-04-09.jsonl.gz  their records of that day (UTC), capture by capture, in page order
    results/live-blogs.csv                         the list
    results/outcomes.jsonl.gz                      a line for each page that was looked at closely
    results/summary.json

All of it depends only on what the parts found, not on when and by whom they were read. The folder is replaced as a
whole. Each capture adds a gzip member to a file, so that no live blog has to fit into the memory.
"""

import csv
import gzip
import hashlib
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from daybook.archive.identity import capture_sort_key, live_blog_of
from daybook.core.errors import ArchiveError
from daybook.core.files import make_folder, sync_folder
from daybook.core.hashing import digest
from daybook.core.model import Source
from daybook.core.record import Record, load_record
from daybook.crawl.part import CAPTURES_FILE, OUTCOMES_FILE, PARTS, CaptureIndex, PartReport, StoredCapture, load_report
from daybook.crawl.plan import CrawlPart, part_name, reading_code
from daybook.parse.input_files import ParsedFile

RESULTS = "results"
_NEW, _OLD = ".results.new", ".results.old"
_LIVE_BLOGS, _LIST, _SUMMARY = "live-blogs", "live-blogs.csv", "summary.json"
_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 60  # characters of an address in the name of a folder
_AGAIN = "run daybook crawl again with the same --out"
_encoder = msgspec.json.Encoder(order="deterministic")


class LiveBlog(Struct, frozen=True, kw_only=True):
    """A row of the list: a live blog that was found. `entries` that differ in time, headline or text count each."""

    live_blog: str
    title: str
    outlet: str
    first_day: str
    last_day: str
    days: int
    entries: int
    captures: int
    first_capture: str
    last_capture: str
    folder: str


class Summary(Struct, frozen=True, kw_only=True):
    """The sums of a crawl. `outcomes`, `reasons` and `doubts` count pages that were looked at closely."""

    digest: str  # of what all parts found
    files: int
    parts: int
    counts: dict[str, int]
    live_blogs: int
    duplicates: int
    outcomes: dict[str, int]
    reasons: dict[str, int]
    doubts: dict[str, int]


def wrong_starts(parts: Sequence[CrawlPart], reports: Sequence[PartReport]) -> list[CrawlPart]:
    """Return parts that do not begin at the record at which the part before them ended, with the offset of that record.

    Their search was misled by a web archive inside a record, or began behind damaged bytes. They must be read again.
    """
    planned = {part.name: part for part in parts}
    wrong = []
    for _, same_file in groupby(reports, lambda report: report.address):
        expected: int | None = None
        for report in same_file:
            part = planned.get(part_name(report.address, report.start))
            if expected is not None and part is not None:
                part = msgspec.structs.replace(part, begins_at=expected)
                if report.first != part.first_record:
                    wrong.append(part)
                    if part.first_record is not None:
                        break  # where it ends is known when it has been read again
                    continue
            if report.first is not None or report.next is not None:
                expected = report.next
    return wrong


def load_reports(folder: Path) -> list[PartReport]:
    """Return the reports of all finished parts in a results folder, by file and offset."""
    reports = filter(None, map(load_report, sorted((folder / PARTS).glob("[!.]*"))))
    return sorted(reports, key=lambda report: (report.address, report.start))


def gather(folder: Path, reports: Sequence[PartReport]) -> Summary:
    """Write ``results/`` anew from all parts, unless it is there already; return the summary."""
    found = digest(reading_code(), [msgspec.structs.replace(report, key="") for report in reports]).hex()
    for leftover in (_NEW, _OLD):
        shutil.rmtree(folder / leftover, ignore_errors=True)
    if (summary := _load_summary(folder)) and summary.digest == found:
        return summary
    new = folder / _NEW
    make_folder(new / _LIVE_BLOGS)
    entries = [(report, index) for report in reports for index in report.captures]
    entries.sort(key=lambda entry: _capture_order(*entry))
    rows = []
    duplicates = 0
    for name, captures in groupby(entries, lambda entry: entry[1].live_blog):
        kept: dict[str, tuple[PartReport, CaptureIndex]] = {}
        for report, index in captures:
            duplicates += index.sha256 in kept
            kept.setdefault(index.sha256, (report, index))
        rows.append(_write_live_blog(folder, new / _LIVE_BLOGS, name, list(kept.values())))
    sync_folder(new / _LIVE_BLOGS)
    _write(new / _LIST, _csv(rows).encode())
    with (new / OUTCOMES_FILE).open("xb") as file:
        for report in reports:
            file.write((folder / PARTS / part_name(report.address, report.start) / OUTCOMES_FILE).read_bytes())
        _sync(file)
    summary = Summary(
        digest=found,
        files=len({report.address for report in reports}),
        parts=len(reports),
        counts=_sum(report.counts for report in reports),
        live_blogs=len(rows),
        duplicates=duplicates,
        outcomes=_sum(report.outcomes for report in reports),
        reasons=_sum(report.reasons for report in reports),
        doubts=_sum(report.doubts for report in reports),
    )
    _write(new / _SUMMARY, msgspec.json.format(_encoder.encode(summary), indent=2) + b"\n")
    sync_folder(new)
    if (folder / RESULTS).exists():
        (folder / RESULTS).rename(folder / _OLD)
    new.rename(folder / RESULTS)
    sync_folder(folder)
    shutil.rmtree(folder / _OLD, ignore_errors=True)
    return summary


def list_live_blogs(folder: Path) -> list[LiveBlog]:
    """Return the live blogs of a results folder; raise ArchiveError if there is no finished crawl in it."""
    rows = csv.DictReader(io.StringIO(list_as_csv(folder)))
    return [msgspec.convert(row, LiveBlog, strict=False) for row in rows]


def list_as_csv(folder: Path) -> str:
    """Return the list of live blogs as CSV; raise ArchiveError if there is no finished crawl in the folder."""
    path = folder / RESULTS / _LIST
    if not path.is_file():
        raise ArchiveError(f"no finished crawl is in this folder; {_AGAIN}", path=folder)
    return path.read_bytes().decode("utf-8")


def read_live_blog(folder: Path, name: str) -> Iterator[ParsedFile]:
    """Yield the captures of a live blog by time, as the parser gave them.

    `name` is the live blog's address, or what the list shows for it. Raises ArchiveError if the crawl has no such live
    blog, or a file of it is damaged.
    """
    wanted = {name, live_blog_of(Source(url=name))}
    row = next((row for row in list_live_blogs(folder) if {row.live_blog, row.folder} & wanted), None)
    if row is None:
        cure = f"daybook crawl --list {folder} lists what was found"
        raise ArchiveError(f"the crawl has no live blog {name}; {cure}", path=folder)
    source = folder / RESULTS / _LIVE_BLOGS / row.folder
    days: dict[str, Iterator[bytes]] = {}
    for line in _packed_lines(source / CAPTURES_FILE):
        capture = _decode_capture(line, source / CAPTURES_FILE)
        records: list[Record] = []
        for day, number in capture.days:
            path = source / f"{day}.jsonl.gz"
            lines = list(islice(days.setdefault(path.name, _packed_lines(path)), number))
            if len(lines) < number:
                raise ArchiveError(f"lines are missing; {_AGAIN}", path=path)
            records += map(load_record, lines)
        yield capture.parsed_file(tuple(records))


def _capture_order(report: PartReport, index: CaptureIndex) -> tuple[Any, ...]:
    """Return a sort key: live blog by live blog, the captures of each by time, then by what does not change."""
    time = capture_sort_key(Source(captured=index.captured))
    return index.live_blog, time, index.sha256, index.url, report.address, index.offset


def _write_live_blog(
    folder: Path, target: Path, name: str, captures: Sequence[tuple[PartReport, CaptureIndex]]
) -> LiveBlog:
    slug = _UNSAFE.sub("-", name.lower())[:_LONGEST_NAME].strip("-")
    own = target / f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
    own.mkdir()
    known: set[bytes] = set()
    last: StoredCapture | None = None
    for report, index in captures:
        capture, lines = _read_capture(folder, report, index)
        by_day: dict[str, list[bytes]] = {}
        start = 0
        for day, number in capture.days:
            by_day.setdefault(str(day), []).extend(lines[start : start + number])
            start += number
        _append(own / CAPTURES_FILE, [_encoder.encode(capture)])
        for day_name, day_lines in by_day.items():
            _append(own / f"{day_name}.jsonl.gz", day_lines)
        known.update(map(_wording, lines))
        last = capture
    assert last is not None  # groupby gives no empty group
    for path in own.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(own)
    days = sorted(path.name.removesuffix(".jsonl.gz") for path in own.iterdir() if path.name != CAPTURES_FILE)
    times = [index.captured for _, index in captures if index.captured]
    return LiveBlog(
        live_blog=name,
        title=last.title,
        outlet=last.outlet,
        first_day=days[0],
        last_day=days[-1],
        days=len(days),
        entries=len(known),
        captures=len(captures),
        first_capture=times[0] if times else "",
        last_capture=times[-1] if times else "",
        folder=own.name,
    )


def _read_capture(folder: Path, report: PartReport, index: CaptureIndex) -> tuple[StoredCapture, list[bytes]]:
    """Return a capture and its records, a JSON line each, from the file of its part."""
    path = folder / PARTS / part_name(report.address, report.start) / CAPTURES_FILE
    with path.open("rb") as file:
        file.seek(index.at)
        packed = file.read(index.size)
    try:
        first, *lines = gzip.decompress(packed).splitlines()
    except (OSError, EOFError, ValueError) as error:
        cure = f"delete the folder {path.parent} and {_AGAIN}"
        raise ArchiveError(f"damaged: {error}; {cure}", path=path) from error
    return _decode_capture(first, path), lines


def _decode_capture(line: bytes, path: Path) -> StoredCapture:
    try:
        return msgspec.json.decode(line, type=StoredCapture)
    except msgspec.MsgspecError as error:
        raise ArchiveError(f"not a capture of this version of Daybook: {error}; {_AGAIN}", path=path) from error


def _wording(line: bytes) -> bytes:
    record = load_record(line)
    body = next(text for text in (record.text, record.html, record.markdown) if text is not UNSET)
    return digest(record.at, record.date, record.headline, body)


def _packed_lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) as file:
            for line in file:
                yield line.rstrip(b"\n")
    except (OSError, EOFError, ValueError) as error:
        raise ArchiveError(f"missing or damaged: {error}; {_AGAIN}", path=path) from error


def _append(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("ab") as file:
        file.write(gzip.compress(b"".join(line + b"\n" for line in lines), 6, mtime=0))


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        _sync(file)


def _sync(file: io.BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())


def _csv(rows: Sequence[LiveBlog]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LiveBlog.__struct_fields__)
    writer.writerows(msgspec.structs.astuple(row) for row in rows)
    return text.getvalue()


def _load_summary(folder: Path) -> Summary | None:
    try:
        return msgspec.json.decode((folder / RESULTS / _SUMMARY).read_bytes(), type=Summary)
    except (OSError, msgspec.MsgspecError):
        return None


def _sum(counters: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return dict(total)
