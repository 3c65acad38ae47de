"""What templates see: plain values, one shape for each thing a page shows.

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


class EntryView(Struct, frozen=True, kw_only=True):
    """One entry. `path` holds its anchor (``2023/06/02/#t1329``); `instant` is RFC 3339 in UTC.

    `made` marks a headline that was made from the text's beginning because none was given.
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
    entries: tuple[EntryView, ...]
    sources: tuple[SourceView, ...]
    captions: tuple[CaptionView, ...]
    collected: tuple[tuple[int, int], ...]
    topics: tuple[TopicLink, ...]  # most entries first
    previous: DayLink | None
    next: DayLink | None
    evening_before: tuple[EntryView, ...]
    carried_by: tuple[SourceView, ...]


class Cell(Struct, frozen=True, kw_only=True):
    """A date in a calendar: `day` is None where nothing was collected.

    `level` is 0 (no entries) to 4 (the busiest days), for shading.
    """

    date: dt.date
    in_month: bool
    day: DayLink | None
    level: int


class MonthView(Struct, frozen=True, kw_only=True):
    """A month: weeks run Monday to Sunday, `days` oldest first, `topics` busiest first."""

    first: dt.date
    path: str
    weeks: tuple[tuple[Cell, ...], ...]
    days: tuple[DayLink, ...]
    count: int
    topics: tuple[TopicLink, ...]
    previous: dt.date | None  # first day of the nearest month that has a page
    next: dt.date | None
    previous_path: str
    next_path: str


class YearView(Struct, frozen=True, kw_only=True):
    """A year and its months that hold at least one day, oldest first."""

    year: int
    path: str
    months: tuple[MonthView, ...]
    count: int
    days: int
    topics: tuple[TopicLink, ...]
    previous: int | None
    next: int | None
    previous_path: str
    next_path: str


class EntriesOfDay(Struct, frozen=True, kw_only=True):
    """Entries of one day on a topic page."""

    day: DayLink
    entries: tuple[EntryView, ...]


class TopicMonth(Struct, frozen=True, kw_only=True):
    """One month of a topic: its own page when `groups` is filled, else a link to it."""

    first: dt.date
    path: str
    count: int
    groups: tuple[EntriesOfDay, ...] = ()


class TopicView(Struct, frozen=True, kw_only=True):
    """A topic page: its newest 50 entries by day, newest day first, and links to all months."""

    link: TopicLink
    aliases: tuple[str, ...]
    declared: bool  # False: a record names it, no topic file describes it
    introduction: Markup
    newest: tuple[EntriesOfDay, ...]
    months: tuple[TopicMonth, ...]  # newest first
    first: DayLink | None
    last: DayLink | None
    related: tuple[TopicLink, ...]  # most often on the same entries


class PageView(Struct, frozen=True, kw_only=True):
    """A page of prose."""

    title: str
    slug: str
    content: Markup
