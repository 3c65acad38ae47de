"""Plain values that templates show: days, entries, topics, calendars.

A view holds data, not display text: dates stay dates, and the theme formats them with
the words in `theme/strings/`. `path` is a URL relative to the site's root (``2023/06/02/``);
a template puts `root` before it (``{{ root }}{{ day.path }}``), so links are relative.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, overload

from markupsafe import Markup
from msgspec import Struct

from daybook.archive.content import TopicSet
from daybook.archive.topics import undeclared_topic
from daybook.core.config import Config
from daybook.core.model import DayCaption, Source, day_number
from daybook.site.views.urls import day_url, topic_url

_STORY_NAMES = 6  # of a story, shown on its page


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
    """A day as other pages name it: nothing that editing the day changes, so these need not be rendered again."""

    date: dt.date
    path: str
    number: int | None  # None before day 1


class MainEntry(Struct, frozen=True, array_like=True):
    """A main entry of a day as other pages name it; `outlets` are those that report the same."""

    anchor: str
    time: dt.time | None
    headline: str
    derived: bool
    lang: str
    key: bool
    outlets: tuple[str, ...]


class DayLink(DayName, frozen=True, kw_only=True):
    """A day in lists.

    `headline` names the day: its title, else, as `chosen` tells, the headline of a key entry ("key") or of the entry
    that most outlets or topics share ("rule"). It is "" for a day without entries and title.
    """

    title: str
    count: int  # entries
    headline: str
    headline_lang: str  # BCP 47 tag, "" for the archive's own language
    chosen: str  # "", "key" or "rule"
    main: tuple[MainEntry, ...]  # the first one first, the others in order of time


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
    """A topic in lists, with counts in the whole archive, in one month, or of shared entries for related topics."""

    count: int  # entries
    days: int  # with these entries


class EntryLink(Struct, frozen=True, kw_only=True):
    """An entry as other pages name it; `path` includes its anchor. `headline` is "" where it is not known."""

    path: str
    day: DayName
    time: dt.time | None
    headline: str = ""
    lang: str = ""  # of the headline, "" for the archive's own language
    outlet: str = ""


class Chapter(EntryLink, frozen=True, kw_only=True):
    """An entry as stories name it. `names` are those that it shares with an earlier chapter."""

    key: str
    derived: bool
    names: tuple[str, ...] = ()


class EntryStory(Struct, frozen=True, kw_only=True):
    """What an entry shows of its story: its first chapter, the one before, the one after; "" without a page."""

    path: str
    title: str
    first: Chapter | None
    earlier: Chapter | None
    later: Chapter | None


class Chapters(Sequence[Chapter]):
    """The chapters of a story, each of which is made where a page shows it."""

    def __init__(self, story: "Story") -> None:
        self._story = story

    def __len__(self) -> int:
        return len(self._story.keys)

    @overload
    def __getitem__(self, index: int) -> Chapter: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Chapter, ...]: ...
    def __getitem__(self, index: int | slice) -> Chapter | tuple[Chapter, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        return self._story.make_chapter(self._story.keys[index], self._story.shared_names[index])


class Story(Struct, frozen=True, kw_only=True):
    """A story of at least two chapters, or a published one. `path` is "" without a page.

    `keys` are those of its chapters, and `shared_names` the names that each shares with an earlier one. `repeated` are
    the keys of entries that report the same as a chapter, by its key.
    """

    path: str
    given_title: str  # "" if its first chapter names it
    keys: tuple[str, ...]  # oldest first
    shared_names: tuple[tuple[str, ...], ...]
    repeated: dict[str, tuple[str, ...]]
    turning_points: tuple[str, ...]  # keys of chapters
    by_hand: bool  # a person has corrected it
    make_chapter: Callable[[str, tuple[str, ...]], Chapter]
    make_link: Callable[[str], EntryLink]

    @property
    def chapters(self) -> Sequence[Chapter]:
        """Return the chapters, oldest first."""
        return Chapters(self)

    @property
    def title(self) -> str:
        """Return the title that a person gave the story, else the headline of its first chapter."""
        return self.given_title or self.chapters[0].headline

    @property
    def repeats(self) -> dict[str, tuple[EntryLink, ...]]:
        """Return links to the entries that report the same as a chapter, by its key."""
        return {key: tuple(map(self.make_link, others)) for key, others in self.repeated.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that joined most chapters."""
        counts: dict[str, int] = {}
        for name in (name for names in self.shared_names for name in names):
            counts[name] = counts.get(name, 0) + 1
        return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:_STORY_NAMES])


