"""Compressed bytes → bytes: the only place that knows gzip and how much a file may grow."""

import zlib

from ..errors import ArchiveError

MAX_PAGE = 50_000_000  # bytes of one page, unpacked
MAX_RATIO = 100  # times a compressed file may grow, beyond the first million bytes
_GZIP = b"\x1f\x8b"
_STEP = 1_000_000


def unpack(data: bytes) -> bytes:
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


def grows_too_much(unpacked: int, packed: int) -> bool:
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
