"""The lines from one stamp to the next: the only place that says where an entry begins and ends."""

import re
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.record import Caption
from daybook.parse.base.decode import one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Post, PrintedDate
from daybook.parse.text.classify import LineClass, is_headline, match_boilerplate, unique_captions
from daybook.parse.time.printed import find_day_number, find_linked_date, parse_clock_time

_ENDS = ("end", "link", "restart")


_DIGIT = re.compile(r"\d")


class PostSection(Struct, frozen=True, kw_only=True):
    """One post and what stands below it: `heading` and `restart` are for the next post."""

    post: Post
    lines: tuple[ClassifiedLine, ...]
    captions: tuple[Caption, ...]
    links: tuple[PrintedDate, ...]
    heading: PrintedDate | None
    restart: bool


def join_paragraphs(signs: list[LineClass]) -> tuple[str, ...]:
    """Join the lines of each paragraph, line ends kept."""
    return tuple(
        "\n".join(sign.line.text for sign in block) for _, block in groupby(signs, lambda sign: sign.line.block)
    )


class _Opening(Struct, frozen=True):
    """How a post begins: its headline, the lines that are headline alone, and its paragraphs."""

    headline: str
    lines: tuple[LineClass, ...]
    paragraphs: tuple[str, ...]
    body: tuple[int, ...]


def read_post_section(signs: tuple[LineClass, ...], stamp: ClockTime, *, last: bool) -> PostSection:
    """Read the signs from a stamp to the next one, or to the page's end if it is the `last`.

    The entry ends at a day heading, a separator or a line that ends the entries; plain text
    below that is no entry's: footer words by rule, all else not understood.
    """
    inside, below = _split(signs)
    plain = [sign for sign in inside[1:] if sign.is_plain_text]
    opening = _opening(stamp, signs[0], plain)
    post = Post(
        line=signs[0].line.number,
        stamp=stamp,
        stamp_date=signs[0].date,
        line_numbers=(signs[0].line.number, *(sign.line.number for sign in plain)),
        headline=opening.headline,
        paragraphs=opening.paragraphs,
        body_lines=opening.body,
        key=any(sign.rule and sign.rule.effect == "key" for sign in inside),
        edited=last_edit_time(inside),
    )
    headline = frozenset(sign.line.number for sign in opening.lines)
    footer = last and any(sign.rule and sign.rule.effect in ("end", "link") for sign in below)
    return PostSection(
        post=post,
        lines=(
            *(_line_inside(sign, headline) for sign in inside),
            *(_line_below(sign, footer=footer) for sign in below),
        ),
        captions=unique_captions(tuple(sign.caption for sign in inside if sign.caption)),
        links=linked_dates(below),
        heading=next((sign.date for sign in reversed(below) if sign.date), None),
        restart=any(sign.rule and sign.rule.effect in ("restart", "pinned") for sign in signs),
    )


def _split(signs: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[LineClass, ...]]:
    """Part the signs at the first line that ends the entry."""
    for index, sign in enumerate(signs):
        if (sign.date and not sign.stamp) or (sign.rule and sign.rule.effect in _ENDS):
            return signs[:index], signs[index:]
    return signs, ()


def _opening(stamp: ClockTime, first: LineClass, plain: list[LineClass]) -> _Opening:
    """Tell headline from body: what follows the stamp, or stands below one that is alone.

    A line that goes on in lower case was only wrapped.
    """
    numbers = tuple(sign.line.number for sign in plain)
    if not stamp.text_after and not plain:
        return _Opening("", (), (), ())
    start = 0 if stamp.text_after else 1
    begun, block = (
        (stamp.text_after, first.line.block) if stamp.text_after else (plain[0].line.text, plain[0].line.block)
    )
    same = [sign for sign in plain[start:] if sign.line.block == block]
    wrapped = same if same and same[0].line.text[0].islower() else []
    whole = " ".join((begun, *(sign.line.text for sign in wrapped)))
    opens = first.line if stamp.text_after else plain[0].line
    if is_headline(replace(opens, text=whole)):
        used = start + len(wrapped)
        return _Opening(one_line(whole), tuple(plain[:used]), join_paragraphs(plain[used:]), numbers[used:])
    if not stamp.text_after:
        return _Opening("", (), join_paragraphs(plain), numbers)
    begin = "\n".join((begun, *(sign.line.text for sign in same)))
    body = (first.line.number, *numbers)
    return _Opening("", (), (begin, *join_paragraphs(plain[len(same) :])), body)


