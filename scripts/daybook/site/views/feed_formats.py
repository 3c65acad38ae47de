"""Formats of feeds, Atom (RFC 4287) and JSON Feed 1.1: entries as items, and whole feeds."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from daybook.core.pictures import place_pictures
from daybook.core.text import isolate_bidi, xml_attribute, xml_text
from daybook.site.views.entry_view import format_utc
from daybook.site.views.urls import SiteIdentity, relative_root
from daybook.site.views.view_models import EntryView


class FeedItem(Struct, frozen=True, array_like=True):
    """An entry in all formats, ready to be joined into feeds."""

    path: str
    updated: str  # RFC 3339 in UTC
    texts: dict[str, str]  # what each format's `item` returned, by the format's `file_name`


class Feed(Struct, frozen=True, kw_only=True):
    """A feed that belongs to a page."""

    page: str  # URL
    title: str
    items: tuple[FeedItem, ...]  # newest entry first
    updated_if_empty: str  # time of the last change of a feed without items, RFC 3339 in UTC


class FeedFormat(ABC):
    """A format of feeds."""

    file_name: str  # of a topic's feed, in the folder of the topic's page
    archive_path: str  # URL of the feed of all entries
    media_type: str

    def path(self, page: str) -> str:
        """Return the URL of a page's feed; that of the home page has all entries."""
        return f"{page}{self.file_name}" if page else self.archive_path

    @abstractmethod
    def item(self, entry: EntryView, updated: str, identity: SiteIdentity) -> str:
        """Serialize an entry, once for all feeds that include it; `updated` is RFC 3339 in UTC."""

    @abstractmethod
    def document(self, feed: Feed, identity: SiteIdentity) -> bytes:
        """Serialize a feed from the texts of its items."""


class AtomHeader(Struct, frozen=True, kw_only=True):
    path: str  # URL of the feed
    alternate: str  # URL of the page
    lang: str
    title: str
    updated: str  # RFC 3339 in UTC


def atom_document(header: AtomHeader, identity: SiteIdentity, entries: Iterable[str]) -> bytes:
    """Return an Atom feed of serialized entries."""
    base = xml_attribute(f"{identity.siteurl}/" if identity.siteurl else relative_root(header.path))
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={xml_attribute(header.lang)} xml:base={base}>',
        f"<id>{identity.id(header.path)}</id>",
        f"<title>{xml_text(header.title)}</title>",
        f"<updated>{header.updated}</updated>",
        f"<author><name>{xml_text(identity.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_attribute(identity.url(header.path))}/>',
        f'<link rel="alternate" type="text/html" href={xml_attribute(header.alternate)}/>',
        *entries,
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


class AtomFormat(FeedFormat):
    """Atom, RFC 4287."""

    file_name = "atom.xml"
    archive_path = "feeds/all.atom.xml"
    media_type = "application/atom+xml"

    def item(self, entry: EntryView, updated: str, identity: SiteIdentity) -> str:
        lang = f" xml:lang={xml_attribute(entry.lang)}" if entry.lang else ""
        urls = (source.url for source in entry.sources)  # of two captures of one page: once
        rows = [
            f"<entry{lang}>",
            f"<id>{identity.id(entry.path)}</id>",
            f"<title>{xml_text(isolate_bidi(entry.headline))}</title>",
            f"<published>{entry.instant}</published>" if entry.instant else "",
            f"<updated>{updated}</updated>",
            f'<link rel="alternate" type="text/html" href={xml_attribute(identity.url(entry.path))}/>',
            *(f'<link rel="via" href={xml_attribute(url)}/>' for url in dict.fromkeys(filter(None, urls))),
            *(f"<author><name>{xml_text(isolate_bidi(name))}</name></author>" for name in entry.authors),
            *(
                f"<category term={xml_attribute(each.slug)} label={xml_attribute(isolate_bidi(each.name))}/>"
                for each in entry.topics
            ),
            f'<content type="html">{xml_text(_feed_html(entry, identity))}</content>',
            "</entry>",
        ]
        return "\n".join(row for row in rows if row)

    def document(self, feed: Feed, identity: SiteIdentity) -> bytes:
        updated = max((item.updated for item in feed.items), default=feed.updated_if_empty)
        entries = ("<generator>Daybook</generator>", *(item.texts[self.file_name] for item in feed.items))
        path, alternate = self.path(feed.page), identity.url(feed.page) or "./"
        header = AtomHeader(path=path, alternate=alternate, lang=identity.lang, title=feed.title, updated=updated)
        return atom_document(header, identity, entries)


class JsonFeedFormat(FeedFormat):
    """JSON Feed 1.1."""

    file_name = "feed.json"
    archive_path = "feeds/all.json"
    media_type = "application/feed+json"

    def item(self, entry: EntryView, updated: str, identity: SiteIdentity) -> str:
        # Without `url`, which is relative to the feed on a site without SITEURL: `document` adds it.
        item = {
            "id": identity.id(entry.path),
            "title": isolate_bidi(entry.headline),
            "content_html": _feed_html(entry, identity),
            "date_published": entry.instant,
            "date_modified": updated,
            "external_url": next((source.url for source in entry.sources if source.url), ""),
            "authors": [{"name": isolate_bidi(name)} for name in entry.authors],
            "tags": [isolate_bidi(topic.name) for topic in entry.topics],
            "language": entry.lang,
        }
        # JSON Feed requires content; all other members may be absent.
        item = {key: value for key, value in item.items() if value or key == "content_html"}
        return msgspec.json.encode(item).decode()

    def document(self, feed: Feed, identity: SiteIdentity) -> bytes:
        path = self.path(feed.page)
        root = relative_root(path)
        header = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": identity.url(feed.page, root),
            "feed_url": identity.url(path, root),
            "language": identity.lang,
            "authors": [{"name": identity.name}],
        }
        urls = (msgspec.json.encode(identity.url(item.path, root)).decode() for item in feed.items)
        texts = (item.texts[self.file_name] for item in feed.items)
        items = ",".join(f'{{"url":{url},{text[1:]}' for url, text in zip(urls, texts, strict=True))
        return msgspec.json.encode(header)[:-1] + f',"items":[{items}]}}\n'.encode()


FEED_FORMATS: tuple[FeedFormat, ...] = (AtomFormat(), JsonFeedFormat())


def feed_item(entry: EntryView, identity: SiteIdentity, zone: ZoneInfo) -> FeedItem:
    """Return an entry as a feed item; an entry without any time counts as updated when its day began."""
    updated = last_change(entry) or day_start_utc(entry.day.date, zone)
    return FeedItem(entry.path, updated, {each.file_name: each.item(entry, updated, identity) for each in FEED_FORMATS})


def _feed_html(entry: EntryView, identity: SiteIdentity) -> str:
    """Return an entry's HTML with absolute addresses of pictures, as far as the site has one."""
    return place_pictures(str(entry.html), identity.url(""), {})


def last_change(entry: EntryView) -> str:
    """Return the last time that an entry is known to have changed, "" if no time of it is known.

    A correction counts when a capture first had it: the outlet may not state that it edited the entry.
    """
    return max(entry.instant, entry.updated, *entry.corrected)


def day_start_utc(date: dt.date, zone: ZoneInfo) -> str:
    """Format the start of a local day as RFC 3339 in UTC."""
    return format_utc(dt.datetime.combine(date, dt.time.min, zone))
