"""Edition → DayView: what stands on one day's page."""

import datetime as dt
from bisect import bisect_left

from markupsafe import Markup

from ..archive import living
from ..markup import plain_text, render
from .edition import Edition, topics_in
from .entries import source_view
from .names import day_name
from .views import CaptionView, DayName, DayView, EntryView

_ONE_DAY = dt.timedelta(days=1)


def day_inputs(edition: Edition, date: dt.date) -> object:
    """Give all that `day_view` reads, in a form to be digested."""
    linked = [edition.linked.get((date, anchor), ()) for anchor in edition.summaries[date].anchors]
    return edition.collection.keys[date], neighbours(edition, date), linked


def day_view(edition: Edition, date: dt.date) -> DayView:
    """Compose the page of a date that the archive has."""
    day = living(edition.collection.day(date))
    previous, following = neighbours(edition, date)
    sources = tuple(source_view(source, edition.settings) for source in day.sources)
    entries = edition.collection.views(date)
    return DayView(
        link=edition.links[date],
        lang=day.lang,
        lede=Markup(render(day.lede)),
        lede_text=plain_text(day.lede),
        entries=entries,
        sources=sources,
        captions=tuple(CaptionView(text=caption.text, credit=caption.credit) for caption in day.captions),
        collected=day.collected,
        topics=topics_in(edition, [date]),
        previous=previous,
        next=following,
        evening_before=evening_before(edition, date),
        linked={entry.anchor: others for entry in entries if (others := edition.linked.get((date, entry.anchor), ()))},
        carried_by=tuple(source for source in sources if source.date and source.date > date),
    )


def neighbours(edition: Edition, date: dt.date) -> tuple[DayName | None, DayName | None]:
    """Give the nearest days before and after a date that have a page."""
    dates = edition.dates
    place = bisect_left(dates, date)
    before = day_name(dates[place - 1], edition.settings) if place else None
    after = day_name(dates[place + 1], edition.settings) if place + 1 < len(dates) else None
    return before, after


def evening_before(edition: Edition, date: dt.date) -> tuple[EntryView, ...]:
    """Give the entries of the day before that the live blog of this date carried."""
    before = date - _ONE_DAY if date > dt.date.min else date
    if before == date or before not in edition.links:
        return ()
    return tuple(
        entry for entry in edition.collection.views(before) if any(source.date == date for source in entry.carriers)
    )
