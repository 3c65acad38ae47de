"""Read all posts of a page as an `Outline`: posts in elements of their own, or posts separated only by clock times.

The lines of the outline are in any order.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bs4 import Tag
from msgspec.structs import replace

from daybook.parse.base.page import ClockTime, LineRole, Note, Outline, Post, PrintedDate
from daybook.parse.text.classify import LineClass, unique_captions
from daybook.parse.text.outline import build_outline, usual_stamps
from daybook.parse.text.sections import ends_entry
from daybook.parse.time.instants import preferred_time
from daybook.parse.web.blocks import Block
from daybook.parse.web.detect_posts import DetectedPosts
from daybook.parse.web.dom import LINK_TAGS, MEDIA, is_weak, iter_tags, lowest_common_ancestor
from daybook.parse.web.page_header import caption_lines, classify_other_blocks, figure_captions, read_header_blocks
from daybook.parse.web.post import ParsedPost, parse_post
from daybook.parse.web.post_fields import attribute_time, element_time
from daybook.parse.web.to_markdown import body_from_lines, count_container_blocks

_MIN_STAMPS = 2  # of a live blog; a single one may be the time of any article

# Labels above the time of the page itself.
_PAGE_TIME_LABEL = re.compile(
    r"(?:first |last )?(?:published|updated|posted|modified|publiziert|veröffentlicht|aktualisiert|publié|mis à jour)"
    r"(?: (?:on|at|am|le))?:?",
    re.IGNORECASE,
)


def outline_from_elements(
    posts: DetectedPosts, blocks: Sequence[Block], title: str
) -> tuple[Outline, list[tuple[Post, ClockTime]]]:
    """Read a page whose posts have an element each; `title` is the title in the page's metadata.

    Returns:
        The outline, and the printed times of the posts that also have machine-readable ones.
    """
    post_blocks: dict[int, list[Block]] = {id(tag): [] for tag in posts.tags}
    inside: list[int] = []  # indexes of blocks
    outside: list[int] = []
    for index, block in enumerate(blocks):
        post = next((id(tag) for tag in block.element.self_and_parents if id(tag) in post_blocks), None)
        if post is None:
            outside.append(index)
        else:
            inside.append(index)
            post_blocks[post].append(block)
    first, last = (inside[0], inside[-1]) if inside else (len(blocks), -1)
    above = read_header_blocks(blocks[:first], title)
    sizes = count_container_blocks(blocks)
    all_parsed = (parse_post(tag, post_blocks[id(tag)], sizes, posts.layout) for tag in posts.tags)
    parsed = [each for each in all_parsed if each.lines or each.post.headline]
    between = [blocks[index] for index in outside if first < index < last]
    inline_captions = (caption for each in parsed for caption in each.captions)
    outline = Outline(
        title=above.title,
        standfirst=above.standfirst,
        date=above.date,
        lede=above.lede,
        captions=unique_captions((*figure_captions(blocks[: last + 1]), *inline_captions)),
        posts=_with_day_headings(parsed, between, above.heading),
        lines=(
            *above.lines,
            *(line for each in parsed for line in each.lines),
            *classify_other_blocks(between, "between posts"),
            *classify_other_blocks(blocks[max(last + 1, first) :], "below the posts"),
        ),
        notes=_notes(posts, parsed),
    )
    return outline, [(each.post, each.printed_time) for each in parsed if each.printed_time]


def _with_day_headings(
    parsed: Sequence[ParsedPost], between: Sequence[Block], heading: PrintedDate | None
) -> tuple[Post, ...]:
    """Give each post the day heading and the separator between it and the post above.

    `heading` is the day heading in the page header. The time of a pinned post is not compared with the next.
    """
    marks = [each for block in between if not block.region for each in block.lines]
    marks = [mark for mark in marks if mark.date or (mark.rule and mark.rule.effect == "restart")]
    found: list[Post] = []
    restart = False
    for each in parsed:
        while marks and marks[0].line.number < each.post.line:
            mark = marks.pop(0)
            heading, restart = mark.date or heading, restart or mark.date is None
        found.append(replace(each.post, heading=heading, restart=restart))
        heading, restart = None, each.is_pinned
    return tuple(found)


def _notes(posts: DetectedPosts, parsed: Sequence[ParsedPost]) -> tuple[Note, ...]:
    notes = [Note(0, f"posts found by layout: {posts.layout.name}")]
    differences = Counter(each.minutes_apart for each in parsed if each.minutes_apart)
    for minutes, count in sorted(differences.items()):
        times = f"{count} of {len(parsed)} machine-readable times"
        notes.append(Note(0, f"{times} differ from the printed ones by {minutes:+} minutes"))
    edits = sum(each.has_only_edit_time for each in parsed)
    if edits:
        notes.append(Note(0, f"{edits} of {len(parsed)} posts state only the time of their last edit; it is used"))
    without_time = [each.post.line for each in parsed if each.post.stamp is None]
    notes += [Note(line, "this post has no time; its entry is stored without one") for line in without_time]
    notes += [_plain_text_note(each.post, each.plain_text_reason) for each in parsed if each.plain_text_reason]
    notes += [Note(each.post.line, reason) for each in parsed for reason in each.lost]
    return tuple(notes)


def _plain_text_note(post: Post, reason: str) -> Note:
    return Note(post.line, f"this post is stored as plain text, without formatting: {reason}")


def outline_from_text_flow(blocks: Sequence[Block], title: str) -> Outline | None:
    """Read a page whose posts begin with a clock time and end at the next; None if it has no posts.

    `title` is the title in the page's metadata.
    """
    blocks = _with_tagged_times(blocks)
    coverage = [block for block in blocks if not block.region and not block.figure]
    labelled = {below.number for above, below in pairwise(blocks) if _PAGE_TIME_LABEL.fullmatch(above.text)}
    candidates = [block for block in coverage if block.number not in labelled]
    stamped = _without_teasers([block for block in candidates if any(each.stamp for each in block.lines)])
    if sum(each.stamp is not None for block in stamped for each in block.lines) < _MIN_STAMPS:
        stamped = _without_teasers([block for block in candidates if block.lines[0].clock is not None])
        if len(stamped) < _MIN_STAMPS:
            return None
    first, end = _posts_range(blocks, stamped)
    inside = [block for block in blocks[first:end] if not block.region and not block.figure]
    if sum(len(block.text) for block in inside) * 3 <= sum(len(block.text) for block in coverage):
        return None  # a box with some times, not the main content of the page
    outline = build_outline(usual_stamps(tuple(each for block in inside for each in block.lines)))
    above = read_header_blocks(blocks[:first], title)
    posts, notes = _with_bodies(outline.posts, blocks[first:end])
    others = [block for block in blocks[first:end] if block.region or block.figure]
    media = {number for post in posts for number in post.body_lines}
    other_lines = (
        replace(line, role=LineRole.ENTRY, reason="") if line.number in media and line.reason == MEDIA else line
        for line in classify_other_blocks(others, "")
    )
    return replace(
        outline,
        title=above.title,
        standfirst=above.standfirst,
        date=above.date or outline.date,
        lede=(*above.lede, *outline.lede),
        captions=figure_captions(blocks[:end]),
        posts=(replace(posts[0], heading=posts[0].heading or above.heading), *posts[1:]),
        lines=(
            *above.lines,
            *outline.lines,
            *other_lines,
            *classify_other_blocks(blocks[end:], "below the posts"),
        ),
        notes=(*outline.notes, *notes),
    )


def _with_tagged_times(blocks: Sequence[Block]) -> list[Block]:
    """Add the machine-readable times that blocks begin with, if three or more blocks of a kind do."""
    tagged = [(block, None if block.region else _tagged_time(block)) for block in blocks]
    kinds = Counter(_kind(block) for block, time in tagged if time)
    return [
        replace(block, lines=(time, *block.lines[1:]))
        if time and (kinds[_kind(block)] > _MIN_STAMPS or block.lines[0].stamp)
        else block
        for block, time in tagged
    ]


def _tagged_time(block: Block) -> LineClass | None:
    """Return the class of the first line of a block that begins with a machine-readable time with a date."""
    lead = next((node for node in block.nodes if isinstance(node, Tag) or str(node).strip()), None)
    element = lead if isinstance(lead, Tag) else None
    element = element if element is None or element.name == "time" else element.find("time")
    element = block.element if element is None and block.element.name == "time" else element
    time = (element_time(element) if element is not None else None) or attribute_time(block.element)
    if time is None or not time.is_complete or time.stamp is None:
        return None
    printed = " ".join(element.get_text().split()) if element is not None else ""
    line, printed_stamp = block.lines[0].line, block.lines[0].stamp
    rest = line.text.removeprefix(printed).strip(" :–—-") if printed and line.text.startswith(printed) else ""
    rest = printed_stamp.text_after if printed_stamp else rest
    stamp = preferred_time(time, printed_stamp) or time.stamp
    return LineClass(line=line, stamp=replace(stamp, text_after=rest), date=time.printed_date(block.number))


def _kind(block: Block) -> tuple[str, str]:
    return block.element.name, str(block.element.get("class") or "")


def _without_teasers(stamped: Sequence[Block]) -> list[Block]:
    """Leave out kinds of blocks that mostly consist of links: times in a list of other stories."""
    kinds: dict[tuple[str, str], list[bool]] = {}
    for block in stamped:
        tags = [node for node in block.nodes if isinstance(node, Tag)]
        links = [link for tag in tags for link in ([tag] if tag.name == "a" else iter_tags(tag, LINK_TAGS))]
        link_length = sum(len(link.get_text()) for link in links)
        kinds.setdefault(_kind(block), []).append(link_length * 10 > len(block.text) * 6)
    return [block for block in stamped if sum(kinds[_kind(block)]) * 2 <= len(kinds[_kind(block)])]


def _posts_range(blocks: Sequence[Block], stamped: Sequence[Block]) -> tuple[int, int]:
    """Return the indexes where the first post begins and where the last ends.

    The first post includes a heading above its time if most posts have one. The last ends with the
    smallest element that contains all times.
    """
    ancestor = lowest_common_ancestor([block.element for block in stamped])
    indexes = {block.number: index for index, block in enumerate(blocks)}
    first, last = indexes[stamped[0].number], indexes[stamped[-1].number]
    below_heading = [indexes[block.number] > 0 and blocks[indexes[block.number] - 1].is_heading for block in stamped]
    end = last + 1
    while end < len(blocks) and any(tag is ancestor for tag in blocks[end].element.parents):
        end += 1
    return (first - 1 if below_heading[0] and sum(below_heading) * 2 > len(below_heading) else first), end


def _with_bodies(posts: Sequence[Post], blocks: Sequence[Block]) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Replace the body of each post, read as lines, by one with the formatting of its blocks, and its pictures."""
    lines = {each.line.number: (block, each.line.text) for block in blocks for each in block.lines}
    lines |= {number: (block, block.text) for number, block in caption_lines(blocks).items()}
    inside = [block for block in blocks if block.region in ("", MEDIA) and not block.figure]
    container_sizes = count_container_blocks(inside)
    found: list[Post] = []
    notes: list[Note] = []
    for post, media in zip(posts, _media_of_posts(posts, blocks), strict=True):
        stamp_line = {post.line: (lines[post.line][0], post.stamp.text_after)} if post.stamp else {}
        numbers = sorted({*post.body_lines, *media})
        body = body_from_lines((stamp_line.get(number) or lines[number] for number in numbers), container_sizes)
        if body.plain_text_reason:
            notes.append(_plain_text_note(post, body.plain_text_reason))
        notes += [Note(post.line, reason) for reason in body.lost]
        found.append(replace(post, paragraphs=body.paragraphs, markdown=body.markdown, body_lines=tuple(numbers)))
    return tuple(found), tuple(notes)


def _media_of_posts(posts: Sequence[Post], blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Yield the numbers of the lines that stand for the pictures of each post, up to where its text ends."""
    captions = caption_lines(blocks)
    lines = [(block, each) for block in blocks for each in block.lines]
    starts = [min(post.line_numbers) for post in posts]
    ends = [*starts[1:], lines[-1][1].line.number + 1 if lines else 0]
    position = 0
    for post, start, end in zip(posts, starts, ends, strict=True):
        while position < len(lines) and lines[position][1].line.number < start:
            position += 1
        strong: list[int] = []
        weak: list[int] = []
        is_open = True
        while position < len(lines) and (number := lines[position][1].line.number) < end:
            block, each = lines[position]
            is_open = is_open and (number == post.line or bool(block.region) or not ends_entry(each))
            if is_open and (number in captions or block.region == MEDIA):
                (weak if block.region == MEDIA and is_weak(block.element) else strong).append(number)
            position += 1
        yield strong or ([] if post.body_lines else weak)
