"""Define what search knows of entries and days, and write the result files.

A result file is a classic script that holds what results show of a few entries of one day, with their whole text, which
snippets and phrases need:

    Daybook.receive("2023-06-02-0",["2023-06-02",465,[
    ["2023/06/02/#t1329","13:29","Headline",0,"The text",["grain"],["Tideway"],"en",["Grain"]],
    …]]);

The number is a flag: the headline is taken from the text.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

import msgspec
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest
from daybook.incremental.output import OutputFile

FIELDS = ("headline", "text", "topic")
BOOSTS = (3, 1, 1)  # the weight of each field

# lunr's parameters of BM25: saturation of term frequency, and normalization by field length, at lunr's default. Lunr's
# saturation is 1.2; on the needs in tests/bench/needs/tuning.txt all values from 0.6 to 0.9 give a better order.
K1 = 0.9
B = 0.75
RESULTS_PER_FILE = 3  # at most: fewer make more files, more make a page of results heavier
FACETS = ("topic", "outlet", "lang")  # what results can be filtered and counted by, apart from dates
_SEPARATOR = "\x1f"  # between the values of a facet of a document


class Document(Struct, frozen=True, kw_only=True):
    """An entry as it is searched and as a result shows it.

    Attributes:
        path: Address from the site's root, ``2023/06/02/#t1329``.
        number: Day number.
        derived: The headline is taken from the text.
        text: Plain text, paragraphs separated by blank lines.
        topics: Slugs, to filter by.
        titles: The names of these topics, in the same order, which results show; without them, results show the slugs.
        names: The names and aliases of those topics that a search should find.
        outlets: The names of the outlets that printed the entry.
        lang: Its BCP 47 tag.
    """

    path: str
    date: dt.date
    number: int | None = None
    time: dt.time | None = None
    headline: str
    derived: bool = False
    text: str
    topics: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    lang: str = "en"

    @property
    def facets(self) -> tuple[str, ...]:
        """Return the values of each of `FACETS`, sorted, as `split_values` reads them."""
        values = (self.topics, self.outlets, (self.lang,))
        return tuple(_SEPARATOR.join(sorted({" ".join(name.split()) for name in names} - {""})) for names in values)


def split_values(values: str) -> tuple[str, ...]:
    """Return the values of a facet of a document."""
    return tuple(values.split(_SEPARATOR)) if values else ()


class SearchDay(Struct, frozen=True):
    """A day of `count` documents, which are expensive to make and therefore requested only when needed.

    `key` is a digest of 16 bytes: days of equal date and key have equal documents.
    """

    date: dt.date
    count: int
    key: bytes
    documents: Callable[[], tuple[Document, ...]]


@lru_cache(maxsize=1)  # the result files of a day follow one another
def day_documents(day: SearchDay) -> tuple[Document, ...]:
    """Return the documents of a day. Raises ArchiveError if their number is not `day.count`."""
    documents = day.documents()
    if len(documents) != day.count:
        reason = f"the search index expects {day.count} entries on {day.date.isoformat()} but got {len(documents)}"
        raise ArchiveError(f"{reason}: SearchDay.count must be the number of its documents")
    return documents


def field_texts(document: Document) -> tuple[str, str, str]:
    """Return the text of each of `FIELDS`. A derived headline repeats the text and is left out."""
    headline = "" if document.derived else document.headline
    return headline, document.text, "\n".join(document.names)


def file_count(count: int) -> int:
    """Return the number of result files of a day of `count` entries."""
    return -(-count // RESULTS_PER_FILE)


def entries_per_file(count: int) -> int:
    """Return how many entries each result file of a day of `count` entries holds: they are divided evenly.

    `loadResult` in `index_files.js` computes the same.
    """
    return -(-count // max(1, file_count(count)))


def dump_result_file(date: dt.date, documents: Sequence[Document], file: int) -> bytes:
    """Write result file number `file` of a day; `documents` are all of that day."""
    results = []
    step = entries_per_file(len(documents))
    part = documents[file * step : (file + 1) * step]
    for document in part:
        time = document.time.isoformat("minutes") if document.time else ""
        text = document.headline, int(document.derived), document.text
        facets = document.topics, document.outlets, document.lang
        values = (document.path, time, *text, *facets, document.titles or document.topics)
        results.append(msgspec.json.encode(values).decode())
    value = f'["{date.isoformat()}",{json.dumps(part[0].number)},[\n' + ",\n".join(results) + "]]"
    return f'Daybook.receive("{date.isoformat()}-{file}",{value});\n'.encode()


def result_files(day: SearchDay, code_digest: bytes) -> Iterator[OutputFile]:
    """Yield the result files of a day."""

    def render(file: int) -> bytes:
        return dump_result_file(day.date, day_documents(day), file)

    # One digest per day and the file's number in it: these files are many.
    key = digest(code_digest, day.key)[2:]
    for file in range(file_count(day.count)):
        path = f"search/days/{day.date.isoformat()}-{file}.js"
        yield OutputFile(path, key + file.to_bytes(2, "big"), partial(render, file))
