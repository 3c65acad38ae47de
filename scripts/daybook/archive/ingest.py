"""Merge the records of a page into the day files (`make ingest`), and write the ledger of the page."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby, pairwise
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.day_file import dump_day
from daybook.archive.day_store import DayStore
from daybook.archive.from_record import IncomingEntry, entry_from_record
from daybook.archive.identity import live_blog_of
from daybook.archive.merge import Outcome, merge_page
from daybook.core.errors import ArchiveError
from daybook.core.files import read_checked, replace_file, write_checked
from daybook.core.hashing import bytes_digest, code_digest, digest
from daybook.core.model import Day, minute_of_day
from daybook.parse.base.page import ClassifiedLine, LineRole, ParsedPage, Verdict
from daybook.parse.input_files import ParsedFile

WITHOUT_ENTRIES = "pages-without-entries.txt"
_CheckedDays = tuple[bytes, list[bytes]]  # the digest of the code and zone, and those of days and their bytes


class IngestOptions(Struct, frozen=True, kw_only=True):
    """How to ingest: the content folder, the archive's time zone, and whether to write nothing (`dry`).

    `accepted` are stored entries that the page's version replaces, ``2023-06-02#t1329``, or ledes, ``2023-06-02#lede``.
    """

    content: Path
    zone: ZoneInfo
    accepted: frozenset[str] = frozenset()
    dry: bool = False


class IngestResult(Struct, frozen=True, kw_only=True):
    """The result for the page or file `name`.

    Attributes:
        outcomes: The number of entries with each outcome.
        not_understood: The number of lines of the page that were not understood.
        kind: The kind of the file, such as "HTML".
        reading: How its reading ended: a `Verdict`, or "error" or "left out".
        to_do: What a person should do about it; "" for nothing.
        written: The day files that were changed, or would be in a dry run.
        errors: What could not be read or written.
        decisions: Where a page contradicts what a person did; a person has to decide.
        notes: What a person may want to know: entries held back, and entries that may be corrections of others.
    """

    name: str
    outcomes: dict[Outcome, int] = {}
    not_understood: int = 0
    kind: str = ""
    reading: str = ""
    to_do: str = ""
    written: tuple[Path, ...]
    errors: tuple[ArchiveError, ...] = ()
    decisions: tuple[ArchiveError, ...] = ()
    notes: tuple[ArchiveError, ...] = ()


def ingest(parsed: ParsedFile, options: IngestOptions, store: DayStore | None = None) -> IngestResult:
    """Merge a parsed file into the day files, which `store` keeps in memory between files.

    A day that cannot be read or written, and an entry that no day file can contain, are errors of the result.
    """
    store = store or DayStore(options.content, options.zone.key, dry=options.dry)
    errors: list[ArchiveError] = []
    decisions: list[ArchiveError] = []
    notes: list[ArchiveError] = []
    outcomes: Counter[Outcome] = Counter()
    written: dict[Path, None] = {}
    for page in _group_by_page(parsed, options.zone, errors):
        days, incoming = _load_days(page, store, errors)
        if not incoming:
            continue
        try:
            try:
                merged = merge_page(days, incoming, options.accepted)
                done = store.write(merged.days)
            except ArchiveError:
                incoming, rejected = _split_unwritable(incoming, parsed.name)
                if not rejected:
                    raise
                errors += rejected
                outcomes[Outcome.HELD_BACK] += len(rejected)
                merged = merge_page(days, incoming, options.accepted)
                done = store.write(merged.days)
        except ArchiveError as error:
            errors.append(error.at(store.path(incoming[0].date)))
            continue
        written.update(dict.fromkeys(done.paths))
        errors += done.errors.values()
        notes += done.notes
        results = zip(incoming, merged.outcomes, strict=True)
        outcomes.update(outcome for each, outcome in results if each.date not in done.errors)
        for item in merged.review_items:
            target = decisions if item.is_contradiction else notes
            name = f"#{item.anchor}: " if item.anchor else ""
            target.append(ArchiveError(f"{name}{item.reason} (page: {parsed.name})", path=store.path(item.date)))
    return IngestResult(
        name=parsed.name,
        outcomes=dict(outcomes),
        not_understood=parsed.not_understood,
        kind=parsed.kind,
        reading=_reading(parsed, errors),
        to_do=_to_do(parsed, errors, decisions),
        written=tuple(written),
        errors=tuple(errors),
        decisions=tuple(decisions),
        notes=tuple(notes),
    )


def _reading(parsed: ParsedFile, errors: Sequence[ArchiveError]) -> str:
    """Return how the reading of a file ended, in words."""
    if parsed.refusal:
        return "left out"
    return "error" if parsed.problems or errors else parsed.verdict.value


def _to_do(parsed: ParsedFile, errors: Sequence[ArchiveError], decisions: Sequence[ArchiveError]) -> str:
    """Return what a person should do about a file, most urgent first; "" for nothing."""
    page = parsed.page
    doubts = page.doubts if page else ()
    problems = [*parsed.problems, *errors]
    if problems:
        return f"{problems[0].reason}{_and_more(problems)}"  # an error ends with its cure
    if decisions:
        return f"decide: {decisions[0].reason}{_and_more(decisions)}"
    if doubts:
        place = f"{page.line_unit} {doubts[0].line}: " if page and doubts[0].line else ""
        verb = "look at the page" if parsed.records else "save it again"
        return f"{verb}: {place}{doubts[0].text}{_and_more(doubts)}"
    if parsed.refusal:
        return parsed.refusal
    if parsed.verdict is Verdict.NOT_UNDERSTOOD:
        notes = [note.text for note in page.notes] if page else []
        is_file_of_data = page is not None and page.line_unit == "update"
        cure = "save it in another form" if is_file_of_data else "save it again with its posts shown, or copy its text"
        return f"{cure}: {notes[0]}" if notes else cure
    if parsed.verdict is Verdict.NO_LIVE_BLOG and parsed.is_named:
        return "nothing; if it is a live blog, save it again with its posts shown, or copy its text into a file"
    return "nothing"


def _and_more(items: Sequence[object]) -> str:
    return f" (and {len(items) - 1} more)" if len(items) > 1 else ""


def store_anchors(options: IngestOptions, memo: Path | None = None) -> IngestResult:
    """Store the anchors of entries that were typed by hand, in all day files.

    `memo` is a file that names the days that need nothing, by their bytes: they are not parsed again.
    """
    store = DayStore(options.content, options.zone.key, dry=options.dry)
    written: list[Path] = []
    errors: list[ArchiveError] = []
    notes: list[ArchiveError] = []
    folder = options.content / "days"
    key = digest(code_digest(), options.zone.key)
    known: frozenset[bytes] = frozenset()
    with suppress(msgspec.DecodeError):
        memo_key, digests = msgspec.msgpack.decode(read_checked(memo) if memo else b"", type=_CheckedDays)
        known = frozenset(digests if memo_key == key else ())
    checked: set[bytes] = set()
    for date in store.all_dates():
        try:
            state = digest(date, bytes_digest(store.path(date).read_bytes()))
            if state in known:
                checked.add(state)
                continue
            done = store.write({date: store.load(date)})
            written += done.paths
            errors += done.errors.values()
            notes += done.notes
            if not (done.paths or done.errors or done.notes):
                checked.add(state)
        except (ArchiveError, OSError) as error:
            errors.append(_file_error(error, store.path(date)))
    if memo and not options.dry and checked != known:
        with suppress(OSError):  # the next run parses all days
            write_checked(memo, msgspec.msgpack.encode((key, sorted(checked))))
    return IngestResult(name=str(folder), written=tuple(written), errors=tuple(errors), notes=tuple(notes))


def _load_days(
    page: Sequence[IncomingEntry], store: DayStore, problems: list[ArchiveError]
) -> tuple[dict[dt.date, Day], list[IncomingEntry]]:
    """Return the days of a page and of its live blog, and the entries of the page whose days can be read."""
    source = page[0].source
    dates = {each.date for each in page} | set(store.dates_of(live_blog_of(source)) if source else ())
    days: dict[dt.date, Day] = {}
    for date in sorted(dates):
        try:
            days[date] = store.load(date)
        except (ArchiveError, OSError) as error:
            problems.append(_file_error(error, store.path(date)))
    return days, [each for each in page if each.date in days]


def _split_unwritable(incoming: Sequence[IncomingEntry], name: str) -> tuple[list[IncomingEntry], list[ArchiveError]]:
    """Return the entries that a day file can contain, and an error for each of the others."""
    writable: list[IncomingEntry] = []
    errors: list[ArchiveError] = []
    for each in incoming:
        entry = each.entry
        try:
            dump_day(merge_page({}, [each]).days[each.date])
            writable.append(each)
        except ArchiveError as error:
            time = f"{each.date} {entry.time or ''}".rstrip()
            text = (entry.headline or entry.body)[:60]
            errors.append(ArchiveError(f"the entry of {time}, {text!r}, is left out: {error.reason}", path=name))
    return writable, errors


def _file_error(error: ArchiveError | OSError, path: Path) -> ArchiveError:
    if isinstance(error, OSError):
        return ArchiveError(error.strerror or "cannot be read or written", path=path)
    return error.at(path)


def _group_by_page(parsed: ParsedFile, zone: ZoneInfo, problems: list[ArchiveError]) -> list[list[IncomingEntry]]:
    """Convert records to entries; return those of each page, oldest first."""
    pages: dict[object, list[IncomingEntry]] = {}
    for number, record in enumerate(parsed.records, start=1):
        try:
            entry = entry_from_record(record, zone)
        except ArchiveError as error:
            problems.append(ArchiveError(f"record {number}: {error.reason}", path=parsed.name))
            continue
        pages.setdefault(record.source, []).append(entry)
    return [_order_page(page) for page in pages.values()]


def _order_page(page: list[IncomingEntry]) -> list[IncomingEntry]:
    """Return the entries of a page oldest first, with the part of their day that the page covers.

    A page with the newest entry first is reversed, not sorted: only the page shows the order within a minute and that
    of untimed entries. A saved page without any order is read as newest first, like most live blogs; records without
    a page are not. A page covers the time from its first to its last entry.
    """
    times = [(each.date, each.entry.time) for each in page if each.entry.time is not None]
    falls = sum(later < earlier for earlier, later in pairwise(times))
    rises = sum(later > earlier for earlier, later in pairwise(times))
    is_saved_page = page[0].source is not None
    if falls > rises or (falls == rises and is_saved_page):
        page = page[::-1]
    if not times or not is_saved_page:
        return page
    (first_day, first), (last_day, last) = min(times), max(times)
    ordered = []
    for each in page:
        start = minute_of_day(first) if each.date == first_day else 0
        end = minute_of_day(last) if each.date == last_day else 24 * 60
        ordered.append(replace(each, covered=(start, end)))
    return ordered


def ledger_folder(content: Path) -> Path:
    """Return the path of the folder of ledgers; raise an ArchiveError if it is a symbolic link."""
    folder = content / "ledger"
    if folder.is_symlink():
        raise ArchiveError("symbolic links are not allowed in the content folder; move the folder here", path=folder)
    return folder


def ledger_path(content: Path, page: ParsedPage) -> Path | None:
    """Return the path of a page's ledger; None for a page without entries."""
    source = page.records[0].source if page.records else None
    if source is None or source.date is None or not source.sha256:
        return None
    return ledger_folder(content) / f"{source.date}-{source.sha256[:8]}.txt"


