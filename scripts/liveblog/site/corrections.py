"""Where a reader can correct an entry: its line in its day file, on the repository's forge.

`REPOSITORY` is the repository's address as a person visits it; the content folder lies at
its top under the name it has here. ``HEAD`` is whatever branch the forge shows first.
"""

import datetime as dt
import re
from pathlib import Path

from ..archive import day_path
from ..storage import read_text

_HEADING = re.compile(r"##(?:[ \t].*)?")
_ANCHOR = re.compile(r'\[anchor\]: # "([^"]+)"[ \t]*')


def correction_links(repository: str, content: Path, date: dt.date) -> dict[str, str]:
    """Give the address of each entry of a day by its anchor, and the file's own under "".

    An entry without a stored anchor, as a person types it, has only the file's.
    """
    file = day_path(Path(content.name), date).as_posix()
    address = f"{repository.rstrip('/')}/blob/HEAD/{file}?plain=1"
    lines = entry_lines(read_text(day_path(content, date)))
    return {"": address} | {anchor: f"{address}#L{line}" for anchor, line in lines.items()}


def entry_lines(text: str) -> dict[str, int]:
    """Give the line of each entry's heading in a day file, by the anchor stored below it.

    >>> entry_lines('---\\n---\\n\\n## 09:00 Fog\\n\\n[anchor]: # "t0900"\\n')
    {'t0900': 4}
    """
    lines: dict[str, int] = {}
    heading = 0
    for number, row in enumerate(text.split("\n"), start=1):
        if _HEADING.fullmatch(row):
            heading = number
        elif heading and (match := _ANCHOR.fullmatch(row)):
            lines[match[1]] = heading
            heading = 0
        elif row.strip() and not row.startswith("["):
            heading = 0  # the entry's text has begun: what follows is no attribute
    return lines
