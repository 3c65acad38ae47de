"""Find the posts of a page: a series of times that are its stamps, and the elements that hold a post each.

A layout that matches is used. On any other page every time is a mark: printed at the start of a line, or stated in an
attribute. Marks that have similar places in the tree and follow one another are a series, which is weighed as a whole
(`text.evidence`), here also by what only a tree shows: links, place on the page, names of classes, the page's data. The
posts are the largest elements with one mark each; where they hold too little of the text, the text flows from one
stamp to the next.
"""

import datetime as dt
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from bs4 import BeautifulSoup, Tag
from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.decode import one_line
from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import LineClass, match_boilerplate
from daybook.parse.text.ends import separate_edit_times
from daybook.parse.text.evidence import (
    CERTAIN,
    POSSIBLE,
    PageEvidence,
    Weighed,
    is_called_live,
    is_other_heading,
    weigh,
)
from daybook.parse.text.series import Candidate, Series, SourceLine, find_candidates, find_series, not_taken
from daybook.parse.time.instants import MachineTime
from daybook.parse.time.tokens import TimeToken, is_stamp
from daybook.parse.time.zones import is_zone_in_brackets, is_zone_word
from daybook.parse.web.blocks import Block, link_length
from daybook.parse.web.dom import (
    HEADING_TAGS,
    PAGE_TAGS,
    attribute_text,
    contains_tag,
    iter_tags,
    region_of,
)
from daybook.parse.web.layouts import LAYOUTS
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.post_fields import attribute_time, element_time, published_time

_POST_TAGS = frozenset({"div", "section", "article", "li", "tr", "dd", "details"})
_PLAIN_POST_TAGS = frozenset({"li", "article", "tr"})  # need no class to be like their siblings
_ROOT_TAGS = frozenset({"html", "body", "[document]"})
_STATED_IN = re.compile(r"data-.*|datetime|title")  # attributes that may state the time of a post
_PLACE_STEPS = 3  # elements around a mark that are compared
_MIN_SHARE = 0.8  # of the text from the first post to the last that elements hold, else it flows
_MARK_REGIONS = ("", "byline")  # in which a time may be a stamp
_SHORTEST_POST = 40  # characters of the only post of a page
_DAY = 24 * 60  # minutes
_FAULTY = "-"  # shape of a stamp that the common rules alone find
_BLOCKS_ABOVE = 4  # the first post in which a heading names the list
_BLOCKS_AFTER = 4  # of which one is the first of the post that an element with a time begins
_QUARTER = 15
_FEWEST_BESIDE_PINNED = 2  # posts below a pinned one that show their order
_FEWEST_LABELLED = 3  # times with one and the same word in their brackets
_LONGEST_LABEL = 30  # characters

# Signals of a tree; the other weights are those of `text.evidence`.
_MOST_OF_PAGE = 0.6  # of its text
_ALMOST_ALL_TEXT = 0.9
_MOSTLY_LINKS, _ALMOST_ALL_LINKS = 0.55, 0.8
_OTHER_NAMES = re.compile(
    r"comment|repl(?:y|ies)|discuss|disqus|forum|thread|related|schedule|programme|listing|tv-?guide|teaser|sidebar"
    r"|recommend|popular|trending|fixtures?|results?|calendar|most-?(?:read|viewed|shared)|breadcrumb|further|newest"
    r"|latest-(?:news|stories)|more-(?:news|stories|on)|river|promo|review",
    re.IGNORECASE,
)
_USER_NAMES = re.compile(r"avatar|user-?(?:info|stats|name|details)|postbit|signature|retweet|poster", re.IGNORECASE)
_INSIDE = 40  # first elements of a post whose classes are looked at
_LIVE_NAMES = re.compile(
    r"live-?(?:blog|ticker|updates?|feed|post|event|text|report|entry|center)|ticker", re.IGNORECASE
)
_LATER_THAN_PUBLICATION = 14 * 60  # minutes; a programme lists what comes


class DetectedPosts(Struct, frozen=True):
    """The elements that are posts, in page order, and the layout that found them."""

    tags: tuple[Tag, ...]
    layout: Layout


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


