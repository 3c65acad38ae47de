"""Read what surrounds the posts of a page: its header, captions, boxes, and unrelated blocks."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, zip_longest

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from daybook.core.model import Caption
from daybook.parse.base.decode import TextLine, one_line
from daybook.parse.base.page import ClassifiedLine, LineRole
from daybook.parse.text.classify import LineClass, parse_caption
from daybook.parse.text.sections import PageHeader, read_page_header
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import HEADING_TAGS, PAGE_TAGS, attribute_text, contains_tag

_PARAGRAPH_TAGS = HEADING_TAGS | {"p", "li", "blockquote", "dd", "dt", "pre", "td"}
_BOX_TAGS = frozenset({"div", "section", "aside", "ul"})
_NO_LINE = 0  # the number of a title that is in no visible block

_CREDIT_CLASS = re.compile(r"(?:^|[\s_-])(?:credit|credits|author|source|copyright|photographer|agency)(?:$|[\s_-])")
_LABELLED_CREDIT = re.compile(
    r"[(\[]?\s?(?:(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?(?::|\sby)\s?|©\s?)?"
    r"(?P<credit>.+?)\s?[)\]]?"
)


class HeaderLines(Struct, frozen=True):
    """The header of a page, and the role of every line above the first post."""

    header: PageHeader
    lines: tuple[ClassifiedLine, ...]


def read_header_blocks(blocks: Sequence[Block], line_classes: Mapping[int, LineClass], title: str) -> HeaderLines:
    """Read the blocks above the first post. Only paragraphs below the title belong to the lede.

    `title` is the title in the page's metadata, for pages that show no ``<h1>``.
    """
    start = next((index for index, block in enumerate(blocks) if _is_title(block)), None)
    above, below = blocks[: start or 0], blocks[start or 0 :]
    header_lines: list[LineClass] = []
    if start is None:
        header_lines.append(LineClass(line=TextLine(_NO_LINE, _NO_LINE, title or "-", "heading")))
    lines = list(classify_other_blocks(above, line_classes, "above the title"))
    for block in below:
        line_class = line_classes.get(block.number)
        recognized = line_class is not None and (line_class.date or line_class.rule or line_class.caption)
        paragraph = _is_paragraph(block) and not (line_class and line_class.stamp)
        dated = line_class is not None and line_class.date and block.region == "byline"
        if (block.region and not dated) or block.figure or not (recognized or paragraph):
            lines += _classify_block(block, line_classes, "between title and posts")
        else:
            header_lines += [line_classes[line.number] for line in block.text_lines()]
    header = read_page_header(tuple(header_lines))
    lines += [line for line in header.lines if line.number != _NO_LINE]
    return HeaderLines(header, tuple(lines))


def _is_title(block: Block) -> bool:
    return block.element.name == "h1" or (block.is_heading and block.element.find_parent("h1") is not None)


def _is_paragraph(block: Block) -> bool:
    return block.element.name in _PARAGRAPH_TAGS or bool(block.containers)


def head_title(tree: BeautifulSoup) -> str:
    """Return the title in the ``<head>`` of a page; "" without one.

    ``og:title`` is preferred to ``<title>``, which often ends with the name of the outlet.
    """
    meta = (tree.head or tree).select_one('meta[property="og:title"], meta[name="twitter:title"]')
    title = tree.title.get_text() if tree.title else ""
    return " ".join((str(meta.get("content") or "") if meta else title).split())


def classify_other_blocks(
    blocks: Iterable[Block], line_classes: Mapping[int, LineClass], reason: str
) -> tuple[ClassifiedLine, ...]:
    """Return the role of each line that belongs to no post; `reason` is for lines that are not understood."""
    return tuple(line for block in blocks for line in _classify_block(block, line_classes, reason))


def _classify_block(block: Block, line_classes: Mapping[int, LineClass], reason: str) -> Iterator[ClassifiedLine]:
    only_links = all(node.name == "a" if isinstance(node, Tag) else not str(node).strip() for node in block.nodes)
    for line in block.text_lines():
        line_class = line_classes.get(line.number) or LineClass(line=line)
        if block.figure and block.region in ("", "byline"):
            yield line_class.with_role(LineRole.CAPTION)
        elif block.region:
            yield line_class.with_role(LineRole.BOILERPLATE, block.region)
        elif line_class.rule:
            yield line_class.with_role(LineRole.BOILERPLATE, line_class.rule.name)
        elif only_links or block.element.name == "a":
            yield line_class.with_role(LineRole.BOILERPLATE, "link")
        elif line_class.date:
            yield line_class.with_role(LineRole.DATE)
        else:
            yield line_class.with_role(LineRole.NOT_UNDERSTOOD, reason)


def find_boxes(blocks: Sequence[Block], line_classes: Mapping[int, LineClass], posts: Sequence[Tag]) -> dict[int, str]:
    """Map each block in a box with a known heading, such as "Key events", to the name of the matching rule.

    A box never contains a post or the title of the page.
    """
    with_posts = {id(parent) for post in posts for parent in (post, *post.parents)}
    boxes: dict[int, tuple[int, str]] = {}  # number of the heading and name of the rule, by id of the box
    is_page: dict[int, bool] = {}
    for block in blocks:
        line_class = line_classes.get(block.number)
        rule = line_class.rule if line_class else None
        if not (block.is_heading and rule and rule.effect in ("box", "end")):
            continue
        box = _box_around(block.element)
        if id(box) not in with_posts and box.name in _BOX_TAGS:
            if id(box) not in is_page:
                is_page[id(box)] = contains_tag(box, PAGE_TAGS)
            if not is_page[id(box)]:
                boxes[id(box)] = (block.number, rule.name)
    if not boxes:
        return {}
    found: dict[int, str] = {}
    for block in blocks:
        around = [boxes[id(tag)] for tag in (block.element, *block.element.parents) if id(tag) in boxes]
        if around:
            found[block.number] = max(around)[1]
    return found


def _box_around(heading: Tag) -> Tag:
    """Return the smallest element that contains more text than a heading.

    The strings are compared lazily: the first string beside the heading ends the comparison.
    """
    box = heading
    while box.parent is not None and all(
        one == other for one, other in zip_longest(box.parent.stripped_strings, box.stripped_strings)
    ):
        box = box.parent
    return box.parent or box


def figure_captions(blocks: Iterable[Block]) -> tuple[Caption, ...]:
    """Return the captions of all figures among the blocks, each once."""
    figures: dict[int, list[Block]] = {}
    for block in blocks:
        if block.figure is not None and block.region in ("", "byline"):
            figures.setdefault(id(block.figure), []).append(block)
    captions = (_figure_caption(tuple(figure)) for figure in figures.values())
    return tuple(dict.fromkeys(caption for caption in captions if caption))


def _figure_caption(blocks: tuple[Block, ...]) -> Caption | None:
    """Read the blocks of one caption; None if they contain only a credit."""
    are_credits = [_is_credit(block) for block in blocks]
    credits = list(compress(blocks, are_credits))
    text = one_line(" ".join(block.text for block, is_credit in zip(blocks, are_credits, strict=True) if not is_credit))
    if not text:
        return None
    if credits:
        return Caption(text=text, credit=_bare_credit(one_line(" ".join(block.text for block in credits))))
    return _caption_with_inline_credit(text, blocks) or parse_caption(text) or Caption(text=text)


def _caption_with_inline_credit(text: str, blocks: tuple[Block, ...]) -> Caption | None:
    """Split a caption that ends with an inline element for the credit; None if it does not."""
    tags = [node for node in blocks[-1].nodes if isinstance(node, Tag)]
    credit = one_line(tags[-1].get_text()) if tags and _is_credit_tag(tags[-1]) else ""
    if credit and text.endswith(credit) and text != credit:
        return Caption(text=text.removesuffix(credit).rstrip(" /|"), credit=_bare_credit(credit))
    return None


def _is_credit(block: Block) -> bool:
    tag: Tag | None = block.element
    while tag is not None and tag.name not in ("figcaption", "figure"):
        if _is_credit_tag(tag):
            return True
        tag = tag.parent
    tags = [node for node in block.nodes if isinstance(node, Tag)]
    return len(tags) == 1 and _is_credit_tag(tags[0]) and one_line(tags[0].get_text()) == one_line(block.text)


def _is_credit_tag(tag: Tag) -> bool:
    names = f"{attribute_text(tag, 'class')} {attribute_text(tag, 'itemprop')}".lower()
    return tag.name in ("cite", "small") or _CREDIT_CLASS.search(names) is not None


def _bare_credit(credit: str) -> str:
    """Return a credit without brackets and a label such as "Image:"."""
    match = _LABELLED_CREDIT.fullmatch(credit)
    return match["credit"] if match else credit
