"""What stands around the posts of an HTML page: its head, the space between posts, its end."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from ...records import RecordCaption
from ..decoding import Row
from ..heads import Head, read_head
from ..page import Fate, Line
from ..signs import Sign
from .blocks import Block
from .figures import read_figure
from .tree import HEADINGS, holds

_PARAGRAPHS_NAMES = "p li blockquote dd dt pre td"
_PARAGRAPHS = frozenset(_PARAGRAPHS_NAMES.split()) | HEADINGS
_BOXES = frozenset({"div", "section", "aside", "ul"})
_TITLES = frozenset({"h1", "main"})
_DATA_TITLE = 0  # the number of a title that stands in no visible block


class Top(Struct, frozen=True):
    """The head of a page and the fate of everything above the first post."""

    head: Head
    lines: tuple[Line, ...]


def read_top(blocks: Sequence[Block], signs: Mapping[int, Sign], title: str) -> Top:
    """Read the blocks above the first post; scraps above the title and between paragraphs are no lede.

    Where the page shows no heading of the first rank, `title` is what its data calls it.
    """
    start = next((index for index, block in enumerate(blocks) if _is_title(block)), None)
    below = blocks[start or 0 :]
    read: list[Sign] = []
    if start is None:
        read.append(Sign(row=Row(_DATA_TITLE, _DATA_TITLE, title or "-", "heading")))
    lines: list[Line] = [line for block in blocks[: start or 0] for line in _aside(block, signs, "above the title")]
    for block in below:
        sign = signs.get(block.number)
        told = sign is not None and (sign.date or sign.rule or sign.caption)
        paragraph = _in_paragraph(block) and not (sign and sign.stamp)
        dated = sign is not None and sign.date and block.region == "byline"
        if (block.region and not dated) or block.figure or not (told or paragraph):
            lines += _aside(block, signs, "stands between title and posts")
        else:
            read += [signs[row.number] for row in block.rows()]
    head = read_head(tuple(read))
    lines += [line for line in head.lines if line.number != _DATA_TITLE]
    return Top(head, tuple(lines))


def read_rest(blocks: Iterable[Block], signs: Mapping[int, Sign], why: str) -> tuple[Line, ...]:
    """Account for blocks that belong to no post: by their region, by rule, or not understood."""
    return tuple(line for block in blocks for line in _aside(block, signs, why))


def captions_in(blocks: Iterable[Block]) -> tuple[RecordCaption, ...]:
    """Read the captions of all figures among some blocks, each once."""
    figures: dict[int, list[Block]] = {}
    for block in blocks:
        figure = None if block.region not in ("", "byline") else block.figure
        if figure is not None:
            figures.setdefault(id(figure), []).append(block)
    found = (read_figure(tuple(each)) for each in figures.values())
    return tuple(dict.fromkeys(caption for caption in found if caption))


def boxes_in(blocks: Sequence[Block], signs: Mapping[int, Sign], posts: Sequence[Tag]) -> dict[int, str]:
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
                titled[id(box)] = holds(box, _TITLES)
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


def title_of(tree: BeautifulSoup) -> str:
    """Give the title in a page's head, without the outlet's name behind it."""
    stated = (tree.head or tree).select_one('meta[property="og:title"], meta[name="twitter:title"]')
    shown = tree.title.get_text() if tree.title else ""
    return " ".join((str(stated.get("content") or "") if stated else shown).split())


def _is_title(block: Block) -> bool:
    return block.home.name == "h1" or (block.heading and block.home.find_parent("h1") is not None)


def _in_paragraph(block: Block) -> bool:
    return block.home.name in _PARAGRAPHS or bool(block.frames)


def _aside(block: Block, signs: Mapping[int, Sign], why: str) -> Iterable[Line]:
    """Give the lines of a block that is no one's text."""
    linked = all(node.name == "a" if isinstance(node, Tag) else not str(node).strip() for node in block.nodes)
    for row in block.rows():
        sign = signs.get(row.number) or Sign(row=row)
        if block.figure and block.region in ("", "byline"):
            yield sign.line(Fate.CAPTION)
        elif block.region:
            yield sign.line(Fate.BOILERPLATE, block.region)
        elif sign.rule:
            yield sign.line(Fate.BOILERPLATE, sign.rule.name)
        elif linked or block.home.name == "a":
            yield sign.line(Fate.BOILERPLATE, "link")
        elif sign.date:
            yield sign.line(Fate.DATE)
        else:
            yield sign.line(Fate.NOT_UNDERSTOOD, why)
