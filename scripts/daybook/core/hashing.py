"""Fingerprints: how an entry is recognised again, and a person's edit told from a page's word."""

import hashlib
import os
import sys
import unicodedata
from functools import cache
from pathlib import Path

import msgspec

from daybook.core.model import Entry
from daybook.core.text import dump_json

_CODE = Path(__file__).resolve().parents[1]


@cache  # what runs does not change while it runs
def code_digest() -> bytes:
    """Digest this package, the interpreter's version, and every library that is installed beside it."""
    folders = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
    libraries = sorted({path.name for folder in folders for path in folder.glob("*.dist-info")})
    return digest(tree_digest(_CODE, ".py"), sys.version, unicodedata.unidata_version, libraries)


def digest(*inputs: object) -> bytes:
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


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - a Path for each of so many files costs more than reading it
        return file.read()


def entry_fingerprint(entry: Entry) -> str:
    """Fingerprint what an entry says: its minute, headline and body."""
    time = entry.time.isoformat("minutes") if entry.time is not None else ""
    return text_fingerprint(time, entry.headline, entry.body)


def text_fingerprint(*parts: str) -> str:
    """Give 16 hex digits of the SHA-256 of some texts, the borders between them included."""
    return hashlib.sha256(dump_json(parts).encode()).hexdigest()[:16]
