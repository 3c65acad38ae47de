"""Run the command line: `python -m daybook COMMAND`."""

import sys

from daybook.cli import main

if __name__ == "__main__":
    sys.exit(main())