def last_edit_time(inside: tuple[LineClass, ...]) -> ClockTime | None:
    """Read the time of the last edit mark, if it holds a time."""
    marks = [sign.line.text for sign in inside if sign.rule and sign.rule.effect == "edit"]
    found = _DIGIT.search(marks[-1]) if marks else None
    return parse_clock_time(marks[-1][found.start() :]) if found else None


def _line_inside(sign: LineClass, headline: frozenset[int]) -> ClassifiedLine:
    if sign.stamp:
        return sign.with_role(LineRole.STAMP)
    if sign.rule:
        return sign.with_role(LineRole.BOILERPLATE, sign.rule.name)
    if sign.caption:
        return sign.with_role(LineRole.CAPTION)
    return (
        sign.with_role(LineRole.STAMP, "headline") if sign.line.number in headline else sign.with_role(LineRole.ENTRY)
    )


def _line_below(sign: LineClass, *, footer: bool) -> ClassifiedLine:
    if sign.date:
        return sign.with_role(LineRole.DATE, "day heading")
    rule = sign.rule or (match_boilerplate(sign.line.text, "after-end") if footer and not sign.caption else None)
    if rule:
        return sign.with_role(LineRole.BOILERPLATE, rule.name)
    return sign.with_role(LineRole.NOT_UNDERSTOOD, "stands below the end of the entries")


class PageHeader(Struct, frozen=True, kw_only=True):
    """What stands above the first entry; `heading` is a day heading below the page's own date."""

    lines: tuple[ClassifiedLine, ...]
    title: str = ""
    standfirst: str = ""
    date: PrintedDate | None = None
    heading: PrintedDate | None = None
    lede: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()
    links: tuple[PrintedDate, ...] = ()


def read_page_header(signs: tuple[LineClass, ...]) -> PageHeader:
    """Read the signs above the first stamp: the first plain line is the title, text below it the lede.

    The paragraph below the title is the standfirst where the page's date stands below it,
    or where it claims the day's number.
    """
    plain = [sign for sign in signs if sign.is_plain_text]
    dates = [sign.date for sign in signs if sign.date]
    below = plain[1:]
    first = [sign for sign in below if sign.line.block == below[0].line.block]
    standfirst = one_line(" ".join(sign.line.text for sign in first))
    dated_below = bool(first and dates and first[-1].line.number < dates[0].line)
    if not (dated_below or find_day_number(standfirst) is not None):
        first, standfirst = [], ""
    numbers = frozenset(sign.line.number for sign in first)
    return PageHeader(
        lines=tuple(_fate(sign, plain[0].line.number if plain else 0, numbers) for sign in signs),
        title=one_line(plain[0].line.text) if plain else "",
        standfirst=standfirst,
        date=dates[0] if dates else None,
        heading=dates[-1] if dates and not _same_day(dates[0], dates[-1]) else None,
        lede=join_paragraphs(below[len(first) :]),
        captions=unique_captions(tuple(sign.caption for sign in signs if sign.caption)),
        links=linked_dates(signs),
    )


def linked_dates(signs: tuple[LineClass, ...]) -> tuple[PrintedDate, ...]:
    """Find the dates that lines linking to another day name."""
    linking = (sign for sign in signs if sign.rule and sign.rule.effect == "link")
    found = (find_linked_date(sign.line.text, sign.line.number) for sign in linking)
    return tuple(date for date in found if date)


def _fate(sign: LineClass, title: int, standfirst: frozenset[int]) -> ClassifiedLine:
    if sign.rule:
        return sign.with_role(LineRole.BOILERPLATE, sign.rule.name)
    if sign.date:
        return sign.with_role(LineRole.DATE)
    if sign.caption:
        return sign.with_role(LineRole.CAPTION)
    if sign.line.number == title:
        return sign.with_role(LineRole.TITLE)
    return sign.with_role(LineRole.STANDFIRST if sign.line.number in standfirst else LineRole.LEDE)


def _same_day(one: PrintedDate, other: PrintedDate) -> bool:
    same_year = one.year == other.year or None in (one.year, other.year)
    return same_year and (one.month, one.day) == (other.month, other.day)
