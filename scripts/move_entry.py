"""Move an entry to the day it belongs to: ENTRY=2023-06-02#t2355 TO=2023-06-01, from the environment."""

import datetime as dt
import os
import sys
from pathlib import Path

from daybook.archive.tombstones import move_entry
from daybook.cli import run_command
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders


def main() -> int:
    """Return 0; where it cannot be moved, the reason is raised."""
    content, to = Path(os.environ.get("CONTENT") or "content"), os.environ.get("TO", "")
    with lock_folders(content):
        date, anchor = move_entry(content, os.environ.get("ENTRY", ""), _date(to))
    print(f"The entry is {date}#{anchor} now; its former address leads there")
    return 0


def _date(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise ArchiveError(f"{text!r} is not a day; write TO=2023-06-01") from None


if __name__ == "__main__":
    sys.exit(run_command(main))
