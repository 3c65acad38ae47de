"""Encode postings lists, decode them, and replace some of their postings.

A postings list says which documents contain a term, how often, and how long their fields are.
In an index file it is a JSON array:

    ["grain",4,[13,2,1],[],[],"8","",""]

that is, the term, its rank, one list of postings per field, and one string of field lengths per
field. A posting is ``delta * 2`` for one occurrence, else ``delta * 2 + 1, frequency``, where
delta is the difference from the document id before it. A length is one character
(`encode_length`).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import sub
from typing import Any, NamedTuple

import msgspec


class PostingsList(NamedTuple):
    """The postings of a term: for each field a flat list of document id, frequency, field length.

    `rank` is the position of the term among the distinct terms of the field in which it first
    appears. With the first document id it gives the order in which lunr meets terms. The
    browser needs that order, as it decides in which order lunr adds floating-point scores.
    """

    rank: int
    fields: tuple[list[int], ...]


class EncodedPostings(NamedTuple):
    """A postings list whose postings and lengths are encoded, a list and a string per field."""

    rank: int
    postings: list[list[int]]
    lengths: list[str]


class EncodedTerm(NamedTuple):
    """A term, its postings list as JSON text, and the number of its postings in all fields."""

    term: str
    text: str
    document_frequency: int


class DocRange(NamedTuple):
    """Document ids from `start` to before `stop`."""

    start: int
    stop: int


class Cursor(NamedTuple):
    """A position between two encoded postings: the counts of numbers and postings before it, the last document id."""

    numbers: int
    postings: int
    doc_id: int


def encode_term(term: str, postings: PostingsList) -> EncodedTerm:
    """Encode a postings list as JSON text."""
    encoded = [encode_postings(field, 0) for field in postings.fields]
    return dump_encoded(term, EncodedPostings(postings.rank, encoded, [encode_lengths(f) for f in postings.fields]))


def dump_encoded(term: str, postings: EncodedPostings) -> EncodedTerm:
    """Write an encoded postings list as JSON text."""
    text = msgspec.json.encode((term, postings.rank, *postings.postings, *postings.lengths)).decode()
    return EncodedTerm(term, text, sum(map(len, postings.lengths)))


def load_encoded(term: EncodedTerm) -> EncodedPostings:
    """Parse the JSON text of a term; postings and lengths stay encoded."""
    _, rank, *fields = msgspec.json.decode(term.text)
    half = len(fields) // 2
    return EncodedPostings(rank, fields[:half], fields[half:])


def encoded_term_from_json(value: list[Any], text: str) -> EncodedTerm:
    """Return the term of a postings list from its parsed JSON and its text."""
    return EncodedTerm(value[0], text, sum(map(len, value[2 + (len(value) - 2) // 2 :])))


def encode_postings(field: Sequence[int], before: int) -> list[int]:
    """Encode the postings of a field; `before` is the document id from which the first delta counts."""
    doc_ids = field[::3]
    result: list[int] = []
    for delta, frequency in zip(map(sub, doc_ids, chain((before,), doc_ids)), field[1::3], strict=True):
        result += (2 * delta,) if frequency == 1 else (2 * delta + 1, frequency)
    return result


def decode_postings(postings: Sequence[int], lengths: str, before: int) -> Iterator[tuple[int, int, int]]:
    """Yield document id, frequency and field length: the inverse of `encode_postings` and `encode_lengths`."""
    doc_id, numbers = before, iter(postings)
    for character in lengths:
        number = next(numbers)
        doc_id += number >> 1
        yield doc_id, next(numbers) if number & 1 else 1, decode_length(character)


def encode_lengths(field: Sequence[int]) -> str:
    """Encode the field lengths of the postings of a field."""
    return "".join(map(encode_length, field[2::3]))


def encode_length(length: int) -> str:
    """Return a field length as one character, from ``#`` up, without the surrogates (U+D800 to U+DFFF)."""
    code = length + 35
    return chr(code if code < 0xD800 else code + 0x800)


def decode_length(character: str) -> int:
    """Return the field length of a character: the inverse of `encode_length`."""
    code = ord(character)
    return (code if code < 0xE000 else code - 0x800) - 35


def patch_postings(
    old: EncodedPostings, new: PostingsList, changed: DocRange, is_removed: Callable[[int], bool]
) -> EncodedPostings:
    """Return a postings list without the removed documents and with those of `new`.

    Only what lies in `changed`, the range of all removed and new documents, is decoded. The
    rank is correct if the term's first posting is a new one or was the first before. Otherwise
    the caller has to set it (`first_doc_id` tells).
    """
    postings, lengths = [], []
    for old_numbers, old_lengths, field in zip(old.postings, old.lengths, new.fields, strict=True):
        patched, patched_lengths = _patch_field((old_numbers, old_lengths), field, changed, is_removed)
        postings.append(patched)
        lengths.append(patched_lengths)
    rank = new.rank if first_doc_id(postings) in {field[0] for field in new.fields if field} else old.rank
    return EncodedPostings(rank, postings, lengths)


def first_doc_id(postings: list[list[int]]) -> int | None:
    """Return the smallest document id in the encoded postings of all fields, or None if they are empty."""
    return min((field[0] >> 1 for field in postings if field), default=None)


def _patch_field(
    old: tuple[list[int], str], new: list[int], changed: DocRange, is_removed: Callable[[int], bool]
) -> tuple[list[int], str]:
    numbers, lengths = old
    start = _seek(numbers, changed.start, Cursor(0, 0, 0))
    stop = _seek(numbers, changed.stop, start)
    between = decode_postings(
        numbers[start.numbers : stop.numbers], lengths[start.postings : stop.postings], start.doc_id
    )
    kept = [posting for posting in between if not is_removed(posting[0])]
    added = zip(new[::3], new[1::3], new[2::3], strict=True)
    middle = [number for posting in sorted([*kept, *added]) for number in posting]
    tail = numbers[stop.numbers :]
    if tail:
        # The first delta after the range counts from another document id now.
        last = middle[-3] if middle else start.doc_id
        tail[0] += 2 * (stop.doc_id - last)
    return (
        [*numbers[: start.numbers], *encode_postings(middle, start.doc_id), *tail],
        lengths[: start.postings] + encode_lengths(middle) + lengths[stop.postings :],
    )


def _seek(numbers: list[int], bound: int, cursor: Cursor) -> Cursor:
    """Return the position before the first posting, from `cursor` on, whose document id is at least `bound`."""
    at, postings, doc_id = cursor
    end = len(numbers)
    while at < end:
        number = numbers[at]
        following = doc_id + (number >> 1)
        if following >= bound:
            break
        doc_id = following
        at += 1 + (number & 1)
        postings += 1
    return Cursor(at, postings, doc_id)


def js_sort_key(term: str) -> bytes:
    """Return a sort key for the order of strings in JavaScript: by UTF-16 code unit, not by code point."""
    return term.encode("utf-16-be")


def front_code(terms: Sequence[str]) -> str:
    """Write sorted terms one per line, front-coded.

    A line is a digit, the number of characters shared with the term before (at most 9), and the
    rest of the term.
    """
    lines: list[str] = []
    previous = ""
    for term in terms:
        shared = 0
        while shared < min(9, len(term), len(previous)) and term[shared] == previous[shared]:
            shared += 1
        if (shared < len(term) and ord(term[shared]) > 0xFFFF) or any(ord(c) > 0xFFFF for c in term[:shared]):
            shared = 0  # JavaScript counts a character outside the BMP as two
        lines.append(f"{shared}{term[shared:]}")
        previous = term
    return "\n".join(lines)
