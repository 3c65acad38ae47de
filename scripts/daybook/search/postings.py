"""Encode postings lists, decode them, and replace some of their postings.

A postings list says which documents contain a term, how often, and how long their fields are. Of each field it has two
strings: its postings and its lengths. A posting is ``delta * 2`` for one occurrence, else ``delta * 2 + 1`` and the
frequency, where delta is the difference from the document id before it. Numbers are characters (`encode_number`), since
decimal digits take 7 % more bytes after compression. A length is one character (`encode_length`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import sub
from typing import NamedTuple

# The character of 0 is #, so that white space and quotation marks are free to separate strings.
_ZERO = 35
# Numbers from here on have several characters. All of them are below the surrogates.
_CONTINUED = 0x8000
_MORE_BITS = 14
_SMALL = [chr(_ZERO + number) for number in range(_CONTINUED)]


class PostingsList(NamedTuple):
    """The postings of a term: for each field a flat list of document id, frequency, field length.

    `rank` is the position of the term among the distinct terms of the field in which it first appears. With the first
    document id it gives the order in which lunr encounters terms. The browser needs that order:
    lunr adds floating-point scores in it.
    """

    rank: int
    fields: tuple[Sequence[int], ...]


class EncodedField(NamedTuple):
    """The postings of a term in a field and the lengths of that field."""

    postings: str
    lengths: str


class EncodedTerm(NamedTuple):
    """A term and its postings list, encoded.

    `documents` is their number in the field in which most have the term; `size` is about how many characters the term
    takes in a file.
    """

    term: str
    rank: int
    fields: tuple[EncodedField, ...]
    documents: int
    size: int

    @classmethod
    def of(cls, term: str, rank: int, fields: tuple[EncodedField, ...]) -> "EncodedTerm":
        """Return a term with its numbers."""
        counts = [len(field.lengths) for field in fields]
        size = len(term) + sum(counts) + sum([len(field.postings) for field in fields])
        return cls(term, rank, fields, max(counts), size)


def encode_term(term: str, postings: PostingsList) -> EncodedTerm:
    """Encode a postings list."""
    return EncodedTerm.of(term, postings.rank, tuple([_encode_field(field, 0) for field in postings.fields]))


_EMPTY_FIELD = EncodedField("", "")


def _encode_field(field: Sequence[int], before: int) -> EncodedField:
    """Encode the postings of a field; `before` is the document id from which the first delta counts."""
    if not field:
        return _EMPTY_FIELD
    doc_ids, frequencies, lengths = field[::3], field[1::3], field[2::3]
    deltas = map(sub, doc_ids, chain((before,), doc_ids))
    if max(frequencies) == 1:
        numbers = [2 * delta for delta in deltas]
    else:
        numbers = []
        for delta, frequency in zip(deltas, frequencies, strict=True):
            numbers += (2 * delta,) if frequency == 1 else (2 * delta + 1, frequency)
    try:  # nearly all numbers are small
        return EncodedField("".join([_SMALL[n] for n in numbers]), "".join([_SMALL[n] for n in lengths]))
    except IndexError:
        return EncodedField("".join(map(encode_number, numbers)), "".join(map(encode_length, lengths)))


def _decode_field(field: EncodedField, before: int) -> Iterator[tuple[int, int, int]]:
    """Yield document id, frequency and field length: the inverse of `_encode_field`."""
    doc_id, numbers = before, decode_numbers(field.postings)
    for character in field.lengths:
        number = next(numbers)
        doc_id += number >> 1
        code = ord(character)
        length = (code if code < 0xE000 else code - 0x800) - _ZERO
        yield doc_id, next(numbers) if number & 1 else 1, length


def encode_number(number: int) -> str:
    """Return a number as one character, from ``#`` up, or several from 32,768 on, the lowest 14 bits first."""
    if number < _CONTINUED:
        return _SMALL[number]
    low = number & ((1 << _MORE_BITS) - 1)
    return chr(_ZERO + _CONTINUED + low) + encode_number(number >> _MORE_BITS)


