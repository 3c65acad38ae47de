"""What templates see of more than one day: calendars, topics, pages of prose."""

import datetime as dt

from markupsafe import Markup
from msgspec import Struct

from .views import DayLink, DayName, EntryLink, TopicLink


class Cell(Struct, frozen=True, kw_only=True):
    """A date in a calendar: `day` is None where nothing was collected.

    `level` is 0 (no entries) to 4 (the busiest days), for shading.
    """

    date: dt.date
    in_month: bool
    day: DayLink | None
    level: int


class MonthView(Struct, frozen=True, kw_only=True):
    """A month: weeks run Monday to Sunday, `days` oldest first."""

    first: dt.date
    path: str
    weeks: tuple[tuple[Cell, ...], ...]
    days: tuple[DayLink, ...]
    count: int
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
    previous: int | None
    next: int | None
    previous_path: str
    next_path: str


class EntriesOfDay(Struct, frozen=True, kw_only=True):
    """Entries of one day on a topic page, each in HTML that the filter `placed` completes."""

    day: DayName
    entries: tuple[str, ...]


class TopicMonth(Struct, frozen=True, kw_only=True):
    """One month of a topic: its own page when `groups` is filled, else a link to it.

    `level` is 1 to 4, a quarter each of the topic's busiest month.
    """

    first: dt.date
    path: str
    count: int = 0
    level: int = 1
    groups: tuple[EntriesOfDay, ...] = ()


class TopicYear(Struct, frozen=True, kw_only=True):
    """A year of a topic: January to December, None where no entry is about it."""

    year: int
    months: tuple[TopicMonth | None, ...]
    count: int


class TopicView(Struct, frozen=True, kw_only=True):
    """A topic page: its newest 50 entries by day, newest day first, and links to all months."""

    link: TopicLink
    aliases: tuple[str, ...]
    declared: bool  # False: a record names it, no topic file describes it
    introduction: Markup
    newest: tuple[EntriesOfDay, ...]
    months: tuple[TopicMonth, ...]  # newest first
    years: tuple[TopicYear, ...]  # newest first
    first: EntryLink | None
    last: EntryLink | None
    related: tuple[TopicLink, ...]  # by the entries they share, most first


class PageView(Struct, frozen=True, kw_only=True):
    """A page of prose."""

    title: str
    slug: str
    content: Markup
