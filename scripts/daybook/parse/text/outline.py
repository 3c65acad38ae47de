"""Read a plain text page as an `Outline`.

Each line is classified by itself (`classify`). The lines above the first stamp are the page header, and the lines from
a stamp to the next are a post (`sections`). A page whose line ends were lost is first split at its stamps.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.decode import TextLine, split_lines
from daybook.parse.base.page import ClassifiedLine, Doubt, LineRole, Note, Outline, Post
from daybook.parse.text.bylines import mark_names, mark_names_below_stamps
from daybook.parse.text.classify import PERSON, BoilerplateRule, LineClass, classify_lines, is_headline, is_sentence
from daybook.parse.text.embedded_posts import TIME_OF_EMBED, mark_times_of_embeds
from daybook.parse.text.ends import (
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
from daybook.parse.text.evidence import (
    CERTAIN,
    POSSIBLE,
    PageEvidence,
    Weighed,
    is_called_live,
    weigh,
)
from daybook.parse.text.other_times import coverage_of, settle_stamps, with_stamp
from daybook.parse.text.sections import (
    PageHeader,
    PostSection,
    mark_headlines,
    move_end_stamps,
    read_page_header,
    read_post_section,
    without_headline,
)
from daybook.parse.text.series import (
    Candidate,
    Series,
    SourceLine,
    find_candidates,
    find_series,
    not_taken,
    series_of,
)
from daybook.parse.time.dates import latest_date_in
from daybook.parse.time.header_dates import CHANGED
from daybook.parse.time.printed import parse_clock_time, parse_date_near_clock, starts_with_zoned_time
from daybook.parse.time.tokens import check_number_of_clocks
from daybook.parse.time.zones import stated_zone

_TAG = re.compile(r"</?[A-Za-z][\w-]*[\s/>]")

# Splitting of long lines
_SHORTEST_SPLIT_LINE = 400  # characters; a shorter line is one paragraph
_FEWEST_STAMPS = 3  # in one line, where fewer may be times in a sentence, and of a page that shows what is usual
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
_MAY_END_CUT_SENTENCE = re.compile(r"\b(?:is|was|are|were|the|a|an|and|or|of)\s*$", re.IGNORECASE)
_LONGEST_WORD_BEFORE = 12  # characters to search for it
_LONGEST_STAMP = 200  # characters that are read as a stamp with the text after it

# A series beside the stamps of the common rules
_TOLERANCE = 0.5  # of the score, if the series has all of these stamps and more
_MARGIN = 1.0  # of the score, if it has not


_NAVIGATION = BoilerplateRule(name="navigation", pattern="", examples=())
_LONGEST_NAVIGATION = 25  # characters of a line
_MARKDOWN_HEADING = re.compile(r"#{1,6} +(?=\S)")
_MIN_STAMPS_BELOW_HEADER = 2
_CHANGE_AFTER_STAMP = re.compile(rf".{{8,60}}[\d\w)](?:\W{{1,3}}(?:{CHANGED})\b|更新).{{0,40}}", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:sources?|quellen?|источники?|джерел[оа]|fuentes?|fonti?e?|kaynak|bron|källa|kilde|źródło)\s?: .{1,60}",
    re.IGNORECASE,
)
_FORUM_LINES = (
    re.compile(r"(?:posts|beiträge|messages|mensajes|messaggi|berichten|сообщени[йя])\s?: ?\d[\d.,]*", re.IGNORECASE),
    re.compile(r"zitieren|antworten|quote|reply|citer|répondre|citar|responder|cita|rispondi|ответить", re.IGNORECASE),
)
_MIN_HEADINGS = 2  # fewer may be something else


class _InlineStamp(Struct, frozen=True):
    """A time inside a long line: its offset, its format, its clock, and whether its neighbours matter."""

    start: int
    shape: str
    clock: int
    is_sure: bool


def read_plain_text(text: str, _url: str = "") -> Outline:
    """Read a plain text page; raises ArchiveError if it or a line is too long, or if it has too many clock times."""
    check_number_of_clocks(text)
    lines, notes = split_lines(text)
    lines = _mark_headings(lines)
    pieces = _split_one_line_pages(lines)
    splits = len(pieces) - len(lines)
    line_classes, doubts, looks_live = find_stamps(classify_lines(pieces))
    line_classes = _without_header_stamp(line_classes)
    if not splits:
        outline = build_outline(line_classes, notes)
        return replace(outline, doubts=(*doubts, *outline.doubts), looks_live=looks_live)
    split_note = f"the page is split into {len(pieces)} blocks: {splits} time stamps and edit marks are inside lines"
    # The pieces have new numbers; the old line numbers are only quoted in the notes.
    texts = [split_note, *(f"{note.text} (line {note.line})" for note in notes)]
    outline = build_outline(line_classes, tuple(Note(0, text) for text in texts))
    return replace(outline, line_unit="block", doubts=(*doubts, *outline.doubts), looks_live=looks_live)


def _without_header_stamp(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Read the first stamp as the date of the page if it has no post of its own.

    It has a date, and either the words of a last change follow it on its line, unlike at the other stamps, or the lines
    below it name nothing but a source or the zone of the times, or it alone has a date and, as most posts have a
    headline and it has none, a standfirst below it.
    """
    stamps = [index for index, each in enumerate(line_classes) if each.stamp]
    if len(stamps) < _MIN_STAMPS_BELOW_HEADER + 1:
        return line_classes
    first, second = line_classes[stamps[0]], stamps[1]
    if _is_clock_above_title(line_classes, stamps[0], second):
        clock = LineClass(line=first.line, rule=_NAVIGATION)
        return (*line_classes[: stamps[0]], clock, *line_classes[stamps[0] + 1 :])
    if first.date is None or first.stamp is None:
        return line_classes
    changes = [_CHANGE_AFTER_STAMP.fullmatch(line_classes[index].line.text) is not None for index in stamps]
    below = line_classes[stamps[0] + 1 : second]
    plain = [each for each in below if each.is_plain_text]
    about_page = bool(plain) and all(
        _SOURCE.fullmatch(each.line.text) or stated_zone(each.line.text, has_date=False) for each in plain
    )
    is_page = (changes[0] and not any(changes[1:])) or (about_page and not first.stamp.text_after)
    if not (is_page or _is_above_standfirst(line_classes, stamps)):
        return line_classes
    header = LineClass(line=first.line, date=first.date)
    return (*line_classes[: stamps[0]], header, *line_classes[stamps[0] + 1 :])


