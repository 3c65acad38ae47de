"""Build the site for SITEURL, and refuse it where a published address is gone or a budget broken."""

import os
import sys

from liveblog.errors import ArchiveError
from liveblog.publishing import dump_addresses, load_addresses, lost, over_budget
from liveblog.publishing.addresses import FILE
from liveblog.site.build import build, places_from
from liveblog.storage import locked, replace_file

CURE = "was published and is gone; bring it back, or leave a redirect or a tombstone (make move, make withdraw)"


def main() -> int:
    """Return the exit status: 1 where nothing may be published, with a line for each reason."""
    places = places_from(os.environ)
    path = places.content / FILE
    try:
        with locked(places.content):
            published, present = load_addresses(places.content), build(places)
            missing = lost(published, present)
            faults: list[Exception] = [ArchiveError(f"{address} {CURE}", path=path) for address in missing]
            faults += over_budget(places.output)
            if not faults:
                replace_file(path, dump_addresses(published | present), durable=True)
    except (ArchiveError, OSError) as error:
        faults = [error]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print("Nothing may be published: the address list stays as it was.", file=sys.stderr)
        return 1
    new = len(present - published)
    print(f"{path}: {new} new addresses; commit the file" if new else f"{path}: no new address")
    print(f"The site to publish is {places.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
