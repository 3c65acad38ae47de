"""Find the posts of a page: a series of times that are its stamps, and the elements that hold a post each.

A layout that matches is used. On any other page the series of marks (`marks`) are weighed (`text.evidence`,
`tree_evidence`), and the best one is used. The posts are the largest elements with one mark each; where they hold too
little of the text, the text flows from one stamp to the next.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
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
    Weighed,
)
from daybook.parse.text.series import Candidate, Series, not_taken
from daybook.parse.time.tokens import is_stamp
from daybook.parse.time.zones import is_zone_in_brackets
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import (
    HEADING_TAGS,
    PAGE_TAGS,
    contains_tag,
    iter_tags,
    region_of,
)
from daybook.parse.web.layouts import LAYOUTS
from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.marks import (
    QUARTER,
    ROOT_TAGS,
    Mark,
    around,
    find_machine_marks,
    find_printed_marks,
    lasting_classes,
    place_of,
    series_of_marks,
)
from daybook.parse.web.post_fields import published_time
from daybook.parse.web.tree_evidence import PageFacts, Reading, Sizes, first_inside, most_shared, weigh_marks

_POST_TAGS = frozenset({"div", "section", "article", "li", "tr", "dd", "details"})
_PLAIN_POST_TAGS = frozenset({"li", "article", "tr"})  # need no class to be like their siblings
_MIN_SHARE = 0.8  # of the text from the first post to the last that elements hold, else it flows
_SHORTEST_POST = 40  # characters of the only post of a page
_FEWEST_LABELLED = 3  # times with one and the same word in their brackets
_LONGEST_LABEL = 30  # characters


class DetectedPosts(Struct, frozen=True):
    """The elements that are posts, in page order, and the layout that found them."""

    tags: tuple[Tag, ...]
    layout: Layout


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


def find_posts(tree: BeautifulSoup, source: str, blocks: Sequence[Block], page: PageFacts) -> FoundPosts | None:
    """Return the posts of a page; None if it has none. `source` is its HTML."""
    for layout in LAYOUTS:
        tags = _outermost(tree.select(layout.entry)) if layout.marker in source else ()
        if tags:
            marks = _stamps_of_layout(tags, layout, find_printed_marks(blocks))
            stamped = _with_stamps(blocks, marks, tags) if marks else tuple(blocks)
            return FoundPosts(blocks=stamped, detected=DetectedPosts(tags, layout))
    printed, machine = find_printed_marks(blocks), find_machine_marks(tree, blocks)
    sizes = Sizes(blocks)
    readings = [
        weigh_marks(marks, _post_elements(marks, sizes), sizes, tree, page)
        for found in (printed, machine)
        for marks in series_of_marks(found)
    ]
    readings = _after_competition(readings, sizes)
    best = max(readings, key=lambda each: each.score, default=None)
    if best is None or best.score < POSSIBLE:
        return _only_post([*machine, *printed], sizes, page)
    return _found(best, readings, printed, blocks)


def _stamps_of_layout(tags: Sequence[Tag], layout: Layout, printed: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the times that the posts of a layout show: a series with one in each that says the same as its data.

    The two may differ by a multiple of 15 minutes, since they may be in two zones.
    """
    times = {id(tag): published_time(tag, layout)[1] for tag in tags}
    for marks in series_of_marks(printed):
        posts = [next((id(tag) for tag in around(mark.tag) if id(tag) in times), 0) for mark in marks]
        if 0 in posts or len(set(posts)) < len(posts) or len(posts) * 10 < len(tags) * 8:
            continue
        stated = [times[post] for post in posts]
        same = sum(
            time is not None and (time.clock or 0) // 60 % QUARTER == mark.minute % QUARTER
            for mark, time in zip(marks, stated, strict=True)
        )
        if same * 10 >= len(posts) * 8:
            return marks
    return ()


