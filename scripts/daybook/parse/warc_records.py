"""Cut a WARC file, or a range of one, into the bytes of its records, past records that are damaged.

A record belongs to the range in which its first byte lies. For a plain WARC the offsets are those of the file itself;
for a gzipped one they are offsets of packed bytes, because each record is a gzip member of its own (WARC 1.1, annex D).
A gzip file has no index of its members: a range that does not begin with the file is searched for the first member that
unpacks to a record. The payload of a record can look like a record, too, if a web archive was archived. Therefore a
range also tells where the next one must begin (`WarcRange.next`), and a reader of several ranges compares the two.
"""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from daybook.core.errors import ArchiveError

_CHUNK = 32_768  # bytes; zlib copies the rest of a chunk behind each gzip member
_SKIPPED = 1_000_000  # bytes of a large record that are unpacked and dropped at a time
_SEARCHED = 1_000_000  # bytes that are searched at a time for the start of a record
_OVERLAP = 128  # bytes that are searched again because the start of a record may have been cut
_PREVIEW = 500  # unpacked bytes that show whether a member is a record, and mostly name its page
_MAX_HEADERS = 65_536  # bytes of the headers of a record
_GZIP = b"\x1f\x8b\x08"
_GZIP_START = re.compile(re.escape(_GZIP))
_GZIP_WBITS = 31  # zlib: 15-bit window, gzip header
_FIRST_LINE = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n")
_PLAIN_START = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n(?=(?i:warc|content)-)")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_LINE_ENDS = b"\r\n"
_RECORD_END = b"\r\n\r\n"


class RawRecord(Struct, frozen=True):
    """A record with its place in the file, or bytes of which no record can be made (`fault` says why)."""

    offset: int
    data: bytes  # headers and block; of a damaged record, what could be read
    is_cut: bool = False  # `data` is only the beginning of a record that is larger than the limit
    fault: str = ""


