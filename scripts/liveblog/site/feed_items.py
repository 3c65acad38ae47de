"""EntryView → its items in feeds, Atom (RFC 4287) and JSON Feed 1.1."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from .entries import utc_text
from .imprint import Imprint
from .views import EntryView
from .xml_text import xml_text, xml_value


class FeedItem(Struct, frozen=True, array_like=True):
    """An entry in feeds. The JSON lacks its first member, the address, which differs by feed."""

    path: str
    atom: str
    json: str
    changed: str  # when the entry last changed, RFC 3339 in UTC


def feed_item(entry: EntryView, imprint: Imprint, zone: ZoneInfo) -> FeedItem:
    """Give an entry's items; without any time it changed when its day began."""
    changed = entry.updated or entry.instant or midnight(entry.day.date, zone)
    return FeedItem(entry.path, _atom(entry, changed, imprint), _json(entry, changed, imprint), changed)


def midnight(date: dt.date, zone: ZoneInfo) -> str:
    """Write the beginning of a day as RFC 3339 in UTC."""
    return utc_text(dt.datetime.combine(date, dt.time.min, zone))


def json_item(item: FeedItem, address: str) -> str:
    """Complete a JSON item with the entry's address as that feed writes it."""
    return f'{{"url":{msgspec.json.encode(address).decode()},{item.json[1:]}'


def _atom(entry: EntryView, changed: str, imprint: Imprint) -> str:
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


def _json(entry: EntryView, changed: str, imprint: Imprint) -> str:
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
