"""What templates see of days and entries: plain values, one shape for each thing a page shows.

A view holds facts, never display text: dates stay dates, and the theme words them with
`theme/strings.toml`. `path` is an address from the site's root (``2023/06/02/``); a
template puts `root` before it (``{{ root }}{{ day.path }}``), so links are relative.
"""

import datetime as dt

from markupsafe import Markup
from msgspec import Struct


class DayLink(Struct, frozen=True, kw_only=True):
    """A day as lists and neighbours show it: `number` is its day number, None before day 1."""

    date: dt.date
    path: str
    number: int | None
    title: str
    count: int  # entries


class TopicLink(Struct, frozen=True, kw_only=True):
    """A topic as entries and lists show it; `count` is of entries, `days` of days.

    Both are of the whole archive, but of the day, month or year in the lists of those.
    """

    slug: str
    name: str
    kind: str  # person, place, organisation, theme
    path: str
    count: int
    days: int


class SourceView(Struct, frozen=True, kw_only=True):
    """The page an entry was read from. `counts_differently`: its printed day number is not ours."""

    title: str
    outlet: str
    url: str
    date: dt.date | None
    printed_day: int | None
    our_number: int | None
    standfirst: str
    captured: str
    sha256: str
    counts_differently: bool


class Clock(Struct, frozen=True, kw_only=True):
    """The same instant in another place: `shift` is -1, 0 or 1 where its date differs."""

    place: str
    time: dt.time
    shift: int


class EntryLink(Struct, frozen=True, kw_only=True):
    """Another entry with the same or similar text; `path` holds its anchor."""

    path: str
    day: DayLink
    time: dt.time | None


class Revision(Struct, frozen=True, kw_only=True):
    """Another wording of an entry, as it differs from the one after it: ``<del>`` and ``<ins>``."""

    headline: Markup
    html: Markup
    source: SourceView | None


class EntryView(Struct, frozen=True, kw_only=True):
    """One entry. `path` holds its anchor (``2023/06/02/#t1329``).

    `instant` and `updated` are RFC 3339 in UTC, "" where unknown. `made` marks a headline that
    was made from the text's beginning because none was given. `former` are earlier wordings,
    oldest first; `beside` what a page says against a person's edit; `absent` the later captures
    that no longer carry the entry. `lang` is "" where the archive's own language is meant.
    """

    anchor: str
    path: str
    day: DayLink
    time: dt.time | None
    instant: str
    clocks: tuple[Clock, ...]
    headline: str
    made: bool
    html: Markup
    text: str
    topics: tuple[TopicLink, ...]
    sources: tuple[SourceView, ...]
    key: bool
    lang: str
    by_hand: bool  # a person edited or wrote it
    updated: str
    authors: tuple[str, ...]
    former: tuple[Revision, ...]
    beside: tuple[Revision, ...]
    absent: tuple[SourceView, ...]
    linked: tuple[EntryLink, ...]


class CaptionView(Struct, frozen=True, kw_only=True):
    """What stood under a picture of the source page."""

    text: str
    credit: str


class DayView(Struct, frozen=True, kw_only=True):
    """A day page. `evening_before` are entries of the day before that this day's own live
    blog carried; `carried_by` are live blogs of later days that entries here came from.
    `collected` are spans in minutes after midnight, empty where nobody knows.
    """

    link: DayLink
    lang: str
    lede: Markup
    lede_text: str
    entries: tuple[EntryView, ...]
    sources: tuple[SourceView, ...]
    captions: tuple[CaptionView, ...]
    collected: tuple[tuple[int, int], ...]
    topics: tuple[TopicLink, ...]  # most entries first
    previous: DayLink | None
    next: DayLink | None
    evening_before: tuple[EntryView, ...]
    carried_by: tuple[SourceView, ...]
