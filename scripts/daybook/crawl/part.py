"""Read one part of a WARC file and write its results into a folder, which appears whole or not at all.

    parts/NAME/captures.jsonl.gz  captures with entries: a gzip member each, on its lines the capture and its records
    parts/NAME/outcomes.jsonl.gz  a line for each page that was looked at closely, in the order of the file
    parts/NAME/report.json        counts, and where each capture is; with the key of a plan the part is finished

The memory does not depend on the file: one record is held at a time, and larger pages than the limits are refused. The
offset of the page that is being parsed is in a file. If parsing ends the process, the next one that reads the part
counts it; after two deaths the page is set aside.
"""

import datetime as dt
import errno
import gzip
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from daybook.archive.identity import live_blog_of
from daybook.core.errors import ArchiveError
from daybook.core.files import make_folder, sync_folder
from daybook.core.record import PageSource, Record, dump_record
from daybook.core.text import parse_instant
from daybook.crawl.plan import CrawlOptions, CrawlPart, open_location, reading_code
from daybook.parse.base.page import ClassifiedLine, Doubt, Hints, LineRole, Note, ParsedPage, Verdict
from daybook.parse.byte_test import may_hold_live_blog
from daybook.parse.containers import Capture, check_warcio, read_capture
from daybook.parse.input_files import ParsedFile, parse_capture
from daybook.parse.warc_records import RawRecord, WarcRange

PARTS = "parts"
CAPTURES_FILE, OUTCOMES_FILE, REPORT_FILE = "captures.jsonl.gz", "outcomes.jsonl.gz", "report.json"
UNFINISHED = ".unfinished"  # ending of the folders that are being written
READING = ".reading"  # ending of the files that name the page that is being read
MAX_DEATHS = 2
_LONGEST_SHOWN = 81  # characters; a report cuts lines that are longer than 80
_HEADERS = 200_000  # bytes of a record besides its page
_URL = re.compile(rb"^WARC-Target-URI:[ \t]*<?([^\s<>]{1,2000})", re.IGNORECASE | re.MULTILINE)
_VARIABLE = re.compile(r"'[^']*'|\"[^\"]*\"|\b0x[0-9a-f]+\b|\b\d[\d,.]*\b")
_NO_PAGE = " " * 20  # in place of an offset
_COUNTS = ("records", "bytes", "pages", "bytes of pages", "looked at", "captures", "entries")

# What became of a page that was looked at closely, besides the values of `Verdict`
LEFT_OUT, REFUSED, DAMAGED, SET_ASIDE, FAILED = "left out", "refused", "damaged", "set aside", "failed"


class PageOutcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one page; a line of JSON. `offset` is that of its record in the WARC file `address`."""

    address: str
    offset: int
    record: str = ""
    url: str = ""
    captured: str = ""
    outcome: str
    reason: str = ""
    entries: int = 0
    doubts: tuple[str, ...] = ()
    live_blog: str = ""
    sha256: str = ""


class StoredCapture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page with entries as results store it, without its records.

    Attributes:
        live_blog: What all captures of the live blog have in common (`live_blog_of`).
        address: The WARC file, in which its record begins at `offset`.
        origin: The same as `ParsedPage.origin`.
        days: The days of its records (UTC) in page order, each with the number of successive records.
        lines: The roles of its lines; the text only of those that reports show.
        problems: What could not be read: reason and line.
    """

    live_blog: str
    url: str
    captured: str
    title: str
    outlet: str
    sha256: str
    address: str
    offset: int
    origin: str
    days: tuple[tuple[dt.date, int], ...]
    verdict: Verdict
    kind: str
    line_unit: str
    lines: tuple[ClassifiedLine, ...]
    not_understood: int
    notes: tuple[Note, ...]
    doubts: tuple[Doubt, ...]
    problems: tuple[tuple[str, int], ...]

    def parsed_file(self, records: tuple[Record, ...]) -> ParsedFile:
        """Return what the parser gave for the page, except for the texts of lines that no report shows."""
        name = f"{self.address} {self.url}".rstrip()
        problems = tuple(ArchiveError(reason, path=name, line=line) for reason, line in self.problems)
        page = ParsedPage(
            name=name,
            records=records,
            lines=self.lines,
            notes=self.notes,
            problems=problems,
            doubts=self.doubts,
            verdict=self.verdict,
            kind=self.kind,
            sha256=self.sha256,
            line_unit=self.line_unit,
            origin=self.origin,
        )
        return ParsedFile(
            name=name,
            records=records,
            not_understood=self.not_understood,
            problems=problems,
            page=page,
            verdict=self.verdict,
            kind=self.kind,
            is_named=False,
        )


