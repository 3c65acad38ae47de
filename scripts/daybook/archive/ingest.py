"""Records of pages → day files, with an account of every entry: what `make ingest` does."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from daybook.archive.content import day_file_path, list_content_files
from daybook.archive.day_file import dump_day, load_day
from daybook.archive.from_record import IncomingEntry, entry_from_record
from daybook.archive.merge import MergeResult, Outcome, merge_day
from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file, replace_file
from daybook.core.model import Day, minute_of_day
from daybook.parse.base.page import ClassifiedLine, LineRole, ParsedPage
from daybook.parse.input_files import ParsedFile


class IngestResult(Struct, frozen=True, kw_only=True):
    """What became of one page or file: entries by outcome, changed files, and what went wrong."""

    name: str
    outcomes: dict[Outcome, int]
    not_understood: int
    written: tuple[Path, ...]
    problems: tuple[ArchiveError, ...]


class IngestOptions(Struct, frozen=True, kw_only=True):
    """Where entries go: the content folder, the archive's zone, forced entries, dry or not."""

    content: Path
    zone: ZoneInfo
    accepted: frozenset[str] = frozenset()
    dry: bool = False


def ingest(parsed: ParsedFile, target: IngestOptions) -> IngestResult:
    """Merge a parsed file into the day files; a day that fails is named and the others are written."""
    problems: list[ArchiveError] = []
    outcomes: Counter[Outcome] = Counter()
    written: dict[Path, None] = {}
    for page in _pages(parsed, target.zone, problems):
        by_date: dict[dt.date, list[IncomingEntry]] = {}
        for arrival in page:
            by_date.setdefault(arrival.date, []).append(arrival)
        for date, arrivals in sorted(by_date.items()):
            path = day_file_path(target.content, date)
            try:
                try:
                    merged, changed = _take(date, arrivals, target)
                except ArchiveError:
                    fit, unfit = _parted(arrivals, parsed.name)
                    if not unfit:
                        raise
                    problems += unfit
                    outcomes[Outcome.NEEDS_REVIEW] += len(unfit)
                    merged, changed = _take(date, fit, target)
            except ArchiveError as error:
                problems.append(error.at(path))
                continue
            except OSError as error:
                problems.append(ArchiveError(error.strerror or "cannot be read or written", path=path))
                continue
            written |= {path: None} if changed else {}
            outcomes.update(merged.outcomes)
            problems += [
                ArchiveError(f"#{held.anchor} held back: {held.reason}", path=path) for held in merged.review_items
            ]
    return IngestResult(
        name=parsed.name,
        outcomes=dict(outcomes),
        not_understood=parsed.not_understood,
        written=tuple(written),
        problems=tuple(problems),
    )


def write_ledger(page: ParsedPage, target: IngestOptions) -> None:
    """Keep what became of a page's lines with the archive."""
    path = ledger_path(target.content, page)
    if path is not None and not target.dry:
        replace_file(path, dump_ledger(page).encode(), durable=True)


def store_anchors(target: IngestOptions) -> IngestResult:
    """Store the anchors of entries that were typed by hand, in every day file."""
    written: list[Path] = []
    problems: list[ArchiveError] = []
    for path in list_content_files(target.content / "days"):
        try:
            if _write(path, load_or_create_day(path, None), target.dry):
                written.append(path)
        except ArchiveError as error:
            problems.append(error)
    name = str(target.content / "days")
    return IngestResult(name=name, outcomes={}, not_understood=0, written=tuple(written), problems=tuple(problems))


def load_or_create_day(path: Path, date: dt.date | None) -> Day:
    """Read a day file; where none exists, give the empty day of `date`."""
    if date is not None and not path.exists():
        return Day(date=date, title="")
    try:
        day = load_day(read_text_file(path))
    except ArchiveError as error:
        raise error.at(path) from None
    if date not in (None, day.date):
        raise ArchiveError(f"this file says it is the day {day.date}; correct its `date`", path=path)
    return day


def forced_anchors(date: dt.date, forced: Iterable[str]) -> frozenset[str]:
    """Pick a date's anchors from names such as ``2023-06-02#t1329``."""
    pairs = (name.partition("#") for name in forced)
    return frozenset(anchor for day, _, anchor in pairs if day == date.isoformat())


def _write(path: Path, day: Day, dry: bool) -> bool:
    data = dump_day(day).encode()
    if dry:
        return not path.exists() or path.read_bytes() != data
    return replace_file(path, data, durable=True)


