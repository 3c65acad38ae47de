"""Tree → the elements that are posts: the only place that tells posts by what repeats on a page.

An outlet's layout comes first. On any other page the posts are elements alike that each
state a time and together hold most of the text around them: of two kinds within each other
the more numerous, else the one with more text of its own. Lists of links with times are
teasers of other pages, never posts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from daybook.parse.text.classify import LineClass
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import LINKS, attribute_text, iter_tags, region_of
from daybook.parse.web.layouts import LAYOUTS
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.post_fields import attribute_time

_CONTAINERS_NAMES = "div section article li tr dd details"


_CONTAINERS = frozenset(_CONTAINERS_NAMES.split())


_GENERIC = Layout(name="repeated elements", entry="")


class DetectedPosts(Struct, frozen=True):
    """The elements that are posts, in page order, and the layout that found them."""

    tags: tuple[Tag, ...]
    layout: Layout


def detect_posts(
    tree: BeautifulSoup, source: str, blocks: tuple[Block, ...], signs: Mapping[int, LineClass]
) -> DetectedPosts | None:
    """Find the posts of a page that stand in elements of their own; None where there are none."""
    for layout in LAYOUTS:
        tags = _outermost(tree.select(layout.entry)) if layout.marker in source else ()
        if tags:
            return DetectedPosts(tags, layout)
    weights = _weights(blocks)
    whole = max(weights.values(), default=0)
    timed = _timed(blocks, signs)
    groups = _groups(timed)
    best: tuple[Tag, ...] = ()
    for group in groups:
        if len(group) < 2 or len(_outermost(group)) < len(group):
            continue
        if not _holds_most(group, weights, whole) or _is_teasers(group, weights):
            continue
        if _parts_of(group, best):
            better = len(group) > len(best) and not _have_times(best, group, timed)
        else:
            better = _own_text(group, weights) > _own_text(best, weights)
        best = group if better else best
    return DetectedPosts(_with_siblings(best), _GENERIC) if best else None


def _timed(blocks: Iterable[Block], signs: Mapping[int, LineClass]) -> list[Tag]:
    """Give the elements of the coverage that state a time, each once."""
    found: dict[int, Tag] = {}
    for block in blocks:
        if block.region or (block.frames and block.frames[-1].name == "blockquote"):
            continue
        sign = signs.get(block.number)
        tags = [node for node in block.nodes if isinstance(node, Tag)]
        times = [tag for tag in tags if tag.name == "time" or (tag.attrs and attribute_time(tag))]
        if times or block.home.name == "time" or (sign and sign.stamp):
            found.setdefault(id(block.home), block.home)
        tag: Tag | None = block.home
        while tag is not None and id(tag) not in found and not (tag.attrs and attribute_time(tag)):
            tag = tag.parent
        if tag is not None and tag.name not in ("html", "body", "[document]"):
            found.setdefault(id(tag), tag)
    return list(found.values())


def _groups(timed: Iterable[Tag]) -> list[tuple[Tag, ...]]:
    """Group all elements around the times by kind: name, classes, and depth; outermost kinds first."""
    groups: dict[tuple[int, str, str], dict[int, Tag]] = defaultdict(dict)
    for start in timed:
        around = [start, *(tag for tag in start.parents if tag.name not in ("html", "body", "[document]"))]
        for level, tag in enumerate(reversed(around)):
            if tag.name in _CONTAINERS:
                groups[level, tag.name, _classes(tag)].setdefault(id(tag), tag)
    ordered = sorted(groups.items(), key=lambda item: item[0])
    return [tuple(tags.values()) for _, tags in ordered]


def _with_siblings(group: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Add the elements of the same kind that state no time or carry one class more, such as a pinned post."""
    shared = set.intersection(*(set(_classes(tag).split()) for tag in group))
    found: list[Tag] = []
    ids = {id(tag) for tag in group}
    parents = {id(tag.parent): tag.parent for tag in group if tag.parent}
    for parent in parents.values():
        for tag in parent.find_all(group[0].name, recursive=False):
            names = set(_classes(tag).split())
            alike = shared & names or (tag.name in ("li", "article") and not shared and not names)
            if id(tag) in ids or (alike and not region_of(tag, inside=True)):
                found.append(tag)
    return tuple(found)


def _classes(tag: Tag) -> str:
    """Give the classes of an element that others of its kind have too: those without a number."""
    return " ".join(sorted(name for name in attribute_text(tag, "class").split() if not re.search(r"\d", name)))


def _weights(blocks: Iterable[Block]) -> dict[int, int]:
    """Count the characters of coverage in every element."""
    weights: dict[int, int] = defaultdict(int)
    for block in blocks:
        if not block.region:
            for tag in (block.home, *block.home.parents):
                weights[id(tag)] += len(block.text)
    return weights


def _holds_most(tags: tuple[Tag, ...], weights: Mapping[int, int], whole: int) -> bool:
    """Say whether elements hold most of the text in the smallest element around them, and a third of the `whole`."""
    around = [id(tag) for tag in tags[0].parents]
    for tag in tags[1:]:
        above = {id(parent) for parent in tag.parents}
        around = [each for each in around if each in above]
    held = _held(tags, weights)
    return held * 2 > weights.get(around[0], 0) and held * 3 > whole


def _parts_of(tags: tuple[Tag, ...], others: tuple[Tag, ...]) -> bool:
    """Say whether some elements stand inside others."""
    outer = {id(tag) for tag in others}
    return any(id(parent) in outer for tag in tags for parent in tag.parents)


def _have_times(tags: tuple[Tag, ...], parts: tuple[Tag, ...], timed: Iterable[Tag]) -> bool:
    """Say whether most elements state a time outside these parts of them, as posts do that hold a timetable."""
    inner = {id(tag) for tag in parts}
    own = {id(tag) for tag in tags}
    stated: set[int] = set()
    for time in timed:
        around = [id(tag) for tag in (time, *time.parents)]
        if not inner.intersection(around):
            stated |= own.intersection(around)
    return len(stated) * 2 > len(tags)


def _is_teasers(tags: tuple[Tag, ...], weights: Mapping[int, int]) -> bool:
    """Say whether most of the text is links, as in a list of other stories."""
    return _linked(tags) * 10 > _held(tags, weights) * 6


def _own_text(tags: tuple[Tag, ...], weights: Mapping[int, int]) -> int:
    return _held(tags, weights) - _linked(tags)


def _held(tags: Iterable[Tag], weights: Mapping[int, int]) -> int:
    return sum(weights.get(id(tag), 0) for tag in tags)


def _linked(tags: Iterable[Tag]) -> int:
    return sum(len(link.get_text()) for tag in tags for link in iter_tags(tag, LINKS) if "href" in link.attrs)


def _outermost(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Leave out elements that stand inside others of the same kind."""
    found = list(tags)
    ids = {id(tag) for tag in found}
    return tuple(tag for tag in found if not any(id(parent) in ids for parent in tag.parents))