class FoundPosts(Struct, frozen=True, kw_only=True):
    """The posts of a page.

    Attributes:
        blocks: The blocks of the page, with their stamps.
        detected: The elements of the posts; None if the text flows from one stamp to the next.
        is_called_live: Whether the page, a heading above the posts or the names of classes around them call it live.
        doubts: What a person should check.
    """

    blocks: tuple[Block, ...]
    detected: DetectedPosts | None = None
    is_called_live: bool = False
    doubts: tuple[Doubt, ...] = ()


class _Mark(Struct, frozen=True, eq=False):
    """A time that may be a stamp, its element, and the index of the block that it begins."""

    candidate: Candidate
    tag: Tag
    block: int


class _Reading(Struct, frozen=True, eq=False):
    """A series with the elements of its posts, () for a text that flows, and its score."""

    marks: tuple[_Mark, ...]
    tags: tuple[Tag, ...]
    weighed: Weighed
    is_machine: bool
    is_called_live: bool

    @property
    def score(self) -> float:
        """The score of its series."""
        return self.weighed.score


def find_posts(tree: BeautifulSoup, source: str, blocks: Sequence[Block], page: PageFacts) -> FoundPosts | None:
    """Return the posts of a page; None if it has none. `source` is its HTML."""
    for layout in LAYOUTS:
        tags = _outermost(tree.select(layout.entry)) if layout.marker in source else ()
        if tags:
            marks = _stamps_of_layout(tags, layout, _printed_marks(blocks))
            stamped = _with_stamps(blocks, marks, tags) if marks else tuple(blocks)
            return FoundPosts(blocks=stamped, detected=DetectedPosts(tags, layout))
    printed, machine = _printed_marks(blocks), _machine_marks(tree, blocks)
    sizes = _Sizes(blocks)
    readings = [
        _weigh(marks, sizes, tree, page, is_machine=is_machine)
        for found, is_machine in ((printed, False), (machine, True))
        for marks in _series_of_marks(found)
    ]
    readings = _after_competition(readings, sizes)
    best = max(readings, key=lambda each: each.score, default=None)
    if best is None or best.score < POSSIBLE:
        return _only_post([*machine, *printed], sizes, page)
    return _found(best, readings, printed, blocks)


def _stamps_of_layout(tags: Sequence[Tag], layout: Layout, printed: Sequence[_Mark]) -> tuple[_Mark, ...]:
    """Return the times that the posts of a layout show: a series with one in each that says the same as its data.

    The two may differ by a multiple of 15 minutes, since they may be in two zones.
    """
    times = {id(tag): published_time(tag, layout)[1] for tag in tags}
    for marks in _series_of_marks(printed):
        posts = [next((id(tag) for tag in _around(mark.tag) if id(tag) in times), 0) for mark in marks]
        if 0 in posts or len(set(posts)) < len(posts) or len(posts) * 10 < len(tags) * 8:
            continue
        stated = [times[post] for post in posts]
        same = sum(
            time is not None and (time.clock or 0) // 60 % _QUARTER == _minute_of_day(mark) % _QUARTER
            for mark, time in zip(marks, stated, strict=True)
        )
        if same * 10 >= len(posts) * 8:
            return marks
    return ()


def _series_of_marks(marks: Sequence[_Mark]) -> Iterator[tuple[_Mark, ...]]:
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


def _printed_marks(blocks: Sequence[Block]) -> list[_Mark]:
    """Return the times that are at the start of a line of the coverage."""
    lines: list[SourceLine] = []
    owners: list[int] = []
    for index, block in enumerate(blocks):
        if block.region not in _MARK_REGIONS or block.figure or _in_quotation(block):
            continue
        place = _place(_own_element(block))
        for each in block.lines:
            lines.append(SourceLine(number=each.line.number, text=each.line.text, kind=each.line.kind, place=place))
            owners.append(index)
    # The index of a candidate is the number of its line, so that those of machine times can be compared.
    found = [
        _Mark(replace(each, index=each.number), blocks[owners[each.index]].element, owners[each.index])
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
            found.append(_Mark(candidate, blocks[owner].element, owner))
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


def _machine_marks(tree: BeautifulSoup, blocks: Sequence[Block]) -> list[_Mark]:
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
    found: list[_Mark] = []
    for position, tag, time, shape in stated:
        inside = next((owners[id(each)] for each in _around(tag) if id(each) in owners), None)
        after = bisect_left(orders, position)
        following = (inside,) if inside is not None else indexes[after : after + _BLOCKS_AFTER]
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
            index=number, number=number, token=token, before="", after="end", place=_place(tag), printed=time.printed
        )
        found.append(_Mark(candidate, tag, owner))
    return found


