"""Join the lines of paragraphs that a program has wrapped at a width, such as a text browser or a mail program.

The page shows the width: nearly all lines that go on have no room for the first word of the next, and at least half of
them break a sentence.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_FEWEST_BREAKS = 3  # of a page
_WIDTHS = range(40, 101)  # characters
_FULL_LINES = 0.9  # of the breaks are where the next word has no room
_INSIDE_SENTENCE = 0.5  # of the breaks at least
_END_OF_SENTENCE = re.compile(r"[.!?…:;][\"'”’)\]»]{0,2}$")
_ITEM = re.compile(r"(?:[-–—*•·‣▪]|\d{1,3}[.)])\s")


def unwrap(posts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the paragraphs of posts, those of a wrapped page with their lines joined."""
    pairs = [pair for paragraphs in posts for text in paragraphs for pair in pairwise(text.split("\n"))]
    breaks = [(line, following) for line, following in pairs if line and following and not _ITEM.match(following)]
    width = max((len(line) for line, _ in breaks), default=0)
    full = [pair for pair in breaks if _is_full(pair, width)]
    inside = sum(not _END_OF_SENTENCE.search(line) for line, _ in full)
    is_wrapped = (
        len(breaks) >= _FEWEST_BREAKS
        and width in _WIDTHS
        and len(full) >= _FULL_LINES * len(breaks)
        and inside >= _INSIDE_SENTENCE * len(breaks)
        and any(following[0].islower() for _, following in full)
    )
    if not is_wrapped:
        return list(posts)
    return [tuple(_joined(paragraph, width) for paragraph in paragraphs) for paragraphs in posts]


def _is_full(pair: tuple[str, str], width: int) -> bool:
    """Return whether a line has no room for the first word of the line below."""
    line, following = pair
    return len(line) + 1 + len(following.split()[0]) > width and not _ITEM.match(following)


def _joined(paragraph: str, width: int) -> str:
    first, *rest = paragraph.split("\n")
    text, above = first, first
    for line in rest:
        text += (" " if above and line and _is_full((above, line), width) else "\n") + line
        above = line
    return text
