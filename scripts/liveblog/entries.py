"""Record → Entry: the body as Markdown, the instant as a date and a time in the archive's zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct

from .errors import ArchiveError
from .markup import check_body, from_text
from .model import Entry
from .parsing.html_body import html_to_markdown
from .records import Record, RecordSource, check_date, instant


class Incoming(Struct, frozen=True, kw_only=True):
    """An entry on its way into the day file of `date`; it has no anchor and no sources yet.

    `covered` are the minutes of `date` that its page covered, first to last entry.
    """

    date: dt.date
    entry: Entry
    source: RecordSource | None
    covered: tuple[int, int] | None = None


def incoming(record: Record, zone: ZoneInfo) -> Incoming:
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
        found=record.found,
    )
    return Incoming(date=date, entry=entry, source=record.source)


def _moment(record: Record, zone: ZoneInfo) -> tuple[dt.date, dt.time | None, str]:
    """Give date, time, and the whole instant where those two and the zone do not say it."""
    if record.date is not None:
        return check_date(record.date), None, ""
    exact = instant(record.at)
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
    return from_text(str(record.text))
