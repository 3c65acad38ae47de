"""Merge pages or records into the day files: `write_days.py [--records] [hints] FILE…`.

PAGES, RECORDS, FORCE, DRY and the hints in the environment are the defaults.
"""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

from daybook.archive.content import list_content_files
from daybook.archive.ingest import IngestOptions, ingest, ledger_folder, store_anchors, write_ledger
from daybook.cli import run_command
from daybook.commands.ingest import page_report, read_ingest_arguments, result_table, undeclared_topics
from daybook.core.config import load_config
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders
from daybook.parse.input_files import parse_files, read_record_files


def main(arguments: list[str] | None = None) -> int:
    """Merge what can be merged; 1 if anything was wrong or needs review."""
    options = read_ingest_arguments(arguments, os.environ)
    content = Path(os.environ.get("CONTENT") or "content")
    zone = load_config(Path(os.environ.get("CONF") or "pelican.conf.py")).zone
    target = IngestOptions(content=content, zone=zone, accepted=options.accepted, dry=options.dry)
    readings = read_record_files(options.files) if options.records else parse_files(options.files, options.hints)
    with nullcontext() if options.dry else lock_folders(content):
        list_content_files(content / "days")  # a link there, or the next, would lead elsewhere what is written
        ledger_folder(content)
        accounts = [] if options.files else [store_anchors(target)]
        problems: list[ArchiveError] = []
        slugs: set[str] = set()
        for reading in readings:
            if reading.page:
                print(*page_report(reading.page), sep="\n")
                write_ledger(reading.page, target)
            accounts.append(ingest(reading, target))
            problems += reading.problems
            slugs.update(slug for record in reading.records for slug in record.topics)
    print(*result_table(accounts, options.dry), *undeclared_topics(slugs, content), sep="\n")
    problems += [problem for account in accounts for problem in account.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(run_command(main))
