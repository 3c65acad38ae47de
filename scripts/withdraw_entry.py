"""Leave a tombstone in an entry's place: ENTRY=2023-06-02#t1329 REASON="…", from the environment."""

import os
import sys
from pathlib import Path

from liveblog.commands import run
from liveblog.storage import locked
from liveblog.tombstones import withdraw_entry


def main() -> int:
    """Return 0; where there is no such entry, that is raised."""
    content = Path(os.environ.get("CONTENT") or "content")
    with locked(content):
        path = withdraw_entry(content, os.environ.get("ENTRY", ""), os.environ.get("REASON", ""))
    print(f"{path}: the entry's text is gone, its anchor stays; git still has the text in its history")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
