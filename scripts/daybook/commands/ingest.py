"""The options of an ingest, from the command line or the environment."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from daybook.archive.ingest import IngestResult
from daybook.archive.merge import Outcome
from daybook.commands.arguments import read_switch, split_paths, split_words
from daybook.core.errors import ArchiveError
from daybook.core.model import parse_entry_key
from daybook.parse.base.page import Hints, LineRole, ParsedPage
from daybook.parse.input_files import read_hints

_COLUMNS = ("entries", *(outcome.value for outcome in Outcome), "lines not understood")


def result_table(accounts: Sequence[IngestResult], dry: bool) -> Iterable[str]:
    """Word what became of the entries of each file, one row a file and a total, and of the day files."""
    rows = [(account.name, _counts(account)) for account in accounts]
    if len(rows) > 1:
        rows.append(("all", [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)]))
    width = max(len(name) for name, _ in rows)
    yield "  ".join(["".ljust(width), *_COLUMNS])
    for name, counts in rows:
        cells = (str(count).rjust(len(column)) for count, column in zip(counts, _COLUMNS, strict=True))
        yield "  ".join([name.ljust(width), *cells])
    written = {path for account in accounts for path in account.written}
    files = "1 day file" if len(written) == 1 else f"{len(written)} day files"
    yield f"{files} {'would change' if dry else 'written'}"


def undeclared_topics(slugs: Iterable[str], content: Path) -> Iterable[str]:
    """Name the topics that records name and no file describes: their pages show the slug."""
    missing = sorted(slug for slug in set(slugs) if not (content / "topics" / f"{slug}.md").exists())
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        yield f"topics without a file in {content / 'topics'}, shown by their slug: {shown}"


def _counts(account: IngestResult) -> list[int]:
    by_outcome = [account.outcomes.get(outcome, 0) for outcome in Outcome]
    return [sum(by_outcome), *by_outcome, account.not_understood]


def page_report(page: ParsedPage) -> tuple[str, ...]:
    """Say what a page gave, what became of each of its lines, and what to look at."""
    lines = [f"{page.name}: {_entries(page)}"]
    for fate in LineRole:
        numbers = [line.number for line in page.lines if line.role is fate]
        if numbers or fate is LineRole.NOT_UNDERSTOOD:
            lines.append(f"{page.name}: {fate.value} {len(numbers)}{_where(numbers, page.line_unit)}")
    for line in page.lines:
        if line.role in (LineRole.BOILERPLATE, LineRole.NOT_UNDERSTOOD):
            place = _place(page, line.number)
            lines.append(f"{place}: {line.role.value}{_why(line.reason)}: {_short(line.text)}")
    lines += [f"{_place(page, note.line)}: note: {note.text}" for note in page.notes]
    return (*lines, *(f"problem: {problem}" for problem in page.problems))


def _place(page: ParsedPage, number: int) -> str:
    """Write where something stands: ``page.txt:17``, ``page.html: block 17``, or the page alone."""
    if not number:
        return page.name
    return f"{page.name}:{number}" if page.line_unit == "line" else f"{page.name}: {page.line_unit} {number}"


def _entries(page: ParsedPage) -> str:
    found = len(page.records)
    if not found:
        return "0 entries"
    instants = [record.at or str(record.date) for record in page.records]
    return f"{found} {'entry' if found == 1 else 'entries'}, {instants[0]} down to {instants[-1]}"


def _where(numbers: Iterable[int], unit: str) -> str:
    """Write line numbers as ranges, ``(lines 24-30, 32)``."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    words = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f" ({unit}s {words})" if words else ""


def _why(why: str) -> str:
    return f" ({why})" if why else ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


class IngestArguments(Struct, frozen=True, kw_only=True):
    """What to read and how; `records` says that the files hold records and not pages."""

    files: tuple[str, ...]
    records: bool
    hints: Hints
    accepted: frozenset[str]
    dry: bool


def read_ingest_arguments(arguments: Sequence[str] | None, names: Mapping[str, str]) -> IngestArguments:
    """Read the command line, with PAGES, RECORDS, FORCE, DRY and the hints of `names` as defaults.

    Args:
        arguments: None for those of the process.
        names: Variables such as the environment's. Files named by arguments replace PAGES and RECORDS.

    Raises:
        ArchiveError: A value is wrong, or both PAGES and RECORDS are given.
        SystemExit: An option is unknown.
    """
    options = argparse.ArgumentParser(
        allow_abbrev=False,
        description="Merge pages or records into the day files. Without a FILE, here or in PAGES or RECORDS, "
        "store the anchors of entries that were typed by hand.",
    )
    options.add_argument("--records", action="store_true", help="FILEs hold records")
    options.add_argument("--dry", action="store_true", help="report everything and write nothing")
    options.add_argument("--force", action="append", default=[], metavar="DATE#ANCHOR", help="take a page's word")
    options.add_argument("files", nargs="*", metavar="FILE", help="a file, a folder, or - for standard input")
    for name in Hints.__struct_fields__:
        options.add_argument(f"--{name}", default=names.get(name.upper(), ""))
    given = options.parse_args(arguments)
    if given.records and not given.files:
        options.error("--records needs a FILE")
    files, records = (given.files, given.records) if given.files else _typed_files(names)
    return IngestArguments(
        files=tuple(files),
        records=records,
        hints=read_hints({name: getattr(given, name) for name in Hints.__struct_fields__}),
        accepted=frozenset(map(_forced_name, given.force or split_words(names.get("FORCE", "")))),
        dry=given.dry or read_switch("DRY", names.get("DRY", "")),
    )


def _typed_files(names: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return the files that PAGES or RECORDS names, and whether they hold records."""
    pages, records = names.get("PAGES", ""), names.get("RECORDS", "")
    if pages.strip() and records.strip():
        raise ArchiveError(f"both PAGES={pages} and RECORDS={records} are given; run make ingest once for each")
    return (split_paths(records), True) if records.strip() else (split_paths(pages), False)


def _forced_name(name: str) -> str:
    """Check the name of an entry or of a day's lede, ``2023-06-02#lede``, and return it in its one form."""
    date, _, anchor = name.partition("#")
    try:
        key = parse_entry_key(f"{date}#t0000" if anchor == "lede" else name)
    except ArchiveError:
        cure = "write 2023-06-02#t1329 or 2023-06-02#lede"
        raise ArchiveError(f"FORCE={name} names neither an entry nor a lede; {cure}") from None
    return f"{key[0]}#{anchor}"
