"""Captions in HTML: the only place that parts a ``<figcaption>`` into caption and credit."""

import re
from itertools import compress

from bs4 import Tag

from ...records import RecordCaption
from ..captions import read_caption
from ..decoding import one_line
from .blocks import Block
from .tree import attribute

_CREDIT = re.compile(r"(?:^|[\s_-])(?:credit|credits|author|source|copyright|photographer|agency)(?:$|[\s_-])")
_WRAPPED = re.compile(
    r"[(\[]?\s?(?:(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?(?::|\sby)\s?|©\s?)?"
    r"(?P<credit>.+?)\s?[)\]]?"
)


def read_figure(blocks: tuple[Block, ...]) -> RecordCaption | None:
    """Read the blocks of one caption; None where nothing but a credit stands there."""
    are_credit = [_is_credit(block) for block in blocks]
    credits = list(compress(blocks, are_credit))
    text = one_line(" ".join(block.text for block, credit in zip(blocks, are_credit, strict=True) if not credit))
    if not text:
        return None
    if credits:
        return RecordCaption(text=text, credit=_bare(one_line(" ".join(block.text for block in credits))))
    return _with_credit_inside(text, blocks) or read_caption(text) or RecordCaption(text=text)


def _with_credit_inside(text: str, blocks: tuple[Block, ...]) -> RecordCaption | None:
    """Part a caption whose credit is an inline element at its end."""
    tags = [node for node in blocks[-1].nodes if isinstance(node, Tag)]
    credit = one_line(tags[-1].get_text()) if tags and _names_credit(tags[-1]) else ""
    if credit and text.endswith(credit) and text != credit:
        return RecordCaption(text=text.removesuffix(credit).rstrip(" /|"), credit=_bare(credit))
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
    names = f"{attribute(tag, 'class')} {attribute(tag, 'itemprop')}".lower()
    return tag.name in ("cite", "small") or _CREDIT.search(names) is not None


def _bare(credit: str) -> str:
    """Take brackets and a word such as "Image:" off a credit."""
    match = _WRAPPED.fullmatch(credit)
    return match["credit"] if match else credit
