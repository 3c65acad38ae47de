"""Edition → DayView: what stands on one day's page."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from daybook.archive.content import day_file_path
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import Entry, parse_entry_key, without_tombstones
from daybook.site.views.catalog import Catalog, topics_on_days
from daybook.site.views.entry_view import source_view
from daybook.site.views.urls import entry_url
from daybook.site.views.view_models import Caption, DayName, DayView, EntryView, TombstoneView, day_name

_ONE_DAY = dt.timedelta(days=1)


def day_inputs(edition: Catalog, date: dt.date) -> object:
    """Give all that `day_view` reads, in a form to be digested."""
    linked = [edition.related.get((date, anchor), ()) for anchor in edition.summaries[date].anchors]
    return edition.day_cache.keys[date], neighbouring_days(edition, date), linked


def day_view(edition: Catalog, date: dt.date) -> DayView:
    """Compose the page of a date that the archive has."""
    day = without_tombstones(edition.day_cache.day(date))
    previous, following = neighbouring_days(edition, date)
    sources = tuple(source_view(source, edition.settings) for source in day.sources)
    entries = edition.day_cache.views(date)
    return DayView(
        link=edition.links[date],
        lang=day.lang,
        lede=Markup(render_markdown(day.lede)),
        lede_text=plain_text(day.lede),
        entries=entries,
        sources=sources,
        captions=tuple(Caption(text=caption.text, credit=caption.credit) for caption in day.captions),
        collected=day.collected,
        topics=topics_on_days(edition, [date]),
        previous=previous,
        next=following,
        evening_before=entries_of_evening_before(edition, date),
        related={
            entry.anchor: others for entry in entries if (others := edition.related.get((date, entry.anchor), ()))
        },
        carried_by=tuple(source for source in sources if source.date and source.date > date),
    )


def neighbouring_days(edition: Catalog, date: dt.date) -> tuple[DayName | None, DayName | None]:
    """Give the nearest days before and after a date that have a page."""
    dates = edition.dates
    place = bisect_left(dates, date)
    before = day_name(dates[place - 1], edition.settings) if place else None
    after = day_name(dates[place + 1], edition.settings) if place + 1 < len(dates) else None
    return before, after


def entries_of_evening_before(edition: Catalog, date: dt.date) -> tuple[EntryView, ...]:
    """Give the entries of the day before that the live blog of this date carried."""
    before = date - _ONE_DAY if date > dt.date.min else date
    if before == date or before not in edition.links:
        return ()
    return tuple(
        entry for entry in edition.day_cache.views(before) if any(source.date == date for source in entry.carriers)
    )


def correction_links(repository: str, content: Path, date: dt.date, lines: dict[str, int]) -> dict[str, str]:
    """Return the URL in the repository of each entry of a day file, by anchor, and of the file itself, by "".

    `lines` are the entries' lines in that file, by anchor.
    """
    file = day_file_path(Path(content.name), date).as_posix()
    address = f"{repository.rstrip('/')}/blob/HEAD/{file}?plain=1"
    return {"": address} | {anchor: f"{address}#L{line}" for anchor, line in lines.items()}


def tombstone_views(entries: Iterable[Entry]) -> tuple[TombstoneView, ...]:
    """Give a day's tombstones as its page shows them."""
    return tuple(_view(entry) for entry in entries)


def _view(entry: Entry) -> TombstoneView:
    date, anchor = parse_entry_key(entry.moved) if entry.moved else (None, "")
    return TombstoneView(
        anchor=entry.anchor,
        time=entry.time,
        reason=entry.withdrawn,
        moved_to=date,
        path=entry_url(date, anchor) if date else "",
    )
