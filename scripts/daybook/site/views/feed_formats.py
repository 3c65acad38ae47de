"""Entries as items of feeds, and whole feeds, in Atom (RFC 4287) and JSON Feed 1.1."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from daybook.core.text import xml_attribute, xml_text
from daybook.site.views.entry_view import format_utc
from daybook.site.views.urls import SiteIdentity, feed_urls, relative_root
from daybook.site.views.view_models import EntryView


class FeedItem(Struct, frozen=True, array_like=True):
    """An entry in both formats, ready to be joined into a feed.

    `json` lacks the member `url`, which is relative to the feed on a site without SITEURL;
    `complete_json_item` adds it. `updated` is RFC 3339 in UTC.
    """

    path: str
    atom: str
    json: str
    updated: str


class Feed(Struct, frozen=True, kw_only=True):
    """A feed that belongs to the page with the URL `page`, newest entry first.

    `updated_if_empty` is the time of the last change for a feed without items, RFC 3339 in UTC.
    """

    page: str
    title: str
    items: tuple[FeedItem, ...]
    updated_if_empty: str


def feed_item(entry: EntryView, identity: SiteIdentity, zone: ZoneInfo) -> FeedItem:
    """Return an entry as a feed item; an entry without any time counts as updated when its day began."""
    updated = entry.updated or entry.instant or day_start_utc(entry.day.date, zone)
    return FeedItem(
        entry.path, _atom_item(entry, updated, identity), _incomplete_json_item(entry, updated, identity), updated
    )


def _atom_item(entry: EntryView, updated: str, identity: SiteIdentity) -> str:
    lang = f" xml:lang={xml_attribute(entry.lang)}" if entry.lang else ""
    rows = [
        f"<entry{lang}>",
        f"<id>{identity.id(entry.path)}</id>",
        f"<title>{xml_text(entry.headline)}</title>",
        f"<published>{entry.instant}</published>" if entry.instant else "",
        f"<updated>{updated}</updated>",
        f'<link rel="alternate" type="text/html" href={xml_attribute(identity.url(entry.path))}/>',
        *(f'<link rel="via" href={xml_attribute(source.url)}/>' for source in entry.sources if source.url),
        *(f"<author><name>{xml_text(name)}</name></author>" for name in entry.authors),
        *(f"<category term={xml_attribute(topic.slug)} label={xml_attribute(topic.name)}/>" for topic in entry.topics),
        f'<content type="html">{xml_text(entry.html)}</content>',
        "</entry>",
    ]
    return "\n".join(row for row in rows if row)


def _incomplete_json_item(entry: EntryView, updated: str, identity: SiteIdentity) -> str:
    item = {
        "id": identity.id(entry.path),
        "title": entry.headline,
        "content_html": str(entry.html),
        "date_published": entry.instant,
        "date_modified": updated,
        "external_url": next((source.url for source in entry.sources if source.url), ""),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [topic.name for topic in entry.topics],
        "language": entry.lang,
    }
    # JSON Feed requires content; all other members may be absent.
    item = {key: value for key, value in item.items() if value or key == "content_html"}
    return msgspec.json.encode(item).decode()


def day_start_utc(date: dt.date, zone: ZoneInfo) -> str:
    """Format the start of a local day as RFC 3339 in UTC."""
    return format_utc(dt.datetime.combine(date, dt.time.min, zone))


def dump_atom(feed: Feed, identity: SiteIdentity) -> bytes:
    """Serialize a feed as Atom."""
    path = feed_urls(feed.page)[0]
    base = f"{identity.siteurl}/" if identity.siteurl else relative_root(path)
    attributes = f"xml:lang={xml_attribute(identity.lang)} xml:base={xml_attribute(base)}"
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>',
        f"<id>{identity.id(path)}</id>",
        f"<title>{xml_text(feed.title)}</title>",
        f"<updated>{max((item.updated for item in feed.items), default=feed.updated_if_empty)}</updated>",
        f"<author><name>{xml_text(identity.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_attribute(identity.url(path))}/>',
        f'<link rel="alternate" type="text/html" href={xml_attribute(identity.url(feed.page) or "./")}/>',
        "<generator>Daybook</generator>",
        *(item.atom for item in feed.items),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def dump_json_feed(feed: Feed, identity: SiteIdentity) -> bytes:
    """Serialize a feed as JSON Feed."""
    path = feed_urls(feed.page)[1]
    root = relative_root(path)
    header = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": identity.url(feed.page, root),
        "feed_url": identity.url(path, root),
        "language": identity.lang,
        "authors": [{"name": identity.name}],
    }
    items = ",".join(complete_json_item(item, identity.url(item.path, root)) for item in feed.items)
    return msgspec.json.encode(header)[:-1] + f',"items":[{items}]}}\n'.encode()


def complete_json_item(item: FeedItem, url: str) -> str:
    """Return the JSON of an item with the URL of its entry as first member."""
    return f'{{"url":{msgspec.json.encode(url).decode()},{item.json[1:]}'
