"""Edition → feeds of entries, the newest first: Atom (RFC 4287) and JSON Feed 1.1.

Ids are those of `imprint`; without SITEURL links are relative and ids the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from daybook.core.hashing import digest
from daybook.core.text import xml_attribute, xml_text
from daybook.incremental.output import OutputFile
from daybook.site.views.catalog import ArchiveChange, Catalog, EntryPosition
from daybook.site.views.feed_formats import Feed, day_start_utc, dump_atom, dump_json_feed
from daybook.site.views.i18n import Strings
from daybook.site.views.urls import CHANGE_FEED, CHANGE_LOG, SiteIdentity, feed_urls, relative_root, topic_url

_NEWEST = 100


def feed_files(edition: Catalog, imprint: SiteIdentity) -> Iterator[OutputFile]:
    """Give every feed, the archive's and each topic's: the newest 100 entries each."""
    newest = ((date, place) for date in reversed(edition.dates) for place in reversed(range(edition.links[date].count)))
    yield from _files(edition, imprint, "", newest)
    for slug in edition.topic_links:
        yield from _files(edition, imprint, slug, edition.newest_first(slug))


def _files(
    edition: Catalog, imprint: SiteIdentity, slug: str, newest_first: Iterable[EntryPosition]
) -> Iterator[OutputFile]:
    places = tuple(islice(newest_first, _NEWEST))
    home, title = "", imprint.name
    if slug:
        home, title = topic_url(slug), f"{edition.topic_links[slug].name} – {imprint.name}"
    days = sorted({edition.day_cache.keys[date] for date, _ in places})

    def feed() -> Feed:
        items = tuple(edition.day_cache.items(date)[place] for date, place in places)
        began = day_start_utc(edition.settings.first_day, edition.settings.zone)
        return Feed(home=home, title=title, items=items, started=began)

    key = digest(edition.code_key, title, imprint, places, days)
    atom, json = feed_urls(home)
    yield OutputFile(atom, key, lambda: dump_atom(feed(), imprint))
    yield OutputFile(json, key, lambda: dump_json_feed(feed(), imprint))


_LASTING = ("withdrawn", "moved")


def change_files(log: Sequence[ArchiveChange], imprint: SiteIdentity, strings: Strings) -> Iterator[tuple[str, bytes]]:
    """Give the feed and the log as (path, bytes)."""
    yield CHANGE_FEED, change_feed(log, imprint, strings)
    yield CHANGE_LOG, b"".join(_line(change) for change in log)


def change_feed(log: Sequence[ArchiveChange], imprint: SiteIdentity, strings: Strings) -> bytes:
    """Write the newest events as Atom; withdrawals and moves, which have no time, are all there."""
    chosen = [change for change in log if change.kind in _LASTING]
    chosen += [change for change in log if change.kind not in _LASTING][:_NEWEST]
    title = f"{strings.changes.title} – {imprint.name}"
    base = f"{imprint.siteurl}/" if imprint.siteurl else relative_root(CHANGE_FEED)
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={xml_attribute(strings.lang)} xml:base={xml_attribute(base)}>',
        f"<id>{imprint.id(CHANGE_FEED)}</id>",
        f"<title>{xml_text(title)}</title>",
        f"<updated>{max(map(_moment, chosen), default='1970-01-01T00:00:00Z')}</updated>",
        f"<author><name>{xml_text(imprint.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_attribute(imprint.url(CHANGE_FEED))}/>',
        f'<link rel="alternate" type="text/html" href={xml_attribute(imprint.url("changes/"))}/>',
        *(_entry(change, imprint, strings) for change in chosen),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def _entry(change: ArchiveChange, imprint: SiteIdentity, strings: Strings) -> str:
    kind = vars(strings.changes.kinds)[change.kind]
    name = f"{change.day.date} {change.title}".strip()
    rows = [
        "<entry>",
        f"<id>{imprint.id(f'{change.kind}:{change.path}:{change.at}:{change.title}')}</id>",
        f"<title>{xml_text(f'{kind}: {name}')}</title>",
        f"<updated>{_moment(change)}</updated>",
        f'<link rel="alternate" type="text/html" href={xml_attribute(imprint.url(change.path))}/>',
        f"<category term={xml_attribute(change.kind)}/>",
        f"<content>{xml_text(change.note or name)}</content>",
        "</entry>",
    ]
    return "\n".join(rows)


def _moment(change: ArchiveChange) -> str:
    return change.at or f"{change.day.date}T00:00:00Z"


def _line(change: ArchiveChange) -> bytes:
    row = {
        "kind": change.kind,
        "at": change.at,
        "date": change.day.date.isoformat(),
        "address": change.path,
        "title": change.title,
        "note": change.note,
    }
    return msgspec.json.encode({name: value for name, value in row.items() if value}) + b"\n"