def _stated_time(tag: Tag) -> tuple[MachineTime | None, str]:
    time = (element_time(tag) if tag.name == "time" or "title" in tag.attrs else None) or attribute_time(tag)
    if time and time.is_complete:
        return time, "machine"
    time = attribute_time(tag, edited=True)
    return (time, "machine edit") if time and time.is_complete else (None, "")


def _around(tag: Tag) -> tuple[Tag, ...]:
    """Return an element and those around it, innermost first."""
    return (tag, *tag.parents)


def _place(tag: Tag) -> tuple[str, ...]:
    """Return the place of an element: its name and classes, and those of the elements around it."""
    steps = [each for each, _ in zip(_around(tag), range(_PLACE_STEPS), strict=False)]
    return tuple(f"{each.name}.{_classes(each)}" for each in steps if each.name not in _ROOT_TAGS)


def _classes(tag: Tag) -> str:
    """Return the classes of an element without those that contain a number, which differ from post to post."""
    return " ".join(sorted(name for name in attribute_text(tag, "class").split() if not re.search(r"\d", name)))


class _Sizes:
    """The characters of coverage in every element, and in runs of blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.lengths: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        for block in blocks:
            if block.region or block.figure:
                continue
            linked = _linked(block)
            for tag in _around(block.element):
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
    return block.is_heading and any(tag.name == "h1" for tag in _around(block.element))


def _linked(block: Block) -> int:
    """Return the characters of a block that are links."""
    if any(tag.name == "a" for tag in _around(block.element)):
        return len(block.text)
    return min(len(block.text), link_length(block))


def _weigh(
    marks: tuple[_Mark, ...], sizes: _Sizes, tree: BeautifulSoup, page: PageFacts, *, is_machine: bool
) -> _Reading:
    tags = _post_elements(marks, sizes)
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
        links = sum(map(_linked, inside)) / max(1, sum(len(block.text) for block in inside))
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
    return _Reading(marks, tags, weigh(series, lengths, evidence, more), is_machine, is_called_live)


def _is_pinned(mark: _Mark, tags: Sequence[Tag], sizes: _Sizes) -> bool:
    """Return whether a label in the post of a mark says that it is pinned."""
    ids = {id(tag) for tag in tags}
    post = next((tag for tag in _around(mark.tag) if id(tag) in ids), None)
    if post is None:
        return False
    near = sizes.blocks[max(0, mark.block - _BLOCKS_ABOVE) : mark.block + _BLOCKS_AFTER]
    own = (block for block in near if any(tag is post for tag in _around(block.element)))
    return any(each.rule is not None and each.rule.effect == "pinned" for block in own for each in block.lines)


def _lengths_of_timed(marks: Sequence[_Mark], tags: Sequence[Tag], sizes: _Sizes) -> list[int]:
    """Return the characters of the posts that have a time."""
    inside = {id(tag): tag for tag in tags}
    owners = (next(each for each in _around(mark.tag) if id(each) in inside) for mark in marks)
    return [sizes.lengths[id(tag)] for tag in owners]


def _link_signals(links: float) -> Iterator[tuple[float, str]]:
    if links > _ALMOST_ALL_LINKS:
        yield -6.0, "almost all of the text is links"
    elif links > _MOSTLY_LINKS:
        yield -3.0, "most of the text is links"


def _unnamed_signals(
    marks: Sequence[_Mark], tags: Sequence[Tag], coverage: float, sizes: _Sizes
) -> Iterator[tuple[float, str]]:
    """Weigh a series that nothing calls live: it may be the main text of a page, or a forum, or a list."""
    is_main_text = coverage >= _MOST_OF_PAGE and (tags or marks[0].candidate.token.zone)
    # A heading that begins with a clock and a zone is hardly anything else.
    are_headings = all(mark.candidate.token.zone and sizes.blocks[mark.block].is_heading for mark in marks)
    yield (-0.6 if is_main_text or are_headings else -3.0), "nothing calls the page live"
    if marks[0].candidate.token.shape == "4":
        yield -3.0, "four digits, as of a year"
    if tags and any(_USER_NAMES.search(attribute_text(each, "class")) for each in (tags[0], *_first_inside(tags[0]))):
        yield -3.0, "names of classes of users, as in a forum"


def _is_one_text(lengths: Sequence[int]) -> bool:
    """Return whether one of several posts has almost all of the text, as an article above a list of other stories."""
    return len(lengths) > 1 and max(lengths) > _ALMOST_ALL_TEXT * sum(lengths)


def _place_signals(marks: Sequence[_Mark], sizes: _Sizes, tree: BeautifulSoup) -> Iterator[tuple[float, str]]:
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


def _is_in_other_box(block: Block, mark: _Mark) -> bool:
    """Return whether a block is in an ``<aside>`` or ``<nav>`` that does not hold a mark."""
    box = next((tag for tag in _around(block.element) if tag.name in ("aside", "nav")), None)
    return box is not None and not any(tag is box for tag in mark.tag.parents)


def _names_around(mark: _Mark, tree: BeautifulSoup) -> str:
    """Return the classes and ids around a mark, without those of elements that also hold the title."""
    above_title = frozenset(id(tag) for heading in iter_tags(tree, {"h1"}) for tag in heading.parents)
    around = [tag for tag in _around(mark.tag) if id(tag) not in above_title and tag.name not in _ROOT_TAGS]
    return " ".join(f"{attribute_text(tag, 'class')} {attribute_text(tag, 'id')}" for tag in around)


def _first_inside(tag: Tag) -> Iterator[Tag]:
    return islice((each for each in tag.descendants if isinstance(each, Tag) and "class" in each.attrs), _INSIDE)


def _is_below_live_heading(marks: Sequence[_Mark], sizes: _Sizes) -> bool:
    """Return whether a heading just above the first mark calls what follows live: "Live ticker"."""
    start = min(mark.block for mark in marks)
    above = sizes.blocks[max(0, start - _BLOCKS_ABOVE) : start]
    return any(block.is_heading and is_called_live([block.text]) for block in above if not block.region)


def _data_signals(series: Series, page: PageFacts) -> Iterator[tuple[float, str]]:
    """Weigh how many times are those of the page's data, or differ from them by one multiple of 15 minutes."""
    if len(page.data_minutes) < 2:
        return
    known = {minute % _DAY for minute in page.data_minutes}
    clocks = {each.token.clock // 60 for each in series.stamps}
    agreed = _most_shared(clocks, known)
    share = agreed / max(1, min(len(clocks), len(known)))
    if agreed > 1 and share >= 0.6:
        yield 2.5, "the times of the page's data"
    elif share <= 0.2 and len(clocks) > 2:
        yield -1.5, "other times than the page's data"


def _most_shared(some: Iterable[int], others: frozenset[int] | set[int]) -> int:
    """Return how many minutes of the day are in both, if all of one list are moved by the best multiple of 15."""
    minutes = tuple(some)
    return max(sum((minute + shift) % _DAY in others for minute in minutes) for shift in range(0, _DAY, _QUARTER))


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
    return dt.date(date.year or 1, date.month, min(date.day, 28)).toordinal() * _DAY + candidate.token.clock // 60


def _post_elements(marks: Sequence[_Mark], sizes: _Sizes) -> tuple[Tag, ...]:
    """Return the largest elements with one mark each, all of one kind where possible; () if the text flows."""
    counts = Counter(id(tag) for mark in marks for tag in _around(mark.tag))
    chains: list[list[Tag]] = []
    for mark in marks:
        chain = []
        for tag in _around(mark.tag):
            if counts[id(tag)] > 1 or tag.name in _ROOT_TAGS:
                break
            chain.append(tag)
        if not chain:
            return ()
        chains.append(chain)
    kinds = Counter((chain[-1].name, _classes(chain[-1])) for chain in chains)
    usual = kinds.most_common(1)[0][0]
    tags = [next((tag for tag in reversed(chain) if (tag.name, _classes(tag)) == usual), chain[-1]) for chain in chains]
    if usual[0] not in _POST_TAGS:
        return ()
    timed = {id(tag) for tag in tags}
    tags = list(_with_siblings(tags))
    inside = {id(tag) for tag in tags}
    own = [
        index for index, block in enumerate(sizes.blocks) if any(id(tag) in inside for tag in _around(block.element))
    ]
    if not own:
        return ()
    held = sum(sizes.lengths[id(tag)] for tag in tags)
    stamps = sum(len(mark.candidate.printed) for mark in marks)
    if held - stamps < _MIN_SHARE * (sizes.between(own[0], own[-1] + 1) - stamps):
        return ()
    return tuple(tags) if timed <= inside else ()


def _only_post(marks: Sequence[_Mark], sizes: _Sizes, page: PageFacts) -> FoundPosts | None:
    """Return the only post of an early capture: an element with one heading, a paragraph and a time of a known day."""
    if not page.is_live:
        return None
    found: dict[int, tuple[_Mark, Tag]] = {}
    for mark in marks:
        around = takewhile(lambda tag: not (tag.name in _ROOT_TAGS or contains_tag(tag, PAGE_TAGS)), _around(mark.tag))
        tag = next((each for each in reversed([*around]) if each.name in _POST_TAGS), None)
        if tag is None or mark.block <= sizes.title or sizes.lengths[id(tag)] < _SHORTEST_POST:
            continue
        above = (each.date for block in sizes.blocks[: mark.block] for each in block.lines)
        is_dated = mark.candidate.is_dated or any(date is not None and date.year for date in above)
        if is_dated and len([*iter_tags(tag, HEADING_TAGS)]) == 1 and contains_tag(tag, {"p"}):
            found.setdefault(id(tag), (mark, tag))
    if len(found) != 1:
        return None
    [(mark, tag)] = found.values()
    detected = DetectedPosts((tag,), Layout(name="one post", entry=""))
    is_machine = mark.candidate.token.shape.startswith("machine")
    weighed = Weighed(series=Series(stamps=(mark.candidate,)), score=CERTAIN)
    reading = _Reading((mark,), (tag,), weighed, is_machine, is_called_live=True)
    return FoundPosts(
        blocks=_with_stamps(sizes.blocks, _shown_marks(reading), reading.tags), detected=detected, is_called_live=True
    )


def _after_competition(readings: Sequence[_Reading], sizes: _Sizes) -> list[_Reading]:
    """Return the readings with the scores that their rivals leave them.

    Of series that follow one another below the title, the first is the page's own. But one that only repeats the times
    of a later one, with shorter posts, is a box such as "Key events".
    """
    below = sorted(
        (each for each in readings if each.score > POSSIBLE and each.marks[0].block > sizes.title),
        key=lambda each: each.marks[0].block,
    )
    penalties: Counter[int] = Counter()
    for index, later in enumerate(below):
        for first in below[:index]:
            if first.marks[-1].block >= later.marks[0].block or id(first) in penalties:
                continue
            if _repeats(first, later):
                penalties[id(first)] += 3
            elif not _is_mere_box(first, later):
                penalties[id(later)] += 3
                break
    return [_less(each, penalties[id(each)]) for each in readings]


def _less(reading: _Reading, penalty: int) -> _Reading:
    if not penalty:
        return reading
    weighed = replace(reading.weighed, score=reading.score - penalty)
    return replace(reading, weighed=weighed)


def _repeats(box: _Reading, posts: _Reading) -> bool:
    """Return whether most times of a box are those of posts; machine times and shown ones may be in two zones."""
    own, times = [_minute_of_day(mark) for mark in box.marks], {_minute_of_day(mark) for mark in posts.marks}
    same_kind = box.is_machine == posts.is_machine
    shared = sum(minute in times for minute in own) if same_kind else _most_shared(own, times)
    return shared >= 0.7 * len(own) and len(own) <= len(posts.marks)


def _is_mere_box(first: _Reading, later: _Reading) -> bool:
    """Return whether a series above another one is weaker by so much that its place does not count."""
    return first.score + 2 < later.score


def _minute_of_day(mark: _Mark) -> int:
    return mark.candidate.token.clock // 60 % _DAY


def _found(
    best: _Reading, readings: Sequence[_Reading], printed: Sequence[_Mark], blocks: Sequence[Block]
) -> FoundPosts:
    """Return the posts of a reading, with the stamps that its posts show."""
    shown = best
    if best.is_machine:
        same = [each for each in readings if not each.is_machine and _mark_alike(each, best)]
        shown = max(same, key=lambda each: each.score, default=best)
    doubts: tuple[Doubt, ...] = ()
    first = best.marks[0].candidate
    if best.score < CERTAIN:
        text = f"{len(best.marks)} times such as {first.printed!r} are read as stamps, with little evidence"
        doubts = (Doubt(kind="rival", line=first.number, text=text),)
    if not best.is_machine:
        doubts = (*doubts, *_time_doubts([mark.candidate for mark in printed], best.weighed.series))
    marks, label = _without_common_label(_shown_marks(shown))
    if label:
        text = f"{label!r} after the times is read as no text; if it is a time zone, set ZONE= to that zone"
        doubts = (*doubts, Doubt(kind="zone", line=first.number, text=text))
    stamped = _with_stamps(blocks, (*marks, *_marks_of_others(best.tags, marks, printed)), shown.tags)
    if not best.tags:
        return FoundPosts(blocks=stamped, is_called_live=best.is_called_live, doubts=doubts)
    detected = DetectedPosts(best.tags, Layout(name="repeated elements", entry=""))
    return FoundPosts(blocks=stamped, detected=detected, is_called_live=best.is_called_live, doubts=doubts)


def _mark_alike(one: _Reading, other: _Reading) -> bool:
    ids = {id(tag) for tag in other.tags}
    shared = sum(any(id(tag) in ids for tag in _around(mark.tag)) for mark in one.marks)
    return bool(ids) and shared * 10 >= len(one.marks) * 8 and len(one.marks) * 10 >= len(other.marks) * 8


def _time_doubts(candidates: Sequence[Candidate], series: Series) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(kind="time not taken", line=each.number, text=f"{each.printed!r} may be a stamp; it is read as text")
        for each in not_taken(candidates, series)
    )


