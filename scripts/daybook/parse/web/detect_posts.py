"""Decide which elements of a page are posts.

A layout that matches is used. On any other page the posts are similar elements that each state a
time and together contain most of the text around them. If two kinds of elements qualify, one inside
the other, the more numerous are the posts; otherwise the kind with more text outside links.
Lists of links with times are teasers of other pages, never posts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from daybook.parse.text.classify import LineClass
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import LINK_TAGS, attribute_text, iter_tags, lowest_common_ancestor, region_of
from daybook.parse.web.layouts import LAYOUTS
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.post_fields import attribute_time

_POST_TAGS = frozenset({"div", "section", "article", "li", "tr", "dd", "details"})
_ROOT_TAGS = frozenset({"html", "body", "[document]"})
_REPEATED_ELEMENTS = Layout(name="repeated elements", entry="")

_Kind = tuple[int, str, str]  # depth, element name, classes


class DetectedPosts(Struct, frozen=True):
    """The elements that are posts, in page order, and the layout that found them."""

    tags: tuple[Tag, ...]
    layout: Layout


def detect_posts(
    tree: BeautifulSoup, source: str, blocks: tuple[Block, ...], line_classes: Mapping[int, LineClass]
) -> DetectedPosts | None:
    """Return the posts of a page that have an element each; None if there are none.

    `source` is the HTML of the page, `line_classes` the class of each line by its number.
    """
    for layout in LAYOUTS:
        tags = _outermost(tree.select(layout.entry)) if layout.marker in source else ()
        if tags:
            return DetectedPosts(tags, layout)
    lengths = _text_lengths(blocks)
    page_length = max(lengths.values(), default=0)
    timed = _elements_with_times(blocks, line_classes)
    best: tuple[Tag, ...] = ()
    for group in _groups_by_kind(timed):
        if len(group) < 2 or len(_outermost(group)) < len(group):
            continue
        if not _contain_most_text(group, lengths, page_length) or _are_link_lists(group, lengths):
            continue
        if _are_inside(group, best):
            better = len(group) > len(best) and not _have_own_times(best, group, timed)
        else:
            better = _length_without_links(group, lengths) > _length_without_links(best, lengths)
        best = group if better else best
    return DetectedPosts(_with_siblings(best), _REPEATED_ELEMENTS) if best else None


def _elements_with_times(blocks: Iterable[Block], line_classes: Mapping[int, LineClass]) -> list[Tag]:
    """Return the elements of the coverage that state a time, each once."""
    found: dict[int, Tag] = {}
    for block in blocks:
        if block.region or (block.containers and block.containers[-1].name == "blockquote"):
            continue
        line_class = line_classes.get(block.number)
        tags = [node for node in block.nodes if isinstance(node, Tag)]
        has_time = any(tag.name == "time" or (tag.attrs and attribute_time(tag)) for tag in tags)
        if has_time or block.element.name == "time" or (line_class and line_class.stamp):
            found.setdefault(id(block.element), block.element)
        tag: Tag | None = block.element
        while tag is not None and id(tag) not in found and not (tag.attrs and attribute_time(tag)):
            tag = tag.parent
        if tag is not None and tag.name not in _ROOT_TAGS:
            found.setdefault(id(tag), tag)
    return list(found.values())


def _groups_by_kind(timed: Iterable[Tag]) -> Iterator[tuple[Tag, ...]]:
    """Yield the elements around the times in groups of one kind, outermost groups first."""
    groups: dict[_Kind, dict[int, Tag]] = defaultdict(dict)
    for start in timed:
        path = [start, *(tag for tag in start.parents if tag.name not in _ROOT_TAGS)]
        for depth, tag in enumerate(reversed(path)):
            if tag.name in _POST_TAGS:
                groups[depth, tag.name, _classes(tag)].setdefault(id(tag), tag)
    for kind in sorted(groups):
        yield tuple(groups[kind].values())


def _classes(tag: Tag) -> str:
    """Return the classes of an element without those that contain a number, which differ from post to post."""
    return " ".join(sorted(name for name in attribute_text(tag, "class").split() if not re.search(r"\d", name)))


def _with_siblings(group: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Add the similar siblings that state no time, or have one more class, such as a pinned post."""
    shared = set.intersection(*(set(_classes(tag).split()) for tag in group))
    found: list[Tag] = []
    ids = {id(tag) for tag in group}
    parents = {id(tag.parent): tag.parent for tag in group if tag.parent}
    for parent in parents.values():
        for tag in parent.find_all(group[0].name, recursive=False):
            classes = set(_classes(tag).split())
            similar = shared & classes or (tag.name in ("li", "article") and not shared and not classes)
            if id(tag) in ids or (similar and not region_of(tag, inside=True)):
                found.append(tag)
    return tuple(found)


def _text_lengths(blocks: Iterable[Block]) -> dict[int, int]:
    """Return the number of characters of coverage in every element, by its id."""
    lengths: dict[int, int] = defaultdict(int)
    for block in blocks:
        if not block.region:
            for tag in (block.element, *block.element.parents):
                lengths[id(tag)] += len(block.text)
    return lengths


def _length(tags: Iterable[Tag], lengths: Mapping[int, int]) -> int:
    return sum(lengths.get(id(tag), 0) for tag in tags)


def _link_length(tags: Iterable[Tag]) -> int:
    return sum(len(link.get_text()) for tag in tags for link in iter_tags(tag, LINK_TAGS) if "href" in link.attrs)


def _length_without_links(tags: tuple[Tag, ...], lengths: Mapping[int, int]) -> int:
    return _length(tags, lengths) - _link_length(tags)


def _are_link_lists(tags: tuple[Tag, ...], lengths: Mapping[int, int]) -> bool:
    """Return whether more than 60 % of the text is in links, as in a list of other stories."""
    return _link_length(tags) * 10 > _length(tags, lengths) * 6


def _contain_most_text(tags: tuple[Tag, ...], lengths: Mapping[int, int], page_length: int) -> bool:
    """Return whether elements contain most of the text in their common ancestor, and a third of the page's."""
    length = _length(tags, lengths)
    return length * 2 > lengths.get(id(lowest_common_ancestor(tags)), 0) and length * 3 > page_length


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
        path = [id(tag) for tag in (element, *element.parents)]
        if not inner.intersection(path):
            with_time |= outer.intersection(path)
    return len(with_time) * 2 > len(tags)


def _outermost(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return the elements that are not inside another of them."""
    found = list(tags)
    ids = {id(tag) for tag in found}
    return tuple(tag for tag in found if not any(id(parent) in ids for parent in tag.parents))
