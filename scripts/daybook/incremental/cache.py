"""What builds have made, kept by the digest of what it was made from: the only home of a build's SQLite.

A store speeds a build up and never changes it: what is missing, damaged or not readable is
made again. It holds bytes only, nothing that could be executed.
"""

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

Made = TypeVar("Made")


_AT_ONCE = 16_000_000  # bytes held back before they are written


class BuildCache:
    """One SQLite file of made things.

    Without a file, or where it cannot be written, all is held in memory for this build.
    A process that was forked reads through a connection of its own.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the file, or begin it anew where it is no store of ours."""
        self._used: set[bytes] = set()
        self._new: dict[bytes, bytes] = {}
        self._size = 0
        self._broken = False
        self._file = file
        self._home = self._process = os.getpid()
        self._database = _open(file) if file else None

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under a key; None where that is nothing, or damaged."""
        self._used.add(key)
        if key in self._new:
            return self._new[key]
        row = None
        if rows := self._connection():
            with self._ignoring_sqlite_errors():
                row = rows.execute("SELECT CAST(data AS BLOB), sum FROM made WHERE key = ?", (key,)).fetchone()
        return row[0] if row and row[0] is not None and row[1] == _sum(key, row[0]) else None

    def has(self, key: bytes) -> bool:
        """Tell whether anything is kept under a key, good or damaged."""
        self._used.add(key)
        if key in self._new:
            return True
        if rows := self._connection():
            with self._ignoring_sqlite_errors():
                return rows.execute("SELECT 1 FROM made WHERE key = ?", (key,)).fetchone() is not None
        return False

    def put(self, key: bytes, data: bytes) -> None:
        """Keep bytes under a key; they are on disk after `save`."""
        self._used.add(key)
        self._new[key] = data
        self._size += len(data)
        if self._size > _AT_ONCE and os.getpid() == self._home:
            self.save()

    def get_or_make(self, key: bytes, kind: type[Made], make: Callable[[], Made]) -> Made:
        """Return the value that is kept under a key, else make it and keep it."""
        kept = self.get(key)
        if kept is not None:
            with contextlib.suppress(msgspec.DecodeError):
                return msgspec.msgpack.decode(kept, type=kind)
        made = make()
        self.put(key, msgspec.msgpack.encode(made))
        return made

    def touch(self, keys: Iterable[bytes]) -> None:
        """Say of keys that they are still of use, though nobody asked for them."""
        self._used.update(keys)

    def save(self) -> None:
        """Write what is new in one transaction; a full disk or a read-only folder costs only time."""
        self._size = 0
        if not self._database or not self._new:
            return
        rows = ((key, _sum(key, data), data) for key, data in self._new.items())
        with self._ignoring_sqlite_errors():
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?)", rows)
            self._new.clear()

    def close(self) -> None:
        """Save, and forget what this build did not use once that is a fifth of the store."""
        self.save()
        if not self._database:
            return
        with self._ignoring_sqlite_errors(), self._database:
            (count,) = self._database.execute("SELECT count(*) FROM made").fetchone()
            if 4 * count > 5 * len(self._used):
                rows = self._database.execute("SELECT rowid, key FROM made").fetchall()
                # By their numbers: a key that was damaged may be of any kind.
                unused = [(number,) for number, key in rows if key not in self._used]
                self._database.executemany("DELETE FROM made WHERE rowid = ?", unused)
        self._database.close()
        self._database = None
        if self._broken and self._file:
            self._file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _ignoring_sqlite_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError:
            pass  # a full disk, a read-only folder
        except sqlite3.DatabaseError:
            self._broken = True  # the next build begins it anew

    def _connection(self) -> sqlite3.Connection | None:
        if self._database and os.getpid() != self._process:
            self._process = os.getpid()
            self._inherited = self._database  # closing it here would undo the parent's locks
            self._database = _open(self._file) if self._file else None
        return self._database


def _sum(key: bytes, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(key))


def _open(file: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            rows = sqlite3.connect(file, timeout=60)  # seconds for another process's transaction
            # A killed process is undone by SQLite's journal; a power cut by the sums.
            rows.execute("PRAGMA synchronous = OFF")
            rows.text_factory = bytes  # a damaged row may be text of no encoding
            rows.execute("CREATE TABLE IF NOT EXISTS made (key BLOB PRIMARY KEY, sum INTEGER, data BLOB)")
            return rows
        except sqlite3.DatabaseError:
            with contextlib.suppress(OSError):
                file.unlink()
        except OSError:
            return None
    return None
