"""`daybook ingest`, `daybook parse` and `daybook schema`, and the reports that they print."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from daybook.archive.content import list_content_files
from daybook.archive.day_store import DayStore
from daybook.archive.ingest import (
    IngestOptions,
    IngestResult,
    ledger_folder,
    store_anchors,
    write_ledger,
    write_pages_without_entries,
)
from daybook.archive.ingest import ingest as ingest_file
from daybook.archive.merge import Outcome
from daybook.commands.arguments import add_path_arguments, build_paths, read_switch, split_paths, split_words
from daybook.core.config import load_config
from daybook.core.errors import ArchiveError, printable
from daybook.core.files import lock_folders
from daybook.core.model import parse_entry_key
from daybook.core.record import dump_record, record_schema
from daybook.incremental.output import cache_folder
from daybook.parse.base.page import Hints, LineRole, ParsedPage, Verdict
from daybook.parse.input_files import ParsedFile, parse_files, read_hints, read_record_files
from daybook.parse.outlets import load_outlets

_WORD_COLUMNS = ("kind", "reading", "to do")
_COLUMNS = ("entries", *(outcome.value for outcome in Outcome), "lines not understood")
# Exit statuses besides 0 and 1
_NEEDS_PERSON = 3  # written, and something needs a person's eye
_GAVE_NOTHING = 4  # a page that a person named has no live blog, or was not understood
_LONGEST_CELL = 150  # characters
_HINT_HELP = {
    "date": "the page's date, YYYY-MM-DD, if the page prints none",
    "zone": "its time zone: an abbreviation, an offset such as +02:00, or an IANA name",
    "url": "the address that it was saved from",
    "outlet": "the outlet's name",
    "captured": "when the page was saved, such as 2023-06-02T13:29:00Z",
    "format": "its format, if the content is not recognized",
    "encoding": "its encoding, such as windows-1252, if the page declares none or a wrong one",
}


def add_ingest_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Merge saved pages or records into the day files. Without a FILE, here or in $PAGES or $RECORDS, store the "
        "anchors of entries that were typed by hand. Hints default to the variables $DATE, $ZONE, $URL, $OUTLET, "
        "$CAPTURED, $FORMAT and $ENCODING."
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="a file, a folder, or - for standard input")
    parser.add_argument("--records", action="store_true", help="FILEs contain records, not pages")
    parser.add_argument("--crawl", metavar="FOLDER", help="take a live blog from the results of daybook crawl")
    parser.add_argument("--live-blog", metavar="URL", help="its address, or what daybook crawl --list shows for it")
    parser.add_argument("--dry", action="store_true", help="report everything and write nothing; default: $DRY")
    force_help = "accept the page's version of an edited entry or a tombstone; default: $FORCE"
    parser.add_argument("--force", action="append", default=[], metavar="DATE#ANCHOR", help=force_help)
    _add_hint_arguments(parser)
    add_path_arguments(parser, "content", "conf")


def ingest(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Merge the files into day files.

    Returns 1 if there was an error; else 4 if a page that was named gave no entry; else, unless STRICT is 0, 3 if a
    page was read with doubts or a person has to decide on something; else 0. Raises ArchiveError if an option or a
    variable is wrong, or if both PAGES and RECORDS are given.
    """
    files, are_records = ([], False) if _is_from_crawl(options) else _input_files(options, environ)
    named = {name: getattr(options, name) for name in Hints.__struct_fields__}
    hints = read_hints({name: environ.get(name.upper()) if hint is None else hint for name, hint in named.items()})
    paths = build_paths(options, environ)
    is_strict = read_switch("STRICT", environ.get("STRICT", ""), default=True)
    target = IngestOptions(
        content=paths.content,
        zone=load_config(paths).zone,
        accepted=frozenset(map(_accepted_key, options.force or split_words(environ.get("FORCE", "")))),
        dry=options.dry or read_switch("DRY", environ.get("DRY", "")),
    )
    if target.accepted and not (files or options.crawl):
        raise ArchiveError("FORCE takes the version of a page; name the page with PAGES= or RECORDS= too")
    outlets = load_outlets(target.content)
    if options.crawl:
        from daybook.crawl.results import read_live_blog  # noqa: PLC0415 - pages do not need it

        parsed_files = read_live_blog(Path(options.crawl), options.live_blog)
    else:
        parsed_files = read_record_files(files) if are_records else parse_files(files, hints, outlets)
    without_entries: list[ParsedFile] = []
    statuses: set[int] = set()
    store = DayStore(target.content, target.zone.key, dry=target.dry)
    errors: list[ArchiveError] = []
    slugs: set[str] = set()
    with nullcontext() if target.dry else lock_folders(target.content):
        # Refuse symbolic links below CONTENT before anything is written through them.
        list_content_files(target.content / "days")
        ledger_folder(target.content)
        _check_accepted(target.accepted, store)
        memo = cache_folder(paths.cache, paths.content) / "checked_days.msgpack"
        results = [] if files or options.crawl else [store_anchors(target, memo)]
        for parsed in parsed_files:
            if parsed.page:
                print(*page_report(parsed.page), sep="\n")
                write_ledger(parsed.page, target)
            results.append(ingest_file(parsed, target, store))
            errors += parsed.problems
            statuses.add(_page_status(parsed))
            if parsed.page and (not parsed.page.records or parsed.is_named):
                without_entries.append(parsed)
            slugs.update(slug for record in parsed.records for slug in record.topics)
        write_pages_without_entries(without_entries, target)
    print(*_result_table(results, target.dry), *_undeclared_topics(slugs, target.content), sep="\n")
    errors += [error for result in results for error in result.errors]
    decisions = [decision for result in results for decision in result.decisions]
    for line in [*errors, *decisions, *(f"note: {note}" for result in results for note in result.notes)]:
        print(line, file=sys.stderr)
    if decisions:
        statuses.add(_NEEDS_PERSON)
    return 1 if errors else _worst(statuses, is_strict=is_strict)


