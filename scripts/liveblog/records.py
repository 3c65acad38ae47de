"""Record ⇄ JSON line: how any parser, ours or another's, hands entries over.

One JSON object a line. The shape is the contract in docs/architecture.md; the types
below are its only definition, and `json_schema` publishes them for others.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from .characters import check_text
from .errors import ArchiveError
from .model import Found, PrintedDay


class RecordCaption(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A picture's caption and its credit, once for each picture."""

    text: str
    credit: str = ""


class RecordSource(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The page a record was read from; every record of a page carries the same one.

    `lede` and `captions` belong to `date`, the live blog's own day (``YYYY-MM-DD``).
    """

    url: str = ""
    title: str = ""
    outlet: str = ""
    captured: str = ""
    sha256: str = ""
    printed_day: PrintedDay | None = None
    date: dt.date | None = None
    standfirst: str = ""
    lede: tuple[str, ...] = ()
    captions: tuple[RecordCaption, ...] = ()


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One parsed entry: an instant (`at`) or a bare `date`, and exactly one body."""

    at: str = ""
    date: dt.date | None = None
    headline: str = ""
    text: str | UnsetType = UNSET
    html: str | UnsetType = UNSET
    markdown: str | UnsetType = UNSET
    topics: tuple[str, ...] = ()
    id: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    key: bool = False
    lang: str = ""
    found: Found | None = None
    source: RecordSource | None = None


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
# No name or password before the host: the one would be taken for it, the other published.
_ADDRESS = re.compile(r"https?://(?![^/?#]*[@\\])[^\s<>\"/?#][^\s<>\"]{0,2039}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_decoder = msgspec.json.Decoder(Record)
_encoder = msgspec.json.Encoder(order="deterministic")


def load_record(line: str | bytes) -> Record:
    """Read one JSON line; raise ArchiveError naming the field that is wrong.

    >>> load_record('{"at": "2023-06-02T13:29:00Z", "text": "It rained."}').text
    'It rained.'
    """
    try:
        record = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArchiveError(f"not a record: {error}; see docs/record.schema.json") from None
    return _checked(record)


def dump_record(record: Record) -> str:
    """Write one JSON line, without the line's end: same record, same bytes."""
    return _encoder.encode(record).decode()


def instant(text: str) -> dt.datetime:
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


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a record, for parsers written in any language."""
    schema = json.loads(msgspec.json.encode(msgspec.json.schema(Record)))
    definition = schema["$defs"]["Record"]
    bodies: list[dict[str, Any]] = [{"required": [name]} for name in ("text", "html", "markdown")]
    definition["allOf"] = [{"oneOf": bodies}, {"oneOf": [{"required": ["at"]}, {"required": ["date"]}]}]
    definition["properties"]["at"]["format"] = "date-time"
    definition["properties"]["topics"]["items"]["pattern"] = f"^{_SLUG.pattern}$"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _checked(record: Record) -> Record:
    if bool(record.at) == (record.date is not None):
        raise ArchiveError("a record needs either `at` (an instant) or `date` (no time is known)")
    if record.at:
        instant(record.at)
    for field, value in (("updated", record.updated), ("captured", _captured(record))):
        if value:
            _in_field(field, instant, value)
    if record.source:
        _in_field("url", check_address, record.source.url)
    bodies = [body for body in (record.text, record.html, record.markdown) if body is not UNSET]
    if len(bodies) != 1:
        raise ArchiveError("a record needs exactly one of `text`, `html`, `markdown`")
    if not record.headline.strip() and not str(bodies[0]).strip():
        raise ArchiveError("a record needs a headline or a body: both are empty")
    for slug in record.topics:
        check_slug(slug)
    check_text(msgspec.to_builtins(record))
    return record


def check_address(url: str, line: int = 0) -> str:
    """Return a page's address, which may be "", or raise: it becomes a link that readers follow."""
    if url and not is_address(url):
        cure = "write https://host/…, no name or password before the host, 2,048 characters at most"
        raise ArchiveError(f"not an address of the web: {url[:60]!r}; {cure}", line=line)
    return url


def is_address(text: str) -> bool:
    """Say whether a text is a whole address of the web, fit to be a link."""
    return bool(_ADDRESS.fullmatch(text))


def check_slug(slug: str) -> str:
    """Return a topic's slug, or raise: it becomes an address and a file name."""
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise ArchiveError(f"impossible topic {slug!r}: a slug is a-z, 0-9 and single hyphens, 80 at most")
    return slug


def _captured(record: Record) -> str:
    return record.source.captured if record.source else ""


def _in_field(field: str, read: Callable[[str], object], value: str) -> None:
    try:
        read(value)
    except ArchiveError as error:
        raise ArchiveError(f"`{field}`: {error.reason}") from None
