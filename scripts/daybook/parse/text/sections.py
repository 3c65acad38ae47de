"""Read the parts of a text page: the header above the first stamp, and one section for each post.

A section begins with a stamp and ends before the next one.
"""

import re
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.model import Caption
from daybook.parse.base.decode import one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Post, PrintedDate
from daybook.parse.text.classify import LineClass, is_headline, match_boilerplate, unique_captions
from daybook.parse.time.printed import find_day_number, find_linked_date, parse_clock_time

_ENDING_EFFECTS = ("end", "link", "restart")  # of boilerplate rules
_DIGIT = re.compile(r"\d")


class PageHeader(Struct, frozen=True, kw_only=True):
    """The content above the first post; `heading` is a day heading that differs from the page's date."""

    lines: tuple[ClassifiedLine, ...]
    title: str = ""
    standfirst: str = ""
    date: PrintedDate | None = None
    heading: PrintedDate | None = None
    lede: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()
    links: tuple[PrintedDate, ...] = ()


class PostSection(Struct, frozen=True, kw_only=True):
    """One post and the lines below it; `heading` and `restart` apply to the next post."""

    post: Post
    lines: tuple[ClassifiedLine, ...]
    captions: tuple[Caption, ...]
    links: tuple[PrintedDate, ...]
    heading: PrintedDate | None
    restart: bool


class _Opening(Struct, frozen=True):
    """A post's headline, the lines that contain only the headline, its paragraphs and their line numbers."""

    headline: str
    headline_lines: tuple[LineClass, ...]
    paragraphs: tuple[str, ...]
    body_lines: tuple[int, ...]


def read_page_header(line_classes: tuple[LineClass, ...]) -> PageHeader:
    """Read the lines above the first stamp: the first plain line is the title, plain text below it the lede.

    The paragraph below the title is the standfirst if the page's date is below it, or if it
    states the day number.
    """
    plain = [each for each in line_classes if each.is_plain_text]
    dates = [each.date for each in line_classes if each.date]
    below = plain[1:]
    first = [each for each in below if each.line.block == below[0].line.block]
    standfirst = one_line(" ".join(each.line.text for each in first))
    above_date = bool(first and dates and first[-1].line.number < dates[0].line)
    if not (above_date or find_day_number(standfirst) is not None):
        first, standfirst = [], ""
    title_number = plain[0].line.number if plain else 0
    standfirst_numbers = frozenset(each.line.number for each in first)
    return PageHeader(
        lines=tuple(_header_line(each, title_number, standfirst_numbers) for each in line_classes),
        title=one_line(plain[0].line.text) if plain else "",
        standfirst=standfirst,
        date=dates[0] if dates else None,
        heading=dates[-1] if dates and not _is_same_day(dates[0], dates[-1]) else None,
        lede=_join_paragraphs(below[len(first) :]),
        captions=unique_captions(tuple(each.caption for each in line_classes if each.caption)),
        links=_linked_dates(line_classes),
    )


def _header_line(each: LineClass, title: int, standfirst: frozenset[int]) -> ClassifiedLine:
    if each.rule:
        return each.with_role(LineRole.BOILERPLATE, each.rule.name)
    if each.date:
        return each.with_role(LineRole.DATE)
    if each.caption:
        return each.with_role(LineRole.CAPTION)
    if each.line.number == title:
        return each.with_role(LineRole.TITLE)
    return each.with_role(LineRole.STANDFIRST if each.line.number in standfirst else LineRole.LEDE)


def _is_same_day(first: PrintedDate, second: PrintedDate) -> bool:
    same_year = first.year == second.year or None in (first.year, second.year)
    return same_year and (first.month, first.day) == (second.month, second.day)


