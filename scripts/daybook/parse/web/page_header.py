"""What stands around the posts of an HTML page: its head, the space between posts, its end."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, zip_longest

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from daybook.core.record import Caption
from daybook.parse.base.decode import TextLine, one_line
from daybook.parse.base.page import ClassifiedLine, LineRole
from daybook.parse.text.classify import LineClass, parse_caption
from daybook.parse.text.sections import PageHeader, read_page_header
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import HEADINGS, attribute_text, contains_tag

_PARAGRAPHS_NAMES = "p li blockquote dd dt pre td"


_PARAGRAPHS = frozenset(_PARAGRAPHS_NAMES.split()) | HEADINGS


_BOXES = frozenset({"div", "section", "aside", "ul"})


_TITLES = frozenset({"h1", "main"})


_DATA_TITLE = 0  # the number of a title that stands in no visible block


class HeaderLines(Struct, frozen=True):
    """The head of a page and the fate of everything above the first post."""

    head: PageHeader
    lines: tuple[ClassifiedLine, ...]


def read_header_blocks(blocks: Sequence[Block], signs: Mapping[int, LineClass], title: str) -> HeaderLines:
    """Read the blocks above the first post; scraps above the title and between paragraphs are no lede.

    Where the page shows no heading of the first rank, `title` is what its data calls it.
    """
    start = next((index for index, block in enumerate(blocks) if _is_title(block)), None)
    below = blocks[start or 0 :]
    read: list[LineClass] = []
    if start is None:
        read.append(LineClass(line=TextLine(_DATA_TITLE, _DATA_TITLE, title or "-", "heading")))
    lines: list[ClassifiedLine] = [
        line for block in blocks[: start or 0] for line in _aside(block, signs, "above the title")
    ]
    for block in below:
        sign = signs.get(block.number)
        told = sign is not None and (sign.date or sign.rule or sign.caption)
        paragraph = _in_paragraph(block) and not (sign and sign.stamp)
        dated = sign is not None and sign.date and block.region == "byline"
        if (block.region and not dated) or block.figure or not (told or paragraph):
            lines += _aside(block, signs, "stands between title and posts")
        else:
            read += [signs[row.number] for row in block.rows()]
    head = read_page_header(tuple(read))
    lines += [line for line in head.lines if line.number != _DATA_TITLE]
    return HeaderLines(head, tuple(lines))


def classify_other_blocks(
    blocks: Iterable[Block], signs: Mapping[int, LineClass], why: str
) -> tuple[ClassifiedLine, ...]:
    """Account for blocks that belong to no post: by their region, by rule, or not understood."""
    return tuple(line for block in blocks for line in _aside(block, signs, why))


def figure_captions(blocks: Iterable[Block]) -> tuple[Caption, ...]:
    """Read the captions of all figures among some blocks, each once."""
    figures: dict[int, list[Block]] = {}
    for block in blocks:
        figure = None if block.region not in ("", "byline") else block.figure
        if figure is not None:
            figures.setdefault(id(figure), []).append(block)
    found = (parse_figure_caption(tuple(each)) for each in figures.values())
    return tuple(dict.fromkeys(caption for caption in found if caption))


def find_boxes(blocks: Sequence[Block], signs: Mapping[int, LineClass], posts: Sequence[Tag]) -> dict[int, str]:
    """Find the blocks of boxes that a rule knows by their heading, each with the name of the rule.

    A box never holds a post or the title of the page.
    """
    held = {id(parent) for post in posts for parent in (post, *post.parents)}
    boxes: dict[int, tuple[int, str]] = {}
    titled: dict[int, bool] = {}
    for block in blocks:
        sign = signs.get(block.number)
        if not (block.heading and sign and sign.rule and sign.rule.effect in ("box", "end")):
            continue
        box = _around_heading(block.home)
        if id(box) not in held and box.name in _BOXES:
            if id(box) not in titled:
                titled[id(box)] = contains_tag(box, _TITLES)
            if not titled[id(box)]:
                boxes[id(box)] = (block.number, sign.rule.name)
    found: dict[int, str] = {}
    for block in blocks if boxes else ():
        around = [boxes[id(tag)] for tag in (block.home, *block.home.parents) if id(tag) in boxes]
        found |= {block.number: max(around)[1]} if around else {}
    return found


def _around_heading(heading: Tag) -> Tag:
    """Give the element that holds more text than a heading's; the first text beside it settles that."""
    box = heading
    while box.parent is not None and all(
        one == other for one, other in zip_longest(box.parent.stripped_strings, box.stripped_strings)
    ):
        box = box.parent
    return box.parent or box