def _shown_marks(reading: _Reading) -> tuple[_Mark, ...]:
    """Return the marks of a series that the page shows; a machine time in an attribute may have no text."""
    if not (reading.is_machine and reading.tags):
        return reading.marks
    return tuple(mark for mark in reading.marks if mark.tag.get_text(strip=True) and mark.tag not in reading.tags)


def _without_common_label(marks: tuple[_Mark, ...]) -> tuple[tuple[_Mark, ...], str]:
    """Return marks without a word in the brackets of all their times, which may be a zone, and the word; else ""."""
    words = {mark.candidate.text_after for mark in marks}
    word = words.pop() if len(words) == 1 else ""
    label = word.rstrip(")] ")
    in_brackets = label != word and all(mark.candidate.before[-1:] in ("(", "[") for mark in marks)
    if len(marks) < _FEWEST_LABELLED or not label or not in_brackets or len(label) > _LONGEST_LABEL:
        return marks, ""
    return tuple(replace(mark, candidate=replace(mark.candidate, text_after="", common=None)) for mark in marks), label


def _marks_of_others(tags: Sequence[Tag], marks: Sequence[_Mark], printed: Sequence[_Mark]) -> Iterator[_Mark]:
    """Yield the times of the posts that no mark of a series is in, such as one that is pinned out of order.

    They are in an element like those of the series.
    """
    timed = {id(tag) for mark in marks for tag in _around(mark.tag)}
    untimed = {id(tag) for tag in tags if id(tag) not in timed}
    places = {mark.candidate.place[:1] for mark in marks}
    # Others have an age beside the same element: "2 hours ago" and "14:05" are one stamp, "just today" is no age.
    inside = (tag for mark in marks for tag in _first_inside(mark.tag)) if untimed else ()
    places |= {_place(tag)[:1] for tag in inside if is_stamp(one_line(tag.get_text()))}
    for mark in printed if untimed else ():
        post = next((id(tag) for tag in _around(mark.tag) if id(tag) in untimed), 0)
        printed_in = (tag for tag in mark.tag.descendants if isinstance(tag, Tag) and "class" in tag.attrs)
        own = (_place(tag)[:1] for tag in printed_in if one_line(tag.get_text()) == mark.candidate.printed)
        if post and (mark.candidate.place[:1] in places or any(place in places for place in own)):
            untimed.remove(post)
            candidate = mark.candidate
            is_label = match_boilerplate(candidate.text_after) is not None  # "18:30 Pinned"
            yield replace(mark, candidate=replace(candidate, text_after="", common=None)) if is_label else mark


