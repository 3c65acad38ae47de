"""Merge pages or records into the day files: `write_days.py [--records] [hints] FILE…`.

PAGES, RECORDS, FORCE, DRY and the hints in the environment are the defaults.
"""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

from liveblog.archive import content_files
from liveblog.batches import read_pages, read_record_files
from liveblog.commands import run
from liveblog.errors import ArchiveError
from liveblog.ingest import Target, ingest, keep_ledger, settle_anchors
from liveblog.ingest_options import read_ingest_options
from liveblog.ledger import ledger_folder
from liveblog.parsing import report
from liveblog.reporting import account_lines, undeclared
from liveblog.settings import load_settings
from liveblog.storage import locked


def main(arguments: list[str] | None = None) -> int:
    """Merge what can be merged; 1 if anything was wrong or held back."""
    options = read_ingest_options(arguments, os.environ)
    content = Path(os.environ.get("CONTENT") or "content")
    zone = load_settings(Path(os.environ.get("CONF") or "pelican.conf.py")).zone
    target = Target(content=content, zone=zone, forced=options.forced, dry=options.dry)
    readings = read_record_files(options.files) if options.records else read_pages(options.files, options.hints)
    with nullcontext() if options.dry else locked(content):
        content_files(content / "days")  # a link there, or the next, would lead elsewhere what is written
        ledger_folder(content)
        accounts = [] if options.files else [settle_anchors(target)]
        problems: list[ArchiveError] = []
        slugs: set[str] = set()
        for reading in readings:
            if reading.page:
                print(*report(reading.page), sep="\n")
                keep_ledger(reading.page, target)
            accounts.append(ingest(reading.batch, target))
            problems += reading.problems
            slugs.update(slug for record in reading.batch.records for slug in record.topics)
    print(*account_lines(accounts, options.dry), *undeclared(slugs, content), sep="\n")
    problems += [problem for account in accounts for problem in account.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(run(main))
