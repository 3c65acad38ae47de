"""DayView → entries.json: what a day's page shows, as data beside it."""

import msgspec

from .views import DayView, EntryView, SourceView


class SourceData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source; entries name it by its place in the list, the first is 1."""

    title: str = ""
    outlet: str = ""
    url: str = ""
    date: str = ""
    printed_day: int | None = None
    captured: str = ""
    sha256: str = ""


class EntryData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry; `at` is its instant in UTC, absent where the entry has no time.

    `made` is true where the headline was made from the text; paragraphs of `text` are
    separated by blank lines; `topics` are slugs.
    """

    anchor: str
    at: str = ""
    headline: str
    made: bool = False
    text: str
    topics: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    authors: tuple[str, ...] = ()
    updated: str = ""
    lang: str = ""
    key: bool = False
    by_hand: bool = False


class DayData(msgspec.Struct, frozen=True, kw_only=True):
    """A day; `number` is null before day 1, `collected` are minutes after midnight."""

    date: str
    number: int | None
    title: str
    lede: str
    collected: tuple[tuple[int, int], ...]
    sources: tuple[SourceData, ...]
    entries: tuple[EntryData, ...]


def day_data(day: DayView) -> bytes:
    """Give a day's entries.json."""
    data = DayData(
        date=day.link.date.isoformat(),
        number=day.link.number,
        title=day.link.title,
        lede=day.lede_text,
        collected=day.collected,
        sources=tuple(_source(source) for source in day.sources),
        entries=tuple(_entry(entry, day.sources) for entry in day.entries),
    )
    return msgspec.json.encode(data) + b"\n"


def _source(source: SourceView) -> SourceData:
    return SourceData(
        title=source.title,
        outlet=source.outlet,
        url=source.url,
        date=source.date.isoformat() if source.date else "",
        printed_day=source.printed_day,
        captured=source.captured,
        sha256=source.sha256,
    )


def _entry(entry: EntryView, sources: tuple[SourceView, ...]) -> EntryData:
    return EntryData(
        anchor=entry.anchor,
        at=entry.instant,
        headline=entry.headline,
        made=entry.made,
        text=entry.text,
        topics=tuple(topic.slug for topic in entry.topics),
        sources=tuple(sources.index(source) + 1 for source in entry.sources),
        authors=entry.authors,
        updated=entry.updated,
        lang=entry.lang,
        key=entry.key,
        by_hand=entry.by_hand,
    )
