"""Print the entries of saved pages as records, one JSON line each; the report goes to standard error."""

import argparse
import sys

from liveblog.batches import read_pages
from liveblog.commands import run
from liveblog.parsing import Hints, read_hints, report
from liveblog.records import dump_record


def main(arguments: list[str] | None = None) -> int:
    """Parse every page that can be parsed; 1 if one was refused or has a problem."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in Hints.__struct_fields__:
        options.add_argument(f"--{name}", default="")
    options.add_argument("pages", nargs="+", metavar="PAGE", help="a file, or a folder that is read whole")
    values = vars(options.parse_args(arguments))
    failed = False
    for reading in read_pages(values.pop("pages"), read_hints(values)):
        for record in reading.batch.records:
            sys.stdout.buffer.write(dump_record(record).encode() + b"\n")
        words = report(reading.page) if reading.page else reading.problems
        print(*words, sep="\n", file=sys.stderr)
        failed = failed or bool(reading.problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(run(main))
