"""What templates see of days and entries: plain values, one shape for each thing a page shows.

A view holds facts, never display text: dates stay dates, and the theme words them with
`theme/strings.toml`. `path` is an address from the site's root (``2023/06/02/``); a
template puts `root` before it (``{{ root }}{{ day.path }}``), so links are relative.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup
from msgspec import Struct

from daybook.archive.content import TopicSet
from daybook.archive.topics import undeclared_topic
from daybook.core.config import Config
from daybook.core.model import day_number
from daybook.site.views.urls import day_url, topic_url


class TombstoneView(Struct, frozen=True, kw_only=True):
    """The place of an entry: why it was withdrawn, or the day and address it was moved to."""

    anchor: str
    time: dt.time | None
    reason: str
    moved_to: dt.date | None
    path: str


class DayName(Struct, frozen=True, kw_only=True):
    """A day as its neighbours and entries name it: `number` is its day number, None before day 1.

    It holds nothing that a change of the day's text could change: pages that name a day stay as
    they are when one is corrected.
    """

    date: dt.date
    path: str
    number: int | None


class DayLink(DayName, frozen=True, kw_only=True):
    """A day as lists show it."""

    title: str
    count: int  # entries


class TopicName(Struct, frozen=True, kw_only=True):
    """A topic as entries name it."""

    slug: str
    name: str
    kind: str  # person, place, organisation, theme
    path: str

    def counted(self, count: int, days: int) -> "TopicLink":
        """Give the topic with counts of entries and days."""
        return TopicLink(slug=self.slug, name=self.name, kind=self.kind, path=self.path, count=count, days=days)


class TopicLink(TopicName, frozen=True, kw_only=True):
    """A topic as lists show it; `count` is of entries, `days` of days, both of what is listed.

    A list of the whole archive counts all of it, that of a month the month, and topics related
    to another the entries they share with it.
    """

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


class LocalClock(Struct, frozen=True, kw_only=True):
    """The same instant in another place: `shift` is -1, 0 or 1 where its date differs."""

    place: str
    time: dt.time
    shift: int


class EntryLink(Struct, frozen=True, kw_only=True):
    """An entry as other pages name it; `path` holds its anchor."""

    path: str
    day: DayName
    time: dt.time | None


class RevisionView(Struct, frozen=True, kw_only=True):
    """Another wording of an entry, as it differs from the one after it: ``<del>`` and ``<ins>``.

    `source` is the first page that printed it; None where no page did or nobody knows.
    """

    headline: Markup
    html: Markup
    source: SourceView | None


class EntryView(Struct, frozen=True, kw_only=True):
    """One entry. `path` holds its anchor (``2023/06/02/#t1329``).

    `instant` and `updated` are RFC 3339 in UTC, "" where unknown. `made` marks a headline that
    was made from the text's beginning because none was given. `former` are earlier wordings,
    oldest first; `beside` what a page says against a person's edit; `absent` the later captures
    that no longer carry the entry. `sources` are the pages that printed the wording shown,
    `carriers` all that carried the entry in any wording. `lang` is "" where the archive's own language is meant.
    """

    anchor: str
    path: str
    day: DayName
    time: dt.time | None
    instant: str
    clocks: tuple[LocalClock, ...]
    headline: str
    derived: bool
    html: Markup
    text: str
    topics: tuple[TopicName, ...]
    sources: tuple[SourceView, ...]
    carriers: tuple[SourceView, ...]
    key: bool
    lang: str
    by_hand: bool  # a person edited or wrote it
    updated: str
    authors: tuple[str, ...]
    revisions: tuple[RevisionView, ...]
    conflicts: tuple[RevisionView, ...]
    missing_from: tuple[SourceView, ...]


class Caption(Struct, frozen=True, kw_only=True):
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
    captions: tuple[Caption, ...]
    collected: tuple[tuple[int, int], ...]
    topics: tuple[TopicLink, ...]  # most entries first
    previous: DayName | None
    next: DayName | None
    evening_before: tuple[EntryView, ...]
    related: dict[str, tuple[EntryLink, ...]]  # by anchor: entries elsewhere with the same or similar text
    carried_by: tuple[SourceView, ...]


class CalendarCell(Struct, frozen=True, kw_only=True):
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
    weeks: tuple[tuple[CalendarCell, ...], ...]
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


class DayEntries(Struct, frozen=True, kw_only=True):
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
    groups: tuple[DayEntries, ...] = ()


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
    newest: tuple[DayEntries, ...]
    months: tuple[TopicMonth, ...]  # newest first
    years: tuple[TopicYear, ...]  # newest first
    first: EntryLink | None
    last: EntryLink | None
    related: tuple[TopicLink, ...]  # by the entries they share, most first


class ProsePageView(Struct, frozen=True, kw_only=True):
    """A page of prose."""

    title: str
    slug: str
    content: Markup


def day_name(date: dt.date, settings: Config) -> DayName:
    """Name a day by its date and number."""
    return DayName(date=date, path=day_url(date), number=day_number(date, settings.first_day))


def topic_name(slug: str, topics: TopicSet) -> TopicName:
    """Name a topic as its file does or, without one, by its slug."""
    topic = topics.declared.get(slug) or undeclared_topic(slug)
    return TopicName(slug=slug, name=topic.name, kind=topic.kind, path=topic_url(slug))


class PageRoute(NamedTuple):
    """A page to be rendered: ``SitePage("2023/06/", "month", inputs, values)``.

    `inputs` are whatever `values` reads of the content, in a form that can be digested: with
    equal inputs the page is the same, and `values` need not be called.
    """

    path: str
    template: str
    inputs: object
    values: Callable[[], dict[str, Any]]
