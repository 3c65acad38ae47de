"""Read gzip files and web archives (WARC, WACZ), with limits against decompression bombs.

Web archives are read with warcio, the extra `warc` of the wheel, which is imported on first use. Their pages come with
URL and capture time. Gzip members are unpacked by hand because `gzip.decompress` has no limit for the unpacked size.
"""

import importlib
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import is_url
from daybook.parse.base.decode import http_encoding, one_line

# Limits in unpacked bytes
MAX_PAGE = 50_000_000  # one page
MAX_TOTAL = 200_000_000  # standard input, which is kept in memory; web archives in files may have any size
_MAX_RATIO = 100  # of unpacked to packed size, above `_ALWAYS_ALLOWED`
_ALWAYS_ALLOWED = 1_000_000  # bytes that a file of any size may unpack to
_CHUNK = 1_000_000  # bytes that are unpacked at a time
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_WARC = b"WARC/"
_GZIP_WBITS = 31  # zlib: 15-bit window, gzip header
_COPY_AGAIN = "copy or download it again"
_UNPACK = "unpack it yourself and split it"
_INSTALL = "python -m pip install warcio"
_WARC_IN_WACZ = re.compile(r"archive/[^/]+\.warc(?:\.gz)?")
_LONGEST_ID = 200  # characters
_HTML = re.compile(r"(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_WARC_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z")


def decompress(data: bytes, max_size: float = MAX_PAGE) -> bytes:
    """Return the bytes of a page or records file, unpacked if they are gzip (RFC 1952).

    Raises:
        ArchiveError: There are more than `max_size` bytes, or the gzip file is damaged, truncated,
            compressed twice or expands too much.
    """
    unpacked = _gunzip(data, max_size) if data.startswith(_GZIP) else data
    if unpacked.startswith(_GZIP):
        raise ArchiveError("the file is compressed twice; unpack it once")
    if len(unpacked) > max_size:
        raise ArchiveError(f"the page has more than {max_size:,} bytes; save it in parts")
    return unpacked


def _gunzip(data: bytes, max_size: float) -> bytes:
    """Unpack all members of a gzip file in chunks; stop when it grows too large."""
    limit = min(max_size, _max_unpacked(len(data)))
    chunks: list[bytes] = []
    size = 0
    while data.startswith(_GZIP):
        member = zlib.decompressobj(wbits=_GZIP_WBITS)
        while not member.eof:
            try:
                chunk = member.decompress(data, _CHUNK)
            except zlib.error as error:
                raise ArchiveError(f"the compressed file is damaged: {error}; {_COPY_AGAIN}") from error
            data = member.unconsumed_tail
            if not (chunk or data or member.eof):
                raise ArchiveError(f"the compressed file is truncated; {_COPY_AGAIN}")
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise ArchiveError(f"the compressed file unpacks to more than {limit:,} bytes; {_UNPACK}")
        data = member.unused_data
    if data.strip(b"\0"):  # padding with zeros is common
        raise ArchiveError("there is other data after the compressed page; unpack it by hand")
    return b"".join(chunks)


def _max_unpacked(packed: int) -> int:
    """Return to how many bytes a file may unpack; more suggest a decompression bomb."""
    return max(_ALWAYS_ALLOWED, packed * _MAX_RATIO)


class Capture(Struct, frozen=True, kw_only=True):
    """A page in a web archive. `url`, `captured` (RFC 3339) and `encoding` are "" if the archive has no valid ones."""

    url: str
    captured: str
    data: bytes
    encoding: str  # as the HTTP header declares it
    fault: str  # why the page cannot be read; "" if it can
    record: str = ""  # the WARC-Record-ID


def is_web_archive(stream: BinaryIO) -> bool:
    """Return whether a file is a WARC, plain or gzipped, or a WACZ. The stream is rewound."""
    head = stream.read(2048)
    stream.seek(0)
    if head.startswith(_ZIP):
        return bool(_warc_names(stream))
    try:
        start = zlib.decompressobj(wbits=_GZIP_WBITS).decompress(head, 16) if head.startswith(_GZIP) else head
    except zlib.error:
        return False
    return start.startswith(_WARC)


def read_captures(stream: BinaryIO) -> Iterator[Capture]:
    """Yield the HTML pages of a web archive in order, one at a time: the archive may be larger than the memory.

    Raises:
        ArchiveError: warcio is not installed, or the archive is damaged. The captures yielded before are valid.
    """
    for warc, packed_size in _warc_files(stream):
        yield from _html_captures(warc, packed_size)


