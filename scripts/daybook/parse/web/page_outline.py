"""Posts that only headings and paragraphs part → Outline: HTML read as the lines that it shows."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bs4 import Tag
from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.page import ClockTime, Note, Outline, Post, PrintedDate
from daybook.parse.text.classify import LineClass, unique_captions
from daybook.parse.text.outline import build_outline
from daybook.parse.time.instants import preferred_time
from daybook.parse.web.blocks import Block
from daybook.parse.web.detect_posts import DetectedPosts
from daybook.parse.web.dom import lowest_common_ancestor
from daybook.parse.web.page_header import classify_other_blocks, figure_captions, read_header_blocks
from daybook.parse.web.post import PageContext, ParsedPost, parse_post
from daybook.parse.web.post_fields import attribute_time, element_time
from daybook.parse.web.to_markdown import BodyPart, body_from_blocks, count_container_blocks

_LABEL = re.compile(
    r"(?:first |last )?(?:published|updated|posted|modified|publiziert|veröffentlicht|aktualisiert|publié|mis à jour)"
    r"(?: (?:on|at|am|le))?:?",
    re.IGNORECASE,
)


_FEWEST = 2  # stamps that make a live blog; one may be any article's clock


def outline_from_text_flow(blocks: Sequence[Block], signs: Mapping[int, LineClass], title: str) -> Outline | None:
    """Read a page whose posts begin with a stamp and end at the next; None for one without posts."""
    signs = _with_tagged_times(blocks, signs)
    coverage = [block for block in blocks if not block.region and not block.figure]
    labelled = {below.number for above, below in pairwise(blocks) if _LABEL.fullmatch(above.text)}
    free = [block for block in coverage if block.number not in labelled]
    stamped = _without_teasers([block for block in free if _stamps(block, signs)])
    if sum(_stamps(block, signs) for block in stamped) < _FEWEST:
        stamped = _without_teasers([block for block in free if _has_dated_clock(block, signs)])
        if len(stamped) < _FEWEST:
            return None
    around = lowest_common_ancestor([block.home for block in stamped])
    first, below = _borders(blocks, stamped, around)
    inside = [block for block in blocks[first:below] if not block.region and not block.figure]
    if sum(len(block.text) for block in inside) * 3 <= sum(len(block.text) for block in coverage):
        return None  # a few clocks in a box, not what the page is about
    outline = build_outline(tuple(signs[row.number] for block in inside for row in block.rows()))
    top = read_header_blocks(blocks[:first], signs, title)
    aside = [block for block in blocks[first:below] if block.region or block.figure]
    lines = (
        *top.lines,
        *outline.lines,
        *classify_other_blocks(aside, signs, ""),
        *classify_other_blocks(blocks[below:], signs, "stands below the posts"),
    )
    posts, notes = _with_bodies(outline.posts, inside)
    return replace(
        outline,
        title=top.head.title,
        standfirst=top.head.standfirst,
        date=top.head.date or outline.date,
        lede=(*top.head.lede, *outline.lede),
        captions=figure_captions(blocks[:below]),
        posts=(replace(posts[0], heading=posts[0].heading or top.head.heading), *posts[1:]),
        lines=tuple(sorted(lines, key=lambda line: line.number)),
        notes=(*outline.notes, *notes),
        line_unit="block",
    )


def _with_tagged_times(blocks: Sequence[Block], signs: Mapping[int, LineClass]) -> dict[int, LineClass]:
    """Read blocks that begin with a tagged time as stamps, where three or more of a kind do."""
    found = dict(signs)
    tagged = [(block, sign) for block in blocks if not block.region for sign in (_tagged(block, signs),) if sign]
    kinds = Counter(_kind(block) for block, _ in tagged)
    for block, sign in tagged:
        if kinds[_kind(block)] > _FEWEST or signs[block.number].stamp:
            found[block.number] = sign
    return found


def _tagged(block: Block, signs: Mapping[int, LineClass]) -> LineClass | None:
    """Read the whole time that stands in the tags of a block's beginning as its stamp."""
    sign = signs[block.number]
    lead = next((node for node in block.nodes if isinstance(node, Tag) or str(node).strip()), None)
    time = lead if isinstance(lead, Tag) else None
    time = time if time is None or time.name == "time" else time.find("time")
    time = block.home if time is None and block.home.name == "time" else time
    moment = (element_time(time) if time is not None else None) or attribute_time(block.home)
    if moment is None or not moment.is_complete or moment.stamp is None:
        return None
    shown = " ".join(time.get_text().split()) if time is not None else ""
    after = block.texts[0].removeprefix(shown).strip(" :–—-") if shown and block.texts[0].startswith(shown) else ""
    stamp = preferred_time(moment, sign.stamp) or moment.stamp
    rest = sign.stamp.text_after if sign.stamp else after
    on = moment.printed_date(block.number)
    return LineClass(line=sign.line, stamp=replace(stamp, text_after=rest), date=on)


def _stamps(block: Block, signs: Mapping[int, LineClass]) -> int:
    return sum(signs[row.number].stamp is not None for row in block.rows())


def _has_dated_clock(block: Block, signs: Mapping[int, LineClass]) -> bool:
    return signs[block.number].clock is not None


def _kind(block: Block) -> tuple[str, str]:
    return block.home.name, str(block.home.get("class") or "")


