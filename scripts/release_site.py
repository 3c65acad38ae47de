"""Build the site and make its release beside it: the offline zip, SQLite, data package, checksums."""

import os
import sys

from liveblog.errors import ArchiveError
from liveblog.release import make_release
from liveblog.settings import load_settings
from liveblog.site.build import build, places_from
from liveblog.storage import locked


def main() -> int:
    """Return the exit status: 1 with one line on standard error when anything is wrong."""
    places = places_from(os.environ)
    try:
        with locked(places.content, places.output):
            build(places)
            folder = make_release(places.output, load_settings(places.conf).name)
    except (ArchiveError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size:>12,}  {path.relative_to(folder.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
