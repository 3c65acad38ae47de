"""Print the JSON Schema of a record: `print_schema.py > docs/record.schema.json`."""

import json
import sys

from daybook.cli import run_command
from daybook.core.record import record_schema


def main() -> int:
    """Return 0."""
    print(json.dumps(record_schema(), indent=2, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
