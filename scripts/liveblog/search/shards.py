"""Rows → term shards: the only place that knows a shard's format and its boundaries.

A shard is a classic script, so that it loads over HTTP and from a folder alike:

    Daybook.receive("base-3fa9c2d1",[
    ["grain",4,[13,2,1],[],[],"8","",""],
    …])

A row is its term, rank, one list of postings per field, one string of field lengths per
field. A posting is ``delta * 2`` for one occurrence or ``delta * 2 + 1, frequency``; a
length is one character (`length_character`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .segments import Row


class Bounds(NamedTuple):
    """A segment's name, and how large its shards may be in characters before compression."""

    segment: str
    least: int
    most: int


# Measured on 29,529 dispatches: 4 KB a shard compressed in the base, 1.6 KB in the recent segment.
BASE = Bounds("base", 4_500, 14_000)
RECENT = Bounds("recent", 2_500, 6_000)


class Shard(NamedTuple):
    """A range of terms: the shortest key that begins it, the hash that names it, its script."""

    key: str
    hash: str
    script: bytes


def utf16(term: str) -> bytes:
    """Return a sort key in JavaScript's order of strings, by UTF-16 unit and not by code point."""
    return term.encode("utf-16-be")


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
    return json.dumps([term, row.rank, *postings, *lengths], ensure_ascii=False, separators=(",", ":"))


def shards(rows: Mapping[str, Row], bounds: Bounds) -> Iterator[Shard]:
    """Cut the rows, in JavaScript's order, into shards.

    A boundary stands after a term whose own hash says so, once the shard has its least
    size: a changed term therefore moves no boundary but those beside it.
    """
    names: set[str] = set()
    for key, held in _ranges(rows, bounds):
        body = "[\n" + ",\n".join(held) + "]"
        digest = hashlib.sha256(body.encode()).hexdigest()
        while digest[:8] in names:  # two shards of one segment must not share a name
            digest = hashlib.sha256(digest.encode()).hexdigest()
        names.add(digest[:8])
        script = f'Daybook.receive("{bounds.segment}-{digest[:8]}",{body});\n'
        yield Shard(key, digest[:8], script.encode())


def _ranges(rows: Mapping[str, Row], bounds: Bounds) -> Iterator[tuple[str, list[str]]]:
    held: list[str] = []
    size, key, previous = 0, "", ""
    for term in sorted(rows, key=utf16):
        row = dump_row(term, rows[term])
        if held and (size + len(row) > bounds.most or (size >= bounds.least and _ends(previous))):
            yield key, held
            held, size, key = [], 0, shortest_after(previous, term)
        held.append(row)
        size += len(row)
        previous = term
    if held:
        yield key, held


def _ends(term: str) -> bool:
    return hashlib.sha256(term.encode()).digest()[0] % 16 == 0


def shortest_after(previous: str, term: str) -> str:
    """Return the shortest beginning of `term` that sorts after `previous`."""
    return next(term[:end] for end in range(1, len(term) + 1) if utf16(term[:end]) > utf16(previous))