def _is_above_standfirst(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> bool:
    """Return whether the first stamp alone has a date, and a paragraph below it but no headline, as most others have.

    No line above it has another date.
    """
    if any(line_classes[index].date for index in stamps[1:]):
        return False
    if any(each.date or latest_date_in(each.line.text) for each in line_classes[: stamps[0]]):
        return False
    own = [
        [each.line for each in line_classes[start + 1 : end] if each.is_plain_text]
        for start, end in pairwise([*stamps, len(line_classes)])
    ]
    stamp = line_classes[stamps[0]].stamp
    are_headlines = [bool(lines) and is_headline(lines[0]) and len(lines) > 1 for lines in own]
    is_paragraph = bool(own[0]) and len({line.block for line in own[0]}) == 1 and not are_headlines[0]
    has_no_text_after = stamp is not None and not stamp.text_after
    return has_no_text_after and is_paragraph and sum(are_headlines[1:]) * 2 > len(stamps) - 1


def _is_clock_above_title(line_classes: Sequence[LineClass], first: int, second: int) -> bool:
    """Return whether a time is the clock of the site, among short lines above a title that calls the page live."""
    stamp = line_classes[first].stamp
    above = [each.line.text for each in line_classes[:first] if each.is_plain_text]
    below = [each.line.text for each in line_classes[first + 1 : second] if each.is_plain_text]
    is_alone = stamp is not None and not stamp.text_after and not any(map(is_sentence, below))
    return is_alone and all(len(text) <= _LONGEST_NAVIGATION for text in above) and is_called_live(below[:1])


def _is_forum(line_classes: Sequence[LineClass]) -> bool:
    """Return whether the times of a page are those of posts in a forum: each with a number of posts, and a reply."""
    stamps = sum(each.stamp is not None for each in line_classes)
    texts = [each.line.text for each in line_classes]
    fewest = max(2, 0.6 * stamps)
    return all(sum(pattern.fullmatch(text) is not None for text in texts) >= fewest for pattern in _FORUM_LINES)


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


def find_stamps(line_classes: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...], bool]:
    """Set the stamps of a page: those of the common rules, or a series that the page repeats and that fits better.

    Returns:
        The lines with their stamps, what a person should check, and whether the page looks like a live blog.
    """
    line_classes = usual_stamps(mark_times_of_embeds(line_classes))
    if _is_forum(line_classes):
        return tuple(replace(each, stamp=None, clock=None) for each in line_classes), (), False
    own_texts = ("" if each.rule is TIME_OF_EMBED else each.line.text for each in line_classes)
    lines = [
        SourceLine(number=each.line.number, text=text, kind=each.line.kind)
        for each, text in zip(line_classes, own_texts, strict=True)
    ]
    candidates = find_candidates(lines)
    by_index = {each.index: each for each in candidates}
    stamped = [index for index, each in enumerate(line_classes) if each.stamp]
    common = series_of(by_index[index] for index in stamped if index in by_index)
    above = line_classes[: candidates[0].index] if candidates else line_classes
    titles = [each.line.text for each in _without_navigation(above) if each.is_plain_text]
    title = titles[0] if titles else next((each.line.text for each in line_classes if each.is_plain_text), "")
    length = sum(len(each.line.text) for each in line_classes)
    page = PageEvidence(is_live=is_called_live([title]), length=length)
    weighed = [
        weigh(
            each,
            _post_lengths(each, lines),
            replace(page, has_pinned_first=_is_first_pinned(each, line_classes)),
        )
        for each in find_series(candidates)
    ]
    best = max(weighed, key=lambda each: each.score, default=None)
    usual = weigh(common, _post_lengths(common, lines), page) if common else None
    if best is None or best.score < POSSIBLE or (usual and not _is_better(best, usual)):
        looks_live = page.is_live and bool(candidates)
        classes = tuple(
            replace(each, stamp=by_index[index].stamp)
            if each.stamp and index in by_index and (each.stamp.fault or by_index[index].age_beside is not None)
            else each
            for index, each in enumerate(line_classes)
        )
        settled, doubts = settle_stamps(classes, by_index)
        has_posts = common is not None and any(each.stamp for each in settled)
        missed = _time_doubts(coverage_of(candidates, settled), common) if common and has_posts else ()
        return settled, (*missed, *doubts), looks_live
    chosen = {each.index: each for each in best.series.stamps}
    classes = tuple(with_stamp(each, chosen.get(index)) for index, each in enumerate(line_classes))
    settled, doubts = settle_stamps(classes, by_index)
    doubts = (*_time_doubts(coverage_of(candidates, settled), best.series), *doubts)
    if best.score < CERTAIN:
        first = best.series.stamps[0]
        text = f"{len(chosen)} times such as {first.printed!r} are read as stamps, with little evidence"
        doubts = (Doubt(kind="rival", line=first.number, text=text), *doubts)
    if not any(each.stamp for each in settled):
        return settled, (), page.is_live
    return settled, doubts, True


