"""What search knows of entries and their days: the only place for `Document` and its three fields."""

import datetime as dt
import json
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from daybook.core.errors import ArchiveError

FIELDS = ("headline", "text", "topic")


BOOSTS = (3, 1, 1)


K1 = 1.2


B = 0.75


class Document(Struct, frozen=True, kw_only=True):
    """One entry as it is searched and as a result shows it.

    `path` is its address from the site's root (``2023/06/02/#t1329``), `number` the day
    number. `text` is plain, paragraphs separated by blank lines. `topics` are slugs, for
    filtering; `names` are the words of those topics that a search should find.
    """

    path: str
    date: dt.date
    number: int | None = None
    time: dt.time | None = None
    headline: str
    derived: bool = False
    text: str
    topics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class SearchDay(Struct, frozen=True):
    """A day of `count` documents in their order, which are dear to make and asked for only when needed.

    `key` are 16 bytes from which they follow: days of equal date and key have equal documents.
    """

    date: dt.date
    count: int
    key: bytes
    documents: Callable[[], tuple[Document, ...]]


def day_documents(day: SearchDay) -> tuple[Document, ...]:
    """Return the documents of a day, as many as it says it has."""
    documents = day.documents()
    if len(documents) != day.count:
        reason = f"search was told of {day.count} entries on {day.date.isoformat()} and given {len(documents)}"
        raise ArchiveError(f"{reason}: give each day the number of its documents")
    return documents


def field_texts(document: Document) -> tuple[str, str, str]:
    """Return the text of each of `FIELDS`; a made headline only repeats the text and is left out."""
    headline = "" if document.derived else document.headline
    return headline, document.text, "\n".join(document.names)


RESULTS_PER_FILE = 4


def result_file_count(count: int) -> int:
    """Return how many files hold the cards of a day of `count` entries."""
    return -(-count // RESULTS_PER_FILE)


def results_per_file(count: int) -> int:
    """Share a day's entries evenly among its files; the client does the same sum."""
    return -(-count // max(1, result_file_count(count)))


def dump_result_file(date: dt.date, documents: Sequence[Document], file: int) -> bytes:
    """Write one of the card files of a day's `documents`."""
    step = results_per_file(len(documents))
    held = documents[file * step : (file + 1) * step]
    cards = ",\n".join(_card(document) for document in held)
    number = json.dumps(held[0].number)
    return f'Daybook.receive("{date.isoformat()}-{file}",["{date.isoformat()}",{number},[\n{cards}]]);\n'.encode()


def _card(document: Document) -> str:
    time = document.time.isoformat("minutes") if document.time else ""
    fields = (document.path, time, document.headline, int(document.derived), document.text, document.topics)
    return msgspec.json.encode(fields).decode()
