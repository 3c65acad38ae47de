"""Print the JSON Schema of a record: `print_schema.py > docs/record.schema.json`."""

import json
import sys

from liveblog.commands import run
from liveblog.records import json_schema


def main() -> int:
    """Return 0."""
    print(json.dumps(json_schema(), indent=2, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
