"""Check the built site in OUTPUT: links, anchors, ids, and what every page must have."""

import os
import sys
from pathlib import Path

from liveblog.commands import run
from liveblog.site.check import check_site


def main() -> int:
    """Return 1 and name every fault on standard error, or 0."""
    output = Path(os.environ.get("OUTPUT") or "output")
    faults = list(check_site(output, (os.environ.get("SITEURL") or "").rstrip("/")))
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{output}: {len(faults)} faults" if faults else f"{output}: all links and pages are sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(run(main))
