"""Print the entries of saved pages as records, one JSON line each; the report goes to standard error."""

import argparse
import sys

from daybook.cli import run_command
from daybook.commands.ingest import page_report
from daybook.core.record import dump_record
from daybook.parse.base.page import Hints
from daybook.parse.input_files import parse_files, read_hints


def main(arguments: list[str] | None = None) -> int:
    """Parse every page that can be parsed; 1 if one was refused or has a problem."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in Hints.__struct_fields__:
        options.add_argument(f"--{name}", default="")
    options.add_argument("pages", nargs="+", metavar="PAGE", help="a file, or a folder that is read whole")
    values = vars(options.parse_args(arguments))
    failed = False
    for reading in parse_files(values.pop("pages"), read_hints(values)):
        for record in reading.records:
            sys.stdout.buffer.write(dump_record(record).encode() + b"\n")
        words = page_report(reading.page) if reading.page else reading.problems
        print(*words, sep="\n", file=sys.stderr)
        failed = failed or bool(reading.problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(run_command(main))
