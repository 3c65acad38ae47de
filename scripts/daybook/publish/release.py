"""Pack a built site for download and long-term storage: the folder ``release``.

It has the site as a zip, the entries as an SQLite database with full-text search and as a Frictionless data package
of CSV and JSON Lines, and SHA-256 checksums. The same site gives the same bytes
with the same versions of Python, SQLite and zlib.
"""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
import unicodedata
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from daybook.archive.dataset import (
    COLUMNS,
    ENTRY_SOURCE_COLUMNS,
    ENTRY_TOPIC_COLUMNS,
    SOURCE_COLUMNS,
    TOPIC_COLUMNS,
    Column,
    column_values,
    csv_header,
    dump_cells,
    load_jsonl,
    source_id,
    source_values,
    table_schema,
)
from daybook.core.errors import ArchiveError
from daybook.search.analysis import fold

Cells = tuple[str | int | None, ...]
SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER, CHECKSUM_FILE = "site.zip", "archive.sqlite", "data", "SHA256SUMS"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store
_SQL_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}  # by Frictionless type; others are TEXT


def _sql_table(name: str, columns: tuple[Column, ...], key: str) -> str:
    fields = [
        f'"{each.name}" {_SQL_TYPES.get(each.type, "TEXT")}' + (" PRIMARY KEY" if each.name == key else "")
        for each in columns
    ]
    return f"CREATE TABLE {name} ({', '.join(fields)});"


SQL_SCHEMA = f"""
{_sql_table("entries", COLUMNS, "address")}
{_sql_table("topics", TOPIC_COLUMNS, "slug")}
CREATE TABLE entry_topics (
  entry TEXT REFERENCES entries(address), topic TEXT REFERENCES topics(slug), PRIMARY KEY (entry, topic)
) WITHOUT ROWID;
{_sql_table("sources", SOURCE_COLUMNS, "id")}
CREATE TABLE entry_sources (
  entry TEXT REFERENCES entries(address), source TEXT REFERENCES sources(id), PRIMARY KEY (entry, source)
) WITHOUT ROWID;
CREATE INDEX entries_date ON entries(date);
CREATE INDEX entry_topics_topic ON entry_topics(topic);
CREATE TABLE entry_words (entry INTEGER PRIMARY KEY, words TEXT);
CREATE VIEW entries_searched AS
  SELECT entries.rowid AS entry, headline, text, words FROM entries JOIN entry_words ON entry = entries.rowid;
CREATE VIRTUAL TABLE entries_fts USING fts5(
  headline, text, words, content="entries_searched", content_rowid="entry", tokenize="unicode61 remove_diacritics 2"
);
"""


def make_release(output: Path) -> Path:
    """Write the release of a built site to the folder ``release`` next to it; return that folder.

    The release is written to a hidden folder and then renamed. The caller holds the lock of `output`, so a hidden
    folder that exists was left by an interrupted run and is removed. Raises ArchiveError if ``release`` has files
    that are not part of a release.
    """
    output = output.resolve()
    release, work = output.with_name("release"), output.with_name(f".{output.name}.release")
    names = {path.name for path in release.iterdir()} if release.exists() else set()
    if names not in (set(), {SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER, CHECKSUM_FILE}):
        raise ArchiveError("this folder has other files than a release; move them or rename the folder", path=release)
    if work.exists():
        shutil.rmtree(work)
    new = work / "new"
    new.mkdir(parents=True)
    try:
        _write_zip(output, new / SITE_ZIP)
        tables = _read_tables(output)
        _write_database(output, new / DATABASE_FILE, tables)
        _write_package(output, new / PACKAGE_FOLDER, tables)
        # In the format of sha256sum, sorted by path.
        paths = sorted(path for path in new.rglob("*") if path.is_file())
        checksums = "".join(f"{_file_sha256(path)}  {path.relative_to(new).as_posix()}\n" for path in paths)
        (new / CHECKSUM_FILE).write_bytes(checksums.encode())
        if release.exists():
            release.rename(work / "old")
        new.rename(release)
    finally:
        shutil.rmtree(work)
    return release