def _with_stamps(blocks: Sequence[Block], marks: Sequence[_Mark], tags: Sequence[Tag]) -> tuple[Block, ...]:
    """Return the blocks with the stamps of a series, and without other stamps beside them."""
    chosen = {mark.candidate.number: mark for mark in marks}
    inside = {id(tag) for tag in tags}
    found = []
    for block in blocks:
        if any(each.line.number in chosen for each in block.lines) or (
            not inside or any(id(tag) in inside for tag in _around(block.element))
        ):
            lines = tuple(_with_stamp(each, chosen.get(each.line.number)) for each in block.lines)
            found.append(replace(block, lines=lines))
        else:
            found.append(block)
    settled = iter(separate_edit_times([each for block in found for each in block.lines]))
    return tuple(replace(block, lines=tuple(islice(settled, len(block.lines)))) for block in found)


def _with_stamp(each: LineClass, mark: _Mark | None) -> LineClass:
    if mark is None:
        return replace(each, stamp=None, clock=None) if each.stamp or each.clock else each
    candidate = mark.candidate
    if candidate.token.shape.startswith("machine"):
        printed = " ".join(mark.tag.get_text().split())
        text = each.line.text
        if printed and text.startswith(printed):
            rest = text.removeprefix(printed).strip(" .:–—-")
        else:
            rest = each.stamp.text_after if each.stamp else text
        stamp = replace(candidate.stamp, text_after="" if is_zone_in_brackets(rest) else rest)
        return LineClass(line=each.line, stamp=stamp, date=candidate.date, in_series=True)
    return LineClass(
        line=each.line, stamp=candidate.stamp, date=candidate.date, author=candidate.author, in_series=True
    )


def _with_siblings(group: Sequence[Tag]) -> list[Tag]:
    """Add the similar siblings that state no time, or have one more class, such as a pinned post.

    Elements of another name than most, such as a box around a pinned post, stay, but none like them is added.
    """
    usual = Counter(tag.name for tag in group).most_common(1)[0][0]
    names = sorted({tag.name for tag in group})
    shared = set.intersection(*(set(_classes(tag).split()) for tag in group))
    found: list[Tag] = []
    ids = {id(tag) for tag in group}
    for parent in {id(tag.parent): tag.parent for tag in group}.values():
        for tag in parent.find_all(names, recursive=False) if parent else ():
            classes = set(_classes(tag).split())
            is_plain = tag.name in _PLAIN_POST_TAGS and not shared and not classes
            similar = tag.name == usual and (shared & classes or is_plain)
            if tag.name == "tr" and not any(iter_tags(tag, {"td"})):
                continue  # the heads of columns
            if id(tag) in ids or (similar and not region_of(tag, inside=True)):
                found.append(tag)
    return found


def _outermost(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return the elements that are not inside another of them."""
    ids = {id(tag) for tag in tags}
    return tuple(tag for tag in tags if not any(id(parent) in ids for parent in tag.parents))
