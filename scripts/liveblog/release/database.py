"""Rows → one SQLite file with full-text search, laid out as Datasette expects it.

`entries` has the columns of the dataset's dictionary; `entries_fts` finds them by their
words; `topics`, `entry_topics`, `sources` and `entry_sources` are what entries point to.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from ..dataset import FIELDS, Row, cells
from ..records import RecordSource

Values = tuple[str | int | None, ...]

_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}
_COLUMNS = ", ".join(
    f'"{field.name}" {_TYPES.get(field.type, "TEXT")}' + (" PRIMARY KEY" if field.name == "address" else "")
    for field in FIELDS
)
_SCHEMA = f"""
CREATE TABLE entries ({_COLUMNS});
CREATE TABLE topics (slug TEXT PRIMARY KEY, name TEXT, kind TEXT);
CREATE TABLE entry_topics (
  entry TEXT REFERENCES entries(address), topic TEXT REFERENCES topics(slug), PRIMARY KEY (entry, topic)
) WITHOUT ROWID;
CREATE TABLE sources (
  id INTEGER PRIMARY KEY, outlet TEXT, title TEXT, url TEXT, date TEXT, printed_day INTEGER,
  captured TEXT, sha256 TEXT, standfirst TEXT
);
CREATE TABLE entry_sources (
  entry TEXT REFERENCES entries(address), source INTEGER REFERENCES sources(id), PRIMARY KEY (entry, source)
) WITHOUT ROWID;
CREATE INDEX entries_date ON entries(date);
CREATE INDEX entry_topics_topic ON entry_topics(topic);
CREATE VIRTUAL TABLE entries_fts USING fts5(
  headline, text, content="entries", tokenize="unicode61 remove_diacritics 2"
);
"""


class TopicRow(Struct, frozen=True):
    """A topic as the site's topics.json has it, its counts aside."""

    slug: str
    name: str
    kind: str


def write_database(rows: Iterable[Row], topics: Sequence[TopicRow], target: Path) -> None:
    """Write a new database at `target`."""
    sources: dict[RecordSource, int] = {}
    with closing(sqlite3.connect(target)) as database:
        database.executescript(_SCHEMA)
        database.executemany("INSERT INTO topics VALUES (?, ?, ?)", ((row.slug, row.name, row.kind) for row in topics))
        for row in rows:
            _insert(database, row, sources)
        database.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_source, sources.items()))
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('rebuild')")
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('optimize')")
        database.commit()
        # Written anew in one piece, the file holds no trace of the way it was filled.
        database.execute("VACUUM")


def _insert(database: sqlite3.Connection, row: Row, sources: dict[RecordSource, int]) -> None:
    marks = ", ".join("?" * len(FIELDS))
    database.execute(f"INSERT INTO entries VALUES ({marks})", _known(cells(row)))
    database.executemany("INSERT INTO entry_topics VALUES (?, ?)", ((row.address, slug) for slug in row.topics))
    pages = (*((row.source,) if row.source else ()), *row.other_sources)
    numbers = [sources.setdefault(page, len(sources) + 1) for page in pages]
    database.executemany("INSERT INTO entry_sources VALUES (?, ?)", ((row.address, number) for number in numbers))


def _source(item: tuple[RecordSource, int]) -> Values:
    page, number = item
    date = page.date.isoformat() if page.date else ""
    facts = (page.outlet, page.title, page.url, date, page.printed_day, page.captured, page.sha256, page.standfirst)
    return (number, *_known(facts))


def _known(values: Values) -> Values:
    """Say NULL for what is not known."""
    return tuple(None if value == "" else value for value in values)
