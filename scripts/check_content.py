"""Read the archive in CONTENT and name every mistake: `check_content.py [FILE…]`.

Without a file all of it is read: days, topics, pages, the list of addresses, and the settings in CONF. With
files, as a commit hook names them, only those are read.
"""

import sys
from os import environ
from pathlib import Path

from liveblog.commands import run, told
from liveblog.settings import load_settings
from liveblog.site.build import places_from
from liveblog.site.content_check import check_content, read_file, reported, unread


def main(names: list[str]) -> int:
    """Return 1 and name every mistake on standard error, or 0."""
    faults: list[Exception] = []
    for name in names:
        with reported(faults.append):
            read_file(Path(name))
    if not names:
        places = places_from(environ)
        counts = check_content(places.content, faults.append)
        with reported(faults.append):
            load_settings(places.conf)
        for path in unread(places.content):
            print(
                f"warning: {path}: no build reads it; days, topics and pages have folders of their own", file=sys.stderr
            )
        read = ", ".join(f"{count} {kind if count != 1 else kind[:-1]}" for kind, count in counts.items())
        print(f"{places.content}: {read}, {f'{len(faults)} to correct' if faults else 'all can be read'}")
    for fault in faults:
        print(told(fault), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
