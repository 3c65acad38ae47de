"""What search knows of entries and their days: the only place for `Document` and its three fields."""

import datetime as dt
from collections.abc import Callable

from msgspec import Struct

from ..errors import ArchiveError

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
    made: bool = False
    text: str
    topics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class SearchedDay(Struct, frozen=True):
    """A day of `count` documents in their order, which are dear to make and asked for only when needed.

    `key` are 16 bytes from which they follow: days of equal date and key have equal documents.
    """

    date: dt.date
    count: int
    key: bytes
    documents: Callable[[], tuple[Document, ...]]


def documents_of(day: SearchedDay) -> tuple[Document, ...]:
    """Return the documents of a day, as many as it says it has."""
    documents = day.documents()
    if len(documents) != day.count:
        reason = f"search was told of {day.count} entries on {day.date.isoformat()} and given {len(documents)}"
        raise ArchiveError(f"{reason}: give each day the number of its documents")
    return documents


def searched(document: Document) -> tuple[str, str, str]:
    """Return the text of each of `FIELDS`; a made headline only repeats the text and is left out."""
    headline = "" if document.made else document.headline
    return headline, document.text, "\n".join(document.names)
