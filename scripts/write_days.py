"""Merge pages or records into the day files: `write_days.py [--records] [hints] FILE…`.

Without a file it stores the anchors of entries that were typed by hand.
"""

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path

from liveblog.archive import content_files
from liveblog.batches import read_pages, read_record_files
from liveblog.commands import run
from liveblog.errors import ArchiveError
from liveblog.ingest import Target, ingest, keep_ledger, settle_anchors
from liveblog.ledger import ledger_folder
from liveblog.parsing import Hints, read_hints, report
from liveblog.reporting import account_lines, undeclared
from liveblog.settings import load_settings
from liveblog.storage import locked


def main(arguments: list[str] | None = None) -> int:
    """Merge what can be merged; 1 if anything was wrong or held back."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", action="store_true", help="FILEs hold records; - is standard input")
    options.add_argument("--dry", action="store_true", help="tell all and write nothing")
    options.add_argument("--force", action="append", default=[], metavar="DATE#ANCHOR", help="take a page's word")
    options.add_argument("files", nargs="*", metavar="FILE")
    for name in Hints.__struct_fields__:
        options.add_argument(f"--{name}", default="")
    given = options.parse_args(arguments)
    content = Path(os.environ.get("CONTENT") or "content")
    zone = load_settings(Path(os.environ.get("CONF") or "pelican.conf.py")).zone
    target = Target(content=content, zone=zone, forced=frozenset(given.force), dry=given.dry)
    hints = read_hints({name: getattr(given, name) for name in Hints.__struct_fields__})
    readings = read_record_files(given.files) if given.records else read_pages(given.files, hints)
    with nullcontext() if given.dry else locked(content):
        content_files(content / "days")  # a link there, or the next, would lead elsewhere what is written
        ledger_folder(content)
        accounts = [] if given.files else [settle_anchors(target)]
        problems: list[ArchiveError] = []
        slugs: set[str] = set()
        for reading in readings:
            if reading.page:
                print(*report(reading.page), sep="\n")
                keep_ledger(reading.page, target)
            accounts.append(ingest(reading.batch, target))
            problems += reading.problems
            slugs.update(slug for record in reading.batch.records for slug in record.topics)
    print(*account_lines(accounts, given.dry), *undeclared(slugs, content), sep="\n")
    problems += [problem for account in accounts for problem in account.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(run(main))
