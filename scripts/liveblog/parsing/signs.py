"""Rows → Signs: the only place that decides what a line is by itself, before its neighbours speak."""

import re

from msgspec import Struct
from msgspec.structs import replace

from ..records import RecordCaption
from .boilerplate import Rule, find_rule
from .captions import read_caption
from .dates import clock_behind, date_beside_stamp, date_line
from .decoding import Row
from .page import DateLine, Fate, Line, Stamp
from .stamps import read_stamp

_LONGEST_HEADLINE = 140  # characters; live blogs set longer text as a paragraph
_FULL_STOP = re.compile(r"(?<!\.)\.[\"'”’)\]»]{0,3}$")


class Sign(Struct, frozen=True, kw_only=True):
    """A row and the one thing it is; a row with nothing set is plain text.

    `clock` is a time that stands behind a date; a stamp with a date behind it has both.
    """

    row: Row
    stamp: Stamp | None = None
    date: DateLine | None = None
    clock: Stamp | None = None
    rule: Rule | None = None
    caption: RecordCaption | None = None

    @property
    def plain(self) -> bool:
        """Say whether the row is text that its neighbours must explain."""
        return not (self.stamp or self.date or self.rule or self.caption)

    @property
    def clocked(self) -> Stamp | None:
        """Give the time on the row, whether it begins it or stands behind a date."""
        return self.stamp or self.clock

    def line(self, fate: Fate, why: str = "") -> Line:
        """Give the row its fate."""
        return Line(number=self.row.number, fate=fate, text=self.row.text, why=why)


def is_headline(row: Row) -> bool:
    """Say whether a row below or behind a stamp is a headline: marked up as one, or no sentence."""
    return row.kind == "heading" or (row.kind == "" and not is_sentence(row.text))


def read_signs(rows: tuple[Row, ...]) -> tuple[Sign, ...]:
    """Read every row by itself; then bare credits, which only a caption beside them explains,
    and dates with neither weekday nor year, which only a stamp below or a heading's rank does.
    """
    first = [_read_sign(row) for row in rows]
    alone = [_as_heading(sign, below) for sign, below in zip(first, [*first[1:], None], strict=False)]
    beside = [None, *alone, None]
    return tuple(
        _beside_captions(sign, [near.caption for near in (above, below) if near and near.caption])
        for above, sign, below in zip(beside, alone, beside[2:], strict=False)
    )


def _beside_captions(sign: Sign, captions: list[RecordCaption]) -> Sign:
    if not sign.plain or not captions:
        return sign
    again = next((caption for caption in captions if caption.credit == sign.row.text), None)
    rule = find_rule(sign.row.text, "caption")
    return replace(sign, rule=rule, caption=None if rule else again)


def _as_heading(sign: Sign, below: Sign | None) -> Sign:
    if not sign.plain or not (sign.row.kind == "heading" or (below and below.stamp and not below.date)):
        return sign
    return replace(sign, date=date_beside_stamp(sign.row.text, sign.row.number))


def is_sentence(text: str) -> bool:
    """Say whether the text after a stamp is body and no headline: a full stop, or too long."""
    return len(text) > _LONGEST_HEADLINE or _FULL_STOP.search(text) is not None


def _read_sign(row: Row) -> Sign:
    stamp = read_stamp(row.text)
    if stamp:
        on = date_beside_stamp(stamp.rest, row.number) if stamp.rest else None
        return Sign(row=row, stamp=replace(stamp, rest="") if on else stamp, date=on)
    clock = clock_behind(row.text)
    date = date_beside_stamp(row.text, row.number) if clock else date_line(row.text, row.number)
    if date:
        return Sign(row=row, date=date, clock=clock)
    rule = find_rule(row.text)
    return Sign(row=row, rule=rule) if rule else Sign(row=row, caption=read_caption(row.text))
