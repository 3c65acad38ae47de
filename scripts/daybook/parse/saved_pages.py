"""Take a saved page out of what it was saved in, with the address and the time of saving that are written there.

- MHTML (RFC 2557), one file with a page, its frames and its pictures, as browsers save it
- frames that SingleFile writes into a page (``srcdoc``): live blogs of another service are in a frame
- comments that browsers, SingleFile, monolith and HTTrack write into a page: address and time
- copies in the Wayback Machine: its toolbar is removed, and links lead to the original addresses again

What a person says (hints) has priority over what is found here.
"""

import datetime as dt
import re
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.text import is_url
from daybook.parse.base.decode import decode_page, http_encoding
from daybook.parse.base.page import Hints
from daybook.parse.byte_test import may_hold_live_blog
from daybook.parse.time.instants import format_rfc3339, parse_machine_time

_OFFSET_OF_SCRIPT = re.compile(r"(?:GMT|UTC)\s?[+-]\d")
_HEAD = 4_000  # bytes in which headers and comments are
_FOOT = 6_000  # bytes at the end, where the Wayback Machine writes its comment
_MAIL_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,}")
_MHTML_TYPE = re.compile(
    rb"^Content-Type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)", re.IGNORECASE | re.MULTILINE
)
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\S*\s+url:\s*(?P<url>\S+)\s+(?:saved date:\s*(?P<date>[^\r\n]+?)\s*(?:\n|-->))?"
)
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d{4,5}\)(?P<url>\S+?) -->")
_MONOLITH = re.compile(rb"<!-- Saved from (?P<url>\S+) at (?P<date>\S+) using monolith")
_HTTRACK = re.compile(
    rb"<!-- Mirrored from (?P<url>\S+) by HTTrack[^,]{0,80}, (?P<date>\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT)"
)
_WAYBACK_URL = re.compile(r"https?://web\.archive\.org/web/(?P<time>\d{4,14})(?:[a-z]{2}_)?/(?P<url>.+)")
_WAYBACK_PREFIX = re.compile(
    rb"(?:https?:)?(?://web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=(?:https?:)?//|mailto:|https?%3A)"
)
_WAYBACK_TOOLBAR = re.compile(
    rb"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->", re.DOTALL
)
_WAYBACK_WOMBAT = re.compile(rb"__wm\.wombat\(\"(?P<url>[^\"]{8,2000})\",\"(?P<time>\d{14})\"")
_WAYBACK_FOOT = re.compile(rb"FILE ARCHIVED ON (?P<time>\d\d:\d\d:\d\d \w{3} \d\d, \d{4}) AND RETRIEVED FROM THE")
_FRAME = re.compile(
    rb"<i?frame\b[^<>]{0,3000}?\bsrc=[\"']?cid:(?P<id>[^\"'\s>]+)[\"']?[^<>]{0,3000}>(?:\s{0,99}</iframe>)?",
    re.IGNORECASE,
)
_FRAME_DEPTH = 2  # frames in frames that are read
_SRCDOC = re.compile(
    rb"<iframe\b[^<>]{0,3000}?\bsrcdoc=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')[^<>]{0,3000}>(?:\s{0,99}</iframe>)?",
    re.IGNORECASE,
)
_BODY = re.compile(r"<body\b[^>]{0,5000}>(?P<inner>.*?)(?:</body\b|\Z)", re.IGNORECASE | re.DOTALL)
_BODY_BYTES = re.compile(_BODY.pattern.encode(), re.IGNORECASE | re.DOTALL)
_ENTITIES = (
    *((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&#34;", b'"'), (b"&#39;", b"'")),
    (b"&amp;", b"&"),
)
_CANONICAL = re.compile(
    rb"<link\s[^>]{0,300}?rel=[\"']?canonical[^>]{0,300}?href=[\"']?(?P<url>[^\"'\s>]+)|property=[\"']og:url[\"']\s+content=[\"'](?P<og>[^\"']+)",
    re.IGNORECASE,
)


class SavedPage(Struct, frozen=True, kw_only=True):
    """The bytes of a page, and what was written where it was saved; each is "" if it is not known."""

    data: bytes
    url: str = ""
    captured: str = ""  # RFC 3339
    encoding: str = ""
    kind: str = ""  # "MHTML", "SingleFile", "Wayback copy"


def unwrap_page(data: bytes, hints: Hints) -> tuple[bytes, Hints, str]:
    """Return the bytes of the page itself, hints with what is known of it, and how it was saved ("" if only as it is).

    Raises:
        ArchiveError: An MHTML file has no HTML.
    """
    kinds = []
    found = _read_mhtml(data) if _is_mhtml(data) else SavedPage(data=data)
    for step in (_read_comment, _read_wayback, _with_inner_frames):
        kinds.append(found.kind)
        found = step(found, hints)
    known = {"url": found.url if is_url(found.url) else "", "captured": found.captured, "encoding": found.encoding}
    original = _WAYBACK_URL.fullmatch(hints.url)  # a person may give the address of the copy
    stated = {name: getattr(hints, name) for name in known}
    if original and is_url(_with_scheme(original["url"])):
        stated["url"] = _with_scheme(original["url"])
    hints = replace(hints, **{name: stated[name] or value for name, value in known.items()})
    return found.data, hints, " · ".join(dict.fromkeys(filter(None, (*kinds, found.kind))))


def stated_address(data: bytes) -> str:
    """Return the address that a page states in its bytes, before it is parsed; "" if it states none."""
    hints = (
        unwrap_page(data, Hints())[1]
        if _is_mhtml(data)
        else Hints(url=_read_comment(SavedPage(data=data), Hints()).url)
    )
    canonical = _CANONICAL.search(data)
    stated = (canonical["url"] or canonical["og"]).decode("latin-1") if canonical else ""
    address = hints.url or stated
    original = _WAYBACK_URL.fullmatch(address)
    return _with_scheme(original["url"]) if original else address


def _is_mhtml(data: bytes) -> bool:
    head = data[:_HEAD].lstrip(b"\r\n")
    header = _MAIL_HEADER.match(head)
    return header is not None and b"mime-version" in header[0].lower() and _MHTML_TYPE.search(header[0]) is not None


def _read_mhtml(data: bytes) -> SavedPage:
    """Return the main page of an MHTML file: the part at the address that was saved, else the first HTML."""
    message = message_from_bytes(data.lstrip(b"\r\n"))
    address = _location(message, "Snapshot-Content-Location")
    parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not parts:
        raise ArchiveError("an MHTML or mail file without an HTML page; save the page as HTML")
    page = next((part for part in parts if address and _location(part, "Content-Location") == address), parts[0])
    body = _payload(page)
    if not body.strip():
        raise ArchiveError("the page in this MHTML file is empty; save it again")
    encoding = http_encoding(str(page.get("Content-Type") or ""))
    frames = {str(part.get("Content-ID") or "").strip("<> "): part for part in parts if part is not page}
    named = {name: _frame_body(_payload(part), part, encoding) for name, part in frames.items() if name}
    for _ in range(_FRAME_DEPTH if named else 0):
        body = _FRAME.sub(lambda match: named.get(match["id"].decode("latin-1"), match[0]), body)
    return SavedPage(
        data=body,
        url=address or _location(page, "Content-Location"),
        captured=_mail_time(str(message.get("Date") or "")),
        encoding=encoding,
        kind="MHTML",
    )


def _payload(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _frame_body(data: bytes, part: Message, encoding: str) -> bytes:
    """Return what a frame shows as a part of its page, in the page's encoding; b"" unless it may hold a live blog."""
    own = http_encoding(str(part.get("Content-Type") or ""))
    if not may_hold_live_blog(data, own):
        return b""
    text = decode_page(data, own, is_html=True).text
    shown = _BODY.search(text)
    inner = shown["inner"] if shown else text
    return f"<div>{inner}</div>".encode(encoding or "utf-8", "xmlcharrefreplace")


def _with_inner_frames(page: SavedPage, _: Hints) -> SavedPage:
    """Put the frames that a page holds itself (``srcdoc``) in their places, if they may hold a live blog."""
    if b"srcdoc=" not in page.data:
        return page

    def inner(match: re.Match[bytes]) -> bytes:
        source = match["double"] or match["single"] or b""
        for entity, character in _ENTITIES:
            source = source.replace(entity, character)
        shown = _BODY_BYTES.search(source)
        return b"<div>%b</div>" % (shown["inner"] if shown else source) if may_hold_live_blog(source) else match[0]

    return replace(page, data=_SRCDOC.sub(inner, page.data))


def _location(part: Message, name: str) -> str:
    return "".join(str(part.get(name) or "").split())


def _mail_time(text: str) -> str:
    """Return the time of a mail header in RFC 3339; "" if it is none. A time without an offset is UTC (RFC 5322)."""
    if _OFFSET_OF_SCRIPT.search(text):
        return ""  # "GMT+0300" would be read as GMT
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return ""
    return format_rfc3339(instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC))


def _read_comment(page: SavedPage, _: Hints) -> SavedPage:
    """Read the comment that a browser or a program wrote at the start of a page."""
    head = page.data[:_HEAD]
    patterns = (
        ("SingleFile", _SINGLE_FILE),
        ("saved by a browser", _SAVED_FROM),
        ("monolith", _MONOLITH),
        ("HTTrack", _HTTRACK),
    )
    for kind, pattern in patterns:
        match = pattern.search(head)
        if match:
            groups = match.groupdict()
            date = (groups.get("date") or b"").decode("latin-1").strip()
            time = parse_machine_time(date)
            captured = time.rfc3339 if time and time.is_complete else _mail_time(date) if date else ""
            url = _with_scheme(match["url"].decode("latin-1"))
            return replace(page, url=page.url or url, captured=page.captured or captured, kind=kind)
    return page


def _with_scheme(url: str) -> str:
    return url if re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE) else f"https://{url.lstrip('/')}"


def _read_wayback(page: SavedPage, hints: Hints) -> SavedPage:
    """Recognize a copy of the Wayback Machine and undo what it changed."""
    data = page.data
    if (
        b"web.archive.org" not in data
        and b"FILE ARCHIVED ON" not in data[-_FOOT:]
        and not _is_wayback(page.url, hints.url)
    ):
        return page
    wombat, foot, toolbar = (
        _WAYBACK_WOMBAT.search(data),
        _WAYBACK_FOOT.search(data, max(0, len(data) - _FOOT)),
        _WAYBACK_TOOLBAR,
    )
    canonical = _CANONICAL.search(data)
    stated = (canonical["url"] or canonical["og"]).decode("latin-1") if canonical else ""
    addresses = filter(None, map(_WAYBACK_URL.fullmatch, (hints.url, page.url, stated)))
    address = next(addresses, None)
    if not (address or wombat or foot or toolbar.search(data)):
        return page  # an ordinary page that links to a copy
    time = address["time"] if address else wombat["time"].decode() if wombat else ""
    url = address["url"] if address else wombat["url"].decode("latin-1") if wombat else ""
    captured = _wayback_time(time)
    if not captured and foot:
        captured = _mail_time(re.sub(r"(\S+) (\w+) (\d+), (\d+)", r"\3 \2 \4 \1 +0000", foot["time"].decode()))
    return replace(
        page,
        data=_WAYBACK_PREFIX.sub(b"", toolbar.sub(b"", data)),
        url=_with_scheme(url) if url else page.url,
        captured=captured or page.captured,
        kind="Wayback copy",
    )


def _is_wayback(*urls: str) -> bool:
    return any(map(_WAYBACK_URL.fullmatch, urls))


def _wayback_time(digits: str) -> str:
    """Return the 14 digits of a Wayback address in RFC 3339; "" for fewer, which name no instant."""
    try:
        return (
            format_rfc3339(dt.datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC))
            if len(digits) == 14
            else ""
        )
    except ValueError:
        return ""
