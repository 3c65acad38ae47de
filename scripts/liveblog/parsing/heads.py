"""The lines above the first entry: the only place that tells title, standfirst and lede apart."""

import re
from itertools import groupby

from msgspec import Struct

from ..records import RecordCaption
from .captions import unique
from .dates import date_in_link
from .decoding import one_line
from .page import DateLine, Fate, Line
from .signs import Sign

_PRINTED_DAY = re.compile(
    r"\b(?P<ordinal>\d[\d,]{0,6})(?:st|nd|rd|th) day\b|\b(?:day|Day|Tag) (?P<day>\d[\d,]{0,6})\b"
    r"|\b(?P<other>\d{1,5})(?:\. Tag|e jour)\b"
)


class Head(Struct, frozen=True, kw_only=True):
    """What stands above the first entry; `heading` is a day heading below the page's own date."""

    lines: tuple[Line, ...]
    title: str = ""
    standfirst: str = ""
    date: DateLine | None = None
    heading: DateLine | None = None
    lede: tuple[str, ...] = ()
    captions: tuple[RecordCaption, ...] = ()
    links: tuple[DateLine, ...] = ()


def read_head(signs: tuple[Sign, ...]) -> Head:
    """Read the signs above the first stamp: the first plain line is the title, text below it the lede.

    The paragraph below the title is the standfirst where the page's date stands below it,
    or where it claims the day's number.
    """
    plain = [sign for sign in signs if sign.plain]
    dates = [sign.date for sign in signs if sign.date]
    below = plain[1:]
    first = [sign for sign in below if sign.row.block == below[0].row.block]
    standfirst = one_line(" ".join(sign.row.text for sign in first))
    dated_below = bool(first and dates and first[-1].row.number < dates[0].line)
    if not (dated_below or printed_day(standfirst) is not None):
        first, standfirst = [], ""
    numbers = frozenset(sign.row.number for sign in first)
    return Head(
        lines=tuple(_fate(sign, plain[0].row.number if plain else 0, numbers) for sign in signs),
        title=one_line(plain[0].row.text) if plain else "",
        standfirst=standfirst,
        date=dates[0] if dates else None,
        heading=dates[-1] if dates and not _same_day(dates[0], dates[-1]) else None,
        lede=paragraphs(below[len(first) :]),
        captions=unique(tuple(sign.caption for sign in signs if sign.caption)),
        links=links_in(signs),
    )


def printed_day(text: str) -> int | None:
    """Find the day number that a standfirst claims, as in "its 465th day"; None if it claims none."""
    match = _PRINTED_DAY.search(text)
    if match is None:
        return None
    return int((match["ordinal"] or match["day"] or match["other"]).replace(",", ""))


def paragraphs(signs: list[Sign]) -> tuple[str, ...]:
    """Join the lines of each paragraph, line ends kept."""
    return tuple("\n".join(sign.row.text for sign in block) for _, block in groupby(signs, lambda sign: sign.row.block))


def links_in(signs: tuple[Sign, ...]) -> tuple[DateLine, ...]:
    """Find the dates that lines linking to another day name."""
    linking = (sign for sign in signs if sign.rule and sign.rule.effect == "link")
    found = (date_in_link(sign.row.text, sign.row.number) for sign in linking)
    return tuple(date for date in found if date)


def _fate(sign: Sign, title: int, standfirst: frozenset[int]) -> Line:
    if sign.rule:
        return sign.line(Fate.BOILERPLATE, sign.rule.name)
    if sign.date:
        return sign.line(Fate.DATE)
    if sign.caption:
        return sign.line(Fate.CAPTION)
    if sign.row.number == title:
        return sign.line(Fate.TITLE)
    return sign.line(Fate.STANDFIRST if sign.row.number in standfirst else Fate.LEDE)


def _same_day(one: DateLine, other: DateLine) -> bool:
    same_year = one.year == other.year or None in (one.year, other.year)
    return same_year and (one.month, one.day) == (other.month, other.day)
