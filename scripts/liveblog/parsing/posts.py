"""The lines from one stamp to the next: the only place that says where an entry begins and ends."""

from msgspec import Struct

from ..records import RecordCaption
from .boilerplate import find_rule
from .captions import unique
from .decoding import one_line
from .heads import links_in, paragraphs
from .page import DateLine, Fate, Line, Post, Stamp
from .signs import Sign, is_sentence
from .stamps import read_stamp


class Segment(Struct, frozen=True, kw_only=True):
    """One post and what stands below it: the heading and separator are the next post's."""

    post: Post
    lines: tuple[Line, ...]
    captions: tuple[RecordCaption, ...] = ()
    links: tuple[DateLine, ...] = ()
    heading: DateLine | None = None
    restart: bool = False


def read_segment(signs: tuple[Sign, ...], *, last: bool) -> Segment:
    """Read the signs from a stamp to the next one, or to the page's end if it is the `last`.

    The entry ends at a day heading, a separator or a line that ends the entries; plain text
    below that is no entry's: footer words by rule, all else not understood.
    """
    inside, below = _split(signs)
    text, headline = _opening(inside)
    body = [*text, *(sign for sign in inside[1 + len(text) + len(headline) :] if sign.plain)]
    own = [sign.row.number for sign in (signs[0], *headline, *body)]
    first = signs[0].stamp
    assert first is not None  # a segment is cut at its stamp
    whole, rest = _headline_and_rest(first, headline, text)
    post = Post(
        line=signs[0].row.number,
        stamp=first,
        held=tuple(own),
        headline=whole,
        paragraphs=(*rest, *paragraphs(body)),
        key=any(sign.rule and sign.rule.effect == "key" for sign in inside),
        edited=_edited(inside),
    )
    hard_end = bool(below and below[0].rule and below[0].rule.effect in ("end", "link"))
    return Segment(
        post=post,
        lines=(*_lines(inside, own), *(_line_below(sign, footer=last and hard_end) for sign in below)),
        captions=unique(tuple(sign.caption for sign in inside if sign.caption)),
        links=links_in(below),
        heading=next((sign.date for sign in reversed(below) if sign.date), None),
        restart=any(sign.rule and sign.rule.effect == "restart" for sign in below),
    )
