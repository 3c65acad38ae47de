"""One day → all that a build keeps of it, so that no unchanged day is read or rendered twice.

A day's `Parts` are made together, in one pass over its entries, and then looked up one by one:
nearly every page needs only summaries, topic pages excerpts, feeds items, downloads rows.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup
from msgspec import Struct

from ..archive import Topics, living
from ..dataset import Row, dump_rows, dump_table_rows
from ..links import Pair, text_digest
from ..markup import plain_text
from ..model import Day, Entry, EntryKey
from ..revisions import carriers
from ..settings import Settings
from ..sitefile import key_of
from ..topics import topics_of
from .data_rows import data_row
from .entries import EntryScene, entry_view, source_view, utc_moment
from .feed_items import FeedItem, feed_item
from .imprint import Imprint
from .names import day_name, topic_name
from .views import EntryView, SourceView


class ReadDay(Struct, frozen=True, array_like=True):
    """A day as its file says it, tombstones included, and the plain text of each living entry."""

    day: Day
    texts: tuple[str, ...]


class Mention(Struct, frozen=True, array_like=True):
    """The places of a day's entries that are about one topic, and a digest of how they are shown."""

    places: tuple[int, ...]
    digest: bytes


class Correction(Struct, frozen=True, array_like=True):
    """An entry that a later capture corrected: its address, when (UTC or ""), its headline."""

    path: str
    at: str
    headline: str


class Summary(Struct, frozen=True, array_like=True):
    """What pages of other days need to know of a day; its lists follow the living entries.

    `similar` are the day's links within itself and to the day before; `mentions` are by slug;
    `buried` are topics that only a tombstone names.
    """

    title: str
    anchors: tuple[str, ...]
    times: tuple[dt.time | None, ...]
    texts: tuple[bytes, ...]
    similar: tuple[Pair, ...]
    mentions: dict[str, Mention]
    sources: tuple[SourceView, ...]
    carried: tuple[int, ...]  # entries of each source
    corrected: tuple[Correction, ...]
    tombstones: tuple[Entry, ...]
    buried: tuple[str, ...]


class Parts(NamedTuple):
    """A day's parts: `excerpts` are entries in HTML as lists of other pages show them."""

    summary: Summary
    views: tuple[EntryView, ...]
    excerpts: tuple[str, ...]
    items: tuple[FeedItem, ...]
    rows: tuple[bytes, bytes]  # JSON Lines, CSV


class Means(Struct, frozen=True):
    """What parts are made with, beside the day itself; `excerpts` is the theme's."""

    settings: Settings
    topics: Topics
    imprint: Imprint
    excerpts: Callable[[Sequence[EntryView]], tuple[str, ...]]


PARTS: dict[str, Any] = {
    "summary": Summary,
    "views": tuple[EntryView, ...],
    "excerpts": tuple[str, ...],
    "items": tuple[FeedItem, ...],
    "rows": tuple[bytes, bytes],
}
_encoder = msgspec.msgpack.Encoder(enc_hook=str)  # a Markup is a str to every reader but Jinja
_decoders = {
    name: msgspec.msgpack.Decoder(kind, dec_hook=lambda kind, text: Markup(text)) for name, kind in PARTS.items()
}


def dump_part(part: object) -> bytes:
    """Write a part as MessagePack."""
    return _encoder.encode(part)


def load_part(name: str, data: bytes) -> Any:
    """Read the part of a name; a msgspec.DecodeError where it is none."""
    return _decoders[name].decode(data)


def with_texts(day: Day) -> ReadDay:
    """Give a day and the plain text of its living entries."""
    return ReadDay(day, tuple(plain_text(entry.body) for entry in living(day).entries))


def texts_of(read: ReadDay) -> dict[EntryKey, str]:
    """Give a day's texts by the keys of their entries."""
    keys = ((read.day.date, entry.anchor) for entry in living(read.day).entries)
    return dict(zip(keys, read.texts, strict=True))


def make_parts(read: ReadDay, similar: tuple[Pair, ...], means: Means) -> Parts:
    """Make a day's parts; `similar` are its links within itself and to the day before."""
    day = living(read.day)
    matcher = means.topics.matcher
    named = [topics_of(entry, text, matcher) for entry, text in zip(day.entries, read.texts, strict=True)]
    scene = EntryScene(day=day, name=day_name(day.date, means.settings), settings=means.settings)
    views = tuple(
        entry_view(entry, text, tuple(topic_name(slug, means.topics) for slug in slugs), scene)
        for entry, text, slugs in zip(day.entries, read.texts, named, strict=True)
    )
    excerpts = means.excerpts(views)
    items = tuple(feed_item(view, means.imprint, means.settings.zone) for view in views)
    shown = [
        key_of(view.anchor, view.time, slugs, excerpt, item)
        for view, slugs, excerpt, item in zip(views, named, excerpts, items, strict=True)
    ]
    rows = tuple(data_row(view, entry) for view, entry in zip(views, day.entries, strict=True))
    tombstones = tuple(entry for entry in read.day.entries if entry.is_tombstone)
    summary = Summary(
        title=day.title,
        anchors=tuple(view.anchor for view in views),
        times=tuple(view.time for view in views),
        texts=tuple(map(text_digest, read.texts)),
        similar=similar,
        mentions=_mentions(named, shown),
        sources=tuple(source_view(source, means.settings) for source in day.sources),
        carried=tuple(sum(source.key in carriers(entry) for entry in day.entries) for source in day.sources),
        corrected=tuple(_correction(view) for view in views if view.former),
        tombstones=tombstones,
        buried=tuple(sorted({slug for entry in tombstones for slug in topics_of(entry, "", matcher)})),
    )
    return Parts(summary, views, excerpts, items, _rows(rows))


def _mentions(named: Sequence[Sequence[str]], shown: Sequence[bytes]) -> dict[str, Mention]:
    places: dict[str, list[int]] = {}
    for place, slugs in enumerate(named):
        for slug in slugs:
            places.setdefault(slug, []).append(place)
    return {slug: Mention(tuple(held), key_of([shown[place] for place in held])) for slug, held in places.items()}


def _correction(view: EntryView) -> Correction:
    """Say when an entry was corrected: when the first page was saved that has the wording shown after a former one."""
    shown = {utc_moment(source.captured) for source in view.sources} - {""}
    former = [utc_moment(old.source.captured) if old.source else "" for old in view.former]
    later = {at for at in shown if at > max(former)} if all(former) else set()
    at = min(later) if later else max(shown, default=view.updated)
    return Correction(view.path, at, view.headline)


def _rows(rows: tuple[Row, ...]) -> tuple[bytes, bytes]:
    return dump_rows(rows), dump_table_rows(rows)