def head_title(tree: BeautifulSoup) -> str:
    """Give the title in a page's head, without the outlet's name behind it."""
    stated = (tree.head or tree).select_one('meta[property="og:title"], meta[name="twitter:title"]')
    shown = tree.title.get_text() if tree.title else ""
    return " ".join((str(stated.get("content") or "") if stated else shown).split())


def _is_title(block: Block) -> bool:
    return block.home.name == "h1" or (block.heading and block.home.find_parent("h1") is not None)


def _in_paragraph(block: Block) -> bool:
    return block.home.name in _PARAGRAPHS or bool(block.frames)


def _aside(block: Block, signs: Mapping[int, LineClass], why: str) -> Iterable[ClassifiedLine]:
    """Give the lines of a block that is no one's text."""
    linked = all(node.name == "a" if isinstance(node, Tag) else not str(node).strip() for node in block.nodes)
    for row in block.rows():
        sign = signs.get(row.number) or LineClass(line=row)
        if block.figure and block.region in ("", "byline"):
            yield sign.with_role(LineRole.CAPTION)
        elif block.region:
            yield sign.with_role(LineRole.BOILERPLATE, block.region)
        elif sign.rule:
            yield sign.with_role(LineRole.BOILERPLATE, sign.rule.name)
        elif linked or block.home.name == "a":
            yield sign.with_role(LineRole.BOILERPLATE, "link")
        elif sign.date:
            yield sign.with_role(LineRole.DATE)
        else:
            yield sign.with_role(LineRole.NOT_UNDERSTOOD, why)


_CREDIT = re.compile(r"(?:^|[\s_-])(?:credit|credits|author|source|copyright|photographer|agency)(?:$|[\s_-])")


_WRAPPED = re.compile(
    r"[(\[]?\s?(?:(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?(?::|\sby)\s?|©\s?)?"
    r"(?P<credit>.+?)\s?[)\]]?"
)


def parse_figure_caption(blocks: tuple[Block, ...]) -> Caption | None:
    """Read the blocks of one caption; None where nothing but a credit stands there."""
    are_credit = [_is_credit(block) for block in blocks]
    credits = list(compress(blocks, are_credit))
    text = one_line(" ".join(block.text for block, credit in zip(blocks, are_credit, strict=True) if not credit))
    if not text:
        return None
    if credits:
        return Caption(text=text, credit=_bare(one_line(" ".join(block.text for block in credits))))
    return _with_credit_inside(text, blocks) or parse_caption(text) or Caption(text=text)


def _with_credit_inside(text: str, blocks: tuple[Block, ...]) -> Caption | None:
    """Part a caption whose credit is an inline element at its end."""
    tags = [node for node in blocks[-1].nodes if isinstance(node, Tag)]
    credit = one_line(tags[-1].get_text()) if tags and _names_credit(tags[-1]) else ""
    if credit and text.endswith(credit) and text != credit:
        return Caption(text=text.removesuffix(credit).rstrip(" /|"), credit=_bare(credit))
    return None


def _is_credit(block: Block) -> bool:
    tag: Tag | None = block.home
    while tag is not None and tag.name not in ("figcaption", "figure"):
        if _names_credit(tag):
            return True
        tag = tag.parent
    tags = [node for node in block.nodes if isinstance(node, Tag)]
    return len(tags) == 1 and _names_credit(tags[0]) and one_line(tags[0].get_text()) == one_line(block.text)


def _names_credit(tag: Tag) -> bool:
    names = f"{attribute_text(tag, 'class')} {attribute_text(tag, 'itemprop')}".lower()
    return tag.name in ("cite", "small") or _CREDIT.search(names) is not None


def _bare(credit: str) -> str:
    """Take brackets and a word such as "Image:" off a credit."""
    match = _WRAPPED.fullmatch(credit)
    return match["credit"] if match else credit
