"""A page of plain text → Outline: the only place that knows what blank lines and line order mean.

First every line is looked at alone (`signs`), then the lines above the first stamp are read
as the page's head (`heads`) and each run from a stamp to the next as a post (`posts`).
"""

import re
from collections import Counter
from itertools import pairwise

from msgspec.structs import replace

from daybook.parse.base.decode import TextLine, decode_text, split_lines
from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline, Post, PrintedDate
from daybook.parse.text.classify import LineClass, classify_lines, is_headline
from daybook.parse.text.sections import PageHeader, PostSection, read_page_header, read_post_section
from daybook.parse.time.printed import parse_clock_time, parse_date_near_clock, starts_with_zoned_time

_TAG = re.compile(r"</?[A-Za-z][\w-]*[\s/>]")


def read_plain_text(data: bytes, _url: str = "") -> Outline:
    """Read the bytes of a plain-text page; raises ArchiveError for bytes that are no text."""
    whole, notes = split_lines(decode_text(data))
    found = split_one_line_pages(whole)
    cut = len(found) - len(whole)
    if not cut:
        return build_outline(classify_lines(found), notes)
    lost = (Note(0, f"{note.text} (line {note.line})") for note in notes)
    said = Note(0, f"the page is cut into {len(found)} blocks: {cut} stamps and edit marks stand inside lines")
    return replace(build_outline(classify_lines(found), (said, *lost)), line_unit="block")


