"""Records: the exchange format between parsers and ingest, one JSON object per line.

The types below define the format; docs/architecture.md explains it and `record_schema`
publishes it for parsers in other languages.
"""

import datetime as dt
import json
from collections.abc import Callable
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from daybook.core.errors import ArchiveError
from daybook.core.model import Caption, DateBasis, Source
from daybook.core.text import SLUG_PATTERN, check_characters, check_slug, check_url, parse_instant


class PageSource(Source, frozen=True, kw_only=True):
    """The page a record comes from, the same in all records of a page.

    `lede` and `captions` belong to `date`, the live blog's own day (``YYYY-MM-DD``).
    """

    captions: tuple[Caption, ...] = ()


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One parsed entry: an instant (`at`) or only a `date`, and exactly one body."""

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
    """Parse and check one JSON line; raise ArchiveError with the name of the invalid field.

    >>> load_record('{"at": "2023-06-02T13:29:00Z", "text": "It rained."}').text
    'It rained.'
    """
    try:
        record = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArchiveError(f"invalid record: {error}; see docs/record.schema.json") from None
    if bool(record.at) == (record.date is not None):
        raise ArchiveError("set either `at`, a time with a UTC offset, or `date` if the time is unknown, not both")
    if record.at:
        parse_instant(record.at)
    source = record.source or PageSource()
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "updated": (parse_instant, record.updated),
        "captured": (parse_instant, source.captured),
        "url": (check_url, source.url),
    }
    for field, (check, value) in checks.items():
        try:
            if value:
                check(value)
        except ArchiveError as error:
            raise ArchiveError(f"`{field}`: {error.reason}") from None
    bodies = [body for body in (record.text, record.html, record.markdown) if body is not UNSET]
    if len(bodies) != 1:
        raise ArchiveError("a record needs exactly one of `text`, `html`, `markdown`")
    if not record.headline.strip() and not str(bodies[0]).strip():
        raise ArchiveError("the headline and the body are empty; add one of them")
    for slug in record.topics:
        check_slug(slug)
    check_characters(msgspec.to_builtins(record))
    return record


def dump_record(record: Record) -> str:
    """Write a record as one JSON line without its line end; equal records give equal text."""
    return _encoder.encode(record).decode()


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record."""
    schema = json.loads(msgspec.json.encode(msgspec.json.schema(Record)))
    for definition in schema["$defs"].values():
        # Before Python 3.13 docstrings keep the indentation of the source.
        definition["description"] = cleandoc(definition["description"])
    record = schema["$defs"]["Record"]
    bodies: list[dict[str, Any]] = [{"required": [name]} for name in ("text", "html", "markdown")]
    record["allOf"] = [{"oneOf": bodies}, {"oneOf": [{"required": ["at"]}, {"required": ["date"]}]}]
    record["properties"]["at"]["format"] = "date-time"
    record["properties"]["topics"]["items"]["pattern"] = f"^{SLUG_PATTERN.pattern}$"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