def read_post_section(line_classes: tuple[LineClass, ...], stamp: ClockTime, *, last: bool) -> PostSection:
    """Read the lines from a stamp to the next one, or to the end of the page for the `last` post.

    The entry ends at a day heading, a separator or another line that ends entries. Plain text
    below that is in no entry: it is boilerplate if a rule for footers matches, else not understood.
    """
    inside, below = _split_at_end(line_classes)
    plain = [each for each in inside[1:] if each.is_plain_text]
    opening = _read_opening(stamp, line_classes[0], plain)
    post = Post(
        line=line_classes[0].line.number,
        stamp=stamp,
        stamp_date=line_classes[0].date,
        line_numbers=(line_classes[0].line.number, *(each.line.number for each in plain)),
        headline=opening.headline,
        paragraphs=opening.paragraphs,
        body_lines=opening.body_lines,
        key=any(each.rule and each.rule.effect == "key" for each in inside),
        edited=last_edit_time(inside),
    )
    headline_numbers = frozenset(each.line.number for each in opening.headline_lines)
    footer = last and any(each.rule and each.rule.effect in ("end", "link") for each in below)
    return PostSection(
        post=post,
        lines=(
            *(_line_inside(each, headline_numbers) for each in inside),
            *(_line_below(each, footer=footer) for each in below),
        ),
        captions=unique_captions(tuple(each.caption for each in inside if each.caption)),
        links=_linked_dates(below),
        heading=next((each.date for each in reversed(below) if each.date), None),
        restart=any(each.rule and each.rule.effect in ("restart", "pinned") for each in line_classes),
    )


def _split_at_end(line_classes: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[LineClass, ...]]:
    """Split the lines of a section before the first line that ends the entry."""
    for index, each in enumerate(line_classes):
        if (each.date and not each.stamp) or (each.rule and each.rule.effect in _ENDING_EFFECTS):
            return line_classes[:index], line_classes[index:]
    return line_classes, ()


def _read_opening(stamp: ClockTime, first: LineClass, plain: list[LineClass]) -> _Opening:
    """Separate headline and body. The headline is after the stamp, or below a stamp without text.

    A line that continues in lower case is part of the line above, wrapped by the browser.
    """
    numbers = tuple(each.line.number for each in plain)
    if not stamp.text_after and not plain:
        return _Opening("", (), (), ())
    start = 0 if stamp.text_after else 1
    opening_line = first.line if stamp.text_after else plain[0].line
    opening_text = stamp.text_after or opening_line.text
    same_block = [each for each in plain[start:] if each.line.block == opening_line.block]
    wrapped = same_block if same_block and same_block[0].line.text[0].islower() else []
    unwrapped = " ".join((opening_text, *(each.line.text for each in wrapped)))
    if is_headline(replace(opening_line, text=unwrapped)):
        used = start + len(wrapped)
        return _Opening(one_line(unwrapped), tuple(plain[:used]), _join_paragraphs(plain[used:]), numbers[used:])
    if not stamp.text_after:
        return _Opening("", (), _join_paragraphs(plain), numbers)
    paragraph = "\n".join((opening_text, *(each.line.text for each in same_block)))
    body_lines = (first.line.number, *numbers)
    return _Opening("", (), (paragraph, *_join_paragraphs(plain[len(same_block) :])), body_lines)


def last_edit_time(line_classes: tuple[LineClass, ...]) -> ClockTime | None:
    """Return the time in the last edit mark of a post; None if there is no mark or no time in it."""
    marks = [each.line.text for each in line_classes if each.rule and each.rule.effect == "edit"]
    digit = _DIGIT.search(marks[-1]) if marks else None
    return parse_clock_time(marks[-1][digit.start() :]) if digit else None


def _line_inside(each: LineClass, headline: frozenset[int]) -> ClassifiedLine:
    if each.stamp:
        return each.with_role(LineRole.STAMP)
    if each.rule:
        return each.with_role(LineRole.BOILERPLATE, each.rule.name)
    if each.caption:
        return each.with_role(LineRole.CAPTION)
    if each.line.number in headline:
        return each.with_role(LineRole.STAMP, "headline")
    return each.with_role(LineRole.ENTRY)


def _line_below(each: LineClass, *, footer: bool) -> ClassifiedLine:
    if each.date:
        return each.with_role(LineRole.DATE, "day heading")
    rule = each.rule or (match_boilerplate(each.line.text, "after-end") if footer and not each.caption else None)
    if rule:
        return each.with_role(LineRole.BOILERPLATE, rule.name)
    return each.with_role(LineRole.NOT_UNDERSTOOD, "below the end of the entries")


def _join_paragraphs(line_classes: list[LineClass]) -> tuple[str, ...]:
    """Join the lines of each paragraph with newlines."""
    return tuple(
        "\n".join(each.line.text for each in block) for _, block in groupby(line_classes, lambda each: each.line.block)
    )


def _linked_dates(line_classes: tuple[LineClass, ...]) -> tuple[PrintedDate, ...]:
    """Return the dates in lines that link to the page of another day."""
    linking = (each for each in line_classes if each.rule and each.rule.effect == "link")
    dates = (find_linked_date(each.line.text, each.line.number) for each in linking)
    return tuple(date for date in dates if date)
