"""Records of pages → day files, with an account of every entry: what `make ingest` does."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from .archive import content_files, day_path
from .daybook import dump_day, load_day
from .entries import Incoming, incoming
from .errors import ArchiveError
from .ledger import dump_ledger, ledger_path
from .merge import Merged, Outcome, merge_day
from .model import Day
from .parsing import Page
from .records import Record
from .storage import read_text, replace_file


class Batch(Struct, frozen=True, kw_only=True):
    """The records of one page or record file; `not_understood` counts its unclaimed lines."""

    name: str
    records: tuple[Record, ...]
    not_understood: int = 0


class Account(Struct, frozen=True, kw_only=True):
    """What became of one batch: entries by outcome, changed files, and what went wrong."""

    name: str
    outcomes: dict[Outcome, int]
    not_understood: int
    written: tuple[Path, ...]
    problems: tuple[ArchiveError, ...]


class Target(Struct, frozen=True, kw_only=True):
    """Where entries go: the content folder, the archive's zone, forced entries, dry or not."""

    content: Path
    zone: ZoneInfo
    forced: frozenset[str] = frozenset()
    dry: bool = False


def ingest(batch: Batch, target: Target) -> Account:
    """Merge one batch into the day files; a day that fails is named and the others are written."""
    problems: list[ArchiveError] = []
    outcomes: Counter[Outcome] = Counter()
    written: dict[Path, None] = {}
    for page in _pages(batch, target.zone, problems):
        by_date: dict[dt.date, list[Incoming]] = {}
        for arrival in page:
            by_date.setdefault(arrival.date, []).append(arrival)
        for date, arrivals in sorted(by_date.items()):
            path = day_path(target.content, date)
            try:
                try:
                    merged, changed = _take(date, arrivals, target)
                except ArchiveError:
                    fit, unfit = _parted(arrivals, batch.name)
                    if not unfit:
                        raise
                    problems += unfit
                    outcomes[Outcome.HELD_BACK] += len(unfit)
                    merged, changed = _take(date, fit, target)
            except ArchiveError as error:
                problems.append(error.at(path))
                continue
            except OSError as error:
                problems.append(ArchiveError(error.strerror or "cannot be read or written", path=path))
                continue
            written |= {path: None} if changed else {}
            outcomes.update(merged.outcomes)
            problems += [ArchiveError(f"#{held.anchor} held back: {held.reason}", path=path) for held in merged.held]
    return Account(
        name=batch.name,
        outcomes=dict(outcomes),
        not_understood=batch.not_understood,
        written=tuple(written),
        problems=tuple(problems),
    )


def keep_ledger(page: Page, target: Target) -> None:
    """Keep what became of a page's lines with the archive."""
    path = ledger_path(target.content, page)
    if path is not None and not target.dry:
        replace_file(path, dump_ledger(page).encode(), durable=True)


def settle_anchors(target: Target) -> Account:
    """Store the anchors of entries that were typed by hand, in every day file."""
    written: list[Path] = []
    problems: list[ArchiveError] = []
    for path in content_files(target.content / "days"):
        try:
            if _write(path, read_day(path, None), target.dry):
                written.append(path)
        except ArchiveError as error:
            problems.append(error)
    name = str(target.content / "days")
    return Account(name=name, outcomes={}, not_understood=0, written=tuple(written), problems=tuple(problems))


def read_day(path: Path, date: dt.date | None) -> Day:
    """Read a day file; where none exists, give the empty day of `date`."""
    if date is not None and not path.exists():
        return Day(date=date, title="")
    try:
        day = load_day(read_text(path))
    except ArchiveError as error:
        raise error.at(path) from None
    if date not in (None, day.date):
        raise ArchiveError(f"this file says it is the day {day.date}; correct its `date`", path=path)
    return day


def forced_on(date: dt.date, forced: Iterable[str]) -> frozenset[str]:
    """Pick a date's anchors from names such as ``2023-06-02#t1329``."""
    pairs = (name.partition("#") for name in forced)
    return frozenset(anchor for day, _, anchor in pairs if day == date.isoformat())


def _write(path: Path, day: Day, dry: bool) -> bool:
    data = dump_day(day).encode()
    if dry:
        return not path.exists() or path.read_bytes() != data
    return replace_file(path, data, durable=True)


def _take(date: dt.date, arrivals: Sequence[Incoming], target: Target) -> tuple[Merged, bool]:
    """Merge entries into the file of their day; say whether it changed."""
    path = day_path(target.content, date)
    day = read_day(path, date)
    merged = merge_day(day, arrivals, forced_on(date, target.forced))
    return merged, merged.day != day and _write(path, merged.day, target.dry)


def _parted(arrivals: Sequence[Incoming], page: str) -> tuple[list[Incoming], list[ArchiveError]]:
    """Part the entries of a day from those that no day file can hold, each of them named."""
    fit: list[Incoming] = []
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


def _pages(batch: Batch, zone: ZoneInfo, problems: list[ArchiveError]) -> list[list[Incoming]]:
    """Turn records into arrivals, page by page, each in the order it happened."""
    pages: dict[object, list[Incoming]] = {}
    for number, record in enumerate(batch.records, start=1):
        try:
            pages.setdefault(record.source, []).append(incoming(record, zone))
        except ArchiveError as error:
            problems.append(ArchiveError(f"record {number}: {error.reason}", path=batch.name))
    return [_covered(_oldest_first(page)) for page in pages.values()]


def _oldest_first(page: list[Incoming]) -> list[Incoming]:
    """Turn a newest-first page round: of two entries in a minute the lower is the earlier."""
    moments = [(item.date, item.entry.time) for item in page if item.entry.time is not None]
    falls = sum(later < earlier for earlier, later in pairwise(moments))
    rises = sum(later > earlier for earlier, later in pairwise(moments))
    return page[::-1] if falls > rises or (falls == rises and page[0].source) else page


def _covered(page: Sequence[Incoming]) -> list[Incoming]:
    """Say of each day what its page covered: all between its first and its last entry."""
    timed = [(item.date, item.entry.time) for item in page if item.entry.time is not None]
    if not timed or page[0].source is None:
        return list(page)
    (first_day, first), (last_day, last) = min(timed), max(timed)
    return [
        msgspec.structs.replace(
            item,
            covered=(
                _minutes(first) if item.date == first_day else 0,
                _minutes(last) if item.date == last_day else 24 * 60,
            ),
        )
        for item in page
    ]


def _minutes(time: dt.time) -> int:
    return 60 * time.hour + time.minute