def _is_first_pinned(series: Series, line_classes: Sequence[LineClass]) -> bool:
    """Return whether a line beside the first stamp of a series says that its post is pinned."""
    index = series.stamps[0].index
    near = (*line_classes[max(0, index - 1) : index], *line_classes[index + 1 : index + 2])
    is_pinned = any(each.rule is not None and each.rule.effect == "pinned" for each in near)
    return is_pinned and len(series.stamps) >= _FEWEST_STAMPS


def _is_better(best: Weighed, usual: Weighed) -> bool:
    """Return whether a series replaces the stamps of the common rules: it has more of them, or clearly fits better."""
    has_more = best.series.indexes > usual.series.indexes or (
        best.series.indexes == usual.series.indexes and any(each.is_dated for each in best.series.stamps)
    )
    more = has_more and best.score >= usual.score - _TOLERANCE
    return more or best.score > usual.score + _MARGIN


def _post_lengths(series: Series, lines: Sequence[SourceLine]) -> list[int]:
    """Return the number of characters from each stamp to the next; a last post is at most three usual ones long."""
    ends = [each.index for each in series.stamps[1:]] + [len(lines)]
    lengths = [
        len(each.text_after) + sum(len(line.text) for line in lines[each.index + 1 : end])
        for each, end in zip(series.stamps, ends, strict=True)
    ]
    others = sorted(lengths[:-1])
    return [*lengths[:-1], min(lengths[-1], 3 * others[len(others) // 2])] if others else lengths


def _time_doubts(candidates: Sequence[Candidate], series: Series) -> tuple[Doubt, ...]:
    """Return a doubt for each time that fits the series and is not one of its stamps."""
    missed = not_taken(candidates, series)
    return tuple(
        Doubt(kind="time not taken", line=each.number, text=f"{each.printed!r} may be a stamp; it is read as text")
        for each in missed
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
    header_classes = header_classes if is_html else _without_navigation(header_classes)
    header = read_page_header(header_classes)
    if not starts:
        # Only the title, dates and boilerplate are understood.
        unused = (LineRole.LEDE, LineRole.STANDFIRST, LineRole.CAPTION)
        mark = {"role": LineRole.NOT_UNDERSTOOD, "reason": "the page has no entry"}
        lines = [replace(line, **mark) if line.role in unused else line for line in header.lines]
        notes = (*notes, *_markup_notes(line_classes))
        return Outline(title=header.title, date=header.date, lines=tuple(lines), notes=notes)
    line_classes, box_doubts = mark_below_controls(mark_related(mark_facts_of_page(line_classes)))
    line_classes, doubts = mark_links_below(mark_recurring_lines(mark_names(line_classes)), only_named=is_html)
    line_classes, report_doubts = mark_first_report(mark_words_to_readers(line_classes))
    sections, untimed = _read_sections(mark_headlines(line_classes, starts), starts)
    doubts = (*first_doubts, *box_doubts, *doubts, *report_doubts, *untimed)
    if sum(_is_only_text(each.post) for each in sections) * 2 > len(sections):
        sections = [without_headline(each) if _may_be_text(each.post) else each for each in sections]
    else:
        sections = _without_first_lines_of_texts(sections, {each.line.number: each.line.block for each in line_classes})
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


def _without_navigation(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Mark the short lines above a title that calls the page live, copied from its navigation."""
    plain = [index for index, each in enumerate(line_classes) if each.is_plain_text]
    title = next((index for index in plain if is_called_live([line_classes[index].line.text])), None)
    above = [index for index in plain if title is not None and index < title]
    if any(len(line_classes[index].line.text) > _LONGEST_NAVIGATION for index in above):
        return line_classes
    marked = set(above)
    return tuple(
        replace(each, rule=_NAVIGATION) if index in marked else each for index, each in enumerate(line_classes)
    )


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


def _may_be_text(post: Post) -> bool:
    """Return whether a headline may be text, among posts without headlines: nothing is below it, or it ends in ":"."""
    return bool(post.headline) and (not post.paragraphs or post.headline.endswith(":"))


def usual_stamps(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Return the lines with the stamps of the common rules alone, by which a page's stamps are alike."""
    return _drop_stamps_without_zone(_use_dates_with_clock(line_classes))


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
    if len(stamps) < _FEWEST_STAMPS or not line_classes[-1].is_plain_text:
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
    is_last_text = is_sentence(line_classes[-1].line.text)  # else the headlines are those of the posts above
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
    """Split a long line at edit marks and at stamps in the most frequent format; other times are in sentences.

    A time in this format, zone included, that does not look like a stamp is one if it lies between its neighbours: a
    caption in small letters may follow it, or a sentence that was cut off may precede it.
    """
    if len(text) < _SHORTEST_SPLIT_LINE:
        return [text]
    stamps: list[_InlineStamp] = []
    for match in _CLOCK_IN_LINE.finditer(text):
        own = text[match.start() : match.start() + _LONGEST_STAMP]
        stamp = parse_clock_time(own) or parse_clock_time(match[0])
        before = _BEFORE_TIME_IN_SENTENCE.search(text[max(0, match.start() - _LONGEST_WORD_BEFORE) : match.start()])
        if stamp is None or stamp.fault or (before and not (stamp.zone and _MAY_END_CUT_SENTENCE.search(before[0]))):
            continue
        is_sure = before is None and bool(parse_clock_time(own)) and bool(stamp.text_after)
        digits_as_9 = re.sub(r"\d+", "9", stamp.printed)
        shape = re.sub(r"[AaPp](?=\.?[Mm])", "a", digits_as_9)
        if is_sure or stamp.zone:
            stamps.append(_InlineStamp(match.start(), shape, stamp.clock, is_sure))
    [(usual, count)] = Counter(each.shape for each in stamps if each.is_sure).most_common(1) or [("", 0)]
    if count < _FEWEST_STAMPS:
        return [text]
    alike = [each for each in stamps if each.shape == usual]
    sure = [each.clock for each in alike if each.is_sure]
    falling = sum(below <= above for above, below in pairwise(sure)) * 2 >= len(sure) - 1
    starts = []
    for index, each in enumerate(alike):
        near = [*alike[max(0, index - 1) : index], *alike[index + 1 : index + 2]]
        ordered = all((one.clock >= each.clock) == ((one.start < each.start) == falling) for one in near)
        if each.is_sure or ordered:
            starts.append(each.start)
    edit_marks = [match.start() for match in _EDIT_MARK.finditer(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(sorted({0, *starts, *edit_marks, len(text)})))
    return [piece for piece in pieces if piece]
