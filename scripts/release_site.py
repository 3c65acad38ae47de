"""Build the site and make its release beside it: the offline zip, SQLite, data package, checksums."""

import os
import sys

from liveblog.commands import run
from liveblog.release import make_release
from liveblog.settings import load_settings
from liveblog.site.build import build, places_from
from liveblog.storage import locked


def main() -> int:
    """Return 0; whatever is wrong is raised."""
    places = places_from(os.environ)
    with locked(places.content, places.output):
        build(places)
        folder = make_release(places.output, load_settings(places.conf).name)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size:>12,}  {path.relative_to(folder.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
