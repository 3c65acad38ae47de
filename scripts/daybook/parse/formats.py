"""Formats of input files: detection, readers of pages, and records files.

To add a page format, write a function that takes the text and the URL ("" if unknown) and returns an `Outline`, add it
to `READERS`, and let `detect_format` return its name. A format of JSON needs only a row in `JSON_READERS`. Records
files have no outline: their lines are only checked (`RECORDS`). What is not read is refused by name.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from types import MappingProxyType
from zipfile import BadZipFile, ZipFile

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.record import Record, load_record
from daybook.parse.base.decode import decode_page
from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline, ParsedPage, RefusedFormatError
from daybook.parse.readers import json_feed, live_blog_3, mastodon, page_model, telegram, wordpress
from daybook.parse.readers.atom_and_rss import read_feed
from daybook.parse.readers.base import JsonReader
from daybook.parse.readers.csv_table import csv_delimiter, read_csv
from daybook.parse.readers.telegram_html import EXPORT_MARKS, WEB_MARKS, read_telegram_html
from daybook.parse.text.chronicle import read_chronicle
from daybook.parse.text.outline import read_plain_text
from daybook.parse.web.html_reader import read_html
from daybook.parse.web.jsonld import check_json_size, holds_jsonld, load_json_text, outline_of_jsonld, read_jsonld_file

# In the order in which they are asked: a model of a page is recognized by its form alone, so it comes last.
JSON_READERS = (
    JsonReader("JSON-LD", holds_jsonld, outline_of_jsonld),
    json_feed.READER,
    live_blog_3.READER,
    wordpress.READER,
    telegram.READER,
    mastodon.READER,
    page_model.READER,
)
# Exports of chats in JSON that are not read, by names that their messages or their outer object have.
_CHATS = (
    ("Slack", frozenset({"type", "user", "ts"})),
    ("Slack", frozenset({"type", "text", "ts"})),
    ("Discord", frozenset({"guild", "channel", "messages"})),
    ("Facebook or Instagram", frozenset({"participants", "messages"})),
    ("Matrix", frozenset({"room_name", "messages"})),
    ("Signal", frozenset({"conversationId", "sent_at"})),
    ("Teams", frozenset({"conversations", "userId"})),
    ("Google Chat", frozenset({"creator", "created_date", "text"})),
)


def read_json(text: str, url: str = "") -> Outline:
    """Read a JSON document by the first of `JSON_READERS` that knows it.

    A document that none knows gives an outline without posts that looks like a live blog: it is not understood. Raises
    ArchiveError if the text is not JSON, or an export of a chat.
    """
    check_json_size([text])
    try:
        value = load_json_text(text)
    except ArchiveError as error:
        if _is_lines_of_json(text):
            cure = "give each line `at` and `text` (docs/record.schema.json)"
            raise RefusedFormatError(f"lines of JSON that are no records; {cure}") from error
        raise ArchiveError(f"invalid JSON: {error.reason}; save it again, or save the page as HTML") from error
    for reader in JSON_READERS:
        if reader.accepts(value):
            return replace(reader.read(value, url), kind=reader.kind)
    first = value[0] if isinstance(value, list) and value else value
    names = first.keys() if isinstance(first, dict) else frozenset()
    if chat := next((name for name, marks in _CHATS if marks <= names), ""):
        raise RefusedFormatError(f"a {chat} export; {_CHAT_EXPORT}")
    found = ", ".join(list(map(str, names))[:8]) or type(value).__name__
    line = ClassifiedLine(number=1, role=LineRole.NOT_UNDERSTOOD, text=text[:_LONGEST_PREVIEW], reason="unknown JSON")
    note = Note(0, f"JSON that no reader knows, with the names {found}; save the page as HTML, or make records of it")
    return Outline(lines=(line,), notes=(note,), looks_live=True, line_unit="update", kind="JSON")


def _is_lines_of_json(text: str) -> bool:
    """Return whether the first two lines of a text are a JSON object each."""
    lines = [line for line in text[:_FIRST_LINES].split("\n") if line.strip()][:2]
    try:
        return len(lines) == 2 and all(isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError):
        return False


def read_text(text: str, url: str = "") -> Outline:
    """Read a plain text page: posts with clock times, else days of a chronicle."""
    outline = read_plain_text(text, url)
    return outline if outline.posts else read_chronicle(text) or outline


def read_page(text: str, url: str = "") -> Outline:
    """Read an HTML page, with the data in its scripts."""
    return read_html(text, url, page_model.posts_in_scripts)


READERS: Mapping[str, Callable[[str, str], Outline]] = MappingProxyType(
    {
        "text": read_text,
        "html": read_page,
        "json": read_json,
        "jsonld": read_jsonld_file,
        "feed": read_feed,
        "csv": read_csv,
        "telegram-html": read_telegram_html,
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
_LONGEST_PREVIEW = 80  # characters of a line in reports
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
_TELEGRAM_HTML = (EXPORT_MARKS, WEB_MARKS)
# Files that people pass by mistake or hope, and what to do instead. None is read.
_SAVE_PAGE = "save the page as HTML or plain text"
_CHAT_EXPORT = "chats are not read, only exports of Telegram channels"
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
    (b"[LINE] ", f"a LINE export; {_CHAT_EXPORT}"),
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
    (re.compile(rb"DiscordChatExporter|chatlog__message|\A=+\r?\nGuild: "), f"a Discord export; {_CHAT_EXPORT}"),
    (
        re.compile(rb"class=\"_a6-g\""),
        f"a Facebook or Instagram export; {_CHAT_EXPORT}",
    ),
)
_IN_ZIP = (
    ("word/document.xml", f"a Word document (DOCX); {_SAVE_PAGE}"),
    ("xl/workbook.xml", "an Excel workbook; save the sheet as CSV"),
    ("ppt/presentation.xml", f"a PowerPoint file; {_SAVE_PAGE}"),
    ("content.xml", f"an OpenDocument file; {_SAVE_PAGE}, or a sheet as CSV"),
    ("META-INF/container.xml", f"an EPUB; {_SAVE_PAGE}"),
)
_ZIP = b"PK\x03\x04"
_WHATSAPP = re.compile(
    r"\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\]?(?: -)? "
    r"[^:\n]{1,40}: \S"
)
_FIRST_LINES = 200_000  # characters in which two lines of JSON are looked for
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
    if lines and csv_delimiter(lines[0]):
        return "csv"
    if sum(_WHATSAPP.match(line) is not None for line in lines) >= max(_MIN_CHAT_LINES, len(lines) // 2):
        raise RefusedFormatError(f"a WhatsApp export; {_CHAT_EXPORT}")
    return "text"


def refused_format(data: bytes) -> str:
    """Return why a file is refused, its kind and what to do; "" if it may be one of `FORMATS`."""
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
        text = text or line.decode(errors="replace")[:_LONGEST_PREVIEW]
        lines.append(ClassifiedLine(number=number, role=role, text=text, reason=reason))
    return ParsedPage(records=tuple(records), lines=tuple(lines), problems=tuple(problems))
