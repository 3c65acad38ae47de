"""EntryView → its items in feeds, Atom (RFC 4287) and JSON Feed 1.1."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from daybook.core.text import xml_attribute, xml_text
from daybook.site.views.entry_view import format_utc
from daybook.site.views.urls import SiteIdentity, feed_urls, relative_root
from daybook.site.views.view_models import EntryView


class FeedItem(Struct, frozen=True, array_like=True):
    """An entry in feeds. The JSON lacks its first member, the address, which differs by feed."""

    path: str
    atom: str
    json: str
    changed: str  # when the entry last changed, RFC 3339 in UTC


class Feed(Struct, frozen=True, kw_only=True):
    """A feed of the page `home`, newest entry first."""

    home: str
    title: str
    items: tuple[FeedItem, ...]
    started: str  # stands for the last change of a feed without items


def dump_atom(feed: Feed, imprint: SiteIdentity) -> bytes:
    """Write a feed as Atom."""
    path = feed_urls(feed.home)[0]
    base = f"{imprint.siteurl}/" if imprint.siteurl else relative_root(path)
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={xml_attribute(imprint.lang)} xml:base={xml_attribute(base)}>',
        f"<id>{imprint.id(path)}</id>",
        f"<title>{xml_text(feed.title)}</title>",
        f"<updated>{max((item.changed for item in feed.items), default=feed.started)}</updated>",
        f"<author><name>{xml_text(imprint.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_attribute(imprint.url(path))}/>',
        f'<link rel="alternate" type="text/html" href={xml_attribute(imprint.url(feed.home) or "./")}/>',
        "<generator>Daybook</generator>",
        *(item.atom for item in feed.items),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def dump_json_feed(feed: Feed, imprint: SiteIdentity) -> bytes:
    """Write a feed as JSON Feed."""
    path = feed_urls(feed.home)[1]
    root = relative_root(path)
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": imprint.url(feed.home, root),
        "feed_url": imprint.url(path, root),
        "language": imprint.lang,
        "authors": [{"name": imprint.name}],
    }
    items = ",".join(complete_json_item(item, imprint.url(item.path, root)) for item in feed.items)
    return msgspec.json.encode(head)[:-1] + f',"items":[{items}]}}\n'.encode()


def feed_item(entry: EntryView, imprint: SiteIdentity, zone: ZoneInfo) -> FeedItem:
    """Give an entry's items; without any time it changed when its day began."""
    changed = entry.updated or entry.instant or day_start_utc(entry.day.date, zone)
    return FeedItem(entry.path, _atom(entry, changed, imprint), _json(entry, changed, imprint), changed)


def day_start_utc(date: dt.date, zone: ZoneInfo) -> str:
    """Write the beginning of a day as RFC 3339 in UTC."""
    return format_utc(dt.datetime.combine(date, dt.time.min, zone))


def complete_json_item(item: FeedItem, address: str) -> str:
    """Complete a JSON item with the entry's address as that feed writes it."""
    return f'{{"url":{msgspec.json.encode(address).decode()},{item.json[1:]}'


def _atom(entry: EntryView, changed: str, imprint: SiteIdentity) -> str:
    lang = f" xml:lang={xml_attribute(entry.lang)}" if entry.lang else ""
    rows = [
        f"<entry{lang}>",
        f"<id>{imprint.id(entry.path)}</id>",
        f"<title>{xml_text(entry.headline)}</title>",
        f"<published>{entry.instant}</published>" if entry.instant else "",
        f"<updated>{changed}</updated>",
        f'<link rel="alternate" type="text/html" href={xml_attribute(imprint.url(entry.path))}/>',
        *(f'<link rel="via" href={xml_attribute(source.url)}/>' for source in entry.sources if source.url),
        *(f"<author><name>{xml_text(name)}</name></author>" for name in entry.authors),
        *(f"<category term={xml_attribute(topic.slug)} label={xml_attribute(topic.name)}/>" for topic in entry.topics),
        f'<content type="html">{xml_text(entry.html)}</content>',
        "</entry>",
    ]
    return "\n".join(row for row in rows if row)


def _json(entry: EntryView, changed: str, imprint: SiteIdentity) -> str:
    item = {
        "id": imprint.id(entry.path),
        "title": entry.headline,
        "content_html": str(entry.html),
        "date_published": entry.instant,
        "date_modified": changed,
        "external_url": next((source.url for source in entry.sources if source.url), ""),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [topic.name for topic in entry.topics],
        "language": entry.lang,
    }
    kept = {key: value for key, value in item.items() if value or key == "content_html"}
    return msgspec.json.encode(kept).decode()
