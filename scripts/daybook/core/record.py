"""Record ⇄ JSON line: how any parser, ours or another's, hands entries over.

One JSON object a line. The shape is the contract in docs/architecture.md; the types
below are its only definition, and `json_schema` publishes them for others.
"""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from daybook.core.errors import ArchiveError
from daybook.core.model import DateBasis, PrintedDayNumber
from daybook.core.text import SLUG_PATTERN, check_characters, check_slug, check_url, parse_instant


class Caption(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A picture's caption and its credit, once for each picture."""

    text: str
    credit: str = ""


class PageSource(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The page a record was read from; every record of a page carries the same one.

    `lede` and `captions` belong to `date`, the live blog's own day (``YYYY-MM-DD``).
    """

    url: str = ""
    title: str = ""
    outlet: str = ""
    captured: str = ""
    sha256: str = ""
    printed_day: PrintedDayNumber | None = None
    date: dt.date | None = None
    standfirst: str = ""
    lede: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()


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
    found: DateBasis | None = None
    source: PageSource | None = None


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


def record_schema() -> dict[str, Any]:
    """Give the JSON Schema of a record, for parsers written in any language."""
    schema = json.loads(msgspec.json.encode(msgspec.json.schema(Record)))
    definition = schema["$defs"]["Record"]
    bodies: list[dict[str, Any]] = [{"required": [name]} for name in ("text", "html", "markdown")]
    definition["allOf"] = [{"oneOf": bodies}, {"oneOf": [{"required": ["at"]}, {"required": ["date"]}]}]
    definition["properties"]["at"]["format"] = "date-time"
    definition["properties"]["topics"]["items"]["pattern"] = f"^{SLUG_PATTERN.pattern}$"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _checked(record: Record) -> Record:
    if bool(record.at) == (record.date is not None):
        raise ArchiveError("a record needs either `at` (an instant) or `date` (no time is known)")
    if record.at:
        parse_instant(record.at)
    for field, value in (("updated", record.updated), ("captured", _captured(record))):
        if value:
            _in_field(field, parse_instant, value)
    if record.source:
        _in_field("url", check_url, record.source.url)
    bodies = [body for body in (record.text, record.html, record.markdown) if body is not UNSET]
    if len(bodies) != 1:
        raise ArchiveError("a record needs exactly one of `text`, `html`, `markdown`")
    if not record.headline.strip() and not str(bodies[0]).strip():
        raise ArchiveError("a record needs a headline or a body: both are empty")
    for slug in record.topics:
        check_slug(slug)
    check_characters(msgspec.to_builtins(record))
    return record


def _captured(record: Record) -> str:
    return record.source.captured if record.source else ""


def _in_field(field: str, read: Callable[[str], object], value: str) -> None:
    try:
        read(value)
    except ArchiveError as error:
        raise ArchiveError(f"`{field}`: {error.reason}") from None
