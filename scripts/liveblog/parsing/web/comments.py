"""Readers' comments on a page: the only place that tells them from posts, by their controls.

A list of comments can be longer than its article, with a time in each. What gives it away
is that one can reply to every one of them, and that none has a headline.
"""

import re
from collections.abc import Sequence

from bs4 import Tag
from msgspec.structs import replace

from .blocks import Block
from .tree import seen_text, smallest_around

_REPLY = re.compile(
    r"(?:reply|replies|\d{1,4} repl(?:y|ies)|antworten|répondre|responder|rispondi|reageren|odpowiedz)"
    r"(?:\s*[·•|].{0,40})?",
    re.IGNORECASE | re.DOTALL,
)
_FEWEST = 3  # such controls that make a list
_LONGEST = 60  # characters of a row of controls
_HEADLINE = 4  # words; a name that is set as a heading has fewer


def without_comments(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Mark the blocks of a list of comments as a part that is no coverage."""
    replies = [block.home for block in blocks if _offers_reply(block)]
    around = smallest_around(replies) if len(replies) >= _FEWEST else None
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
    controls = (seen_text((node,)) for node in block.nodes if isinstance(node, Tag))
    return any(_REPLY.fullmatch(text) for text in (block.text, *controls))


def _has_headlines(blocks: Sequence[Block]) -> bool:
    return any(block.heading and len(block.text.split()) >= _HEADLINE for block in blocks)
