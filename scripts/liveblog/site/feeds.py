"""Edition → feeds of entries, the newest first: Atom (RFC 4287) and JSON Feed 1.1.

Ids are those of `imprint`; without SITEURL links are relative and ids the same.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from .addresses import feed_paths, root_of, topic_path
from .edition import Edition
from .entries import utc_text
from .imprint import Imprint
from .views import EntryView
from .xml_text import xml_text, xml_value

_NEWEST = 100


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed of the page `home`; each item is an entry and when it last changed."""

    home: str
    title: str
    items: tuple[tuple[EntryView, str], ...]
    began: str  # stands for the last change of a feed without items


def feed_files(edition: Edition, imprint: Imprint) -> Iterator[tuple[str, bytes]]:
    """Give every feed, the archive's and each topic's, as (path, bytes)."""
    for feed in feeds(edition, imprint):
        atom, json = feed_paths(feed.home)
        yield atom, atom_feed(feed, imprint)
        yield json, json_feed(feed, imprint)


def feeds(edition: Edition, imprint: Imprint) -> Iterator[Feed]:
    """Compose the feeds of the archive and of all topics, the newest 100 entries each."""
    began = _midnight(edition.settings.first_day, edition)
    newest = (entry for date in reversed(edition.dates) for entry in reversed(edition.entries[date]))
    yield Feed(home="", title=imprint.name, items=_items(newest, edition), began=began)
    for slug, link in edition.topic_links.items():
        title, mentions = f"{link.name} – {imprint.name}", reversed(edition.mentions[slug])
        yield Feed(home=topic_path(slug), title=title, items=_items(mentions, edition), began=began)


def atom_feed(feed: Feed, imprint: Imprint) -> bytes:
    """Write a feed as Atom."""
    path = feed_paths(feed.home)[0]
    base = f"{imprint.siteurl}/" if imprint.siteurl else root_of(path)
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={xml_value(imprint.lang)} xml:base={xml_value(base)}>',
        f"<id>{imprint.id(path)}</id>",
        f"<title>{xml_text(feed.title)}</title>",
        f"<updated>{_last_change(feed)}</updated>",
        f"<author><name>{xml_text(imprint.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_value(imprint.address(path))}/>',
        f'<link rel="alternate" type="text/html" href={xml_value(imprint.address(feed.home) or "./")}/>',
        "<generator>Daybook</generator>",
        *(_atom_entry(entry, changed, imprint) for entry, changed in feed.items),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def json_feed(feed: Feed, imprint: Imprint) -> bytes:
    """Write a feed as JSON Feed."""
    path = feed_paths(feed.home)[1]
    root = root_of(path)
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": imprint.address(feed.home, root),
        "feed_url": imprint.address(path, root),
        "language": imprint.lang,
        "authors": [{"name": imprint.name}],
        "items": [_json_item(entry, changed, (imprint, root)) for entry, changed in feed.items],
    }
    return msgspec.json.encode(data) + b"\n"


def _atom_entry(entry: EntryView, changed: str, imprint: Imprint) -> str:
    lang = f" xml:lang={xml_value(entry.lang)}" if entry.lang else ""
    rows = [
        f"<entry{lang}>",
        f"<id>{imprint.id(entry.path)}</id>",
        f"<title>{xml_text(entry.headline)}</title>",
        f"<published>{entry.instant}</published>" if entry.instant else "",
        f"<updated>{changed}</updated>",
        f'<link rel="alternate" type="text/html" href={xml_value(imprint.address(entry.path))}/>',
        *(f'<link rel="via" href={xml_value(source.url)}/>' for source in entry.sources if source.url),
        *(f"<author><name>{xml_text(name)}</name></author>" for name in entry.authors),
        *(f"<category term={xml_value(topic.slug)} label={xml_value(topic.name)}/>" for topic in entry.topics),
        f'<content type="html">{xml_text(entry.html)}</content>',
        "</entry>",
    ]
    return "\n".join(row for row in rows if row)


def _json_item(entry: EntryView, changed: str, place: tuple[Imprint, str]) -> dict[str, Any]:
    imprint, root = place
    item: dict[str, Any] = {
        "id": imprint.id(entry.path),
        "url": imprint.address(entry.path, root),
        "title": entry.headline,
        "content_html": str(entry.html),
        "date_published": entry.instant,
        "date_modified": changed,
        "external_url": next((source.url for source in entry.sources if source.url), ""),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [topic.name for topic in entry.topics],
        "language": entry.lang,
    }
    return {key: value for key, value in item.items() if value or key == "content_html"}


def _items(newest_first: Iterable[EntryView], edition: Edition) -> tuple[tuple[EntryView, str], ...]:
    return tuple((entry, _changed(entry, edition)) for entry in islice(newest_first, _NEWEST))


def _last_change(feed: Feed) -> str:
    return max((changed for _, changed in feed.items), default=feed.began)


def _changed(entry: EntryView, edition: Edition) -> str:
    return entry.updated or entry.instant or _midnight(entry.day.date, edition)


def _midnight(date: dt.date, edition: Edition) -> str:
    return utc_text(dt.datetime.combine(date, dt.time.min, edition.settings.zone))