def _warc_files(stream: BinaryIO) -> Iterator[tuple[BinaryIO, int]]:
    """Yield each WARC file of an archive with its size in bytes; a WACZ can contain several."""
    names = _warc_names(stream)
    if not names:
        size = stream.seek(0, 2)
        stream.seek(0)
        yield stream, size
        return
    with ZipFile(stream) as files:
        for name in names:
            member = files.getinfo(name)
            if member.file_size > (limit := _max_unpacked(member.compress_size)):
                raise ArchiveError(f"{name} in this web archive unpacks to more than {limit:,} bytes; {_UNPACK}")
            with files.open(member) as warc:
                yield warc, member.file_size  # type: ignore[misc]  # ZipExtFile has all methods that are used


def _warc_names(stream: BinaryIO) -> list[str]:
    """Return the names of the WARC files in a WACZ; [] for any other file. The stream is rewound."""
    try:
        with ZipFile(stream) as files:
            return sorted(name for name in files.namelist() if _WARC_IN_WACZ.fullmatch(name))
    except BadZipFile:
        return []
    finally:
        stream.seek(0)


def _html_captures(stream: BinaryIO, packed_size: int) -> Iterator[Capture]:
    unpacked_size = 0
    for record in _warc_records(stream):
        unpacked_size += max(record.length or 0, 0)
        if unpacked_size > (limit := _max_unpacked(packed_size)):
            raise ArchiveError(f"the web archive unpacks to more than {limit:,} bytes; {_UNPACK}")
        if capture := _html_capture(record, MAX_PAGE):
            yield capture


def read_capture(record: bytes, max_page: int) -> Capture | None:
    """Return the HTML page in one WARC record, None if it holds none; a larger page than `max_page` bytes is a fault.

    Raises:
        ArchiveError: warcio is not installed (`check_warcio` asks for it), or the headers are damaged.
    """
    loader = _import_warcio("warcio.recordloader").ArcWarcRecordLoader()
    try:
        parsed = loader.parse_record_stream(BytesIO(record), known_format="warc")
    except Exception as error:  # as in _warc_records
        raise ArchiveError(f"a damaged record: {one_line(str(error))[:120]}") from error
    return _html_capture(parsed, max_page)


def _html_capture(record: Any, max_page: int) -> Capture | None:
    http = record.http_headers
    if record.rec_type == "response" and http is not None and http.get_statuscode() == "200":
        content_type = http.get_header("Content-Type") or ""
    elif record.rec_type == "resource":  # a page as a program rendered it, without a header of HTTP
        content_type = record.rec_headers.get_header("Content-Type") or ""
    else:
        return None
    if not _HTML.match(content_type):
        return None
    date = _WARC_DATE.fullmatch(record.rec_headers.get_header("WARC-Date") or "")
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")  # WARC 1.0 writes <URL>
    data, fault = _read_body(record, max_page)
    return Capture(
        url=url if is_url(url) else "",
        captured=f"{date[1]}Z" if date else "",
        data=data,
        encoding=http_encoding(content_type),
        fault=fault,
        record=one_line(record.rec_headers.get_header("WARC-Record-ID") or "")[:_LONGEST_ID],
    )


def _warc_records(stream: BinaryIO) -> Iterator[Any]:
    """Yield the records of a WARC file; raise ArchiveError if it is damaged or warcio is not installed."""
    warcio = _import_warcio("warcio.archiveiterator")
    try:
        yield from warcio.ArchiveIterator(stream)
    except Exception as error:  # warcio's errors, zlib's, and ValueError for a header that is not a number
        reason = one_line(str(error))[:120]
        cure = "save it again, each record compressed separately"
        raise ArchiveError(f"the web archive is damaged or compressed as one block: {reason}; {cure}") from error


def check_warcio() -> None:
    """Raise ArchiveError, with the command that installs it, if warcio is missing."""
    _import_warcio("warcio.recordloader")


def _import_warcio(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ArchiveError(f"web archives need the package warcio; install it: {_INSTALL}") from None


def _read_body(record: Any, max_page: int) -> tuple[bytes, str]:
    """Return the decoded body of a response, or b"" and the reason why it cannot be read."""
    http = record.http_headers
    encoding = ((http and http.get_header("Content-Encoding")) or "identity").strip().lower()
    known = importlib.import_module("warcio.bufferedreaders").BufferedReader.get_supported_decompressors()
    if encoding not in (*known, "identity"):
        return b"", f"the page is compressed as {encoding[:20]!r}, which is not supported; save the page as HTML"
    try:
        data: bytes = record.content_stream().read(max_page + 1)
    except Exception as error:  # as in _warc_records
        return b"", f"the page is damaged: {one_line(str(error))[:120]}; copy the archive again"
    if len(data) > max_page:
        return b"", f"the page has more than {max_page:,} bytes; save it in parts"
    if getattr(record.raw_stream, "limit", 0) > 0:
        return b"", "the page was cut short in the web archive; copy the archive again"
    return data, ""
