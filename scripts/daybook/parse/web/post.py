"""Read one post element: time, headline, byline, captions and body."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Literal

from bs4 import Tag
from msgspec import Struct
from msgspec.structs import replace

from daybook.core.model import Caption
from daybook.parse.base.decode import one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Note, Post
from daybook.parse.text.bylines import LABEL_OF_NAME, is_labelled_name
from daybook.parse.text.classify import PERSON, LineClass, is_sentence
from daybook.parse.text.sections import last_edit_time
from daybook.parse.time.instants import preferred_time
from daybook.parse.time.printed import parse_date_near_clock
from daybook.parse.time.tokens import is_stamp
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import HEADING_TAGS, MEDIA, OTHER_STORIES, ROLE, attribute_text, is_embedded, is_weak
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.page_header import caption_lines
from daybook.parse.web.post_fields import (
    BOLD_TAGS,
    ids_of,
    is_edit_label,
    is_label_read_aloud,
    is_only_edit_time,
    is_time_text,
    minutes_apart,
    modified_time,
    published_time,
    time_read_aloud,
)
from daybook.parse.web.to_markdown import body_from_lines

_NO_HEADLINE = frozenset({"byline", ROLE, OTHER_STORIES})  # regions
_MAX_BYLINE_LENGTH = 80  # characters; a longer text is body
_BETWEEN_NAMES = re.compile(r"\s?[/&+]\s?")
_PINNED_CLASS = re.compile(r"(?:^|[\s_-])(?:is-)?(?:pinned|sticky|featured)(?:$|[\s_-])", re.IGNORECASE)
PostLineRole = Literal["stamp", "headline", "byline", "caption", "boilerplate", "body"]
_LINE_ROLES: Mapping[PostLineRole, LineRole] = {
    "stamp": LineRole.STAMP,
    "headline": LineRole.STAMP,
    "byline": LineRole.STAMP,
    "caption": LineRole.CAPTION,
    "boilerplate": LineRole.BOILERPLATE,
    "body": LineRole.ENTRY,
}


class ParsedPost(Struct, frozen=True, kw_only=True):
    """A post, its lines, and what the page needs to judge its time.

    Attributes:
        lines: The role of each of its lines.
        printed_time: The displayed time of a post that also has a machine-readable time with a date.
        minutes_apart: Machine-readable minus displayed time, if both name a zone; 0 if unknown.
        has_only_edit_time: Whether the only time is that of the last edit.
        is_pinned: Whether the post is pinned above the others, out of their order.
        plain_text_reason: Why the formatting of the body was dropped; "" if it was not.
        lost: What the body does not express, a sentence each.
    """

    post: Post
    lines: tuple[ClassifiedLine, ...] = ()
    printed_time: ClockTime | None = None
    minutes_apart: int = 0
    has_only_edit_time: bool = False
    is_pinned: bool = False
    captions: tuple[Caption, ...] = ()
    plain_text_reason: str = ""
    lost: tuple[str, ...] = ()


class _ElementText:
    """Look up whether a block is the text of one of some elements.

    The elements and their ancestors are indexed by id, because a post can have thousands of both.
    """

    def __init__(self, tags: Iterable[Tag | None]) -> None:
        self._tags: set[int] = set()
        self._texts: dict[int, set[str]] = defaultdict(set)  # texts by the id of each element and its ancestors
        for tag in filter(None, tags):
            self._tags.add(id(tag))
            text = one_line(tag.get_text())
            for ancestor in (tag, *tag.parents):
                self._texts[id(ancestor)].add(text)

    def matches(self, block: Block) -> bool:
        """Return whether a block is inside one of the elements, or contains one and no other text."""
        if any(id(tag) in self._tags for tag in block.element.self_and_parents):
            return True
        candidates = [self._texts[id(node)] for node in block.nodes if id(node) in self._texts]
        text = one_line(block.text) if candidates else ""
        return any(text in texts for texts in candidates)


class _Shown(Struct, frozen=True, kw_only=True):
    """What a post states: the text of its time, and a headline in an attribute, which it may show without a mark."""

    time: str
    headline: str


class _PostLine(Struct, frozen=True):
    """A line of a post, its role, and the reason for it, such as the rule or region of boilerplate."""

    line_class: LineClass
    block: Block
    role: PostLineRole
    reason: str = ""


def parse_post(
    tag: Tag, blocks: Sequence[Block], container_sizes: Mapping[int, int], layout: Layout, headline_tag: Tag | None
) -> ParsedPost:
    """Read the post in an element. Blocks that are not time, headline, byline or boilerplate are its body.

    `container_sizes` is the result of `count_container_blocks` for the whole page.
    """
    time_tag, published = published_time(tag, layout)
    no_headline = {OTHER_STORIES} if headline_tag is not None and headline_tag.name in HEADING_TAGS else _NO_HEADLINE
    if headline_tag is not None and _is_in_region(headline_tag, blocks, no_headline):
        headline_tag = None
    author_tags = tag.select(layout.author) if layout.author else []
    fields: dict[PostLineRole, _ElementText] = {
        "headline": _ElementText([headline_tag]),
        "byline": _ElementText(author_tags),
        "stamp": _ElementText([time_tag]),
    }
    shown = _Shown(
        time=one_line(time_tag.get_text()) if time_tag is not None else "",
        headline=_unmarked_headline(headline_tag),
    )
    lines = _with_only_pictures(_without_edit_marks(list(_post_lines(blocks, fields, shown, tag))))
    body = body_from_lines(_body_lines(lines), container_sizes)
    by_role: dict[PostLineRole, list[LineClass]] = defaultdict(list)
    for line in lines:
        by_role[line.role].append(line.line_class)
    stamps = sorted(by_role["stamp"], key=lambda each: not each.in_series)
    printed = next(filter(None, (each.clock_time for each in stamps)), None)
    dates = (each.date or parse_date_near_clock(each.line.text, each.line.number) for each in stamps)
    classified = tuple(line.line_class.with_role(_LINE_ROLES[line.role], line.reason) for line in lines)
    own_lines = tuple(line.number for line in classified if line.role in (LineRole.STAMP, LineRole.ENTRY))
    first = own_lines[0] if own_lines else (blocks[0].number if blocks else 0)
    unique_id, numbered_id = ids_of(tag)
    effects = {each.rule.effect for each in by_role["boilerplate"] if each.rule}
    post = Post(
        line=first,
        line_numbers=own_lines or (first,),
        stamp=preferred_time(published, printed),
        stamp_date=published.printed_date(first) if published and published.date else next(filter(None, dates), None),
        headline=_headline(by_role["headline"], stamps, headline_tag),
        paragraphs=body.paragraphs,
        markdown=body.markdown,
        body_lines=tuple(each.line.number for each in by_role["body"]),
        id=unique_id,
        numbered_id=numbered_id,
        authors=_authors(by_role["byline"], author_tags)
        or tuple(dict.fromkeys(each.author for each in (*stamps, *by_role["boilerplate"]) if each.author)),
        updated=modified_time(tag, layout, published),
        key="key" in effects or bool(layout.key_event and tag.css.match(layout.key_event)),
        edited=last_edit_time((*stamps, *by_role["boilerplate"])),
    )
    return ParsedPost(
        post=post,
        lines=classified,
        printed_time=printed if published and published.is_complete else None,
        minutes_apart=minutes_apart(published, printed),
        captions=tuple(each.caption for each in by_role["caption"] if each.caption),
        has_only_edit_time=is_only_edit_time(tag, time_tag, published),
        is_pinned="pinned" in effects or _PINNED_CLASS.search(attribute_text(tag, "class")) is not None,
        plain_text_reason=body.plain_text_reason,
        lost=body.lost,
    )


def plain_text_note(post: Post, reason: str) -> Note:
    """Return the note that a post lost its formatting."""
    return Note(post.line, f"this post is stored as plain text, without formatting: {reason}")


def _is_in_region(tag: Tag, blocks: Sequence[Block], regions: Set[str]) -> bool:
    """Return whether an element, such as a bold one, is in a region such as the name of an author, or contains one."""
    marked = (block for block in blocks if block.region in regions)
    return any(tag is node for block in marked for node in (*block.nodes, *block.element.self_and_parents))


def _post_lines(
    blocks: Sequence[Block], fields: Mapping[PostLineRole, _ElementText], shown: _Shown, post: Tag
) -> Iterator[_PostLine]:
    body_begun = False
    for block in blocks:
        marked_as = next((role for role, elements in fields.items() if elements.matches(block)), "")
        for line_class in block.lines:
            role, reason = _role_of_line(line_class, block, marked_as, shown, body_begun=body_begun)
            text = line_class.line.text
            if (
                role == "body"
                and len(text) <= _MAX_BYLINE_LENGTH
                and is_stamp(text)
                and is_embedded(block.element, post)
            ):
                role, reason = "boilerplate", "time of an embedded post"
            body_begun = body_begun or role == "body"
            yield _PostLine(line_class, block, role, reason)


def _without_edit_marks(lines: list[_PostLine]) -> list[_PostLine]:
    """Make the time of the last edit boilerplate if it is on a line below its label, such as "Updated at"."""
    found = list(lines)
    for index in range(1, len(lines)):
        label, time = lines[index - 1], lines[index]
        is_mark = is_edit_label(label.line_class.line.text) and is_stamp(time.line_class.line.text)
        if is_mark and label.role == time.role == "body":
            found[index - 1 : index + 1] = [
                replace(each, role="boilerplate", reason="edit mark") for each in (label, time)
            ]
    return found


def _with_only_pictures(lines: list[_PostLine]) -> list[_PostLine]:
    """Make pictures without a description the body of a post that has no other text."""
    if any(line.role == "body" or line.block.figure for line in lines):
        return lines
    return [
        replace(line, role="body", reason="") if line.block.region == MEDIA and is_weak(line.block.element) else line
        for line in lines
    ]


def _role_of_line(
    line_class: LineClass, block: Block, marked_as: str, shown: _Shown, *, body_begun: bool
) -> tuple[PostLineRole, str]:
    """Return the role of a line and the reason. A time without markup is a stamp only before the first body line."""
    if line_class.in_series:
        return "stamp", ""
    if block.figure:
        return "caption", ""
    if block.region == MEDIA:
        return ("boilerplate", "picture without a description") if is_weak(block.element) else ("body", "")
    if line_class.rule and not (marked_as == "headline" and line_class.rule.name == "label"):
        return "boilerplate", line_class.rule.name
    if marked_as == "headline":
        return "headline", "headline"
    text = line_class.line.text
    if is_label_read_aloud(block.element, text):
        return "boilerplate", "label read aloud"
    is_short = len(text) <= _MAX_BYLINE_LENGTH
    if is_short and ((marked_as == "byline" and block.region != ROLE) or block.region == "byline"):
        return "byline", "byline"
    if block.region:
        return "boilerplate", block.region
    if is_short and marked_as == "stamp":
        return "stamp", ""
    if not body_begun and (
        line_class.stamp
        or line_class.date
        or is_time_text(text, shown.time)
        or parse_date_near_clock(text, line_class.line.number)
        or (is_short and is_stamp(text))
    ):
        return "stamp", ""
    if not body_begun and text == shown.headline:
        return "headline", "headline"
    return ("caption" if line_class.caption else "body"), ""


def _body_lines(lines: Sequence[_PostLine]) -> Iterator[tuple[Block, str]]:
    """Yield the lines of the body, each with its block; a sentence after a time and a caption, too."""
    has_headline = any(line.role == "headline" for line in lines)
    captions = caption_lines(line.block for line in lines)
    for line in lines:
        stamp, number = line.line_class.stamp, line.line_class.line.number
        if number in captions:
            yield captions[number], captions[number].text
        elif line.role == "body":
            yield line.block, line.line_class.line.text
        elif line.role == "stamp" and stamp and stamp.text_after and (has_headline or is_sentence(stamp.text_after)):
            yield line.block, stamp.text_after


def _headline(marked: Sequence[LineClass], stamps: Sequence[LineClass], tag: Tag | None) -> str:
    """Return the headline: the text of the headline element, else a short text after the time."""
    aloud = time_read_aloud(tag) if tag is not None else ""
    if tag is not None:
        marked_text = one_line(" ".join(each.line.text for each in marked)) or one_line(attribute_text(tag, "content"))
        if marked_text:
            return _without(aloud, marked_text) or marked_text
    rests = [_without(aloud, one_line(each.stamp.text_after)) for each in stamps if each.stamp]
    return next((rest for rest in rests if rest and not is_sentence(rest)), "")


def _without(aloud: str, text: str) -> str:
    """Return a headline without the time that is only read aloud before or after it."""
    return text.removesuffix(aloud).removeprefix(aloud).strip()


def _unmarked_headline(tag: Tag | None) -> str:
    """Return the headline of an element that is no block of its own: in an attribute, or bold above a line break."""
    if tag is None:
        return ""
    return one_line(attribute_text(tag, "content") or (tag.get_text() if tag.name in BOLD_TAGS else ""))


def _names_joined(text: str) -> list[str]:
    """Return the names of several authors that a mark joins: "Ida Kern / Jon Vik"; else the whole text."""
    names = _BETWEEN_NAMES.split(text)
    return names if all(map(PERSON.fullmatch, names)) else [text]


def _authors(bylines: Sequence[LineClass], tags: Sequence[Tag]) -> tuple[str, ...]:
    """Return the displayed names of the authors, else those in ``content`` attributes."""
    displayed = [one_line(each.line.text) for each in bylines]
    stated = [one_line(attribute_text(tag, "content")) for tag in tags if not displayed]
    whole = (name.removeprefix("By ").removeprefix("Von ").strip() for name in (*displayed, *stated))
    whole = (LABEL_OF_NAME.sub("", name, count=1) if is_labelled_name(name) else name for name in whole)
    names = (name for each in whole for name in _names_joined(each))
    return tuple(dict.fromkeys(name for name in names if name))