def build_outline(signs: tuple[LineClass, ...], notes: tuple[Note, ...] = ()) -> Outline:
    """Read the signs of a page from its title to its end."""
    signs = _stamps_first(_with_zones(_dated_stamps(signs)))
    stamps = [(index, sign.stamp) for index, sign in enumerate(signs) if sign.stamp]
    if not stamps:
        head = read_page_header(signs)
        return Outline(title=head.title, date=head.date, lines=_without_entries(head), notes=(*notes, *_source(signs)))
    head = read_page_header(signs[: stamps[0][0]])
    ends = [*(index for index, _ in stamps[1:]), len(signs)]
    segments = [
        read_post_section(signs[start:end], stamp, last=end == len(signs))
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


def _doubts(lines: list[ClassifiedLine]) -> tuple[Note, ...]:
    """Report lines that begin with a time, or are a date, and were yet read as text."""
    return tuple(
        Note(line.number, f"{begins}: read as text")
        for line in lines
        if line.role is not LineRole.STAMP
        for begins in (_doubt(line),)
        if begins
    )


def _doubt(line: ClassifiedLine) -> str:
    if starts_with_zoned_time(line.text):
        return "begins with a time but goes on as a sentence"
    if line.role is LineRole.ENTRY and parse_clock_time(line.text):
        return "begins with a time but not with a zone, as the page's stamps do"
    dated = line.role is LineRole.ENTRY and parse_date_near_clock(line.text, line.number)
    return "is a date but heads no post" if dated else ""


def _source(signs: tuple[LineClass, ...]) -> tuple[Note, ...]:
    """Report that a text is the source of a web page, whose tags nobody should read as text."""
    tags = sum(_TAG.match(sign.line.text) is not None for sign in signs)
    if tags * 3 < len(signs):
        return ()
    return (Note(0, f"{tags} of {len(signs)} lines begin with an HTML tag: for a web page's source give FORMAT=html"),)


def _dated_stamps(signs: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Take dates with times for stamps where a page has no others, and at least two of these."""
    if any(sign.stamp for sign in signs) or sum(sign.clock is not None for sign in signs) < 2:
        return signs
    return tuple(replace(sign, stamp=sign.clock) if sign.clock else sign for sign in signs)


def _with_zones(signs: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Take clocks that lack the zone of most stamps for text: a timetable in a post."""
    stamps = [sign.stamp for sign in signs if sign.stamp and not sign.stamp.fault]
    bare = [stamp for stamp in stamps if not stamp.zone]
    if len(bare) * 2 >= len(stamps):
        return signs
    unlike = set(bare)
    return tuple(replace(sign, stamp=None) if sign.stamp in unlike and not sign.date else sign for sign in signs)


def _stamps_first(signs: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Put each stamp before its headline on a page that prints all of them the other way round.

    Only where nothing has to be guessed: every stamp of the page stands alone on the second
    line of its paragraph, below a line that can be a headline, or most stand below a heading.
    """
    stamps = [index for index, sign in enumerate(signs) if sign.stamp]
    below = [index for index in stamps if _below_headline(signs, index)]
    headed = [index for index in below if signs[index - 1].line.kind == "heading"]
    if not stamps or not (len(below) == len(stamps) or len(headed) * 2 > len(stamps)):
        return signs
    turned = list(signs)
    for index in below if len(below) == len(stamps) else headed:
        turned[index - 1], turned[index] = turned[index], turned[index - 1]
    return tuple(turned)


def _below_headline(signs: tuple[LineClass, ...], index: int) -> bool:
    above, stamp = signs[index - 1] if index else None, signs[index].stamp
    if above is None or not above.is_plain_text or stamp is None or stamp.text_after:
        return False
    if above.line.kind == "heading":
        return True
    first = index == 1 or signs[index - 2].line.block != above.line.block
    return first and above.line.block == signs[index].line.block and is_headline(above.line)


def _posts(segments: list[PostSection], heading: PrintedDate | None) -> tuple[Post, ...]:
    """Give each post the heading and the separator that stand between it and the post above."""
    posts = []
    restart = False
    for segment in segments:
        posts.append(replace(segment.post, heading=heading, restart=restart))
        heading, restart = segment.heading, segment.restart
    return tuple(posts)


def _without_entries(head: PageHeader) -> tuple[ClassifiedLine, ...]:
    """Account for a page without entries: what would be its lede belongs to nothing here."""
    lost = (LineRole.LEDE, LineRole.STANDFIRST, LineRole.CAPTION)
    return tuple(
        replace(line, role=LineRole.NOT_UNDERSTOOD, reason="the page has no entry") if line.role in lost else line
        for line in head.lines
    )


_LONG = 400  # characters; a shorter line is one paragraph


_FEWEST = 3  # stamps that make a run


_CLOCK = re.compile(
    r"(?<![\w:.,/+-])(?:\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}h\d{2})"
    r"(?:\s?(?:[ap]\.?m\b\.?|[AP]M\b|Uhr\b))?(?:\s?[A-Z]{2,5}\b)?(?=[\s:–—-])"
)


_EDIT = re.compile(r"(?:Last )?[Uu]pdated (?:at )?(?=\d{1,2}[:.]\d{2})")


_LEADING = re.compile(
    r"(?:\b(?:at|by|from|until|till|to|since|before|after|around|about|near|between|and|or|of|on|updated|um|ab"
    r"|bis|seit|gegen|vers|depuis|the|a|an|is|was|were)|[,(/–—-])\s*$",
    re.IGNORECASE,
)


def split_one_line_pages(rows: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """Cut every line that holds several posts; all are numbered afresh if one was cut."""
    pieces = [(row, _pieces(row.text)) for row in rows]
    if all(len(texts) == 1 for _, texts in pieces):
        return rows
    found: list[TextLine] = []
    for row, texts in pieces:
        for index, text in enumerate(texts):
            # The first piece may be a lede; only what stands behind a stamp is surely a run.
            kind = "run" if len(texts) > 1 else row.kind
            apart = index > 0 or not found or found[-1].block != row.block
            block = (found[-1].block if found else 0) + apart
            found.append(replace(row, number=len(found) + 1, block=block, text=text, kind=kind))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    if len(text) < _LONG:
        return [text]
    stamps = _stamps(text)
    if len(stamps) < _FEWEST:
        return [text]
    edits = [match.start() for match in _EDIT.finditer(text)]
    cuts = sorted({0, *stamps, *edits, len(text)})
    pieces = (text[start:end].strip() for start, end in pairwise(cuts))
    return [piece for piece in pieces if piece]


def _stamps(text: str) -> list[int]:
    """Find where the stamps of the most frequent shape stand."""
    found: list[tuple[int, str]] = []
    for match in _CLOCK.finditer(text):
        stamp = parse_clock_time(text[match.start() : match.start() + 200])
        lead = text[max(0, match.start() - 12) : match.start()]
        if stamp and not stamp.fault and stamp.text_after and not _LEADING.search(lead):
            found.append((match.start(), re.sub(r"[AaPp](?=\.?[Mm])", "a", re.sub(r"\d+", "9", stamp.printed))))
    shapes = Counter(shape for _, shape in found)
    usual = max(shapes, key=lambda shape: shapes[shape], default="")
    return [start for start, shape in found if shape == usual]
