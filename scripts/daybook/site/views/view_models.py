"""Plain values that templates show: days, entries, topics, calendars.

A view holds data, not display text: dates stay dates, and the theme formats them with
`theme/strings.toml`. `path` is a URL relative to the site's root (``2023/06/02/``);
a template puts `root` before it (``{{ root }}{{ day.path }}``), so links are relative.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup
from msgspec import Struct

from daybook.archive.content import TopicSet
from daybook.archive.topics import undeclared_topic
from daybook.core.config import Config
from daybook.core.model import DayCaption, day_number
from daybook.site.views.urls import day_url, topic_url


class PageRoute(NamedTuple):
    """A page to render: ``PageRoute("2023/06/", "month", inputs, values)``.

    `inputs` are all data that `values` reads of the content, in a form that can be digested:
    with equal inputs the page is the same, and `values` need not be called.
    """

    path: str
    template: str
    inputs: object
    values: Callable[[], dict[str, Any]]


class DayName(Struct, frozen=True, kw_only=True):
    """A day as its neighbours and its entries name it: `number` is None before day 1.

    It holds nothing that editing the day can change, so that pages that only name a day are not
    rendered again.
    """

    date: dt.date
    path: str
    number: int | None


class DayLink(DayName, frozen=True, kw_only=True):
    """A day in lists."""

    title: str
    count: int  # entries


class TopicName(Struct, frozen=True, kw_only=True):
    """A topic as entries name it."""

    slug: str
    name: str
    kind: str  # person, place, organisation, theme
    path: str

    def with_counts(self, count: int, days: int) -> "TopicLink":
        """Return the topic with its numbers of entries and days."""
        return TopicLink(slug=self.slug, name=self.name, kind=self.kind, path=self.path, count=count, days=days)


class TopicLink(TopicName, frozen=True, kw_only=True):
    """A topic in lists, with the number of its entries (`count`) and of their `days`.

    The numbers are those of the whole archive, of one month in the list of a month, and of
    shared entries among related topics.
    """

    count: int
    days: int


class EntryLink(Struct, frozen=True, kw_only=True):
    """An entry as other pages name it; `path` includes its anchor."""

    path: str
    day: DayName
    time: dt.time | None


class SourceView(Struct, frozen=True, kw_only=True):
    """The page an entry was read from.

    `our_number` is the archive's number of the page's day. `counts_differently` is true where
    the page printed another one.
    """

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
    """The local time of an entry in another place; `shift` is -1, 0 or 1 day to its date there."""

    place: str
    time: dt.time
    shift: int


class RevisionView(Struct, frozen=True, kw_only=True):
    """Another version of an entry, with the changes to the next one as ``<del>`` and ``<ins>``.

    `source` is the first page that printed the version, None if there is none or it is unknown.
    """

    headline: Markup
    html: Markup
    source: SourceView | None


class EntryView(Struct, frozen=True, kw_only=True):
    """One entry.

    Attributes:
        path: URL with the anchor (``2023/06/02/#t1329``).
        instant: RFC 3339 in UTC, "" where unknown; likewise `updated`.
        derived: The headline was taken from the text because the source has none.
        sources: The pages that printed the version shown.
        carriers: All pages that printed the entry in any version.
        lang: BCP 47 tag, "" for the archive's own language.
        by_hand: A person edited or wrote the entry.
        revisions: Earlier versions, oldest first.
        conflicts: Versions of source pages that differ from a person's edit.
        missing_from: Later captures of a source page without the entry.
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
    by_hand: bool
    updated: str
    authors: tuple[str, ...]
    revisions: tuple[RevisionView, ...]
    conflicts: tuple[RevisionView, ...]
    missing_from: tuple[SourceView, ...]


class TombstoneView(Struct, frozen=True, kw_only=True):
    """A withdrawn or moved entry: the reason, or the date and URL that it was moved to."""

    anchor: str
    time: dt.time | None
    reason: str
    moved_to: dt.date | None
    path: str


class DayView(Struct, frozen=True, kw_only=True):
    """A day page.

    Attributes:
        collected: Spans in minutes after midnight, empty where unknown.
        topics: Most entries first.
        previous_evening: Entries of the day before that this day's own live blog contained.
        related: By anchor, entries elsewhere with the same or similar text.
        carried_by: Live blogs of later days that entries of this day came from.
    """

    link: DayLink
    lang: str
    lede: Markup
    lede_text: str
    entries: tuple[EntryView, ...]
    sources: tuple[SourceView, ...]
    captions: tuple[DayCaption, ...]
    collected: tuple[tuple[int, int], ...]
    topics: tuple[TopicLink, ...]
    previous: DayName | None
    next: DayName | None
    previous_evening: tuple[EntryView, ...]
    related: dict[str, tuple[EntryLink, ...]]
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
    """A month: weeks run Monday to Sunday, `days` oldest first.

    `previous` and `next` are the first dates of the nearest months that have a page.
    """

    first: dt.date
    path: str
    weeks: tuple[tuple[CalendarCell, ...], ...]
    days: tuple[DayLink, ...]
    count: int
    previous: dt.date | None
    next: dt.date | None
    previous_path: str
    next_path: str


class YearView(Struct, frozen=True, kw_only=True):
    """A year and its months that have at least one day, oldest first."""

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
    """Entries of one day on a topic page, each an excerpt for the filter `complete_excerpt`."""

    day: DayName
    entries: tuple[str, ...]


class TopicMonth(Struct, frozen=True, kw_only=True):
    """One month of a topic: its own page if `groups` is filled, else a link to that page.

    `level` is 1 to 4, the quarter of the count of the topic's busiest month.
    """

    first: dt.date
    path: str
    count: int = 0
    level: int = 1
    groups: tuple[DayEntries, ...] = ()


class TopicYear(Struct, frozen=True, kw_only=True):
    """A year of a topic: January to December, None for a month without entries."""

    year: int
    months: tuple[TopicMonth | None, ...]
    count: int


class TopicView(Struct, frozen=True, kw_only=True):
    """A topic page.

    Attributes:
        declared: False if only records name the topic and no topic file describes it.
        newest: The newest 50 entries by day, newest day first.
        months: Newest first; likewise `years`.
        related: Topics that share entries with it, most shared entries first.
    """

    link: TopicLink
    aliases: tuple[str, ...]
    declared: bool
    introduction: Markup
    newest: tuple[DayEntries, ...]
    months: tuple[TopicMonth, ...]
    years: tuple[TopicYear, ...]
    first: EntryLink | None
    last: EntryLink | None
    related: tuple[TopicLink, ...]


class ProsePageView(Struct, frozen=True, kw_only=True):
    """A page of prose, such as the about page."""

    title: str
    slug: str
    content: Markup


def day_name(date: dt.date, config: Config) -> DayName:
    """Return a day's date, URL and number."""
    return DayName(date=date, path=day_url(date), number=day_number(date, config.first_day))


def topic_name(slug: str, topics: TopicSet) -> TopicName:
    """Return a topic's name and kind from its file, or derived from the slug without one."""
    topic = topics.declared.get(slug) or undeclared_topic(slug)
    return TopicName(slug=slug, name=topic.name, kind=topic.kind, path=topic_url(slug))