class SourceView(Source, frozen=True, kw_only=True):
    """The page an entry was read from.

    `our_number` is the archive's number of the page's day. `counts_differently` is true where
    the page printed another one.
    """

    our_number: int | None
    counts_differently: bool


class LocalClock(Struct, frozen=True, kw_only=True):
    """The local time of an entry in another place."""

    place: str
    time: dt.time
    shift: int  # -1, 0 or 1 day to the date there


class RevisionView(Struct, frozen=True, kw_only=True):
    """Another version of an entry, with the changes to the next one as ``<del>`` and ``<ins>``."""

    headline: Markup
    html: Markup
    source: SourceView | None  # the first page that printed the version, if it is known


class EntryView(Struct, frozen=True, kw_only=True):
    """One entry."""

    anchor: str
    path: str  # with the anchor: 2023/06/02/#t1329
    page: str  # of its own page: 2023/06/02/t1329/, "" without one
    day: DayName
    time: dt.time | None
    instant: str  # RFC 3339 in UTC, "" where unknown
    clocks: tuple[LocalClock, ...]
    headline: str
    derived: bool  # the headline was taken from the text because the source has none
    html: Markup
    text: str
    topics: tuple[TopicName, ...]
    sources: tuple[SourceView, ...]  # the pages that printed the version shown
    carriers: tuple[SourceView, ...]  # all pages that printed the entry in any version
    key: bool
    lang: str  # BCP 47 tag, "" for the archive's own language
    by_hand: bool  # a person edited or wrote the entry
    updated: str  # as `instant`
    authors: tuple[str, ...]
    revisions: tuple[RevisionView, ...]  # earlier versions, oldest first
    conflicts: tuple[RevisionView, ...]  # versions of source pages that differ from a person's edit
    missing_from: tuple[SourceView, ...]  # later captures of a source page without the entry
    corrected: tuple[str, ...]  # when each correction was first captured, as `instant`, oldest first
    perhaps: EntryLink | None  # an entry that this one may be a correction of


class TombstoneView(Struct, frozen=True, kw_only=True):
    """A withdrawn or moved entry: the reason, or the date and URL that it was moved to."""

    anchor: str
    time: dt.time | None
    reason: str
    moved_to: dt.date | None
    path: str


class HeadView(Struct, frozen=True, kw_only=True):
    """What another live blog of a day says above its entries."""

    outlet: str
    title: str
    standfirst: str
    lede: Markup


class CitationForm(Struct, frozen=True):
    """A citation in one style or format, with its short name and its title."""

    name: str
    title: str
    text: str
    is_code: bool


class OutletView(Struct, frozen=True, kw_only=True):
    """An outlet on a day page: the number of its mark, from 1, and of its entries that day."""

    name: str
    mark: int
    count: int


class HoursView(Struct, frozen=True, kw_only=True):
    """Three hours of a day: for each, its entries and whether it was collected; the first entry from there on."""

    start: int
    counts: tuple[int, ...]
    collected: tuple[bool, ...]
    anchor: str  # "" if no entry follows


class DayView(Struct, frozen=True, kw_only=True):
    """A day page."""

    link: DayLink
    lang: str
    lede: Markup
    lede_text: str
    entries: tuple[EntryView, ...]
    sources: tuple[SourceView, ...]
    captions: tuple[DayCaption, ...]
    collected: tuple[tuple[int, int], ...]  # spans in minutes after midnight, empty where unknown
    topics: tuple[TopicLink, ...]  # most entries first
    previous: DayLink | None
    next: DayLink | None
    previous_evening: tuple[EntryView, ...]  # of the day before, which this day's own live blog contained
    stories: dict[str, EntryStory]  # by anchor
    source_keys: tuple[str, ...]  # parallel to `sources`; captions name them
    week: str  # URL of its ISO week
    outlets: tuple[OutletView, ...]  # most entries first
    hours: tuple[HoursView, ...]
    similar: dict[str, tuple[EntryLink, ...]]  # by anchor, at most three entries elsewhere, in order of time
    reports: dict[str, tuple[EntryLink, ...]]  # by the first report of an event, those of other outlets on this day
    folded: dict[str, str]  # by a later report of an event, the first one: anchors
    first_head: HeadView
    other_heads: tuple[HeadView, ...]  # of the day's other live blogs
    carried_by: tuple[SourceView, ...]  # live blogs of later days that entries of this day came from


