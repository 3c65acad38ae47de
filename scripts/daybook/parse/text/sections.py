"""Read the parts of a text page: the header above the first stamp, and one section for each post.

A section begins with a stamp and ends before the next one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.model import Caption
from daybook.parse.base.decode import TextLine, one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, Doubt, LineRole, Post, PrintedDate
from daybook.parse.text.classify import (
    PERSON,
    BoilerplateRule,
    LineClass,
    is_headline,
    is_sentence,
    match_boilerplate,
    unique_captions,
)
from daybook.parse.time.header_dates import stated_date
from daybook.parse.time.printed import find_day_number, find_linked_date, parse_clock_time

_ENDING_EFFECTS = ("end", "link", "restart")  # of boilerplate rules
_LONGEST_DATE_LINE = 60  # characters
_BELOW_LAST_STAMP = BoilerplateRule(name="below the last stamp", pattern="", examples=(), effect="end")
_MIN_END_STAMPS = 3
_ABBREVIATION = re.compile(r"(?<![\w.])(\w{1,8})\. [^\W\d_A-ZÀ-ÞА-Я]")
_LAST_WORD = re.compile(r"(?<![\w.])(\w{1,8})\.$")
_LONGEST_HEADLINE = 100  # characters of one that ends with an abbreviation
_SHOWN = 40  # characters of a line in a message
_DIGIT = re.compile(r"\d")


class PageHeader(Struct, frozen=True, kw_only=True):
    """The content above the first post; `heading` is a day heading that differs from the page's date."""

    lines: tuple[ClassifiedLine, ...]
    title: str = ""
    standfirst: str = ""
    date: PrintedDate | None = None
    heading: PrintedDate | None = None
    header_date: PrintedDate | None = None  # beside other words, in a line that is not short
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


def read_page_header(line_classes: tuple[LineClass, ...]) -> PageHeader:
    """Read the lines above the first stamp: the first plain line is the title, plain text below it the lede.

    The paragraph below the title is the standfirst if the page's date is below it, or if it
    states the day number.
    """
    plain = [each.line for each in line_classes if each.is_plain_text]
    headings = [each.date for each in line_classes if each.date]
    stated = None if any(date.year for date in headings) else next(_stated_dates(plain), None)
    is_short = stated is not None and stated in _dates_in(plain)
    # A day heading without a year is above the first post; the page's own date is in another line.
    dates = [date for date in headings if date.year] or ([stated] if stated and is_short else [])
    edits = [each.line for each in line_classes if each.rule and each.rule.effect == "edit"]
    dates = dates or _dates_in(edits) or ([] if stated else headings)
    below = plain[1:]
    first = [line for line in below if line.block == below[0].block]
    standfirst = one_line(" ".join(line.text for line in first))
    above_date = bool(first and dates and first[-1].number < dates[0].line)
    if not (above_date or find_day_number(standfirst) is not None):
        first, standfirst = [], ""
    roles = {line.number: LineRole.STANDFIRST for line in first} | {line.number: LineRole.TITLE for line in plain[:1]}
    return PageHeader(
        lines=tuple(_with_role(each, roles.get(each.line.number, LineRole.LEDE)) for each in line_classes),
        title=one_line(plain[0].text) if plain else "",
        standfirst=standfirst,
        date=dates[0] if dates else None,
        header_date=None if dates else stated,
        heading=_day_heading(headings, dates[0] if dates else None),
        lede=_join_paragraphs(below[len(first) :]),
        captions=unique_captions(each.caption for each in line_classes if each.caption),
        links=_linked_dates(line_classes),
    )


def _day_heading(headings: list[PrintedDate], date: PrintedDate | None) -> PrintedDate | None:
    """Return the last of the dates above the first post if it is not the page's own."""
    if not headings or (date and _is_same_day(date, headings[-1])):
        return None
    return headings[-1]


