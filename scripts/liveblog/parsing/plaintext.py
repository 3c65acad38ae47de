"""A page of plain text → Outline: the only place that knows what blank lines and line order mean.

First every line is looked at alone (`signs`), then the lines above the first stamp are read
as the page's head (`heads`) and each run from a stamp to the next as a post (`posts`).
"""

import re

from msgspec.structs import replace

from .dates import date_beside_stamp
from .decoding import decode, rows
from .heads import Head, read_head
from .page import DateLine, Fate, Line, Note, Outline, Post
from .posts import Segment, read_segment
from .runs import cut_runs
from .signs import Sign, is_headline, read_signs
from .stamps import begins_with_time, read_stamp

_TAG = re.compile(r"</?[A-Za-z][\w-]*[\s/>]")


def read_text(data: bytes, _url: str = "") -> Outline:
    """Read the bytes of a plain-text page; raises ArchiveError for bytes that are no text."""
    whole, notes = rows(decode(data))
    found = cut_runs(whole)
    cut = len(found) - len(whole)
    if not cut:
        return outline_of(read_signs(found), notes)
    lost = (Note(0, f"{note.text} (line {note.line})") for note in notes)
    said = Note(0, f"the page is cut into {len(found)} blocks: {cut} stamps and edit marks stand inside lines")
    return replace(outline_of(read_signs(found), (said, *lost)), unit="block")


def outline_of(signs: tuple[Sign, ...], notes: tuple[Note, ...] = ()) -> Outline:
    """Read the signs of a page from its title to its end."""
    signs = _stamps_first(_with_zones(_dated_stamps(signs)))
    stamps = [(index, sign.stamp) for index, sign in enumerate(signs) if sign.stamp]
    if not stamps:
        head = read_head(signs)
        return Outline(title=head.title, date=head.date, lines=_without_entries(head), notes=(*notes, *_source(signs)))
    head = read_head(signs[: stamps[0][0]])
    ends = [*(index for index, _ in stamps[1:]), len(signs)]
    segments = [
        read_segment(signs[start:end], stamp, last=end == len(signs))
        for (start, stamp), end in zip(stamps, ends, strict=True)
    ]
    if any(sign.rule and sign.rule.effect == "pinned" for sign in signs[: stamps[0][0]]):
        segments[0] = replace(segments[0], restart=True)
    lines = sorted(
        (*head.lines, *(line for segment in segments for line in segment.lines)),
        key=lambda line: line.number,
    )
    return Outline(
        title=head.title,
        standfirst=head.standfirst,
        date=head.date,
        lede=head.lede,
        captions=(*head.captions, *(each for segment in segments for each in segment.captions)),
        posts=_posts(segments, head.heading),
        links=(*head.links, *(each for segment in segments for each in segment.links)),
        lines=tuple(lines),
        notes=(*notes, *_doubts(lines)),
    )


def _doubts(lines: list[Line]) -> tuple[Note, ...]:
    """Report lines that begin with a time, or are a date, and were yet read as text."""
    return tuple(
        Note(line.number, f"{begins}: read as text")
        for line in lines
        if line.fate is not Fate.STAMP
        for begins in (_doubt(line),)
        if begins
    )


def _doubt(line: Line) -> str:
    if begins_with_time(line.text):
        return "begins with a time but goes on as a sentence"
    if line.fate is Fate.ENTRY and read_stamp(line.text):
        return "begins with a time but not with a zone, as the page's stamps do"
    dated = line.fate is Fate.ENTRY and date_beside_stamp(line.text, line.number)
    return "is a date but heads no post" if dated else ""


def _source(signs: tuple[Sign, ...]) -> tuple[Note, ...]:
    """Report that a text is the source of a web page, whose tags nobody should read as text."""
    tags = sum(_TAG.match(sign.row.text) is not None for sign in signs)
    if tags * 3 < len(signs):
        return ()
    return (Note(0, f"{tags} of {len(signs)} lines begin with an HTML tag: for a web page's source give FORMAT=html"),)


def _dated_stamps(signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """Take dates with times for stamps where a page has no others, and at least two of these."""
    if any(sign.stamp for sign in signs) or sum(sign.clock is not None for sign in signs) < 2:
        return signs
    return tuple(replace(sign, stamp=sign.clock) if sign.clock else sign for sign in signs)


def _with_zones(signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """Take clocks that lack the zone of most stamps for text: a timetable in a post."""
    stamps = [sign.stamp for sign in signs if sign.stamp and not sign.stamp.fault]
    bare = [stamp for stamp in stamps if not stamp.zone]
    if len(bare) * 2 >= len(stamps):
        return signs
    unlike = set(bare)
    return tuple(replace(sign, stamp=None) if sign.stamp in unlike and not sign.date else sign for sign in signs)


def _stamps_first(signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """Put each stamp before its headline on a page that prints all of them the other way round.

    Only where nothing has to be guessed: every stamp of the page stands alone on the second
    line of its paragraph, below a line that can be a headline, or most stand below a heading.
    """
    stamps = [index for index, sign in enumerate(signs) if sign.stamp]
    below = [index for index in stamps if _below_headline(signs, index)]
    headed = [index for index in below if signs[index - 1].row.kind == "heading"]
    if not stamps or not (len(below) == len(stamps) or len(headed) * 2 > len(stamps)):
        return signs
    turned = list(signs)
    for index in below if len(below) == len(stamps) else headed:
        turned[index - 1], turned[index] = turned[index], turned[index - 1]
    return tuple(turned)


def _below_headline(signs: tuple[Sign, ...], index: int) -> bool:
    above, stamp = signs[index - 1] if index else None, signs[index].stamp
    if above is None or not above.plain or stamp is None or stamp.rest:
        return False
    if above.row.kind == "heading":
        return True
    first = index == 1 or signs[index - 2].row.block != above.row.block
    return first and above.row.block == signs[index].row.block and is_headline(above.row)


def _posts(segments: list[Segment], heading: DateLine | None) -> tuple[Post, ...]:
    """Give each post the heading and the separator that stand between it and the post above."""
    posts = []
    restart = False
    for segment in segments:
        posts.append(replace(segment.post, heading=heading, restart=restart))
        heading, restart = segment.heading, segment.restart
    return tuple(posts)


def _without_entries(head: Head) -> tuple[Line, ...]:
    """Account for a page without entries: what would be its lede belongs to nothing here."""
    lost = (Fate.LEDE, Fate.STANDFIRST, Fate.CAPTION)
    return tuple(
        replace(line, fate=Fate.NOT_UNDERSTOOD, why="the page has no entry") if line.fate in lost else line
        for line in head.lines
    )