def decode_numbers(text: str) -> Iterator[int]:
    """Yield the numbers that `encode_number` wrote one after the other."""
    number = bits = 0
    for character in text:
        value = ord(character) - _ZERO
        if value >= _CONTINUED:
            number += (value - _CONTINUED) << bits
            bits += _MORE_BITS
        else:
            yield number + (value << bits)
            number = bits = 0


def encode_length(length: int) -> str:
    """Return a field length as one character, from ``#`` up, without the surrogates (U+D800 to U+DFFF)."""
    code = length + _ZERO
    return chr(code if code < 0xD800 else code + 0x800)


def patch_term(
    old: EncodedTerm, new: PostingsList, changed: range, removed: AbstractSet[int], find_rank: Callable[[int], int]
) -> EncodedTerm | None:
    """Return a term without the `removed` document ids and with the postings of `new`; None if it has none then.

    Only what lies in `changed`, the range of all removed and new document ids, is decoded. `find_rank` returns the rank
    of the term if its first posting is a document that is neither removed nor new.
    """
    parts = zip(old.fields, new.fields, strict=True)
    patched = tuple([_patch_field(*part, changed, removed) for part in parts])
    first = _first_doc_id(patched)
    if first is None:
        return None
    rank = old.rank
    if any(first in field[:1] for field in new.fields):
        rank = new.rank
    elif first != _first_doc_id(old.fields):
        rank = find_rank(first)
    return EncodedTerm.of(old.term, rank, patched)


def _first_doc_id(fields: Iterable[EncodedField]) -> int | None:
    """Return the smallest document id of all fields, or None if they are empty."""
    return min((next(decode_numbers(field.postings)) >> 1 for field in fields if field.postings), default=None)


def _patch_field(old: EncodedField, new: Sequence[int], changed: range, removed: AbstractSet[int]) -> EncodedField:
    postings, lengths = old
    start, first, doc_id_before = _seek(postings, changed.start, (0, 0, 0))
    stop, end, last_doc_id = _seek(postings, changed.stop, (start, first, doc_id_before))
    if start == stop and not new:
        return old
    between = _decode_field(EncodedField(postings[start:stop], lengths[first:end]), doc_id_before)
    kept = [posting for posting in between if posting[0] not in removed]
    added = zip(new[::3], new[1::3], new[2::3], strict=True)
    middle = [number for posting in sorted([*kept, *added]) for number in posting]
    tail = postings[stop:]
    if tail:  # its first delta counts from another document id now
        number, after = _read_number(tail, 0)
        tail = encode_number(number + 2 * (last_doc_id - (middle[-3] if middle else doc_id_before))) + tail[after:]
    encoded = _encode_field(middle, doc_id_before)
    return EncodedField(postings[:start] + encoded.postings + tail, lengths[:first] + encoded.lengths + lengths[end:])


def _seek(postings: str, bound: int, position: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the position before the first posting, from `position` on, whose document id is at least `bound`.

    A position is the number of characters and of postings before it, and the last document id among them.
    """
    at, count, doc_id = position
    end = len(postings)
    while at < end:
        number, after = _read_number(postings, at)
        following = doc_id + (number >> 1)
        if following >= bound:
            break
        doc_id = following
        at = _read_number(postings, after)[1] if number & 1 else after
        count += 1
    return at, count, doc_id


def _read_number(text: str, at: int) -> tuple[int, int]:
    """Return the number at a position, and the position after it."""
    value = ord(text[at]) - _ZERO
    if value < _CONTINUED:
        return value, at + 1
    number, after = _read_number(text, at + 1)
    return (number << _MORE_BITS) + value - _CONTINUED, after


def js_sort_key(term: str) -> bytes:
    """Return a sort key for the order of strings in JavaScript: by UTF-16 code unit, not by code point."""
    return term.encode("utf-16-be")


def front_code(terms: Sequence[str]) -> str:
    """Write terms one per line: the number of characters shared with the term before (at most 9), and the rest."""
    lines: list[str] = []
    previous = ""
    has_pairs = any(not term.isascii() and max(term) > "\uffff" for term in terms)
    for term in terms:
        shared = 0
        for one, other in zip(term[:9], previous, strict=False):
            if one != other:
                break
            shared += 1
        if has_pairs and any(ord(character) > 0xFFFF for character in term[: shared + 1]):
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
