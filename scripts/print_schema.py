"""Print the JSON Schema of a record: `print_schema.py > docs/record.schema.json`."""

import json

from liveblog.records import json_schema

print(json.dumps(json_schema(), indent=2, sort_keys=True))
