"""Build the site: CONTENT into OUTPUT, with CONF, SITEURL and CACHE from the environment."""

import os
import sys
from pathlib import Path

from liveblog.errors import ArchiveError
from liveblog.site.build import Places, build
from liveblog.storage import locked


def main() -> int:
    """Return the exit status: 1 with one line on standard error when anything is wrong."""
    env = os.environ.get
    places = Places(
        content=Path(env("CONTENT") or "content"),
        output=Path(env("OUTPUT") or "output"),
        conf=Path(env("CONF") or "pelican.conf.py"),
        cache=Path(env("CACHE") or ".cache"),
        siteurl=env("SITEURL") or "",
    )
    try:
        with locked(places.content):
            build(places)
    except (ArchiveError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The site begins at {places.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