class CaptureIndex(Struct, frozen=True, kw_only=True):
    """Where a capture is: in its WARC file (`offset`), and in `CAPTURES_FILE` (`at`, `size`)."""

    live_blog: str
    url: str
    captured: str
    sha256: str
    offset: int
    at: int
    size: int


class PartReport(Struct, frozen=True, kw_only=True):
    """The result of a part. `first` and `next` are those of `WarcRange`, `stop` is None at the end of the file."""

    key: str
    address: str
    start: int
    stop: int | None
    first: int | None
    next: int | None
    counts: dict[str, int]
    outcomes: dict[str, int]
    reasons: dict[str, int]
    doubts: dict[str, int]
    captures: tuple[CaptureIndex, ...]


_encoder = msgspec.json.Encoder(order="deterministic")
_report_decoder = msgspec.json.Decoder(PartReport)


def read_part(part: CrawlPart, options: CrawlOptions, folder: str) -> str:
    """Read a part into ``parts/`` of a results folder, unless it is finished; return its name.

    Raises:
        ArchiveError: warcio is not installed, the file is no WARC, this process does not see the folder, or it has
            another version of Daybook than the process that planned the crawl.
        OSError: A file cannot be read or written.
    """
    check_warcio()
    parts = Path(folder) / PARTS
    if not parts.is_dir():
        raise ArchiveError("this worker does not see the folder; name one that all workers share", path=parts)
    if options.code != reading_code():
        raise ArchiveError("this worker has another version of Daybook or its libraries; install the same everywhere")
    report = load_report(parts / part.name)
    if report and report.key == part.key and (part.begins_at is None or report.first == part.first_record):
        return part.name
    unfinished = parts / f".{part.name}.{os.urandom(4).hex()}{UNFINISHED}"
    unfinished.mkdir()
    try:
        _write_part(part, options, parts, unfinished)
        sync_folder(unfinished)
        target = parts / part.name
        shutil.rmtree(target, ignore_errors=True)
        try:
            unfinished.rename(target)
        except OSError as error:  # another worker, which the engine had given up, has just finished the part
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        sync_folder(parts)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    (parts / f".{part.name}{READING}").unlink(missing_ok=True)
    return part.name