def _dates_in(lines: list[TextLine]) -> list[PrintedDate]:
    """Return the date with a year in the first short line that has one: "Published on 9 April 2031"."""
    return list(islice(_stated_dates(line for line in lines if len(line.text) <= _LONGEST_DATE_LINE), 1))


def _stated_dates(lines: Iterable[TextLine]) -> Iterator[PrintedDate]:
    for line in lines:
        date = stated_date(line.text)
        if date:
            yield replace(date, line=line.number)


def _with_role(each: LineClass, role: LineRole) -> ClassifiedLine:
    """Return a line with its role; `role` is the one of plain text."""
    if each.rule:
        return each.with_role(LineRole.BOILERPLATE, each.rule.name)
    if each.date:
        return each.with_role(LineRole.DATE)
    return each.with_role(LineRole.CAPTION if each.caption else role)


def _is_same_day(first: PrintedDate, second: PrintedDate) -> bool:
    same_year = first.year == second.year or None in (first.year, second.year)
    return same_year and (first.month, first.day) == (second.month, second.day)


def read_post_section(line_classes: tuple[LineClass, ...], *, last: bool) -> PostSection:
    """Read the lines from a stamp to the next one, or to the end of the page for the `last` post.

    A pinned text begins with the line that says so, and has no stamp.

    The entry ends at a day heading, a separator or another line that ends entries. Plain text
    below that is in no entry: it is boilerplate if a rule for footers matches, else not understood.
    """
    first, stamp = line_classes[0], line_classes[0].stamp
    end = next((index for index, each in enumerate(line_classes) if ends_entry(each)), len(line_classes))
    inside, below = line_classes[1:end], line_classes[end:]
    plain = [each.line for each in inside if each.is_plain_text]
    text = [replace(first.line, text=stamp.text_after), *plain] if stamp and stamp.text_after else plain
    headline_length = _headline_length(text)
    headline, body = text[:headline_length], text[headline_length:]
    post = Post(
        line=first.line.number,
        stamp=stamp,
        stamp_date=first.date,
        line_numbers=(first.line.number, *(line.number for line in plain)),
        headline=one_line(" ".join(line.text for line in headline)),
        paragraphs=_join_paragraphs(body),
        body_lines=tuple(line.number for line in body),
        authors=(first.author,)
        if first.author
        else tuple(dict.fromkeys(each.author for each in inside if each.author)),
        key=any(each.rule and each.rule.effect == "key" for each in inside),
        edited=last_edit_time(line_classes[:end]),
    )
    headline_numbers = {line.number for line in headline}
    footer = last and any(each.rule and each.rule.effect in ("end", "link") for each in below)
    return PostSection(
        post=post,
        lines=(
            first.with_role(LineRole.STAMP) if stamp else _with_role(first, LineRole.ENTRY),
            *(each.with_role(LineRole.STAMP, "headline") for each in inside if each.line.number in headline_numbers),
            *(_with_role(each, LineRole.ENTRY) for each in inside if each.line.number not in headline_numbers),
            *(_line_below(each, footer=footer) for each in below),
        ),
        captions=unique_captions(each.caption for each in inside if each.caption),
        links=_linked_dates(below),
        heading=next((each.date for each in reversed(below) if each.date), None),
        restart=any(each.rule and each.rule.effect in ("restart", "pinned") for each in line_classes),
    )


