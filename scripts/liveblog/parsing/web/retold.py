"""Lines of a page whose text its data's posts tell: the only place that looks one up in the other."""

import re
from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from ..page import Fate, Line, Post

_PIECE = 8  # characters
_COMMON = 40  # places of a piece; a line that is told only by commoner ones is left to a person
_SHORTEST = 20  # characters of a line that says enough to be known again
_UNSAID = (Fate.LEDE, Fate.STANDFIRST, Fate.CAPTION, Fate.NOT_UNDERSTOOD)


def retold(lines: Sequence[Line], posts: Sequence[Post]) -> tuple[Line, ...]:
    """Account for lines of a page that shows no posts: what the posts of its data tell is in the records."""
    told = _Told(" ".join(text for post in posts for text in (post.headline, *post.paragraphs, post.markdown)))
    return tuple(_settled(line, told) if line.fate in _UNSAID else line for line in lines)


class _Told:
    """A text by its pieces: a page may have as many lines as its data has letters."""

    def __init__(self, text: str) -> None:
        self._text = _squeezed(text)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place in range(0, len(self._text) - _PIECE + 1, _PIECE):
            self._places[self._text[place : place + _PIECE]].append(place)

    def holds(self, line: str) -> bool:
        """Say whether a line stands in the text, wherever its first whole piece begins."""
        text = _squeezed(line)
        return any(self._begins(text, first) for first in range(min(_PIECE, len(text) - _PIECE + 1)))

    def _begins(self, text: str, first: int) -> bool:
        starts = range(first, len(text) - _PIECE + 1, _PIECE)
        found = [(self._places.get(text[start : start + _PIECE], []), start) for start in starts]
        places, start = min(found, key=lambda pair: len(pair[0]))
        rare = len(places) <= _COMMON
        return rare and any(place >= start and self._text.startswith(text, place - start) for place in places)


def _settled(line: Line, told: _Told) -> Line:
    if len(line.text) > _SHORTEST and told.holds(line.text):
        return replace(line, fate=Fate.ENTRY, why="")
    return replace(line, fate=Fate.NOT_UNDERSTOOD, why=line.why or "the page has no entry")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
