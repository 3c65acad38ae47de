"""A page of plain text → Outline: the only place that knows what blank lines and line order mean.

First every line is looked at alone (`signs`), then the lines above the first stamp are read
as the page's head (`heads`) and each run from a stamp to the next as a post (`posts`).
"""

from msgspec.structs import replace

from .decoding import decode, rows
from .heads import Head, read_head
from .page import DateLine, Fate, Line, Note, Outline, Post
from .posts import Segment, read_segment
from .signs import Sign, is_sentence, read_signs
from .stamps import begins_with_time


def read_text(data: bytes) -> Outline:
    """Read the bytes of a plain-text page; raises ArchiveError for bytes that are no text."""
    found, notes = rows(decode(data))
    signs = _stamps_first(read_signs(found))
    stamps = [(index, sign.stamp) for index, sign in enumerate(signs) if sign.stamp]
    if not stamps:
        head = read_head(signs)
        return Outline(title=head.title, date=head.date, lines=_without_entries(head), notes=notes)
    head = read_head(signs[: stamps[0][0]])
    ends = [*(index for index, _ in stamps[1:]), len(signs)]
    segments = [
        read_segment(signs[start:end], stamp, last=end == len(signs))
        for (start, stamp), end in zip(stamps, ends, strict=True)
    ]
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
    """Report lines that begin with a time and were yet read as text."""
    return tuple(
        Note(line.number, "begins with a time but goes on as a sentence: read as text")
        for line in lines
        if line.fate is not Fate.STAMP and begins_with_time(line.text)
    )


def _stamps_first(signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """Put each stamp before its headline on a page that prints all of them the other way round.

    Only where nothing has to be guessed: every stamp of the page stands alone on the second
    line of its paragraph, below a line that can be a headline.
    """
    stamps = [index for index, sign in enumerate(signs) if sign.stamp]
    if not stamps or not all(_below_headline(signs, index) for index in stamps):
        return signs
    turned = list(signs)
    for index in stamps:
        turned[index - 1], turned[index] = turned[index], turned[index - 1]
    return tuple(turned)


def _below_headline(signs: tuple[Sign, ...], index: int) -> bool:
    if index == 0 or signs[index - 1].row.block != signs[index].row.block:
        return False
    above, stamp = signs[index - 1], signs[index].stamp
    first = index == 1 or signs[index - 2].row.block != above.row.block
    return first and above.plain and not is_sentence(above.row.text) and not (stamp and stamp.rest)


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
