"""Postings of a term → its row in a shard, and back in part: the only place for a row's format.

    ["grain",4,[13,2,1],[],[],"8","",""]

A row is its term, rank, one list of postings per field, one string of field lengths per
field. A posting is ``delta * 2`` for one occurrence or ``delta * 2 + 1, frequency``; a
length is one character (`length_character`).
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from operator import sub
from typing import Any, NamedTuple

import msgspec


class Row(NamedTuple):
    """A term's postings: for every field a flat list of code, frequency, field length.

    `rank` is where among the distinct terms of its first field the term first appears:
    with the first code it gives lunr's order of terms, which decides how floats are added.
    """

    rank: int
    fields: tuple[list[int], ...]


class Line(NamedTuple):
    """A row as it is written, its term, and the number of its postings."""

    term: str
    text: str
    uses: int


class WrittenRow(NamedTuple):
    """A row read back, its postings still coded."""

    rank: int
    postings: list[list[int]]
    lengths: list[str]


def length_character(length: int) -> str:
    """Write a field length as one character from ``#`` up, jumping over the surrogates."""
    code = length + 35
    return chr(code if code < 0xD800 else code + 0x800)


def read_length(character: str) -> int:
    """Undo `length_character`."""
    code = ord(character)
    return (code if code < 0xE000 else code - 0x800) - 35


def dump_row(term: str, row: Row) -> Line:
    """Write a row."""
    postings = [coded(field, 0) for field in row.fields]
    return dump_written(term, WrittenRow(row.rank, postings, [lengths(field) for field in row.fields]))


def dump_written(term: str, row: WrittenRow) -> Line:
    """Write a row whose postings are coded already."""
    text = msgspec.json.encode((term, row.rank, *row.postings, *row.lengths)).decode()
    return Line(term, text, sum(map(len, row.lengths)))


def load_written(line: Line) -> WrittenRow:
    """Read a written row."""
    _, rank, *rest = msgspec.json.decode(line.text)
    half = len(rest) // 2
    return WrittenRow(rank, rest[:half], rest[half:])


def line_of(row: list[Any], text: str) -> Line:
    """Return the line of a row that was read from its text."""
    return Line(row[0], text, sum(map(len, row[2 + (len(row) - 2) // 2 :])))


def coded(field: Sequence[int], before: int) -> list[int]:
    """Code the postings of a field; `before` is the code that the first delta counts from."""
    codes = field[::3]
    result: list[int] = []
    for delta, frequency in zip(map(sub, codes, chain((before,), codes)), field[1::3], strict=True):
        result += (2 * delta,) if frequency == 1 else (2 * delta + 1, frequency)
    return result


def decoded(postings: Sequence[int], sizes: str, before: int) -> Iterator[tuple[int, int, int]]:
    """Give code, frequency and field length of coded postings; undoes `coded` and `lengths`."""
    code, numbers = before, iter(postings)
    for character in sizes:
        number = next(numbers)
        code += number >> 1
        yield code, next(numbers) if number & 1 else 1, read_length(character)


def lengths(field: Sequence[int]) -> str:
    """Write the field lengths of the postings of a field."""
    return "".join(map(length_character, field[2::3]))
