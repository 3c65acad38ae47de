"""Read posts that have no elements of their own: each reaches from a stamp, or a day of a chronicle, to the next."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from types import MappingProxyType

from bs4 import Tag
from msgspec.structs import replace

from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline, Post
from daybook.parse.text.chronicle import chronicle_from_lines, day_lines
from daybook.parse.text.classify import is_sentence
from daybook.parse.text.embedded_posts import mark_times_of_embeds
from daybook.parse.text.outline import build_outline
from daybook.parse.text.sections import ends_entry
from daybook.parse.web.blocks import Block, link_length
from daybook.parse.web.dom import (
    MEDIA,
    is_weak,
    lowest_common_ancestor,
    name_and_class,
)
from daybook.parse.web.page_header import caption_lines, classify_other_blocks, figure_captions, read_header_blocks
from daybook.parse.web.post import plain_text_note
from daybook.parse.web.post_fields import ids_of
from daybook.parse.web.to_markdown import body_from_lines, count_container_blocks

_NO_TEXTS: Mapping[int, str] = MappingProxyType({})
_FEWEST_LINKS = 2  # of a list; a single one may be the end of a post
_BOX_TAGS = frozenset({"div", "section", "aside", "footer", "address"})
_MIN_POSTS_ABOVE_BOX = 3
_MIN_DAYS = 3  # of a chronicle; two dates may be above any two texts


def outline_from_text_flow(blocks: Sequence[Block], title: str) -> Outline | None:
    """Read a page whose posts begin with a stamp of the series and end at the next; None if it has no posts.

    `title` is the title in the page's metadata.
    """
    stamped = [block for block in blocks if any(each.in_series for each in block.lines)]
    if not stamped:
        return None
    first, end = _posts_range(blocks, stamped)
    end = _above_links(blocks, stamped[-1], end)
    end = _above_other_box(blocks, stamped, first, end)
    inside = [block for block in blocks[first:end] if _is_coverage(block)]
    lines = mark_times_of_embeds([each for block in inside for each in block.lines])
    outline = build_outline(lines, is_html=True)
    above = read_header_blocks(blocks[:first], title)
    posts, notes = _with_bodies(_with_ids(outline.posts, stamped), blocks[first:end])
    others = [block for block in blocks[first:end] if not _is_coverage(block)]
    media = {number for post in posts for number in post.body_lines}
    return replace(
        outline,
        title=above.title,
        standfirst=above.standfirst,
        date=above.date or outline.date,
        header_date=above.header_date,
        lede=(*above.lede, *outline.lede),
        captions=figure_captions(blocks[:end]),
        posts=(replace(posts[0], heading=posts[0].heading or above.heading), *posts[1:]),
        lines=(
            *above.lines,
            *outline.lines,
            *_lines_of_others(others, media),
            *classify_other_blocks(blocks[end:], "below the posts"),
        ),
        notes=(*outline.notes, *notes),
    )


def _with_ids(posts: Sequence[Post], stamped: Sequence[Block]) -> list[Post]:
    """Give each post the id of the largest element around its stamp that holds no other stamp."""
    stamps_inside = Counter(id(tag) for block in stamped for tag in block.element.self_and_parents)
    by_line = {each.line.number: block for block in stamped for each in block.lines}
    found = []
    for post in posts:
        element = by_line[post.line].element if post.line in by_line else None
        around = element.self_and_parents if element else ()
        own = takewhile(lambda tag: stamps_inside[id(tag)] == 1, around)
        ids = [ids_of(tag) for tag in own if isinstance(tag, Tag)]
        unique, numbered = (next(filter(None, (pair[place] for pair in reversed(ids))), "") for place in (0, 1))
        found.append(replace(post, id=unique, numbered_id=numbered))
    return found


def _is_coverage(block: Block) -> bool:
    return (not block.region and not block.figure) or any(each.in_series for each in block.lines)


def outline_from_days(blocks: Sequence[Block], title: str) -> Outline | None:
    """Read a chronicle: a page whose headings are days, or whose paragraphs begin with one; None for any other page."""
    coverage = [block for block in blocks if not block.region and not block.figure]
    days = day_lines([block.lines[0].line for block in coverage])
    stamped = [block for block in coverage if block.number in days]
    with_text = {
        block.number for block, below in pairwise(coverage) if days.get(block.number) or below.number not in days
    }
    while stamped and stamped[0].number not in with_text:
        stamped = stamped[1:]  # the date of the page itself
    kinds = Counter((block.element.name, str(block.element.get("class") or "")) for block in stamped)
    if len(stamped) < _MIN_DAYS or max(kinds.values()) * 10 < len(stamped) * 8:
        return None
    first, end = _posts_range(blocks, stamped)
    inside = [block for block in blocks[first:end] if not block.region and not block.figure]
    periods = [block for block in blocks[:first] if block.is_heading and not block.region]  # "April 2031"
    outline = chronicle_from_lines([each.line for block in (*periods, *inside) for each in block.lines])
    own, linked = _length(inside), sum(map(link_length, inside))
    if outline is None or own * 3 <= _length(coverage) or linked * 10 > own * 6:
        return None
    above = read_header_blocks(blocks[:first], title)
    posts, notes = _with_bodies(outline.posts, blocks[first:end], days)
    others = [block for block in blocks[first:end] if block.region or block.figure]
    media = {number for post in posts for number in post.body_lines}
    return replace(
        outline,
        title=above.title,
        standfirst=above.standfirst,
        date=above.date,
        header_date=above.header_date,
        lede=tuple(text for text in above.lede if text not in {block.text for block in periods}),
        captions=figure_captions(blocks[:end]),
        posts=posts,
        lines=(
            *above.lines,
            *(line for line in outline.lines if line.number >= blocks[first].number),
            *_lines_of_others(others, media),
            *classify_other_blocks(blocks[end:], "below the posts"),
        ),
        notes=notes,
    )


def _length(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _lines_of_others(others: Sequence[Block], media: Collection[int]) -> Iterator[ClassifiedLine]:
    """Yield the lines between posts that are no text; those in `media` are pictures of posts."""
    for line in classify_other_blocks(others, ""):
        is_picture = line.number in media and line.reason == MEDIA
        yield replace(line, role=LineRole.ENTRY, reason="") if is_picture else line


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


def _above_links(blocks: Sequence[Block], last: Block, end: int) -> int:
    """Return the index where a list of links begins that ends before `end`, below the last stamp; `end` without one."""
    start, links = end, 0
    while start and blocks[start - 1].number > last.number:
        block = blocks[start - 1]
        is_link = not block.region and link_length(block) * 10 >= len(block.text) * 9
        if not (is_link or block.region or (block.is_heading and links)):
            break
        links += is_link
        start -= 1
    return start if links >= _FEWEST_LINKS else end


def _above_other_box(blocks: Sequence[Block], stamped: Sequence[Block], first: int, end: int) -> int:
    """Return the index where a box begins that ends before `end`, below the posts; `end` without one.

    It is beside the elements of the posts, holds no sentence, and no other post has one of its kind.
    """
    ancestor = lowest_common_ancestor([block.element for block in stamped])
    last = next(index for index, block in enumerate(blocks) if block.number == stamped[-1].number)
    usual = {name_and_class(_step_below(ancestor, block)) for block in blocks[first : last + 1]}
    start = end
    while len(stamped) >= _MIN_POSTS_ABOVE_BOX and start > last + 1:
        block = blocks[start - 1]
        step = _step_below(ancestor, block)
        is_other = step.name in _BOX_TAGS and name_and_class(step) not in usual
        is_box = is_other and not block.embed_url and not block.figure
        has_sentence = any(is_sentence(each.line.text) for each in block.lines if each.rule is None)
        if not (block.region or (is_box and not has_sentence)):
            break
        start -= 1
    return start


def _step_below(ancestor: Tag, block: Block) -> Tag:
    """Return the child of an element that holds a block, or the element of the block itself."""
    around = block.element.self_and_parents
    return next((tag for tag in around if isinstance(tag, Tag) and tag.parent is ancestor), block.element)


def _with_bodies(
    posts: Sequence[Post], blocks: Sequence[Block], texts: Mapping[int, str] = _NO_TEXTS
) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Replace the body of each post, read as lines, by one with the formatting of its blocks, and its pictures.

    `texts` are the texts of lines that begin with something else, by the numbers of the lines.
    """
    lines = {each.line.number: (block, each.line.text) for block in blocks for each in block.lines}
    lines |= {number: (block, block.text) for number, block in caption_lines(blocks).items()}
    inside = [block for block in blocks if block.region in ("", MEDIA) and not block.figure]
    container_sizes = count_container_blocks(inside)
    found: list[Post] = []
    notes: list[Note] = []
    for post, media in zip(posts, _media_of_posts(posts, blocks), strict=True):
        text = post.stamp.text_after if post.stamp else texts.get(post.line, "")
        stamp_line = {post.line: (lines[post.line][0], text)} if text else {}
        numbers = sorted({*post.body_lines, *media})
        body = body_from_lines((stamp_line.get(number) or lines[number] for number in numbers), container_sizes)
        if body.plain_text_reason:
            notes.append(plain_text_note(post, body.plain_text_reason))
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
