"""What text is made of: the only place that knows which characters no page, record or file may hold."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from daybook.core.errors import ArchiveError


def dump_json(value: Any) -> str:
    """Write JSON on one line, letters of every script as they are."""
    text = json.dumps(value, ensure_ascii=False)
    # Line ends that JSON allows inside a string would end our line in some readers.
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def load_json(text: str) -> Any:
    """Read JSON; its escapes can write what a file's own characters may not be, and that is refused too."""
    try:
        value = _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"broken JSON value: {error}") from None
    check_characters(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands in an object a second time")
    return found


_decoder = json.JSONDecoder(object_pairs_hook=_object)


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)


# No name or password before the host: the one would be taken for it, the other published.
_ADDRESS = re.compile(r"https?://(?![^/?#]*[@\\])[^\s<>\"/?#][^\s<>\"]{0,2039}")


SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def parse_instant(text: str) -> dt.datetime:
    """Read an RFC 3339 instant (``2023-06-02T13:29:00Z``), offset required.

    `datetime.fromisoformat` alone would take week dates and times without an offset.
    """
    if not _INSTANT.fullmatch(text):
        raise ArchiveError(f"not an RFC 3339 instant with an offset: {text!r}; write 2023-06-02T13:29:00Z")
    try:
        found = dt.datetime.fromisoformat(text)
        found.astimezone(dt.UTC)  # as pages and data write it
    except (ValueError, OverflowError) as error:
        raise ArchiveError(f"impossible instant {text!r}: {error}") from None
    return found


def check_date(date: dt.date, line: int = 0) -> dt.date:
    """Return a day's date, or raise where the calendar ends: in some zone an entry would stand outside it."""
    if date.year in (dt.MINYEAR, dt.MAXYEAR):
        reason = f"impossible date {date}: a day lies between the years 2 and 9998; correct the date"
        raise ArchiveError(reason, line=line)
    return date


def check_url(url: str, line: int = 0) -> str:
    """Return a page's address, which may be "", or raise: it becomes a link that readers follow."""
    if url and not is_url(url):
        cure = "write https://host/…, no name or password before the host, 2,048 characters at most"
        raise ArchiveError(f"not an address of the web: {url[:60]!r}; {cure}", line=line)
    return url


def is_url(text: str) -> bool:
    """Say whether a text is a whole address of the web, fit to be a link."""
    return bool(_ADDRESS.fullmatch(text))


def check_slug(slug: str) -> str:
    """Return a topic's slug, or raise: it becomes an address and a file name."""
    if not SLUG_PATTERN.fullmatch(slug) or len(slug) > 80:
        raise ArchiveError(f"impossible topic {slug!r}: a slug is a-z, 0-9 and single hyphens, 80 at most")
    return slug


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def check_characters(value: Any, lines: bool = False) -> None:
    """Raise where a text, or one within lists and dictionaries, holds what is none; `lines` counts its lines."""
    text = value if isinstance(value, str) else "".join(_texts(value))  # one look at all costs least
    found = _UNWRITABLE.search(text)
    if found:
        reason = f"a control character (U+{ord(found[0]):04X}) is not text; remove it"
        raise ArchiveError(reason, line=text.count("\n", 0, found.start()) + 1 if lines else 0)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Write text as the content of an element; an impossible character shows as U+FFFD."""
    return escape(_possible(text))


def xml_attribute(text: str) -> str:
    """Write text as the value of an attribute, quotation marks included."""
    return quoteattr(_possible(text))


def _possible(text: str) -> str:
    # str: markup that is data here must not escape itself while it is escaped.
    return _NO_XML.sub("\ufffd", str(text))
