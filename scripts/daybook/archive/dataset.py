"""Define the dataset that readers can download: one row for each entry, as JSON Lines and as CSV.

A JSON line is a record (docs/record.schema.json) with three more fields: the entry's `address`, its `day` number, and
`other_sources`, further pages with the same wording.
"""

import csv
import io
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from daybook.core.record import PageSource


class DatasetRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry. `at` is in UTC; an entry without a time has a `date` instead. `day` is null before day 1."""

    address: str
    day: int | None
    at: str = ""
    date: str = ""
    headline: str = ""
    text: str
    topics: tuple[str, ...] = ()
    id: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    key: bool = False
    lang: str = ""
    found: str = ""
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
    Column("address", "string", "Its permanent address, relative to the site's root."),
    Column("day", "integer", "Its day number; empty before day 1."),
    Column("date", "date", "Its date in the archive's time zone."),
    Column("at", "datetime", "Its time in UTC; empty if the source has no time."),
    Column("headline", "string", "Its headline; empty if the source has none."),
    Column("text", "string", "Its text; a blank line separates paragraphs."),
    Column("topics", "string", "The slugs of its topics, separated by spaces."),
    Column("authors", "string", "Its authors, separated by semicolons."),
    Column("updated", "datetime", "When the outlet last changed it, in UTC."),
    Column("lang", "string", "Its language (BCP 47); empty if unknown."),
    Column("key", "boolean", "Whether the outlet marked it as a key entry: 1 or 0."),
    Column("found", "string", "How its date was found: explicit, inferred or hand."),
    Column("id", "string", "The outlet's id for it."),
    Column("outlet", "string", "The publisher of its source page."),
    Column("source_title", "string", "The title of that page."),
    Column("source_url", "string", "The address of that page."),
    Column("captured", "datetime", "When that page was saved."),
    Column("sha256", "string", "The SHA-256 of the saved file."),
    Column("sources", "integer", "The number of source pages that contain it."),
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(DatasetRow)


def dump_jsonl(rows: Iterable[DatasetRow]) -> bytes:
    """Write rows as JSON Lines."""
    return _encoder.encode_lines(rows)


def load_jsonl(data: bytes) -> list[DatasetRow]:
    """Read rows from JSON Lines."""
    return _decoder.decode_lines(data)


def csv_header() -> bytes:
    """Return the first line of a CSV file, with the column names."""
    return ",".join(column.name for column in COLUMNS).encode() + b"\r\n"


def dump_csv(rows: Iterable[DatasetRow]) -> bytes:
    """Write rows as CSV (RFC 4180), without the header: the rows of several days can be joined."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(column_values, rows))
    return text.getvalue().encode()


def column_values(row: DatasetRow) -> tuple[str | int | None, ...]:
    """Return the values of a row in the order of `COLUMNS`."""
    date = row.address[:10].replace("/", "-")  # an address is 2023/06/02/#t1329
    content = (date, row.at, row.headline, row.text, " ".join(row.topics), "; ".join(row.authors))
    details = (row.updated, row.lang, int(row.key), row.found, row.id)
    page = row.source or PageSource()
    source = (page.outlet, page.title, page.url, page.captured, page.sha256)
    return (row.address, row.day, *content, *details, *source, len(row.other_sources) + (row.source is not None))
