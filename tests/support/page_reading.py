"""The reading of a page as JSON, and a generator of it for a new fixture.

    PYTHONPATH=scripts:tests/support .venv/bin/python tests/support/page_reading.py PAGE.html zone=GMT

writes ``PAGE.html.json`` beside the page. Read it against the page and correct it by hand: it is what the parser read,
not what is right.
"""

import json
import sys
from pathlib import Path
from typing import Any

from daybook.core.errors import ArchiveError
from daybook.core.record import Record
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints


def reading(data: bytes, hints: dict[str, object], name: str) -> dict[str, Any]:
    """Return the reading of a page, or why it is refused."""
    try:
        page = parse(data, read_hints(hints), name)
    except ArchiveError as error:
        return {"refused": error.reason}
    return {
        "verdict": page.verdict.value,
        "kind": page.kind,
        **_source(page),
        "entries": [_entry(record) for record in page.records],
        "notes": [note.text for note in page.notes],
        "doubts": [f"{doubt.kind}: {doubt.text}" for doubt in page.doubts],
        "problems": [str(problem) for problem in page.problems],
    }


def _source(page: ParsedPage) -> dict[str, Any]:
    source = page.records[0].source if page.records else None
    if source is None:
        return {}
    values = {"title": source.title, "url": source.url, "outlet": source.outlet, "captured": source.captured}
    values |= {"date": str(source.date), "lede": list(source.lede), "captions": [each.text for each in source.captions]}
    return {name: value for name, value in values.items() if value}


def _entry(record: Record) -> dict[str, Any]:
    body = {"markdown": record.markdown} if record.markdown else {"text": record.text}
    values = {"at": record.at, "date": str(record.date or ""), "headline": record.headline, **body, "id": record.id}
    values |= {"updated": record.updated, "authors": list(record.authors), "key": record.key, "lang": record.lang}
    return {name: value for name, value in values.items() if value}


def write_reading(page: Path, hints: dict[str, object]) -> Path:
    """Write the reading of a page beside it and return the path; an existing one is an error."""
    path = page.with_name(f"{page.name}.json")
    text = json.dumps({"hints": hints, **reading(page.read_bytes(), hints, page.name)}, indent=1, ensure_ascii=False)
    with path.open("x", encoding="utf-8") as file:
        file.write(f"{text}\n")
    return path


if __name__ == "__main__":
    print(write_reading(Path(sys.argv[1]), dict(pair.split("=", 1) for pair in sys.argv[2:])))
