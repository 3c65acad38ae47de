"""The lines from one stamp to the next: the only place that says where an entry begins and ends."""

import re

from msgspec import Struct
from msgspec.structs import replace

from ..records import RecordCaption
from .boilerplate import find_rule
from .captions import unique
from .decoding import one_line
from .heads import links_in, paragraphs
from .page import DateLine, Fate, Line, Post, Stamp
from .signs import Sign, is_headline
from .stamps import read_stamp

_ENDS = ("end", "link", "restart")
_DIGIT = re.compile(r"\d")


class Segment(Struct, frozen=True, kw_only=True):
    """One post and what stands below it: `heading` and `restart` are for the next post."""

    post: Post
    lines: tuple[Line, ...]
    captions: tuple[RecordCaption, ...]
    links: tuple[DateLine, ...]
    heading: DateLine | None
    restart: bool


class _Opening(Struct, frozen=True):
    """How a post begins: its headline, the lines that are headline alone, and its paragraphs."""

    headline: str
    lines: tuple[Sign, ...]
    paragraphs: tuple[str, ...]
    body: tuple[int, ...]


def read_segment(signs: tuple[Sign, ...], stamp: Stamp, *, last: bool) -> Segment:
    """Read the signs from a stamp to the next one, or to the page's end if it is the `last`.

    The entry ends at a day heading, a separator or a line that ends the entries; plain text
    below that is no entry's: footer words by rule, all else not understood.
    """
    inside, below = _split(signs)
    plain = [sign for sign in inside[1:] if sign.plain]
    opening = _opening(stamp, signs[0], plain)
    post = Post(
        line=signs[0].row.number,
        stamp=stamp,
        on=signs[0].date,
        held=(signs[0].row.number, *(sign.row.number for sign in plain)),
        headline=opening.headline,
        paragraphs=opening.paragraphs,
        body=opening.body,
        key=any(sign.rule and sign.rule.effect == "key" for sign in inside),
        edited=edit_time(inside),
    )
    headline = frozenset(sign.row.number for sign in opening.lines)
    footer = last and any(sign.rule and sign.rule.effect in ("end", "link") for sign in below)
    return Segment(
        post=post,
        lines=(
            *(_line_inside(sign, headline) for sign in inside),
            *(_line_below(sign, footer=footer) for sign in below),
        ),
        captions=unique(tuple(sign.caption for sign in inside if sign.caption)),
        links=links_in(below),
        heading=next((sign.date for sign in reversed(below) if sign.date), None),
        restart=any(sign.rule and sign.rule.effect in ("restart", "pinned") for sign in signs),
    )


def _split(signs: tuple[Sign, ...]) -> tuple[tuple[Sign, ...], tuple[Sign, ...]]:
    """Part the signs at the first line that ends the entry."""
    for index, sign in enumerate(signs):
        if (sign.date and not sign.stamp) or (sign.rule and sign.rule.effect in _ENDS):
            return signs[:index], signs[index:]
    return signs, ()


def _opening(stamp: Stamp, first: Sign, plain: list[Sign]) -> _Opening:
    """Tell headline from body: what follows the stamp, or stands below one that is alone.

    A line that goes on in lower case was only wrapped.
    """
    numbers = tuple(sign.row.number for sign in plain)
    if not stamp.rest and not plain:
        return _Opening("", (), (), ())
    start = 0 if stamp.rest else 1
    begun, block = (stamp.rest, first.row.block) if stamp.rest else (plain[0].row.text, plain[0].row.block)
    same = [sign for sign in plain[start:] if sign.row.block == block]
    wrapped = same if same and same[0].row.text[0].islower() else []
    whole = " ".join((begun, *(sign.row.text for sign in wrapped)))
    opens = first.row if stamp.rest else plain[0].row
    if is_headline(replace(opens, text=whole)):
        used = start + len(wrapped)
        return _Opening(one_line(whole), tuple(plain[:used]), paragraphs(plain[used:]), numbers[used:])
    if not stamp.rest:
        return _Opening("", (), paragraphs(plain), numbers)
    begin = "\n".join((begun, *(sign.row.text for sign in same)))
    body = (first.row.number, *numbers)
    return _Opening("", (), (begin, *paragraphs(plain[len(same) :])), body)


def edit_time(inside: tuple[Sign, ...]) -> Stamp | None:
    """Read the time of the last edit mark, if it holds a time."""
    marks = [sign.row.text for sign in inside if sign.rule and sign.rule.effect == "edit"]
    found = _DIGIT.search(marks[-1]) if marks else None
    return read_stamp(marks[-1][found.start() :]) if found else None


def _line_inside(sign: Sign, headline: frozenset[int]) -> Line:
    if sign.stamp:
        return sign.line(Fate.STAMP)
    if sign.rule:
        return sign.line(Fate.BOILERPLATE, sign.rule.name)
    if sign.caption:
        return sign.line(Fate.CAPTION)
    return sign.line(Fate.STAMP, "headline") if sign.row.number in headline else sign.line(Fate.ENTRY)


def _line_below(sign: Sign, *, footer: bool) -> Line:
    if sign.date:
        return sign.line(Fate.DATE, "day heading")
    rule = sign.rule or (find_rule(sign.row.text, "after-end") if footer and not sign.caption else None)
    if rule:
        return sign.line(Fate.BOILERPLATE, rule.name)
    return sign.line(Fate.NOT_UNDERSTOOD, "stands below the end of the entries")
