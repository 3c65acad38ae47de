"""An element that is a post → Post: the only place that tells its stamp, headline, byline and body."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from bs4 import Tag
from msgspec import Struct

from daybook.core.record import Caption
from daybook.parse.base.decode import one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Post, PrintedDate
from daybook.parse.text.classify import LineClass, is_sentence
from daybook.parse.text.sections import last_edit_time
from daybook.parse.time.instants import preferred_time
from daybook.parse.time.printed import parse_date_near_clock
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import attribute_text
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.post_fields import (
    find_headline,
    is_labelled_time,
    is_only_edit_time,
    is_pinned,
    is_relative_time,
    minutes_apart,
    modified_time,
    outlet_id,
    published_time,
)
from daybook.parse.web.to_markdown import BodyPart, body_from_blocks

_LONGEST_NAME = 80  # characters; a longer byline is text


PostLineRole = Literal["stamp", "headline", "byline", "caption", "rule", "body"]


_FATES = dict.fromkeys(("stamp", "headline", "byline"), LineRole.STAMP) | {
    "caption": LineRole.CAPTION,
    "rule": LineRole.BOILERPLATE,
    "body": LineRole.ENTRY,
}


class PageContext(Struct, frozen=True, kw_only=True):
    """What the posts of a page share: signs of all rows by number, sizes of lists, the layout."""

    line_classes: Mapping[int, LineClass]
    sizes: Mapping[int, int]
    layout: Layout


class ParsedPost(Struct, frozen=True, kw_only=True):
    """A post and its lines. `printed` is the clock that readers see beside the time in the data.

    `apart` is by how many minutes the two differ, where both name a zone; `edit` says that
    the post states no other time than that of its last edit, `pinned` that it stands above the flow.
    """

    post: Post
    lines: tuple[ClassifiedLine, ...] = ()
    printed: ClockTime | None = None
    apart: int = 0
    edit: bool = False
    pinned: bool = False
    captions: tuple[Caption, ...] = ()
    doubt: str = ""


class _Piece(Struct, frozen=True):
    """A row of a post and its role; `why` names the rule where it is boilerplate."""

    line_class: LineClass
    block: Block
    role: PostLineRole
    reason: str = ""


class ElementText:
    """Some elements of a post, looked up from its blocks: a post may have thousands of both."""

    def __init__(self, tags: Iterable[Tag | None]) -> None:
        self._tags: set[int] = set()
        self._texts: dict[int, set[str]] = defaultdict(set)  # of elements, by what they are or stand in
        for tag in filter(None, tags):
            self._tags.add(id(tag))
            text = one_line(tag.get_text())
            for around in (tag, *tag.parents):
                self._texts[id(around)].add(text)

    def matches(self, block: Block) -> bool:
        """Say whether a block is the text of an element: inside it, or holding nothing else."""
        if any(id(tag) in self._tags for tag in (block.home, *block.home.parents)):
            return True
        near = [self._texts[id(node)] for node in block.nodes if id(node) in self._texts]
        text = one_line(block.text) if near else ""
        return any(text in texts for texts in near)


class _Marks(Struct, frozen=True):
    """The elements of a post that speak for themselves; `time` is what the one of its time shows."""

    published: ElementText
    headline: ElementText
    authors: ElementText
    time: str


def parse_post(tag: Tag, blocks: Sequence[Block], frame: PageContext) -> ParsedPost:
    """Read the post that an element holds; what is no time, headline or byline is its body."""
    layout = frame.layout
    (made_tag, made), titled = published_time(tag, layout), find_headline(tag, layout)
    authors = tag.select(layout.author) if layout.author else []
    time = one_line(made_tag.get_text()) if made_tag is not None else ""
    marks = _Marks(ElementText([made_tag]), ElementText([titled]), ElementText(authors), time)
    pieces = list(_pieces(blocks, frame, marks))
    body = body_from_blocks(list(_parts(pieces)), frame.sizes)
    printed = next(
        (piece.line_class.clock_time for piece in pieces if piece.role == "stamp" and piece.line_class.clock_time), None
    )
    held = tuple(
        piece.line_class.line.number for piece in pieces if _FATES[piece.role] in (LineRole.STAMP, LineRole.ENTRY)
    )
    line = held[0] if held else (blocks[0].number if blocks else 0)
    rules = tuple(piece.line_class for piece in pieces if piece.role == "rule")
    post = Post(
        line=line,
        line_numbers=held or (line,),
        stamp=preferred_time(made, printed),
        stamp_date=made.printed_date(line) if made and made.date else _date(pieces),
        headline=_headline(pieces, titled),
        paragraphs=body.paragraphs,
        markdown=body.markdown,
        body_lines=tuple(piece.line_class.line.number for piece in pieces if piece.role == "body"),
        id=outlet_id(tag),
        authors=_authors(pieces, authors),
        updated=modified_time(tag, layout, made),
        key=_is_key(tag, layout, rules),
        edited=last_edit_time(rules),
    )
    return ParsedPost(
        post=post,
        lines=tuple(_line(piece) for piece in pieces),
        printed=printed if made and made.is_complete else None,
        apart=minutes_apart(made, printed),
        captions=tuple(
            piece.line_class.caption for piece in pieces if piece.line_class.caption and piece.role == "caption"
        ),
        edit=is_only_edit_time(made_tag, made),
        pinned=is_pinned(tag) or any(sign.rule and sign.rule.effect == "pinned" for sign in rules),
        doubt=body.doubt,
    )


def _pieces(blocks: Sequence[Block], frame: PageContext, marks: _Marks) -> Iterator[_Piece]:
    begun = False
    for block in blocks:
        said = _said_by(block, marks)
        for row in block.rows():
            sign = frame.line_classes.get(row.number) or LineClass(line=row)
            role, why = _role(sign, block, said, begun=begun, time=marks.time)
            begun = begun or role == "body"
            yield _Piece(sign, block, role, why)


def _said_by(block: Block, marks: _Marks) -> PostLineRole:
    """Say what a block is by the elements that speak for themselves; "body" where none does."""
    if marks.headline.matches(block):
        return "headline"
    if marks.authors.matches(block):
        return "byline"
    return "stamp" if marks.published.matches(block) else "body"


def _role(sign: LineClass, block: Block, said: PostLineRole, *, begun: bool, time: str) -> tuple[PostLineRole, str]:
    """Say what a row is to its post; times and bylines stand above the body or at its very end."""
    if block.figure:
        return "caption", ""
    if sign.rule:
        return "rule", sign.rule.name
    if said == "headline":
        return "headline", ""
    short = len(sign.line.text) <= _LONGEST_NAME
    if short and (said == "byline" or block.region == "byline"):
        return "byline", ""
    if block.region:
        return "rule", block.region
    text = sign.line.text
    timed = is_relative_time(text) or sign.stamp or sign.date or parse_date_near_clock(text, sign.line.number)
    if (said == "stamp" and short) or (not begun and (timed or is_labelled_time(text, time))):
        return "stamp", ""
    return ("caption" if sign.caption else "body"), ""


def _parts(pieces: Sequence[_Piece]) -> Iterator[BodyPart]:
    """Give the text of each block that is body, without the lines that are not."""
    texts: dict[int, tuple[Block, list[str]]] = {}
    titled = any(piece.role == "headline" for piece in pieces)
    for piece in pieces:
        stamp = piece.line_class.stamp
        if piece.role == "body":
            texts.setdefault(piece.block.number, (piece.block, []))[1].append(piece.line_class.line.text)
        elif piece.role == "stamp" and stamp and stamp.text_after and (titled or is_sentence(stamp.text_after)):
            texts.setdefault(piece.block.number, (piece.block, []))[1].append(stamp.text_after)
    for block, lines in texts.values():
        yield BodyPart(block, "\n".join(lines))


def _headline(pieces: Sequence[_Piece], tag: Tag | None) -> str:
    """Give the headline: what is marked as one, else a short text behind the stamp."""
    marked = one_line(" ".join(piece.line_class.line.text for piece in pieces if piece.role == "headline"))
    if marked or tag is not None:
        return marked or one_line(attribute_text(tag, "content") if tag is not None else "")
    rests = [piece.line_class.stamp.text_after for piece in pieces if piece.role == "stamp" and piece.line_class.stamp]
    return next((one_line(rest) for rest in rests if rest and not is_sentence(rest)), "")


def _date(pieces: Sequence[_Piece]) -> PrintedDate | None:
    """Give the date that stands beside a post's stamp, with or without a year."""
    shown = (piece.line_class for piece in pieces if piece.role == "stamp")
    dates = (sign.date or parse_date_near_clock(sign.line.text, sign.line.number) for sign in shown)
    return next((date for date in dates if date), None)


def _authors(pieces: Sequence[_Piece], tags: Sequence[Tag]) -> tuple[str, ...]:
    shown = [one_line(piece.line_class.line.text) for piece in pieces if piece.role == "byline"]
    stated = [one_line(attribute_text(tag, "content")) for tag in tags if not shown]
    names = (name.removeprefix("By ").removeprefix("Von ").strip() for name in (*shown, *stated))
    return tuple(dict.fromkeys(name for name in names if name))


def _is_key(tag: Tag, layout: Layout, rules: tuple[LineClass, ...]) -> bool:
    marked = layout.key_event and tag.css.match(layout.key_event)
    return bool(marked) or any(sign.rule and sign.rule.effect == "key" for sign in rules)


def _line(piece: _Piece) -> ClassifiedLine:
    why = piece.reason or (piece.role if piece.role in ("headline", "byline") else "")
    return piece.line_class.with_role(_FATES[piece.role], why)