def move_end_stamps(line_classes: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Move the stamps of a page that prints them below the texts above these, and end the posts at the last stamp.

    Every stamp is the last line of its paragraph, alone on the line, and most are below a sentence. Or all stamps are
    paragraphs of their own, at most with names, a sentence is above the first and no text below the last.
    The first post is the paragraph at its stamp; nothing tells another one above from the header of the page. If other
    posts have several paragraphs, a sentence above it is a doubt.
    """
    stamps = [index for index, each in enumerate(line_classes) if each.stamp]
    if len(stamps) < _MIN_END_STAMPS:
        return line_classes, ()
    start = stamps[0]
    if not all(_ends_paragraph(line_classes, index) for index in stamps):
        if not _are_below(line_classes, stamps):
            return line_classes, ()
        start -= 1
    elif sum(is_sentence(line_classes[index - 1].line.text) for index in stamps) * 2 <= len(stamps):
        return line_classes, ()
    block = line_classes[start].line.block
    while start and line_classes[start - 1].line.block == block:
        start -= 1
    doubts = tuple(_first_post_doubts(line_classes, start, stamps))
    moved = list(line_classes[:start])
    for index in stamps:
        moved += [_with_name(line_classes[index]), *line_classes[start:index]]
        start = index + 1
    below = list(line_classes[start:])
    first = next((index for index, each in enumerate(below) if each.is_plain_text), None)
    if first is not None:
        below[first] = replace(below[first], rule=_BELOW_LAST_STAMP)
    return (*moved, *below), doubts


def _first_post_doubts(line_classes: Sequence[LineClass], start: int, stamps: Sequence[int]) -> Iterator[Doubt]:
    """Yield a doubt if a sentence above the first post may be of it: other posts have several paragraphs."""
    above = line_classes[start - 1] if start else None
    if above is None or not above.is_plain_text or not is_sentence(above.line.text):
        return
    for before, stamp in pairwise(stamps):
        if len({each.line.block for each in line_classes[before + 1 : stamp] if each.is_plain_text}) > 1:
            reason = "is read as the page's own, above the first post; is it the beginning of this post?"
            yield Doubt(kind="start", line=above.line.number, text=f"{above.line.text[:_SHOWN]!r} {reason}")
            return


def _with_name(each: LineClass) -> LineClass:
    """Return a line with the name after its stamp as the author."""
    name = each.stamp.text_after if each.stamp else ""
    if each.stamp is None or not PERSON.fullmatch(name):
        return each
    return replace(each, stamp=replace(each.stamp, text_after=""), author=name)


def _are_below(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> bool:
    """Return whether stamps that are paragraphs of their own are below the texts, as the first and the last show."""
    lines = [each.line for each in line_classes]
    above = line_classes[stamps[0] - 1] if stamps[0] else None
    if (
        above is None
        or not above.is_plain_text
        or not is_sentence(above.line.text)
        or not any(each.is_plain_text for each in line_classes[: stamps[0] - 1])
    ):
        return False  # no title is above the text
    for index in stamps:
        near = [*lines[max(0, index - 1) : index], *lines[index + 1 : index + 2]]
        if any(line.block == lines[index].block for line in near):
            return False
    after = [each.stamp.text_after for index in stamps if (each := line_classes[index]).stamp]
    are_names = all(map(PERSON.fullmatch, after))
    may_be_names = are_names or (not any(map(is_sentence, after)) and len(set(after)) * 2 <= len(after))
    return may_be_names and not any(each.is_plain_text for each in line_classes[stamps[-1] + 1 :])


def _ends_paragraph(line_classes: Sequence[LineClass], index: int) -> bool:
    """Return whether a stamp is the last line of a paragraph, below text."""
    own, stamp = line_classes[index].line, line_classes[index].stamp
    above = line_classes[index - 1] if index else None
    is_last = index + 1 == len(line_classes) or line_classes[index + 1].line.block != own.block
    is_below_text = above is not None and above.is_plain_text and above.line.block == own.block
    return is_last and is_below_text and stamp is not None and not stamp.text_after


def mark_headlines(line_classes: tuple[LineClass, ...], starts: Sequence[int]) -> tuple[LineClass, ...]:
    """Mark the first lines of posts that end with an abbreviation as headlines, if most posts have headlines.

    The page shows that a word with a full stop is an abbreviation where a small letter follows it in a line.
    """
    first: list[tuple[int, bool]] = []  # index of the first line, and whether more lines follow it
    for start, end in pairwise([*starts, len(line_classes)]):
        plain = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
        stamp = line_classes[start].stamp
        if plain and stamp and not stamp.text_after:
            first.append((plain[0], len(plain) > 1))
    headlines = sum(has_more and is_headline(line_classes[index].line) for index, has_more in first)
    if headlines * 2 <= len(starts):
        return line_classes
    text = "\n".join(each.line.text for each in line_classes)
    short = {word for word in _ABBREVIATION.findall(text) if not word.isdecimal()}
    found = list(line_classes)
    for index, has_more in first:
        line = found[index].line
        last = _LAST_WORD.search(line.text)
        if has_more and last and last[1] in short and len(line.text) <= _LONGEST_HEADLINE:
            found[index] = replace(found[index], line=replace(line, kind="heading"))
    return tuple(found)


def without_headline(section: PostSection) -> PostSection:
    """Return a post whose text, or its first line, was read as its headline, with this text in its body."""
    headline_lines = [line.number for line in section.lines if line.reason == "headline"]
    numbers = tuple(headline_lines) or (section.post.line,)
    post = replace(
        section.post,
        headline="",
        paragraphs=(section.post.headline, *section.post.paragraphs),
        body_lines=(*numbers, *section.post.body_lines),
    )
    lines = (
        replace(each, role=LineRole.ENTRY, reason="") if each.reason == "headline" else each for each in section.lines
    )
    return replace(section, post=post, lines=tuple(lines))


def ends_entry(each: LineClass) -> bool:
    """Return whether a line ends the entry above it: a day heading, a separator or a line below the entries."""
    return bool(each.date and not each.stamp) or (each.rule is not None and each.rule.effect in _ENDING_EFFECTS)


def post_ranges(line_classes: Sequence[LineClass]) -> list[tuple[int, int]]:
    """Return where each post begins, and where its text ends."""
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    found = []
    for start, stop in pairwise([*starts, len(line_classes)]):
        below = range(start + 1, stop)
        found.append((start, next((index for index in below if ends_entry(line_classes[index])), stop)))
    return found


def _headline_length(lines: list[TextLine]) -> int:
    """Return how many lines at the start of a post are its headline.

    A line that continues in lower case is part of the line above, wrapped by the browser.
    """
    same_block = [line for line in lines[1:] if line.block == lines[0].block]
    length = 1 + len(same_block) if same_block and same_block[0].text[0].islower() else 1
    unwrapped = " ".join(line.text for line in lines[:length])
    return length if lines and is_headline(replace(lines[0], text=unwrapped)) else 0


def last_edit_time(line_classes: tuple[LineClass, ...]) -> ClockTime | None:
    """Return the time in the last edit mark of a post; None if there is no mark or no time in it."""
    marks = [each.line.text for each in line_classes if each.rule and each.rule.effect == "edit"]
    digit = _DIGIT.search(marks[-1]) if marks else None
    beside_stamp = next((each.edited for each in line_classes if each.edited), None)
    return parse_clock_time(marks[-1][digit.start() :]) if digit else beside_stamp


def _line_below(each: LineClass, *, footer: bool) -> ClassifiedLine:
    if each.date:
        return each.with_role(LineRole.DATE, "day heading")
    rule = each.rule or (match_boilerplate(each.line.text, "after-end") if footer and not each.caption else None)
    if rule:
        return each.with_role(LineRole.BOILERPLATE, rule.name)
    return each.with_role(LineRole.NOT_UNDERSTOOD, "below the end of the entries")


def _join_paragraphs(lines: list[TextLine]) -> tuple[str, ...]:
    """Join the lines of each paragraph with newlines."""
    return tuple("\n".join(line.text for line in block) for _, block in groupby(lines, lambda line: line.block))


def _linked_dates(line_classes: tuple[LineClass, ...]) -> tuple[PrintedDate, ...]:
    """Return the dates in lines that link to the page of another day."""
    linking = (each for each in line_classes if each.rule and each.rule.effect == "link")
    dates = (find_linked_date(each.line.text, each.line.number) for each in linking)
    return tuple(filter(None, dates))
