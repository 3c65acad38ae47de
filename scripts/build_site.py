"""Build the site: CONTENT into OUTPUT, with CONF, SITEURL and CACHE from the environment."""

import os
import sys

from daybook.cli import run_command
from daybook.core.config import paths_from_environment
from daybook.core.files import lock_folders
from daybook.site.build import build_site


def main() -> int:
    """Return 0; whatever is wrong is raised."""
    places = paths_from_environment(os.environ)
    with lock_folders(places.content, places.output):
        doubts = build_site(places)
    for doubt in doubts:
        print(f"warning: {doubt}", file=sys.stderr)
    print(f"The site begins at {places.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