def _without_teasers(stamped: Sequence[Block]) -> list[Block]:
    """Leave out kinds of blocks that are mostly links: times in a list of other stories."""
    kinds: dict[tuple[str, str], list[bool]] = {}
    for block in stamped:
        links = [
            node
            for node in block.nodes
            if isinstance(node, Tag)
            for node in ([node] if node.name == "a" else node.find_all("a"))
        ]
        linked = sum(len(link.get_text()) for link in links)
        kinds.setdefault(_kind(block), []).append(linked * 10 > len(block.text) * 6)
    return [block for block in stamped if sum(kinds[_kind(block)]) * 2 <= len(kinds[_kind(block)])]


def _borders(blocks: Sequence[Block], stamped: Sequence[Block], around: Tag) -> tuple[int, int]:
    """Say where the first post begins, the heading above its stamp included, and where the last ends."""
    places = {block.number: index for index, block in enumerate(blocks)}
    first, last = places[stamped[0].number], places[stamped[-1].number]
    headed = [places[block.number] > 0 and blocks[places[block.number] - 1].heading for block in stamped]
    below = last + 1
    while below < len(blocks) and any(tag is around for tag in blocks[below].home.parents):
        below += 1
    return (first - 1 if headed[0] and sum(headed) * 2 > len(headed) else first), below


def _with_bodies(posts: Sequence[Post], blocks: Sequence[Block]) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Write the body of each post from the HTML of its blocks."""
    rows = {row.number: (block, row.text) for block in blocks for row in block.rows()}
    sizes = count_container_blocks(blocks)
    found: list[Post] = []
    notes: list[Note] = []
    for post in posts:
        texts: dict[int, tuple[Block, list[str]]] = {}
        for number in post.body_lines:
            block, text = rows[number]
            rest = post.stamp.text_after if number == post.line and post.stamp else text
            texts.setdefault(block.number, (block, []))[1].append(rest)
        body = body_from_blocks([BodyPart(block, "\n".join(lines)) for block, lines in texts.values()], sizes)
        notes += [Note(post.line, f"kept as plain text: {body.doubt}")] if body.doubt else []
        found.append(replace(post, paragraphs=body.paragraphs, markdown=body.markdown))
    return tuple(found), tuple(notes)


class WebOutline(Struct, frozen=True):
    """What a page shows; `clocks` pairs times in the data of posts with the clocks readers see."""

    outline: Outline
    clocks: tuple[tuple[Post, ClockTime], ...] = ()


def outline_from_elements(
    posts: DetectedPosts, blocks: Sequence[Block], signs: Mapping[int, LineClass], title: str
) -> WebOutline:
    """Read a page whose posts stand in elements of their own."""
    frame = PageContext(line_classes=signs, sizes=count_container_blocks(blocks), layout=posts.layout)
    homes = _homes(posts.tags, blocks)
    first = next((index for index, home in enumerate(homes) if home is not None), len(blocks))
    last = max((index for index, home in enumerate(homes) if home is not None), default=-1)
    top = read_header_blocks(blocks[:first], signs, title)
    readings = _readings(posts, blocks, homes, frame)
    inside = [(index, block) for index, block in enumerate(blocks) if homes[index] is None and first <= index <= last]
    between = [block for _, block in inside]
    lines = [
        *top.lines,
        *(line for reading in readings for line in reading.lines),
        *classify_other_blocks(between, signs, "stands between posts"),
        *classify_other_blocks(blocks[max(last + 1, first) :], signs, "stands below the posts"),
    ]
    inline = (caption for reading in readings for caption in reading.captions)
    outline = Outline(
        title=top.head.title,
        standfirst=top.head.standfirst,
        date=top.head.date,
        lede=top.head.lede,
        captions=unique_captions((*figure_captions(blocks[: last + 1]), *inline)),
        posts=_with_headings(readings, between, signs, top.head.heading),
        lines=tuple(sorted(lines, key=lambda line: line.number)),
        notes=_notes(posts, readings),
        line_unit="block",
    )
    clocks = tuple((reading.post, reading.printed) for reading in readings if reading.printed)
    return WebOutline(outline, clocks)


def _homes(tags: Sequence[Tag], blocks: Sequence[Block]) -> list[int | None]:
    """Say for each block which of the posts it stands in."""
    numbers = {id(tag): number for number, tag in enumerate(tags)}
    return [
        next((numbers[id(tag)] for tag in (block.home, *block.home.parents) if id(tag) in numbers), None)
        for block in blocks
    ]


def _readings(
    posts: DetectedPosts, blocks: Sequence[Block], homes: Sequence[int | None], frame: PageContext
) -> tuple[ParsedPost, ...]:
    """Read every post that says something; an empty one stands for nothing."""
    held: dict[int, list[Block]] = {}
    for block, home in zip(blocks, homes, strict=True):
        if home is not None:
            held.setdefault(home, []).append(block)
    readings = (parse_post(tag, held.get(number, []), frame) for number, tag in enumerate(posts.tags))
    return tuple(each for each in readings if each.lines or each.post.headline)


def _with_headings(
    readings: Sequence[ParsedPost],
    between: Sequence[Block],
    signs: Mapping[int, LineClass],
    heading: PrintedDate | None,
) -> tuple[Post, ...]:
    """Give each post the day heading and the separator that stand between it and the post above."""
    marks = [signs[row.number] for block in between if not block.region for row in block.rows()]
    marks = [sign for sign in marks if sign.date or (sign.rule and sign.rule.effect == "restart")]
    found: list[Post] = []
    restart = False
    for reading in readings:
        while marks and marks[0].line.number < reading.post.line:
            mark = marks.pop(0)
            heading, restart = mark.date or heading, restart or mark.date is None
        found.append(replace(reading.post, heading=heading, restart=restart))
        heading, restart = None, reading.pinned
    return tuple(found)


def _notes(posts: DetectedPosts, readings: Sequence[ParsedPost]) -> tuple[Note, ...]:
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
