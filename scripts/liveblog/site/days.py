"""Edition → DayView: what stands on one day's page."""

import datetime as dt
from bisect import bisect_left

from markupsafe import Markup

from ..markup import plain_text, render
from .edition import Edition, topics_in
from .entries import source_view
from .views import CaptionView, DayLink, DayView, EntryView

_ONE_DAY = dt.timedelta(days=1)


def day_view(edition: Edition, date: dt.date) -> DayView:
    """Compose the page of a date that the archive has."""
    day, entries = edition.days[date], edition.entries[date]
    previous, following = neighbours(edition, date)
    sources = tuple(source_view(source, edition.settings) for source in day.sources)
    return DayView(
        link=edition.links[date],
        lang=day.lang,
        lede=Markup(render(day.lede)),
        lede_text=plain_text(day.lede),
        entries=entries,
        sources=sources,
        captions=tuple(CaptionView(text=caption.text, credit=caption.credit) for caption in day.captions),
        collected=day.collected,
        topics=topics_in(entries),
        previous=previous,
        next=following,
        evening_before=evening_before(edition, date),
        carried_by=tuple(source for source in sources if source.date and source.date > date),
    )


def neighbours(edition: Edition, date: dt.date) -> tuple[DayLink | None, DayLink | None]:
    """Give the nearest days before and after a date that have a page."""
    dates = edition.dates
    place = bisect_left(dates, date)
    before = edition.links[dates[place - 1]] if place else None
    after = edition.links[dates[place + 1]] if place + 1 < len(dates) else None
    return before, after


def evening_before(edition: Edition, date: dt.date) -> tuple[EntryView, ...]:
    """Give the entries of the day before that the live blog of this date carried."""
    if date == dt.date.min:
        return ()
    return tuple(
        entry
        for entry in edition.entries.get(date - _ONE_DAY, ())
        if any(source.date == date for source in entry.sources)
    )
