"""`daybook crawl`: find the live blogs of web crawls, and list them."""

import argparse
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from daybook.core.errors import ArchiveError, printable
from daybook.core.files import lock_folders
from daybook.core.progress import show_progress
from daybook.crawl.engine import Engine, run_tasks
from daybook.crawl.part import FAILED, SET_ASIDE, prepare_parts, read_part, remove_unfinished
from daybook.crawl.plan import CrawlOptions, CrawlPart, plan_parts, reading_code
from daybook.crawl.results import (
    RESULTS,
    LiveBlog,
    Summary,
    gather,
    list_as_csv,
    list_live_blogs,
    load_reports,
    wrong_starts,
)
from daybook.parse.outlets import load_outlets

_NEEDS_PERSON = 3  # pages that ended their workers, or at which the parser failed
_MOST_REASONS = 12
_LIST_COLUMNS: tuple[str, ...] = ("title", "outlet", "days", "entries", "captures", "live blog")
_NUMBER_COLUMNS = (3, 4)
_LONGEST_TITLE = 48  # characters


def add_crawl_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Find the live blogs in WARC files and write their entries to FOLDER/results. A run that was interrupted goes "
        "on where it ended; a folder collects what several runs find."
    )
    warc_help = (
        "a .warc or .warc.gz file, a pattern, a list of them (.paths or .txt, gzipped or not), or an address such as "
        "s3://bucket/a.warc.gz that fsspec opens"
    )
    parser.add_argument("warcs", nargs="*", metavar="WARC", help=warc_help)
    parser.add_argument("--out", metavar="FOLDER", help="the folder for the results")
    parser.add_argument("--list", metavar="FOLDER", help="list the live blogs that were found, and do nothing else")
    parser.add_argument("--csv", action="store_true", help="list them as CSV")
    parser.add_argument("--base", default="", metavar="ADDRESS", help="what to put before each line of a list")
    workers_help = "processes on this machine, 0 for none but this one; default: one for each core"
    parser.add_argument("--workers", type=_count, metavar="N", help=workers_help)
    parser.add_argument("--scheduler", default="", metavar="ADDRESS", help="use the Dask cluster with this scheduler")
    part_help = "read larger files in parts of this size; 0 for whole files; default: 250"
    parser.add_argument("--part-size", type=_count, default=250, metavar="MB", help=part_help)
    page_help = "refuse larger pages: one can need 50 times its size in memory; default: 3"
    parser.add_argument("--max-page", type=_count, default=3, metavar="MB", help=page_help)
    memory_help = "end and replace a worker of this machine that needs more; default: 500"
    parser.add_argument("--memory", type=_count, default=500, metavar="MB", help=memory_help)
    parser.add_argument("--every-page", action="store_true", help="parse also pages without signs of a live blog")


