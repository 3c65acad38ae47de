"""Build the site: CONTENT into OUTPUT, with CONF, SITEURL and CACHE from the environment."""

import os
import sys

from liveblog.errors import ArchiveError
from liveblog.site.build import build, places_from
from liveblog.storage import locked


def main() -> int:
    """Return the exit status: 1 with one line on standard error when anything is wrong."""
    places = places_from(os.environ)
    try:
        with locked(places.content, places.output):
            missing = build(places)
    except (ArchiveError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for address in missing[:10]:
        print(f"warning: {address} was published and is gone; make publish will refuse", file=sys.stderr)
    if len(missing) > 10:
        print(f"warning: so are {len(missing) - 10} more addresses", file=sys.stderr)
    print(f"The site begins at {places.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
