"""Lines under pictures: the only place that knows how a caption carries its credit."""

import re

from ..records import RecordCaption
from .decoding import one_line

# Searched in a line's end only, so that its cost does not grow with the line.
_TAIL = 140
_CREDIT = re.compile(
    r"(?:[/|.!?”\")]\s{0,3})(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?"
    r"(?::\s?|\sby\s)(?P<credit>[^:]{1,59}[^:.])$"
)
_BRACKET = re.compile(r"\[(?P<credit>[^\[\]]{2,60}/[^\[\]]{2,40}|Reuters|AP|AFP|AA|EPA)\]$")
_LONGEST = 700  # characters; a longer line is a paragraph


def read_caption(text: str) -> RecordCaption | None:
    """Read a line as caption and credit: ``The bridge at noon. / Photo: Agency``; None if it is none."""
    if len(text) > _LONGEST:
        return None
    start = max(0, len(text) - _TAIL)
    match = _CREDIT.search(text, start) or _BRACKET.search(text, start)
    if match is None:
        return None
    stop = match.start() + (match[0][0] in '.!?”")')  # the sentence keeps its end
    caption = one_line(text[:stop].rstrip(" \u00a0/|"))
    return RecordCaption(text=caption, credit=one_line(match["credit"])) if caption else None


def unique(captions: tuple[RecordCaption, ...]) -> tuple[RecordCaption, ...]:
    """Keep each caption once, in page order, however often the page prints it."""
    return tuple(dict.fromkeys(captions))
