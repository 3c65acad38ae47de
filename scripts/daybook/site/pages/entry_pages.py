"""The page of each entry: its text, its sources, its story, how to cite it, and the entries before and after it."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

from daybook.core.model import EntryKey
from daybook.site.pages.day_page import DayEvents, day_events, similar_entries, without_reports
from daybook.site.views.catalog import Catalog
from daybook.site.views.citations import citation_forms, cite_entry
from daybook.site.views.entry_view import has_page, opening
from daybook.site.views.urls import entry_page_url, entry_url
from daybook.site.views.view_models import EntryLink, EntryView, PageRoute, day_name


def entry_pages(catalog: Catalog, dates: Iterable[dt.date]) -> Iterator[PageRoute]:
    """Yield the routes of the pages of all entries of some days that have one, and from withdrawn and moved entries."""
    if catalog.config.entry_pages == "none":
        return
    known = lru_cache(2)(partial(_known_day, catalog))
    named = (catalog.config.name, catalog.config.paths.siteurl)  # in citations
    for date in dates:
        summary = catalog.summary(date)
        day_key = catalog.day_cache.keys[date]
        links = [
            nearest_entry(catalog, date, -1),
            *(_link(catalog, date, anchor) for anchor in _anchors(catalog, date)),
        ]
        links.append(nearest_entry(catalog, date, 1))
        for number, anchor in enumerate(_anchors(catalog, date), start=1):
            before, after = links[number - 1], links[number + 1]
            others = (catalog.related_links((date, anchor)), catalog.stories.at_entry(date, anchor))
            inputs = (day_key, anchor, before, after, others, named)
            values = partial(_values, catalog, known, (date, anchor), (before, after))
            yield PageRoute(entry_page_url(date, anchor), "entry", inputs, values)
        for entry in summary.tombstones:
            path, name = entry_page_url(date, entry.anchor), day_name(date, catalog.config)
            target = entry_url(date, entry.anchor)
            yield PageRoute(path, "redirect", (target, name), partial(dict, target=target, day=name))


def _anchors(catalog: Catalog, date: dt.date) -> list[str]:
    """Return the anchors of a day's entries that have a page."""
    summary = catalog.summary(date)
    pairs = zip(summary.anchors, summary.entry_headlines, strict=True)
    return [anchor for anchor, headline in pairs if has_page(headline.key, catalog.config)]


def _link(catalog: Catalog, date: dt.date, anchor: str) -> EntryLink:
    summary = catalog.summary(date)
    time = summary.times[summary.anchors.index(anchor)]
    return EntryLink(path=entry_page_url(date, anchor), day=day_name(date, catalog.config), time=time)


def nearest_entry(catalog: Catalog, date: dt.date, step: int) -> EntryLink | None:
    """Return the nearest entry with a page on the days before (`step` -1) or after (1)."""
    nearest = nearest_entry_date(catalog, date, step)
    return _link(catalog, nearest, _anchors(catalog, nearest)[-1 if step < 0 else 0]) if nearest else None


def nearest_entry_date(catalog: Catalog, date: dt.date, step: int) -> dt.date | None:
    """Return the date of that entry."""
    dates = catalog.entry_page_dates
    number = bisect_left(dates, date) - 1 if step < 0 else bisect_right(dates, date)
    return dates[number] if 0 <= number < len(dates) else None


def _known_day(catalog: Catalog, date: dt.date) -> tuple[dict[str, EntryView], DayEvents]:
    """Return the entries of a day by their anchors, and which of them report one event."""
    entries = catalog.day_cache.views(date)
    return {entry.anchor: entry for entry in entries}, day_events(catalog, date, entries)


def _values(
    catalog: Catalog,
    known_day: Callable[[dt.date], tuple[dict[str, EntryView], DayEvents]],
    key: EntryKey,
    neighbours: tuple[EntryLink | None, EntryLink | None],
) -> dict[str, Any]:
    date, anchor = key
    entries, events = known_day(date)
    entry, numbers = entries[anchor], list(entries)
    story = catalog.stories.at_entry(date, anchor)[0]
    reports = (other for other in events.reports_of(anchor) if other != anchor)
    cited = cite_entry(entry, catalog.config)
    return {
        "entry": entry,
        "outlet": cited.outlet if entry.sources or entry.carriers else "",
        "beginning": opening(entry.text),
        "cited": cited,
        "citations": citation_forms(cited),
        "story": story and without_reports(story, date, events.reports_of(anchor)),
        "reports": [catalog.entry_link((date, numbers.index(other))) for other in reports],
        "similar": similar_entries(catalog, date, anchor, events),
        "before": neighbours[0],
        "after": neighbours[1],
    }
