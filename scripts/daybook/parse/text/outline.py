"""Read a plain text page as an `Outline`.

Each line is classified by itself (`classify`). The lines above the first stamp are the page header, and the lines from
a stamp to the next are a post (`sections`). A page whose line ends were lost is first split at its stamps.
"""

import re
from collections import Counter
from itertools import pairwise

from msgspec.structs import replace

from daybook.parse.base.decode import TextLine, split_lines
from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline
from daybook.parse.text.classify import LineClass, classify_lines, is_headline
from daybook.parse.text.sections import PageHeader, PostSection, read_page_header, read_post_section
from daybook.parse.time.printed import parse_clock_time, parse_date_near_clock, starts_with_zoned_time

_TAG = re.compile(r"</?[A-Za-z][\w-]*[\s/>]")

# Splitting of long lines
_SHORTEST_SPLIT_LINE = 400  # characters; a shorter line is one paragraph
_FEWEST_STAMPS = 3  # in one line; fewer may be times in a sentence
_CLOCK_IN_LINE = re.compile(
    r"(?<![\w:.,/+-])(?:\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}h\d{2})"
    r"(?:\s?(?:[ap]\.?m\b\.?|[AP]M\b|Uhr\b))?(?:\s?[A-Z]{2,5}\b)?(?=[\s:–—-])"
)
_EDIT_MARK = re.compile(r"(?:Last )?[Uu]pdated (?:at )?(?=\d{1,2}[:.]\d{2})")
_BEFORE_TIME_IN_SENTENCE = re.compile(  # "at 13:29", "until 1400": not a stamp
    r"(?:\b(?:at|by|from|until|till|to|since|before|after|around|about|near|between|and|or|of|on|updated|um|ab"
    r"|bis|seit|gegen|vers|depuis|the|a|an|is|was|were)|[,(/–—-])\s*$",
    re.IGNORECASE,
)
_LONGEST_WORD_BEFORE = 12  # characters to search for it
_LONGEST_STAMP = 200  # characters that are read as a stamp with the text after it


def read_plain_text(text: str, _url: str = "") -> Outline:
    """Read a plain text page; raises ArchiveError if it or a line is too long."""
    lines, notes = split_lines(text)
    pieces = _split_one_line_pages(lines)
    splits = len(pieces) - len(lines)
    if not splits:
        return build_outline(classify_lines(pieces), notes)
    split_note = f"the page is split into {len(pieces)} blocks: {splits} time stamps and edit marks are inside lines"
    # The pieces have new numbers; the old line numbers are only quoted in the notes.
    texts = [split_note, *(f"{note.text} (line {note.line})" for note in notes)]
    outline = build_outline(classify_lines(pieces), tuple(Note(0, text) for text in texts))
    return replace(outline, line_unit="block")


def build_outline(line_classes: tuple[LineClass, ...], notes: tuple[Note, ...] = ()) -> Outline:
    """Build the outline of a page from its classified lines."""
    line_classes = _move_stamps_first(_drop_stamps_without_zone(_use_dates_with_clock(line_classes)))
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    header_classes = line_classes[: starts[0]] if starts else line_classes
    header = read_page_header(header_classes)
    if not starts:
        # Only the title, dates and boilerplate are understood.
        unused = (LineRole.LEDE, LineRole.STANDFIRST, LineRole.CAPTION)
        mark = {"role": LineRole.NOT_UNDERSTOOD, "reason": "the page has no entry"}
        lines = [replace(line, **mark) if line.role in unused else line for line in header.lines]
        notes = (*notes, *_markup_notes(line_classes))
        return Outline(title=header.title, date=header.date, lines=tuple(lines), notes=notes)
    sections = [
        read_post_section(line_classes[start:end], last=end == len(line_classes))
        for start, end in pairwise([*starts, len(line_classes)])
    ]
    # A day heading or separator applies to the post below it.
    heading, restart = header.heading, False
    pinned = any(each.rule and each.rule.effect == "pinned" for each in header_classes)
    posts = []
    for index, section in enumerate(sections):
        posts.append(replace(section.post, heading=heading, restart=restart))
        heading, restart = section.heading, section.restart or (pinned and index == 0)
    parts: list[PageHeader | PostSection] = [header, *sections]
    lines = sorted((line for part in parts for line in part.lines), key=lambda line: line.number)
    return Outline(
        title=header.title,
        standfirst=header.standfirst,
        date=header.date,
        lede=header.lede,
        captions=tuple(caption for part in parts for caption in part.captions),
        posts=tuple(posts),
        links=tuple(link for part in parts for link in part.links),
        lines=tuple(lines),
        notes=(*notes, *_unused_time_notes(lines)),
    )