class WarcRange:
    """The records that begin in one range of a WARC file, to be read once.

    Args:
        stream: The file, which can seek; it is read forwards, apart from the search behind a damaged record.
        start: The offset of the range.
        stop: The offset behind it; None for the end of the file.
        max_record: The largest record in bytes; of a larger one, the beginning is given.
        begins_at: The offset of the first record, if it is known; it may lie behind the range.

    Attributes:
        first: The offset of the first record; None if no record begins in the range.
        next: The offset of the record behind the last one; None if it is not known. Both are set when all records have
            been read.
    """

    def __init__(
        self, stream: BinaryIO, start: int, stop: int | None, max_record: int, begins_at: int | None = None
    ) -> None:
        self.first: int | None = None
        self.next: int | None = None
        self._from, self._stop, self._max_record = start, stop, max_record
        self._begins_at = begins_at if begins_at is not None else (0 if start == 0 else None)
        stream.seek(0)
        self._is_gzip = stream.read(len(_GZIP)) == _GZIP
        self._start = _GZIP_START if self._is_gzip else _PLAIN_START
        self._input = _Input(stream)

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield the records in order; raise ArchiveError if the file is no WARC."""
        read = self._read_member if self._is_gzip else self._read_plain
        offset = self._begins_at if self._begins_at is not None else self._find_start(self._from)
        if offset is None:
            return
        if self._is_inside(offset):
            self.first = offset
        while self._is_inside(offset):
            self._input.seek(offset)
            if not self._input.peek(1):  # the end of the file
                break
            record, following = read(offset)
            if record is not None:
                if record.fault and offset == 0:
                    raise ArchiveError(f"not a WARC file that can be read: {record.fault}")
                yield record
            if following is None and (following := self._find_start(offset + 1)) is None:
                return
            offset = following
        self.next = offset

    def _is_inside(self, offset: int) -> bool:
        return self._stop is None or offset < self._stop

    def _read_member(self, offset: int) -> tuple[RawRecord | None, int | None]:
        """Unpack the gzip member at an offset; return its record and the offset behind it, None if that is lost."""
        pieces: list[bytes] = []
        size = 0
        member = zlib.decompressobj(wbits=_GZIP_WBITS)
        while not member.eof:
            packed = member.unconsumed_tail or self._input.take(_CHUNK)
            if not packed:
                return RawRecord(offset, b"".join(pieces), fault="the file ends inside a record"), None
            room = self._max_record - size
            try:
                piece = member.decompress(packed, room if room > 0 else _SKIPPED)
            except zlib.error as error:
                return RawRecord(offset, self._unpack_start(offset), fault=f"a damaged gzip member: {error}"), None
            size += len(piece)
            if room > 0:
                pieces.append(piece)
        following = self._input.position - len(member.unused_data)
        self._input.seek(following)
        while padding := len(rest := self._input.peek(_CHUNK)) - len(rest.lstrip(b"\0")):
            self._input.take(padding)
        following = self._input.position
        data = b"".join(pieces)
        length = _record_length(data)
        if length is None:
            return RawRecord(
                offset, b"", fault="a gzip member that does not begin with the headers of a record"
            ), following
        if size > length + len(_RECORD_END) and _FIRST_LINE.match(data[length:].lstrip(_LINE_ENDS)):
            cure = "save it again, each record compressed separately"
            return RawRecord(offset, b"", fault=f"several records in one gzip member; {cure}"), following
        return RawRecord(offset, data, is_cut=size > len(data)), following

    def _read_plain(self, offset: int) -> tuple[RawRecord | None, int | None]:
        """Read the record at an offset of a file that is not compressed, as `_read_member` does."""
        head = self._input.peek(_MAX_HEADERS)
        if not head.strip(_LINE_ENDS):  # line ends behind the last record
            return None, offset + len(head)
        length = _record_length(head)
        if length is None:
            return RawRecord(offset, b"", fault="bytes that are not the headers of a record"), None
        data = self._input.take(min(length, self._max_record))
        if len(data) < min(length, self._max_record):
            return RawRecord(offset, data, fault="the file ends inside a record"), None
        self._input.seek(offset + length)
        behind = self._input.peek(_CHUNK)
        after_ends = behind.lstrip(_LINE_ENDS)
        is_followed = not after_ends or behind.startswith(_RECORD_END) or _FIRST_LINE.match(after_ends)
        if not is_followed or (not behind and length > len(data)):
            return RawRecord(offset, data, fault="a record that is not as long as it says"), None
        following = offset + length + len(behind) - len(after_ends)
        return RawRecord(offset, data, is_cut=length > len(data)), following

    def _find_start(self, offset: int) -> int | None:
        """Return the offset of the first record that begins in the range at `offset` or later; None if none does."""
        while self._is_inside(offset):
            self._input.seek(offset)
            window = self._input.peek(_SEARCHED)
            for match in self._start.finditer(window):
                found = offset + match.start()
                if not self._is_inside(found):
                    return None
                if not self._is_gzip or self._is_member_of_record(found):
                    return found
            if len(window) < _SEARCHED:
                return None
            offset += len(window) - _OVERLAP
        return None

    def _is_member_of_record(self, offset: int) -> bool:
        """Return whether the bytes at an offset unpack to the first line of a record."""
        return _FIRST_LINE.match(self._unpack_start(offset)) is not None

    def _unpack_start(self, offset: int) -> bytes:
        """Return the first bytes that a gzip member at an offset unpacks to; b"" if there is none."""
        self._input.seek(offset)
        try:
            return zlib.decompressobj(wbits=_GZIP_WBITS).decompress(self._input.peek(_CHUNK), _PREVIEW)
        except zlib.error:
            return b""


def _record_length(data: bytes) -> int | None:
    """Return how long a record is with its headers, as these say; None if they are not those of a record."""
    ends = _HEADERS_END.search(data, 0, _MAX_HEADERS) if _FIRST_LINE.match(data) else None
    length = _LENGTH.search(data, 0, ends.start() + 1) if ends else None
    return ends.end() + int(length[1]) if ends and length else None


class _Input:
    """A file with a buffer in which bytes can be looked at before they are taken."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._used = 0  # bytes of the buffer that were taken
        self._base = 0  # offset of the buffer's first byte
        stream.seek(0)

    @property
    def position(self) -> int:
        return self._base + self._used

    def seek(self, offset: int) -> None:
        if self._base <= offset <= self._base + len(self._buffer):
            self._used = offset - self._base
        else:
            self._stream.seek(offset)
            self._buffer, self._used, self._base = b"", 0, offset

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end of the file."""
        self._fill(size)
        return self._buffer[self._used : self._used + size]

    def take(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end of the file, and go on behind them."""
        taken = self.peek(size)
        self._used += len(taken)
        return taken

    def _fill(self, size: int) -> None:
        missing = size - (len(self._buffer) - self._used)
        if missing <= 0:
            return
        pieces = [self._buffer[self._used :]]
        while missing > 0 and (piece := self._stream.read(max(missing, _SEARCHED))):
            pieces.append(piece)
            missing -= len(piece)
        self._base, self._used, self._buffer = self._base + self._used, 0, b"".join(pieces)
