"""Cache of build results: bytes by the digest of what they were computed from, in SQLite.

A cache makes a build faster and never changes its result: missing, damaged or unreadable
values are computed again. It contains bytes only, nothing that could be executed.
"""

import contextlib
import os
import sqlite3
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")
_MAX_UNSAVED = 16_000_000  # bytes in memory before they are written to the file
_LOCK_TIMEOUT = 60  # seconds to wait for another process's transaction


class BuildCache:
    """Bytes by key, in one SQLite file.

    Without a file, or if it cannot be written, values stay in memory for this build. A forked process opens
    its own connection; what it puts stays in its memory.
    """

    def __init__(self, file: Path | None, *, compress: bool = False) -> None:
        """Open the file; a file that is not a database is replaced.

        `compress` stores values compressed, at zlib's fastest level: pages take a fifth of their size. `dictionary`
        can be set to text that most values contain; a value that was stored with another one counts as missing.
        """
        self._used: set[bytes] = set()
        self._used_groups: list[tuple[int, Callable[[], Iterable[bytes]]]] = []
        self._unsaved: dict[bytes, bytes] = {}
        self._unsaved_size = 0
        self._is_damaged = False
        self._file, self._compress = file, compress
        self.dictionary = b""
        self._owner = self._process = os.getpid()
        self._database = _open_database(file) if file else None
        if self._database:  # a build that fails does not close its caches
            weakref.finalize(self, _close_database, self._database, self._owner).atexit = False

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key; None if it is missing or damaged."""
        self._used.add(key)
        if key in self._unsaved:
            return self._unsaved[key]
        data, checksum = self._select("CAST(data AS BLOB), sum", key) or (None, 0)  # a damaged row may have any type
        if data is None or checksum != _checksum(key, data):
            return None
        return self._unpack(data) if self._compress else data

    def has(self, key: bytes) -> bool:
        """Return whether a key has a value, which may be damaged."""
        self._used.add(key)
        return key in self._unsaved or self._select("1", key) is not None

    def put(self, key: bytes, data: bytes) -> None:
        """Set the value of a key; it is on disk after `save`."""
        self._used.add(key)
        self._unsaved[key] = data
        self._unsaved_size += len(data)
        if self._unsaved_size > _MAX_UNSAVED and os.getpid() == self._owner:
            self.save()

    def get_or_make(self, key: bytes, kind: type[Value], make: Callable[[], Value]) -> Value:
        """Return the value of a key as type `kind`; compute and store it with `make` if it is missing."""
        data = self.get(key)
        if data is not None:
            with contextlib.suppress(msgspec.DecodeError):
                return msgspec.msgpack.decode(data, type=kind)
        value = make()
        self.put(key, msgspec.msgpack.encode(value))
        return value

    def touch(self, keys: Iterable[bytes]) -> None:
        """Mark keys as used, so that `close` does not delete them."""
        self._used.update(keys)

    def touch_group(self, count: int, keys: Callable[[], Iterable[bytes]]) -> None:
        """Mark `count` keys as used; `keys` returns them and is called only if `close` deletes others."""
        self._used_groups.append((count, keys))

    def save(self) -> None:
        """Write new values in one transaction; a full disk or a read-only folder is not an error."""
        self._unsaved_size = 0
        if not self._database or not self._unsaved:
            return
        values = ((key, self._pack(data) if self._compress else data) for key, data in self._unsaved.items())
        rows = ((key, _checksum(key, data), data) for key, data in values)
        with self._ignoring_sqlite_errors():
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO cache VALUES (?, ?, ?)", rows)
            self._unsaved.clear()

    def close(self) -> None:
        """Save; delete values that this build did not use if they are more than a fifth of all."""
        self.save()
        if not self._database:
            return
        with self._ignoring_sqlite_errors(), self._database:
            (count,) = self._database.execute("SELECT count(*) FROM cache").fetchone()
            if 4 * count > 5 * (len(self._used) + sum(size for size, _ in self._used_groups)):
                self._used.update(*(keys() for _, keys in self._used_groups))
                rows = self._database.execute("SELECT rowid, key FROM cache").fetchall()
                # By rowid, because a damaged key may have any type.
                unused = [(rowid,) for rowid, key in rows if key not in self._used]
                self._database.executemany("DELETE FROM cache WHERE rowid = ?", unused)
        with self._ignoring_sqlite_errors():  # gives the space of deleted values back, outside a transaction
            self._database.execute("PRAGMA incremental_vacuum").fetchall()
        self._database.close()
        self._database = None
        if self._is_damaged and self._file:
            self._file.unlink(missing_ok=True)

    def _pack(self, data: bytes) -> bytes:
        packing = zlib.compressobj(1, zdict=self.dictionary)
        return packing.compress(data) + packing.flush()

    def _unpack(self, data: bytes) -> bytes | None:
        unpacking = zlib.decompressobj(zdict=self.dictionary)
        try:
            return unpacking.decompress(data) + unpacking.flush()
        except zlib.error:
            return None

    @contextlib.contextmanager
    def _ignoring_sqlite_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError:
            pass  # a full disk, a read-only folder
        except sqlite3.DatabaseError:
            self._is_damaged = True  # `close` deletes the file

    def _select(self, columns: str, key: bytes) -> Any:
        """Return these columns of a key's row in the file; None if it is missing or cannot be read."""
        if self._database and os.getpid() != self._process:
            self._process = os.getpid()
            self._inherited = self._database  # not closed: that would release the locks of the parent
            self._database = _open_database(self._file) if self._file else None
        if self._database:
            with self._ignoring_sqlite_errors():
                return self._database.execute(f"SELECT {columns} FROM cache WHERE key = ?", (key,)).fetchone()
        return None


def _checksum(key: bytes, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(key))


def _close_database(database: sqlite3.Connection, owner: int) -> None:
    """Close a connection in the process that opened it: in a child, that would release the locks of the parent."""
    if os.getpid() == owner:
        with contextlib.suppress(sqlite3.ProgrammingError):  # the cache was collected in another thread
            database.close()


def _open_database(file: Path) -> sqlite3.Connection | None:
    for _ in range(2):  # the second time after deleting a file that is not a database
        database = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=_LOCK_TIMEOUT)
            # Safe without: SQLite's journal undoes a killed process, the checksums detect a power failure.
            database.execute("PRAGMA synchronous = OFF")
            database.text_factory = bytes  # a damaged row may be text that is not UTF-8
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")  # has an effect in a new file only
            database.execute("DROP TABLE IF EXISTS made")  # the name of the table in version 0.1
            database.execute("CREATE TABLE IF NOT EXISTS cache (key BLOB PRIMARY KEY, sum INTEGER, data BLOB)")
            return database
        except sqlite3.DatabaseError:
            if database:
                database.close()
            with contextlib.suppress(OSError):
                file.unlink()
        except OSError:
            return None
    return None