def _page_status(parsed: ParsedFile) -> int:
    """Return the exit status that one file would give, apart from errors."""
    if parsed.is_named and parsed.verdict in (Verdict.NO_LIVE_BLOG, Verdict.NOT_UNDERSTOOD):
        return _GAVE_NOTHING
    return _NEEDS_PERSON if parsed.verdict is Verdict.DOUBTS else 0


def _worst(statuses: Iterable[int], *, is_strict: bool) -> int:
    """Return the highest of some statuses; without `is_strict`, 3 counts as 0."""
    return max((status for status in statuses if is_strict or status != _NEEDS_PERSON), default=0)


def add_parse_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="a file, a folder, or - for standard input")
    _add_hint_arguments(parser)


def parse(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the records of all pages, and a report on standard error; return a status as `ingest` does."""
    failed = False
    statuses: set[int] = set()
    is_strict = read_switch("STRICT", environ.get("STRICT", ""), default=True)
    outlets = load_outlets(Path(environ.get("CONTENT") or "content"))
    hints = read_hints({name: getattr(options, name) for name in Hints.__struct_fields__})
    for parsed in parse_files(options.pages, hints, outlets):
        for record in parsed.records:
            sys.stdout.buffer.write(dump_record(record).encode() + b"\n")
        left_out = [f"{parsed.name}: left out ({parsed.kind}): {parsed.refusal}"] if parsed.refusal else []
        lines = page_report(parsed.page) if parsed.page else [*left_out, *parsed.problems]
        print(*lines, sep="\n", file=sys.stderr)
        failed = failed or bool(parsed.problems)
        statuses.add(_page_status(parsed))
    return 1 if failed else _worst(statuses, is_strict=is_strict)


def add_schema_arguments(parser: argparse.ArgumentParser) -> None:
    """Add no argument: the command has none."""


def schema(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the JSON Schema of a record and return 0."""
    print(json.dumps(record_schema(), indent=2, sort_keys=True))
    return 0


def _result_table(results: Sequence[IngestResult], dry: bool) -> Iterator[str]:
    """Yield a table of what became of the entries of each file, with a total, and a line about the day files."""
    rows = []
    for result in results:
        counts = [result.outcomes.get(outcome, 0) for outcome in Outcome]
        words = (result.kind, result.reading, shorten(result.to_do))
        rows.append((result.name, [sum(counts), *counts, result.not_understood], words))
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*(counts for _, counts, _ in rows), strict=True)]
        rows.append(("all", sums, ("", "", "")))
    width = max(len(name) for name, _, _ in rows)
    widths = [max(len(words[index]) for *_, words in (("", [], _WORD_COLUMNS), *rows)) for index in range(2)]
    header = [name.ljust(size) for name, size in zip(_WORD_COLUMNS, [*widths, 0], strict=True)]
    yield "  ".join([" " * width, *_COLUMNS, *header]).rstrip()
    for name, counts, words in rows:
        cells = (str(count).rjust(len(column)) for count, column in zip(counts, _COLUMNS, strict=True))
        said = [word.ljust(size) for word, size in zip(words, [*widths, 0], strict=True)]
        yield "  ".join([name.ljust(width), *cells, *said]).rstrip()
    written = {path for result in results for path in result.written}
    files = "1 day file" if len(written) == 1 else f"{len(written)} day files"
    yield f"{files} {'would change' if dry else 'written'}"


