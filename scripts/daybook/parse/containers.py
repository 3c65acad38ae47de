"""Web archives (WARC, WACZ) → the HTML pages in them: the only home of warcio, which is an extra.

A page comes with its address and the time of its capture, so that nobody has to name them.
"""

import importlib
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import is_url

MAX_TOTAL = 200_000_000  # bytes of all pages of one web archive, unpacked


_INSTALL = ".venv/bin/pip install --require-hashes -r requirements/warc.lock"


_WARC = b"WARC/"


_ZIP = b"PK\x03\x04"


_HTML = re.compile(r"(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)


_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z")


class Capture(Struct, frozen=True, kw_only=True):
    """A page as a crawler got it; `fault` says why it cannot be read, where it cannot.

    `url` and `captured` (RFC 3339) are "" where the archive does not say them rightly.
    """

    url: str = ""
    captured: str = ""
    data: bytes = b""
    fault: str = ""


def is_web_archive(stream: BinaryIO) -> bool:
    """Say whether a file is a WARC, plain or compressed, or a WACZ; the file stands at its start again."""
    head = stream.read(2048)
    stream.seek(0)
    if head.startswith(_ZIP):
        return bool(_inner_archives(stream))
    try:
        shown = zlib.decompressobj(wbits=31).decompress(head, 16) if head.startswith(_GZIP) else head
    except zlib.error:
        return False
    return shown.startswith(_WARC)


def read_captures(stream: BinaryIO) -> Iterator[Capture]:
    """Give the HTML pages of a web archive in their order, as long as they unpack to `MAX_TOTAL` at most.

    Raises ArchiveError where warcio is not installed, and where the archive is damaged or grows
    too large; what was given before that is good.
    """
    total = 0
    for part, size in _parts(stream):
        for capture in _pages(part, size):
            total += len(capture.data)
            if total > MAX_TOTAL:
                raise ArchiveError(f"the pages of this web archive are over {MAX_TOTAL:,} bytes: split it")
            yield capture


def _parts(stream: BinaryIO) -> Iterator[tuple[BinaryIO, int]]:
    """Give each WARC file of an archive, with its size in bytes: a WACZ holds several."""
    names = _inner_archives(stream)
    if not names:
        size = stream.seek(0, 2)
        stream.seek(0)
        yield stream, size
        return
    with ZipFile(stream) as files:
        for name in names:
            inner = files.getinfo(name)
            if exceeds_ratio(inner.file_size, inner.compress_size):
                raise ArchiveError(f"{name} in this web archive grows too large: unpack it and look at it first")
            with files.open(inner) as part:
                yield part, inner.file_size  # type: ignore[misc]  # a ZipExtFile can all that is asked of it


def _inner_archives(stream: BinaryIO) -> list[str]:
    """Name the WARC files inside a WACZ; none for any other file, which stands at its start again."""
    try:
        with ZipFile(stream) as files:
            return sorted(name for name in files.namelist() if re.fullmatch(r"archive/[^/]+\.warc(?:\.gz)?", name))
    except BadZipFile:
        return []
    finally:
        stream.seek(0)


def _pages(stream: BinaryIO, size: int) -> Iterator[Capture]:
    declared = 0
    for record in _records(stream):
        declared += max(record.length or 0, 0)
        if exceeds_ratio(declared, size):
            raise ArchiveError("the web archive grows too large: unpack it and look at it first")
        http = record.http_headers
        if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
            continue
        if _HTML.match(http.get_header("Content-Type") or ""):
            yield _capture(record)


def _records(stream: BinaryIO) -> Iterator[Any]:
    """Give the records of a WARC file; what warcio makes of a damaged one becomes a reason."""
    try:
        warcio = importlib.import_module("warcio.archiveiterator")
    except ImportError:
        raise ArchiveError(f"web archives are read with warcio, an extra: {_INSTALL}") from None
    records = iter(warcio.ArchiveIterator(stream))
    while True:
        try:
            record = next(records, None)
        except Exception as error:  # warcio's own, zlib's, and ValueError of a header that is no number
            reason = " ".join(str(error).split())[:120]
            raise ArchiveError(f"the web archive is damaged or was compressed as a whole: {reason}") from error
        if record is None:
            return
        yield record


def _capture(record: Any) -> Capture:
    """Read the page of a response, its transfer and content encodings undone."""
    date = _INSTANT.fullmatch(record.rec_headers.get_header("WARC-Date") or "")
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    stated = Capture(url=url if is_url(url) else "", captured=f"{date[1]}Z" if date else "")
    return _filled(stated, record)


def _filled(stated: Capture, record: Any) -> Capture:
    encoding = (record.http_headers.get_header("Content-Encoding") or "identity").strip().lower()
    known = importlib.import_module("warcio.bufferedreaders").BufferedReader.get_supported_decompressors()
    if encoding not in (*known, "identity"):
        return _faulty(stated, f"the page is compressed as {encoding[:20]!r}, which cannot be read here")
    try:
        data: bytes = record.content_stream().read(MAX_PAGE + 1)
    except Exception as error:  # as above
        return _faulty(stated, f"the page is damaged: {' '.join(str(error).split())[:120]}")
    if len(data) > MAX_PAGE:
        return _faulty(stated, f"the page is over {MAX_PAGE:,} bytes: split it")
    if getattr(record.raw_stream, "limit", 0) > 0:
        return _faulty(stated, "the page was cut short in the web archive: copy the archive again")
    return Capture(url=stated.url, captured=stated.captured, data=data)


def _faulty(stated: Capture, fault: str) -> Capture:
    return Capture(url=stated.url, captured=stated.captured, fault=fault)


MAX_PAGE = 50_000_000  # bytes of one page, unpacked


MAX_RATIO = 100  # times a compressed file may grow, beyond the first million bytes


_GZIP = b"\x1f\x8b"


_STEP = 1_000_000


def decompress(data: bytes) -> bytes:
    """Give the bytes of a page, out of its ``.gz`` if it is one.

    Raises ArchiveError for a page over `MAX_PAGE`, a file that grows more than `MAX_RATIO`
    times, and a compressed file that is damaged or cut short.
    """
    page = _unzipped(data) if data.startswith(_GZIP) else data
    if page.startswith(_GZIP):
        raise ArchiveError("the file is compressed twice: unpack it once")
    if len(page) > MAX_PAGE:
        raise ArchiveError(f"the page is over {MAX_PAGE:,} bytes: split it")
    return page


def exceeds_ratio(unpacked: int, packed: int) -> bool:
    """Say whether a file of `packed` bytes that unpacks to `unpacked` is more likely a trap than a page."""
    return unpacked > _allowed(packed)


def _allowed(packed: int) -> int:
    return max(_STEP, packed * MAX_RATIO)


def _unzipped(data: bytes) -> bytes:
    """Unpack all members of a gzip file, step by step, and stop where it grows too large."""
    limit = min(MAX_PAGE, _allowed(len(data)))
    found: list[bytes] = []
    size = 0
    while data.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                part = member.decompress(data, _STEP)
            except zlib.error as error:
                raise ArchiveError(f"the compressed file is damaged: {error}") from error
            data = member.unconsumed_tail
            if not (part or data or member.eof):
                raise ArchiveError("the compressed file ends too early: copy it again")
            found.append(part)
            size += len(part)
            if size > limit:
                raise ArchiveError(f"the compressed file grows beyond {limit:,} bytes: unpack it and look at it first")
        data = member.unused_data
    if data.strip(b"\0"):
        raise ArchiveError("something else stands behind the compressed page: unpack it by hand")
    return b"".join(found)
