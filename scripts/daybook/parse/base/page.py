"""The values that pass between the rooms of parsing: hints in, lines and posts between, a page out.

The only place for these shapes. A format's reader turns bytes into an Outline, which says
what stands on the page; `placing` turns an Outline into a Page, which says when it happened.
"""

import datetime as dt
from enum import Enum

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.record import Caption, Record


class Hints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a maintainer knows of a page and the page itself does not say.

    `zone` is an abbreviation, an offset or an IANA name; `captured` is ISO 8601; an empty
    `format` lets the content decide.
    """

    date: dt.date | None = None
    zone: str = ""
    url: str = ""
    outlet: str = ""
    captured: str = ""
    format: str = ""


class LineRole(Enum):
    """Say what became of a line that is not blank."""

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
    """A line of a page and its fate; `why` names the rule or the reason where there is one."""

    number: int
    role: LineRole
    text: str
    reason: str = ""


class Note(Struct, frozen=True):
    """Something a person should know that does not stop a page; line 0 is the whole page."""

    line: int
    text: str


class ClockTime(Struct, frozen=True, kw_only=True):
    """A clock at a line's start: `clock` is in seconds after midnight, 86400 for 2400.

    `printed` is the stamp as it stands, `zone` its zone word, `rest` the line after it.
    `twin` is the same instant in a second zone. A `fault` says why it is no time at all.
    """

    clock: int
    printed: str
    zone: str = ""
    text_after: str = ""
    second_clock: tuple[int, str] | None = None
    fault: str = ""


class PrintedDate(Struct, frozen=True, kw_only=True):
    """A date as a page prints it, not yet proved: `year` and `weekday` (Monday is 0) may be absent."""

    line: int
    printed: str
    day: int
    month: int
    year: int | None = None
    weekday: int | None = None


class Post(Struct, frozen=True, kw_only=True):
    """A post as it stands. `stamp` is None for one that has no time.

    `on` is a date that stands in the stamp itself, `heading` the day heading between the post
    and the one above; `restart` says that a separator such as "More updates" stands there.
    `held` are the numbers of the lines that are the post's own, its stamp among them, `body`
    those that hold its text. `markdown` is the text with its marks, where it has any;
    `updated` is RFC 3339.
    """

    line: int
    line_numbers: tuple[int, ...]
    stamp: ClockTime | None = None
    stamp_date: PrintedDate | None = None
    headline: str = ""
    paragraphs: tuple[str, ...] = ()
    markdown: str = ""
    body_lines: tuple[int, ...] = ()
    id: str = ""
    authors: tuple[str, ...] = ()
    updated: str = ""
    key: bool = False
    edited: ClockTime | None = None
    heading: PrintedDate | None = None
    restart: bool = False


class Outline(Struct, frozen=True, kw_only=True):
    """Everything that stands on a page, in page order, before anything is dated.

    `links` are the dates that link sentences name: witnesses, never headings. `day` and
    `zone` are what the page's data says of itself where its text says nothing. `unit` is
    what the numbers count: lines of text, visible blocks of HTML, updates of a data file.
    """

    title: str = ""
    standfirst: str = ""
    url: str = ""
    outlet: str = ""
    lang: str = ""
    date: PrintedDate | None = None
    data_date: dt.date | None = None
    zone: str = ""
    lede: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()
    posts: tuple[Post, ...] = ()
    links: tuple[PrintedDate, ...] = ()
    lines: tuple[ClassifiedLine, ...] = ()
    notes: tuple[Note, ...] = ()
    line_unit: str = "line"


class ParsedPage(Struct, frozen=True, kw_only=True):
    """What was understood of a page. Problems are entries kept aside, each with its line."""

    name: str = ""
    records: tuple[Record, ...] = ()
    lines: tuple[ClassifiedLine, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[ArchiveError, ...] = ()
    line_unit: str = "line"
