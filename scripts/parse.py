"""Print the entries of saved pages as records, one JSON line each; the report goes to standard error."""

import argparse
import sys
from pathlib import Path

from liveblog.errors import ArchiveError
from liveblog.parsing import Hints, load_hints, parse, read_hints, report
from liveblog.records import dump_record


def main(arguments: list[str] | None = None) -> int:
    """Parse every page that can be parsed; 1 if one was refused or has a problem."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in Hints.__struct_fields__:
        options.add_argument(f"--{name}", default="")
    options.add_argument("pages", nargs="+", metavar="PAGE", type=Path)
    values = vars(options.parse_args(arguments))
    failed = False
    for path in values.pop("pages"):
        try:
            page = parse(path.read_bytes(), load_hints(path, read_hints(values)), str(path))
        except (ArchiveError, OSError) as error:
            print(f"{path}: {error.strerror}" if isinstance(error, OSError) else error, file=sys.stderr)
            failed = True
            continue
        for record in page.records:
            sys.stdout.buffer.write(dump_record(record).encode() + b"\n")
        print(*report(page), sep="\n", file=sys.stderr)
        failed = failed or bool(page.problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
