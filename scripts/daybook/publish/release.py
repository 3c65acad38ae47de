"""Pack a built site for download and long-term storage: the folder ``release``.

It has the site as a zip, the entries as an SQLite database with full-text search and as a
Frictionless data package of CSV and JSON Lines, and SHA-256 checksums. The same site gives the
same bytes.
"""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from daybook.archive.dataset import COLUMNS, DatasetRow, column_values, load_jsonl
from daybook.core.errors import ArchiveError
from daybook.core.hashing import file_sha256
from daybook.core.record import PageSource

SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER, CHECKSUM_FILE = "site.zip", "archive.sqlite", "data", "SHA256SUMS"

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store
_ZIP_SYSTEM = 3  # Unix, on every platform
_ZIP_MODE = 0o100644 << 16  # a regular file, readable by all

_SQL_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}  # by Frictionless type; others are TEXT

_SQL_COLUMNS = ", ".join(
    f'"{field.name}" {_SQL_TYPES.get(field.type, "TEXT")}' + (" PRIMARY KEY" if field.name == "address" else "")
    for field in COLUMNS
)

_SQL_SCHEMA = f"""
CREATE TABLE entries ({_SQL_COLUMNS});
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

_Values = tuple[str | int | None, ...]


class TopicRow(Struct, frozen=True):
    """A topic in the site's ``data/topics.json``, without its counts."""

    slug: str
    name: str
    kind: str


def make_release(output: Path, title: str) -> Path:
    """Write the release of a built site to the folder ``release`` beside it; return that folder.

    The release is written to a hidden folder and then renamed. The caller holds the lock of
    `output`, so a hidden folder that exists was left by an interrupted run and is removed.

    Raises:
        ArchiveError: ``release`` has files that are not part of a release.
    """
    output = output.resolve()
    release, work = output.with_name("release"), output.with_name(f".{output.name}.release")
    names = {path.name for path in release.iterdir()} if release.exists() else set()
    if names not in (set(), {SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER, CHECKSUM_FILE}):
        raise ArchiveError("this folder has files that are not part of a release; move it away", path=release)
    _remove_folder(work)
    new = work / "new"
    new.mkdir(parents=True)
    try:
        _write_zip(output, new / SITE_ZIP)
        _write_database(output, new / DATABASE_FILE)
        _write_package(output, new / PACKAGE_FOLDER, title)
        (new / CHECKSUM_FILE).write_bytes(_dump_checksums(new))
        if release.exists():
            release.rename(work / "old")
        new.rename(release)
    finally:
        _remove_folder(work)
    return release


def _remove_folder(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _year_files(output: Path, suffix: str) -> list[Path]:
    return sorted((output / "data").glob(f"[0-9][0-9][0-9][0-9].{suffix}"))


def _write_zip(output: Path, target: Path) -> None:
    """Pack all files that are not hidden, below a folder ``site``."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in output.rglob("*") if path.is_file()):
            name = path.relative_to(output)
            if any(part.startswith(".") for part in name.parts):
                continue
            info = zipfile.ZipInfo(f"site/{name.as_posix()}", _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = _ZIP_SYSTEM
            info.external_attr = _ZIP_MODE
            archive.writestr(info, path.read_bytes())


def _write_database(output: Path, target: Path) -> None:
    topics = msgspec.json.decode((output / "data" / "topics.json").read_bytes(), type=list[TopicRow])
    source_ids: dict[PageSource, int] = {}
    with closing(sqlite3.connect(target)) as database:
        database.executescript(_SQL_SCHEMA)
        database.executemany("INSERT INTO topics VALUES (?, ?, ?)", ((row.slug, row.name, row.kind) for row in topics))
        for row in _dataset_rows(output):
            _insert_entry(database, row, source_ids)
        sources = map(_source_values, source_ids.items())
        database.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", sources)
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('rebuild')")
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('optimize')")
        database.commit()
        # Writes the file again, so that its bytes do not depend on the order in which pages were allocated.
        database.execute("VACUUM")


def _dataset_rows(output: Path) -> Iterator[DatasetRow]:
    for path in _year_files(output, "jsonl"):
        yield from load_jsonl(path.read_bytes())


def _insert_entry(database: sqlite3.Connection, row: DatasetRow, source_ids: dict[PageSource, int]) -> None:
    """Insert an entry, its topics and its sources; add new sources to `source_ids`."""
    placeholders = ", ".join("?" * len(COLUMNS))
    database.execute(f"INSERT INTO entries VALUES ({placeholders})", _empty_as_null(column_values(row)))
    database.executemany("INSERT INTO entry_topics VALUES (?, ?)", ((row.address, slug) for slug in row.topics))
    sources = (*((row.source,) if row.source else ()), *row.other_sources)
    ids = [source_ids.setdefault(source, len(source_ids) + 1) for source in sources]
    database.executemany("INSERT INTO entry_sources VALUES (?, ?)", ((row.address, source_id) for source_id in ids))


def _source_values(item: tuple[PageSource, int]) -> _Values:
    source, source_id = item
    date = source.date.isoformat() if source.date else ""
    values = (source.outlet, source.title, source.url, date, source.printed_day)
    return (source_id, *_empty_as_null((*values, source.captured, source.sha256, source.standfirst)))


def _empty_as_null(values: _Values) -> _Values:
    return tuple(None if value == "" else value for value in values)


def _write_package(output: Path, target: Path, title: str) -> None:
    target.mkdir()
    for suffix in ("csv", "jsonl"):
        for path in _year_files(output, suffix):
            shutil.copyfile(path, target / path.name)
    tables = sorted(target.glob("*.csv"))
    (target / "datapackage.json").write_bytes(_dump_package(title, tables))


def _dump_package(title: str, tables: Sequence[Path]) -> bytes:
    """Return a datapackage.json (Frictionless Tabular Data Package) for tables in its folder."""
    package = {
        "profile": "tabular-data-package",
        "name": "daybook-archive",
        "title": title,
        "resources": [_package_resource(path) for path in tables],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _package_resource(path: Path) -> dict[str, Any]:
    fields = [{"name": field.name, "type": field.type, "description": field.meaning} for field in COLUMNS]
    return {
        "profile": "tabular-data-resource",
        "name": f"entries-{path.stem}",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": "address"},
    }


def _dump_checksums(folder: Path) -> bytes:
    """Return the checksums of all files below a folder, in the format of ``sha256sum``, sorted by path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(f"{file_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths).encode()
