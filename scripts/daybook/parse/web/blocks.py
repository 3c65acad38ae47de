"""Tree → visible blocks in page order: the only place that says where a paragraph of HTML ends.

A block is a run of inline nodes that a browser sets as one paragraph. Its lines, parted by
``<br>``, are numbered through the whole page.
"""

import re
from collections.abc import Sequence
from typing import Literal

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.decode import TextLine
from daybook.parse.web.dom import (
    HEADINGS,
    attribute_text,
    contains_tag,
    elements_containing,
    is_hidden,
    lowest_common_ancestor,
    region_of,
    visible_text,
)

_BLOCKS_NAMES = (
    "p div section article main header footer aside nav figure figcaption ul ol li dl dt dd blockquote pre "
    "table caption thead tbody tfoot tr td th h1 h2 h3 h4 h5 h6 hr body html address details summary form "
    "fieldset dialog center"
)


_BLOCKS = frozenset(_BLOCKS_NAMES.split())


_PARAGRAPHS_NAMES = "p li dd dt td th blockquote pre figcaption summary"


_PARAGRAPHS = frozenset(_PARAGRAPHS_NAMES.split()) | HEADINGS


_SCRAPS_NAMES = "span time mark small a button label address strong b em i"


_SCRAPS = frozenset(_SCRAPS_NAMES.split())


_FRAMES_NAMES = "ul ol blockquote"


_FRAMES = frozenset(_FRAMES_NAMES.split())


_TIMES = frozenset({"time"})


_TITLES = frozenset({"h1", "main"})


_PICTURES = frozenset({"img", "picture", "video"})


_NO_CAPTION = frozenset({"p", "ul", "ol", "blockquote", "time", "article", "img"}) | HEADINGS


_CAPTION = re.compile(r"(?:^|[\s_-])caption(?:$|[\s_-])")


_EMBEDS = re.compile(
    r"https?://(?:www\.|mobile\.|m\.)?(?:twitter\.com|x\.com|facebook\.com|instagram\.com|youtube\.com|youtu\.be"
    r"|youtube-nocookie\.com|tiktok\.com|t\.me|bsky\.app|threads\.net|vimeo\.com)/[!-;=?-~]+"
)


class Block(Struct, frozen=True, kw_only=True, eq=False):
    """A visible paragraph: its lines from `number` on, its nodes, and the element they stand in.

    `region` names the part of the page that is no coverage; `frames` are the lists and
    quotations around it, outermost first, `figure` is what it is a caption of; `embed` is the
    address of a post from elsewhere that the page would have loaded here.
    """

    number: int
    texts: tuple[str, ...]
    home: Tag
    nodes: tuple[PageElement, ...]
    region: str = ""
    heading: bool = False
    frames: tuple[Tag, ...] = ()
    figure: Tag | None = None
    embed: str = ""

    @property
    def text(self) -> str:
        """Give the block's lines as one text."""
        return "\n".join(self.texts)

    def rows(self) -> tuple[TextLine, ...]:
        """Give the block's lines as rows, for the rooms that read lines."""
        kind: Literal["", "heading"] = "heading" if self.heading else ""
        return tuple(TextLine(number, self.number, text, kind) for number, text in enumerate(self.texts, self.number))


class _Around(Struct, frozen=True):
    """What the elements around a block say of it."""

    page: int  # characters of the whole page
    blocks: frozenset[int]  # ids of the elements with a block inside
    pictures: frozenset[int]
    region: str = ""
    heading: bool = False
    inside: bool = False
    frames: tuple[Tag, ...] = ()
    figure: Tag | None = None


def read_blocks(body: Tag) -> tuple[Block, ...]:
    """Give every visible block of a page, those of its navigation, adverts and footer too."""
    found: list[Block] = []
    _walk(
        body,
        _Around(len(body.get_text()), elements_containing(body, _BLOCKS), elements_containing(body, _PICTURES)),
        found,
    )
    return tuple(found)


def _walk(tag: Tag, around: _Around, found: list[Block]) -> None:
    run: list[PageElement] = []
    for child in tag.children:
        if isinstance(child, Tag):
            embed = _embed(child)
            if embed or _stands_apart(child, tag, around):
                _flush(run, tag, around, found)
                run = []
                if embed:
                    _add((embed,), child, (child,), around, found)
                elif not is_hidden(child):
                    _walk(child, _inside(child, around), found)
                continue
        run.append(child)
    _flush(run, tag, around, found)


def _stands_apart(child: Tag, parent: Tag, around: _Around) -> bool:
    if child.name in _BLOCKS:
        return True
    if child.name == "time":
        return parent.name not in _PARAGRAPHS and parent.name in _BLOCKS
    return id(child) in around.blocks


