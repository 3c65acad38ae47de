"""An element that is a post → Post: the only place that tells its stamp, headline, byline and body."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from bs4 import Tag
from msgspec import Struct

from ...records import RecordCaption
from ..dates import date_beside_stamp
from ..decoding import one_line
from ..moments import settled
from ..page import DateLine, Fate, Line, Post, Stamp
from ..posts import edit_time
from ..signs import Sign, is_sentence
from .blocks import Block
from .bodies import Part, body_of
from .facts import changed_at, headline_tag, is_pinned, made_at, minutes_apart, only_change, own_id
from .layouts import Layout
from .shown import Shown
from .times import is_age, is_labelled
from .tree import attribute

_LONGEST_NAME = 80  # characters; a longer byline is text
Role = Literal["stamp", "headline", "byline", "caption", "rule", "body"]
_FATES = dict.fromkeys(("stamp", "headline", "byline"), Fate.STAMP) | {
    "caption": Fate.CAPTION,
    "rule": Fate.BOILERPLATE,
    "body": Fate.ENTRY,
}


class Frame(Struct, frozen=True, kw_only=True):
    """What the posts of a page share: signs of all rows by number, sizes of lists, the layout."""

    signs: Mapping[int, Sign]
    sizes: Mapping[int, int]
    layout: Layout


class Reading(Struct, frozen=True, kw_only=True):
    """A post and its lines. `printed` is the clock that readers see beside the time in the data.

    `apart` is by how many minutes the two differ, where both name a zone; `edit` says that
    the post states no other time than that of its last edit, `pinned` that it stands above the flow.
    """

    post: Post
    lines: tuple[Line, ...] = ()
    printed: Stamp | None = None
    apart: int = 0
    edit: bool = False
    pinned: bool = False
    captions: tuple[RecordCaption, ...] = ()
    doubt: str = ""


class _Piece(Struct, frozen=True):
    """A row of a post and its role; `why` names the rule where it is boilerplate."""

    sign: Sign
    block: Block
    role: Role
    why: str = ""


class _Marks(Struct, frozen=True):
    """The elements of a post that speak for themselves; `time` is what the one of its time shows."""

    made: Shown
    headline: Shown
    authors: Shown
    time: str


def read_entry(tag: Tag, blocks: Sequence[Block], frame: Frame) -> Reading:
    """Read the post that an element holds; what is no time, headline or byline is its body."""
    layout = frame.layout
    (made_tag, made), titled = made_at(tag, layout), headline_tag(tag, layout)
    authors = tag.select(layout.author) if layout.author else []
    time = one_line(made_tag.get_text()) if made_tag is not None else ""
    marks = _Marks(Shown([made_tag]), Shown([titled]), Shown(authors), time)
    pieces = list(_pieces(blocks, frame, marks))
    body = body_of(list(_parts(pieces)), frame.sizes)
    printed = next((piece.sign.clocked for piece in pieces if piece.role == "stamp" and piece.sign.clocked), None)
    held = tuple(piece.sign.row.number for piece in pieces if _FATES[piece.role] in (Fate.STAMP, Fate.ENTRY))
    line = held[0] if held else (blocks[0].number if blocks else 0)
    rules = tuple(piece.sign for piece in pieces if piece.role == "rule")
    post = Post(
        line=line,
        held=held or (line,),
        stamp=settled(made, printed),
        on=made.on(line) if made and made.date else _date(pieces),
        headline=_headline(pieces, titled),
        paragraphs=body.paragraphs,
        markdown=body.markdown,
        body=tuple(piece.sign.row.number for piece in pieces if piece.role == "body"),
        id=own_id(tag),
        authors=_authors(pieces, authors),
        updated=changed_at(tag, layout, made),
        key=_is_key(tag, layout, rules),
        edited=edit_time(rules),
    )
    return Reading(
        post=post,
        lines=tuple(_line(piece) for piece in pieces),
        printed=printed if made and made.whole else None,
        apart=minutes_apart(made, printed),
        captions=tuple(piece.sign.caption for piece in pieces if piece.sign.caption and piece.role == "caption"),
        edit=only_change(made_tag, made),
        pinned=is_pinned(tag) or any(sign.rule and sign.rule.effect == "pinned" for sign in rules),
        doubt=body.doubt,
    )


def _pieces(blocks: Sequence[Block], frame: Frame, marks: _Marks) -> Iterator[_Piece]:
    begun = False
    for block in blocks:
        said = _said_by(block, marks)
        for row in block.rows():
            sign = frame.signs.get(row.number) or Sign(row=row)
            role, why = _role(sign, block, said, begun=begun, time=marks.time)
            begun = begun or role == "body"
            yield _Piece(sign, block, role, why)


def _said_by(block: Block, marks: _Marks) -> Role:
    """Say what a block is by the elements that speak for themselves; "body" where none does."""
    if marks.headline.by(block):
        return "headline"
    if marks.authors.by(block):
        return "byline"
    return "stamp" if marks.made.by(block) else "body"


def _role(sign: Sign, block: Block, said: Role, *, begun: bool, time: str) -> tuple[Role, str]:
    """Say what a row is to its post; times and bylines stand above the body or at its very end."""
    if block.figure:
        return "caption", ""
    if sign.rule:
        return "rule", sign.rule.name
    if said == "headline":
        return "headline", ""
    short = len(sign.row.text) <= _LONGEST_NAME
    if short and (said == "byline" or block.region == "byline"):
        return "byline", ""
    if block.region:
        return "rule", block.region
    text = sign.row.text
    timed = is_age(text) or sign.stamp or sign.date or date_beside_stamp(text, sign.row.number)
    if (said == "stamp" and short) or (not begun and (timed or is_labelled(text, time))):
        return "stamp", ""
    return ("caption" if sign.caption else "body"), ""


def _parts(pieces: Sequence[_Piece]) -> Iterator[Part]:
    """Give the text of each block that is body, without the lines that are not."""
    texts: dict[int, tuple[Block, list[str]]] = {}
    titled = any(piece.role == "headline" for piece in pieces)
    for piece in pieces:
        stamp = piece.sign.stamp
        if piece.role == "body":
            texts.setdefault(piece.block.number, (piece.block, []))[1].append(piece.sign.row.text)
        elif piece.role == "stamp" and stamp and stamp.rest and (titled or is_sentence(stamp.rest)):
            texts.setdefault(piece.block.number, (piece.block, []))[1].append(stamp.rest)
    for block, lines in texts.values():
        yield Part(block, "\n".join(lines))


def _headline(pieces: Sequence[_Piece], tag: Tag | None) -> str:
    """Give the headline: what is marked as one, else a short text behind the stamp."""
    marked = one_line(" ".join(piece.sign.row.text for piece in pieces if piece.role == "headline"))
    if marked or tag is not None:
        return marked or one_line(attribute(tag, "content") if tag is not None else "")
    rests = [piece.sign.stamp.rest for piece in pieces if piece.role == "stamp" and piece.sign.stamp]
    return next((one_line(rest) for rest in rests if rest and not is_sentence(rest)), "")


def _date(pieces: Sequence[_Piece]) -> DateLine | None:
    """Give the date that stands beside a post's stamp, with or without a year."""
    shown = (piece.sign for piece in pieces if piece.role == "stamp")
    dates = (sign.date or date_beside_stamp(sign.row.text, sign.row.number) for sign in shown)
    return next((date for date in dates if date), None)


def _authors(pieces: Sequence[_Piece], tags: Sequence[Tag]) -> tuple[str, ...]:
    shown = [one_line(piece.sign.row.text) for piece in pieces if piece.role == "byline"]
    stated = [one_line(attribute(tag, "content")) for tag in tags if not shown]
    names = (name.removeprefix("By ").removeprefix("Von ").strip() for name in (*shown, *stated))
    return tuple(dict.fromkeys(name for name in names if name))


def _is_key(tag: Tag, layout: Layout, rules: tuple[Sign, ...]) -> bool:
    marked = layout.key and tag.css.match(layout.key)
    return bool(marked) or any(sign.rule and sign.rule.effect == "key" for sign in rules)


def _line(piece: _Piece) -> Line:
    why = piece.why or (piece.role if piece.role in ("headline", "byline") else "")
    return piece.sign.line(_FATES[piece.role], why)