def _use_dates_with_clock(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Use clock times after dates as stamps, on a page with at least two of them and no other stamps."""
    if any(each.stamp for each in line_classes) or sum(each.clock is not None for each in line_classes) < 2:
        return line_classes
    return tuple(replace(each, stamp=each.clock) if each.clock else each for each in line_classes)


def _drop_stamps_without_zone(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Treat stamps without a zone as text if most stamps have one: they are a timetable within a post."""
    stamps = [each.stamp for each in line_classes if each.stamp and not each.stamp.fault]
    without_zone = [stamp for stamp in stamps if not stamp.zone]
    if len(without_zone) * 2 >= len(stamps):
        return line_classes
    dropped = set(without_zone)
    return tuple(
        replace(each, stamp=None) if each.stamp in dropped and not each.date else each for each in line_classes
    )


def _move_stamps_first(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Swap stamp and headline on a page that prints its stamps below the headlines.

    Only if this is certain: every stamp of the page is alone on the second line of its paragraph,
    below a line that can be a headline, or most stamps are below a line with heading markup.
    """
    stamps = [index for index, each in enumerate(line_classes) if each.stamp]
    below_headline = [index for index in stamps if _is_below_headline(line_classes, index)]
    below_heading = [index for index in below_headline if line_classes[index - 1].line.kind == "heading"]
    if not stamps or not (len(below_headline) == len(stamps) or len(below_heading) * 2 > len(stamps)):
        return line_classes
    swapped = list(line_classes)
    for index in below_headline if len(below_headline) == len(stamps) else below_heading:
        swapped[index - 1], swapped[index] = swapped[index], swapped[index - 1]
    return tuple(swapped)


def _is_below_headline(line_classes: tuple[LineClass, ...], index: int) -> bool:
    above, stamp = line_classes[index - 1] if index else None, line_classes[index].stamp
    if above is None or not above.is_plain_text or stamp is None or stamp.text_after:
        return False
    if above.line.kind == "heading":
        return True
    starts_block = index == 1 or line_classes[index - 2].line.block != above.line.block
    return starts_block and above.line.block == line_classes[index].line.block and is_headline(above.line)


def _unused_time_notes(lines: list[ClassifiedLine]) -> list[Note]:
    """Report lines that begin with a time or are a date, but were read as text."""
    notes = []
    for line in lines:
        if line.role is LineRole.STAMP:
            continue
        finding = ""
        if starts_with_zoned_time(line.text):
            finding = "begins with a time but goes on as a sentence"
        elif line.role is LineRole.ENTRY and parse_clock_time(line.text):
            finding = "begins with a time but without a zone, unlike the page's time stamps"
        elif line.role is LineRole.ENTRY and parse_date_near_clock(line.text, line.number):
            finding = "is a date but not above a post"
        if finding:
            notes.append(Note(line.number, f"{finding}; read as text"))
    return notes


def _markup_notes(line_classes: tuple[LineClass, ...]) -> tuple[Note, ...]:
    """Report a text that is the HTML source of a page."""
    tags = sum(_TAG.match(each.line.text) is not None for each in line_classes)
    count = len(line_classes)
    text = f"{tags} of {count} lines begin with an HTML tag; if this is the source of a web page, set FORMAT=html"
    return (Note(0, text),) if tags and tags * 3 >= count else ()


def _split_one_line_pages(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """Split lines that contain several posts; if any was split, all lines get new numbers."""
    texts_by_line = [(line, _split_at_stamps(line.text)) for line in lines]
    if all(len(texts) == 1 for _, texts in texts_by_line):
        return lines
    pieces: list[TextLine] = []
    block = old_block = 0
    for line, texts in texts_by_line:
        # Without line ends, headlines cannot be told from text.
        kind = "run" if len(texts) > 1 else line.kind
        for index, text in enumerate(texts):
            block += index > 0 or line.block != old_block
            old_block = line.block
            pieces.append(replace(line, number=len(pieces) + 1, block=block, text=text, kind=kind))
    return tuple(pieces)


def _split_at_stamps(text: str) -> list[str]:
    """Split a long line at edit marks and at stamps in the most frequent format; other times are in sentences."""
    if len(text) < _SHORTEST_SPLIT_LINE:
        return [text]
    stamps: list[tuple[int, str]] = []
    for match in _CLOCK_IN_LINE.finditer(text):
        stamp = parse_clock_time(text[match.start() : match.start() + _LONGEST_STAMP])
        before = text[max(0, match.start() - _LONGEST_WORD_BEFORE) : match.start()]
        if stamp and not stamp.fault and stamp.text_after and not _BEFORE_TIME_IN_SENTENCE.search(before):
            digits_as_9 = re.sub(r"\d+", "9", stamp.printed)
            stamps.append((match.start(), re.sub(r"[AaPp](?=\.?[Mm])", "a", digits_as_9)))
    [(usual, count)] = Counter(time_format for _, time_format in stamps).most_common(1) or [("", 0)]
    if count < _FEWEST_STAMPS:
        return [text]
    starts = [start for start, time_format in stamps if time_format == usual]
    edit_marks = [match.start() for match in _EDIT_MARK.finditer(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(sorted({0, *starts, *edit_marks, len(text)})))
    return [piece for piece in pieces if piece]