def write_ledger(page: ParsedPage, options: IngestOptions) -> None:
    """Write the ledger of a page that has entries, unless this is a dry run."""
    path = ledger_path(options.content, page)
    if path is not None and not options.dry:
        replace_file(path, dump_ledger(page).encode(), durable=True)


def dump_ledger(page: ParsedPage) -> str:
    """Write the ledger of a page as text: what each of its lines was recognised as."""
    source = page.records[0].source
    rows = [f"page: {PurePath(page.name).name}", f"sha256: {source.sha256 if source else ''}"]
    if page.origin:
        rows.append(f"from: {page.origin}")
    rows.append(f"entries: {len(page.records)}, {page.verdict.value}")
    for label, group in groupby(page.lines, _label):
        lines = list(group)
        first, last = lines[0].number, lines[-1].number
        rows.append(f"{first}-{last} {label}" if first != last else f"{first} {label}")
    rows += [
        f"doubt ({doubt.kind}): {doubt.text}" + (f" [{doubt.line}]" if doubt.line else "") for doubt in page.doubts
    ]
    return "\n".join([*rows, *(f"problem: {problem.reason}" for problem in page.problems), ""])


def write_pages_without_entries(files: Sequence[ParsedFile], options: IngestOptions) -> None:
    """Record in the ledger which pages gave nothing: all that were not understood, and those without a live blog.

    Of pages in a folder or web archive without a live blog there may be thousands; they are not recorded. A page that
    gives entries now is removed from the list.
    """
    path = ledger_folder(options.content) / WITHOUT_ENTRIES
    if options.dry:
        return
    known = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = {row.partition(" ")[0]: row for row in known if row}
    before = dict(rows)
    for parsed in files:
        page = parsed.page
        if page is None or not page.sha256:
            continue
        digest = page.sha256[:16]
        if page.records:
            rows.pop(digest, None)
        elif parsed.verdict is Verdict.NOT_UNDERSTOOD or parsed.is_named:
            reason = page.notes[0].text if page.notes else ""
            rows[digest] = " ".join(f"{digest} {PurePath(page.name).name}: {parsed.verdict.value}: {reason}".split())
    if rows != before:
        replace_file(path, "".join(f"{rows[digest]}\n" for digest in sorted(rows)).encode(), durable=True)


def _label(line: ClassifiedLine) -> str:
    detail = line.text if line.role is LineRole.NOT_UNDERSTOOD else line.reason
    return f"{line.role.value}: {detail}" if detail else line.role.value
