"""What a build needs of the days and months that it does not look at.

A `DaySummary` is what pages of other days show of a day. A `MonthSummary` is what the whole archive is computed from:
it has the sums of a month, and only little of each of its days. What few pages need of a topic in a month is decoded
when they are rendered.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

import msgspec
from msgspec import Struct

from daybook.archive.similarity import EntryPair
from daybook.core.hashing import digest
from daybook.core.model import Entry, EntryKey
from daybook.site.views.main_entries import DayHeadline
from daybook.site.views.view_models import MainEntry, SourceView

_WHOLE_DAY = ((0, 1440),)


class TopicMention(Struct, frozen=True, array_like=True):
    """The positions of a day's entries that have one topic, and a digest of their displayed form."""

    positions: tuple[int, ...]
    digest: bytes


class Correction(Struct, frozen=True, array_like=True):
    """An entry that a later capture corrected."""

    path: str
    at: str  # RFC 3339 in UTC, "" where unknown
    headline: str


class EntryHeadline(Struct, frozen=True, array_like=True):
    """An entry as pages of other days name it."""

    headline: str
    derived: bool
    lang: str
    outlet: str
    key: bool


class DaySummary(Struct, frozen=True, array_like=True):
    """What pages of other days need of a day. Tuples without a comment are parallel to its visible entries."""

    title: str
    headline: DayHeadline
    main: tuple[MainEntry, ...]
    anchors: tuple[str, ...]
    times: tuple[dt.time | None, ...]
    headlines: tuple[str, ...]
    langs: tuple[str, ...]
    outlets: tuple[str, ...]  # the first outlet of each, "" where unknown
    texts: tuple[bytes, ...]  # hashes
    similar: tuple[EntryPair, ...]  # pairs within the day and with the day before
    mentions: dict[str, TopicMention]  # by topic slug
    sources: tuple[SourceView, ...]  # of the day
    entry_counts: tuple[int, ...]  # entries of each source
    collected: tuple[tuple[int, int], ...]  # as in Day
    corrections: tuple[Correction, ...]  # of corrected entries
    tombstones: tuple[Entry, ...]  # withdrawn and moved entries
    topics_of_tombstones: tuple[str, ...]  # slugs
    entry_headlines: tuple[EntryHeadline, ...]
    story_wishes: tuple[tuple[str, str], ...]  # anchors of entries with the attribute [story], and its values
    pictures: tuple[str, ...]  # paths of all that the day shows
    changed: str  # the last known change of an entry, RFC 3339 in UTC, "" where unknown


class MonthDay(Struct, frozen=True, array_like=True):
    """A day as the summary of its month has it."""

    date: dt.date
    title: str
    headline: DayHeadline
    main: tuple[MainEntry, ...]
    anchors: str  # of its entries, separated by spaces
    topics: str  # the slugs of its topics, sorted, separated by spaces
    terms: bytes  # a digest of the terms by which stories are found
    changed: str  # as in DaySummary
    has_key_entry: bool


class TopicDay(Struct, frozen=True, array_like=True):
    """A day of a topic: the positions of its entries there, and their anchors."""

    date: dt.date
    positions: tuple[int, ...]
    anchors: tuple[str, ...]


class TopicDetails(Struct, frozen=True, array_like=True):
    """The days of a topic in a month, and by slug the topics of the same entries: how many entries and days."""

    days: tuple[TopicDay, ...]
    related: dict[str, tuple[int, int]]


class MonthTopic(Struct, frozen=True, array_like=True):
    """A topic in a month."""

    entries: int
    days: int
    first: dt.date  # of these days
    digest: bytes  # of the displayed form of its entries
    packed: msgspec.Raw  # its TopicDetails, which few pages need

    @property
    def details(self) -> TopicDetails:
        """Return the days and the related topics."""
        return _DETAILS.decode(self.packed)


