"""Remove the site in OUTPUT, if Daybook made it and nothing else that an archive needs lies there."""

import os
import sys

from daybook.cli import run_command
from daybook.core.config import paths_from_environment
from daybook.site.build import remove_site


def main() -> int:
    """Return 0; where OUTPUT must stay, the reason is raised."""
    remove_site(paths_from_environment(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
