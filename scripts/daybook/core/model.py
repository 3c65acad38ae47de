"""The archive's types: entries, days, topics, their sources and captions; anchors and day numbers.

All values are immutable. Times are local to the archive's one time zone.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum
from itertools import count
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from daybook.core.errors import ArchiveError

TOPIC_KINDS = ("person", "place", "organisation", "theme")
ANCHOR_PATTERN = re.compile(r"(?:t\d{4}|n\d{1,5})(?:-\d{1,5})?", re.ASCII)
EntryKey = tuple[dt.date, str]  # identifies an entry: the date of its day and its anchor
PrintedDayNumber = Annotated[int, Meta(ge=0, le=9_999_999)]  # upper limit so that the value fits any database INTEGER


class DateBasis(Enum):
    """How the date of an entry was determined."""

    EXPLICIT = "explicit"  # the page states it
    INFERRED = "inferred"  # derived from the order of the clock times
    HAND = "hand"  # a person wrote it


class Wording(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A wording of an entry other than the one shown: its headline, body and time, and who printed it.

    It is an earlier version, or a page's version that conflicts with a person's edit.

    Attributes:
        sources: the keys of all pages that printed this wording, as far as known, earliest first.
        date: the date that the pages gave, if it is not the date of the day file.
        time: the time that they gave, None if they gave none. Unset in files of version 0.1, which did not store it.
        at, updated: as in Entry.
        digest: the fingerprint, stored where the text or time that it is computed from is not.
        source: read from files of version 0.1 only; it may name the wrong page.
    """

    sources: tuple[str, ...] = ()
    date: dt.date | None = None
    time: dt.time | UnsetType | None = UNSET
    at: str = ""
    updated: str = ""
    headline: str = ""
    body: str = ""
    source: str = ""
    digest: str = ""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One post of a live blog, or its tombstone.

    A tombstone has either `withdrawn`, the reason, or `moved`, the new place (``2023-06-01#t2355``). Its anchor
    stays valid; its text is not published. A page is given by the key of its source in the day file.

    All sources of an entry are captures of one live blog. (An entry of version 0.1 may have those of several.)

    Attributes:
        time: to the minute; None for an untimed entry.
        headline: plain text.
        body: CommonMark.
        at: the full RFC 3339 instant, only where date, time and zone do not determine it (seconds, or an hour that
            a clock change repeats).
        sources: the pages with the current wording; for an edited entry, the page of the wording that was edited.
        ingested: fingerprint of the page's wording. If it differs from that of the entry, a person has edited it.
        id: the name that the live blog gives the entry, stored only if it identifies one (see archive/identity).
        topics: slugs to add (``+nato``) or remove (``-turkey``) whatever the text mentions.
        revisions: earlier wordings that a later version of the page corrected, oldest first.
        conflicts: a page's wordings that contradict a person's edit and need a decision.
        missing_from: later versions of the page that do not contain the entry.
        carried: other pages with the entry, in a wording that is not stored or not known.
        perhaps: the key of another entry that this one may be a correction of; a person decides.
        story: a person's word on its story: the key of an entry of it, ``none`` or ``new``.
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
    perhaps: str = ""
    story: str = ""
    withdrawn: str = ""
    moved: str = ""

    @property
    def is_tombstone(self) -> bool:
        """Return whether the entry was withdrawn or moved."""
        return bool(self.withdrawn or self.moved)


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A saved live-blog page, as records, days and views describe it.

    `title`, `standfirst` and `lede` (plain paragraphs) are what this page says above its entries. `date` is the
    live blog's own day. `printed_day` is the day number that the page states; it is
    stored even if it differs from `day_number`.
    """

    url: str = ""
    title: str = ""
    outlet: str = ""
    captured: str = ""
    sha256: str = ""
    printed_day: PrintedDayNumber | None = None
    date: dt.date | None = None
    standfirst: str = ""
    lede: tuple[str, ...] = ()


class DaySource(Source, frozen=True, kw_only=True):
    """A page that entries of a day come from; `key` identifies it in all day files (``3fa9c2d1``).

    The key is made from the page's digest (see archive/identity). Version 0.1 counted instead, in each file
    (``s1``, ``s2``); such keys are kept. The `date` differs from the file's day for entries of the evening before.
    `first_title` is the title of the first capture of the live blog, where this one has another and no address
    shows that they are one.
    """

    key: str
    first_title: str = ""


class Caption(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The caption of a picture and its credit, one for each picture."""

    text: str
    credit: str = ""


class DayCaption(Caption, frozen=True, kw_only=True):
    """The caption of a picture on a page, and the key of its source. Pictures are not stored."""

    source: str = ""


class Day(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the archive has about one date, entries oldest first.

    `collected` are the spans that the sources cover, in minutes after midnight: ``((0, 809),)`` is 00:00 to 13:29,
    and 1440 is the end of the day. `ingested` is the fingerprint of the page's title and lede; see Entry.
    `zone` is the IANA name of the time zone of all headings, "" in a file of version 0.1.
    """

    date: dt.date
    title: str
    zone: str = ""
    lede: str = ""
    lang: str = ""
    sources: tuple[DaySource, ...] = ()
    captions: tuple[DayCaption, ...] = ()
    collected: tuple[tuple[int, int], ...] = ()
    ingested: str = ""
    entries: tuple[Entry, ...] = ()


class Topic(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person, place, organisation or theme that entries are about.

    `aliases` are the spellings that mention it; `exclusions` are phrases that contain an alias but mean something
    else. `introduction` is CommonMark. `former_slugs` redirect to the topic. `declared` is False for a topic that
    a record names and no topic file describes.
    """

    slug: str
    name: str
    kind: str = "theme"
    aliases: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    former_slugs: tuple[str, ...] = ()
    introduction: str = ""
    declared: bool = True


_SourceKind = TypeVar("_SourceKind", bound=Source)


def convert_source(source: Source, kind: type[_SourceKind], **added: Any) -> _SourceKind:
    """Return a source as another kind of source; `added` are the fields that this kind adds."""
    return kind(**{field: getattr(source, field) for field in Source.__struct_fields__}, **added)


def day_number(date: dt.date, first_day: dt.date) -> int | None:
    """Count days from `first_day`, which is day 1; None for dates before it.

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
    """Return the instant of an entry, with its zone; None for an untimed entry."""
    if entry.at:
        return dt.datetime.fromisoformat(entry.at)
    return dt.datetime.combine(date, entry.time, zone) if entry.time is not None else None


def local_time(instant: dt.datetime, zone: ZoneInfo) -> tuple[dt.date, dt.time, str]:
    """Return the local date and minute of an instant, and the instant as text if these do not determine it, else ""."""
    local = instant.astimezone(zone)
    time = local.time().replace(second=0, microsecond=0, fold=0)
    # Compare timestamps: a local time in an hour that a clock change repeats is never equal to an aware datetime of
    # another zone (PEP 495).
    determined = dt.datetime.combine(local.date(), time, zone).timestamp() == instant.timestamp()
    return local.date(), time, "" if determined else instant.isoformat()


def sort_day(day: Day) -> Day:
    """Return a day with its entries in order of time; an untimed one stays behind the entry that it follows.

    Entries of one minute keep their order. In the night in which an hour is repeated, its second turn is later.
    """
    # Without such an hour, clock times are in order; of a day without a zone nothing else is known.
    zone = ZoneInfo(day.zone) if day.zone and any(entry.at for entry in day.entries) else dt.UTC
    timed: list[tuple[float, Entry]] = []
    latest = -math.inf
    for entry in day.entries:
        latest = latest if entry.time is None else _minute_of_entry(day.date, entry.time, entry.at, zone)
        timed.append((latest, entry))
    return replace(day, entries=tuple(entry for _, entry in sorted(timed, key=lambda pair: pair[0])))


def _minute_of_entry(date: dt.date, time: dt.time, at: str, zone: dt.tzinfo) -> float:
    """Return the minute of an entry since 1970; `at` counts only if the clock showed the entry's time then."""
    instant = dt.datetime.combine(date, time, zone)
    with suppress(ValueError, OverflowError):  # there is no `at`, or no such local time in the years 1 to 9999
        exact = dt.datetime.fromisoformat(at).astimezone(zone)
        if exact.replace(second=0, microsecond=0, tzinfo=None) == instant.replace(tzinfo=None):
            instant = exact
    return instant.timestamp() // 60


def without_tombstones(day: Day) -> Day:
    """Return a day without its tombstones."""
    return replace(day, entries=tuple(entry for entry in day.entries if not entry.is_tombstone))


def parse_entry_key(text: str) -> EntryKey:
    """Parse the key of an entry, ``2023-06-02#t1329``; raise ArchiveError if it is not one."""
    date, _, anchor = text.partition("#")
    try:
        if ANCHOR_PATTERN.fullmatch(anchor):
            return dt.datetime.strptime(date, "%Y-%m-%d").date(), anchor
    except ValueError:
        pass
    raise ArchiveError(f"{text!r} does not name an entry; write its day and anchor: 2023-06-02#t1329")


def format_entry_key(key: EntryKey) -> str:
    """Write the key of an entry as `parse_entry_key` reads it.

    >>> format_entry_key((dt.date(2023, 6, 2), "t1329"))
    '2023-06-02#t1329'
    """
    return f"{key[0].isoformat()}#{key[1]}"


def carrying_sources(entry: Entry) -> tuple[str, ...]:
    """Return the keys of all pages that contain an entry, in any wording."""
    if not (entry.revisions or entry.conflicts or entry.carried):
        return entry.sources
    wordings = (*entry.revisions, *entry.conflicts)
    credited = (key for wording in wordings for key in (*wording.sources, wording.source) if key)
    return tuple(dict.fromkeys((*entry.sources, *credited, *entry.carried)))


def named_sources(day: Day) -> set[str]:
    """Return the keys of the sources that an entry or a caption of a day names."""
    entries = {key for entry in day.entries for key in (*carrying_sources(entry), *entry.missing_from)}
    return entries | {caption.source for caption in day.captions if caption.source}


def without_uncertain_credits(entry: Entry) -> Entry:
    """Return an entry of which each wording names only sources that have it.

    Version 0.1 could name the wrong source (`source` of a revision). Remove such sources from all versions and list
    them in `carried`. The source of a conflict was always right.
    """
    if not any(wording.source for wording in (*entry.revisions, *entry.conflicts)):
        return entry
    is_certain = not any(wording.source for wording in entry.revisions)
    of_conflicts = {wording.source for wording in entry.conflicts}
    certain = replace(
        entry,
        sources=tuple(key for key in entry.sources if key not in of_conflicts) if is_certain else (),
        revisions=tuple(replace(wording, source="") for wording in entry.revisions),
        conflicts=tuple(_with_source_in_sources(wording) for wording in entry.conflicts),
    )
    return with_carrying_sources(certain, carrying_sources(entry))


def _with_source_in_sources(wording: Wording) -> Wording:
    sources = dict.fromkeys((*wording.sources, *filter(None, [wording.source])))
    return replace(wording, source="", sources=tuple(sources))


def with_carrying_sources(entry: Entry, keys: Iterable[str]) -> Entry:
    """Store in `carried` those of the pages that contain an entry which none of its wordings names."""
    credited = carrying_sources(replace(entry, carried=()))
    return replace(entry, carried=tuple(dict.fromkeys(key for key in keys if key not in credited)))


class AnchorAllocator:
    """Allocate unused anchors of a day; amortized O(1) per anchor."""

    def __init__(self, used: Iterable[str]) -> None:
        """Start with the anchors that the day has."""
        self._used = set(used)
        self._numbers: dict[dt.time | None, Iterator[int]] = {}

    def take(self, time: dt.time | None) -> str:
        """Return the first free anchor: ``t1329``, ``t1329-2``, …; ``n1``, ``n2``, … without a time."""
        numbers = self._numbers.setdefault(time, count(1))
        if time is None:
            anchors = (f"n{number}" for number in numbers)
        else:
            anchors = (f"t{time:%H%M}" + (f"-{number}" if number > 1 else "") for number in numbers)
        anchor = next(anchor for anchor in anchors if anchor not in self._used)
        self._used.add(anchor)
        return anchor