def crawl(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Read the parts of all files that are not finished, and join what all parts found.

    Returns 1 if a part could not be read, else 3 if a page was set aside or the parser failed at it, else 0.
    """
    if options.list is not None:
        if options.warcs or options.out:
            raise ArchiveError("--list only lists what a crawl has found; leave out WARC files and --out")
        _print_list(Path(options.list), as_csv=options.csv)
        return 0
    if not options.warcs or not options.out:
        raise ArchiveError("name WARC files, and the folder for the results: daybook crawl a.warc.gz --out found")
    if options.workers is not None and options.scheduler:
        raise ArchiveError("use only one of --workers and --scheduler; the cluster has its own workers")
    if not 1 <= options.max_page <= 50:
        raise ArchiveError("--max-page is a number from 1 to 50, in MB")
    how = CrawlOptions(
        outlets=load_outlets(Path(environ.get("CONTENT") or "content")),
        every_page=options.every_page,
        max_page=options.max_page * 1_000_000,
        code=reading_code(),
    )
    parts = plan_parts(options.warcs, how, base=options.base, part_size=options.part_size * 1_000_000 or None)
    workers = os.cpu_count() or 1 if options.workers is None else options.workers
    engine = Engine(
        workers=0 if options.scheduler else workers, scheduler=options.scheduler, memory=options.memory * 1_000_000
    )
    folder = Path(options.out)
    with lock_folders(folder):
        prepare_parts(folder, parts)
        errors = _read_parts(parts, how, folder, engine)
        remove_unfinished(folder)
        summary = gather(folder, load_reports(folder))
    print(*_report(summary, folder), sep="\n")
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        return 1
    return _NEEDS_PERSON if summary.outcomes.keys() & {SET_ASIDE, FAILED} else 0


def _read_parts(parts: Sequence[CrawlPart], how: CrawlOptions, folder: Path, engine: Engine) -> list[str]:
    """Read all parts that are not finished; return the errors of those that could not be read."""
    keys = {(report.address, report.start): report.key for report in load_reports(folder)}
    waiting = [part for part in parts if keys.get((part.address, part.start)) != part.key]
    if len(waiting) < len(parts):
        print(f"{len(parts) - len(waiting)} of {len(parts)} parts are finished already")
    failed: dict[str, str] = {}
    read = partial(read_part, options=how, folder=str(folder.resolve()))
    while waiting:
        tasks = {part.name: part for part in waiting}
        for name, error in show_progress(run_tasks(read, tasks, engine), len(tasks), "parts read"):
            if error:
                failed[name] = error
        # Where a range began with a record inside another record, the next round begins at the right one. It ends: each
        # round makes at least one more part of each such file right.
        waiting = [part for part in wrong_starts(parts, load_reports(folder)) if part.name not in failed]
    addresses = {part.name: part.address for part in parts}
    return [f"{error}" if addresses[name] in error else f"{addresses[name]}: {error}" for name, error in failed.items()]


def _report(summary: Summary, folder: Path) -> Iterator[str]:
    counts = summary.counts
    yield f"WARC files: {summary.files:,}; parts: {summary.parts:,}; records: {counts.get('records', 0):,}"
    yield f"pages: {counts.get('pages', 0):,}, {counts.get('bytes of pages', 0) / 1e6:,.1f} MB"
    yield f"looked at closely: {counts.get('looked at', 0):,}"
    for outcome, number in sorted(summary.outcomes.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {number:>9,} {outcome}"
    reasons = sorted(summary.reasons.items(), key=lambda item: (-item[1], item[0]))
    if reasons:
        yield "reasons"
    yield from (f"  {number:>9,} {printable(reason)}" for reason, number in reasons[:_MOST_REASONS])
    if len(reasons) > _MOST_REASONS:
        yield f"  and {len(reasons) - _MOST_REASONS} more reasons in summary.json"
    doubts = ", ".join(f"{kind} {number:,}" for kind, number in sorted(summary.doubts.items()))
    yield f"doubts: {doubts or 'none'}"
    captures = f"captures: {counts.get('captures', 0):,}, of which duplicates: {summary.duplicates:,}"
    yield f"live blogs: {summary.live_blogs:,}; {captures}; entries on them: {counts.get('entries', 0):,}"
    yield f"{folder / RESULTS} written; daybook crawl --list {folder} lists the live blogs"


def _print_list(folder: Path, *, as_csv: bool) -> None:
    if as_csv:
        print(list_as_csv(folder), end="")
        return
    rows = [_LIST_COLUMNS, *map(_cells, list_live_blogs(folder))]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - _width(cell))
            cells.append(f"{padding}{cell}" if index in _NUMBER_COLUMNS else f"{cell}{padding}")
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes (UAX 11, without combining marks)."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else not unicodedata.combining(each) for each in text)


def _cells(row: LiveBlog) -> tuple[str, ...]:
    title = printable(row.title)
    title = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    days = row.first_day if row.days == 1 else f"{row.first_day} to {row.last_day}"
    return title, printable(row.outlet), days, f"{row.entries:,}", f"{row.captures:,}", printable(row.live_blog)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number")
    return int(text)
