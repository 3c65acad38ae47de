"""Encode postings lists, decode them, and replace some of their postings.

A postings list says which documents contain a term, how often, and how long their fields are. In an index file it is a
JSON array:

    ["grain",4,[13,2,1],[],[],"8","",""]

that is, the term, its rank, one list of postings per field, and one string of field lengths per field. A posting is
``delta * 2`` for one occurrence, else ``delta * 2 + 1, frequency``, where delta is the difference from the document id
before it. A length is one character (`encode_length`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import sub
from typing import NamedTuple

import msgspec

EncodedField = tuple[list[int], str]  # the postings of a field and their lengths


class PostingsList(NamedTuple):
    """The postings of a term: for each field a flat list of document id, frequency, field length.

    `rank` is the position of the term among the distinct terms of the field in which it first appears. With the first
    document id it gives the order in which lunr encounters terms. The browser needs that order:
    lunr adds floating-point scores in it.
    """

    rank: int
    fields: tuple[list[int], ...]


class EncodedTerm(NamedTuple):
    """A term, its postings list as JSON text, and its number of postings in the field that has most."""

    term: str
    text: str
    documents: int


def encode_term(term: str, postings: PostingsList) -> EncodedTerm:
    """Encode a postings list as JSON text."""
    return _dump_term(term, postings.rank, [_encode_field(field, 0) for field in postings.fields])


def _dump_term(term: str, rank: int, fields: Sequence[EncodedField]) -> EncodedTerm:
    lists, lengths = zip(*fields, strict=True)
    text = msgspec.json.encode((term, rank, *lists, *lengths)).decode()
    return EncodedTerm(term, text, max(map(len, lengths)))


def _encode_field(field: Sequence[int], before: int) -> EncodedField:
    """Encode the postings of a field; `before` is the document id from which the first delta counts."""
    doc_ids = field[::3]
    numbers: list[int] = []
    for delta, frequency in zip(map(sub, doc_ids, chain((before,), doc_ids)), field[1::3], strict=True):
        numbers += (2 * delta,) if frequency == 1 else (2 * delta + 1, frequency)
    return numbers, "".join(map(encode_length, field[2::3]))


def _decode_field(postings: Sequence[int], lengths: str, before: int) -> Iterator[tuple[int, int, int]]:
    """Yield document id, frequency and field length: the inverse of `_encode_field`."""
    doc_id, numbers = before, iter(postings)
    for character in lengths:
        number = next(numbers)
        doc_id += number >> 1
        code = ord(character)
        length = (code if code < 0xE000 else code - 0x800) - 35
        yield doc_id, next(numbers) if number & 1 else 1, length


def encode_length(length: int) -> str:
    """Return a field length as one character, from ``#`` up, without the surrogates (U+D800 to U+DFFF)."""
    code = length + 35
    return chr(code if code < 0xD800 else code + 0x800)


def patch_term(
    old: EncodedTerm, new: PostingsList, changed: range, removed: AbstractSet[int], find_rank: Callable[[int], int]
) -> EncodedTerm | None:
    """Return a term without the `removed` document ids and with the postings of `new`; None if it has none then.

    Only what lies in `changed`, the range of all removed and new document ids, is decoded. `find_rank` returns the rank
    of the term if its first posting is a document that is neither removed nor new.
    """
    _, rank, *fields = msgspec.json.decode(old.text)
    old_lists, old_lengths = fields[: len(fields) // 2], fields[len(fields) // 2 :]
    parts = zip(old_lists, old_lengths, new.fields, strict=True)
    patched = [_patch_field(*part, changed, removed) for part in parts]
    first = _first_doc_id(numbers for numbers, _ in patched)
    if first is None:
        return None
    if any(field[:1] == [first] for field in new.fields):
        rank = new.rank
    elif first != _first_doc_id(old_lists):
        rank = find_rank(first)
    return _dump_term(old.term, rank, patched)


def _first_doc_id(lists: Iterable[list[int]]) -> int | None:
    """Return the smallest document id in the encoded postings of all fields, or None if they are empty."""
    return min((numbers[0] >> 1 for numbers in lists if numbers), default=None)


def _patch_field(
    numbers: list[int], lengths: str, new: list[int], changed: range, removed: AbstractSet[int]
) -> EncodedField:
    start, first, doc_id_before = _seek(numbers, changed.start, (0, 0, 0))
    stop, end, last_doc_id = _seek(numbers, changed.stop, (start, first, doc_id_before))
    old = _decode_field(numbers[start:stop], lengths[first:end], doc_id_before)
    kept = [posting for posting in old if posting[0] not in removed]
    added = zip(new[::3], new[1::3], new[2::3], strict=True)
    middle = [number for posting in sorted([*kept, *added]) for number in posting]
    tail = numbers[stop:]
    if tail:  # its first delta counts from another document id now
        tail[0] += 2 * (last_doc_id - (middle[-3] if middle else doc_id_before))
    middle_numbers, middle_lengths = _encode_field(middle, doc_id_before)
    return [*numbers[:start], *middle_numbers, *tail], lengths[:first] + middle_lengths + lengths[end:]


def _seek(numbers: list[int], bound: int, position: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the position before the first posting, from `position` on, whose document id is at least `bound`.

    A position is the number of integers and of postings before it, and the last document id among them.
    """
    at, postings, doc_id = position
    end = len(numbers)
    while at < end:
        number = numbers[at]
        following = doc_id + (number >> 1)
        if following >= bound:
            break
        doc_id = following
        at += 1 + (number & 1)
        postings += 1
    return at, postings, doc_id


def js_sort_key(term: str) -> bytes:
    """Return a sort key for the order of strings in JavaScript: by UTF-16 code unit, not by code point."""
    return term.encode("utf-16-be")


def front_code(terms: Sequence[str]) -> str:
    """Write terms one per line: the number of characters shared with the term before (at most 9), and the rest."""
    lines: list[str] = []
    previous = ""
    for term in terms:
        shared = 0
        while shared < min(9, len(term), len(previous)) and term[shared] == previous[shared]:
            shared += 1
        if any(ord(character) > 0xFFFF for character in term[: shared + 1]):
            shared = 0  # JavaScript counts a character outside the BMP as two
        lines.append(f"{shared}{term[shared:]}")
        previous = term
    return "\n".join(lines)


def front_decode(lines: str) -> list[str]:
    """Return the terms that `front_code` wrote."""
    term, terms = "", []
    for line in lines.split("\n"):
        term = term[: int(line[0])] + line[1:]
        terms.append(term)
    return terms
