"""Decode the bytes of a page and split the text into numbered lines.

Decoding is strict: a byte that does not fit the encoding is an error, never a replacement character. Labels of
encodings are read by w3lib, which follows the WHATWG Encoding Standard.
"""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Literal

from msgspec import Struct
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Note

MAX_LINE = 1_000_000  # characters of one line
MAX_LINES = 500_000  # lines of one page
# All printable characters, and what codecs for Python's source and for host names turn into other characters
_ASCII = bytes(range(0x20, 0x5C)) + bytes(range(0x5D, 0x7F)) + rb"\u0041.xn--bcher-kva"
_UTF_16 = {"utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}  # the standard's labels
# Encodings of more than one byte a character: text in another encoding is rarely valid in them. Any text is valid in
# most other encodings, so a page that is UTF-8 is not taken for one of those.
_MULTI_BYTE = frozenset(("big5hkscs", "cp932", "cp949", "euc_jp", "gb18030", "iso2022_jp", *_UTF_16.values()))
_NAME_IT = "set ENCODING= to the page's encoding, such as windows-1252, or save it again as UTF-8"
_BINARY_HEAD = 4096  # bytes
_CONTROLS = bytes((*range(1, 9), *range(0xE, 0x1B), *range(0x1C, 0x20)))
_LINE_END = re.compile(r"\r\n|\r|\n")
# Control characters and noncharacters, which HTML does not allow either. Decoded text has no surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# White space and invisible characters that saved pages have at the ends of lines.
_TRIMMED = " \t\u00a0\u2007\u202f\u2028\u2029\u3000\u200b\u200e\u200f\u2060\ufeff"

# Headers and footers of printed pages
_FOOTER = re.compile(r"(?m)^[ \t]{0,40}(?:https?://|www\.)\S{1,300}[ \t]{1,200}\d{1,3}/\d{1,3}[ \t\f]{0,40}$")
_MOST_MARGIN_LINES = 2  # at the top and at the bottom of a page
_FEWEST_LETTERS = 10
_SHOWN = 80  # characters of one in a note


class TextLine(Struct, frozen=True):
    """A line that is not blank."""

    number: int
    block: int  # number of its paragraph: it grows by one after each run of blank lines
    text: str
    # "heading": marked up as one; "run": piece of a longer line, in which headlines cannot be told from text;
    # "quoted": in a block quotation
    kind: Literal["", "heading", "run", "quoted"] = ""


class DecodedPage(Struct, frozen=True):
    """The text of a page, the encoding that it was decoded with, and remarks about it."""

    text: str
    encoding: str  # Python's name
    notes: tuple[Note, ...] = ()


def find_encoding(label: str) -> str:
    """Return Python's name of the encoding that a label such as ``latin1`` stands for in web pages; "" if unknown.

    Only encodings in which ASCII text is itself are known, and UTF-16: Python's codecs for other purposes could turn
    text into markup.
    """
    return _known_encoding(resolve_encoding(label.strip()))


def http_encoding(content_type: str | None) -> str:
    """Return the encoding that the value of an HTTP header ``Content-Type`` names; "" if it is none that is known."""
    return _known_encoding(http_content_type_encoding(content_type))


def html_encoding(data: bytes) -> str:
    """Return the encoding that HTML declares itself; "" if it declares none that is known."""
    return _known_encoding(html_body_declared_encoding(data))


@cache
def _known_encoding(name: str | None) -> str:
    try:
        if name is None or name in _UTF_16:
            return _UTF_16.get(name or "", "")
        return name if _ASCII.decode(name) == _ASCII.decode("ascii") else ""
    except (LookupError, UnicodeError):  # codecs for bytes, or for host names
        return ""


def decode_page(data: bytes, declared: str = "", *, is_html: bool = False) -> DecodedPage:
    """Decode a page as its byte order mark says, else as `declared`, else as HTML declares itself, else as UTF-8.

    This is the order of the HTML Standard, with two differences. A byte that does not fit is an error. And a page that
    is valid UTF-8 is read as UTF-8, with a note, if it is declared in an encoding of one byte a character, or in
    another that does not fit: saved pages are often converted to UTF-8 without a change of what they declare.

    Args:
        data: The bytes of the page.
        declared: The encoding that an HTTP header or a person names, as `find_encoding` or `http_encoding` returns it.
        is_html: Whether to look for a ``meta`` element or an XML declaration.

    Raises:
        ArchiveError: A byte does not fit; the error has its line, its offset and how to correct it.
    """
    marked, mark = read_bom(data)
    if marked and mark:
        return DecodedPage(_decode(data, marked, ", as its byte order mark says", len(mark)), marked)
    encoding, origin = declared, ", as the HTTP header or ENCODING= says"
    if not encoding and is_html:
        encoding, origin = html_encoding(data), ", as the page declares"
        if encoding in _UTF_16.values():  # as in the HTML Standard: the declaration itself is not UTF-16
            encoding = "utf-8"
    if not encoding:
        encoding, origin = "utf-8", ", and the page declares no encoding that is known" if is_html else ""
    others = () if data.isascii() else ("utf-8",)
    for name in (encoding, *others) if encoding in _MULTI_BYTE else (*others, encoding):
        with suppress(UnicodeDecodeError):
            notes = () if name == encoding else (Note(0, f"read as UTF-8, although {encoding} is declared"),)
            return DecodedPage(data.decode(name), name, notes)
    return DecodedPage(_decode(data, encoding, origin), encoding)  # raises


def _decode(data: bytes, encoding: str, origin: str, start: int = 0) -> str:
    """Decode bytes from an offset on; `origin` tells why this encoding was chosen."""
    try:
        return data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[start : start + error.start].decode(encoding, errors="replace")
        offset = start + error.start
        cure = _NAME_IT
        if start:
            cure = "save the page again as UTF-8"
        elif _is_binary(data):
            cure = "the file is no text but damaged, or of another kind; save the page again as HTML or plain text"
        elif encoding == "utf-8" and not before.isascii():
            cure = "the text before it is UTF-8: correct this byte, or save the page again"
        reason = f"byte 0x{data[offset]:02x} at offset {offset:,} is not {encoding.upper()}{origin}; {cure}"
        raise ArchiveError(reason, line=len(_LINE_END.split(before))) from error


def _is_binary(data: bytes) -> bool:
    """Return whether more than 2 % of the first bytes are control characters, which texts in few encodings have."""
    head = data[:_BINARY_HEAD]
    is_wide = head.count(0) * 20 > len(head)  # UTF-16
    return not is_wide and (len(head) - len(head.translate(None, _CONTROLS))) * 50 > len(head)


def split_lines(text: str) -> tuple[tuple[TextLine, ...], tuple[Note, ...]]:
    """Split text into its trimmed lines without the blank ones, and without the headers and footers of printed pages.

    A note names each header and footer. A character that is not allowed in web pages becomes U+FFFD, with a note.

    Raises:
        ArchiveError: A line has a NUL, which means that the file is not text; a line is longer
            than `MAX_LINE`; or there are more than `MAX_LINES` lines.
    """
    lines: list[TextLine] = []
    notes: list[Note] = []
    block, after_blank = 0, True
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise ArchiveError(f"the page has more than {MAX_LINES:,} lines; save it in parts")
    raws = _LINE_END.split(text)
    margins = _page_margins(raws) if "\f" in text or _FOOTER.search(text) else frozenset()
    notes += (
        Note(number, f"a header or footer of a printed page is left out: {one_line(raws[number - 1])[:_SHOWN]!r}")
        for number in sorted(margins)
    )
    for number, raw in enumerate(raws, 1):
        if len(raw) > MAX_LINE:
            raise ArchiveError(f"the line has more than {MAX_LINE:,} characters; break it into lines", line=number)
        if "\0" in raw:
            raise ArchiveError(
                "the line contains a NUL; save the page as UTF-8, or set ENCODING=utf-16le if it is UTF-16", line=number
            )
        if number in margins:
            continue
        line, replaced = _FORBIDDEN.subn("\ufffd", raw.strip("\f"))
        if replaced:
            notes.append(Note(number, f"{replaced} control characters were read as U+FFFD"))
        line = line.strip(_TRIMMED)
        if line:
            block += after_blank
            lines.append(TextLine(number, block, line))
        after_blank = not line
    return tuple(lines), tuple(notes)


def _page_margins(raws: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines that are headers or footers of printed pages: they recur at the page breaks.

    A page ends at a form feed, or at a line with an address and a number of pages, "https://quay.example 1/3".
    """
    pages: list[list[int]] = [[]]
    has_breaks = any("\f" in raw for raw in raws)
    for number, raw in enumerate(raws, 1):
        if "\f" in raw:
            pages.append([])
        if raw.strip("\f" + _TRIMMED):
            pages[-1].append(number)
        if not has_breaks and _FOOTER.fullmatch(raw):
            pages.append([])
    pages = [page for page in pages if page]
    found: set[int] = set()
    for place in (0, -1) * _MOST_MARGIN_LINES:
        ends = [[number for number in page if number not in found] for page in pages]
        lines = [page[place] for page in ends if page]
        are_numbered = _count_up([raws[number - 1] for number in lines])
        keys = {number: _margin_key(raws[number - 1], is_numbered=are_numbered) for number in lines}
        counts = Counter(keys.values())
        # The first or the last page may have none.
        found |= {number for number, key in keys.items() if key and counts[key] >= max(2, len(pages) - 1)}
    return frozenset(found)


def _count_up(raws: Sequence[str]) -> bool:
    """Return whether the first or the last number of each of some lines is that of its page: 1, 2, 3."""
    numbers = [re.findall(r"\d{1,9}", raw) for raw in raws]
    if len(raws) < _MOST_MARGIN_LINES or not all(numbers):
        return False
    return any([int(each[place]) for each in numbers] == list(range(1, len(raws) + 1)) for place in (0, -1))


def _margin_key(raw: str, *, is_numbered: bool) -> str:
    """Return what a margin has in common on all pages; "" for a stamp, with hardly a letter, and for a sentence.

    A line that `is_numbered` with the numbers of the pages needs no letters.
    """
    key = " ".join(re.sub(r"\d+", "#", raw.strip("\f")).split())
    is_margin = is_numbered or sum(map(str.isalpha, key)) >= _FEWEST_LETTERS
    return key if is_margin and key[-1] not in ".。" else ""


def one_line(text: str) -> str:
    """Replace each run of white space by one space, and trim; for titles and headlines."""
    return " ".join(text.split())


def clean_characters(text: str) -> str:
    """Replace characters that a record cannot contain.

    U+0080 to U+009F from HTML or JSON escapes are read as Windows-1252, as browsers do (HTML
    Standard, "numeric character reference end state"). Other forbidden characters become U+FFFD.
    """
    # Printable text, which most is, has none of them; this answer takes a tenth of the search's time.
    return text if text.isprintable() else _FORBIDDEN.sub(_as_windows_1252, text)


def _as_windows_1252(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("cp1252") if match[0] >= "\x80" else "\ufffd"
    except UnicodeError:
        return "\ufffd"
