"""What templates see of days and entries: plain values, one shape for each thing a page shows.

A view holds facts, never display text: dates stay dates, and the theme words them with
`theme/strings.toml`. `path` is an address from the site's root (``2023/06/02/``); a
template puts `root` before it (``{{ root }}{{ day.path }}``), so links are relative.
"""

import datetime as dt

from markupsafe import Markup
from msgspec import Struct


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


class Clock(Struct, frozen=True, kw_only=True):
    """The same instant in another place: `shift` is -1, 0 or 1 where its date differs."""

    place: str
    time: dt.time
    shift: int


class EntryLink(Struct, frozen=True, kw_only=True):
    """An entry as other pages name it; `path` holds its anchor."""

    path: str
    day: DayName
    time: dt.time | None


class Revision(Struct, frozen=True, kw_only=True):
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
    clocks: tuple[Clock, ...]
    headline: str
    made: bool
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
    former: tuple[Revision, ...]
    beside: tuple[Revision, ...]
    absent: tuple[SourceView, ...]


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
    previous: DayName | None
    next: DayName | None
    evening_before: tuple[EntryView, ...]
    linked: dict[str, tuple[EntryLink, ...]]  # by anchor: entries elsewhere with the same or similar text
    carried_by: tuple[SourceView, ...]
