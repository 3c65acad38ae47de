"""Types that are passed between the parsing steps.

The reader of a format turns the text of a page into an `Outline`: what the page
states, in page order. `time.dating` turns an `Outline` into a `ParsedPage` of dated records.

Terms: a *stamp* is the time printed (or stored) at the start of a post, a *post* is one update of
a live blog as the page has it, a *record* is a post with its date.
"""

import datetime as dt
from enum import Enum
from typing import Literal

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.model import Caption
from daybook.core.record import Record

LONGEST_PREVIEW = 80  # characters of a line in reports
CHAT_EXPORT = "chats are not read, only exports of Telegram channels"


class RefusedFormatError(ArchiveError):
    """A kind of file that is not read. Its reason is ``a Slack export; …``: the kind, and what to do.

    Inside a folder such a file is left out; one that a person named is an error.
    """


class Hints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts about a page that the page itself does not state."""

    date: dt.date | None = None
    zone: str = ""  # an abbreviation, an offset or an IANA name
    url: str = ""
    outlet: str = ""
    captured: str = ""  # an RFC 3339 instant
    format: str = ""  # "": detected from the content
    encoding: str = ""  # a label such as windows-1252; in its place, a web archive has the HTTP header's


class LineRole(Enum):
    """What a line that is not blank is used for. The values are stored in ledgers."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    DATE = "date"
    LEDE = "lede"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"
    STAMP = "stamp"
    ENTRY = "entry"
    NOT_UNDERSTOOD = "not understood"


class ClassifiedLine(Struct, frozen=True, kw_only=True):
    """A line of a page and its role; `reason` is the rule that matched, or why no rule did."""

    number: int
    role: LineRole
    text: str
    reason: str = ""


class Note(Struct, frozen=True):
    """A remark for a person about a page that was read; line 0 is the whole page."""

    line: int
    text: str


class Verdict(Enum):
    """How the reading of a page ended. The values are shown in tables and ledgers."""

    READ = "read"
    DOUBTS = "read with doubts"
    NO_LIVE_BLOG = "no live blog"
    NOT_UNDERSTOOD = "not understood"  # it looks like a live blog, and no post could be read


# What a doubt is about: a time that may be a stamp and was not taken; a second reading that is as likely; data and text
# of the page that disagree; a page that has only a part of its live blog; a post that was left out; a post without a
# time between others; the day of posts; the zone of posts.
DoubtKind = Literal["time not taken", "rival", "data", "part", "left out", "untimed", "day", "zone", "start", "end"]


class Doubt(Struct, frozen=True, kw_only=True):
    """What a person should check on a page that was read; line 0 is the whole page."""

    kind: DoubtKind
    line: int = 0
    text: str


class ClockTime(Struct, frozen=True, kw_only=True):
    """A clock time at the start of a line, without a date."""

    clock: int  # in seconds after midnight, 86400 for "2400"
    printed: str  # as the page prints it
    zone: str = ""  # its zone word
    text_after: str = ""  # the rest of the line
    second_clock: tuple[int, str] | None = None  # the same instant in a second zone: seconds and zone word
    fault: str = ""  # why the time is impossible; `clock` is 0 then
    age: int | None = None  # seconds before the page was read, for "5 minutes ago"; `clock` is 0 then
    days_back: int | None = None  # 1 for "yesterday 21:35", 0 for "today"
    age_beside: int | None = None  # the age that is printed beside the clock: "2h ago (14:05)"


class PrintedDate(Struct, frozen=True, kw_only=True):
    """A date as a page prints it; `resolve_date` checks it. Monday is weekday 0."""

    line: int
    printed: str
    day: int
    month: int
    year: int | None = None
    weekday: int | None = None


class Post(Struct, frozen=True, kw_only=True):
    """A post as the page has it."""

    line: int  # number of its first line
    line_numbers: tuple[int, ...]  # of all its lines, the stamp's included
    stamp: ClockTime | None = None
    stamp_date: PrintedDate | None = None  # a date that is part of the stamp
    headline: str = ""
    paragraphs: tuple[str, ...] = ()
    markdown: str = ""  # the text with its formatting; "" if only `paragraphs` is set
    body_lines: tuple[int, ...] = ()  # numbers of the lines that contain its text
    id: str = ""
    numbered_id: str = ""  # an id that may be only the number of a place on the page; used if no other is known
    authors: tuple[str, ...] = ()
    updated: str = ""  # time of the last edit in RFC 3339, as page data has it
    key: bool = False
    edited: ClockTime | None = None  # time of the last edit, as the page prints it
    heading: PrintedDate | None = None  # a day heading between this post and the one above
    restart: bool = False  # a separator such as "More updates" is above the post


class Outline(Struct, frozen=True, kw_only=True):
    """The content of a page in page order, before its posts are dated.

    `links` are the dates in link sentences ("for updates from June 1, click here"). They confirm
    inferred dates and are never day headings.
    """

    title: str = ""
    standfirst: str = ""
    url: str = ""
    outlet: str = ""
    lang: str = ""
    date: PrintedDate | None = None  # the date line of the page
    data_date: dt.date | None = None  # from the page's structured data, used if there is no date line
    published: str = ""  # RFC 3339; used for the date if nothing else states one
    header_date: PrintedDate | None = None  # beside other words in the header; used after `published`
    modified: str = ""  # RFC 3339; no post is later
    zone: str = ""  # zone word or offset that the page uses for stamps without a zone
    lede: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()
    posts: tuple[Post, ...] = ()
    links: tuple[PrintedDate, ...] = ()
    lines: tuple[ClassifiedLine, ...] = ()
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    has_more_in_data: bool = False  # its data has posts beyond those that its text shows, which are read too
    looks_live: bool = False  # a page without posts that calls itself live, or has times that may be stamps
    kind: str = ""  # of the file, as shown to people: "Telegram export"; "" for that of its format
    line_unit: str = "line"  # what line numbers count: "line" (text), "block" (HTML) or "update" (data file)


class ParsedPage(Struct, frozen=True, kw_only=True):
    """The records of a page. `problems` are posts that were left out, each with its line.

    `doubts` are what a person should check; notes are remarks that need no action.
    """

    name: str = ""
    records: tuple[Record, ...] = ()
    lines: tuple[ClassifiedLine, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[ArchiveError, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    verdict: Verdict = Verdict.READ
    kind: str = ""  # of the file, as shown to people: "HTML", "Telegram export"
    sha256: str = ""  # of the file, unpacked
    line_unit: str = "line"
    origin: str = ""  # of a page in a web archive: the archive's name and the record's id
