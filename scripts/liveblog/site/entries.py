"""Entry → EntryView: text rendered, clocks read, sources looked up, other wordings compared."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct

from ..errors import ArchiveError
from ..identity import digest
from ..markup import plain_text, render
from ..model import Day, Entry, Source, Wording, day_number, instant
from ..records import instant as moment
from ..revisions import carriers, settled
from ..settings import Settings
from .changes import changed, changed_line
from .views import Clock, DayName, EntryView, Revision, SourceView, TopicName

_MADE_LENGTH = 80  # characters of text that stand for a headline that nobody gave


class EntryScene(Struct, frozen=True, kw_only=True):
    """What entries of one day have in common."""

    day: Day
    name: DayName
    settings: Settings

    def source(self, entry: Entry, key: str) -> SourceView:
        """Look up a source of the day; an unknown key is an ArchiveError."""
        for source in self.day.sources:
            if source.key == key:
                return source_view(source, self.settings)
        known = ", ".join(source.key for source in self.day.sources) or "none"
        reason = f"the entry {entry.anchor} names the source {key!r}; the day has {known}"
        raise ArchiveError(f"{self.day.date}: {reason}")


def entry_view(entry: Entry, text: str, topics: tuple[TopicName, ...], scene: EntryScene) -> EntryView:
    """Give an entry, whose plain text is `text`, as pages show it; an unknown source key is an ArchiveError."""
    day, settings, entry = scene.day, scene.settings, settled(entry)
    at = instant(day.date, entry, settings.zone)
    return EntryView(
        anchor=entry.anchor,
        path=f"{scene.name.path}#{entry.anchor}",
        day=scene.name,
        time=entry.time,
        instant=utc_text(at) if at else "",
        clocks=tuple(_clock(place, zone, at, day.date) for place, zone in settings.places) if at else (),
        headline=entry.headline or made_headline(text),
        made=not entry.headline,
        html=Markup(render(entry.body)),
        text=text,
        topics=topics,
        sources=tuple(scene.source(entry, key) for key in entry.sources),
        carriers=tuple(scene.source(entry, key) for key in carriers(entry)),
        key=entry.key,
        lang=entry.lang or day.lang,
        by_hand=entry.ingested != digest(entry),
        updated=utc_text(dt.datetime.fromisoformat(entry.updated)) if entry.updated else "",
        authors=entry.authors,
        former=_former(entry, scene),
        beside=tuple(_revision(entry, _wording(entry), said, said, scene) for said in entry.beside),
        absent=tuple(scene.source(entry, key) for key in entry.absent),
    )


def _former(entry: Entry, scene: EntryScene) -> tuple[Revision, ...]:
    wordings = (*entry.former, _wording(entry))
    return tuple(_revision(entry, old, new, old, scene) for old, new in pairwise(wordings))


def _revision(entry: Entry, old: Wording, new: Wording, hidden: Wording, scene: EntryScene) -> Revision:
    """Compare a wording with the one after it; the source is the first page that printed the `hidden` one."""
    return Revision(
        headline=changed_line(old.headline, new.headline),
        html=changed(plain_text(old.body), plain_text(new.body)),
        source=scene.source(entry, hidden.sources[0]) if hidden.sources else None,
    )


def _wording(entry: Entry) -> Wording:
    return Wording(headline=entry.headline, body=entry.body)


def source_view(source: Source, settings: Settings) -> SourceView:
    """Give a source with our number beside the one its page printed."""
    ours = day_number(source.date, settings.first_day) if source.date else None
    return SourceView(
        title=source.title,
        outlet=source.outlet,
        url=source.url,
        date=source.date,
        printed_day=source.printed_day,
        our_number=ours,
        standfirst=source.standfirst,
        captured=source.captured,
        sha256=source.sha256,
        counts_differently=None not in (source.printed_day, source.date) and source.printed_day != ours,
    )


def made_headline(text: str) -> str:
    """Make a display title of a text's beginning, cut between words.

    >>> made_headline("Rain fell on the harbour all morning, and the ferries stayed where they were.")
    'Rain fell on the harbour all morning, and the ferries stayed where they were.'
    """
    first = text.split("\n\n", 1)[0]
    if len(first) <= _MADE_LENGTH:
        return first
    return first[:_MADE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def utc_text(at: dt.datetime) -> str:
    """Write an instant in UTC as RFC 3339: ``2023-06-02T13:29:00Z``."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def utc_moment(captured: str) -> str:
    """Write a page's capture time in UTC; "" where it has none, or one that a person typed in another form."""
    try:
        return utc_text(moment(captured)) if captured else ""
    except ArchiveError:
        return ""


def _clock(place: str, zone: ZoneInfo, at: dt.datetime, date: dt.date) -> Clock:
    there = at.astimezone(zone)
    minute = there.time().replace(second=0, microsecond=0)
    return Clock(place=place, time=minute, shift=(there.date() - date).days)
