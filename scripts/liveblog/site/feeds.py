"""Edition → feeds of entries, the newest first: Atom (RFC 4287) and JSON Feed 1.1.

Ids are those of `imprint`; without SITEURL links are relative and ids the same.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
from msgspec import Struct

from ..sitefile import SiteFile, key_of
from .addresses import feed_paths, root_of, topic_path
from .edition import Edition, Place
from .feed_items import FeedItem, json_item, midnight
from .imprint import Imprint
from .xml_text import xml_text, xml_value

_NEWEST = 100


class Feed(Struct, frozen=True, kw_only=True):
    """A feed of the page `home`, newest entry first."""

    home: str
    title: str
    items: tuple[FeedItem, ...]
    began: str  # stands for the last change of a feed without items


def feed_files(edition: Edition, imprint: Imprint) -> Iterator[SiteFile]:
    """Give every feed, the archive's and each topic's: the newest 100 entries each."""
    newest = ((date, place) for date in reversed(edition.dates) for place in reversed(range(edition.links[date].count)))
    yield from _files(edition, imprint, "", newest)
    for slug in edition.topic_links:
        yield from _files(edition, imprint, slug, edition.newest_first(slug))


def _files(edition: Edition, imprint: Imprint, slug: str, newest_first: Iterable[Place]) -> Iterator[SiteFile]:
    places = tuple(islice(newest_first, _NEWEST))
    home, title = "", imprint.name
    if slug:
        home, title = topic_path(slug), f"{edition.topic_links[slug].name} – {imprint.name}"
    days = sorted({edition.collection.keys[date] for date, _ in places})

    def feed() -> Feed:
        items = tuple(edition.collection.items(date)[place] for date, place in places)
        began = midnight(edition.settings.first_day, edition.settings.zone)
        return Feed(home=home, title=title, items=items, began=began)

    key = key_of(edition.makers, title, imprint, places, days)
    atom, json = feed_paths(home)
    yield SiteFile(atom, key, lambda: atom_feed(feed(), imprint))
    yield SiteFile(json, key, lambda: json_feed(feed(), imprint))


def atom_feed(feed: Feed, imprint: Imprint) -> bytes:
    """Write a feed as Atom."""
    path = feed_paths(feed.home)[0]
    base = f"{imprint.siteurl}/" if imprint.siteurl else root_of(path)
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={xml_value(imprint.lang)} xml:base={xml_value(base)}>',
        f"<id>{imprint.id(path)}</id>",
        f"<title>{xml_text(feed.title)}</title>",
        f"<updated>{max((item.changed for item in feed.items), default=feed.began)}</updated>",
        f"<author><name>{xml_text(imprint.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_value(imprint.address(path))}/>',
        f'<link rel="alternate" type="text/html" href={xml_value(imprint.address(feed.home) or "./")}/>',
        "<generator>Daybook</generator>",
        *(item.atom for item in feed.items),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def json_feed(feed: Feed, imprint: Imprint) -> bytes:
    """Write a feed as JSON Feed."""
    path = feed_paths(feed.home)[1]
    root = root_of(path)
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": imprint.address(feed.home, root),
        "feed_url": imprint.address(path, root),
        "language": imprint.lang,
        "authors": [{"name": imprint.name}],
    }
    items = ",".join(json_item(item, imprint.address(item.path, root)) for item in feed.items)
    return msgspec.json.encode(head)[:-1] + f',"items":[{items}]}}\n'.encode()