def load_report(part_folder: Path) -> PartReport | None:
    """Return the report of a part, None if it is not finished or another version of Daybook wrote it."""
    try:
        return _report_decoder.decode((part_folder / REPORT_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
        return None


def _write_part(part: CrawlPart, options: CrawlOptions, parts: Path, unfinished: Path) -> None:
    counts: Counter[str] = Counter(dict.fromkeys(_COUNTS, 0))
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    doubts: Counter[str] = Counter()
    index: list[CaptureIndex] = []
    with (
        open_location(part.location) as stream,
        _writing(unfinished / CAPTURES_FILE) as captures,
        _writing(unfinished / OUTCOMES_FILE) as packed,
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=6) as lines,
        _Deaths(parts / f".{part.name}{READING}") as deaths,
    ):
        records = WarcRange(stream, part.start, part.stop, options.max_page + _HEADERS, part.begins_at)
        for record in _named_errors(records, part):
            counts["records"] += 1
            counts["bytes"] += len(record.data)
            outcome, stored = _read_record(record, part, options, deaths, counts)
            if outcome is None:
                continue
            lines.write(_encoder.encode(outcome) + b"\n")
            outcomes[outcome.outcome] += 1
            doubts.update(outcome.doubts)
            if outcome.reason:
                reasons[_general(outcome.outcome, outcome.reason)] += 1
            if stored:
                capture, packed_capture = stored
                index.append(
                    CaptureIndex(
                        live_blog=capture.live_blog,
                        url=capture.url,
                        captured=capture.captured,
                        sha256=capture.sha256,
                        offset=capture.offset,
                        at=captures.tell(),
                        size=len(packed_capture),
                    )
                )
                captures.write(packed_capture)
                counts["captures"] += 1
                counts["entries"] += outcome.entries
    report = PartReport(
        key=part.key,
        address=part.address,
        start=part.start,
        stop=part.stop,
        first=records.first,
        next=records.next,
        counts=counts,
        outcomes=outcomes,
        reasons=reasons,
        doubts=doubts,
        captures=tuple(index),
    )
    with _writing(unfinished / REPORT_FILE) as file:
        file.write(_encoder.encode(report))


def _named_errors(records: WarcRange, part: CrawlPart) -> Iterator[RawRecord]:
    try:
        yield from records
    except ArchiveError as error:
        raise error.at(part.address) from error


def _read_record(
    record: RawRecord, part: CrawlPart, options: CrawlOptions, deaths: "_Deaths", counts: Counter[str]
) -> tuple[PageOutcome | None, tuple[StoredCapture, bytes] | None]:
    """Return the outcome of a record's page, None if it is no page or an ordinary one, and a capture with entries."""
    try:
        if record.fault:
            raise ArchiveError(record.fault)
        capture = read_capture(record.data, options.max_page)
    except ArchiveError as error:
        url = match[1].decode(errors="replace") if (match := _URL.search(record.data)) else ""
        outcome = PageOutcome(address=part.address, offset=record.offset, url=url, outcome=DAMAGED, reason=error.reason)
        return outcome, None
    if capture is None:
        return None, None
    counts["pages"] += 1
    counts["bytes of pages"] += len(capture.data)
    if not (capture.fault or options.every_page or may_hold_live_blog(capture.data, capture.encoding)):
        return None, None
    counts["looked at"] += 1
    outcome = PageOutcome(
        address=part.address,
        offset=record.offset,
        record=capture.record,
        url=capture.url,
        captured=capture.captured,
        outcome=REFUSED,
    )
    replace = msgspec.structs.replace
    if (tags := capture.data.count(b"<")) > options.max_tags:
        return replace(outcome, reason=f"the page has {tags:,} tags, more than {options.max_tags:,}"), None
    if deaths.of(record.offset) >= MAX_DEATHS:
        reason = f"{MAX_DEATHS} workers ended while they read the page"
        return replace(outcome, outcome=SET_ASIDE, reason=reason), None
    with deaths.reading(record.offset):
        try:
            parsed = parse_capture(capture, part.address, Hints(), options.outlets, part.path)
            found = _describe(parsed, outcome), _store(parsed, capture, part, record.offset)
        except Exception as error:  # a fault of the parser must not lose the other pages of the part
            reason = f"the parser failed: {type(error).__name__}: {error}"[:300]
            found = replace(outcome, outcome=FAILED, reason=reason), None
    return found


def _describe(parsed: ParsedFile, outcome: PageOutcome) -> PageOutcome:
    """Complete the outcome of a page that was parsed."""
    replace = msgspec.structs.replace
    if parsed.page is None:
        reason = parsed.problems[0].reason if parsed.problems else f"{parsed.kind}: {parsed.refusal}"
        return replace(outcome, outcome=REFUSED if parsed.problems else LEFT_OUT, reason=reason)
    page = parsed.page
    reason = page.problems[0].reason if page.problems else ""
    if page.verdict is Verdict.NOT_UNDERSTOOD and page.notes:
        reason = reason or page.notes[0].text
    source = page.records[0].source if page.records else None
    return replace(
        outcome,
        outcome=page.verdict.value,
        reason=reason,
        entries=len(page.records),
        doubts=tuple(doubt.kind for doubt in page.doubts),
        live_blog=live_blog_of(source) if source else "",
        sha256=page.sha256,
    )


def _store(parsed: ParsedFile, capture: Capture, part: CrawlPart, offset: int) -> tuple[StoredCapture, bytes] | None:
    """Return a page with entries as `StoredCapture`, and the gzip member with its records; None for a page without."""
    page = parsed.page
    if page is None or not page.records:
        return None
    source = page.records[0].source or PageSource()
    stored = StoredCapture(
        live_blog=live_blog_of(source),
        url=capture.url,
        captured=capture.captured,
        title=source.title,
        outlet=source.outlet,
        sha256=page.sha256,
        address=part.address,
        offset=offset,
        origin=page.origin,
        days=tuple((day, sum(1 for _ in same)) for day, same in groupby(map(_utc_day, page.records))),
        verdict=page.verdict,
        kind=page.kind,
        line_unit=page.line_unit,
        lines=tuple(map(_shown_line, page.lines)),
        not_understood=parsed.not_understood,
        notes=page.notes,
        doubts=page.doubts,
        problems=tuple((problem.reason, problem.line) for problem in page.problems),
    )
    rows = [_encoder.encode(stored), *(dump_record(record).encode() for record in page.records), b""]
    return stored, gzip.compress(b"\n".join(rows), 6, mtime=0)


def _utc_day(record: Record) -> dt.date:
    if record.date is not None:
        return record.date
    return parse_instant(record.at).astimezone(dt.UTC).date()


def _shown_line(line: ClassifiedLine) -> ClassifiedLine:
    """Leave out the text of a line that neither a ledger nor a report shows: it is the outlet's page."""
    if line.role is LineRole.NOT_UNDERSTOOD:
        return line
    text = line.text[:_LONGEST_SHOWN] if line.role is LineRole.BOILERPLATE else ""
    return msgspec.structs.replace(line, text=text)


def _general(outcome: str, reason: str) -> str:
    """Return a reason without numbers and names, by which pages are counted."""
    return f"{outcome}: {_VARIABLE.sub('…', reason.partition(';')[0])[:120]}"


@contextmanager
def _writing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file; its bytes are on disk at the end."""
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


class _Deaths:
    """How often processes ended at pages of a part, in a file that outlives them: ``offset deaths`` lines.

    The first line is the offset of the page that is being read, of a fixed width: it is overwritten in place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._deaths: Counter[int] = Counter()
        self._file = -1

    def __enter__(self) -> "_Deaths":
        rows = self._path.read_text().splitlines() if self._path.is_file() else []
        for row in rows[1:]:
            offset, deaths = row.split()
            self._deaths[int(offset)] = int(deaths)
        if rows and (reading := rows[0].strip()):
            self._deaths[int(reading)] += 1
        known = "".join(f"{offset} {deaths}\n" for offset, deaths in sorted(self._deaths.items()))
        new = self._path.with_suffix(f".{os.urandom(4).hex()}.new")
        new.write_text(f"{_NO_PAGE}\n{known}")
        new.replace(self._path)
        self._file = os.open(self._path, os.O_WRONLY)
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._file)

    def of(self, offset: int) -> int:
        """Return how many processes ended while they read the page at an offset."""
        return self._deaths[offset]

    @contextmanager
    def reading(self, offset: int) -> Iterator[None]:
        """Name the page at an offset while it is read."""
        os.pwrite(self._file, f"{offset:{len(_NO_PAGE)}}".encode(), 0)
        try:
            yield
        finally:
            os.pwrite(self._file, _NO_PAGE.encode(), 0)


def prepare_parts(folder: Path, planned: Sequence[CrawlPart]) -> None:
    """Create ``parts/``; remove what an interrupted run left, and parts of the same files with other ranges."""
    parts = folder / PARTS
    make_folder(parts)
    remove_unfinished(folder)
    kept = {part.name for part in planned}
    addresses = {part.name.partition("-")[0] for part in planned}
    for path in sorted(parts.iterdir()):
        if path.name.partition("-")[0] in addresses and path.name not in kept:
            shutil.rmtree(path)


def remove_unfinished(folder: Path) -> None:
    """Remove what workers left that have ended; the names of all these files begin with a full stop."""
    for path in sorted((folder / PARTS).glob(".*")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
