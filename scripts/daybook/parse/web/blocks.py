"""Cut a page into visible blocks, in page order, and mark the blocks of reader comments.

A block is a run of inline nodes that a browser displays as one paragraph. Its lines, which are
separated by ``<br>``, are numbered through the whole page.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.decode import TextLine
from daybook.parse.text.classify import GALLERY, LineClass, classify_lines, match_boilerplate
from daybook.parse.text.evidence import is_reply_control
from daybook.parse.time.printed import parse_date_line
from daybook.parse.time.tokens import is_stamp
from daybook.parse.web.dom import (
    BLOCK_TAGS,
    HEADING_TAGS,
    LINK_TAGS,
    PAGE_TAGS,
    TIME_TAGS,
    attribute_text,
    contains_tag,
    elements_containing,
    is_hidden,
    is_weak,
    iter_tags,
    lowest_common_ancestor,
    region_of,
    visible_text,
)

_BLOCK_TAGS = BLOCK_TAGS | {"nav", "caption", "thead", "tbody", "tfoot", "td", "th", "dialog", "center"}
_PARAGRAPH_TAGS = HEADING_TAGS | {"p", "li", "dd", "dt", "td", "th", "blockquote", "pre", "figcaption", "summary"}
_CONTAINER_TAGS = {"ul", "ol", "blockquote", "table", "pre", "dl"}
_NOT_IN_QUOTATION = frozenset({"comments", "byline"})  # regions
_SECTION_TAGS = {"div", "section", "article", "ol", "ul"}
# Inline elements that many pages style as blocks: the time, author and label of a post.
_STYLED_INLINE_TAGS = {"span", "time", "mark", "small", "a", "button", "label", "address", "strong", "b", "em", "i"}
_PICTURE_TAGS = frozenset({"img", "picture", "video"})
_NOT_IN_CAPTION_TAGS = HEADING_TAGS | {"p", "ul", "ol", "blockquote", "time", "article", "img"}
CAPTION_CLASS = re.compile(r"(?:^|[\s_-])caption(?:$|[\s_-])")

# Elements and their attributes with the address of an embedded post.
_EMBED_ATTRIBUTES = {
    "iframe": ("src", "data-src", "data-url", "data-href", "cite"),
    "div": ("data-src", "data-url", "data-href"),
    "blockquote": ("data-src", "data-url", "data-href"),
}
EMBED_URL = re.compile(
    r"https?://(?:www\.|mobile\.|m\.)?(?:twitter\.com|x\.com|facebook\.com|instagram\.com|youtube\.com|youtu\.be"
    r"|youtube-nocookie\.com|tiktok\.com|t\.me|bsky\.app|threads\.net|vimeo\.com)/[!-;=?-~]+"
)
_MANY_HEADERS = 4
_LONGEST_STAMP = 60  # characters
_MIN_REPLY_CONTROLS = 3  # fewer do not make a list of comments
_MAX_CONTROL_LENGTH = 60  # characters of a row of controls
_MIN_HEADLINE_WORDS = 4  # a user name that is set as a heading has fewer


class Block(Struct, frozen=True, kw_only=True, eq=False):
    """A visible paragraph of a page.

    Attributes:
        number: Number of its first line on the page, from 1.
        text: Its text; each ``<br>`` is a line feed.
        lines: The lines of the text, classified.
        element: The element it is in.
        nodes: Its nodes, all children of `element`, or `element` itself for an embedded post.
        region: Name of the region of the page that it belongs to; "" for coverage.
        is_heading: Whether it is in a heading element.
        containers: The lists, quotations, tables and preformatted texts around it, outermost first.
        figure: The element that it is a caption in.
        embed_url: Address of the post of another site that the page would load here.
    """

    number: int
    text: str
    lines: tuple[LineClass, ...]
    element: Tag
    nodes: tuple[PageElement, ...]
    region: str = ""
    is_heading: bool = False
    containers: tuple[Tag, ...] = ()
    figure: Tag | None = None
    embed_url: str = ""


class _Context(Struct, frozen=True):
    """What is known of an element from the elements around it."""

    page_length: int  # characters
    with_blocks: frozenset[int]  # ids of the elements that contain block elements
    with_pictures: frozenset[int]  # ids of the elements that contain pictures
    headers_of_posts: bool = False  # whether the page has so many headers that they are not its own
    region: str = ""
    is_heading: bool = False
    in_article: bool = False
    containers: tuple[Tag, ...] = ()
    figure: Tag | None = None


def read_blocks(body: Tag) -> tuple[Block, ...]:
    """Return all visible blocks of a page, those of its navigation, adverts and footer too."""
    found: list[Block] = []
    with_blocks, with_pictures = elements_containing(body, _BLOCK_TAGS), elements_containing(body, _PICTURE_TAGS)
    many_headers = sum(1 for _ in islice(iter_tags(body, {"header"}), _MANY_HEADERS)) == _MANY_HEADERS
    _walk(body, _Context(len(body.get_text()), with_blocks, with_pictures, many_headers), found)
    classified = iter(classify_lines(tuple(each.line for block in found for each in block.lines)))
    return tuple(_with_lines(block, islice(classified, len(block.lines))) for block in found)


def _with_lines(block: Block, lines: Iterable[LineClass]) -> Block:
    """Return a block with its classified lines.

    A cell of nothing but letters is text, although it may read like a control, which would be a link or a button: the
    head of a column is called "Share". The number of a picture in its gallery is no caption.
    """
    is_cell = block.element.name in ("td", "th") and not any(isinstance(node, Tag) for node in block.nodes)
    own = tuple(replace(each, rule=None) if is_cell else each for each in lines)
    is_of_gallery = block.figure is not None and all(each.rule and each.rule.name == GALLERY for each in own)
    return replace(block, lines=own, figure=None if is_of_gallery else block.figure)


def _walk(tag: Tag, context: _Context, found: list[Block]) -> None:
    """Append the blocks inside an element to `found`."""
    run: list[PageElement] = []
    for child in tag.children:
        if isinstance(child, Tag):
            embed_url = _embed_url(child)
            if child.name == "time":
                is_block = tag.name in _BLOCK_TAGS and tag.name not in _PARAGRAPH_TAGS
            else:
                is_block = child.name in _BLOCK_TAGS or id(child) in context.with_blocks
            if embed_url or is_block:
                _add_run(run, tag, context, found)
                run = []
                if embed_url:
                    _add_block(embed_url, child, (child,), context, found)
                elif not is_hidden(child) or is_weak(child):
                    _walk(child, _context_inside(child, context), found)
                continue
        run.append(child)
    _add_run(run, tag, context, found)


def _add_run(run: list[PageElement], element: Tag, context: _Context, found: list[Block]) -> None:
    """Append a run of inline nodes as one block, or as several if only styling separates its elements."""
    tags = [node for node in run if isinstance(node, Tag) and not is_hidden(node)]
    if not any(_is_caption(tag, context) for tag in tags):  # a portrait beside a name
        tags = [tag for tag in tags if tag.name != "img"]
    has_loose_text = any(type(node) is NavigableString and node.strip() for node in run)
    only_styled = bool(tags) and not has_loose_text and all(map(_is_styling, tags))
    is_own_region = only_styled and len(tags) == 1 and tags[0].name != "a" and region_of(tags[0], inside=True) != ""
    if only_styled and len(tags) == 1 and (_is_row_of_inline_tags(tags[0]) or is_own_region):
        _walk(tags[0], _context_inside(tags[0], context), found)
        return
    is_container = element.name not in _PARAGRAPH_TAGS or id(element) in context.with_blocks
    if only_styled and is_container and (len(tags) > 1 or contains_tag(tags[0], TIME_TAGS)):
        joined = " ".join(visible_text((tag,)) for tag in tags)
        if (
            len(joined) <= _LONGEST_STAMP
            and not contains_tag(element, TIME_TAGS)
            and (is_stamp(joined) or parse_date_line(joined, 0))
        ):
            _add_block(joined, element, tuple(run), context, found)  # the pieces of a stamp
            return
        rule = match_boilerplate(joined)
        if rule and rule.name == "related-link":  # a label and the link that it names
            _add_block(joined, element, tuple(run), context, found)
            return
        for tag in tags:
            _walk(tag, _context_inside(tag, context), found)
        return
    text = visible_text(run)
    if not has_loose_text and context.figure is None and any(_is_caption(tag, context) for tag in tags):
        context = replace(context, figure=element)
    if text:
        _add_block(text, element, tuple(run), context, found)


def _is_styling(tag: Tag) -> bool:
    """Return whether an inline element only styles its text, as those do that a page defines itself: ``x-share``."""
    return tag.name in _STYLED_INLINE_TAGS or "-" in tag.name


def _is_row_of_inline_tags(tag: Tag) -> bool:
    """Return whether an inline element consists of several others, which only styling separates: a date and a clock."""
    nodes = [node for node in tag.contents if isinstance(node, Tag) or str(node).strip()]
    return (
        len(nodes) > 1
        and all(isinstance(node, Tag) and _is_styling(node) for node in nodes)
        and (tag.name in _STYLED_INLINE_TAGS and len(tag.get_text()) <= _LONGEST_STAMP and tag.name != "time")
    )


def _add_block(text: str, element: Tag, nodes: Sequence[PageElement], context: _Context, found: list[Block]) -> None:
    first = found[-1].number + len(found[-1].lines) if found else 1
    is_quoted = any(tag.name == "blockquote" for tag in context.containers)
    kind: Literal["", "heading", "quoted"] = "heading" if context.is_heading else "quoted" if is_quoted else ""
    lines = (TextLine(number, first, line, kind) for number, line in enumerate(text.split("\n"), first))
    found.append(
        Block(
            number=first,
            text=text,
            lines=tuple(LineClass(line=line) for line in lines),
            element=element,
            nodes=tuple(nodes),
            region=context.region,
            is_heading=context.is_heading,
            containers=context.containers,
            figure=context.figure,
            embed_url=text if nodes[0] is element else "",
        )
    )


def _context_inside(tag: Tag, context: _Context) -> _Context:
    inside = context.in_article or (tag.name == "header" and context.headers_of_posts)
    region = context.region or region_of(tag, inside=inside)
    if region and not context.region:
        # An element that contains too much of the page is not a region, whatever its class says.
        is_large = tag.name in _SECTION_TAGS and len(tag.get_text()) * 2 > context.page_length
        region = "" if is_large or contains_tag(tag, PAGE_TAGS) else region
    if region in _NOT_IN_QUOTATION and not context.region and _is_quoted(tag, context):
        region = ""  # the question of a reader and its author, which the post answers
    return replace(
        context,
        region=region,
        is_heading=context.is_heading or tag.name in HEADING_TAGS,
        in_article=context.in_article or tag.name in ("main", "article"),
        containers=(*context.containers, tag) if tag.name in _CONTAINER_TAGS else context.containers,
        figure=context.figure or ((tag.find_parent("figure") or tag) if _is_caption(tag, context) else None),
    )


def _is_quoted(tag: Tag, context: _Context) -> bool:
    return tag.name == "blockquote" or any(each.name == "blockquote" for each in context.containers)


def _is_caption(tag: Tag, context: _Context) -> bool:
    """Return whether an element is the caption of a picture: by its name, or by its class next to a picture."""
    if tag.name == "figcaption" or "class" not in tag.attrs or not CAPTION_CLASS.search(attribute_text(tag, "class")):
        return tag.name == "figcaption"
    parent = tag.parent
    return parent is not None and id(parent) in context.with_pictures and not contains_tag(tag, _NOT_IN_CAPTION_TAGS)


def _embed_url(tag: Tag) -> str:
    """Return the address of the post of another site that an empty element stands for; "" if none."""
    addresses = (attribute_text(tag, name) for name in _EMBED_ATTRIBUTES.get(tag.name, ()))
    address = next(filter(EMBED_URL.fullmatch, addresses), "")
    return "" if address and tag.get_text(strip=True) else address


def link_length(block: Block) -> int:
    """Return the number of characters in the links of a block."""
    tags = [node for node in block.nodes if isinstance(node, Tag)]
    links = [link for tag in tags for link in ([tag] if tag.name == "a" else iter_tags(tag, LINK_TAGS))]
    return sum(len(link.get_text()) for link in links)


def linked_characters(block: Block) -> int:
    """Return how many characters of a block are links; all if it is inside one."""
    if any(tag.name == "a" for tag in (block.element, *block.element.parents)):
        return len(block.text)
    return min(len(block.text), link_length(block))


def mark_reader_comments(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Set the region of all blocks in a list of reader comments, recognized by its "Reply" controls."""
    controls = [block.element for block in blocks if _is_reply_control(block)]
    if len(controls) < _MIN_REPLY_CONTROLS:
        return blocks
    ancestor = lowest_common_ancestor(controls)
    inside = [block for block in blocks if any(tag is ancestor for tag in block.element.self_and_parents)]
    if any(block.is_heading and len(block.text.split()) >= _MIN_HEADLINE_WORDS for block in inside):
        return blocks  # posts that readers can reply to
    numbers = {block.number for block in inside if not block.region}
    return tuple(replace(block, region="comments") if block.number in numbers else block for block in blocks)


def _is_reply_control(block: Block) -> bool:
    if len(block.text) > _MAX_CONTROL_LENGTH:
        return False
    controls = (visible_text((node,)) for node in block.nodes if isinstance(node, Tag))
    return any(map(is_reply_control, (block.text, *controls)))
