"""Day pages: their views, tombstones and links to correct an entry."""

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.content import day_file_path
from daybook.archive.day_head import Head, day_heads
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import Entry, parse_entry_key, without_tombstones
from daybook.site.views.catalog import Catalog, topics_on_days
from daybook.site.views.entry_view import source_view
from daybook.site.views.main_entries import reports_by_first
from daybook.site.views.urls import entry_url, week_url
from daybook.site.views.view_models import (
    DayLink,
    DayView,
    EntryLink,
    EntryStory,
    EntryView,
    HeadView,
    HoursView,
    OutletView,
    TombstoneView,
)

Item = TypeVar("Item")
_STRIP_HOURS = 3  # in each part of the strip of hours
_MAX_SIMILAR = 3  # similar entries that an entry names


def day_inputs(catalog: Catalog, date: dt.date) -> object:
    """Return everything that `day_view` reads, in a form that can be digested."""
    summary = catalog.summary(date)
    related = [catalog.related_links((date, anchor)) for anchor in summary.anchors]
    marks = [catalog.outlet_marks[name] for name in dict.fromkeys(summary.outlets) if name]
    before = catalog.summary(_day_before(date)) if _day_before(date) in catalog.links else None
    evening = (before.headlines, before.times) if before else None
    stories = [catalog.stories.at_entry(date, anchor) for anchor in summary.anchors]
    keys = catalog.day_cache.keys
    before_key = keys.get(_day_before(date))  # a page may show the evening before, with its topics
    return keys[date], before_key, neighbouring_days(catalog, date), related, marks, evening, stories


def day_view(catalog: Catalog, date: dt.date) -> DayView:
    """Return the view of a day that the archive has."""
    day = without_tombstones(catalog.day_cache.day(date))
    previous, following = neighbouring_days(catalog, date)
    sources = tuple(source_view(source, catalog.config) for source in day.sources)
    entries, stories = catalog.day_cache.views(date), catalog.stories
    heads = [_head_view(head) for head in day_heads(day)]
    events = day_events(catalog, date, entries)
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
        stories={
            entry.anchor: without_reports(story, date, events.reports_of(entry.anchor))
            for entry in entries
            if (story := stories.at_entry(date, entry.anchor)[0])
        },
        source_keys=tuple(source.key for source in day.sources),
        week=week_url(date),
        outlets=_outlet_views(catalog, date),
        hours=_hours(entries, day.collected),
        similar={
            entry.anchor: links for entry in entries if (links := similar_entries(catalog, date, entry.anchor, events))
        },
        reports={
            first: tuple(catalog.entry_link((date, _position(entries, anchor))) for anchor in anchors)
            for first, anchors in events.reports.items()
        },
        folded=events.first_of,
        first_head=heads[0] if heads else HeadView(outlet="", title="", standfirst="", lede=Markup("")),
        other_heads=tuple(heads[1:]),
        carried_by=tuple(source for source in sources if source.date and source.date > date),
    )


class DayEvents(Struct, frozen=True):
    """Which entries of a day report one event, by their anchors."""

    reports: dict[str, tuple[str, ...]]  # by the first report, the later ones
    first_of: dict[str, str]  # by a later report, the first one

    def reports_of(self, anchor: str) -> tuple[str, ...]:
        """Return all reports of an entry's event, in order of time; the entry alone if there is no other."""
        first = self.first_of.get(anchor, anchor)
        return first, *self.reports.get(first, ())


def day_events(catalog: Catalog, date: dt.date, entries: Sequence[EntryView]) -> DayEvents:
    """Return which entries of a day report one event; `entries` are those of the day."""
    similar = [(one[1], other[1]) for one, other in catalog.summary(date).similar if one[0] == other[0]]
    reports = reports_by_first(entries, similar)
    return DayEvents(reports, {anchor: first for first, anchors in reports.items() for anchor in anchors})


