"""Posts that only headings and paragraphs part → Outline: HTML read as the lines that it shows."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bs4 import Tag
from msgspec.structs import replace

from ..moments import settled
from ..page import Note, Outline, Post
from ..plaintext import outline_of
from ..signs import Sign
from .blocks import Block
from .bodies import Part, body_of, frame_sizes
from .times import moment_of, stated_in
from .top import captions_in, read_rest, read_top
from .tree import smallest_around

_LABEL = re.compile(
    r"(?:first |last )?(?:published|updated|posted|modified|publiziert|veröffentlicht|aktualisiert|publié|mis à jour)"
    r"(?: (?:on|at|am|le))?:?",
    re.IGNORECASE,
)
_FEWEST = 2  # stamps that make a live blog; one may be any article's clock


def read_flow(blocks: Sequence[Block], signs: Mapping[int, Sign], title: str) -> Outline | None:
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
    around = smallest_around([block.home for block in stamped])
    first, below = _borders(blocks, stamped, around)
    inside = [block for block in blocks[first:below] if not block.region and not block.figure]
    if sum(len(block.text) for block in inside) * 3 <= sum(len(block.text) for block in coverage):
        return None  # a few clocks in a box, not what the page is about
    outline = outline_of(tuple(signs[row.number] for block in inside for row in block.rows()))
    top = read_top(blocks[:first], signs, title)
    aside = [block for block in blocks[first:below] if block.region or block.figure]
    lines = (
        *top.lines,
        *outline.lines,
        *read_rest(aside, signs, ""),
        *read_rest(blocks[below:], signs, "stands below the posts"),
    )
    posts, notes = _with_bodies(outline.posts, inside)
    return replace(
        outline,
        title=top.head.title,
        standfirst=top.head.standfirst,
        date=top.head.date or outline.date,
        lede=(*top.head.lede, *outline.lede),
        captions=captions_in(blocks[:below]),
        posts=(replace(posts[0], heading=posts[0].heading or top.head.heading), *posts[1:]),
        lines=tuple(sorted(lines, key=lambda line: line.number)),
        notes=(*outline.notes, *notes),
        unit="block",
    )


def _with_tagged_times(blocks: Sequence[Block], signs: Mapping[int, Sign]) -> dict[int, Sign]:
    """Read blocks that begin with a tagged time as stamps, where three or more of a kind do."""
    found = dict(signs)
    tagged = [(block, sign) for block in blocks if not block.region for sign in (_tagged(block, signs),) if sign]
    kinds = Counter(_kind(block) for block, _ in tagged)
    for block, sign in tagged:
        if kinds[_kind(block)] > _FEWEST or signs[block.number].stamp:
            found[block.number] = sign
    return found


def _tagged(block: Block, signs: Mapping[int, Sign]) -> Sign | None:
    """Read the whole time that stands in the tags of a block's beginning as its stamp."""
    sign = signs[block.number]
    lead = next((node for node in block.nodes if isinstance(node, Tag) or str(node).strip()), None)
    time = lead if isinstance(lead, Tag) else None
    time = time if time is None or time.name == "time" else time.find("time")
    time = block.home if time is None and block.home.name == "time" else time
    moment = (moment_of(time) if time is not None else None) or stated_in(block.home)
    if moment is None or not moment.whole or moment.stamp is None:
        return None
    shown = " ".join(time.get_text().split()) if time is not None else ""
    after = block.texts[0].removeprefix(shown).strip(" :–—-") if shown and block.texts[0].startswith(shown) else ""
    stamp = settled(moment, sign.stamp) or moment.stamp
    rest = sign.stamp.rest if sign.stamp else after
    on = moment.on(block.number)
    return Sign(row=sign.row, stamp=replace(stamp, rest=rest), date=on)


def _stamps(block: Block, signs: Mapping[int, Sign]) -> int:
    return sum(signs[row.number].stamp is not None for row in block.rows())


def _has_dated_clock(block: Block, signs: Mapping[int, Sign]) -> bool:
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
    sizes = frame_sizes(blocks)
    found: list[Post] = []
    notes: list[Note] = []
    for post in posts:
        texts: dict[int, tuple[Block, list[str]]] = {}
        for number in post.body:
            block, text = rows[number]
            rest = post.stamp.rest if number == post.line and post.stamp else text
            texts.setdefault(block.number, (block, []))[1].append(rest)
        body = body_of([Part(block, "\n".join(lines)) for block, lines in texts.values()], sizes)
        notes += [Note(post.line, f"kept as plain text: {body.doubt}")] if body.doubt else []
        found.append(replace(post, paragraphs=body.paragraphs, markdown=body.markdown))
    return tuple(found), tuple(notes)
