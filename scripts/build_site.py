"""Build the site: CONTENT into OUTPUT, with CONF, SITEURL and CACHE from the environment."""

import os
import sys

from liveblog.commands import run
from liveblog.site.build import build, places_from
from liveblog.storage import locked


def main() -> int:
    """Return 0; whatever is wrong is raised."""
    places = places_from(os.environ)
    with locked(places.content, places.output):
        doubts = build(places)
    for doubt in doubts:
        print(f"warning: {doubt}", file=sys.stderr)
    print(f"The site begins at {places.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
