"""Turn the addresses that a person names into the parts of WARC files that are read one by one.

An address is a path, a pattern, a list of addresses (a text file), or anything else that fsspec opens, such as
``s3://bucket/a.warc.gz`` or ``https://host.example/a.warc.gz``. Files of this machine need no fsspec.
"""

import glob
import gzip
import importlib
import os
import posixpath
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, cast

from msgspec import Struct

import daybook
from daybook.core.errors import ArchiveError
from daybook.core.hashing import bytes_digest, digest, tree_digest
from daybook.core.text import check_characters
from daybook.parse.outlets import OutletDefaults

_LIST_SUFFIXES = (".paths", ".paths.gz", ".txt", ".txt.gz")
_WARC_SUFFIXES = (".warc", ".warc.gz")
_MAX_LIST = 500_000_000  # bytes of a list of addresses
_PATTERN = re.compile(r"[*?[]")
_READING_CODE = ("core", "parse", "crawl", "archive/identity.py")  # what decides what a part gives
_READING_LIBRARIES = ("beautifulsoup4", "lxml", "msgspec", "tzdata", "w3lib", "warcio")
_TAGS_PER_BYTE = 15_000 / 1_000_000


class CrawlOptions(Struct, frozen=True, kw_only=True):
    """How to read all parts of a crawl.

    Attributes:
        outlets: Defaults for the pages of outlets.
        every_page: Whether to parse also pages that fail the byte test.
        max_page: The largest page that is read, in bytes. It bounds the memory, and so does `max_tags`.
        code: The digest of the code and libraries with which the parts are read.
    """

    outlets: tuple[OutletDefaults, ...] = ()
    every_page: bool = False
    max_page: int = 3_000_000
    code: str = ""

    @property
    def max_tags(self) -> int:
        """The largest number of tags of a page that is parsed."""
        return int(self.max_page * _TAGS_PER_BYTE)


class CrawlPart(Struct, frozen=True, kw_only=True):
    """A range of a WARC file, or a whole one.

    Attributes:
        address: The file as results name it: an address, or a path as it was typed.
        location: The file as any process opens it: an address or an absolute path.
        start: The offset of the range.
        stop: The offset behind it; None for the end of the file.
        key: A digest of all that decides the result: the file's size and version, the range, the options, the code.
        begins_at: The offset of the first record, if the part before this one told it.
    """

    address: str
    location: str
    start: int
    stop: int | None
    key: str
    begins_at: int | None = None

    @property
    def path(self) -> Path | None:
        """The path of a file of this machine, by which an outlet can be known."""
        return None if _is_remote(self.location) else Path(self.location)

    @property
    def first_record(self) -> int | None:
        """Return `begins_at`; None if that is not known, or lies behind the range."""
        is_inside = self.begins_at is not None and (self.stop is None or self.begins_at < self.stop)
        return self.begins_at if is_inside else None

    @property
    def name(self) -> str:
        """The name of the part's folder, the same in each run."""
        return part_name(self.address, self.start)


def part_name(address: str, start: int) -> str:
    """Return the name of the folder of a part, which begins at an offset of a file."""
    return f"{digest(address).hex()[:16]}-{start:013}"


def plan_parts(
    names: Sequence[str], options: CrawlOptions, *, base: str = "", part_size: int | None = None
) -> list[CrawlPart]:
    """Return the parts of all files that are named, in the order of addresses and offsets; each file once.

    Args:
        names: Paths, patterns, lists and addresses.
        options: How the parts will be read.
        base: What is put before each line of a list, such as ``https://host.example/``.
        part_size: The largest number of bytes of a part; None for one part a file.

    Raises:
        ArchiveError: A file or list cannot be found or read, or is no WARC by its name.
    """
    files: dict[str, str] = {}
    for name in names:
        for address in _addresses(name, base):
            files.setdefault(_location(address), address)
    parts: list[CrawlPart] = []
    for location, address in sorted(files.items(), key=lambda file: (file[1], file[0])):
        if not location.lower().endswith(_WARC_SUFFIXES):
            cure = "name .warc or .warc.gz files; unzip a .wacz file and name those in its folder archive"
            raise ArchiveError(f"not a WARC file or a list of them, by its name; {cure}", path=address)
        size, state = _file_state(location, address)
        starts = range(0, size, part_size) if part_size and size else (0,)
        for start in starts:
            is_last = not part_size or size is None or start + part_size >= size
            stop = None if is_last else start + (part_size or 0)
            key = digest(size, state, start, stop, part_size, options).hex()
            parts.append(CrawlPart(address=address, location=location, start=start, stop=stop, key=key))
    return parts