class MonthSummary(Struct, frozen=True, array_like=True):
    """What the whole archive is computed from of a month."""

    days: tuple[MonthDay, ...]
    topics: dict[str, MonthTopic]  # by slug
    topics_of_tombstones: tuple[str, ...]
    outlets: dict[str, int]  # entries by their first outlet, in the order in which these appear
    unknown_hours: int  # days on which the hours collected are not recorded
    partial_hours: int  # days on which some hours were not collected
    texts: bytes  # the hashes of its entries' texts, 8 bytes each, without those of short texts
    packed_keys: msgspec.Raw  # the keys of these entries
    similar: tuple[EntryPair, ...]
    sources: tuple[tuple[dt.date, SourceView, int], ...]  # with the day and the number of its entries
    corrections: tuple[tuple[dt.date, Correction], ...]
    tombstones: tuple[tuple[dt.date, Entry], ...]
    pictures: tuple[tuple[dt.date, tuple[str, ...]], ...]
    story_wishes: tuple[tuple[dt.date, str, str], ...]

    def equal_texts(self, hashes: set[int]) -> list[tuple[EntryKey, bytes]]:
        """Return the entries whose text has one of some hashes, as integers, with their hash; in order of time."""
        own = memoryview(self.texts).cast("Q")
        if hashes.isdisjoint(own):
            return []
        keys = msgspec.msgpack.decode(self.packed_keys, type=list[EntryKey])
        found = enumerate(zip(keys, own, strict=True))
        return [(key, self.texts[8 * number : 8 * number + 8]) for number, (key, text) in found if text in hashes]


_DETAILS = msgspec.msgpack.Decoder(TopicDetails)


def summarize_month(days: Mapping[dt.date, DaySummary], terms: Mapping[dt.date, bytes]) -> MonthSummary:
    """Return the summary of a month's days, oldest first; `terms` has by date a digest of a day's terms."""
    texts = [
        ((date, anchor), text)
        for date, day in days.items()
        for anchor, text in zip(day.anchors, day.texts, strict=True)
        if text
    ]
    return MonthSummary(
        days=tuple(_month_day(date, day, terms[date]) for date, day in days.items()),
        topics=_month_topics(days),
        topics_of_tombstones=tuple(sorted({slug for day in days.values() for slug in day.topics_of_tombstones})),
        outlets=dict(Counter(name for day in days.values() for name in day.outlets if name)),
        unknown_hours=sum(not day.collected for day in days.values()),
        partial_hours=sum(bool(day.collected) and day.collected != _WHOLE_DAY for day in days.values()),
        texts=b"".join(text for _, text in texts),
        packed_keys=msgspec.Raw(msgspec.msgpack.encode([key for key, _ in texts])),
        similar=tuple(chain.from_iterable(day.similar for day in days.values())),
        sources=tuple(
            (date, source, count)
            for date, day in days.items()
            for source, count in zip(day.sources, day.entry_counts, strict=True)
        ),
        corrections=tuple((date, each) for date, day in days.items() for each in day.corrections),
        tombstones=tuple((date, each) for date, day in days.items() for each in day.tombstones),
        pictures=tuple((date, day.pictures) for date, day in days.items() if day.pictures),
        story_wishes=tuple((date, *wish) for date, day in days.items() for wish in day.story_wishes),
    )


def _month_day(date: dt.date, day: DaySummary, terms: bytes) -> MonthDay:
    return MonthDay(
        date=date,
        title=day.title,
        headline=day.headline,
        main=day.main,
        anchors=" ".join(day.anchors),
        topics=" ".join(sorted(day.mentions)),
        terms=terms,
        changed=day.changed,
        has_key_entry=any(entry.key for entry in day.entry_headlines),
    )


def _month_topics(days: Mapping[dt.date, DaySummary]) -> dict[str, MonthTopic]:
    mentions: dict[str, list[tuple[dt.date, TopicMention]]] = defaultdict(list)
    for date, day in days.items():
        for slug, mention in day.mentions.items():
            mentions[slug].append((date, mention))
    return {slug: _month_topic(slug, found, days) for slug, found in mentions.items()}


def _month_topic(
    slug: str, mentions: Sequence[tuple[dt.date, TopicMention]], days: Mapping[dt.date, DaySummary]
) -> MonthTopic:
    entries: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    topic_days = []
    for date, mention in mentions:
        day, positions = days[date], frozenset(mention.positions)
        topic_days.append(TopicDay(date, mention.positions, tuple(day.anchors[number] for number in mention.positions)))
        for other, other_mention in day.mentions.items():
            if other != slug and not positions.isdisjoint(other_mention.positions):
                entries[other] += len(positions.intersection(other_mention.positions))
                shared[other] += 1
    details = TopicDetails(tuple(topic_days), {other: (entries[other], shared[other]) for other in entries})
    return MonthTopic(
        entries=sum(len(mention.positions) for _, mention in mentions),
        days=len(mentions),
        first=mentions[0][0],
        digest=digest(mentions),
        packed=msgspec.Raw(msgspec.msgpack.encode(details)),
    )
