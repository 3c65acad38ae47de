"""Weigh a series of marks by what only a tree shows: links, place on the page, names of classes, the page's data.

The other signals are those of `text.evidence`.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from daybook.parse.text.evidence import (
    PageEvidence,
    Weighed,
    is_called_live,
    is_other_heading,
    weigh,
)
from daybook.parse.text.series import Candidate, Series
from daybook.parse.web.blocks import Block, linked_characters
from daybook.parse.web.dom import (
    attribute_text,
    iter_tags,
)
from daybook.parse.web.marks import (
    BLOCKS_AFTER,
    DAY,
    QUARTER,
    ROOT_TAGS,
    Mark,
    around,
)

_FEWEST_BESIDE_PINNED = 2  # posts below a pinned one that show their order
# Signals of a tree; the other weights are those of `text.evidence`.
_BLOCKS_ABOVE = 4  # the first post in which a heading names the list
_MOSTLY_LINKS, _ALMOST_ALL_LINKS = 0.55, 0.8
_MOST_OF_PAGE = 0.6  # of its text
_ALMOST_ALL_TEXT = 0.9
_OTHER_NAMES = re.compile(
    r"comment|repl(?:y|ies)|discuss|disqus|forum|thread|related|schedule|programme|listing|tv-?guide|teaser|sidebar"
    r"|recommend|popular|trending|fixtures?|results?|calendar|most-?(?:read|viewed|shared)|breadcrumb|further|newest"
    r"|latest-(?:news|stories)|more-(?:news|stories|on)|river|promo|review",
    re.IGNORECASE,
)
_USER_NAMES = re.compile(r"avatar|user-?(?:info|stats|name|details)|postbit|signature|retweet|poster", re.IGNORECASE)
_INSIDE = 40  # first elements of a post whose classes are looked at
_LIVE_NAMES = re.compile(
    r"live-?(?:blog|ticker|updates?|feed|post|event|text|report|entry|item|center)|ticker", re.IGNORECASE
)
_LATER_THAN_PUBLICATION = 14 * 60  # minutes; a programme lists what comes


class PageFacts(Struct, frozen=True, kw_only=True):
    """What the head and the data of a page say, as far as it matters for its posts.

    Attributes:
        is_live: Whether a title, the address or the data calls it live.
        is_programme: Whether a title calls it a programme or a timetable.
        data_minutes: Minutes of the posts in its data, in UTC or local.
        published: Minute of its publication; None if it is unknown.
    """

    is_live: bool
    is_programme: bool = False
    data_minutes: tuple[int, ...] = ()
    published: int | None = None


class Reading(Struct, frozen=True, eq=False):
    """A series with the elements of its posts, () for a text that flows, and its score."""

    marks: tuple[Mark, ...]
    tags: tuple[Tag, ...]
    weighed: Weighed
    is_called_live: bool

    @property
    def is_machine(self) -> bool:
        """Whether its times are stated in attributes."""
        return self.marks[0].is_machine

    @property
    def score(self) -> float:
        """The score of its series."""
        return self.weighed.score


class Sizes:
    """The characters of coverage in every element, and in runs of blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.lengths: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        for block in blocks:
            if block.region or block.figure:
                continue
            linked = linked_characters(block)
            for tag in around(block.element):
                self.lengths[id(tag)] += len(block.text)
                self.linked[id(tag)] += linked
        own = [block for block in blocks if not block.region]
        self.total = sum(len(block.text) for block in own)
        headings = [index for index, block in enumerate(blocks) if _is_title(block)]
        self.title = headings[0] if headings else -1

    def between(self, start: int, end: int) -> int:
        """Return the characters of coverage in the blocks from `start` to before `end`."""
        return sum(len(block.text) for block in self.blocks[start:end] if not block.region and not block.figure)


def _is_title(block: Block) -> bool:
    return block.is_heading and any(tag.name == "h1" for tag in around(block.element))