def _take(date: dt.date, arrivals: Sequence[IncomingEntry], target: IngestOptions) -> tuple[MergeResult, bool]:
    """Merge entries into the file of their day; say whether it changed."""
    path = day_file_path(target.content, date)
    day = load_or_create_day(path, date)
    merged = merge_day(day, arrivals, forced_anchors(date, target.accepted))
    return merged, merged.day != day and _write(path, merged.day, target.dry)


def _parted(arrivals: Sequence[IncomingEntry], page: str) -> tuple[list[IncomingEntry], list[ArchiveError]]:
    """Part the entries of a day from those that no day file can hold, each of them named."""
    fit: list[IncomingEntry] = []
    unfit: list[ArchiveError] = []
    for arrival in arrivals:
        entry = arrival.entry
        try:
            dump_day(merge_day(Day(date=arrival.date, title=""), [arrival]).day)
            fit.append(arrival)
        except ArchiveError as error:
            name = f"{arrival.date} {entry.time or ''}".rstrip()
            said = (entry.headline or entry.body)[:60]
            unfit.append(ArchiveError(f"the entry of {name}, {said!r}, is left out: {error.reason}", path=page))
    return fit, unfit


def _pages(parsed: ParsedFile, zone: ZoneInfo, problems: list[ArchiveError]) -> list[list[IncomingEntry]]:
    """Turn records into arrivals, page by page, each in the order it happened."""
    pages: dict[object, list[IncomingEntry]] = {}
    for number, record in enumerate(parsed.records, start=1):
        try:
            pages.setdefault(record.source, []).append(entry_from_record(record, zone))
        except ArchiveError as error:
            problems.append(ArchiveError(f"record {number}: {error.reason}", path=parsed.name))
    return [_covered(_oldest_first(page)) for page in pages.values()]


def _oldest_first(page: list[IncomingEntry]) -> list[IncomingEntry]:
    """Turn a newest-first page round: of two entries in a minute the lower is the earlier."""
    moments = [(item.date, item.entry.time) for item in page if item.entry.time is not None]
    falls = sum(later < earlier for earlier, later in pairwise(moments))
    rises = sum(later > earlier for earlier, later in pairwise(moments))
    return page[::-1] if falls > rises or (falls == rises and page[0].source) else page


def _covered(page: Sequence[IncomingEntry]) -> list[IncomingEntry]:
    """Say of each day what its page covered: all between its first and its last entry."""
    timed = [(item.date, item.entry.time) for item in page if item.entry.time is not None]
    if not timed or page[0].source is None:
        return list(page)
    (first_day, first), (last_day, last) = min(timed), max(timed)
    return [
        msgspec.structs.replace(
            item,
            covered=(
                minute_of_day(first) if item.date == first_day else 0,
                minute_of_day(last) if item.date == last_day else 24 * 60,
            ),
        )
        for item in page
    ]


def ledger_folder(content: Path) -> Path:
    """Name the folder of all ledgers; a link in its place is an ArchiveError."""
    folder = content / "ledger"
    if folder.is_symlink():
        raise ArchiveError("symbolic links are not allowed in the content folder; move the folder here", path=folder)
    return folder


def ledger_path(content: Path, page: ParsedPage) -> Path | None:
    """Name a page's ledger; None for a page that gave no entry."""
    source = page.records[0].source if page.records else None
    if source is None or source.date is None or not source.sha256:
        return None
    return ledger_folder(content) / f"{source.date}-{source.sha256[:8]}.txt"


def dump_ledger(page: ParsedPage) -> str:
    """Write a page's ledger: same page, same bytes."""
    source = page.records[0].source
    rows = [f"page: {PurePath(page.name).name}", f"sha256: {source.sha256 if source else ''}"]
    rows.append(f"entries: {len(page.records)}")
    for label, lines in groupby(page.lines, _label):
        run = list(lines)
        first, last = run[0].number, run[-1].number
        rows.append(f"{first}-{last} {label}" if first != last else f"{first} {label}")
    return "\n".join([*rows, *(f"problem: {problem.reason}" for problem in page.problems), ""])


def _label(line: ClassifiedLine) -> str:
    detail = line.text if line.role is LineRole.NOT_UNDERSTOOD else line.reason
    return f"{line.role.value}: {detail}" if detail else line.role.value
