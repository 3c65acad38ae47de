"""Change → the archive's log for programs: an Atom feed of the newest, and all of it as JSON Lines."""

from collections.abc import Iterator, Sequence

import msgspec

from .addresses import root_of
from .imprint import Imprint
from .provenance import Change
from .words import Strings
from .xml_text import xml_text, xml_value

FEED = "feeds/changes.atom.xml"
LOG = "data/changes.jsonl"
_NEWEST = 100
_LASTING = ("withdrawn", "moved")


def change_files(log: Sequence[Change], imprint: Imprint, strings: Strings) -> Iterator[tuple[str, bytes]]:
    """Give the feed and the log as (path, bytes)."""
    yield FEED, change_feed(log, imprint, strings)
    yield LOG, b"".join(_line(change) for change in log)


def change_feed(log: Sequence[Change], imprint: Imprint, strings: Strings) -> bytes:
    """Write the newest events as Atom; withdrawals and moves, which have no time, are all there."""
    chosen = [change for change in log if change.kind in _LASTING]
    chosen += [change for change in log if change.kind not in _LASTING][:_NEWEST]
    title = f"{strings.changes.title} – {imprint.name}"
    base = f"{imprint.siteurl}/" if imprint.siteurl else root_of(FEED)
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={xml_value(strings.lang)} xml:base={xml_value(base)}>',
        f"<id>{imprint.id(FEED)}</id>",
        f"<title>{xml_text(title)}</title>",
        f"<updated>{max(map(_moment, chosen), default='1970-01-01T00:00:00Z')}</updated>",
        f"<author><name>{xml_text(imprint.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={xml_value(imprint.address(FEED))}/>',
        f'<link rel="alternate" type="text/html" href={xml_value(imprint.address("changes/"))}/>',
        *(_entry(change, imprint, strings) for change in chosen),
        "</feed>\n",
    ]
    return "\n".join(rows).encode()


def _entry(change: Change, imprint: Imprint, strings: Strings) -> str:
    kind = vars(strings.changes.kinds)[change.kind]
    name = f"{change.day.date} {change.title}".strip()
    rows = [
        "<entry>",
        f"<id>{imprint.id(f'{change.kind}:{change.path}:{change.at}:{change.title}')}</id>",
        f"<title>{xml_text(f'{kind}: {name}')}</title>",
        f"<updated>{_moment(change)}</updated>",
        f'<link rel="alternate" type="text/html" href={xml_value(imprint.address(change.path))}/>',
        f"<category term={xml_value(change.kind)}/>",
        f"<content>{xml_text(change.note or name)}</content>",
        "</entry>",
    ]
    return "\n".join(rows)


def _moment(change: Change) -> str:
    return change.at or f"{change.day.date}T00:00:00Z"


def _line(change: Change) -> bytes:
    row = {
        "kind": change.kind,
        "at": change.at,
        "date": change.day.date.isoformat(),
        "address": change.path,
        "title": change.title,
        "note": change.note,
    }
    return msgspec.json.encode({name: value for name, value in row.items() if value}) + b"\n"
