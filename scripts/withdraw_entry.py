"""Leave a tombstone in an entry's place: ENTRY=2023-06-02#t1329 REASON="…", from the environment."""

import os
import sys
from pathlib import Path

from daybook.archive.tombstones import withdraw_entry
from daybook.cli import run_command
from daybook.core.files import lock_folders


def main() -> int:
    """Return 0; where there is no such entry, that is raised."""
    content = Path(os.environ.get("CONTENT") or "content")
    with lock_folders(content):
        path = withdraw_entry(content, os.environ.get("ENTRY", ""), os.environ.get("REASON", ""))
    print(f"{path}: the entry's text is gone, its anchor stays; git still has the text in its history")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
