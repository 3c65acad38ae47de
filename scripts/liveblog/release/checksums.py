"""Files → SHA-256 sums in the form that ``sha256sum --check`` reads."""

import hashlib
from pathlib import Path

FILE = "SHA256SUMS"


def sha256(path: Path) -> str:
    """Give a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dump_checksums(folder: Path) -> bytes:
    """Write the sums of all files of a folder, sorted by name, the list itself aside."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
    return "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths).encode()
