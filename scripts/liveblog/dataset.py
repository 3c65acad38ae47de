"""The archive as a dataset: one row an entry, as JSON Lines and as CSV, and its dictionary.

A JSON line is a record of the hand-over (docs/record.schema.json) and what the archive
adds: the entry's `address`, its `day` number, and further pages that print the same wording.
"""

import csv
import io
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from .records import RecordSource


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry: `at` in UTC, or `date` where it has no time; `day` is null before day 1."""

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
    source: RecordSource | None = None
    other_sources: tuple[RecordSource, ...] = ()


class Field(Struct, frozen=True):
    """A column of the CSV: its name, its type in the words of Frictionless, its meaning."""

    name: str
    type: str
    meaning: str


FIELDS = (
    Field("address", "string", "The entry's lasting address, from the site's root."),
    Field("day", "integer", "Its day number; empty before day 1."),
    Field("date", "date", "Its day in the archive's time zone."),
    Field("at", "datetime", "Its instant in UTC; empty where the source gave no time."),
    Field("headline", "string", "Its headline; empty where the source gave none."),
    Field("text", "string", "Its text; a blank line separates paragraphs."),
    Field("topics", "string", "The slugs of its topics, separated by spaces."),
    Field("authors", "string", "Who signed it, separated by semicolons."),
    Field("updated", "datetime", "When the outlet last changed it, in UTC."),
    Field("lang", "string", "Its language (BCP 47), where it is known."),
    Field("key", "boolean", "Whether the outlet marked it as a key entry: 1 or 0."),
    Field("found", "string", "How its date was found: explicit, inferred or hand."),
    Field("id", "string", "The outlet's own id of it."),
    Field("outlet", "string", "Who published the page it was read from."),
    Field("source_title", "string", "The title of that page."),
    Field("source_url", "string", "The address of that page."),
    Field("captured", "datetime", "When that page was saved."),
    Field("sha256", "string", "The SHA-256 of the saved file."),
    Field("sources", "integer", "How many pages carry it."),
)

_encoder = msgspec.json.Encoder()


def dump_rows(rows: Iterable[Row]) -> bytes:
    """Write rows as JSON Lines."""
    return b"".join(_encoder.encode(row) + b"\n" for row in rows)


def load_rows(data: bytes) -> list[Row]:
    """Read rows that `dump_rows` wrote."""
    return [msgspec.json.decode(line, type=Row) for line in data.splitlines()]


def dump_table(rows: Iterable[Row]) -> bytes:
    """Write rows as CSV (RFC 4180) with the columns of `FIELDS`."""
    return table_head() + dump_table_rows(rows)


def table_head() -> bytes:
    """Write the first line of a table, which names its columns."""
    return _csv([[field.name for field in FIELDS]])


def dump_table_rows(rows: Iterable[Row]) -> bytes:
    """Write rows as lines of a table; tables of days, one after the other, are the table of a year."""
    return _csv(map(cells, rows))


def cells(row: Row) -> tuple[str | int | None, ...]:
    """Give a row's values in the order of `FIELDS`."""
    page = row.source or RecordSource()
    return (
        row.address,
        row.day,
        date_of(row),
        row.at,
        row.headline,
        row.text,
        " ".join(row.topics),
        "; ".join(row.authors),
        row.updated,
        row.lang,
        int(row.key),
        row.found,
        row.id,
        page.outlet,
        page.title,
        page.url,
        page.captured,
        page.sha256,
        len(row.other_sources) + (row.source is not None),
    )


def date_of(row: Row) -> str:
    """Give an entry's day, which its address says: ``2023/06/02/#t1329``."""
    return row.address[:10].replace("/", "-")


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