def open_location(location: str) -> BinaryIO:
    """Open a file for reading, as `CrawlPart.location` names it."""
    if not _is_remote(location):
        return Path(location).open("rb")
    system, path = _file_system(location)
    return cast(BinaryIO, system.open(path, "rb"))


@cache
def reading_code() -> str:
    """Return a digest of the code and libraries that read pages: with others, parts are read again."""
    package = Path(daybook.__file__).parent
    libraries = []
    for name in _READING_LIBRARIES:
        try:
            libraries.append(version(name))
        except PackageNotFoundError:
            libraries.append("")
    code = [
        bytes_digest(path.read_bytes()) if path.is_file() else tree_digest(path)
        for path in (package / name for name in _READING_CODE)
    ]
    return digest(code, libraries, sys.version_info[:2]).hex()


def _addresses(name: str, base: str) -> Iterator[str]:
    """Yield the addresses that a name stands for."""
    if name.lower().endswith(_LIST_SUFFIXES):
        for line in _list_lines(name):
            address = f"{base}{line}"
            check_characters(address)
            yield from _matches(address)
    else:
        yield from _matches(name)


def _list_lines(name: str) -> list[str]:
    try:
        with open_location(_location(name)) as stream:
            head = stream.read(2)
            stream.seek(0)
            with gzip.GzipFile(fileobj=stream) if head == b"\x1f\x8b" else nullcontext(stream) as lines:
                data = lines.read(_MAX_LIST + 1)
        text = data.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ArchiveError(f"a list of addresses that cannot be read: {reason}; correct it", path=name) from error
    if len(data) > _MAX_LIST:
        raise ArchiveError(f"the list has more than {_MAX_LIST:,} bytes; split it", path=name)
    rows = [line.strip() for line in text.splitlines()]
    if not (rows := [row for row in rows if row and not row.startswith("#")]):
        raise ArchiveError("the list names no file; write one address a line", path=name)
    return rows


def _matches(address: str) -> list[str]:
    """Return the address itself, or the files that match if it is a pattern."""
    if not _PATTERN.search(address) or (not _is_remote(address) and os.path.lexists(address)):
        return [address if _is_remote(address) else posixpath.normpath(address)]
    if not _is_remote(address):
        found = [posixpath.normpath(path) for path in glob.glob(address, recursive=True)]  # noqa: PTH207 - keeps the path as typed
    else:
        if address.startswith(("http://", "https://")):
            return [address]  # a question mark begins a query, and the web lists no files
        system, pattern = _file_system(address)
        found = [system.unstrip_protocol(path) for path in system.glob(pattern)]
    if not found:
        raise ArchiveError("no file matches this pattern; check the path", path=address)
    return sorted(found)


def _is_remote(address: str) -> bool:
    return "://" in address


def _location(address: str) -> str:
    return address if _is_remote(address) else os.path.abspath(address)  # noqa: PTH100 - resolves no link


def _file_state(location: str, address: str) -> tuple[int | None, str]:
    """Return the size of a file, None if it is unknown, and a text that changes with its content."""
    try:
        if not _is_remote(location):
            status = Path(location).stat()
            if not Path(location).is_file():
                raise ArchiveError("not a file; name the WARC files in it, such as folder/*.warc.gz", path=address)
            return status.st_size, str(status.st_mtime_ns)
        system, path = _file_system(location)
        info = system.info(path)
        marks = {name: str(info[name]) for name in ("ETag", "etag", "LastModified", "mtime", "created") if name in info}
        return info.get("size"), digest(sorted(marks.items())).hex()
    except ArchiveError:
        raise
    except Exception as error:  # each file system has its own
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        raise ArchiveError(f"{reason}; check the address", path=address) from error


def _file_system(address: str) -> tuple[Any, str]:
    """Return the file system of fsspec that an address names, and the path in it."""
    try:
        fsspec = importlib.import_module("fsspec.core")
    except ImportError:
        cure = "install it: python -m pip install fsspec"
        raise ArchiveError(f"addresses other than paths need the package fsspec; {cure}", path=address) from None
    try:
        system, path = fsspec.url_to_fs(address)
    except (ImportError, ValueError) as error:  # it names the package that it needs, such as s3fs
        raise ArchiveError(f"{error}; install what it names, or copy the file here", path=address) from error
    return system, path
