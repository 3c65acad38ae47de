"""A file of the site before it is made: what every part of a build hands to the one that writes.

A build costs what changed, because the decision to make a file is taken from its key alone.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec


class SiteFile(NamedTuple):
    """A file by its path under the site's root (``2023/06/02/index.html``).

    `key` is a digest of everything that `make` reads: files of equal path and key are equal,
    byte for byte. `make` may be called never, or in another process.
    """

    path: str
    key: bytes
    make: Callable[[], bytes]


def key_of(*inputs: object) -> bytes:
    """Digest any values that msgspec can write, in their order: 16 bytes.

    >>> key_of("a", 1) == key_of("a", 1), key_of("a", 1) == key_of("a1")
    (True, False)
    """
    return hashlib.blake2b(msgspec.msgpack.encode(inputs), digest_size=16).digest()


def tree_digest(folder: Path, ending: str = "") -> bytes:
    """Digest the names and bytes of all files of a folder that end so; hidden and compiled ones are left out."""
    digest = hashlib.blake2b(digest_size=16)
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        for name in sorted(names):
            path = f"{place}/{name}"
            if name.endswith(ending) and not name.startswith(".") and os.path.isfile(path):  # noqa: PTH113
                data = _bytes(path)
                digest.update(os.fsencode(os.path.relpath(path, folder)) + b" %d\n" % len(data) + data)
    return digest.digest()


def plain_files(named: Iterable[tuple[str, bytes]]) -> Iterable[SiteFile]:
    """Give files that are made already; their content is their key."""
    for path, data in named:
        yield SiteFile(path, hashlib.blake2b(data, digest_size=16).digest(), lambda data=data: data)  # type: ignore[misc]


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - a Path for each of so many files costs more than reading it
        return file.read()
