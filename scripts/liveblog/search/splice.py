"""Rows with some days' postings taken out or put in: the only place that changes a row.

A common word stands in thousands of entries; only the stretch of its postings that lies
between the first and the last changed day is read and written anew.
"""

from collections.abc import Callable
from typing import NamedTuple

from .rows import Row, WrittenRow, coded, decoded, lengths


class Span(NamedTuple):
    """The codes from `start` up to `stop`, which hold all changed days."""

    start: int
    stop: int


class Place(NamedTuple):
    """Between two postings: the numbers and the postings before it, and the code of the last of them."""

    numbers: int
    postings: int
    code: int


def spliced(row: WrittenRow, new: Row, span: Span, is_gone: Callable[[int], bool]) -> WrittenRow:
    """Return a row without the postings whose codes are gone and with those that are `new`.

    The rank is right if the term's first posting is a new one or was so before; else it is
    the caller's to set (`first_code` tells).
    """
    postings, sizes = [], []
    for numbers, characters, field in zip(row.postings, row.lengths, new.fields, strict=True):
        changed, changed_sizes = _spliced_field((numbers, characters), field, span, is_gone)
        postings.append(changed)
        sizes.append(changed_sizes)
    rank = new.rank if first_code(postings) in {field[0] for field in new.fields if field} else row.rank
    return WrittenRow(rank, postings, sizes)


def first_code(postings: list[list[int]]) -> int | None:
    """Return the least code of a row's coded postings; None if it has none."""
    return min((field[0] >> 1 for field in postings if field), default=None)


def _spliced_field(
    old: tuple[list[int], str], new: list[int], span: Span, is_gone: Callable[[int], bool]
) -> tuple[list[int], str]:
    numbers, sizes = old
    start = _seek(numbers, span.start, Place(0, 0, 0))
    stop = _seek(numbers, span.stop, start)
    between = decoded(numbers[start.numbers : stop.numbers], sizes[start.postings : stop.postings], start.code)
    kept = [posting for posting in between if not is_gone(posting[0])]
    added = zip(new[::3], new[1::3], new[2::3], strict=True)
    middle = [number for posting in sorted([*kept, *added]) for number in posting]
    rest = numbers[stop.numbers :]
    if rest:
        last = middle[-3] if middle else start.code
        rest[0] += 2 * (stop.code - last)
    return (
        [*numbers[: start.numbers], *coded(middle, start.code), *rest],
        sizes[: start.postings] + lengths(middle) + sizes[stop.postings :],
    )


def _seek(numbers: list[int], bound: int, place: Place) -> Place:
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
    return Place(at, postings, code)
