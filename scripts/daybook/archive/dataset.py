"""Define the dataset that readers can download: one row for each entry, as JSON Lines and as CSV; topics, sources.

All forms have the same columns. In JSON Lines, `topics` and `authors` are lists, and two more members hold whole pages:
`source` and `other_sources`. Without nulls, without the columns that a record does not have, and without `date` if
there is an `at`, a line is a record (docs/record.schema.json).
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec import Struct

from daybook.core.hashing import text_fingerprint
from daybook.core.record import PageSource


class DatasetRow(Struct, frozen=True, kw_only=True):
    """One entry. `at` is in UTC, and None for an entry without a time. `day` is None before day 1."""

    address: str
    url: str | None = None
    day: int | None
    date: str
    at: str | None = None
    headline: str | None = None
    text: str
    topics: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    updated: str | None = None
    lang: str | None = None
    key: bool = False
    found: str | None = None
    id: str | None = None
    outlet: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    captured: str | None = None
    sha256: str | None = None
    sources: int = 0
    source: PageSource | None = None
    other_sources: tuple[PageSource, ...] = ()


class Column(Struct, frozen=True):
    """A column of the CSV file, of the SQLite table and of the data package; `meaning` is for readers.

    `type` is a field type of Frictionless Table Schema (https://specs.frictionlessdata.io/table-schema/).
    """

    name: str
    type: str
    meaning: str


COLUMNS = (
    Column("address", "string", "Its permanent address, relative to the site’s root."),
    Column("url", "string", "The same with the address of the site; empty if the site has none."),
    Column("day", "integer", "Its day number; empty before day 1."),
    Column("date", "date", "Its date in the archive’s time zone."),
    Column("at", "datetime", "Its time in UTC; empty if the source has no time."),
    Column("headline", "string", "Its headline; empty if the source has none."),
    Column("text", "string", "Its text; a blank line separates paragraphs."),
    Column("topics", "string", "The slugs of its topics, separated by spaces."),
    Column("authors", "string", "Its authors, separated by semicolons."),
    Column("updated", "datetime", "When the outlet last changed it, in UTC."),
    Column("lang", "string", "Its language (BCP 47); empty if unknown."),
    Column("key", "boolean", "Whether the outlet marked it as a key entry: 1 or 0."),
    Column("found", "string", "How its date was found: explicit, inferred or hand."),
    Column("id", "string", "The outlet’s id for it."),
    Column("outlet", "string", "The publisher of its source page."),
    Column("source_title", "string", "The title of that page."),
    Column("source_url", "string", "The address of that page."),
    Column("captured", "datetime", "When that page was saved."),
    Column("sha256", "string", "The SHA-256 of the saved file."),
    Column("sources", "integer", "The number of source pages that contain it."),
)
# The tables beside that of entries. Keys and text are as above.
TOPIC_COLUMNS = (
    Column("slug", "string", "The topic’s name in addresses."),
    Column("name", "string", "Its name."),
    Column("kind", "string", "person, place, organisation or theme."),
    Column("aliases", "string", "The spellings by which it is found, separated by semicolons."),
    Column("entries", "integer", "The number of its entries."),
    Column("days", "integer", "The number of days with these entries."),
)
SOURCE_COLUMNS = (
    Column("id", "string", "A digest that identifies the page."),
    Column("outlet", "string", "Its publisher."),
    Column("title", "string", "Its title."),
    Column("url", "string", "Its address."),
    Column("date", "date", "The day that it is about."),
    Column("printed_day", "integer", "The day number that it states."),
    Column("captured", "datetime", "When it was saved."),
    Column("sha256", "string", "The SHA-256 of the saved file."),
    Column("standfirst", "string", "What it says below its title."),
)
ENTRY_TOPIC_COLUMNS = (
    Column("entry", "string", "The address of an entry."),
    Column("topic", "string", "The slug of one of its topics."),
)
ENTRY_SOURCE_COLUMNS = (
    Column("entry", "string", "The address of an entry."),
    Column("source", "string", "The id of a page that contains it."),
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(DatasetRow)
_JSONL_START, _JSONL_NO_URL = b'{"address":"', b'","url":null'  # around the address of a row without `url`


def jsonl_line(row: DatasetRow) -> bytes:
    """Return a row as a line of JSON Lines."""
    return _encoder.encode(row) + b"\n"


def jsonl_with_url(line: bytes, url: Callable[[str], str]) -> bytes:
    """Return a line of JSON Lines, whose row has no `url`, with the one that a function makes of its `address`."""
    end = line.index(b'"', len(_JSONL_START))
    address = line[len(_JSONL_START) : end].decode()
    return b'%s","url":%s%s' % (line[:end], _encoder.encode(url(address)), line[end + len(_JSONL_NO_URL) :])


def load_jsonl(data: bytes) -> list[DatasetRow]:
    """Read rows from JSON Lines."""
    return _decoder.decode_lines(data)


def csv_header(columns: tuple[Column, ...] = COLUMNS) -> bytes:
    """Return the first line of a CSV file, with the column names."""
    return ",".join(column.name for column in columns).encode() + b"\r\n"


def csv_record(row: DatasetRow) -> bytes:
    """Return a row as a record of a CSV file (RFC 4180)."""
    return dump_cells([column_values(row)])


def csv_with_url(record: bytes, url: Callable[[str], str]) -> bytes:
    """Return a CSV record, whose row has no `url`, with the one that a function makes of its `address`."""
    address, rest = record.split(b",,", 1)
    return b"%s,%s,%s" % (address, dump_cells([[url(address.decode())]]).removesuffix(b"\r\n"), rest)


def dump_cells(rows: Iterable[Iterable[str | int | None]]) -> bytes:
    """Write the cells of a table as CSV (RFC 4180), without the header."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def column_values(row: DatasetRow) -> tuple[str | int | None, ...]:
    """Return the values of a row in the order of `COLUMNS`."""
    cells: dict[str, str | int | None] = {
        "topics": " ".join(row.topics),
        "authors": "; ".join(row.authors),
        "key": int(row.key),
    }
    return tuple(cells.get(column.name, getattr(row, column.name)) for column in COLUMNS)


def source_id(source: PageSource) -> str:
    """Return the id of a page: a digest of what tells it from others, the same in every release."""
    date = source.date.isoformat() if source.date else ""
    return text_fingerprint(source.sha256, source.url, source.captured, source.outlet, source.title, date)


def source_values(source: PageSource) -> tuple[str | int | None, ...]:
    """Return the values of a page in the order of `SOURCE_COLUMNS`."""
    date = source.date.isoformat() if source.date else None
    texts = (source.outlet, source.title, source.url)
    last = (source.captured, source.sha256, source.standfirst)
    empty_is_none = [text or None for text in (*texts, *last)]
    return (source_id(source), *empty_is_none[:3], date, source.printed_day, *empty_is_none[3:])


def table_schema(
    columns: tuple[Column, ...], key: str | list[str] = "", foreign: Mapping[str, tuple[str, str]] | None = None
) -> dict[str, object]:
    """Return the schema of a table in a data package (Frictionless Table Schema).

    `foreign` has, by the name of a column, the resource and the column that its values are those of.
    """
    fields: list[dict[str, object]] = [
        {"name": each.name, "type": each.type, "description": each.meaning} for each in columns
    ]
    for field in fields:
        if field["type"] == "boolean":
            field |= {"trueValues": ["1", "true"], "falseValues": ["0", "false"]}
    keys = [
        {"fields": name, "reference": {"resource": resource, "fields": column}}
        for name, (resource, column) in (foreign or {}).items()
    ]
    return {
        "fields": fields,
        "missingValues": [""],
        **({"primaryKey": key} if key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }
