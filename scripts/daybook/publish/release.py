"""One built site → the folder of its release, made beside it and put in place as a whole."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from daybook.archive.dataset import COLUMNS, DatasetRow, column_values, load_jsonl
from daybook.core.errors import ArchiveError
from daybook.core.record import PageSource

SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER = "site.zip", "archive.sqlite", "data"


def make_release(output: Path, title: str) -> Path:
    """Make the release of a built site in the folder ``release`` beside it; give that folder.

    A folder of that name that is no release is an ArchiveError. Who calls holds `output`, so
    that what lies in the hidden place where a release is made was left by one that was ended.
    """
    output = output.resolve()
    folder, place = output.with_name("release"), output.with_name(f".{output.name}.release")
    if folder.exists() and {path.name for path in folder.iterdir()} not in (
        set(),
        {SITE_ZIP, DATABASE_FILE, PACKAGE_FOLDER, CHECKSUM_FILE},
    ):
        raise ArchiveError("this folder holds something else than a release; move it away", path=folder)
    _remove(place)
    new = place / "new"
    new.mkdir(parents=True)
    try:
        write_bundle(output, new / SITE_ZIP, "site")
        topics = msgspec.json.decode((output / "data" / "topics.json").read_bytes(), type=list[TopicRow])
        write_database(_rows(output), topics, new / DATABASE_FILE)
        _write_package(output, new / PACKAGE_FOLDER, title)
        (new / CHECKSUM_FILE).write_bytes(dump_checksums(new))
        if folder.exists():
            folder.rename(place / "old")
        new.rename(folder)
    finally:
        _remove(place)
    return folder


def _remove(place: Path) -> None:
    if place.exists():
        shutil.rmtree(place)


def _rows(output: Path) -> Iterator[DatasetRow]:
    for path in _years(output, "jsonl"):
        yield from load_jsonl(path.read_bytes())


def _write_package(output: Path, target: Path, title: str) -> None:
    target.mkdir()
    for suffix in ("csv", "jsonl"):
        for path in _years(output, suffix):
            shutil.copyfile(path, target / path.name)
    tables = sorted(target.glob("*.csv"))
    (target / "datapackage.json").write_bytes(dump_package("daybook-archive", title, tables))


def _years(output: Path, suffix: str) -> list[Path]:
    return sorted((output / "data").glob(f"[0-9][0-9][0-9][0-9].{suffix}"))


Values = tuple[str | int | None, ...]


_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}


_COLUMNS = ", ".join(
    f'"{field.name}" {_TYPES.get(field.type, "TEXT")}' + (" PRIMARY KEY" if field.name == "address" else "")
    for field in COLUMNS
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


def write_database(rows: Iterable[DatasetRow], topics: Sequence[TopicRow], target: Path) -> None:
    """Write a new database at `target`."""
    sources: dict[PageSource, int] = {}
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


def _insert(database: sqlite3.Connection, row: DatasetRow, sources: dict[PageSource, int]) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    database.execute(f"INSERT INTO entries VALUES ({marks})", _known(column_values(row)))
    database.executemany("INSERT INTO entry_topics VALUES (?, ?)", ((row.address, slug) for slug in row.topics))
    pages = (*((row.source,) if row.source else ()), *row.other_sources)
    numbers = [sources.setdefault(page, len(sources) + 1) for page in pages]
    database.executemany("INSERT INTO entry_sources VALUES (?, ?)", ((row.address, number) for number in numbers))


def _source(item: tuple[PageSource, int]) -> Values:
    page, number = item
    date = page.date.isoformat() if page.date else ""
    facts = (page.outlet, page.title, page.url, date, page.printed_day, page.captured, page.sha256, page.standfirst)
    return (number, *_known(facts))


def _known(values: Values) -> Values:
    """Say NULL for what is not known."""
    return tuple(None if value == "" else value for value in values)


_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


_MODE = 0o100644 << 16


def write_bundle(folder: Path, target: Path, top: str) -> None:
    """Pack the files of a folder, hidden ones aside, into `target`, below the folder name `top`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder)
            if any(part.startswith(".") for part in name.parts):
                continue
            info = zipfile.ZipInfo(f"{top}/{name.as_posix()}", _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, wherever it is made
            info.external_attr = _MODE
            bundle.writestr(info, path.read_bytes())


def dump_package(name: str, title: str, tables: Sequence[Path]) -> bytes:
    """Write datapackage.json for tables that lie beside it; `name` is a slug."""
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "resources": [_resource(path) for path in tables],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(path: Path) -> dict[str, Any]:
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


CHECKSUM_FILE = "SHA256SUMS"


def file_sha256(path: Path) -> str:
    """Give a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dump_checksums(folder: Path) -> bytes:
    """Write the sums of all files of a folder, sorted by name, the list itself aside."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CHECKSUM_FILE)
    return "".join(f"{file_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths).encode()
