"""Data files: rows by year, the list of topics, and the ``entries.json`` of days and topics."""

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

_SOURCE_ORDER = ("title", "outlet", "url", "date", "printed_day", "captured", "sha256")
_REQUIRED_ENTRY_KEYS = {"anchor", "headline", "text"}


def data_files(catalog: Catalog) -> Iterator[OutputFile]:
    """Yield the rows of each year as JSON Lines and CSV, the list of topics, and the files of each topic."""
    for year, group in groupby(catalog.dates, lambda date: date.year):
        dates = tuple(group)
        key = digest(catalog.code_key, [catalog.day_cache.keys[date] for date in dates])
        yield OutputFile(f"data/{year:04}.jsonl", key, partial(_year_jsonl, catalog, dates))
        yield OutputFile(f"data/{year:04}.csv", key, partial(_year_csv, catalog, dates))
    inputs = (catalog.code_key, list(catalog.topics.values()), list(catalog.topic_links.values()))
    yield OutputFile(
        "data/topics.json", digest(*inputs), lambda: _dump_json([_topic_data(catalog, slug) for slug in catalog.topics])
    )
    for slug in catalog.topics:
        yield from topic_files(catalog, slug)


def _year_jsonl(catalog: Catalog, dates: Sequence[dt.date]) -> bytes:
    return b"".join(catalog.day_cache.rows(date)[0] for date in dates)


def _year_csv(catalog: Catalog, dates: Sequence[dt.date]) -> bytes:
    return csv_header() + b"".join(catalog.day_cache.rows(date)[1] for date in dates)


def topic_files(catalog: Catalog, slug: str) -> Iterator[OutputFile]:
    """Yield for each month of a topic the URLs of its entries, oldest first, and the topic with its months."""
    months = catalog.months[slug]
    rows = [
        {
            "month": f"{first:%Y-%m}",
            "count": sum(len(mention.positions) for _, mention in days),
            "path": f"{month_url(first)}entries.json",
        }
        for first, days in months.items()
    ]
    for first, days in months.items():
        key = digest(catalog.code_key, days)
        yield OutputFile(f"{topic_month_url(slug, first)}entries.json", key, partial(_entry_urls, catalog, days))
    data = {**_topic_data(catalog, slug), "months": rows}
    yield OutputFile(f"{topic_url(slug)}entries.json", digest(catalog.code_key, data), partial(_dump_json, data))


def _topic_data(catalog: Catalog, slug: str) -> dict[str, object]:
    topic, link = catalog.topics[slug], catalog.topic_links[slug]
    return {
        "slug": slug,
        "name": topic.name,
        "kind": topic.kind,
        "aliases": list(topic.aliases),
        "former": list(topic.former_slugs),
        "entries": link.count,
        "days": link.days,
    }


def _entry_urls(catalog: Catalog, days: Sequence[DayMentions]) -> bytes:
    return _dump_json(
        [catalog.entry_link((date, position)).path for date, mention in days for position in mention.positions]
    )


def dump_day_json(day: DayView) -> bytes:
    """Return the ``entries.json`` of a day.

    `number` is null before day 1, `collected` has minutes after midnight. Sources and entries
    lack empty values.
    """
    return _dump_json(
        {
            "date": day.link.date.isoformat(),
            "number": day.link.number,
            "title": day.link.title,
            "lede": day.lede_text,
            "collected": day.collected,
            "sources": [_source_data(source) for source in day.sources],
            "entries": [_entry_data(entry, day.sources) for entry in day.entries],
        }
    )


def _source_data(source: SourceView) -> dict[str, object]:
    data = msgspec.to_builtins(source)  # without empty fields
    return {name: data[name] for name in _SOURCE_ORDER if name in data}


def _entry_data(entry: EntryView, sources: tuple[SourceView, ...]) -> dict[str, object]:
    """Return an entry; `made` marks a derived headline, `sources` are positions in the day's list, from 1."""
    data: dict[str, object] = {
        "anchor": entry.anchor,
        "at": entry.instant,
        "headline": entry.headline,
        "made": entry.derived,
        "text": entry.text,
        "topics": [topic.slug for topic in entry.topics],
        "sources": [sources.index(source) + 1 for source in entry.sources],
        "authors": entry.authors,
        "updated": entry.updated,
        "lang": entry.lang,
        "key": entry.key,
        "by_hand": entry.by_hand,
    }
    return {key: value for key, value in data.items() if value or key in _REQUIRED_ENTRY_KEYS}


def _dump_json(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
