"""The formats of pages: the only place where one is known by its bytes or its name.

Adding a format is a module with a function from bytes and the page's address, "" if nobody
named it, to Outline, and a row in `READERS`.
Records are no format of pages: they need no reading, only a check (`RECORDS`).
"""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from daybook.core.errors import ArchiveError
from daybook.core.record import Record, load_record
from daybook.parse.base.decode import check_line_count, decode_text
from daybook.parse.base.page import ClassifiedLine, LineRole, Outline, ParsedPage
from daybook.parse.text.outline import read_plain_text
from daybook.parse.web.html_reader import read_html
from daybook.parse.web.jsonld import read_jsonld_file

READERS: Mapping[str, Callable[[bytes, str], Outline]] = MappingProxyType(
    {"text": read_plain_text, "html": read_html, "jsonld": read_jsonld_file}
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


def detect_format(data: bytes) -> str:
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


def read_records(data: bytes) -> ParsedPage:
    """Read one record a line; a line that is none is a problem, and the others count."""
    records: list[Record] = []
    lines: list[ClassifiedLine] = []
    problems: list[ArchiveError] = []
    whole = decode_text(data)
    check_line_count(whole)
    for number, text in enumerate(whole.split("\n"), 1):
        if not text.strip():
            continue
        try:
            record = load_record(text)
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=number))
            lines.append(
                ClassifiedLine(number=number, role=LineRole.NOT_UNDERSTOOD, text=text[:80], reason="no record")
            )
            continue
        records.append(record)
        lines.append(ClassifiedLine(number=number, role=LineRole.ENTRY, text=record.headline or text[:80]))
    return ParsedPage(records=tuple(records), lines=tuple(lines), problems=tuple(problems))