def _write_zip(output: Path, target: Path) -> None:
    """Pack all files that are not hidden, below a folder ``site``."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in output.rglob("*") if path.is_file()):
            name = path.relative_to(output)
            if any(part.startswith(".") for part in name.parts):
                continue
            info = zipfile.ZipInfo(f"site/{name.as_posix()}", _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on every platform
            info.external_attr = 0o100644 << 16  # a regular file, readable by all
            archive.writestr(info, path.read_bytes())


class _Tables(NamedTuple):
    """The tables of a release, as cells in the order of their columns; those of entries are read by year."""

    topics: list[list[str]]
    sources: list[Cells]
    entry_topics: list[Cells]
    entry_sources: list[Cells]


def _read_tables(output: Path) -> _Tables:
    """Read the tables of topics and sources, and those that link them with entries, from a built site."""
    with (output / "data" / "topics.csv").open(encoding="utf-8", newline="") as file:
        topics = list(csv.reader(file, strict=True))[1:]
    sources: dict[str, Cells] = {}
    entry_topics: list[Cells] = []
    entry_sources: list[Cells] = []
    for path in _year_files(output, "jsonl"):
        for row in load_jsonl(path.read_bytes()):
            entry_topics += [(row.address, slug) for slug in row.topics]
            for source in filter(None, (row.source, *row.other_sources)):
                sources[source_id(source)] = source_values(source)
            ids = dict.fromkeys(source_id(source) for source in (row.source, *row.other_sources) if source)
            entry_sources += [(row.address, key) for key in ids]
    return _Tables(topics, [sources[key] for key in sorted(sources)], entry_topics, entry_sources)


def _write_database(output: Path, target: Path, tables: _Tables) -> None:
    with closing(sqlite3.connect(target)) as database:
        database.executescript(SQL_SCHEMA)
        for path in _year_files(output, "jsonl"):
            _insert(database, "entries", [column_values(row) for row in load_jsonl(path.read_bytes())])
        texts = database.execute("SELECT rowid, coalesce(headline, ''), coalesce(text, '') FROM entries").fetchall()
        _insert(database, "entry_words", [(row, other_words(f"{headline}\n{text}")) for row, headline, text in texts])
        for name, rows in tables._asdict().items():
            _insert(database, name, rows)
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('rebuild')")
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('optimize')")
        database.commit()
        # Writes the file again, so that its bytes do not depend on the order in which pages were allocated.
        database.execute("VACUUM")


def other_words(text: str) -> str:
    """Return the words of a text as the site's search folds them, those that SQLite's tokenizer does not find.

    So ``lodz`` finds Łódź, ``f16`` F-16, and 北京 the entry that has it within a sentence.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    known = set(re.findall(r"[^\W_]+", plain))
    return " ".join(dict.fromkeys(word for word in fold(text).split() if word not in known))


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[Sequence[str | int | None]]) -> None:
    """Insert rows into a table; empty texts become NULL."""
    if rows:
        placeholders = ", ".join("?" * len(rows[0]))
        values = [tuple(None if value == "" else value for value in row) for row in rows]
        database.executemany(f"INSERT INTO {table} VALUES ({placeholders})", values)


def _write_package(output: Path, target: Path, tables: _Tables) -> None:
    """Copy the site's data package, and add the tables of links, sizes and checksums to its descriptor."""
    target.mkdir()
    package = json.loads((output / "data" / "datapackage.json").read_bytes())
    for name in (*(resource["path"] for resource in package["resources"]), *_year_names(output)):
        shutil.copyfile(output / "data" / name, target / name)
    # All pages that an entry names, also those that the site does not list because no day has them any more.
    (target / "sources.csv").write_bytes(csv_header(SOURCE_COLUMNS) + dump_cells(tables.sources))
    links = (
        ("entry_topics", ENTRY_TOPIC_COLUMNS, tables.entry_topics, {"topic": ("topics", "slug")}),
        ("entry_sources", ENTRY_SOURCE_COLUMNS, tables.entry_sources, {"source": ("sources", "id")}),
    )
    for name, columns, rows, foreign in links:
        (target / f"{name}.csv").write_bytes(csv_header(columns) + dump_cells(rows))
        csv_form = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
        head = {"profile": "tabular-data-resource", "name": name, "path": f"{name}.csv", **csv_form}
        schema = table_schema(columns, [column.name for column in columns], foreign)
        package["resources"].append({**head, "schema": schema})
    for resource in package["resources"]:
        path = target / resource["path"]
        resource |= {"bytes": path.stat().st_size, "hash": f"sha256:{_file_sha256(path)}"}
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (target / "datapackage.json").write_bytes(f"{text}\n".encode())


def _year_files(output: Path, suffix: str) -> list[Path]:
    return sorted((output / "data").glob(f"[0-9][0-9][0-9][0-9].{suffix}"))


def _year_names(output: Path) -> list[str]:
    return [path.name for path in _year_files(output, "jsonl")]


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
