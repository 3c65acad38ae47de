"""Edition → the files under /data/ and the lists of addresses beside each topic."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

import msgspec

from daybook.archive.dataset import csv_header
from daybook.core.hashing import digest
from daybook.incremental.output import OutputFile
from daybook.site.views.catalog import Catalog, DayMentions
from daybook.site.views.urls import month_url, topic_month_url, topic_url
from daybook.site.views.view_models import DayView, EntryView, SourceView


def data_files(edition: Catalog) -> Iterator[OutputFile]:
    """Give the rows of each year, the table of topics, and each topic's entries by month."""
    for year, group in groupby(edition.dates, lambda date: date.year):
        dates = tuple(group)
        key = digest(edition.code_key, [edition.day_cache.keys[date] for date in dates])
        yield OutputFile(f"data/{year:04}.jsonl", key, partial(_year, edition, dates, 0))
        yield OutputFile(f"data/{year:04}.csv", key, partial(_year, edition, dates, 1))
    known = (edition.code_key, list(edition.topics.values()), list(edition.topic_links.values()))
    yield OutputFile(
        "data/topics.json", digest(*known), lambda: _json([_topic(edition, slug) for slug in edition.topics])
    )
    for slug in edition.topics:
        yield from topic_files(edition, slug)


def topic_files(edition: Catalog, slug: str) -> Iterator[OutputFile]:
    """Give a topic's months, and the addresses of the entries of each, oldest first."""
    months = edition.months[slug]
    rows = [
        {
            "month": f"{first:%Y-%m}",
            "count": sum(len(mention.positions) for _, mention in days),
            "path": f"{month_url(first)}entries.json",
        }
        for first, days in months.items()
    ]
    for first, days in months.items():
        key = digest(edition.code_key, days)
        yield OutputFile(f"{topic_month_url(slug, first)}entries.json", key, partial(_paths, edition, days))
    value = {**_topic(edition, slug), "months": rows}
    yield OutputFile(f"{topic_url(slug)}entries.json", digest(edition.code_key, value), partial(_json, value))


def _year(edition: Catalog, dates: Sequence[dt.date], form: int) -> bytes:
    head = csv_header() if form else b""
    return head + b"".join(edition.day_cache.rows(date)[form] for date in dates)


def _paths(edition: Catalog, days: Sequence[DayMentions]) -> bytes:
    return _json([edition.entry_link((date, place)).path for date, mention in days for place in mention.positions])


def _topic(edition: Catalog, slug: str) -> dict[str, object]:
    topic, link = edition.topics[slug], edition.topic_links[slug]
    return {
        "slug": slug,
        "name": topic.name,
        "kind": topic.kind,
        "aliases": list(topic.aliases),
        "former": list(topic.former_slugs),
        "entries": link.count,
        "days": link.days,
    }


def _json(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


class SourceJson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source; entries name it by its place in the list, the first is 1."""

    title: str = ""
    outlet: str = ""
    url: str = ""
    date: str = ""
    printed_day: int | None = None
    captured: str = ""
    sha256: str = ""


class EntryJson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
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


class DayJson(msgspec.Struct, frozen=True, kw_only=True):
    """A day; `number` is null before day 1, `collected` are minutes after midnight."""

    date: str
    number: int | None
    title: str
    lede: str
    collected: tuple[tuple[int, int], ...]
    sources: tuple[SourceJson, ...]
    entries: tuple[EntryJson, ...]


def dump_day_json(day: DayView) -> bytes:
    """Give a day's entries.json."""
    data = DayJson(
        date=day.link.date.isoformat(),
        number=day.link.number,
        title=day.link.title,
        lede=day.lede_text,
        collected=day.collected,
        sources=tuple(_source(source) for source in day.sources),
        entries=tuple(_entry(entry, day.sources) for entry in day.entries),
    )
    return msgspec.json.encode(data) + b"\n"


def _source(source: SourceView) -> SourceJson:
    return SourceJson(
        title=source.title,
        outlet=source.outlet,
        url=source.url,
        date=source.date.isoformat() if source.date else "",
        printed_day=source.printed_day,
        captured=source.captured,
        sha256=source.sha256,
    )


def _entry(entry: EntryView, sources: tuple[SourceView, ...]) -> EntryJson:
    return EntryJson(
        anchor=entry.anchor,
        at=entry.instant,
        headline=entry.headline,
        made=entry.derived,
        text=entry.text,
        topics=tuple(topic.slug for topic in entry.topics),
        sources=tuple(sources.index(source) + 1 for source in entry.sources),
        authors=entry.authors,
        updated=entry.updated,
        lang=entry.lang,
        key=entry.key,
        by_hand=entry.by_hand,
    )
