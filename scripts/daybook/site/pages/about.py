"""What an archive's data says about the archive: its size, outlets, and missing days and hours."""

import datetime as dt
from collections import Counter
from itertools import pairwise

from msgspec import Struct

from daybook.site.pages.routes import date_ranges
from daybook.site.views.catalog import Catalog, list_sources

_LISTED_GAPS = 30
_ONE_DAY = dt.timedelta(days=1)


class ArchiveFacts(Struct, frozen=True, kw_only=True):
    """Numbers of the about page. `gaps` are first and last dates of missing days, the first 30 of them."""

    days: int
    entries: int
    pages: int  # saved pages
    first: dt.date | None
    last: dt.date | None
    outlets: tuple[tuple[str, int], ...]  # names and entries, most entries first
    missing: int  # days between the first and the last one
    gaps: tuple[tuple[dt.date, dt.date], ...]
    more_gaps: bool
    unknown_hours: int  # days on which the hours collected are not recorded
    partial_hours: int  # days on which some hours were not collected


def archive_facts(catalog: Catalog) -> ArchiveFacts:
    """Return the facts of an archive."""
    ranges = date_ranges(catalog.dates)
    gaps = [(before[1] + _ONE_DAY, after[0] - _ONE_DAY) for before, after in pairwise(ranges)]
    outlets: Counter[str] = Counter()
    for month in catalog.month_summaries.values():
        outlets.update(month.outlets)
    return ArchiveFacts(
        days=catalog.counts["days"],
        entries=catalog.counts["entries"],
        pages=len(list_sources(catalog)),
        first=catalog.dates[0] if catalog.dates else None,
        last=catalog.dates[-1] if catalog.dates else None,
        outlets=tuple(sorted(outlets.items(), key=lambda pair: (-pair[1], pair[0]))),
        missing=sum((last - first).days + 1 for first, last in gaps),
        gaps=tuple(gaps[:_LISTED_GAPS]),
        more_gaps=len(gaps) > _LISTED_GAPS,
        unknown_hours=sum(month.unknown_hours for month in catalog.month_summaries.values()),
        partial_hours=sum(month.partial_hours for month in catalog.month_summaries.values()),
    )