def weigh_marks(
    marks: tuple[Mark, ...],
    tags: tuple[Tag, ...],
    sizes: Sizes,
    tree: BeautifulSoup,
    page: PageFacts,
) -> Reading:
    """Return the reading of a series with its score; `tags` are the elements of its posts, () for a text that flows."""
    if tags:
        lengths = _lengths_of_timed(marks, tags, sizes)
        links = sum(sizes.linked[id(tag)] for tag in tags) / max(1, sum(lengths))
    else:
        starts = [mark.block for mark in marks]
        ends = [*starts[1:], min(len(sizes.blocks), starts[-1] + max(1, len(sizes.blocks) // 4))]
        lengths = [
            sizes.between(start, end) or len(mark.candidate.text_after)
            for start, end, mark in zip(starts, ends, marks, strict=True)
        ]
        others = sorted(lengths[:-1])
        lengths[-1] = min(lengths[-1], 3 * others[len(others) // 2]) if others else lengths[-1]
        inside = [block for block in sizes.blocks[starts[0] : ends[-1]] if not block.region]
        links = sum(map(linked_characters, inside)) / max(1, sum(len(block.text) for block in inside))
    coverage = (sum(sizes.lengths[id(tag)] for tag in tags) or sum(lengths)) / max(1, sizes.total)
    evidence = PageEvidence(
        is_live=page.is_live,
        has_live_data=bool(page.data_minutes),
        is_tree=True,
        length=sizes.total,
        has_pinned_first=len(marks) > _FEWEST_BESIDE_PINNED and _is_pinned(marks[0], tags, sizes),
    )
    series = Series(stamps=tuple(mark.candidate for mark in marks))
    is_named_live = _LIVE_NAMES.search(_names_around(marks[0], tree)) is not None
    is_called_live = page.is_live or is_named_live or _is_below_live_heading(marks, sizes)
    more = [
        *_link_signals(links),
        *_place_signals(marks, sizes, tree),
        *_data_signals(series, page),
        *_programme_signals(series, page),
        *([(0.7, "names of classes call it live")] if is_named_live else []),
        *([(-5.0, "a programme or a timetable")] if page.is_programme and not is_called_live else []),
        *([] if is_called_live else _unnamed_signals(marks, tags, coverage, sizes)),
        *([(-3.0, "one post has almost all of the text")] if not is_called_live and _is_one_text(lengths) else []),
    ]
    return Reading(marks, tags, weigh(series, lengths, evidence, more), is_called_live)


def _is_pinned(mark: Mark, tags: Sequence[Tag], sizes: Sizes) -> bool:
    """Return whether a label in the post of a mark says that it is pinned."""
    ids = {id(tag) for tag in tags}
    post = next((tag for tag in around(mark.tag) if id(tag) in ids), None)
    if post is None:
        return False
    near = sizes.blocks[max(0, mark.block - _BLOCKS_ABOVE) : mark.block + BLOCKS_AFTER]
    own = (block for block in near if any(tag is post for tag in around(block.element)))
    return any(each.rule is not None and each.rule.effect == "pinned" for block in own for each in block.lines)


def _lengths_of_timed(marks: Sequence[Mark], tags: Sequence[Tag], sizes: Sizes) -> list[int]:
    """Return the characters of the posts that have a time."""
    inside = {id(tag): tag for tag in tags}
    owners = (next(each for each in around(mark.tag) if id(each) in inside) for mark in marks)
    return [sizes.lengths[id(tag)] for tag in owners]


def _link_signals(links: float) -> Iterator[tuple[float, str]]:
    if links > _ALMOST_ALL_LINKS:
        yield -6.0, "almost all of the text is links"
    elif links > _MOSTLY_LINKS:
        yield -3.0, "most of the text is links"


def _unnamed_signals(
    marks: Sequence[Mark], tags: Sequence[Tag], coverage: float, sizes: Sizes
) -> Iterator[tuple[float, str]]:
    """Weigh a series that nothing calls live: it may be the main text of a page, or a forum, or a list."""
    is_main_text = coverage >= _MOST_OF_PAGE and (tags or marks[0].candidate.token.zone)
    # A heading that begins with a clock and a zone is hardly anything else.
    are_headings = all(mark.candidate.token.zone and sizes.blocks[mark.block].is_heading for mark in marks)
    yield (-0.6 if is_main_text or are_headings else -3.0), "nothing calls the page live"
    if marks[0].candidate.token.shape == "4":
        yield -3.0, "four digits, as of a year"
    if tags and any(_USER_NAMES.search(attribute_text(each, "class")) for each in (tags[0], *first_inside(tags[0]))):
        yield -3.0, "names of classes of users, as in a forum"


def _is_one_text(lengths: Sequence[int]) -> bool:
    """Return whether one of several posts has almost all of the text, as an article above a list of other stories."""
    return len(lengths) > 1 and max(lengths) > _ALMOST_ALL_TEXT * sum(lengths)


def _place_signals(marks: Sequence[Mark], sizes: Sizes, tree: BeautifulSoup) -> Iterator[tuple[float, str]]:
    names = _names_around(marks[0], tree)
    if _OTHER_NAMES.search(names) and not _LIVE_NAMES.search(names):
        yield -3.0, "names of classes of comments or of a list"
    if marks[-1].block < sizes.title:
        yield -3.0, "above the title"
    main = next(iter_tags(tree, {"main"}), None) or next(iter_tags(tree, {"article"}), None)
    if main is not None and not any(tag is main for tag in marks[0].tag.parents) and sizes.lengths[id(main)]:
        yield -1.5, "outside of the main element"
    start = min(mark.block for mark in marks)
    for block in sizes.blocks[max(0, start - _BLOCKS_ABOVE) : start + 1][::-1]:
        if block.is_heading and not _is_title(block) and not _is_in_other_box(block, marks[0]):
            if is_other_heading(block.text):
                yield -2.0, f"below {block.text!r}"
            break


def _is_in_other_box(block: Block, mark: Mark) -> bool:
    """Return whether a block is in an ``<aside>`` or ``<nav>`` that does not hold a mark."""
    box = next((tag for tag in around(block.element) if tag.name in ("aside", "nav")), None)
    return box is not None and not any(tag is box for tag in mark.tag.parents)


def _names_around(mark: Mark, tree: BeautifulSoup) -> str:
    """Return the classes and ids around a mark, without those of elements that also hold the title."""
    above_title = frozenset(id(tag) for heading in iter_tags(tree, {"h1"}) for tag in heading.parents)
    near = [tag for tag in around(mark.tag) if id(tag) not in above_title and tag.name not in ROOT_TAGS]
    return " ".join(f"{attribute_text(tag, 'class')} {attribute_text(tag, 'id')}" for tag in near)


def first_inside(tag: Tag) -> Iterator[Tag]:
    return islice((each for each in tag.descendants if isinstance(each, Tag) and "class" in each.attrs), _INSIDE)


def _is_below_live_heading(marks: Sequence[Mark], sizes: Sizes) -> bool:
    """Return whether a heading just above the first mark calls what follows live: "Live ticker"."""
    start = min(mark.block for mark in marks)
    above = sizes.blocks[max(0, start - _BLOCKS_ABOVE) : start]
    return any(block.is_heading and is_called_live([block.text]) for block in above if not block.region)


def _data_signals(series: Series, page: PageFacts) -> Iterator[tuple[float, str]]:
    """Weigh how many times are those of the page's data, or differ from them by one multiple of 15 minutes."""
    if len(page.data_minutes) < 2:
        return
    known = {minute % DAY for minute in page.data_minutes}
    clocks = {each.token.clock // 60 for each in series.stamps}
    agreed = most_shared(clocks, known)
    share = agreed / max(1, min(len(clocks), len(known)))
    if agreed > 1 and share >= 0.6:
        yield 2.5, "the times of the page's data"
    elif share <= 0.2 and len(clocks) > 2:
        yield -1.5, "other times than the page's data"


def most_shared(some: Iterable[int], others: frozenset[int] | set[int]) -> int:
    """Return how many minutes of the day are in both, if all of one list are moved by the best multiple of 15."""
    minutes = tuple(some)
    return max(sum((minute + shift) % DAY in others for minute in minutes) for shift in range(0, DAY, QUARTER))


def _programme_signals(series: Series, page: PageFacts) -> Iterator[tuple[float, str]]:
    if page.published is None:
        return
    dated = [each for each in series.stamps if each.is_dated and each.token.date and each.token.date.year]
    late = sum(_absolute(each) > page.published + _LATER_THAN_PUBLICATION for each in dated)
    oldest_first = len(dated) > 1 and _absolute(dated[0]) < _absolute(dated[-1])
    if oldest_first and late * 100 > len(dated) * 15 and not page.is_live:
        yield -5.0, "times after the publication, as in a programme"


def _absolute(candidate: Candidate) -> int:
    date = candidate.token.date
    assert date
    return dt.date(date.year or 1, date.month, min(date.day, 28)).toordinal() * DAY + candidate.token.clock // 60
