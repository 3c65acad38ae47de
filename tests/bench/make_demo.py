"""Write a large invented archive and build its site: `python -m bench.make_demo [FOLDER [DAYS]]`.

FOLDER is `demo` by default, DAYS the environment variable, else 600.
"""

import datetime as dt
import os
import sys
from pathlib import Path

from bench.demo import FIRST_DAY, demo_days, demo_topics
from daybook import cli
from daybook.commands.arguments import read_count
from daybook.core.record import dump_record

PER_DAY = 17
DAYS = "600"
LAST_DAY = dt.date(9998, 12, 31)  # the last date of a day file
CONF = f'SITENAME = "A large invented archive"\nFIRST_DAY = "{FIRST_DAY}"\nTIMEZONE = "UTC"\nPLACES = {{}}\n'


def main(arguments: list[str]) -> int:
    """Write the archive into a folder of its own and return the exit status."""
    folder = Path(arguments[0] if arguments else "demo")
    most = (LAST_DAY - FIRST_DAY).days + 1
    days = read_count("DAYS", arguments[1] if arguments[1:] else os.environ.get("DAYS", "").strip() or DAYS, most)
    paths = {"CONTENT": "content", "OUTPUT": "output", "CACHE": "cache", "CONF": "pelican.conf.py"}
    os.environ |= {name: str(folder / path) for name, path in paths.items()} | {"DRY": ""}
    (folder / "content" / "topics").mkdir(parents=True, exist_ok=True)
    (folder / "pelican.conf.py").write_text(CONF)
    for slug, name in demo_topics():
        text = f'---\nname: "{name}"\nkind: "place"\naliases:\n  - "{name}"\n---\n'
        (folder / "content" / "topics" / f"{slug}.md").write_text(text)
    records = folder / "records.jsonl"
    with records.open("w") as lines:
        lines.writelines(f"{dump_record(record)}\n" for record in demo_days(days, PER_DAY))
    return cli.main(["ingest", "--records", str(records)]) or cli.main(["build"])


if __name__ == "__main__":
    sys.exit(cli.run_command(lambda: main(sys.argv[1:])))
