"""Pack a built site for download and long-term storage: the folder ``release``.

It has the site as a zip, the entries as an SQLite database with full-text search and as a Frictionless data package
of CSV and JSON Lines, and SHA-256 checksums. The same site gives the same bytes
with the same versions of Python, SQLite and zlib.
"""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from daybook.archive.dataset import COLUMNS, column_values, load_jsonl
from daybook.core.errors import ArchiveError
from daybook.core.record import PageSource

SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER, CHECKSUM_FILE = "site.zip", "archive.sqlite", "data", "SHA256SUMS"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store
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


def make_release(output: Path, title: str) -> Path:
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
        _write_database(output, new / DATABASE_FILE)
        _write_package(output, new / PACKAGE_FOLDER, title)
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


def _write_database(output: Path, target: Path) -> None:
    topics = json.loads((output / "data" / "topics.json").read_bytes())
    source_ids: dict[PageSource, int] = {}
    with closing(sqlite3.connect(target)) as database:
        database.executescript(_SQL_SCHEMA)
        _insert(database, "topics", [(topic["slug"], topic["name"], topic["kind"]) for topic in topics])
        for path in _year_files(output, "jsonl"):
            for row in load_jsonl(path.read_bytes()):
                _insert(database, "entries", [column_values(row)])
                _insert(database, "entry_topics", [(row.address, slug) for slug in row.topics])
                sources = [source for source in (row.source, *row.other_sources) if source]
                ids = [source_ids.setdefault(source, len(source_ids) + 1) for source in sources]
                _insert(database, "entry_sources", [(row.address, source_id) for source_id in ids])
        for source, source_id in source_ids.items():
            date = source.date.isoformat() if source.date else ""
            values = (source_id, source.outlet, source.title, source.url, date, source.printed_day)
            _insert(database, "sources", [(*values, source.captured, source.sha256, source.standfirst)])
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('rebuild')")
        database.execute("INSERT INTO entries_fts(entries_fts) VALUES ('optimize')")
        database.commit()
        # Writes the file again, so that its bytes do not depend on the order in which pages were allocated.
        database.execute("VACUUM")


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[tuple[str | int | None, ...]]) -> None:
    """Insert rows into a table; empty texts become NULL."""
    if rows:
        placeholders = ", ".join("?" * len(rows[0]))
        values = [tuple(None if value == "" else value for value in row) for row in rows]
        database.executemany(f"INSERT INTO {table} VALUES ({placeholders})", values)


def _write_package(output: Path, target: Path, title: str) -> None:
    """Copy the tables and describe them in a datapackage.json (Frictionless Tabular Data Package)."""
    target.mkdir()
    for path in (*_year_files(output, "csv"), *_year_files(output, "jsonl")):
        shutil.copyfile(path, target / path.name)
    fields = [{"name": field.name, "type": field.type, "description": field.meaning} for field in COLUMNS]
    resources = [
        {
            "profile": "tabular-data-resource",
            "name": f"entries-{path.stem}",
            "path": path.name,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": path.stat().st_size,
            "hash": f"sha256:{_file_sha256(path)}",
            "schema": {"fields": fields, "missingValues": [""], "primaryKey": "address"},
        }
        for path in sorted(target.glob("*.csv"))
    ]
    package = {"profile": "tabular-data-package", "name": "daybook-archive", "title": title, "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (target / "datapackage.json").write_bytes(f"{text}\n".encode())


def _year_files(output: Path, suffix: str) -> list[Path]:
    return sorted((output / "data").glob(f"[0-9][0-9][0-9][0-9].{suffix}"))


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
