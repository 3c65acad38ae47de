"""Read a plain text page as an `Outline`.

Each line is classified by itself (`classify`). The lines above the first stamp are the page header, and the lines from
a stamp to the next are a post (`sections`). A page whose line ends were lost is first split at its stamps.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import dropwhile, pairwise

from msgspec.structs import replace

from daybook.parse.base.decode import TextLine, split_lines
from daybook.parse.base.page import ClassifiedLine, Doubt, LineRole, Note, Outline, Post
from daybook.parse.text.boxes import mark_boxes_between
from daybook.parse.text.bylines import mark_names, mark_names_below_stamps
from daybook.parse.text.classify import PERSON, LineClass, classify_lines, is_headline, is_sentence, mark_mail_header
from daybook.parse.text.ends import (
    doubts_of_last_line,
    mark_below_controls,
    mark_facts_of_page,
    mark_filter_labels,
    mark_first_report,
    mark_links_below,
    mark_recurring_lines,
    mark_related,
    mark_words_to_readers,
    separate_edit_times,
)
from daybook.parse.text.find_stamps import find_stamps, without_navigation
from daybook.parse.text.long_lines import split_long_lines
from daybook.parse.text.sections import (
    PageHeader,
    PostSection,
    mark_headlines,
    move_end_stamps,
    read_page_header,
    read_post_section,
    without_headline,
)
from daybook.parse.text.time_of_page import without_header_stamp, without_words_after_clocks
from daybook.parse.text.wrapping import unwrap
from daybook.parse.time.printed import parse_clock_time, parse_date_near_clock, starts_with_zoned_time
from daybook.parse.time.tokens import check_number_of_clocks

_TAG = re.compile(r"</?[A-Za-z][\w-]*[\s/>]")
_FEWEST_STAMPS = 3  # of a page that shows what is usual
_MARKDOWN_HEADING = re.compile(r"#{1,6} +(?=\S)")
_WITHOUT_FULL_STOPS = re.compile(r"[\u0e00-\u0eff]{3}")  # Thai and Lao
_SHORTEST_UNMARKED = 45  # characters of a sentence in such a script
_NEARLY_ALL = 0.8  # of the posts
_QUOTATION_MARKS = tuple('"“”„«»‘‚‹「『')
_MIN_HEADINGS = 2  # fewer may be something else


def read_plain_text(text: str, _url: str = "") -> Outline:
    """Read a plain text page; raises ArchiveError if it or a line is too long, or if it has too many clock times."""
    check_number_of_clocks(text)
    lines, notes = split_lines(text)
    lines = _mark_headings(lines)
    pieces = split_long_lines(lines)
    splits = len(pieces) - len(lines)
    line_classes, doubts, looks_live = find_stamps(mark_mail_header(classify_lines(pieces)))
    stamped = len([each for each in line_classes if each.stamp])
    line_classes, header_doubts = without_header_stamp(line_classes)
    numbers = [each.line.number for each in line_classes if each.stamp]
    if 0 < len(numbers) < stamped:  # what is above the first post is no longer read as a post
        doubts = tuple(doubt for doubt in doubts if doubt.line >= numbers[0])
    line_classes, word_doubts = without_words_after_clocks(line_classes)
    doubts = (*header_doubts, *word_doubts, *doubts)
    if not splits:
        outline = build_outline(line_classes, notes)
        return replace(outline, doubts=(*doubts, *outline.doubts), looks_live=looks_live)
    split_note = f"the page is split into {len(pieces)} blocks: {splits} time stamps and edit marks are inside lines"
    # The pieces have new numbers; the old line numbers are only quoted in the notes.
    texts = [split_note, *(f"{note.text} (line {note.line})" for note in notes)]
    outline = build_outline(line_classes, tuple(Note(0, text) for text in texts))
    return replace(outline, line_unit="block", doubts=(*doubts, *outline.doubts), looks_live=looks_live)


def _mark_headings(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """Return the lines of a Markdown file with its headings as such."""
    headings = {line.number for line in lines if _MARKDOWN_HEADING.match(line.text)}
    if len(headings) < _MIN_HEADINGS:
        return lines
    return tuple(
        replace(line, text=_MARKDOWN_HEADING.sub("", line.text, count=1), kind="heading")
        if line.number in headings
        else line
        for line in lines
    )


def build_outline(
    line_classes: tuple[LineClass, ...], notes: tuple[Note, ...] = (), *, is_html: bool = False
) -> Outline:
    """Build the outline of a page from its classified lines; in HTML, links below the posts are removed before."""
    line_classes = line_classes if is_html else mark_filter_labels(separate_edit_times(line_classes))
    line_classes, first_doubts = move_end_stamps(line_classes)
    line_classes = mark_names_below_stamps(_move_stamps_first(line_classes))
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    header_classes = line_classes[: starts[0]] if starts else line_classes
    header_classes = header_classes if is_html else without_navigation(header_classes)
    header = read_page_header(header_classes)
    if not starts:
        # Only the title, dates and boilerplate are understood.
        unused = (LineRole.LEDE, LineRole.STANDFIRST, LineRole.CAPTION)
        mark = {"role": LineRole.NOT_UNDERSTOOD, "reason": "the page has no entry"}
        lines = [replace(line, **mark) if line.role in unused else line for line in header.lines]
        notes = (*notes, *_markup_notes(line_classes))
        return Outline(title=header.title, date=header.date, lines=tuple(lines), notes=notes)
    between: tuple[Doubt, ...] = ()
    if not is_html:
        line_classes, between = mark_boxes_between(line_classes)
    line_classes, box_doubts = mark_below_controls(mark_related(mark_facts_of_page(line_classes)))
    text_lines = {each.line.number for each in line_classes if each.is_plain_text}
    between = tuple(doubt for doubt in between if doubt.line in text_lines)
    line_classes, doubts = mark_links_below(mark_recurring_lines(mark_names(line_classes)), only_named=is_html)
    line_classes, report_doubts = mark_first_report(mark_words_to_readers(line_classes))
    last_doubts = () if is_html else doubts_of_last_line(line_classes)
    sections, untimed = _read_sections(mark_headlines(line_classes, starts), starts)
    doubts = (*first_doubts, *between, *box_doubts, *doubts, *report_doubts, *last_doubts, *untimed)
    if sum(not each.post.paragraphs and _is_unmarked_text(each.post) for each in sections) >= _NEARLY_ALL * len(
        sections
    ):
        sections = [without_headline(each) if _is_unmarked_text(each.post) else each for each in sections]
    elif sum(_is_only_text(each.post) for each in sections) * 2 > len(sections):
        sections = [without_headline(each) if _may_be_text(each.post) else each for each in sections]
    else:
        sections = [without_headline(each) if _leads_to_quotation(each.post) else each for each in sections]
        sections = _without_first_lines_of_texts(sections, {each.line.number: each.line.block for each in line_classes})
    # A day heading or separator applies to the post below it.
    heading, restart = header.heading, False
    pinned = any(each.rule and each.rule.effect == "pinned" for each in header_classes)
    posts = []
    own = [section.post.paragraphs for section in sections]
    for index, (section, paragraphs) in enumerate(zip(sections, own if is_html else unwrap(own), strict=True)):
        posts.append(replace(section.post, heading=heading, restart=restart, paragraphs=paragraphs))
        heading, restart = section.heading, section.restart or (pinned and index == 0)
    parts: list[PageHeader | PostSection] = [header, *sections]
    lines = sorted((line for part in parts for line in part.lines), key=lambda line: line.number)
    return Outline(
        title=header.title,
        standfirst=header.standfirst,
        date=header.date,
        header_date=header.header_date,
        lede=header.lede,
        captions=tuple(caption for part in parts for caption in part.captions),
        posts=tuple(posts),
        links=tuple(link for part in parts for link in part.links),
        lines=tuple(lines),
        notes=(*notes, *_unused_time_notes(lines)),
        doubts=doubts,
    )


def _read_sections(
    line_classes: tuple[LineClass, ...], starts: Sequence[int]
) -> tuple[list[PostSection], tuple[Doubt, ...]]:
    """Read the posts of a text; a pinned text without a time between them is a post of its own, and a doubt."""
    sections: list[PostSection] = []
    doubts: tuple[Doubt, ...] = ()
    for start, end in pairwise([*starts, len(line_classes)]):
        pins = (index for index in range(start + 1, end) if _begins_pinned(line_classes[index:end]))
        pin = next(pins, end)
        sections.append(read_post_section(line_classes[start:pin], last=end == len(line_classes)))
        if pin < end:
            sections.append(read_post_section(line_classes[pin:end], last=end == len(line_classes)))
            text = "the pinned text has no time; its entry is stored without one"
            doubts = (*doubts, Doubt(kind="untimed", line=line_classes[pin].line.number, text=text))
    return sections, doubts


def _begins_pinned(line_classes: Sequence[LineClass]) -> bool:
    """Return whether the first of some lines says that something is pinned, and a sentence follows."""
    rule = line_classes[0].rule
    is_pinned = rule is not None and rule.effect == "pinned"
    return is_pinned and any(each.is_plain_text and is_sentence(each.line.text) for each in line_classes[1:])


def _without_first_lines_of_texts(sections: list[PostSection], blocks: Mapping[int, int]) -> list[PostSection]:
    """Return the posts without headlines that share a paragraph with the text, if most headlines are paragraphs.

    `blocks` are the paragraphs of the lines.
    """
    alone: dict[int, bool] = {}
    for index, section in enumerate(sections):
        headline = [line.number for line in section.lines if line.reason == "headline"]
        if headline and section.post.body_lines:
            alone[index] = blocks[headline[-1]] != blocks[section.post.body_lines[0]]
    if sum(alone.values()) < max(_FEWEST_STAMPS, 0.75 * len(alone)):
        return sections
    found = list(sections)
    for index in (index for index, is_alone in alone.items() if not is_alone):
        section = without_headline(sections[index])
        first, second, *rest = section.post.paragraphs
        found[index] = replace(section, post=replace(section.post, paragraphs=(f"{first}\n{second}", *rest)))
    return found


def _is_only_text(post: Post) -> bool:
    return bool(post.paragraphs) and not post.headline


def _is_unmarked_text(post: Post) -> bool:
    """Return whether a headline may be a sentence of a script that has no full stops."""
    return len(post.headline) >= _SHORTEST_UNMARKED and _WITHOUT_FULL_STOPS.search(post.headline) is not None


def _leads_to_quotation(post: Post) -> bool:
    """Return whether a headline is text, because it leads with a colon to a quotation below it."""
    first = post.paragraphs[0].lstrip() if post.paragraphs else ""
    return post.headline.endswith((":", "：")) and first.startswith(_QUOTATION_MARKS)


def _may_be_text(post: Post) -> bool:
    """Return whether a headline may be text, among posts without headlines: nothing is below it, or it ends in ":"."""
    return bool(post.headline) and (not post.paragraphs or post.headline.endswith(":"))


def _move_stamps_first(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Swap stamp and headline on a page that prints its stamps below the headlines.

    Only if this is certain: every stamp of the page is alone on the second line of its paragraph,
    below a line that can be a headline, or most stamps are below a line with heading markup, or every
    stamp is a paragraph between a headline and a sentence.
    """
    stamps = [index for index, each in enumerate(line_classes) if each.stamp]
    if _are_below_paragraphs(line_classes, stamps):
        swapped = list(line_classes)
        for index in stamps:
            swapped[index - 1], swapped[index] = swapped[index], swapped[index - 1]
        return tuple(swapped)
    below_headline = [index for index in stamps if _is_below_headline(line_classes, index)]
    below_heading = [index for index in below_headline if line_classes[index - 1].line.kind == "heading"]
    if not stamps or not (len(below_headline) == len(stamps) or len(below_heading) * 2 > len(stamps)):
        return line_classes
    swapped = list(line_classes)
    for index in below_headline if len(below_headline) == len(stamps) else below_heading:
        swapped[index - 1], swapped[index] = swapped[index], swapped[index - 1]
    return tuple(swapped)


