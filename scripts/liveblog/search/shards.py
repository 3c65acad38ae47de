"""Rows → term shards: the only place that knows a shard's format and its boundaries.

A shard is a classic script, so that it loads over HTTP and from a folder alike:

    Daybook.receive("base-gra-3fa9",[
    ["grain",4,[13,2,1],[],[],"8","",""],
    …])

A row is its term, rank, one list of postings per field, one string of field lengths per
field. A posting is ``delta * 2`` for one occurrence or ``delta * 2 + 1, frequency``; a
length is one character (`length_character`).
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from .order import utf16
from .segments import Row


class Bounds(NamedTuple):
    """A segment's name, the least size of its shards in characters, and about how many it may have."""

    segment: str
    least: int
    parts: int


# Measured on 29,529 dispatches by `make bench`. Every day added changes nearly all shards of the
# recent segment, so their number is held; those of the base are as small as the manifest allows.
BASE = Bounds("base", 4_200, 4_000)
RECENT = Bounds("recent", 3_000, 52)

_SHORT_KEY = 3
_LONG_KEY = 12


class Shard(NamedTuple):
    """A range of terms: the shortest key that begins it, the hash of its rows, its script."""

    key: str
    hash: str
    script: bytes


def shard_name(segment: str, key: str, digest: str) -> str:
    """Name a shard by what begins it and what it holds: ``base-gra-3fa9``.

    What is no small letter or digit is written as ``_`` and its UTF-16 unit. The digest may be
    short, as it only has to tell one state of a range from the next.
    """
    units = memoryview(key.encode("utf-16-le")).cast("H").tolist()
    plain = (chr(u) if chr(u) in "abcdefghijklmnopqrstuvwxyz0123456789" else f"_{u:04x}" for u in units)
    return f"{segment}-{''.join(plain)}-{digest}"


def length_character(length: int) -> str:
    """Write a field length as one character from ``#`` up, jumping over the surrogates."""
    code = length + 35
    return chr(code if code < 0xD800 else code + 0x800)


def dump_row(term: str, row: Row) -> str:
    """Write a row as a JSON array."""
    postings: list[list[int]] = []
    for field in row.fields:
        coded: list[int] = []
        previous = 0
        for code, frequency in zip(field[::3], field[1::3], strict=True):
            delta = (code - previous) * 2
            coded.extend((delta,) if frequency == 1 else (delta + 1, frequency))
            previous = code
        postings.append(coded)
    lengths = ["".join(map(length_character, field[2::3])) for field in row.fields]
    return msgspec.json.encode((term, row.rank, *postings, *lengths)).decode()


def shards(rows: Mapping[str, Row], bounds: Bounds) -> Iterator[Shard]:
    """Cut the rows, in JavaScript's order, into shards.

    A boundary stands where few letters tell two neighbours apart, once the shard has its
    least size: a changed term therefore moves no boundary but those beside it, the keys are
    short, and the words of one beginning seldom lie apart.
    """
    for key, held in _ranges(rows, bounds):
        body = "[\n" + ",\n".join(held) + "]"
        digest = hashlib.sha256(body.encode()).hexdigest()[:4]
        script = f'Daybook.receive("{shard_name(bounds.segment, key, digest)}",{body});\n'
        yield Shard(key, digest, script.encode())


def _ranges(rows: Mapping[str, Row], bounds: Bounds) -> Iterator[tuple[str, list[str]]]:
    terms = sorted(rows, key=utf16)
    dumped = [dump_row(term, rows[term]) for term in terms]
    least = max(bounds.least, sum(map(len, dumped)) // bounds.parts)
    held: list[str] = []
    size, key, previous = 0, "", ""
    for term, row in zip(terms, dumped, strict=True):
        if held and size + len(row) > least:
            following = shortest_after(previous, term)
            full = size + len(row) > 3 * least
            if len(following) <= (_LONG_KEY if full else _SHORT_KEY) and (full or size >= least):
                yield key, held
                held, size, key = [], 0, following
        held.append(row)
        size += len(row)
        previous = term
    if held:
        yield key, held


def shortest_after(previous: str, term: str) -> str:
    """Return the shortest beginning of `term` that sorts after `previous`."""
    return next(term[:end] for end in range(1, len(term) + 1) if utf16(term[:end]) > utf16(previous))
