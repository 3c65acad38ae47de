"""Read all posts of a page that have an element each as an `Outline`; its lines are in any order."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bs4 import Tag
from msgspec.structs import replace

from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Note, Outline, Post, PrintedDate
from daybook.parse.text.classify import PERSON, is_sentence, unique_captions
from daybook.parse.web.blocks import Block, linked_characters
from daybook.parse.web.dom import attribute_text, iter_tags
from daybook.parse.web.find_posts import DetectedPosts
from daybook.parse.web.page_header import classify_other_blocks, figure_captions, read_header_blocks
from daybook.parse.web.post import ParsedPost, parse_post, plain_text_note
from daybook.parse.web.post_fields import find_bold_headline, find_headline
from daybook.parse.web.repeated_blocks import mark_repeated
from daybook.parse.web.to_markdown import count_container_blocks

_LABELLED_NAME = re.compile(rf"(?:De|Da|Od|Van|От|Від) {PERSON.pattern}")
_FEWEST_LABELLED = 2  # names
_BOX = "box without a time among the posts"
_CHOICES = frozenset({"radio", "checkbox"})  # types of the controls of a poll
_FRAMES = frozenset({"ins", "iframe"})  # in which an advert is loaded
_LONGEST_LABEL = 30  # characters
_MOSTLY_LINKS = 0.6  # of the text of a box


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
    post_blocks = dict(zip(post_blocks, mark_repeated(list(post_blocks.values())), strict=True))
    above = read_header_blocks(blocks[:first], title)
    sizes = count_container_blocks(blocks)
    headlines = _headlines(posts)
    all_parsed = (
        parse_post(tag, post_blocks[id(tag)], sizes, posts.layout, headline)
        for tag, headline in zip(posts.tags, headlines, strict=True)
    )
    found = zip(posts.tags, all_parsed, strict=True)
    in_posts = [(tag, each) for tag, each in found if each.lines or each.post.headline]
    boxes = _boxes(in_posts, post_blocks)
    parsed = _without_label_of_authors([each for _, each in in_posts if id(each) not in boxes])
    between = [blocks[index] for index in outside if first < index < last]
    inline_captions = (caption for each in parsed for caption in each.captions)
    outline = Outline(
        title=above.title,
        standfirst=above.standfirst,
        date=above.date,
        header_date=above.header_date,
        lede=above.lede,
        captions=unique_captions((*figure_captions(blocks[: last + 1]), *inline_captions)),
        posts=_with_day_headings(parsed, between, above.heading),
        lines=(
            *above.lines,
            *(line for each in parsed for line in each.lines),
            *(replace(line, role=LineRole.BOILERPLATE, reason=line.reason or _BOX) for line in _lines_of(boxes)),
            *classify_other_blocks(between, "between posts"),
            *classify_other_blocks(blocks[max(last + 1, first) :], "below the posts"),
        ),
        notes=_notes(posts, parsed),
    )
    return outline, [(each.post, each.printed_time) for each in parsed if each.printed_time]


def _boxes(in_posts: Sequence[tuple[Tag, ParsedPost]], blocks: Mapping[int, Sequence[Block]]) -> dict[int, ParsedPost]:
    """Return the elements among posts that are none, by id.

    They have no time, as most elements have, and no text, only links, a poll, a line beside an empty frame, or a line
    that several of them have. Any but a poll is a post if it has a sentence.
    """
    untimed = [(tag, each) for tag, each in in_posts if each.post.stamp is None and each.post.stamp_date is None]
    if len(untimed) * 2 >= len(in_posts):
        return {}
    texts = Counter(_text(each.post) for _, each in untimed)
    return {
        id(each): each
        for tag, each in untimed
        if _is_box(tag, each.post, blocks[id(tag)], recurs=texts[_text(each.post)] > 1)
    }


def _text(post: Post) -> str:
    return "\n".join((post.headline, *post.paragraphs, post.markdown)).strip()


def _is_box(tag: Tag, post: Post, blocks: Sequence[Block], *, recurs: bool) -> bool:
    if not _text(post):
        return True
    if any(attribute_text(each, "type").lower() in _CHOICES for each in iter_tags(tag, {"input"})):
        return True
    own = [block for block in blocks if not block.region and not block.figure]
    if any(is_sentence(block.text) for block in own):
        return False
    length, linked = sum(len(block.text) for block in own), sum(map(linked_characters, own))
    has_frame = any(not each.get_text(strip=True) for each in iter_tags(tag, _FRAMES))
    return linked > _MOSTLY_LINKS * length or recurs or (has_frame and length <= _LONGEST_LABEL)


def _lines_of(boxes: Mapping[int, ParsedPost]) -> Iterator[ClassifiedLine]:
    """Yield the lines of elements that are no posts."""
    for each in boxes.values():
        yield from each.lines


def _headlines(posts: DetectedPosts) -> list[Tag | None]:
    """Return the headline element of each post; bold lines are headlines if most posts have no other."""
    marked = [find_headline(tag, posts.layout) for tag in posts.tags]
    if len([each for each in marked if each is not None]) * 2 > len(marked):
        return marked
    return [each or find_bold_headline(tag) for tag, each in zip(posts.tags, marked, strict=True)]


def _without_label_of_authors(parsed: Sequence[ParsedPost]) -> list[ParsedPost]:
    """Return the posts without a label before all their authors that may also begin a name: "De Ana Pop"."""
    names = {name for each in parsed for name in each.post.authors}
    if len(names) < _FEWEST_LABELLED or not all(map(_LABELLED_NAME.fullmatch, names)):
        return list(parsed)
    return [
        replace(each, post=replace(each.post, authors=tuple(name.partition(" ")[2] for name in each.post.authors)))
        for each in parsed
    ]


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
    notes += [plain_text_note(each.post, each.plain_text_reason) for each in parsed if each.plain_text_reason]
    notes += [Note(each.post.line, reason) for each in parsed for reason in each.lost]
    return tuple(notes)
