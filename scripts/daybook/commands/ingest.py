"""`daybook ingest`, `daybook parse` and `daybook schema`, and the reports that they print."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from daybook.archive.content import list_content_files
from daybook.archive.ingest import IngestOptions, IngestResult, ledger_folder, store_anchors, write_ledger
from daybook.archive.ingest import ingest as ingest_file
from daybook.archive.merge import Outcome
from daybook.commands.arguments import add_path_arguments, build_paths, read_switch, split_paths, split_words
from daybook.core.config import load_config
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders
from daybook.core.model import parse_entry_key
from daybook.core.record import dump_record, record_schema
from daybook.parse.base.page import Hints, LineRole, ParsedPage
from daybook.parse.input_files import parse_files, read_hints, read_record_files

_COLUMNS = ("entries", *(outcome.value for outcome in Outcome), "lines not understood")

_HINT_HELP = {
    "date": "the page's date, YYYY-MM-DD, if the page prints none",
    "zone": "its time zone: an abbreviation, an offset such as +02:00, or an IANA name",
    "url": "the address that it was saved from",
    "outlet": "the outlet's name",
    "captured": "when it was saved, RFC 3339",
    "format": "its format, if the content is not recognized",
}


def add_ingest_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `daybook ingest`."""
    parser.description = (
        "Merge saved pages or records into the day files. Without a FILE, here or in $PAGES or $RECORDS, store the "
        "anchors of entries that were typed by hand. Hints default to the variables $DATE, $ZONE, $URL, $OUTLET, "
        "$CAPTURED and $FORMAT."
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="a file, a folder, or - for standard input")
    parser.add_argument("--records", action="store_true", help="FILEs contain records, not pages")
    parser.add_argument("--dry", action="store_true", help="report everything and write nothing; default: $DRY")
    parser.add_argument(
        "--force",
        action="append",
        default=[],
        metavar="DATE#ANCHOR",
        help="accept the page's version of an entry that a person edited; default: $FORCE",
    )
    _add_hint_arguments(parser)
    add_path_arguments(parser, "content", "conf")


def ingest(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Merge everything that can be merged; return 1 if anything was wrong or held back, else 0.

    Raises:
        ArchiveError: An option or variable is wrong, or both PAGES and RECORDS are given.
    """
    if options.records and not options.files:
        raise ArchiveError("--records needs a FILE")
    files, are_records = (options.files, options.records) if options.files else _files_from_environment(environ)
    hints = read_hints({name: _option(options, environ, name) for name in Hints.__struct_fields__})
    paths = build_paths(options, environ)
    target = IngestOptions(
        content=paths.content,
        zone=load_config(paths).zone,
        accepted=frozenset(map(_accepted_key, options.force or split_words(environ.get("FORCE", "")))),
        dry=options.dry or read_switch("DRY", environ.get("DRY", "")),
    )
    parsed_files = read_record_files(files) if are_records else parse_files(files, hints)
    problems: list[ArchiveError] = []
    slugs: set[str] = set()
    with nullcontext() if target.dry else lock_folders(target.content):
        # Refuse symbolic links below CONTENT before anything is written through them.
        list_content_files(target.content / "days")
        ledger_folder(target.content)
        results = [] if files else [store_anchors(target)]
        for parsed in parsed_files:
            if parsed.page:
                print(*page_report(parsed.page), sep="\n")
                write_ledger(parsed.page, target)
            results.append(ingest_file(parsed, target))
            problems += parsed.problems
            slugs.update(slug for record in parsed.records for slug in record.topics)
    print(*result_table(results, target.dry), *undeclared_topics(slugs, target.content), sep="\n")
    problems += [problem for result in results for problem in result.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def add_parse_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `daybook parse`."""
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="a file, a folder, or - for standard input")
    _add_hint_arguments(parser)


def parse(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the records of all pages, and a report on standard error; return 1 if anything was wrong, else 0."""
    failed = False
    hints = read_hints({name: getattr(options, name) for name in Hints.__struct_fields__})
    for parsed in parse_files(options.pages, hints):
        for record in parsed.records:
            sys.stdout.buffer.write(dump_record(record).encode() + b"\n")
        lines = page_report(parsed.page) if parsed.page else parsed.problems
        print(*lines, sep="\n", file=sys.stderr)
        failed = failed or bool(parsed.problems)
    return int(failed)


def add_schema_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `daybook schema`: it has none."""


def schema(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the JSON Schema of a record and return 0."""
    print(json.dumps(record_schema(), indent=2, sort_keys=True))
    return 0


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


def _add_hint_arguments(parser: argparse.ArgumentParser) -> None:
    for name in Hints.__struct_fields__:
        parser.add_argument(f"--{name}", metavar=name.upper(), help=_HINT_HELP[name])


def _option(options: argparse.Namespace, environ: Mapping[str, str], name: str) -> str:
    """Return an option's value, or that of the variable of the same name in capital letters."""
    value: str | None = getattr(options, name)
    return environ.get(name.upper(), "") if value is None else value


def _files_from_environment(environ: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return the files that PAGES or RECORDS names, and whether they contain records."""
    pages, records = environ.get("PAGES", ""), environ.get("RECORDS", "")
    if pages.strip() and records.strip():
        raise ArchiveError(f"both PAGES={pages} and RECORDS={records} are given; run make ingest once for each")
    return (split_paths(records), True) if records.strip() else (split_paths(pages), False)


def _accepted_key(name: str) -> str:
    """Check the name of an entry or of a day's lede, ``2023-06-02#lede``, and return it in its one form."""
    date, _, anchor = name.partition("#")
    try:
        key = parse_entry_key(f"{date}#t0000" if anchor == "lede" else name)
    except ArchiveError:
        cure = "write 2023-06-02#t1329 or 2023-06-02#lede"
        raise ArchiveError(f"FORCE={name} names neither an entry nor a lede; {cure}") from None
    return f"{key[0]}#{anchor}"
