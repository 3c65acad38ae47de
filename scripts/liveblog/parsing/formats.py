"""The formats of pages: the only place where one is known by its bytes or its name.

Adding a format is a module with a function from bytes and the page's address, "" if nobody
named it, to Outline, and a row in `READERS`.
Records are no format of pages: they need no reading, only a check (`RECORDS`).
"""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..errors import ArchiveError
from .jsonld import read_data
from .page import Outline
from .plaintext import read_text
from .web.reading import read_html

READERS: Mapping[str, Callable[[bytes, str], Outline]] = MappingProxyType(
    {"text": read_text, "html": read_html, "jsonld": read_data}
)
RECORDS = "records"
FORMATS = (*READERS, RECORDS)

_TAG = (
    rb"!doctype\s+html|html|head|body|\?xml|!--|meta|title|script|style|link|div|section|article|main|header|nav|h[1-6]"
    rb"|p|ul|ol|span|table|figure|blockquote|a|b|strong|time"
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}<(?:" + _TAG + rb")(?=[\s>/-]|--)", re.IGNORECASE)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:\{\s{0,1000}\"|\[\s{0,1000}[\[{\"])")
_FOREIGN = ((re.compile(rb"%PDF-"), "PDF"), (re.compile(rb"PK\x03\x04"), "ZIP"), (re.compile(rb"WARC/1"), "WARC"))


def read_outline(data: bytes, name: str, url: str) -> Outline:
    """Read the page at an address, in the format named; raises ArchiveError for one that has no reader."""
    if name not in READERS:
        known = ", ".join(FORMATS)
        raise ArchiveError(f"no reader for the format {name!r}: save the page in one of these: {known}")
    return READERS[name](data, url)


def detect(data: bytes) -> str:
    """Name the format that a page's first bytes show."""
    foreign = next((name for beginning, name in _FOREIGN if beginning.match(data)), "")
    if foreign:
        return foreign
    if _HTML.match(data):
        return "html"
    if not _JSON.match(data):
        return "text"
    first = data.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return "jsonld"
    is_record = isinstance(record, dict) and "@type" not in record and bool(record.keys() & {"at", "date"})
    return RECORDS if is_record else "jsonld"