class CalendarCell(Struct, frozen=True, kw_only=True):
    """A date in a calendar."""

    date: dt.date
    in_month: bool
    day: DayLink | None  # None where nothing was collected
    level: int  # 0 (no entries) to 4 (the busiest days), for shading


class ChosenDays(Struct, frozen=True):
    """Days in order of time; if too many share the highest count, evenly spread ones, and `are_busiest` is false."""

    days: tuple[DayLink, ...]
    are_busiest: bool


class MonthView(Struct, frozen=True, kw_only=True):
    """A month that has at least one day."""

    first: dt.date
    path: str
    weeks: tuple[tuple[CalendarCell, ...], ...]  # seven days each, from the first weekday of the interface's language
    days: tuple[DayLink, ...]  # oldest first
    count: int
    named: ChosenDays  # its busiest day, else one from its middle
    previous: tuple[str, dt.date] | None  # URL and first date of the nearest month that has a page, likewise `next`
    next: tuple[str, dt.date] | None


class YearView(Struct, frozen=True, kw_only=True):
    """A year and its months that have at least one day, oldest first."""

    year: int
    path: str
    months: tuple[MonthView, ...]
    count: int
    days: int
    previous: tuple[str, int] | None  # URL and year
    next: tuple[str, int] | None


class MonthCount(Struct, frozen=True, kw_only=True):
    """A month as a link with its number of entries."""

    first: dt.date
    path: str
    count: int


class YearCounts(Struct, frozen=True, kw_only=True):
    """A year as links to its months, oldest first, with their numbers of entries."""

    year: int
    path: str
    months: tuple[MonthCount, ...]
    count: int
    days: int


class DayEntries(Struct, frozen=True, kw_only=True):
    """Entries of one day on a topic page, each an excerpt for the filter `complete_excerpt`."""

    day: DayName
    entries: tuple[str, ...]


class TopicMonth(Struct, frozen=True, kw_only=True):
    """One month of a topic: its own page if `groups` is filled, else a link to that page."""

    first: dt.date
    path: str
    count: int = 0
    level: int = 1  # 1 to 4, the quarter of the count of the topic's busiest month
    groups: tuple[DayEntries, ...] = ()


class TopicYear(Struct, frozen=True, kw_only=True):
    """A year of a topic: January to December, None for a month without entries."""

    year: int
    months: tuple[TopicMonth | None, ...]
    count: int


class WeekView(Struct, frozen=True, kw_only=True):
    """An ISO week that has at least one day; `year` is that of the week."""

    year: int
    number: int
    path: str
    first: dt.date
    last: dt.date
    days: tuple[DayLink, ...]  # oldest first
    count: int
    previous: "tuple[str, int] | None"  # URL and number of the nearest week that has a page, likewise `next`
    next: "tuple[str, int] | None"


class DayReading(Struct, frozen=True, kw_only=True):
    """A date of a week or month as a part of a page: its main entries and the others, both in order of time."""

    date: dt.date
    day: DayLink | None  # None where nothing was collected
    main: tuple[EntryView, ...] = ()
    others: tuple[EntryView, ...] = ()


class TopicView(Struct, frozen=True, kw_only=True):
    """A topic page."""

    link: TopicLink
    aliases: tuple[str, ...]
    declared: bool  # False if only records name the topic and no topic file describes it
    introduction: Markup
    newest: tuple[DayEntries, ...]  # the newest 50 entries by day, newest day first
    months: tuple[TopicMonth, ...]  # newest first
    years: tuple[TopicYear, ...]  # newest first
    first: EntryLink | None
    last: EntryLink | None
    most: tuple[DayName, int] | None  # the day with most of its entries, and how many
    related: tuple[TopicLink, ...]  # topics that share entries with it, most shared entries first


def day_name(date: dt.date, config: Config) -> DayName:
    """Return a day's date, URL and number."""
    return DayName(date=date, path=day_url(date), number=day_number(date, config.first_day))


def topic_name(slug: str, topics: TopicSet) -> TopicName:
    """Return a topic's name and kind from its file, or derived from the slug without one."""
    topic = topics.declared.get(slug) or undeclared_topic(slug)
    return TopicName(slug=slug, name=topic.name, kind=topic.kind, path=topic_url(slug))
