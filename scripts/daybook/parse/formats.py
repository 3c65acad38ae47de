"""Formats of input files: detection, readers of pages, and records files.

To add a page format, write a function that takes the text and the URL ("" if unknown) and returns
an `Outline`, add it to `READERS`, and let `detect_format` return its name. Records files have no
outline: their lines are only checked (`RECORDS`).
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from daybook.core.errors import ArchiveError
from daybook.core.record import Record, load_record
from daybook.parse.base.decode import decode_page
from daybook.parse.base.page import ClassifiedLine, LineRole, Outline, ParsedPage
from daybook.parse.text.outline import read_plain_text
from daybook.parse.web.html_reader import read_html
from daybook.parse.web.jsonld import read_jsonld_file

READERS: Mapping[str, Callable[[str, str], Outline]] = MappingProxyType(
    {"text": read_plain_text, "html": read_html, "jsonld": read_jsonld_file}
)
RECORDS = "records"
FORMATS = (*READERS, RECORDS)
_LONGEST_PREVIEW = 80  # characters of a line in reports
_WIDE_SEARCH_BYTES = 64  # of a page whose ASCII characters have a NUL next to them
_TAG = (
    rb"!doctype\s+html|html|head|body|\?xml|!--|meta|title|script|style|link|div|section|article|main|header|nav|h[1-6]"
    rb"|p|ul|ol|span|table|figure|blockquote|a|b|strong|time"
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}<(?:" + _TAG + rb")(?=[\s>/-]|--)", re.IGNORECASE)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:\{\s{0,1000}\"|\[\s{0,1000}[\[{\"])")
# Formats that people may pass by mistake; there is no reader for them.
_UNSUPPORTED = ((b"%PDF-", "PDF"), (b"PK\x03\x04", "ZIP"), (b"WARC/1", "WARC"))


def detect_format(data: bytes, encoding: str = "") -> str:
    """Return the name of a page's format from its first bytes: one of `FORMATS`, or "PDF", "ZIP" or "WARC".

    `encoding` is the one that is declared outside the page, "" if none is.
    """
    if encoding or b"\0" in data[:_WIDE_SEARCH_BYTES]:  # UTF-16 or UTF-32
        with suppress(ArchiveError):  # it is reported when the page is read
            data = decode_page(data, encoding).text.encode()
    for magic, name in _UNSUPPORTED:
        if data.startswith(magic):
            return name
    if _HTML.match(data):
        return "html"
    if not _JSON.match(data):
        return "text"
    first_line = data.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        value = json.loads(first_line)
    except (ValueError, RecursionError):
        return "jsonld"
    is_record = isinstance(value, dict) and "@type" not in value and bool(value.keys() & {"at", "date"})
    return RECORDS if is_record else "jsonld"


def read_records(data: bytes, encoding: str = "") -> ParsedPage:
    """Read a file with one JSON record on each line. An invalid line is a problem; the others are read.

    `encoding` is the one that is declared outside the file, "" if none is.
    """
    records: list[Record] = []
    lines: list[ClassifiedLine] = []
    problems: list[ArchiveError] = []
    with suppress(ArchiveError):  # If it cannot be decoded, only the lines with such bytes are invalid.
        data = decode_page(data, encoding).text.encode()
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        role, reason, text = LineRole.ENTRY, "", ""
        try:
            records.append(load_record(line))
            text = records[-1].headline
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=number))
            role, reason = LineRole.NOT_UNDERSTOOD, "not a record"
        text = text or line.decode(errors="replace")[:_LONGEST_PREVIEW]
        lines.append(ClassifiedLine(number=number, role=role, text=text, reason=reason))
    return ParsedPage(records=tuple(records), lines=tuple(lines), problems=tuple(problems))
