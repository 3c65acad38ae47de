"""Documents → card files: the only place for what a result shows before it is opened.

A card file holds at most four entries of one day with their whole texts; a result asks for
no other file:

    Daybook.receive("2023-06-02-0",["2023-06-02",465,[
    ["2023/06/02/#t1329","13:29","Headline",0,"Text",["nato"]],
    …]])
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence

import msgspec

from .document import Document

PER_FILE = 4


def cards_per_file(count: int) -> int:
    """Share a day's entries evenly among files of at most `PER_FILE`; the client does the same sum."""
    files = -(-count // PER_FILE)
    return -(-count // max(1, files))


def card_files(date: dt.date, documents: Sequence[Document]) -> Iterator[tuple[str, bytes]]:
    """Yield (path, script) for each card file of a day."""
    step = cards_per_file(len(documents))
    for file, start in enumerate(range(0, len(documents), step or 1)):
        name = f"{date.isoformat()}-{file}"
        cards = ",\n".join(_card(document) for document in documents[start : start + step])
        number = json.dumps(documents[start].number)
        script = f'Daybook.receive("{name}",["{date.isoformat()}",{number},[\n{cards}]]);\n'
        yield f"search/days/{name}.js", script.encode()


def _card(document: Document) -> str:
    time = document.time.isoformat("minutes") if document.time else ""
    fields = (document.path, time, document.headline, int(document.made), document.text, document.topics)
    return msgspec.json.encode(fields).decode()
