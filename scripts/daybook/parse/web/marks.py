"""Find the marks of a page: times printed at the start of a line or stated in an attribute, each with its element.

Marks that have similar places in the tree and follow one another are a series.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, Tag
from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.text.series import Candidate, SourceLine, find_candidates, find_series
from daybook.parse.time.instants import MachineTime
from daybook.parse.time.tokens import TimeToken
from daybook.parse.time.zones import is_zone_word
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import attribute_text
from daybook.parse.web.post_fields import attribute_time, element_time

ROOT_TAGS = frozenset({"html", "body", "[document]"})
_STATED_IN = re.compile(r"data-.*|datetime|title")  # attributes that may state the time of a post
_PLACE_STEPS = 3  # elements around a mark that are compared
_MARK_REGIONS = ("", "byline")  # in which a time may be a stamp
DAY = 24 * 60  # minutes
QUARTER = 15  # minutes by which time zones differ
BLOCKS_AFTER = 4  # of which one is the first of the post that an element with a time begins
_FAULTY = "-"  # shape of a stamp that the common rules alone find


class Mark(Struct, frozen=True, eq=False):
    """A time that may be a stamp, its element, and the index of the block that it begins."""

    candidate: Candidate
    tag: Tag
    block: int

    @property
    def is_machine(self) -> bool:
        """Whether the time is stated in an attribute."""
        return self.candidate.token.shape.startswith("machine")

    @property
    def minute(self) -> int:
        """The minute of the day."""
        return self.candidate.token.clock // 60 % DAY


def series_of_marks(marks: Sequence[Mark]) -> Iterator[tuple[Mark, ...]]:
    """Yield the series of some marks; a stamp that cannot be right, in the place of others, is one of theirs."""
    faulty = [mark for mark in marks if _is_faulty(mark.candidate)]
    by_candidate = {id(mark.candidate): mark for mark in marks}
    for series in find_series([mark.candidate for mark in marks if mark.candidate.token.shape != _FAULTY]):
        places = {each.place for each in series.stamps}
        has_zone = any(each.stamp.zone for each in series.stamps)
        found = {id(each): by_candidate[id(each)] for each in series.stamps}
        for mark in faulty:
            if mark.candidate.place in places and (has_zone or mark.candidate.token.shape == _FAULTY):
                found.setdefault(id(mark.candidate), mark)
        yield tuple(sorted(found.values(), key=lambda mark: mark.candidate.index))


def _is_faulty(candidate: Candidate) -> bool:
    """Return whether a candidate is a stamp by the common rules, but of an impossible time or an unknown zone."""
    common = candidate.common
    return common is not None and bool(common.fault or (common.zone and not is_zone_word(common.zone)))


def find_printed_marks(blocks: Sequence[Block]) -> list[Mark]:
    """Return the times that are at the start of a line of the coverage."""
    lines: list[SourceLine] = []
    owners: list[int] = []
    for index, block in enumerate(blocks):
        if block.region not in _MARK_REGIONS or block.figure or _in_quotation(block):
            continue
        place = place_of(_own_element(block))
        for each in block.lines:
            lines.append(SourceLine(number=each.line.number, text=each.line.text, kind=each.line.kind, place=place))
            owners.append(index)
    # The index of a candidate is the number of its line, so that those of machine times can be compared.
    found = [
        Mark(replace(each, index=each.number), blocks[owners[each.index]].element, owners[each.index])
        for each in find_candidates(lines)
    ]
    known = {mark.candidate.number for mark in found}
    for line, owner in zip(lines, owners, strict=True):
        stamp = next((each.stamp for each in blocks[owner].lines if each.line.number == line.number), None)
        if stamp and line.number not in known and stamp.fault:
            token = TimeToken(start=0, end=0, clock=stamp.clock, zone=stamp.zone, shape=_FAULTY)
            candidate = Candidate(
                index=line.number,
                number=line.number,
                token=token,
                before="",
                after="",
                kind=line.kind,
                place=line.place,
                printed=stamp.printed,
                common=stamp,
            )
            found.append(Mark(candidate, blocks[owner].element, owner))
    return found


def _own_element(block: Block) -> Tag:
    """Return the innermost element with a class around the text of a block: ``<div><b class="hour">14:05</b></div>``.

    Elements without a class mostly style a text, and may do so in some of the posts only.
    """
    nodes = [node for node in block.nodes if isinstance(node, Tag) or str(node).strip()]
    own = nodes[0] if len(nodes) == 1 and isinstance(nodes[0], Tag) else block.element
    return own if "class" in own.attrs else block.element


def _in_quotation(block: Block) -> bool:
    return any(tag.name == "blockquote" for tag in block.containers)


def find_machine_marks(tree: BeautifulSoup, blocks: Sequence[Block]) -> list[Mark]:
    """Return the times with a date that elements of the coverage state in an attribute."""
    if not blocks:
        return []
    first_nodes = {id(block.nodes[0]): index for index, block in enumerate(blocks)}
    owners = {id(node): index for index, block in enumerate(blocks) for node in block.nodes if isinstance(node, Tag)}
    orders: list[int] = []  # of the blocks' first nodes
    indexes: list[int] = []
    stated: list[tuple[int, Tag, MachineTime, str]] = []
    stack = (tree.body or tree).contents[::-1]
    order = 0
    while stack:
        node = stack.pop()
        order += 1
        if id(node) in first_nodes:
            orders.append(order)
            indexes.append(first_nodes[id(node)])
        if isinstance(node, Tag):
            stack += node.contents[::-1]
            if node.attrs and any(map(_STATED_IN.fullmatch, node.attrs)):
                time, shape = _stated_time(node)
                if time:
                    stated.append((order, node, time, shape))
    found: list[Mark] = []
    for position, tag, time, shape in stated:
        inside = next((owners[id(each)] for each in around(tag) if id(each) in owners), None)
        after = bisect_left(orders, position)
        following = (inside,) if inside is not None else indexes[after : after + BLOCKS_AFTER]
        owner = next((each for each in following if blocks[each].region in _MARK_REGIONS), None)
        if owner is None or blocks[owner].figure:
            continue
        if any(each.name in ("blockquote", "figure", "iframe") for each in tag.parents):
            continue
        number = blocks[owner].number
        token = TimeToken(
            start=0, end=0, clock=time.clock or 0, zone=time.zone, shape=shape, date=time.printed_date(number)
        )
        candidate = Candidate(
            index=number, number=number, token=token, before="", after="end", place=place_of(tag), printed=time.printed
        )
        found.append(Mark(candidate, tag, owner))
    return found


def _stated_time(tag: Tag) -> tuple[MachineTime | None, str]:
    time = (element_time(tag) if tag.name == "time" or "title" in tag.attrs else None) or attribute_time(tag)
    if time and time.is_complete:
        return time, "machine"
    time = attribute_time(tag, edited=True)
    return (time, "machine edit") if time and time.is_complete else (None, "")


def around(tag: Tag) -> tuple[Tag, ...]:
    """Return an element and those around it, innermost first."""
    return (tag, *tag.parents)


def place_of(tag: Tag) -> tuple[str, ...]:
    """Return the place of an element: its name and classes, and those of the elements around it."""
    steps = [each for each, _ in zip(around(tag), range(_PLACE_STEPS), strict=False)]
    return tuple(f"{each.name}.{lasting_classes(each)}" for each in steps if each.name not in ROOT_TAGS)


def lasting_classes(tag: Tag) -> str:
    """Return the classes of an element without those that contain a number, which differ from post to post."""
    return " ".join(sorted(name for name in attribute_text(tag, "class").split() if not re.search(r"\d", name)))
