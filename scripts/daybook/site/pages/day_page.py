"""Day pages: their views, tombstones and links to correct an entry."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup

from daybook.archive.content import day_file_path
from daybook.archive.day_head import Head, day_heads
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import Entry, parse_entry_key, without_tombstones
from daybook.site.views.catalog import Catalog, topics_on_days
from daybook.site.views.citations import citation_forms, cite_entry
from daybook.site.views.entry_view import source_view
from daybook.site.views.urls import entry_url
from daybook.site.views.view_models import DayName, DayView, EntryView, HeadView, TombstoneView, day_name

Item = TypeVar("Item")


def day_inputs(catalog: Catalog, date: dt.date) -> object:
    """Return everything that `day_view` reads, in a form that can be digested."""
    related = [catalog.related.get((date, anchor), ()) for anchor in catalog.summaries[date].anchors]
    stories = [catalog.stories.at_entry(date, anchor) for anchor in catalog.summaries[date].anchors]
    return catalog.day_cache.keys[date], neighbouring_days(catalog, date), related, stories


def day_view(catalog: Catalog, date: dt.date) -> DayView:
    """Return the view of a day that the archive has."""
    day = without_tombstones(catalog.day_cache.day(date))
    previous, following = neighbouring_days(catalog, date)
    sources = tuple(source_view(source, catalog.config) for source in day.sources)
    entries, stories = catalog.day_cache.views(date), catalog.stories
    return DayView(
        link=catalog.links[date],
        lang=day.lang,
        lede=Markup(render_markdown(day.lede)),
        lede_text=plain_text(day.lede),
        entries=entries,
        sources=sources,
        captions=day.captions,
        collected=day.collected,
        topics=topics_on_days(catalog, [date]),
        previous=previous,
        next=following,
        previous_evening=previous_evening(catalog, date),
        related={entry.anchor: links for entry in entries if (links := catalog.related.get((date, entry.anchor), ()))},
        stories={entry.anchor: story for entry in entries if (story := stories.at_entry(date, entry.anchor)[0])},
        similar={entry.anchor: links for entry in entries if (links := stories.at_entry(date, entry.anchor)[1])},
        citations={
            entry.anchor: citation_forms(cite_entry(entry, catalog.config)) for entry in entries if not entry.page
        },
        other_heads=tuple(_head_view(head) for head in day_heads(day)[1:]),
        carried_by=tuple(source for source in sources if source.date and source.date > date),
    )


def _head_view(head: Head) -> HeadView:
    lede = Markup(render_markdown(head.lede))
    return HeadView(outlet=head.outlet, title=head.title, standfirst=head.standfirst, lede=lede)


def neighbouring_days(catalog: Catalog, date: dt.date) -> tuple[DayName | None, DayName | None]:
    """Return the nearest days before and after a date that have a page."""
    dates = catalog.dates
    index = bisect_left(dates, date)
    before = day_name(dates[index - 1], catalog.config) if index else None
    after = day_name(dates[index + 1], catalog.config) if index + 1 < len(dates) else None
    return before, after


def with_neighbours(items: Iterable[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    """Yield each item between the one before and the one after it."""
    items = list(items)
    return zip([None, *items], items, [*items[1:], None], strict=False)


def previous_evening(catalog: Catalog, date: dt.date) -> tuple[EntryView, ...]:
    """Return the entries of the day before that the live blog of this date contained."""
    before = date - dt.timedelta(days=1) if date > dt.date.min else None
    entries = catalog.day_cache.views(before) if before in catalog.links else ()
    return tuple(entry for entry in entries if any(source.date == date for source in entry.carriers))


def tombstone_views(entries: Iterable[Entry]) -> tuple[TombstoneView, ...]:
    """Return withdrawn and moved entries as the page of their day shows them."""
    views = []
    for entry in entries:
        date, anchor = parse_entry_key(entry.moved) if entry.moved else (None, "")
        path = entry_url(date, anchor) if date else ""
        views.append(
            TombstoneView(anchor=entry.anchor, time=entry.time, reason=entry.withdrawn, moved_to=date, path=path)
        )
    return tuple(views)


def correction_links(repository: str, content: Path, date: dt.date, lines: dict[str, int]) -> dict[str, str]:
    """Return the URL of each entry's line in the repository by anchor, and that of the file under "".

    `lines` are the line numbers of entries by anchor; an entry that a person typed without an anchor has none.
    """
    file = day_file_path(Path(content.name), date).as_posix()
    url = f"{repository.rstrip('/')}/blob/HEAD/{file}?plain=1"
    return {"": url} | {anchor: f"{url}#L{line}" for anchor, line in lines.items()}
