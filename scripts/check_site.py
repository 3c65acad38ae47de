"""Check the built site in OUTPUT: links, anchors, ids, what every page must have, and the published addresses."""

import os
import sys

from liveblog.commands import run
from liveblog.publishing import load_addresses, refusals
from liveblog.site.build import places_from
from liveblog.site.check import check_site, missing_addresses


def main() -> int:
    """Return 1 and name every fault on standard error, or 0."""
    places = places_from(os.environ)
    faults = list(check_site(places.output, places.siteurl.rstrip("/")))
    published = load_addresses(places.content)
    missing = missing_addresses(places.output, published)
    faults += refusals(places.content, published, published - set(missing))
    for fault in faults:
        print(fault, file=sys.stderr)
    summary = f"{len(faults)} faults" if faults else "all links, pages and published addresses are sound"
    print(f"{places.output}: {summary}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(run(main))
