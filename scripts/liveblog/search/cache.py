"""Results kept by the digest of what they were made from: the only place that reads or writes them.

A cache speeds a build up and never changes it: an entry that is missing, damaged or of
another version of this package is made again.
"""

import contextlib
import hashlib
import os
import unicodedata
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec

Made = TypeVar("Made")


def _makers() -> bytes:
    """Digest all but the content that decides what is made: this package, lunr, Unicode."""
    digest = hashlib.sha256(f"{version('lunr')} {unicodedata.unidata_version}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()


class Cache:
    """A folder of results, or none at all."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._makers = _makers()
        self._used: set[str] = set()

    def key(self, value: object) -> str:
        """Return the digest of any value msgspec can write and of what makes results from it.

        What is kept under a key that was asked for outlives `prune`.
        """
        key = hashlib.sha256(self._makers + msgspec.json.encode(value)).hexdigest()
        self._used.add(f"{key}.msgpack")
        return key

    def remember(self, key: str, kind: type[Made], make: Callable[[], Made]) -> Made:
        """Return what is kept under `key`, else make it and keep it."""
        if self._folder is None:
            return make()
        path = self._folder / f"{key}.msgpack"
        try:
            return msgspec.msgpack.decode(path.read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            made = make()
            self._write(path, msgspec.msgpack.encode(made))
            return made

    def prune(self) -> None:
        """Remove what this build did not ask for."""
        if self._folder is not None and self._folder.is_dir():
            for path in self._folder.glob("*.msgpack"):
                if path.name not in self._used:
                    path.unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        # A full disk or a read-only cache costs time, never the build.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(content)
            unfinished.replace(path)