def shorten(text: str) -> str:
    """Return a text on one line, without its end if it is long."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


def _undeclared_topics(slugs: Iterable[str], content: Path) -> Iterator[str]:
    """Yield a line about the topics that records name and no file describes: their pages show the slug."""
    missing = sorted(slug for slug in slugs if not (content / "topics" / f"{slug}.md").exists())
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        yield f"topics without a file in {content / 'topics'} (shown by slug): {shown}"


def page_report(page: ParsedPage) -> tuple[str, ...]:
    """Return the lines of a report: the number of entries, what became of each line, notes and problems."""
    instants = [record.at or str(record.date) for record in page.records]
    found = f"{len(instants)} {'entry' if len(instants) == 1 else 'entries'}"
    lines = [f"{page.name}: {found}" + (f", from {instants[0]} to {instants[-1]}" if instants else "")]
    lines.append(f"{page.name}: {page.verdict.value}" + (f" ({page.kind})" if page.kind else ""))
    for role in LineRole:
        numbers = [line.number for line in page.lines if line.role is role]
        if numbers or role is LineRole.NOT_UNDERSTOOD:
            lines.append(f"{page.name}: {role.value} {len(numbers)}{_ranges(numbers, page.line_unit)}")
    for line in page.lines:
        if line.role in (LineRole.BOILERPLATE, LineRole.NOT_UNDERSTOOD):
            reason = f" ({line.reason})" if line.reason else ""
            text = line.text if len(line.text) <= 80 else f"{line.text[:79]}…"
            lines.append(f"{_place(page, line.number)}: {line.role.value}{reason}: {text}")
    lines += [f"{_place(page, doubt.line)}: doubt ({doubt.kind}): {doubt.text}" for doubt in page.doubts]
    lines += [f"{_place(page, note.line)}: note: {note.text}" for note in page.notes]
    return (*lines, *(f"problem: {problem}" for problem in page.problems))


def _place(page: ParsedPage, number: int) -> str:
    """Return a place in a page as text: ``page.txt:17``, ``page.html: block 17``, or the page alone."""
    if not number:
        return page.name
    return f"{page.name}:{number}" if page.line_unit == "line" else f"{page.name}: {page.line_unit} {number}"


def _ranges(numbers: Iterable[int], unit: str) -> str:
    """Write line numbers as ranges, ``(lines 24-30, 32)``."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    texts = (str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f" ({unit}s {', '.join(texts)})" if ranges else ""


def _add_hint_arguments(parser: argparse.ArgumentParser) -> None:
    for name in Hints.__struct_fields__:
        parser.add_argument(f"--{name}", metavar=name.upper(), help=_HINT_HELP[name])


def _input_files(options: argparse.Namespace, environ: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return the files that options, PAGES or RECORDS name, and whether they contain records."""
    if options.files:
        return options.files, options.records
    if options.records:
        raise ArchiveError("--records needs a FILE")
    pages, records = environ.get("PAGES", ""), environ.get("RECORDS", "")
    if pages.strip() and records.strip():
        raise ArchiveError("set only one of PAGES and RECORDS; run make ingest twice")
    return (split_paths(records), True) if records.strip() else (split_paths(pages), False)


def _is_from_crawl(options: argparse.Namespace) -> bool:
    """Return whether to ingest from a crawl; raise ArchiveError if options contradict each other."""
    if options.crawl is None and options.live_blog is None:
        return False
    if not options.crawl or not options.live_blog:
        raise ArchiveError("--crawl FOLDER and --live-blog URL belong together; give both")
    hints = [f"--{name}" for name in Hints.__struct_fields__ if getattr(options, name) is not None]
    if options.files or options.records or hints:
        named = ", ".join(hints) or "a FILE"
        raise ArchiveError(f"--crawl takes pages that are parsed already; leave out {named}")
    return True


def _check_accepted(names: Iterable[str], store: DayStore) -> None:
    """Check that entries or ledes, in canonical form, exist; an ArchiveError names the first that does not."""
    for name in sorted(names):
        date, anchor = parse_entry_key(name.replace("#lede", "#t0000"))
        day = store.load(date)
        is_known = bool(day.sources) if name.endswith("#lede") else anchor in {entry.anchor for entry in day.entries}
        if not is_known:
            cure = "see the [anchor] lines of its day file" if day.entries else "check the date"
            raise ArchiveError(f"FORCE={name}: there is no such entry; {cure}", path=store.path(date))


def _accepted_key(name: str) -> str:
    """Check the name of an entry or of a day's lede, ``2023-06-02#lede``, and return it in canonical form."""
    date, _, anchor = name.partition("#")
    try:
        key = parse_entry_key(f"{date}#t0000" if anchor == "lede" else name)
    except ArchiveError:
        cure = "write 2023-06-02#t1329 or 2023-06-02#lede"
        raise ArchiveError(f"FORCE={name} is not an entry or a lede; {cure}") from None
    return f"{key[0]}#{anchor}"
