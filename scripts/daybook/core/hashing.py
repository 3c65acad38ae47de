"""Cache keys and fingerprints, which must not be mixed.

- Cache keys: `digest`, `bytes_digest`, `tree_digest` and `code_digest` return 16 bytes of BLAKE2b,
  which is fast. They are compared and never published; what they cover may change between versions.
- Fingerprints: `text_fingerprint` and `entry_fingerprint` return the first 16 hex digits of SHA-256. They are
  stored in day files and tell a person's edit from the page's wording, so their definition cannot change.

Published file names and checksums are SHA-256 in hex, from `hashlib`, which any program can verify.
"""

import hashlib
import os
import sys
import unicodedata
from functools import cache
from pathlib import Path

import msgspec

from daybook.core.model import Entry
from daybook.core.text import dump_json

# The libraries that decide the bytes of a site, by the names of their distributions. `tests/core/test_hashing.py`
# compares this list with what a build imports.
OUTPUT_LIBRARIES = frozenset(
    (
        "babel",
        "jinja2",
        "lunr",
        "markdown-it-py",
        "markupsafe",
        "mdurl",
        "msgspec",
        "nh3",
        "pelican",
        "pystemmer",
        "tzdata",
        "webassets",
    )
)


def digest(*values: object) -> bytes:
    """Return a cache key for any values that msgspec can encode; their order counts.

    >>> digest("a", 1) == digest("a", 1), digest("a", 1) == digest("a1")
    (True, False)
    """
    return bytes_digest(msgspec.msgpack.encode(values))


def bytes_digest(data: bytes) -> bytes:
    """Return a cache key for the content of a file."""
    return hashlib.blake2b(data, digest_size=16).digest()


def tree_digest(folder: Path, suffix: str = "") -> bytes:
    """Return a cache key for the paths and bytes of all files below a folder.

    Only names that end in `suffix` count; hidden files and folders and ``__pycache__`` do not.
    """
    state = hashlib.blake2b(digest_size=16)
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        for name in sorted(names):
            path = f"{parent}/{name}"
            if name.endswith(suffix) and not name.startswith(".") and os.path.isfile(path):  # noqa: PTH113
                with open(path, "rb") as file:  # noqa: PTH123 - creating a Path takes longer than reading the file
                    data = file.read()
                state.update(os.fsencode(os.path.relpath(path, folder)) + b" %d\n" % len(data) + data)
    return state.digest()


@cache  # code does not change while it runs
def code_digest() -> bytes:
    """Return a cache key for this package, the minor version of Python and the versions of `OUTPUT_LIBRARIES`.

    Other packages do not count: installing one does not make a build start from nothing.
    """
    package = Path(__file__).resolve().parents[1]
    python = (sys.implementation.name, *sys.version_info[:2], unicodedata.unidata_version)
    return digest(tree_digest(package, ".py"), python, _library_versions())


def _library_versions() -> list[tuple[str, str]]:
    """Return the name and version of each output library on `sys.path`, found by the names of metadata folders.

    Importing `importlib.metadata` would take a tenth of the time of a build without changes.
    """
    found = set()
    for folder in filter(os.path.isdir, sys.path):
        for name in os.listdir(folder):  # noqa: PTH208 - a Path for each name takes longer
            stem, _, suffix = name.rpartition(".")
            if suffix in ("dist-info", "egg-info"):
                library, version = f"{stem}-".split("-")[:2]
                library = library.lower().replace("_", "-").replace(".", "-")
                if library in OUTPUT_LIBRARIES:
                    found.add((library, version))
    return sorted(found)


def text_fingerprint(*texts: str) -> str:
    """Return 16 hex digits that identify a sequence of texts."""
    return hashlib.sha256(dump_json(texts).encode()).hexdigest()[:16]


def entry_fingerprint(entry: Entry) -> str:
    """Return the fingerprint of the time, headline and body of an entry."""
    time = entry.time.isoformat("minutes") if entry.time is not None else ""
    return text_fingerprint(time, entry.headline, entry.body)
