"""Record → Entry: the body as Markdown, the instant as a date and a time in the archive's zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct

from daybook.core.errors import ArchiveError
from daybook.core.markdown import check_body, markdown_from_text
from daybook.core.model import Entry
from daybook.core.record import PageSource, Record
from daybook.core.text import check_date, parse_instant
from daybook.parse.web.to_markdown import html_to_markdown


class IncomingEntry(Struct, frozen=True, kw_only=True):
    """An entry on its way into the day file of `date`; it has no anchor and no sources yet.

    `covered` are the minutes of `date` that its page covered, first to last entry.
    """

    date: dt.date
    entry: Entry
    source: PageSource | None
    covered: tuple[int, int] | None = None


def entry_from_record(record: Record, zone: ZoneInfo) -> IncomingEntry:
    """Turn a record into the entry it would be; the same record gives the same entry."""
    date, time, whole = _moment(record, zone)
    entry = Entry(
        anchor="",
        time=time,
        at=whole,
        headline=" ".join(record.headline.split()),
        body=_body(record),
        topics=tuple(f"+{slug}" for slug in sorted(set(record.topics))),
        id=record.id,
        updated=record.updated,
        authors=record.authors,
        key=record.key,
        lang=record.lang,
        date_basis=record.found,
    )
    return IncomingEntry(date=date, entry=entry, source=record.source)


def _moment(record: Record, zone: ZoneInfo) -> tuple[dt.date, dt.time | None, str]:
    """Give date, time, and the whole instant where those two and the zone do not say it."""
    if record.date is not None:
        return check_date(record.date), None, ""
    exact = parse_instant(record.at)
    try:
        local = exact.astimezone(zone)
    except OverflowError:
        raise ArchiveError(f"impossible instant {record.at!r}: it has no date in the archive's zone") from None
    check_date(local.date())
    time = local.time().replace(second=0, microsecond=0, fold=0)
    # As timestamps: a clock time of a repeated hour equals no instant of another zone (PEP 495).
    said = dt.datetime.combine(local.date(), time, zone).timestamp() == exact.timestamp()
    return local.date(), time, "" if said else exact.isoformat()


def _body(record: Record) -> str:
    if record.html is not UNSET:
        return html_to_markdown(record.html)
    if record.markdown is not UNSET:
        body = re.sub(r"\A(?:[^\S\n]*\n)+", "", record.markdown.replace("\r\n", "\n")).rstrip()
        if any(row.startswith("## ") or row == "##" for row in body.split("\n")):
            raise ArchiveError("a line of `markdown` begins with ## and would open another entry; use ###")
        return check_body(body)
    return markdown_from_text(str(record.text))
