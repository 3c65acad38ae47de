"""Formats of input files: detection, readers of pages, and records files.

To add a page format, write a function that takes the text and the URL ("" if unknown) and returns an `Outline`, add it
to `READERS`, and let `detect_format` return its name. A format of JSON needs only a row in `JSON_READERS` of
`readers/json_document`. Records files have no outline: their lines are only checked (`RECORDS`). What is not read is
refused by name. A reader is imported when a file needs it: most of the others parse HTML with libraries that take
longer to import than a page of text to read.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from types import MappingProxyType
from zipfile import BadZipFile, ZipFile

from daybook.core.errors import ArchiveError
from daybook.core.record import Record, load_record
from daybook.parse.base.decode import decode_page
from daybook.parse.base.page import (
    CHAT_EXPORT,
    LONGEST_PREVIEW,
    ClassifiedLine,
    LineRole,
    Outline,
    ParsedPage,
    RefusedFormatError,
)
from daybook.parse.readers.csv_columns import columns_by_content, csv_delimiter
from daybook.parse.text.chronicle import read_chronicle
from daybook.parse.text.outline import read_plain_text


def read_text(text: str, url: str = "") -> Outline:
    """Read a plain text page: posts with clock times, else days of a chronicle."""
    outline = read_plain_text(text, url)
    return outline if outline.posts else read_chronicle(text) or outline


def read_page(text: str, url: str = "") -> Outline:
    """Read an HTML page, with the data in its scripts."""
    from daybook.parse.readers.page_scripts import posts_in_scripts  # noqa: PLC0415 - imports Beautiful Soup
    from daybook.parse.web.html_reader import read_html  # noqa: PLC0415 - as above

    return read_html(text, url, posts_in_scripts)


def _read_json(text: str, url: str) -> Outline:
    from daybook.parse.readers.json_document import read_json  # noqa: PLC0415 - imports Beautiful Soup

    return read_json(text, url)


def _read_jsonld(text: str, url: str) -> Outline:
    from daybook.parse.web.jsonld import read_jsonld_file  # noqa: PLC0415 - imports Beautiful Soup

    return read_jsonld_file(text, url)


def _read_feed(text: str, url: str) -> Outline:
    from daybook.parse.readers.atom_and_rss import read_feed  # noqa: PLC0415 - imports Beautiful Soup

    return read_feed(text, url)


def _read_csv(text: str, url: str) -> Outline:
    from daybook.parse.readers.csv_table import read_csv  # noqa: PLC0415 - imports Beautiful Soup

    return read_csv(text, url)


def _read_telegram_html(text: str, url: str) -> Outline:
    from daybook.parse.readers.telegram_html import read_telegram_html  # noqa: PLC0415 - imports Beautiful Soup

    return read_telegram_html(text, url)


READERS: Mapping[str, Callable[[str, str], Outline]] = MappingProxyType(
    {
        "text": read_text,
        "html": read_page,
        "json": _read_json,
        "jsonld": _read_jsonld,
        "feed": _read_feed,
        "csv": _read_csv,
        "telegram-html": _read_telegram_html,
    }
)
RECORDS = "records"
FORMATS = (*READERS, RECORDS)
KINDS = MappingProxyType(
    {
        **{"text": "text", "html": "HTML", "json": "JSON", "jsonld": "JSON-LD", "feed": "feed", "csv": "CSV"},
        **{"telegram-html": "Telegram export", RECORDS: "records"},
    }
)
_MARKUP = frozenset({"html", "feed", "telegram-html"})  # formats that can declare their encoding
_WIDE_SEARCH_BYTES = 64  # of a page whose ASCII characters have a NUL next to them
_TAG = (
    rb"!doctype\s+html|html|head|body|\?xml|!--|meta|title|script|style|link|div|section|article|main|header|nav|h[1-6]"
    rb"|p|ul|ol|span|table|figure|blockquote|a|b|strong|time"
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}<(?:" + _TAG + rb")(?=[\s>/\[-]|--)", re.IGNORECASE)
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:<\?xml[^>]{0,500}\?>|<!--(?:(?!-->).){0,2000}-->|\s){0,9}"
    rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]",
    re.DOTALL,
)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:\{\s{0,1000}[\"}]|\[\s{0,1000}[\[{\"\]])")
_TELEGRAM_HTML = (
    (b'class="message default', b"date details"),  # an export of a channel
    (b"tgme_channel_history", b"tgme_widget_message"),  # the channel in a browser
)
# Files that people pass by mistake or hope, and what to do instead. None is read.
_SAVE_PAGE = "save the page as HTML or plain text"
_UNSUPPORTED = (
    (b"%PDF-", f"a PDF file: its text has lost its order; {_SAVE_PAGE}"),
    (b"{\\rtf", f"an RTF file; {_SAVE_PAGE}"),
    (b"\xd0\xcf\x11\xe0", f"a file of an old version of Microsoft Office; {_SAVE_PAGE}"),
    (b"bplist00", f"a Safari web archive; {_SAVE_PAGE}: in Safari, choose Page Source"),
    (b"\x89PNG", f"a picture (PNG); {_SAVE_PAGE}"),
    (b"\xff\xd8\xff", f"a picture (JPEG); {_SAVE_PAGE}"),
    (b"GIF8", f"a picture (GIF); {_SAVE_PAGE}"),
    (b"RIFF", f"a picture or sound (RIFF); {_SAVE_PAGE}"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it and name the folder"),
    (b"Rar!", "a RAR archive; unpack it and name the folder"),
    (b"BZh", "a bzip2 file; unpack it"),
    (b"\xfd7zXZ", "an xz file; unpack it"),
    (b"\x28\xb5\x2f\xfd", "a zstd file; unpack it"),
    (b"ZIM\x04", "a ZIM file; export its pages as WARC or HTML"),
    (b"SQLite format 3", "a SQLite database; export a table as CSV"),
    (b"WARC/1", "a web archive inside another file; unpack it and name the WARC file"),
    (b"[LINE] ", f"a LINE export; {CHAT_EXPORT}"),
    (
        b"window.YTD",
        "an X (Twitter) export: it has no live blog; make records of the posts, or a CSV with `at` and `text`",
    ),
)
_MARKUP_HEAD = 3_000  # bytes
_XML_START = rb"\A\s{0,99}(?:<\?xml[^>]{0,200}\?>)?(?:\s|<!--(?:(?!-->).){0,500}-->|<!DOCTYPE[^>]{0,300}>){0,9}"
_MARKUP_REFUSED = (
    (
        re.compile(_XML_START + rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.DOTALL),
        "a sitemap: a list of addresses; save the pages that it names",
    ),
    (re.compile(_XML_START + rb"<opml\b", re.DOTALL), "an OPML file: a list of feeds; save the feeds that it names"),
    (re.compile(_XML_START + rb"<svg\b", re.DOTALL), f"a picture (SVG); {_SAVE_PAGE}"),
    (re.compile(_XML_START + rb"<plist\b", re.DOTALL), f"a property list of Apple's; {_SAVE_PAGE}"),
    (re.compile(rb"DiscordChatExporter|chatlog__message|\A=+\r?\nGuild: "), f"a Discord export; {CHAT_EXPORT}"),
    (
        re.compile(rb"class=\"_a6-g\""),
        f"a Facebook or Instagram export; {CHAT_EXPORT}",
    ),
)
_IN_ZIP = (
    ("word/document.xml", f"a Word document (DOCX); {_SAVE_PAGE}"),
    ("xl/workbook.xml", "an Excel workbook; save the sheet as CSV"),
    ("ppt/presentation.xml", f"a PowerPoint file; {_SAVE_PAGE}"),
    ("content.xml", f"an OpenDocument file; {_SAVE_PAGE}, or a sheet as CSV"),
    ("META-INF/container.xml", f"an EPUB; {_SAVE_PAGE}"),
)
_NOTHING = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff|[\s\0])*")  # marks of byte order, spaces
_ZIP = b"PK\x03\x04"
_WHATSAPP = re.compile(
    r"\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\]?(?: -)? "
    r"[^:\n]{1,40}: \S"
)
_SAMPLE_LINES = 6  # of a table whose columns have unknown names
_CHAT_LINES = 20  # first lines of a text that show whether it is a chat
_MIN_CHAT_LINES = 3


def detect_format(data: bytes, encoding: str = "") -> str:
    """Return the name of a page's format from its first bytes: one of `FORMATS`.

    `encoding` is the one that is declared outside the page, "" if none is. Raises ArchiveError for a format that is not
    read.
    """
    if reason := refused_format(data):
        raise RefusedFormatError(reason)
    if encoding or b"\0" in data[:_WIDE_SEARCH_BYTES]:  # UTF-16 or UTF-32
        with suppress(ArchiveError):  # it is reported when the page is read
            data = decode_page(data, encoding).text.encode()
    if _FEED.match(data):
        return "feed"
    if _HTML.match(data):
        is_telegram = any(all(mark in data for mark in marks) for marks in _TELEGRAM_HTML)
        return "telegram-html" if is_telegram else "html"
    if not _JSON.match(data):
        return _text_format(data)
    first_line = data.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        value = json.loads(first_line)
    except (ValueError, RecursionError):
        return "json"
    is_record = isinstance(value, dict) and "@type" not in value and bool(value.keys() & {"at", "date"})
    is_record = is_record and bool(value.keys() & {"text", "html", "markdown", "headline"})
    return RECORDS if is_record else "json"


def _text_format(data: bytes) -> str:
    lines = [line.decode(errors="replace").strip("\u200e\u200f\ufeff \r") for line in data[:20_000].split(b"\n")]
    lines = [line for line in lines if line][:_CHAT_LINES]
    if lines and (csv_delimiter(lines[0]) or columns_by_content("\n".join(lines[:_SAMPLE_LINES]))[0]):
        return "csv"
    if sum(_WHATSAPP.match(line) is not None for line in lines) >= max(_MIN_CHAT_LINES, len(lines) // 2):
        raise RefusedFormatError(f"a WhatsApp export; {CHAT_EXPORT}")
    return "text"


def refused_format(data: bytes) -> str:
    """Return why a file is refused, its kind and what to do; "" if it may be one of `FORMATS`."""
    if _NOTHING.fullmatch(data):
        return "an empty file; save the page again"
    if data.startswith(_ZIP):
        try:
            with ZipFile(BytesIO(data)) as archive:
                names = frozenset(archive.namelist())
        except (BadZipFile, ValueError, OSError):
            return "a damaged ZIP archive; copy it again"
        found = next((reason for name, reason in _IN_ZIP if name in names), "")
        return found or "a ZIP archive; unpack it and name the folder"
    start = data.removeprefix(b"\xef\xbb\xbf")
    return next((reason for magic, reason in _UNSUPPORTED if start.startswith(magic)), "") or _refused_markup(start)


def _refused_markup(data: bytes) -> str:
    """Return why a file of markup is refused, "" if it may be a page or a feed."""
    head = data[:_MARKUP_HEAD]
    return next((reason for mark, reason in _MARKUP_REFUSED if mark.search(head)), "")


def is_html(data: bytes) -> bool:
    """Return whether a file is an HTML page, by its first bytes."""
    return _HTML.match(data) is not None and _FEED.match(data) is None


def is_markup(format_: str) -> bool:
    """Return whether files of a format can declare their encoding."""
    return format_ in _MARKUP


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
        text = text or line.decode(errors="replace")[:LONGEST_PREVIEW]
        lines.append(ClassifiedLine(number=number, role=role, text=text, reason=reason))
    return ParsedPage(records=tuple(records), lines=tuple(lines), problems=tuple(problems))
