"""Feeds of entries in all formats of `FEED_FORMATS`, and the feed and log of changes.

Without SITEURL, links are relative; ids are the same with and without it.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import NamedTuple

import msgspec

from daybook.core.hashing import digest
from daybook.core.text import isolate_bidi, xml_attribute, xml_text
from daybook.incremental.output import OutputFile
from daybook.site.views.catalog import ArchiveChange, Catalog, EntryPosition
from daybook.site.views.feed_formats import (
    FEED_FORMATS,
    AtomHeader,
    Feed,
    FeedFormat,
    FeedItem,
    atom_document,
    day_start_utc,
    feed_item,
)
from daybook.site.views.urls import CHANGE_FEED, CHANGE_LOG, DAY_FEED, SiteIdentity, topic_url
from daybook.site.views.view_models import DayLink
from daybook.site.views.words import Interface, Words

_MAX_ITEMS = 100  # in a feed of the archive
_MAX_TOPIC_ITEMS = 50  # in the feed of a topic
_KEPT_ITEMS = 1024  # a new entry is in the feeds of several topics, beside the same earlier ones
_MAX_DAYS = 30  # in the feed of days
_UNDATED_KINDS = {"withdrawn", "moved"}


class _Page(NamedTuple):
    """The path and title of a page that has feeds."""

    path: str
    title: str


def feed_files(catalog: Catalog, identity: SiteIdentity, title_pattern: str) -> Iterator[OutputFile]:
    """Yield the feeds of the archive, with the newest 100 entries, and of each topic, with the newest 50.

    `title_pattern` combines the names of a page and the site: ``{title} – {site}``.
    """
    load_item = lru_cache(_KEPT_ITEMS)(partial(_feed_item, catalog))
    days = reversed(catalog.links.items())
    all_entries = ((date, position) for date, link in days for position in reversed(range(link.count)))
    newest = tuple(islice(all_entries, _MAX_ITEMS))
    yield from _page_feeds(catalog, identity, load_item, _Page("", identity.name), newest)
    for slug, topic in catalog.topic_links.items():
        title = title_pattern.format(title=isolate_bidi(topic.name), site=identity.name)
        newest = tuple(islice(catalog.newest_first(slug), _MAX_TOPIC_ITEMS))
        yield from _page_feeds(catalog, identity, load_item, _Page(topic_url(slug), title), newest)


def _page_feeds(
    catalog: Catalog,
    identity: SiteIdentity,
    load_item: Callable[[EntryPosition], FeedItem],
    page: _Page,
    positions: tuple[EntryPosition, ...],
) -> Iterator[OutputFile]:
    """Yield the feeds that belong to a page, one for each format."""
    days = sorted({catalog.day_cache.keys[date] for date, _ in positions})

    def document(feed_format: FeedFormat) -> bytes:
        first_day = day_start_utc(catalog.config.first_day, catalog.config.zone)
        items = tuple(map(load_item, positions))
        feed = Feed(page=page.path, title=page.title, items=items, updated_if_empty=first_day)
        return feed_format.document(feed, identity)

    key = digest(catalog.code_key, page.title, identity, positions, days)
    for feed_format in FEED_FORMATS:
        yield OutputFile(feed_format.path(page.path), key, partial(document, feed_format), is_kept=True)


def _feed_item(catalog: Catalog, position: EntryPosition) -> FeedItem:
    return feed_item(catalog.day_cache.view(*position), catalog.config.zone)


def day_feed(catalog: Catalog, identity: SiteIdentity, interface: Interface) -> Iterator[OutputFile]:
    """Yield the Atom feed of the newest days that have entries: each with its headline and main entries."""
    strings = interface.words
    days = [link for link in reversed(catalog.links.values()) if link.count][:_MAX_DAYS]
    title = strings.page.title.format(title=strings.page.days, site=identity.name)

    def entry(day: DayLink) -> str:
        date = interface.language.short_date(day.date)
        name = strings.day.number.format(n=day.number) if day.number is not None else date
        items = "; ".join(f"{each.time:%H:%M} {each.headline}" if each.time else each.headline for each in day.main)
        updated = day_start_utc(day.date + dt.timedelta(days=1), catalog.config.zone)
        rows = [
            "<entry>",
            f"<id>{identity.id(f'day:{day.path}')}</id>",
            f"<title>{xml_text(f'{name}: {isolate_bidi(day.headline)}')}</title>",
            f"<link href={xml_attribute(identity.url(day.path))}/>",
            f"<updated>{updated}</updated>",
            f'<summary type="text">{xml_text(items)}</summary>',
            "</entry>",
        ]
        return "\n".join(rows)

    def document() -> bytes:
        first = day_start_utc(catalog.config.first_day, catalog.config.zone)
        updated = day_start_utc(days[0].date + dt.timedelta(days=1), catalog.config.zone) if days else first
        page, lang = identity.url("days/"), interface.language.tag
        header = AtomHeader(path=DAY_FEED, alternate=page, lang=lang, title=title, updated=updated)
        return atom_document(header, identity, map(entry, days))

    yield OutputFile(DAY_FEED, digest(catalog.code_key, title, identity, days), document)


def change_files(
    changes: Sequence[ArchiveChange], identity: SiteIdentity, interface: Interface
) -> Iterator[tuple[str, bytes]]:
    """Yield the Atom feed of the newest changes and the log of all, as (path, bytes)."""
    # Withdrawals and moves have no time by which the newest could be chosen: all of them are included.
    chosen = [change for change in changes if change.kind in _UNDATED_KINDS]
    chosen += [change for change in changes if change.kind not in _UNDATED_KINDS][:_MAX_ITEMS]
    strings = interface.words
    title = strings.page.title.format(title=strings.changes.title, site=identity.name)
    page = identity.url("changes/")
    updated = max(map(_change_time, chosen), default="1970-01-01T00:00:00Z")
    entries = (_atom_entry(change, identity, strings) for change in chosen)
    header = AtomHeader(path=CHANGE_FEED, alternate=page, lang=interface.language.tag, title=title, updated=updated)
    yield CHANGE_FEED, atom_document(header, identity, entries)
    names = ("kind", "at", "date", "address", "title", "note")
    rows = ((each.kind, each.at, each.day.date, each.path, each.title, each.note) for each in changes)
    log = ({name: value for name, value in zip(names, row, strict=True) if value} for row in rows)
    yield CHANGE_LOG, b"".join(msgspec.json.encode(line) + b"\n" for line in log)


def _atom_entry(change: ArchiveChange, identity: SiteIdentity, strings: Words) -> str:
    kind = strings.changes.kinds[change.kind]
    name = f"{change.day.date} {isolate_bidi(change.title or change.outlet)}".strip()
    rows = [
        "<entry>",
        f"<id>{identity.id(f'{change.kind}:{change.path}:{change.at}:{change.title}')}</id>",
        f"<title>{xml_text(f'{kind}: {name}')}</title>",
        f"<updated>{_change_time(change)}</updated>",
        f'<link rel="alternate" type="text/html" href={xml_attribute(identity.url(change.path))}/>',
        f"<category term={xml_attribute(change.kind)}/>",
        f"<content>{xml_text(isolate_bidi(change.note) or name)}</content>",
        "</entry>",
    ]
    return "\n".join(rows)


def _change_time(change: ArchiveChange) -> str:
    return change.at or f"{change.day.date}T00:00:00Z"