def similar_entries(catalog: Catalog, date: dt.date, anchor: str, events: DayEvents) -> tuple[EntryLink, ...]:
    """Return the nearest similar entries, at most three, in order of time.

    Their texts are alike, or they are on the subject of another story. Entries that are linked as reports of the same
    event or as chapters of the same story are not among them.
    """
    story, others = catalog.stories.at_entry(date, anchor)
    linked = {entry_url(date, report) for report in events.reports_of(anchor)}
    if story:
        linked.update(chapter.path for chapter in (story.first, story.earlier, story.later) if chapter)
    links = {link.path: link for link in (*others, *catalog.related_links((date, anchor))) if link.path not in linked}
    nearest = sorted(links.values(), key=lambda link: (abs((link.day.date - date).days), link.path))[:_MAX_SIMILAR]
    return tuple(sorted(nearest, key=lambda link: (link.day.date, link.time or dt.time.min, link.path)))


def without_reports(story: EntryStory, date: dt.date, anchors: Sequence[str]) -> EntryStory:
    """Return what an entry shows of its story without reports of the same event, which are linked as such."""
    same = {entry_url(date, anchor) for anchor in anchors}
    shown = {name: getattr(story, name) for name in ("first", "earlier", "later")}
    return replace(story, **{name: None for name, chapter in shown.items() if chapter and chapter.path in same})


def _position(entries: Sequence[EntryView], anchor: str) -> int:
    return next(number for number, entry in enumerate(entries) if entry.anchor == anchor)


def _outlet_views(catalog: Catalog, date: dt.date) -> tuple[OutletView, ...]:
    counts = Counter(name for name in catalog.summary(date).outlets if name)
    marks = catalog.outlet_marks
    return tuple(OutletView(name=name, mark=marks[name], count=count) for name, count in counts.most_common())


def _hours(entries: Sequence[EntryView], collected: Sequence[tuple[int, int]]) -> tuple[HoursView, ...]:
    """Return the eight parts of a day's strip; an hour counts as collected if a span touches it."""
    by_hour = Counter(entry.time.hour for entry in entries if entry.time is not None)
    timed = [(entry.time.hour, entry.anchor) for entry in entries if entry.time is not None]
    return tuple(
        HoursView(
            start=start,
            counts=tuple(by_hour[hour] for hour in range(start, start + _STRIP_HOURS)),
            collected=tuple(
                any(first < 60 * (hour + 1) and last > 60 * hour for first, last in collected)
                for hour in range(start, start + _STRIP_HOURS)
            ),
            anchor=next((anchor for hour, anchor in timed if hour >= start), ""),
        )
        for start in range(0, 24, _STRIP_HOURS)
    )


def _head_view(head: Head) -> HeadView:
    lede = Markup(render_markdown(head.lede))
    return HeadView(outlet=head.outlet, title=head.title, standfirst=head.standfirst, lede=lede)


def neighbouring_days(catalog: Catalog, date: dt.date) -> tuple[DayLink | None, DayLink | None]:
    """Return the nearest days before and after a date that have a page."""
    dates = catalog.dates
    index = bisect_left(dates, date)
    before = catalog.links[dates[index - 1]] if index else None
    after = catalog.links[dates[index + 1]] if index + 1 < len(dates) else None
    return before, after


def with_neighbours(items: Iterable[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    """Yield each item between the one before and the one after it."""
    items = list(items)
    return zip([None, *items], items, [*items[1:], None], strict=False)


def previous_evening(catalog: Catalog, date: dt.date) -> tuple[EntryView, ...]:
    """Return the entries of the day before that the live blog of this date contained."""
    before = _day_before(date)
    entries = catalog.day_cache.views(before) if before in catalog.links else ()
    return tuple(entry for entry in entries if any(source.date == date for source in entry.carriers))


def _day_before(date: dt.date) -> dt.date:
    """Return the day before; of the first possible date itself."""
    return date - dt.timedelta(days=1) if date > dt.date.min else date


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