def _flush(run: list[PageElement], home: Tag, around: _Around, found: list[Block]) -> None:
    """Add a run of inline nodes as a block; scraps that only style sets apart are blocks of their own."""
    tags = [node for node in run if isinstance(node, Tag) and not is_hidden(node)]
    loose = any(type(node) is NavigableString and node.strip() for node in run)
    only_scraps = bool(tags) and not loose and all(tag.name in _SCRAPS for tag in tags)
    if only_scraps and home.name not in _PARAGRAPHS and (len(tags) > 1 or contains_tag(tags[0], _TIMES)):
        for tag in tags:
            _walk(tag, _inside(tag, around), found)
        return
    text = visible_text(run)
    if not loose and around.figure is None and any(_is_caption(tag, around) for tag in tags):
        around = replace(around, figure=home)
    if text:
        _add(tuple(text.split("\n")), home, tuple(run), around, found)


def _add(texts: tuple[str, ...], home: Tag, nodes: Sequence[PageElement], around: _Around, found: list[Block]) -> None:
    last = found[-1] if found else None
    found.append(
        Block(
            number=last.number + len(last.texts) if last else 1,
            texts=texts,
            home=home,
            nodes=tuple(nodes),
            region=around.region,
            heading=around.heading,
            frames=around.frames,
            figure=around.figure,
            embed=texts[0] if home in nodes else "",
        )
    )


def _inside(tag: Tag, around: _Around) -> _Around:
    region = around.region or region_of(tag, inside=around.inside)
    if region and not around.region and _is_the_page(tag, around.page):
        region = ""
    return _Around(
        page=around.page,
        blocks=around.blocks,
        pictures=around.pictures,
        region=region,
        heading=around.heading or tag.name in HEADINGS,
        inside=around.inside or tag.name in ("main", "article"),
        frames=(*around.frames, tag) if tag.name in _FRAMES else around.frames,
        figure=around.figure or ((tag.find_parent("figure") or tag) if _is_caption(tag, around) else None),
    )


def _is_caption(tag: Tag, around: _Around) -> bool:
    """Say whether an element stands under a picture: by its name, or by a class beside one."""
    if tag.name == "figcaption" or "class" not in tag.attrs or not _CAPTION.search(attribute_text(tag, "class")):
        return tag.name == "figcaption"
    parent = tag.parent
    return parent is not None and id(parent) in around.pictures and not contains_tag(tag, _NO_CAPTION)


def _is_the_page(tag: Tag, page: int) -> bool:
    """Say whether an element holds too much to be a mere part, whatever its class says."""
    if contains_tag(tag, _TITLES):
        return True
    return tag.name in ("div", "section", "article", "ol", "ul") and len(tag.get_text()) * 2 > page


def _embed(tag: Tag) -> str:
    """Give the address of a post from elsewhere that an empty element stands for."""
    for name in ("src", "data-src", "data-url", "data-href", "cite"):
        if name in tag.attrs and (
            tag.name == "iframe" or (name.startswith("data-") and tag.name in ("div", "blockquote"))
        ):
            address = attribute_text(tag, name)
            if _EMBEDS.fullmatch(address) and not tag.get_text(strip=True):
                return address
    return ""


_REPLY = re.compile(
    r"(?:reply|replies|\d{1,4} repl(?:y|ies)|antworten|répondre|responder|rispondi|reageren|odpowiedz)"
    r"(?:\s*[·•|].{0,40})?",
    re.IGNORECASE | re.DOTALL,
)


_FEWEST = 3  # such controls that make a list


_LONGEST = 60  # characters of a row of controls


_HEADLINE = 4  # words; a name that is set as a heading has fewer


def mark_reader_comments(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Mark the blocks of a list of comments as a part that is no coverage."""
    replies = [block.home for block in blocks if _offers_reply(block)]
    around = lowest_common_ancestor(replies) if len(replies) >= _FEWEST else None
    if around is None:
        return blocks
    inside = {block.number for block in blocks if any(tag is around for tag in (block.home, *block.home.parents))}
    if _has_headlines([block for block in blocks if block.number in inside]):
        return blocks
    return tuple(
        replace(block, region="comments") if block.number in inside and not block.region else block for block in blocks
    )


def _offers_reply(block: Block) -> bool:
    if len(block.text) > _LONGEST:
        return False
    controls = (visible_text((node,)) for node in block.nodes if isinstance(node, Tag))
    return any(_REPLY.fullmatch(text) for text in (block.text, *controls))


def _has_headlines(blocks: Sequence[Block]) -> bool:
    return any(block.heading and len(block.text.split()) >= _HEADLINE for block in blocks)
