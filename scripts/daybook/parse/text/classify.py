"""Rows → Signs: the only place that decides what a line is by itself, before its neighbours speak."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from daybook.core.record import Caption
from daybook.parse.base.decode import TextLine, one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, PrintedDate
from daybook.parse.time.printed import clock_after_date, parse_clock_time, parse_date_line, parse_date_near_clock

_LONGEST_HEADLINE = 140  # characters; live blogs set longer text as a paragraph


_FULL_STOP = re.compile(r"(?<!\.)\.[\"'”’)\]»]{0,3}$")


class BoilerplateRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of whole line; ``boilerplate.toml`` says what each field is for."""

    name: str
    pattern: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...] = ()
    where: Literal["", "caption", "after-end"] = ""
    effect: Literal["", "restart", "end", "link", "edit", "key", "box", "pinned"] = ""

    def matches(self, text: str) -> bool:
        """Say whether the whole line is what this rule is for."""
        return len(text) <= _LONGEST_RULE_LINE and _compiled(self.pattern).fullmatch(text) is not None


class LineClass(Struct, frozen=True, kw_only=True):
    """A row and the one thing it is; a row with nothing set is plain text.

    `clock` is a time that stands behind a date; a stamp with a date behind it has both.
    """

    line: TextLine
    stamp: ClockTime | None = None
    date: PrintedDate | None = None
    clock: ClockTime | None = None
    rule: BoilerplateRule | None = None
    caption: Caption | None = None

    @property
    def is_plain_text(self) -> bool:
        """Say whether the row is text that its neighbours must explain."""
        return not (self.stamp or self.date or self.rule or self.caption)

    @property
    def clock_time(self) -> ClockTime | None:
        """Give the time on the row, whether it begins it or stands behind a date."""
        return self.stamp or self.clock

    def with_role(self, fate: LineRole, why: str = "") -> ClassifiedLine:
        """Give the row its fate."""
        return ClassifiedLine(number=self.line.number, role=fate, text=self.line.text, reason=why)


def is_headline(row: TextLine) -> bool:
    """Say whether a row below or behind a stamp is a headline: marked up as one, or no sentence."""
    return row.kind == "heading" or (row.kind == "" and not is_sentence(row.text))


def classify_lines(rows: tuple[TextLine, ...]) -> tuple[LineClass, ...]:
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


def _beside_captions(sign: LineClass, captions: list[Caption]) -> LineClass:
    if not sign.is_plain_text or not captions:
        return sign
    again = next((caption for caption in captions if caption.credit == sign.line.text), None)
    rule = match_boilerplate(sign.line.text, "caption")
    return replace(sign, rule=rule, caption=None if rule else again)


def _as_heading(sign: LineClass, below: LineClass | None) -> LineClass:
    if not sign.is_plain_text or not (sign.line.kind == "heading" or (below and below.stamp and not below.date)):
        return sign
    return replace(sign, date=parse_date_near_clock(sign.line.text, sign.line.number))


def is_sentence(text: str) -> bool:
    """Say whether the text after a stamp is body and no headline: a full stop, or too long."""
    return len(text) > _LONGEST_HEADLINE or _FULL_STOP.search(text) is not None


def _read_sign(row: TextLine) -> LineClass:
    stamp = parse_clock_time(row.text)
    if stamp:
        on = parse_date_near_clock(stamp.text_after, row.number) if stamp.text_after else None
        return LineClass(line=row, stamp=replace(stamp, text_after="") if on else stamp, date=on)
    clock = clock_after_date(row.text)
    date = parse_date_near_clock(row.text, row.number) if clock else parse_date_line(row.text, row.number)
    if date:
        return LineClass(line=row, date=date, clock=clock)
    rule = match_boilerplate(row.text)
    return LineClass(line=row, rule=rule) if rule else LineClass(line=row, caption=parse_caption(row.text))


_LONGEST_RULE_LINE = 240  # characters; no rule is for a longer line


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[BoilerplateRule, ...]


@cache
def boilerplate_rules() -> tuple[BoilerplateRule, ...]:
    """Give all rules in their order."""
    text = Path(__file__).with_name("boilerplate.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Rules).rule


def match_boilerplate(text: str, where: str = "") -> BoilerplateRule | None:
    """Find the first rule that takes a line; `where` adds those for one place only."""
    if len(text) > _LONGEST_RULE_LINE or not _compiled(_any_of(where)).fullmatch(text):
        return None
    return next((rule for rule in boilerplate_rules() if rule.where in ("", where) and rule.matches(text)), None)


@cache
def _any_of(where: str) -> str:
    """Join the patterns for one place: most lines are text, and one look settles that."""
    return "|".join(f"(?:{rule.pattern})" for rule in boilerplate_rules() if rule.where in ("", where))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# Searched in a line's end only, so that its cost does not grow with the line.
_TAIL = 140


_CREDIT = re.compile(
    r"(?:[/|.!?”\")]\s{0,3})(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?"
    r"(?::\s?|\sby\s)(?P<credit>[^:]{1,59}[^:.])$"
)


_BRACKET = re.compile(r"\[(?P<credit>[^\[\]]{2,60}/[^\[\]]{2,40}|Reuters|AP|AFP|AA|EPA)\]$")


_LONGEST_CAPTION = 700  # characters; a longer line is a paragraph


def parse_caption(text: str) -> Caption | None:
    """Read a line as caption and credit: ``The bridge at noon. / Photo: Agency``; None if it is none."""
    if len(text) > _LONGEST_CAPTION:
        return None
    start = max(0, len(text) - _TAIL)
    match = _CREDIT.search(text, start) or _BRACKET.search(text, start)
    if match is None:
        return None
    stop = match.start() + (match[0][0] in '.!?”")')  # the sentence keeps its end
    caption = one_line(text[:stop].rstrip(" \u00a0/|"))
    return Caption(text=caption, credit=one_line(match["credit"])) if caption else None


def unique_captions(captions: tuple[Caption, ...]) -> tuple[Caption, ...]:
    """Keep each caption once, in page order, however often the page prints it."""
    return tuple(dict.fromkeys(captions))
