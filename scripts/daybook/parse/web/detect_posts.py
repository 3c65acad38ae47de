"""Decide which elements of a page are posts.

A layout that matches is used. On any other page the posts are similar elements that each state a
time and together contain most of the text around them. If two kinds of elements qualify, one inside
the other, the more numerous are the posts; otherwise the kind with more text outside links.
Lists of links with times are teasers of other pages, never posts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import LINK_TAGS, attribute_text, is_inside, iter_tags, lowest_common_ancestor, region_of
from daybook.parse.web.layouts import LAYOUTS
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.post_fields import attribute_time

_POST_TAGS = frozenset({"div", "section", "article", "li", "tr", "dd", "details"})
_PLAIN_POST_TAGS = frozenset({"li", "article", "tr"})  # need no class to be like their siblings
_MAIN_TAGS = frozenset({"main"})
_FEWEST_POSTS = 3
_AS_LONG = 0.6  # of the length of an element of the other group
_ROOT_TAGS = frozenset({"html", "body", "[document]"})


class DetectedPosts(Struct, frozen=True):
    """The elements that are posts, in page order, and the layout that found them."""

    tags: tuple[Tag, ...]
    layout: Layout


def detect_posts(tree: BeautifulSoup, source: str, blocks: Sequence[Block]) -> DetectedPosts | None:
    """Return the posts of a page that have an element each; None if there are none. `source` is its HTML."""
    for layout in LAYOUTS:
        tags = _outermost(tree.select(layout.entry)) if layout.marker in source else ()
        if tags:
            return DetectedPosts(tags, layout)
    lengths: Counter[int] = Counter()  # characters of coverage in every element, by its id
    for block in blocks:
        if not block.region:
            for tag in block.element.self_and_parents:
                lengths[id(tag)] += len(block.text)
    page_length = max(lengths.values(), default=0)
    timed = _elements_with_times(blocks)
    best: tuple[Tag, ...] = ()
    best_length = 0  # without links
    for group in _groups_by_kind(timed):
        if len(group) < 2 or _are_inside(group, group):
            continue
        length = sum(lengths.get(id(tag), 0) for tag in group)
        # Posts contain most of the text in their common ancestor, and a third of the page's.
        if length * 2 <= lengths.get(id(lowest_common_ancestor(group)), 0) or length * 3 <= page_length:
            continue
        links = [link for tag in group for link in iter_tags(tag, LINK_TAGS) if "href" in link.attrs]
        link_length = sum(len(link.get_text()) for link in links)
        if link_length * 10 > length * 6:
            continue  # a list of other stories
        if _are_inside(group, best):
            better = len(group) > len(best) and not _have_own_times(best, group, timed)
        else:
            better = length - link_length > best_length and not _follows_posts(group, best, length, best_length)
        if better:
            best, best_length = group, length - link_length
    return DetectedPosts(_with_siblings(best), Layout(name="repeated elements", entry="")) if best else None


def _follows_posts(group: tuple[Tag, ...], best: tuple[Tag, ...], length: int, best_length: int) -> bool:
    """Return whether a group stands below posts that are as long as its own elements: a list of other stories.

    A box above the posts has shorter elements. What is outside of the main element never replaces what is inside.
    """
    if len(best) < _FEWEST_POSTS:
        return False
    if is_inside(best[0], _MAIN_TAGS) and not is_inside(group[0], _MAIN_TAGS):
        return True
    is_below = any(tag is group[0] for tag in best[-1].next_elements)
    return is_below and best_length * len(group) >= length * len(best) * _AS_LONG


def _elements_with_times(blocks: Iterable[Block]) -> list[Tag]:
    """Return the elements of the coverage that state a time, each once."""
    found: dict[int, Tag] = {}
    for block in blocks:
        if block.region or (block.containers and block.containers[-1].name == "blockquote"):
            continue
        tags = [node for node in block.nodes if isinstance(node, Tag)]
        has_time = any(tag.name == "time" or (tag.attrs and attribute_time(tag)) for tag in tags)
        if has_time or block.element.name == "time" or block.lines[0].stamp:
            found.setdefault(id(block.element), block.element)
        around = (block.element, *block.element.parents)
        tag = next((tag for tag in around if id(tag) in found or (tag.attrs and attribute_time(tag))), None)
        if tag is not None and tag.name not in _ROOT_TAGS:
            found.setdefault(id(tag), tag)
    return list(found.values())


def _groups_by_kind(timed: Iterable[Tag]) -> list[tuple[Tag, ...]]:
    """Return the elements around the times in groups of one kind, outermost groups first."""
    groups: dict[tuple[int, str, str], dict[int, Tag]] = defaultdict(dict)  # by depth, element name and classes
    for start in timed:
        path = [tag for tag in (start, *start.parents) if tag.name not in _ROOT_TAGS]
        for depth, tag in enumerate(reversed(path)):
            if tag.name in _POST_TAGS:
                groups[depth, tag.name, _classes(tag)].setdefault(id(tag), tag)
    return [tuple(groups[kind].values()) for kind in sorted(groups)]


def _classes(tag: Tag) -> str:
    """Return the classes of an element without those that contain a number, which differ from post to post."""
    return " ".join(sorted(name for name in attribute_text(tag, "class").split() if not re.search(r"\d", name)))


def _with_siblings(group: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Add the similar siblings that state no time, or have one more class, such as a pinned post."""
    shared = set.intersection(*(set(_classes(tag).split()) for tag in group))
    found: list[Tag] = []
    ids = {id(tag) for tag in group}
    for parent in {id(tag.parent): tag.parent for tag in group}.values():
        for tag in parent.find_all(group[0].name, recursive=False) if parent else ():
            classes = set(_classes(tag).split())
            similar = shared & classes or (tag.name in _PLAIN_POST_TAGS and not shared and not classes)
            if tag.name == "tr" and not any(iter_tags(tag, {"td"})):
                continue  # the heads of columns
            if id(tag) in ids or (similar and not region_of(tag, inside=True)):
                found.append(tag)
    return tuple(found)


def _are_inside(tags: tuple[Tag, ...], others: tuple[Tag, ...]) -> bool:
    """Return whether one of `tags` is inside one of `others`."""
    outer = {id(tag) for tag in others}
    return any(id(parent) in outer for tag in tags for parent in tag.parents)


def _have_own_times(tags: tuple[Tag, ...], parts: tuple[Tag, ...], timed: Iterable[Tag]) -> bool:
    """Return whether most of `tags` state a time outside their `parts`, like posts that contain a timetable."""
    inner = {id(tag) for tag in parts}
    outer = {id(tag) for tag in tags}
    with_time: set[int] = set()
    for element in timed:
        path = [id(tag) for tag in element.self_and_parents]
        if not inner.intersection(path):
            with_time |= outer.intersection(path)
    return len(with_time) * 2 > len(tags)


def _outermost(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return the elements that are not inside another of them."""
    ids = {id(tag) for tag in tags}
    return tuple(tag for tag in tags if not any(id(parent) in ids for parent in tag.parents))
