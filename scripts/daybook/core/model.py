"""Plain frozen values: Source, Caption, Entry, Day, Topic, and the day counter."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import count
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError


class DayCaption(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What stood under a picture of the page: pictures themselves are not kept."""

    text: str
    credit: str = ""
    source: str = ""


class DateBasis(Enum):
    """Say how an entry's date was found."""

    EXPLICIT = "explicit"  # the page states it
    INFERRED = "inferred"  # worked out from the order of the stamps
    HAND = "hand"  # a person wrote it


class Wording(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A headline and body that an entry had before, or that a page gives beside a person's edit.

    `sources` are the pages that printed it, the earliest first, as far as known; `digest` is the
    fingerprint that its word had. `source` is version 0.1's and may be wrong: `revisions.settled`.
    """

    headline: str = ""
    body: str = ""
    source: str = ""
    sources: tuple[str, ...] = ()
    digest: str = ""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stamped post of a live blog.

    `time` is local to the archive's zone, to the minute; None for an untimed entry.
    `at` holds the whole RFC 3339 instant where date, time and zone do not say it all
    (seconds, or an hour that a clock change repeats). `headline` is plain text, `body`
    CommonMark. `topics` are slugs to add (``+nato``) or take away (``-turkey``) whatever
    the text names. `ingested` is the digest of what a page said: where it is not the
    digest of what stands here, a person has edited the entry. `sources` are the pages that
    printed the wording shown, or the one that a person edited; `carried` further pages that
    carried the entry in a wording that is not kept or not known.

    `former` are earlier wordings that a later capture corrected, oldest first. `beside` are
    wordings of a page that contradict a person's edit and wait for a decision. `absent` are
    the keys of later captures of the entry's live blog that no longer carry it.

    An entry that was `withdrawn` (for that reason) or `moved` (to ``2023-06-01#t2355``) is a
    tombstone: its anchor stays, its text is shown nowhere.
    """

    anchor: str
    time: dt.time | None = None
    headline: str = ""
    body: str = ""
    at: str = ""
    sources: tuple[str, ...] = ()
    ingested: str = ""
    topics: tuple[str, ...] = ()
    id: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    key: bool = False
    lang: str = ""
    date_basis: DateBasis | None = None
    revisions: tuple[Wording, ...] = ()
    conflicts: tuple[Wording, ...] = ()
    missing_from: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    withdrawn: str = ""
    moved: str = ""

    @property
    def is_tombstone(self) -> bool:
        """Say whether only the entry's place is left."""
        return bool(self.withdrawn or self.moved)


PrintedDayNumber = Annotated[int, Meta(ge=0, le=9_999_999)]  # what a page is read for, and any database holds


class DaySource(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A saved live-blog page that entries of a day were read from.

    `key` names it inside one day file (``s1``). `date` is the live blog's own day, which
    is not the file's day for entries of the evening before. `printed_day` is the day
    number the page printed: a claim of the page's, kept even where it disagrees with ours.
    """

    key: str
    title: str = ""
    outlet: str = ""
    url: str = ""
    date: dt.date | None = None
    printed_day: PrintedDayNumber | None = None
    standfirst: str = ""
    captured: str = ""
    sha256: str = ""


class Day(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the archive holds about one date, entries oldest first.

    `collected` are the spans of the day its sources covered, in minutes after midnight
    (``((0, 809),)`` is 00:00 to 13:29; 1440 is the day's end). `ingested` is the digest of
    the title and lede that a page gave, as in Entry.
    """

    date: dt.date
    title: str
    lede: str = ""
    lang: str = ""
    sources: tuple[DaySource, ...] = ()
    captions: tuple[DayCaption, ...] = ()
    collected: tuple[tuple[int, int], ...] = ()
    ingested: str = ""
    entries: tuple[Entry, ...] = ()


def without_tombstones(day: Day) -> Day:
    """Give a day without its tombstones."""
    return replace(day, entries=tuple(entry for entry in day.entries if not entry.is_tombstone))


ANCHOR_PATTERN = re.compile(r"(?:t\d{4}|n\d{1,5})(?:-\d{1,5})?", re.ASCII)


EntryKey = tuple[dt.date, str]  # what an entry is known by: the date of its day and its anchor


def parse_entry_key(name: str) -> EntryKey:
    """Read the name of an entry: ``2023-06-02#t1329``."""
    date, _, anchor = name.partition("#")
    try:
        if ANCHOR_PATTERN.fullmatch(anchor):
            return dt.datetime.strptime(date, "%Y-%m-%d").date(), anchor
    except ValueError:
        pass
    raise ArchiveError(f"{name!r} does not name an entry; write its day and anchor: 2023-06-02#t1329")


class Topic(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person, place, organisation or theme that entries are about.

    `aliases` are the spellings that name it, `exclusions` phrases that only seem to.
    `introduction` is CommonMark. `former` are slugs that the topic had before: their addresses
    lead here. `declared` is False for a topic that a record names and no topic file describes.
    """

    slug: str
    name: str
    kind: str = "theme"
    aliases: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    former_slugs: tuple[str, ...] = ()
    introduction: str = ""
    declared: bool = True


TOPIC_KINDS = ("person", "place", "organisation", "theme")


def day_number(date: dt.date, first_day: dt.date) -> int | None:
    """Count days with `first_day` as day 1; None before it.

    >>> day_number(dt.date(2023, 6, 2), dt.date(2022, 2, 23))
    465
    """
    number = (date - first_day).days + 1
    return number if number >= 1 else None


def minute_of_day(time: dt.time) -> int:
    """Return the minutes from midnight to a clock time.

    >>> minute_of_day(dt.time(13, 29))
    809
    """
    return 60 * time.hour + time.minute


def format_minutes(minutes: int) -> str:
    """Write minutes after midnight as ``HH:MM``; 1440, the end of the day, is ``24:00``.

    >>> format_minutes(809)
    '13:29'
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def entry_instant(date: dt.date, entry: Entry, zone: ZoneInfo) -> dt.datetime | None:
    """Give an entry's instant, aware; None for an untimed entry."""
    if entry.at:
        return dt.datetime.fromisoformat(entry.at)
    return dt.datetime.combine(date, entry.time, zone) if entry.time is not None else None


class AnchorAllocator:
    """The anchors of a day, for whoever gives out more: each minute is counted through once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._names: dict[dt.time | None, Iterator[str]] = {}

    def take(self, time: dt.time | None) -> str:
        """Take the first free anchor: ``t1329``, ``t1329-2``, …; ``n1``, ``n2``, … without a time."""
        names = self._names.setdefault(time, _names(time))
        anchor = next(name for name in names if name not in self._taken)
        self._taken.add(anchor)
        return anchor


def _names(time: dt.time | None) -> Iterator[str]:
    if time is None:
        yield from (f"n{number}" for number in count(1))
        return
    first = f"t{time:%H%M}"
    yield first
    yield from (f"{first}-{number}" for number in count(2))


def sort_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Sort entries by time; untimed ones stay behind the entry they follow."""
    placed: list[tuple[dt.time, Entry]] = []
    latest = dt.time.min
    for entry in entries:
        latest = entry.time if entry.time is not None else latest
        placed.append((latest, entry))
    return tuple(entry for _, entry in sorted(placed, key=lambda pair: pair[0]))
