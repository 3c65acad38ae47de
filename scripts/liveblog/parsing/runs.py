"""A whole blog on one line → its pieces: the only place that cuts lines at the stamps inside them.

Text saved from a page often loses its line ends. What is cut is told by what repeats: at
least three stamps of one shape in a long line, none of them led up to by a word such as "at".
"""

import re
from collections import Counter
from itertools import pairwise

from msgspec.structs import replace

from .decoding import Row
from .stamps import read_stamp

_LONG = 400  # characters; a shorter line is one paragraph
_FEWEST = 3  # stamps that make a run
_CLOCK = re.compile(
    r"(?<![\w:.,/+-])(?:\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}h\d{2})"
    r"(?:\s?(?:[ap]\.?m\b\.?|[AP]M\b|Uhr\b))?(?:\s?[A-Z]{2,5}\b)?(?=[\s:–—-])"
)
_EDIT = re.compile(r"(?:Last )?[Uu]pdated (?:at )?(?=\d{1,2}[:.]\d{2})")
_LEADING = re.compile(
    r"(?:\b(?:at|by|from|until|till|to|since|before|after|around|about|near|between|and|or|of|on|updated|um|ab"
    r"|bis|seit|gegen|vers|depuis|the|a|an|is|was|were)|[,(/–—-])\s*$",
    re.IGNORECASE,
)


def cut_runs(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Cut every line that holds several posts; all are numbered afresh if one was cut."""
    pieces = [(row, _pieces(row.text)) for row in rows]
    if all(len(texts) == 1 for _, texts in pieces):
        return rows
    found: list[Row] = []
    for row, texts in pieces:
        for index, text in enumerate(texts):
            # The first piece may be a lede; only what stands behind a stamp is surely a run.
            kind = "run" if len(texts) > 1 else row.kind
            apart = index > 0 or not found or found[-1].block != row.block
            block = (found[-1].block if found else 0) + apart
            found.append(replace(row, number=len(found) + 1, block=block, text=text, kind=kind))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    if len(text) < _LONG:
        return [text]
    stamps = _stamps(text)
    if len(stamps) < _FEWEST:
        return [text]
    edits = [match.start() for match in _EDIT.finditer(text)]
    cuts = sorted({0, *stamps, *edits, len(text)})
    pieces = (text[start:end].strip() for start, end in pairwise(cuts))
    return [piece for piece in pieces if piece]


def _stamps(text: str) -> list[int]:
    """Find where the stamps of the most frequent shape stand."""
    found: list[tuple[int, str]] = []
    for match in _CLOCK.finditer(text):
        stamp = read_stamp(text[match.start() : match.start() + 200])
        lead = text[max(0, match.start() - 12) : match.start()]
        if stamp and not stamp.fault and stamp.rest and not _LEADING.search(lead):
            found.append((match.start(), re.sub(r"[AaPp](?=\.?[Mm])", "a", re.sub(r"\d+", "9", stamp.printed))))
    shapes = Counter(shape for _, shape in found)
    usual = max(shapes, key=lambda shape: shapes[shape], default="")
    return [start for start, shape in found if shape == usual]
