"""Remove the site in OUTPUT, if Daybook made it and nothing else that an archive needs lies there."""

import os
import sys

from liveblog.commands import run
from liveblog.site.build import places_from, remove_site


def main() -> int:
    """Return 0; where OUTPUT must stay, the reason is raised."""
    remove_site(places_from(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
