"""Data files: rows by year, the list of topics, and the ``entries.json`` of days and topics."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, groupby

import msgspec

from daybook.archive.dataset import csv_header, csv_with_url, jsonl_with_url
from daybook.core.hashing import digest
from daybook.core.markdown import plain_text
from daybook.core.model import without_tombstones
from daybook.incremental.output import OutputFile, static_output_files
from daybook.site.views.catalog import Catalog
from daybook.site.views.entry_view import source_view
from daybook.site.views.urls import SiteIdentity, topic_url
from daybook.site.views.view_models import EntryView, SourceView

_SOURCE_ORDER = ("title", "outlet", "url", "date", "printed_day", "captured", "sha256")
_REQUIRED_ENTRY_KEYS = {"anchor", "headline", "text"}


def data_files(catalog: Catalog, identity: SiteIdentity) -> Iterator[OutputFile]:
    """Yield the rows of each year, the list of topics, and each topic with the places of its entries."""
    for year, group in groupby(catalog.dates, lambda date: date.year):
        dates = tuple(group)
        key = digest(catalog.code_key, identity.siteurl, [catalog.day_cache.keys[date] for date in dates])
        yield OutputFile(f"data/{year:04}.jsonl", key, partial(_year_jsonl, catalog, identity, dates))
        yield OutputFile(f"data/{year:04}.csv", key, partial(_year_csv, catalog, identity, dates))
    topics = {slug: _topic_data(catalog, slug) for slug in catalog.topics}
    yield from static_output_files([("data/topics.json", _dump_json(list(topics.values())))])
    for slug, data in topics.items():
        key = digest(catalog.code_key, data, [month.digest for month in catalog.months[slug].values()])
        yield OutputFile(f"{topic_url(slug)}entries.json", key, partial(_dump_topic, catalog, data))


def _year_jsonl(catalog: Catalog, identity: SiteIdentity, dates: Sequence[dt.date]) -> bytes:
    lines = chain.from_iterable(map(catalog.day_cache.jsonl, dates))
    return b"".join(jsonl_with_url(line, identity.url) for line in lines) if identity.siteurl else b"".join(lines)


def _year_csv(catalog: Catalog, identity: SiteIdentity, dates: Sequence[dt.date]) -> bytes:
    records = chain.from_iterable(map(catalog.day_cache.csv, dates))
    lines = (csv_with_url(record, identity.url) for record in records) if identity.siteurl else records
    return csv_header() + b"".join(lines)


def _topic_data(catalog: Catalog, slug: str) -> dict[str, object]:
    topic, link = catalog.topics[slug], catalog.topic_links[slug]
    return {
        "slug": slug,
        "name": topic.name,
        "kind": topic.kind,
        "aliases": topic.aliases,
        "former": topic.former_slugs,
        "entries": link.count,
        "days": link.days,
    }


def _dump_topic(catalog: Catalog, data: dict[str, object]) -> bytes:
    """Return the ``entries.json`` of a topic: `data`, and the anchors of its entries by date, oldest first."""
    anchors = {day.date.isoformat(): day.anchors for day in catalog.topic_days(str(data["slug"]))}
    return _dump_json({**data, "anchors": anchors})


def dump_day_json(catalog: Catalog, date: dt.date) -> bytes:
    """Return the ``entries.json`` of a day.

    `number` is null before day 1, `collected` has minutes after midnight. Sources and entries lack empty values.
    """
    day, link = without_tombstones(catalog.day_cache.day(date)), catalog.links[date]
    sources = tuple(source_view(source, catalog.config) for source in day.sources)
    data = {
        "date": date,
        "number": link.number,
        "title": link.title,
        "lede": plain_text(day.lede),
        "collected": day.collected,
        "sources": [_source_data(source) for source in sources],
        "entries": [_entry_data(entry, sources) for entry in catalog.day_cache.views(date)],
    }
    return _dump_json(data)


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
