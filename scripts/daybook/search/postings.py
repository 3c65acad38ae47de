"""Postings of a term → its row in a shard, and back in part: the only place for a row's format.

    ["grain",4,[13,2,1],[],[],"8","",""]

A row is its term, rank, one list of postings per field, one string of field lengths per
field. A posting is ``delta * 2`` for one occurrence or ``delta * 2 + 1, frequency``; a
length is one character (`length_character`).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import sub
from typing import Any, NamedTuple

import msgspec


class PostingsList(NamedTuple):
    """A term's postings: for every field a flat list of code, frequency, field length.

    `rank` is where among the distinct terms of its first field the term first appears:
    with the first code it gives lunr's order of terms, which decides how floats are added.
    """

    rank: int
    fields: tuple[list[int], ...]


class EncodedTerm(NamedTuple):
    """A row as it is written, its term, and the number of its postings."""

    term: str
    text: str
    document_frequency: int


def encode_lengths(field: Sequence[int]) -> str:
    """Write the field lengths of the postings of a field."""
    return "".join(map(encode_length, field[2::3]))


class EncodedPostings(NamedTuple):
    """A row read back, its postings still coded."""

    rank: int
    postings: list[list[int]]
    lengths: list[str]


def encode_length(length: int) -> str:
    """Write a field length as one character from ``#`` up, jumping over the surrogates."""
    code = length + 35
    return chr(code if code < 0xD800 else code + 0x800)


def decode_length(character: str) -> int:
    """Undo `length_character`."""
    code = ord(character)
    return (code if code < 0xE000 else code - 0x800) - 35


def encode_term(term: str, row: PostingsList) -> EncodedTerm:
    """Write a row."""
    postings = [encode_postings(field, 0) for field in row.fields]
    return dump_encoded(term, EncodedPostings(row.rank, postings, [encode_lengths(field) for field in row.fields]))


def dump_encoded(term: str, row: EncodedPostings) -> EncodedTerm:
    """Write a row whose postings are coded already."""
    text = msgspec.json.encode((term, row.rank, *row.postings, *row.lengths)).decode()
    return EncodedTerm(term, text, sum(map(len, row.lengths)))


def load_encoded(line: EncodedTerm) -> EncodedPostings:
    """Read a written row."""
    _, rank, *rest = msgspec.json.decode(line.text)
    half = len(rest) // 2
    return EncodedPostings(rank, rest[:half], rest[half:])


def encoded_term_from_json(row: list[Any], text: str) -> EncodedTerm:
    """Return the line of a row that was read from its text."""
    return EncodedTerm(row[0], text, sum(map(len, row[2 + (len(row) - 2) // 2 :])))


def encode_postings(field: Sequence[int], before: int) -> list[int]:
    """Code the postings of a field; `before` is the code that the first delta counts from."""
    codes = field[::3]
    result: list[int] = []
    for delta, frequency in zip(map(sub, codes, chain((before,), codes)), field[1::3], strict=True):
        result += (2 * delta,) if frequency == 1 else (2 * delta + 1, frequency)
    return result


def decode_postings(postings: Sequence[int], sizes: str, before: int) -> Iterator[tuple[int, int, int]]:
    """Give code, frequency and field length of coded postings; undoes `coded` and `lengths`."""
    code, numbers = before, iter(postings)
    for character in sizes:
        number = next(numbers)
        code += number >> 1
        yield code, next(numbers) if number & 1 else 1, decode_length(character)


class DocRange(NamedTuple):
    """The codes from `start` up to `stop`, which hold all changed days."""

    start: int
    stop: int


class Cursor(NamedTuple):
    """Between two postings: the numbers and the postings before it, and the code of the last of them."""

    numbers: int
    postings: int
    doc_id: int


def patch_postings(
    row: EncodedPostings, new: PostingsList, span: DocRange, is_gone: Callable[[int], bool]
) -> EncodedPostings:
    """Return a row without the postings whose codes are gone and with those that are `new`.

    The rank is right if the term's first posting is a new one or was so before; else it is
    the caller's to set (`first_code` tells).
    """
    postings, sizes = [], []
    for numbers, characters, field in zip(row.postings, row.lengths, new.fields, strict=True):
        changed, changed_sizes = _spliced_field((numbers, characters), field, span, is_gone)
        postings.append(changed)
        sizes.append(changed_sizes)
    rank = new.rank if first_doc_id(postings) in {field[0] for field in new.fields if field} else row.rank
    return EncodedPostings(rank, postings, sizes)


def first_doc_id(postings: list[list[int]]) -> int | None:
    """Return the least code of a row's coded postings; None if it has none."""
    return min((field[0] >> 1 for field in postings if field), default=None)


def _spliced_field(
    old: tuple[list[int], str], new: list[int], span: DocRange, is_gone: Callable[[int], bool]
) -> tuple[list[int], str]:
    numbers, sizes = old
    start = _seek(numbers, span.start, Cursor(0, 0, 0))
    stop = _seek(numbers, span.stop, start)
    between = decode_postings(
        numbers[start.numbers : stop.numbers], sizes[start.postings : stop.postings], start.doc_id
    )
    kept = [posting for posting in between if not is_gone(posting[0])]
    added = zip(new[::3], new[1::3], new[2::3], strict=True)
    middle = [number for posting in sorted([*kept, *added]) for number in posting]
    rest = numbers[stop.numbers :]
    if rest:
        last = middle[-3] if middle else start.doc_id
        rest[0] += 2 * (stop.doc_id - last)
    return (
        [*numbers[: start.numbers], *encode_postings(middle, start.doc_id), *rest],
        sizes[: start.postings] + encode_lengths(middle) + sizes[stop.postings :],
    )


def _seek(numbers: list[int], bound: int, place: Cursor) -> Cursor:
    """Go on to before the first posting whose code is not below `bound`."""
    at, postings, code = place
    end = len(numbers)
    while at < end:
        number = numbers[at]
        following = code + (number >> 1)
        if following >= bound:
            break
        code = following
        at += 1 + (number & 1)
        postings += 1
    return Cursor(at, postings, code)


def js_sort_key(term: str) -> bytes:
    """Return a sort key in JavaScript's order of strings, by UTF-16 unit and not by code point."""
    return term.encode("utf-16-be")


def front_code(terms: Sequence[str]) -> str:
    """Write sorted terms one a line: a digit, what it shares with the term before, and the rest."""
    lines: list[str] = []
    previous = ""
    for term in terms:
        shared = 0
        while shared < min(9, len(term), len(previous)) and term[shared] == previous[shared]:
            shared += 1
        if (shared < len(term) and ord(term[shared]) > 0xFFFF) or any(ord(c) > 0xFFFF for c in term[:shared]):
            shared = 0  # the browser counts such characters twice
        lines.append(f"{shared}{term[shared:]}")
        previous = term
    return "\n".join(lines)
