"""Read the archive in CONTENT and name every mistake: `check_content.py [FILE…]`.

Without a file all of it is read: days, topics, pages, the list of addresses, and the settings in CONF. With
files, as a commit hook names them, only those are read.
"""

import sys
from os import environ
from pathlib import Path

from daybook.archive.content_check import check_content, read_file, reported, unread
from daybook.cli import run_command
from daybook.core.config import load_config, paths_from_environment
from daybook.core.errors import error_message


def main(names: list[str]) -> int:
    """Return 1 and name every mistake on standard error, or 0."""
    faults: list[Exception] = []
    for name in names:
        with reported(faults.append):
            read_file(Path(name))
    if not names:
        places = paths_from_environment(environ)
        counts = check_content(places.content, faults.append)
        with reported(faults.append):
            load_config(places.conf)
        for path in unread(places.content):
            print(
                f"warning: {path}: no build reads it; days, topics and pages have folders of their own", file=sys.stderr
            )
        read = ", ".join(f"{count} {kind if count != 1 else kind[:-1]}" for kind, count in counts.items())
        print(f"{places.content}: {read}, {f'{len(faults)} to correct' if faults else 'all can be read'}")
    for fault in faults:
        print(error_message(fault), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(run_command(lambda: main(sys.argv[1:])))
