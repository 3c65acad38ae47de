"""Convert records to entries: the body to Markdown, the instant to a date and a time in the archive's time zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct

from daybook.core.errors import ArchiveError
from daybook.core.markdown import check_body, markdown_from_text
from daybook.core.model import Entry, local_time
from daybook.core.record import PageSource, Record
from daybook.core.text import check_characters, check_date, parse_instant


class IncomingEntry(Struct, frozen=True, kw_only=True):
    """An entry to merge into the day file of `date`, without anchor and source keys, and the page it was read from.

    `covered` is the part of `date` that the page covers, from its first to its last entry, in minutes after midnight.
    """

    date: dt.date
    entry: Entry
    source: PageSource | None
    covered: tuple[int, int] | None = None


def entry_from_record(record: Record, zone: ZoneInfo) -> IncomingEntry:
    """Return the entry of a record; raise an ArchiveError if no day file can have its date or body."""
    date, time, at = _local_time(record, zone)
    body = _body(record)
    check_characters(body)  # again: an entity can write what a file must not contain
    entry = Entry(
        anchor="",
        time=time,
        at=at,
        headline=" ".join(record.headline.split()),
        body=body,
        topics=tuple(f"+{slug}" for slug in sorted(set(record.topics))),
        date_basis=record.found,
        **{field: getattr(record, field) for field in ("id", "updated", "authors", "key", "lang")},
    )
    return IncomingEntry(date=date, entry=entry, source=record.source)


def _local_time(record: Record, zone: ZoneInfo) -> tuple[dt.date, dt.time | None, str]:
    """Return the local date, the local time, and the instant if date, time and zone do not determine it, else ""."""
    if record.date is not None:
        return check_date(record.date), None, ""
    exact = parse_instant(record.at)
    try:
        date, time, at = local_time(exact, zone)
    except OverflowError:
        raise ArchiveError(f"invalid time {record.at!r}: no date in the archive's time zone; correct it") from None
    return check_date(date), time, at


def _body(record: Record) -> str:
    if record.html is not UNSET:
        from daybook.parse.web.to_markdown import html_to_markdown  # noqa: PLC0415 - imports Beautiful Soup

        return html_to_markdown(record.html)
    if record.markdown is not UNSET:
        body = re.sub(r"\A(?:[^\S\n]*\n)+", "", record.markdown.replace("\r\n", "\n")).rstrip()
        if any(row.startswith("## ") or row == "##" for row in body.split("\n")):
            raise ArchiveError("a line of `markdown` begins with ##, which starts an entry in a day file; use ###")
        return check_body(body)
    return markdown_from_text(str(record.text))
