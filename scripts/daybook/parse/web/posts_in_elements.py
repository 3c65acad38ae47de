"""Read all posts of a page that have an element each as an `Outline`; its lines are in any order."""

import re
from collections import Counter
from collections.abc import Sequence

from bs4 import Tag
from msgspec.structs import replace

from daybook.parse.base.page import ClockTime, Note, Outline, Post, PrintedDate
from daybook.parse.text.classify import PERSON, unique_captions
from daybook.parse.web.blocks import Block
from daybook.parse.web.find_posts import DetectedPosts
from daybook.parse.web.page_header import classify_other_blocks, figure_captions, read_header_blocks
from daybook.parse.web.post import ParsedPost, parse_post, plain_text_note
from daybook.parse.web.post_fields import find_bold_headline, find_headline
from daybook.parse.web.repeated_blocks import mark_repeated
from daybook.parse.web.to_markdown import count_container_blocks

_LABELLED_NAME = re.compile(rf"(?:De|Da|Od|Van|От|Від) {PERSON.pattern}")
_FEWEST_LABELLED = 2  # names


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
    parsed = _without_label_of_authors([each for each in all_parsed if each.lines or each.post.headline])
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
            *classify_other_blocks(between, "between posts"),
            *classify_other_blocks(blocks[max(last + 1, first) :], "below the posts"),
        ),
        notes=_notes(posts, parsed),
    )
    return outline, [(each.post, each.printed_time) for each in parsed if each.printed_time]


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
