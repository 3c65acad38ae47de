"""Read a chronicle: a text whose headings are days, with no clock times.

A day is a line of its own (``9 April``) or begins a line (``9 April: …``). Headings of a month and a year
(``April 2031``) complete the days below them. Each day is one post without a time.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.decode import TextLine, one_line, split_lines
from daybook.parse.base.page import ClassifiedLine, LineRole, Outline, Post, PrintedDate
from daybook.parse.text.classify import match_boilerplate
from daybook.parse.text.ends import words_to_readers
from daybook.parse.time.names import MONTH_NUMBERS
from daybook.parse.time.printed import (
    parse_clock_time,
    parse_date_line,
    parse_date_near_clock,
    resolve_date,
)

_FEWEST_DAYS = 2
_LONGEST_DATE = 40  # characters
_DATE_THEN_TEXT = re.compile(r"(?P<date>[^:–—]{3,40}?)\s?(?::|\s[-–—]\s)\s?(?P<text>\S.*)")
_MARKUP = re.compile(r"^(?:#{1,6}\s+|\*\*|__)|(?:\*\*|__)$")
_PERIOD = re.compile(r"(?:(?P<month>[^\W\d]+)\.?,? )?(?P<year>(?:19|20|21)\d\d)")


class _Line(Struct, frozen=True):
    line: TextLine
    day: PrintedDate | None = None
    text: str = ""  # behind the day
    period: tuple[int, int] | None = None  # a heading of a month and a year; month 0 for a year


def read_chronicle(text: str) -> Outline | None:
    """Return the outline of a chronicle; None for any other text."""
    lines, notes = split_lines(text)
    outline = chronicle_from_lines(lines)
    return replace(outline, notes=notes) if outline else None


def day_lines(lines: Sequence[TextLine]) -> dict[int, str]:
    """Return the lines that are a day or begin with one, by their numbers, with the text behind the day."""
    return {each.line.number: each.text for each in map(_classify, lines) if each.day}


def chronicle_from_lines(lines: Sequence[TextLine]) -> Outline | None:
    """Return the outline of a chronicle in lines, also those of an HTML page; None for any other text."""
    classes = _complete([_classify(line) for line in lines])
    starts = [index for index, each in enumerate(classes) if each.day]
    if len(starts) < _FEWEST_DAYS or any(
        parse_clock_time(each.line.text) for each in classes[starts[0] :] if not each.day
    ):
        return None
    boilerplate = _boilerplate(classes, starts)
    own = [each for each in classes if each.line.number not in boilerplate]
    starts = [index for index, each in enumerate(own) if each.day]
    posts = [_post(own[start:end]) for start, end in pairwise([*starts, len(own)])]
    if not all(post.paragraphs for post in posts) or not _is_ordered([post.stamp_date for post in posts]):
        return None
    dated = [resolve_date(post.stamp_date) for post in posts if post.stamp_date and post.stamp_date.year]
    above = [each for each in own[: starts[0]] if not each.period]
    roles = [(each, LineRole.TITLE if index == 0 else LineRole.LEDE) for index, each in enumerate(above)]
    inside = {number for post in posts for number in post.body_lines}
    listed = {each.line.number for each, _ in roles}
    roles += [
        (each, LineRole.STAMP if each.day else LineRole.ENTRY if each.line.number in inside else LineRole.DATE)
        for each in own
        if each.line.number not in listed
    ]
    classified = [ClassifiedLine(number=each.line.number, role=role, text=each.line.text) for each, role in roles]
    classified += [
        ClassifiedLine(number=number, role=LineRole.BOILERPLATE, text=each.line.text, reason=boilerplate[number])
        for each in classes
        if (number := each.line.number) in boilerplate
    ]
    return Outline(
        title=one_line(_MARKUP.sub("", above[0].line.text)) if above else "",
        lede=tuple(each.line.text for each in above[1:]),
        data_date=max(dated, default=None),
        posts=tuple(posts),
        lines=tuple(sorted(classified, key=lambda line: line.number)),
        kind="chronicle",
    )


def _boilerplate(lines: Sequence[_Line], starts: Sequence[int]) -> dict[int, str]:
    """Return the numbers of the lines below the first day that are no text, each with the rule that says so.

    Such a line below the last day may end the text. A day keeps its first line.
    """
    found: dict[int, str] = {}
    for start, end in pairwise([*starts, len(lines)]):
        below = [each.line for each in lines[start + 1 : end] if not each.period]
        below = below if lines[start].text else below[1:]
        for position, line in enumerate(below):
            rule = match_boilerplate(line.text)
            if rule and rule.effect == "end" and end == len(lines):
                found |= {each.number: rule.name for each in below[position:]}
                break
            if rule:
                found[line.number] = rule.name
        if end == len(lines):
            rest = [line for line in below if line.number not in found]
            found |= words_to_readers(rest, lines[start].line.block)
    return found


def _classify(line: TextLine) -> _Line:
    text = _MARKUP.sub("", line.text).strip()
    if period := _PERIOD.fullmatch(text):
        month = MONTH_NUMBERS.get((period["month"] or "").lower(), 0)
        if month or not period["month"]:
            return _Line(line, period=(month, int(period["year"])))
    if len(text) <= _LONGEST_DATE and (day := _day(text, line.number)):
        return _Line(line, day=day)
    match = _DATE_THEN_TEXT.fullmatch(text)
    if match and (day := _day(match["date"], line.number)):
        return _Line(line, day=day, text=match["text"])
    return _Line(line)


def _day(text: str, number: int) -> PrintedDate | None:
    return parse_date_line(text, number) or parse_date_near_clock(text, number)


def _complete(lines: list[_Line]) -> list[_Line]:
    """Give days without a year that of the heading above them, or of the day before them, across a turn of the year."""
    year: int | None = None
    last: PrintedDate | None = None
    found = []
    for each in lines:
        day = each.day
        if each.period:
            year, last = each.period[1], None
        if day and day.year is None and year is not None:
            turn = 0 if last is None else (last.month == 12 and day.month == 1) - (last.month == 1 and day.month == 12)
            day = replace(day, year=year + turn)
        if day:
            year, last = day.year or year, day
        found.append(replace(each, day=day))
    return found


def _post(section: Sequence[_Line]) -> Post:
    first, below = section[0], [each.line for each in section[1:] if not each.period]
    body = [replace(first.line, text=first.text), *below] if first.text else below
    has_headline = len(body) > 1 and body[0].kind == "heading" and not first.text
    headline, body = (body[0].text, body[1:]) if has_headline else ("", body)
    paragraphs: dict[int, list[str]] = {}
    for line in body:
        paragraphs.setdefault(line.block, []).append(line.text)
    return Post(
        line=first.line.number,
        line_numbers=(first.line.number, *(line.number for line in below)),
        stamp_date=first.day,
        headline=one_line(_MARKUP.sub("", headline)),
        paragraphs=tuple("\n".join(texts) for texts in paragraphs.values()),
        body_lines=tuple(line.number for line in body),
    )


def _is_ordered(days: Sequence[PrintedDate | None]) -> bool:
    """Return whether days follow one another in one direction; years that are not known are not compared."""
    keys = [(day.year or 0, day.month, day.day) for day in days if day]
    return keys in (sorted(keys), sorted(keys, reverse=True)) and len(set(keys)) == len(keys)