def _are_below_paragraphs(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> bool:
    """Return whether each stamp stands alone between a headline of its own, a paragraph of one line, and a sentence."""
    if len(stamps) < _FEWEST_STAMPS:
        return False
    headlines = [line_classes[index - 1] for index in stamps if index]
    texts = [each.line.text for each in headlines]
    blocks = Counter(each.line.block for each in line_classes)
    are_headlines = len(texts) == len(stamps) and all(
        each.is_plain_text and blocks[each.line.block] == 1 and is_headline(each.line) for each in headlines
    )
    are_names = len(set(texts)) * 2 <= len(texts) or all(map(PERSON.fullmatch, texts))
    below = [line_classes[index + 1 : index + 2] for index in stamps]
    are_texts = all(each and each[0].is_plain_text and is_sentence(each[0].line.text) for each in below)
    are_alone = not any(stamp.text_after for index in stamps if (stamp := line_classes[index].stamp))
    # Below the last text is nothing, or a line known to be none; else the headlines are those of the posts above.
    rest = list(
        dropwhile(lambda each: each.is_plain_text and is_sentence(each.line.text), line_classes[stamps[-1] + 1 :])
    )
    has_title = any(each.is_plain_text for each in line_classes[: stamps[0] - 1])
    is_last_text = not rest or (rest[0].rule is not None and has_title)
    return are_headlines and are_texts and are_alone and is_last_text and not are_names


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
