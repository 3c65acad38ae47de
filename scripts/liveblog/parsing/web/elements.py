"""Posts in elements of their own → Outline: the only place that goes through a page post by post."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bs4 import Tag
from msgspec import Struct
from msgspec.structs import replace

from ..captions import unique
from ..page import DateLine, Note, Outline, Post, Stamp
from ..signs import Sign
from .blocks import Block
from .bodies import frame_sizes
from .entries import Frame, Reading, read_entry
from .finding import Posts
from .top import captions_in, read_rest, read_top


class Coverage(Struct, frozen=True):
    """What a page shows; `clocks` pairs times in the data of posts with the clocks readers see."""

    outline: Outline
    clocks: tuple[tuple[Post, Stamp], ...] = ()


def read_elements(posts: Posts, blocks: Sequence[Block], signs: Mapping[int, Sign], title: str) -> Coverage:
    """Read a page whose posts stand in elements of their own."""
    frame = Frame(signs=signs, sizes=frame_sizes(blocks), layout=posts.layout)
    homes = _homes(posts.tags, blocks)
    first = next((index for index, home in enumerate(homes) if home is not None), len(blocks))
    last = max((index for index, home in enumerate(homes) if home is not None), default=-1)
    top = read_top(blocks[:first], signs, title)
    readings = _readings(posts, blocks, homes, frame)
    inside = [(index, block) for index, block in enumerate(blocks) if homes[index] is None and first <= index <= last]
    between = [block for _, block in inside]
    lines = [
        *top.lines,
        *(line for reading in readings for line in reading.lines),
        *read_rest(between, signs, "stands between posts"),
        *read_rest(blocks[max(last + 1, first) :], signs, "stands below the posts"),
    ]
    inline = (caption for reading in readings for caption in reading.captions)
    outline = Outline(
        title=top.head.title,
        standfirst=top.head.standfirst,
        date=top.head.date,
        lede=top.head.lede,
        captions=unique((*captions_in(blocks[: last + 1]), *inline)),
        posts=_with_headings(readings, between, signs, top.head.heading),
        lines=tuple(sorted(lines, key=lambda line: line.number)),
        notes=_notes(posts, readings),
        unit="block",
    )
    clocks = tuple((reading.post, reading.printed) for reading in readings if reading.printed)
    return Coverage(outline, clocks)


def _homes(tags: Sequence[Tag], blocks: Sequence[Block]) -> list[int | None]:
    """Say for each block which of the posts it stands in."""
    numbers = {id(tag): number for number, tag in enumerate(tags)}
    return [
        next((numbers[id(tag)] for tag in (block.home, *block.home.parents) if id(tag) in numbers), None)
        for block in blocks
    ]


def _readings(posts: Posts, blocks: Sequence[Block], homes: Sequence[int | None], frame: Frame) -> tuple[Reading, ...]:
    """Read every post that says something; an empty one stands for nothing."""
    held: dict[int, list[Block]] = {}
    for block, home in zip(blocks, homes, strict=True):
        if home is not None:
            held.setdefault(home, []).append(block)
    readings = (read_entry(tag, held.get(number, []), frame) for number, tag in enumerate(posts.tags))
    return tuple(each for each in readings if each.lines or each.post.headline)


def _with_headings(
    readings: Sequence[Reading], between: Sequence[Block], signs: Mapping[int, Sign], heading: DateLine | None
) -> tuple[Post, ...]:
    """Give each post the day heading and the separator that stand between it and the post above."""
    marks = [signs[row.number] for block in between if not block.region for row in block.rows()]
    marks = [sign for sign in marks if sign.date or (sign.rule and sign.rule.effect == "restart")]
    found: list[Post] = []
    restart = False
    for reading in readings:
        while marks and marks[0].row.number < reading.post.line:
            mark = marks.pop(0)
            heading, restart = mark.date or heading, restart or mark.date is None
        found.append(replace(reading.post, heading=heading, restart=restart))
        heading, restart = None, reading.pinned
    return tuple(found)


def _notes(posts: Posts, readings: Sequence[Reading]) -> tuple[Note, ...]:
    untimed = [reading.post.line for reading in readings if reading.post.stamp is None]
    notes = [Note(0, f"posts found by layout: {posts.layout.name}")]
    apart = Counter(reading.apart for reading in readings if reading.apart)
    notes += [
        Note(0, f"{count} of {len(readings)} times in the page's tags are {minutes:+} minutes from those printed")
        for minutes, count in sorted(apart.items())
    ]
    edits = sum(reading.edit for reading in readings)
    notes += [Note(0, f"{edits} of {len(readings)} posts state only when they were last edited: that is taken")] * (
        edits > 0
    )
    notes += [Note(line, "this post states no time: it is kept without one") for line in untimed]
    notes += [Note(each.post.line, f"kept as plain text: {each.doubt}") for each in readings if each.doubt]
    return tuple(notes)
