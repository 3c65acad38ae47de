"""Leave a tombstone in an entry's place: ENTRY=2023-06-02#t1329 REASON="…", from the environment."""

import os
import sys
from pathlib import Path

from liveblog.errors import ArchiveError
from liveblog.storage import locked
from liveblog.tombstones import withdraw_entry


def main() -> int:
    """Return the exit status: 1 with one line on standard error when there is no such entry."""
    content = Path(os.environ.get("CONTENT") or "content")
    try:
        with locked(content):
            path = withdraw_entry(content, os.environ.get("ENTRY", ""), os.environ.get("REASON", ""))
    except (ArchiveError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{path}: the entry's text is gone, its anchor stays; git still has the text in its history")
    return 0


if __name__ == "__main__":
    sys.exit(main())
