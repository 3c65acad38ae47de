"""The formats of pages: the only place where one is known by its bytes or its name.

Adding a format is a module with a function from bytes to Outline, and a row in `READERS`.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..errors import ArchiveError
from .page import Outline
from .plaintext import read_text

READERS: Mapping[str, Callable[[bytes], Outline]] = MappingProxyType({"text": read_text})

_BEGINNINGS = (  # what a file begins with, tried in this order
    (re.compile(rb"\x1f\x8b"), "gzip"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}<(?:!doctype|html|head|\?xml|!--)", re.IGNORECASE), "html"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}[\[{]\s{0,100}[\"{]"), "json"),
)


def read_outline(data: bytes, format_: str = "") -> Outline:
    """Read a page in the format named, else in the one its first bytes show.

    Raises ArchiveError for a format that has no reader.
    """
    name = format_ or _detected(data)
    if name not in READERS:
        known = ", ".join(READERS)
        raise ArchiveError(f"no reader for the format {name!r}: save the page in one of these: {known}")
    return READERS[name](data)


def _detected(data: bytes) -> str:
    return next((name for beginning, name in _BEGINNINGS if beginning.match(data)), "text")
