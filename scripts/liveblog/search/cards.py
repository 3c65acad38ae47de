"""Documents → card files: the only place for what a result shows before it is opened.

A card file holds at most four entries of one day with their whole texts; a result asks for
no other file:

    Daybook.receive("2023-06-02-0",["2023-06-02",465,[
    ["2023/06/02/#t1329","13:29","Headline",0,"Text",["nato"]],
    …]])
"""

import datetime as dt
import json
from collections.abc import Sequence

import msgspec

from .document import Document

PER_FILE = 4


def files_of_cards(count: int) -> int:
    """Return how many files hold the cards of a day of `count` entries."""
    return -(-count // PER_FILE)


def cards_per_file(count: int) -> int:
    """Share a day's entries evenly among its files; the client does the same sum."""
    return -(-count // max(1, files_of_cards(count)))


def dump_cards(date: dt.date, documents: Sequence[Document], file: int) -> bytes:
    """Write one of the card files of a day's `documents`."""
    step = cards_per_file(len(documents))
    held = documents[file * step : (file + 1) * step]
    cards = ",\n".join(_card(document) for document in held)
    number = json.dumps(held[0].number)
    return f'Daybook.receive("{date.isoformat()}-{file}",["{date.isoformat()}",{number},[\n{cards}]]);\n'.encode()


def _card(document: Document) -> str:
    time = document.time.isoformat("minutes") if document.time else ""
    fields = (document.path, time, document.headline, int(document.made), document.text, document.topics)
    return msgspec.json.encode(fields).decode()