def _post_elements(marks: Sequence[Mark], sizes: Sizes) -> tuple[Tag, ...]:
    """Return the largest elements with one mark each, all of one kind where possible; () if the text flows."""
    counts = Counter(id(tag) for mark in marks for tag in around(mark.tag))
    chains: list[list[Tag]] = []
    for mark in marks:
        chain = []
        for tag in around(mark.tag):
            if counts[id(tag)] > 1 or tag.name in ROOT_TAGS:
                break
            chain.append(tag)
        if not chain:
            return ()
        chains.append(chain)
    kinds = Counter((chain[-1].name, lasting_classes(chain[-1])) for chain in chains)
    usual = kinds.most_common(1)[0][0]
    tags = [
        next((tag for tag in reversed(chain) if (tag.name, lasting_classes(tag)) == usual), chain[-1])
        for chain in chains
    ]
    if usual[0] not in _POST_TAGS:
        return ()
    timed = {id(tag) for tag in tags}
    tags = list(_with_siblings(tags))
    inside = {id(tag) for tag in tags}
    own = [index for index, block in enumerate(sizes.blocks) if any(id(tag) in inside for tag in around(block.element))]
    if not own:
        return ()
    held = sum(sizes.lengths[id(tag)] for tag in tags)
    stamps = sum(len(mark.candidate.printed) for mark in marks)
    if held - stamps < _MIN_SHARE * (sizes.between(own[0], own[-1] + 1) - stamps):
        return ()
    return tuple(tags) if timed <= inside else ()


def _only_post(marks: Sequence[Mark], sizes: Sizes, page: PageFacts) -> FoundPosts | None:
    """Return the only post of an early capture: an element with one heading, a paragraph and a time of a known day."""
    if not page.is_live:
        return None
    found: dict[int, tuple[Mark, Tag]] = {}
    for mark in marks:
        inner = takewhile(lambda tag: not (tag.name in ROOT_TAGS or contains_tag(tag, PAGE_TAGS)), around(mark.tag))
        tag = next((each for each in reversed([*inner]) if each.name in _POST_TAGS), None)
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
    weighed = Weighed(series=Series(stamps=(mark.candidate,)), score=CERTAIN)
    reading = Reading((mark,), (tag,), weighed, is_called_live=True)
    return FoundPosts(
        blocks=_with_stamps(sizes.blocks, _shown_marks(reading), reading.tags), detected=detected, is_called_live=True
    )


def _after_competition(readings: Sequence[Reading], sizes: Sizes) -> list[Reading]:
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


def _less(reading: Reading, penalty: int) -> Reading:
    if not penalty:
        return reading
    weighed = replace(reading.weighed, score=reading.score - penalty)
    return replace(reading, weighed=weighed)


def _repeats(box: Reading, posts: Reading) -> bool:
    """Return whether most times of a box are those of posts; machine times and shown ones may be in two zones."""
    own, times = [mark.minute for mark in box.marks], {mark.minute for mark in posts.marks}
    same_kind = box.is_machine == posts.is_machine
    shared = sum(minute in times for minute in own) if same_kind else most_shared(own, times)
    return shared >= 0.7 * len(own) and len(own) <= len(posts.marks)


def _is_mere_box(first: Reading, later: Reading) -> bool:
    """Return whether a series above another one is weaker by so much that its place does not count."""
    return first.score + 2 < later.score


def _found(best: Reading, readings: Sequence[Reading], printed: Sequence[Mark], blocks: Sequence[Block]) -> FoundPosts:
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


def _mark_alike(one: Reading, other: Reading) -> bool:
    ids = {id(tag) for tag in other.tags}
    shared = sum(any(id(tag) in ids for tag in around(mark.tag)) for mark in one.marks)
    return bool(ids) and shared * 10 >= len(one.marks) * 8 and len(one.marks) * 10 >= len(other.marks) * 8


def _time_doubts(candidates: Sequence[Candidate], series: Series) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(kind="time not taken", line=each.number, text=f"{each.printed!r} may be a stamp; it is read as text")
        for each in not_taken(candidates, series)
    )


