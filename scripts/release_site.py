"""Build the site and make its release beside it: the offline zip, SQLite, data package, checksums."""

import os
import sys

from daybook.cli import run_command
from daybook.core.config import load_config, paths_from_environment
from daybook.core.files import lock_folders
from daybook.publish.release import make_release
from daybook.site.build import build_site


def main() -> int:
    """Return 0; whatever is wrong is raised."""
    places = paths_from_environment(os.environ)
    with lock_folders(places.content, places.output):
        build_site(places)
        folder = make_release(places.output, load_config(places.conf).name)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size:>12,}  {path.relative_to(folder.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
