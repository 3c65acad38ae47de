"""Decode the bytes of a page and split the text into numbered lines.

Decoding is strict: a byte that does not fit the encoding is an error, never a replacement character.
"""

import codecs
import re
from typing import Literal

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Note

MAX_LINE = 1_000_000  # characters of one line
MAX_LINES = 500_000  # lines of one page
_BYTE_ORDER_MARKS = (  # UTF-32 before UTF-16: the mark of UTF-16-LE is a prefix of UTF-32-LE's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_META_SEARCH_BYTES = 4096
_LINE_END = re.compile(r"\r\n|\r|\n")
# Control characters and noncharacters, which HTML does not allow either. Decoded text has no surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# White space and invisible characters that saved pages have at the ends of lines.
_TRIMMED = " \t\u00a0\u2007\u202f\u2028\u2029\u3000\u200b\u200e\u200f\u2060\ufeff"


class TextLine(Struct, frozen=True):
    """A line that is not blank."""

    number: int
    block: int  # number of its paragraph: it grows by one after each run of blank lines
    text: str
    # "heading": marked up as one; "run": piece of a longer line, in which headlines cannot be told from text
    kind: Literal["", "heading", "run"] = ""


def decode_text(data: bytes) -> str:
    """Decode a page by its byte order mark, else as UTF-8.

    Raises ArchiveError if a byte does not fit; the error has its line.
    """
    encoding, body = next(
        ((name, data[len(mark) :]) for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), ("utf-8", data)
    )
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(_LINE_END.split(body[: error.start].decode(encoding, errors="replace")))
        reason = f"byte 0x{body[error.start]:02x} is not {encoding.upper()}; save the page again as UTF-8"
        raise ArchiveError(reason, line=line) from error


def decode_html(data: bytes) -> str:
    """Decode an HTML page by its byte order mark, else as UTF-8, else as its `meta` element declares.

    UTF-8 comes before the declaration because saved pages are often converted to UTF-8 without
    an update of the declaration, and other encodings rarely are valid UTF-8.

    Raises:
        ArchiveError: None of these fits.
    """
    declared = _META_CHARSET.search(data[:_META_SEARCH_BYTES])
    name = declared[1].decode("ascii").lower() if declared else ""
    try:
        return decode_text(data)
    except ArchiveError:
        # The WHATWG Encoding Standard maps these labels to Windows-1252.
        encoding = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name
        if encoding in ("", "utf-8", "utf8"):
            raise
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError) as error:
        reason = f"the page cannot be decoded as {name!r}, the encoding it declares; save it again as UTF-8"
        raise ArchiveError(reason) from error


def split_lines(text: str) -> tuple[tuple[TextLine, ...], tuple[Note, ...]]:
    """Split text into its trimmed lines without the blank ones.

    A character that is not allowed in web pages becomes U+FFFD, with a note.

    Raises:
        ArchiveError: A line has a NUL, which means that the file is not text; a line is longer
            than `MAX_LINE`; or there are more than `MAX_LINES` lines.
    """
    lines: list[TextLine] = []
    notes: list[Note] = []
    block, after_blank = 0, True
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise ArchiveError(f"the page has more than {MAX_LINES:,} lines; save it in parts")
    for number, raw in enumerate(_LINE_END.split(text), 1):
        if len(raw) > MAX_LINE:
            raise ArchiveError(f"the line has more than {MAX_LINE:,} characters; break it into lines", line=number)
        if "\0" in raw:
            raise ArchiveError("the line contains a NUL; save the page as plain text in UTF-8", line=number)
        line, replaced = _FORBIDDEN.subn("\ufffd", raw)
        if replaced:
            notes.append(Note(number, f"{replaced} control characters were read as U+FFFD"))
        line = line.strip(_TRIMMED)
        if line:
            block += after_blank
            lines.append(TextLine(number, block, line))
        after_blank = not line
    return tuple(lines), tuple(notes)


def one_line(text: str) -> str:
    """Replace each run of white space by one space, and trim; for titles and headlines."""
    return " ".join(text.split())


def clean_characters(text: str) -> str:
    """Replace characters that a record cannot contain.

    U+0080 to U+009F from HTML or JSON escapes are read as Windows-1252, as browsers do (HTML
    Standard, "numeric character reference end state"). Other forbidden characters become U+FFFD.
    """
    return _FORBIDDEN.sub(_as_windows_1252, text)


def _as_windows_1252(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("cp1252") if match[0] >= "\x80" else "\ufffd"
    except UnicodeError:
        return "\ufffd"