def _shown_marks(reading: Reading) -> tuple[Mark, ...]:
    """Return the marks of a series that the page shows; a machine time in an attribute may have no text."""
    if not (reading.is_machine and reading.tags):
        return reading.marks
    return tuple(mark for mark in reading.marks if mark.tag.get_text(strip=True) and mark.tag not in reading.tags)


def _without_common_label(marks: tuple[Mark, ...]) -> tuple[tuple[Mark, ...], str]:
    """Return marks without a word in the brackets of all their times, which may be a zone, and the word; else ""."""
    words = {mark.candidate.text_after for mark in marks}
    word = words.pop() if len(words) == 1 else ""
    label = word.rstrip(")] ")
    in_brackets = label != word and all(mark.candidate.before[-1:] in ("(", "[") for mark in marks)
    if len(marks) < _FEWEST_LABELLED or not label or not in_brackets or len(label) > _LONGEST_LABEL:
        return marks, ""
    return tuple(replace(mark, candidate=replace(mark.candidate, text_after="", common=None)) for mark in marks), label


def _marks_of_others(tags: Sequence[Tag], marks: Sequence[Mark], printed: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the times of the posts that no mark of a series is in, such as one that is pinned out of order.

    They are in an element like those of the series.
    """
    timed = {id(tag) for mark in marks for tag in around(mark.tag)}
    untimed = {id(tag) for tag in tags if id(tag) not in timed}
    places = {mark.candidate.place[:1] for mark in marks}
    # Others have an age beside the same element: "2 hours ago" and "14:05" are one stamp, "just today" is no age.
    inside = (tag for mark in marks for tag in first_inside(mark.tag)) if untimed else ()
    places |= {place_of(tag)[:1] for tag in inside if is_stamp(one_line(tag.get_text()))}
    for mark in printed if untimed else ():
        post = next((id(tag) for tag in around(mark.tag) if id(tag) in untimed), 0)
        printed_in = (tag for tag in mark.tag.descendants if isinstance(tag, Tag) and "class" in tag.attrs)
        own = (place_of(tag)[:1] for tag in printed_in if one_line(tag.get_text()) == mark.candidate.printed)
        if post and (mark.candidate.place[:1] in places or any(place in places for place in own)):
            untimed.remove(post)
            candidate = mark.candidate
            is_label = match_boilerplate(candidate.text_after) is not None  # "18:30 Pinned"
            yield replace(mark, candidate=replace(candidate, text_after="", common=None)) if is_label else mark


def _with_stamps(blocks: Sequence[Block], marks: Sequence[Mark], tags: Sequence[Tag]) -> tuple[Block, ...]:
    """Return the blocks with the stamps of a series, and without other stamps beside them."""
    chosen = {mark.candidate.number: mark for mark in marks}
    inside = {id(tag) for tag in tags}
    found = []
    for block in blocks:
        if any(each.line.number in chosen for each in block.lines) or (
            not inside or any(id(tag) in inside for tag in around(block.element))
        ):
            lines = tuple(_with_stamp(each, chosen.get(each.line.number)) for each in block.lines)
            found.append(replace(block, lines=lines))
        else:
            found.append(block)
    settled = iter(separate_edit_times([each for block in found for each in block.lines]))
    return tuple(replace(block, lines=tuple(islice(settled, len(block.lines)))) for block in found)


def _with_stamp(each: LineClass, mark: Mark | None) -> LineClass:
    if mark is None:
        return replace(each, stamp=None, clock=None) if each.stamp or each.clock else each
    candidate = mark.candidate
    if mark.is_machine:
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
    shared = set.intersection(*(set(lasting_classes(tag).split()) for tag in group))
    found: list[Tag] = []
    ids = {id(tag) for tag in group}
    for parent in {id(tag.parent): tag.parent for tag in group}.values():
        for tag in parent.find_all(names, recursive=False) if parent else ():
            classes = set(lasting_classes(tag).split())
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
