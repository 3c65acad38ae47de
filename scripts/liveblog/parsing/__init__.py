"""Pages → records, in the order a page passes through:

- `hints`: what a maintainer knows and the page does not say
- `formats`: the table of formats; each reader turns bytes into an `Outline`
- `plaintext`, with `decoding`, `signs`, `heads`, `posts`: the reader of plain text
- `stamps`, `zones`, `dates`, `captions`, `boilerplate`: what single lines can be
- `placing`, with `origin`, `clocks`, `timeline`: an `Outline` becomes a dated `Page`
- `report`: a `Page` in words

`parse` is a pure function of bytes and hints.
"""

import hashlib

from msgspec.structs import replace

from ..errors import ArchiveError
from .formats import read_outline
from .hints import load_hints, read_hints
from .page import Fate, Hints, Line, Note, Page
from .placing import place
from .report import report

__all__ = ["Fate", "Hints", "Line", "Note", "Page", "load_hints", "parse", "read_hints", "report"]


def parse(data: bytes, hints: Hints, name: str) -> Page:
    """Read one saved page; `name` only names it in messages.

    Entries that cannot be read are `problems` of the page, the others are its records.
    Raises ArchiveError when nothing of the page can be used.
    """
    try:
        page = place(read_outline(data, hints.format), hints, hashlib.sha256(data).hexdigest())
    except ArchiveError as error:
        raise error.at(name) from error
    return replace(page, name=name, problems=tuple(problem.at(name) for problem in page.problems))
