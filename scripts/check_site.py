"""Check the built site in OUTPUT: links, anchors, ids, what every page must have, and the published addresses."""

import os
import sys

from daybook.archive.content import load_addresses
from daybook.cli import run_command
from daybook.core.config import paths_from_environment
from daybook.publish.checks import addresses_missing_from, check_site, missing_address_errors


def main() -> int:
    """Return 1 and name every fault on standard error, or 0."""
    places = paths_from_environment(os.environ)
    faults = list(check_site(places.output, places.siteurl.rstrip("/")))
    published = load_addresses(places.content)
    missing = addresses_missing_from(places.output, published)
    faults += missing_address_errors(places.content, published, published - set(missing))
    for fault in faults:
        print(fault, file=sys.stderr)
    summary = f"{len(faults)} faults" if faults else "all links, pages and published addresses are sound"
    print(f"{places.output}: {summary}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(run_command(main))
