"""Split the lines of a page whose line ends were lost: they hold several posts."""

import re
from collections import Counter
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.decode import TextLine
from daybook.parse.time.printed import parse_clock_time

# Splitting of long lines
_SHORTEST_SPLIT_LINE = 400  # characters; a shorter line is one paragraph
_CLOCK_IN_LINE = re.compile(
    r"(?<![\w:.,/+-])(?:\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}h\d{2})"
    r"(?:\s?(?:[ap]\.?m\b\.?|[AP]M\b|Uhr\b))?(?:\s?[A-Z]{2,5}\b)?(?=[\s:–—-])"
)
_EDIT_MARK = re.compile(r"(?:Last )?[Uu]pdated (?:at )?(?=\d{1,2}[:.]\d{2})")
_BEFORE_TIME_IN_SENTENCE = re.compile(  # "at 13:29", "until 1400": not a stamp
    r"(?:\b(?:at|by|from|until|till|to|since|before|after|around|about|near|between|and|or|of|on|updated|um|ab"
    r"|bis|seit|gegen|vers|depuis|the|a|an|is|was|were)|[,(/–—-])\s*$",
    re.IGNORECASE,
)
_MAY_END_CUT_SENTENCE = re.compile(r"\b(?:is|was|are|were|the|a|an|and|or|of)\s*$", re.IGNORECASE)
_LONGEST_WORD_BEFORE = 12  # characters to search for it
_FEWEST_STAMPS = 3  # in one line, where fewer may be times in a sentence
_LONGEST_STAMP = 200  # characters that are read as a stamp with the text after it


class _InlineStamp(Struct, frozen=True):
    """A time inside a long line: its offset, its format, its clock, and whether its neighbours matter."""

    start: int
    shape: str
    clock: int
    is_sure: bool


def split_long_lines(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """Split lines that contain several posts; if any was split, all lines get new numbers."""
    texts_by_line = [(line, _split_at_stamps(line.text)) for line in lines]
    if all(len(texts) == 1 for _, texts in texts_by_line):
        return lines
    pieces: list[TextLine] = []
    block = old_block = 0
    for line, texts in texts_by_line:
        # Without line ends, headlines cannot be told from text.
        kind = "run" if len(texts) > 1 else line.kind
        for index, text in enumerate(texts):
            block += index > 0 or line.block != old_block
            old_block = line.block
            pieces.append(replace(line, number=len(pieces) + 1, block=block, text=text, kind=kind))
    return tuple(pieces)


def _split_at_stamps(text: str) -> list[str]:
    """Split a long line at edit marks and at stamps in the most frequent format; other times are in sentences.

    A time in this format, zone included, that does not look like a stamp is one if it lies between its neighbours: a
    caption in small letters may follow it, or a sentence that was cut off may precede it.
    """
    if len(text) < _SHORTEST_SPLIT_LINE:
        return [text]
    stamps: list[_InlineStamp] = []
    for match in _CLOCK_IN_LINE.finditer(text):
        own = text[match.start() : match.start() + _LONGEST_STAMP]
        stamp = parse_clock_time(own) or parse_clock_time(match[0])
        before = _BEFORE_TIME_IN_SENTENCE.search(text[max(0, match.start() - _LONGEST_WORD_BEFORE) : match.start()])
        if stamp is None or stamp.fault or (before and not (stamp.zone and _MAY_END_CUT_SENTENCE.search(before[0]))):
            continue
        is_sure = before is None and bool(parse_clock_time(own)) and bool(stamp.text_after)
        digits_as_9 = re.sub(r"\d+", "9", stamp.printed)
        shape = re.sub(r"[AaPp](?=\.?[Mm])", "a", digits_as_9)
        if is_sure or stamp.zone:
            stamps.append(_InlineStamp(match.start(), shape, stamp.clock, is_sure))
    [(usual, count)] = Counter(each.shape for each in stamps if each.is_sure).most_common(1) or [("", 0)]
    if count < _FEWEST_STAMPS:
        return [text]
    alike = [each for each in stamps if each.shape == usual]
    sure = [each.clock for each in alike if each.is_sure]
    falling = sum(below <= above for above, below in pairwise(sure)) * 2 >= len(sure) - 1
    starts = []
    for index, each in enumerate(alike):
        near = [*alike[max(0, index - 1) : index], *alike[index + 1 : index + 2]]
        ordered = all((one.clock >= each.clock) == ((one.start < each.start) == falling) for one in near)
        if each.is_sure or ordered:
            starts.append(each.start)
    edit_marks = [match.start() for match in _EDIT_MARK.finditer(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(sorted({0, *starts, *edit_marks, len(text)})))
    return [piece for piece in pieces if piece]
