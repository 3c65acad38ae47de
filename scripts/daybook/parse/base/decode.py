"""Bytes → numbered lines: the only place that knows encodings, line ends and forbidden characters."""

import codecs
import re
from typing import Literal

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Note

MAX_LINE = 1_000_000  # characters; the longest line that is read at all


MAX_LINES = 500_000  # of one page


_MARKS = (  # the longer mark first: the UTF-32 one begins with the UTF-16 one
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_DECLARED = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)


_LINE_END = re.compile(r"\r\n|\r|\n")


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


_EDGES = " \t\u00a0\u2007\u202f\u2028\u2029\u3000\u200b\u200e\u200f\u2060\ufeff"  # white or invisible


class TextLine(Struct, frozen=True):
    """A line that is not blank: `block` counts the runs of lines between blank ones.

    `kind` is "heading" for one that is marked up as such, "run" for a piece of a longer line
    in which headlines cannot be told from text.
    """

    number: int
    block: int
    text: str
    kind: Literal["", "heading", "run"] = ""


def decode_text(data: bytes) -> str:
    """Decode a page: what its byte order mark says, else strict UTF-8.

    Raises ArchiveError with the line of the first byte that does not fit.
    """
    encoding, body = next(
        ((name, data[len(mark) :]) for mark, name in _MARKS if data.startswith(mark)), ("utf-8", data)
    )
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, errors="replace")
        raise ArchiveError(
            f"byte 0x{body[error.start]:02x} is not {encoding.upper()}: save the page again as UTF-8",
            line=len(_LINE_END.split(before)),
        ) from error


def decode_html(data: bytes) -> str:
    """Decode an HTML page: its byte order mark, else UTF-8, else the encoding that it declares."""
    declared = _DECLARED.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else ""
    try:
        return decode_text(data)
    except ArchiveError:
        # Browsers read these two names as Windows-1252, and so do we.
        encoding = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name
        if encoding in ("", "utf-8", "utf8"):
            raise
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError) as error:
        raise ArchiveError(f"the page declares {name!r}, but is not: save it again as UTF-8") from error


def split_lines(text: str) -> tuple[tuple[TextLine, ...], tuple[Note, ...]]:
    """Cut text into its lines that are not blank, edges trimmed, and note what was replaced.

    A character that no web page may hold is read as U+FFFD and noted. Raises ArchiveError
    for a NUL (the mark of a file that is no text) and for a line over `MAX_LINE`.
    """
    found: list[TextLine] = []
    notes: list[Note] = []
    block, blank = 0, True
    check_line_count(text)
    for number, raw in enumerate(_LINE_END.split(text), 1):
        _refuse(raw, number)
        line, replaced = _FORBIDDEN.subn("\ufffd", raw)
        if replaced:
            notes.append(Note(number, f"{replaced} control characters were read as U+FFFD"))
        line = line.strip(_EDGES)
        if line:
            block += blank
            found.append(TextLine(number, block, line))
        blank = not line
    return tuple(found), tuple(notes)


def one_line(text: str) -> str:
    """Give text for a title or headline: white space of any kind becomes one plain space."""
    return " ".join(text.split())


def clean_characters(text: str) -> str:
    """Give text that a record may hold: what HTML or JSON wrote as U+0080–U+009F is Windows-1252.

    Browsers show it so; any other character that is forbidden becomes U+FFFD.
    """
    return _FORBIDDEN.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("cp1252") if match[0] >= "\x80" else "\ufffd"
    except UnicodeError:
        return "\ufffd"


def check_line_count(text: str) -> None:
    """Raise ArchiveError for a text of more lines than a page may have."""
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise ArchiveError(f"the page holds over {MAX_LINES:,} lines: split it")


def _refuse(line: str, number: int) -> None:
    if len(line) > MAX_LINE:
        raise ArchiveError(f"the line is over {MAX_LINE:,} characters long: break it into lines", line=number)
    if "\0" in line:
        raise ArchiveError("the line holds a NUL: save the page as plain text in UTF-8", line=number)
