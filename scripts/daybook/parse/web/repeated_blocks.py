"""Mark the blocks that posts in elements repeat and that are no text: names, roles, labels, ages, controls.

A post has an element of its own, so the same place in most posts, a class, or the text itself shows what a block is.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bs4 import Tag
from bs4.element import PageElement
from msgspec.structs import replace

from daybook.parse.text.bylines import NAME, is_quotation
from daybook.parse.text.classify import MARKS, PERSON, is_sentence
from daybook.parse.text.ends import RECURRING, recurring_lines
from daybook.parse.time.names import MONTH_NUMBERS, WEEKDAY_NUMBERS, with_ascii_digits
from daybook.parse.time.tokens import find_times, is_age
from daybook.parse.web.blocks import Block, link_length, linked_characters
from daybook.parse.web.dom import (
    HEADING_TAGS,
    OTHER_STORIES,
    ROLE,
    attribute_text,
    is_embedded,
    iter_tags,
    lowest_common_ancestor,
    name_and_class,
)

_MIN_POSTS_WITH_BOXES = 2
_ALL_LINK = 0.9  # of the text of a block
# Names of authors
_TEXT_TAGS = HEADING_TAGS | {"p", "li", "blockquote", "pre", "td", "th", "dd", "dt", "summary"}  # hold texts, not names
_MIN_POSTS_WITH_NAMES = 3
_LONGEST_NAME = 60  # characters
_CONTROLS = re.compile(r"(?:(?:like|share|reply|comment|tweet|save|copy|link|print|report)\b\W*){1,5}", re.IGNORECASE)
_PARTICLES = (
    r"(?:de|del|della|di|da|do|dos|du|la|le|van|von|der|den|ten|ter|al|el|bin|ibn|in|at|for"
    r"|and|und|et|y|e|i|og|och|ja|en|ve|és|și|и|і|та|και|eta|&)"
)
_NAME = re.compile(
    r"(?i:(?:by|from|von|par|por|di|da|af|av|door|autor|text)\b:? )?"
    rf"[^\W\d_a-z][\w{MARKS}’'.-]*(?:(?:,? (?:{_PARTICLES} )?| ?[/+] ?)[^\W\d_a-z][\w{MARKS}’'.-]*){{0,6}}",
)
_ROLE_CLASS = re.compile(r"(?:^|[\s_-])(?:job|role|title|position|bio|function)(?:$|[\s_-])", re.IGNORECASE)
_LABEL_REGION = "label"
_AGE_REGION = "age of a post"
_COUNTED_UNIT = re.compile(
    r"(?P<before>(?:[^\W\d_]{1,12}\.? ){0,2})(?P<number>\d{1,3})\s?(?P<after>[^\W\d_]{1,15}\.?(?: [^\W\d_]{1,12}\.?)?)"
)
_MIN_AGES = 3
_MIN_KNOWN_AGES = 2
_LONGEST_AGE = 40  # characters
_DAY = 24 * 3600  # seconds
_UNITS_OF_AGES = (60, 3600)
_LABEL_TAGS = frozenset({"span", "a", "small", "mark", "em", "i", "strong", "b", "div", "p"})
_LABEL_CLASS = re.compile(
    r"(?:^|[\s_-])(?:tag|label|badge|kicker|flag|pill|chip|cartridge|rubri[ck]|category|topic|overline|eyebrow)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LONGEST_LABEL = 40  # characters
_NUMBERED = re.compile(r"(?<![^\W_])[^\W_\d]*+\d[^\W_]*")
_SMALL_LETTER = re.compile(r"(?<!\w)[a-z]")
_LABEL = re.compile(r"(?:by|from|von|par|por|di|af|av|door) ", re.IGNORECASE)


def mark_repeated(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post with the regions of those that are no text."""
    return _mark_ages(_mark_recurring(_mark_labels(_mark_bylines(_mark_link_boxes(posts)))))


def _mark_link_boxes(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post, those of boxes with links to other stories as a region.

    Such a box is an element with a short line, which recurs in several posts, and links below it; it is not all that
    its post has.
    """
    found = [list(blocks) for blocks in posts]
    boxes: dict[str, list[tuple[int, int, int]]] = defaultdict(list)  # of post and blocks, by the line
    for number, blocks in enumerate(found):
        for index, label in enumerate(blocks[:-1]):
            is_line = not (label.region or label.figure) and len(label.lines) == 1 and len(label.text) <= _LONGEST_LABEL
            if (
                not is_line
                or _is_link(label)
                or is_sentence(label.text)
                or label.lines[0].stamp
                or not _is_link(blocks[index + 1])
            ):
                continue
            above, below = label.element, blocks[index + 1].element
            around = {id(tag) for tag in below.self_and_parents}
            box = next(tag for tag in above.self_and_parents if id(tag) in around)
            is_first = index == 0 or not _is_inside(blocks[index - 1], box)
            end = index + 1
            while end < len(blocks) and _is_link(blocks[end]) and _is_inside(blocks[end], box):
                end += 1
            rest = (block for place, block in enumerate(blocks) if not index <= place < end and not block.region)
            has_text = any(not line.stamp for block in rest for line in block.lines)
            if is_first and has_text and not (end < len(blocks) and _is_inside(blocks[end], box)):
                boxes[label.text].append((number, index, end))
    enough = max(_MIN_POSTS_WITH_BOXES, len(posts) // 4)
    for places in boxes.values():
        if len({number for number, _, _ in places}) >= enough:
            for number, start, end in places:
                found[number][start:end] = [replace(block, region=OTHER_STORIES) for block in found[number][start:end]]
    return found


def _is_inside(block: Block, box: PageElement) -> bool:
    return any(tag is box for tag in block.element.self_and_parents)


def _is_link(block: Block) -> bool:
    return not block.figure and linked_characters(block) > _ALL_LINK * len(block.text)


def _mark_bylines(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post, those with a recurring name as the region "byline".

    A name is in one place in most posts, in no paragraph unless it begins with "By", and there are fewer names than
    posts: by half, or if it is above the text of every post, by one; or the markup calls most of them names, or
    each post ends with a name beside its stamp. A role may be below it, such as "Chief
    reporter", in an element that holds nothing but the two.
    """
    found = [list(blocks) for blocks in posts]
    text_starts = [_text_start(blocks) for blocks in found]
    places: dict[tuple[int, tuple[str, ...]], list[tuple[int, int]]] = defaultdict(list)  # of post and block
    for number, blocks in enumerate(found):
        seen: Counter[tuple[str, ...]] = Counter()  # names in one place, such as an author and a role
        for index, block in enumerate(blocks):
            may_be_name = _may_be_name(block) or (block.element.name == "p" and _is_name_alone(block))
            if may_be_name and not (index and is_quotation(blocks[index - 1].text)):
                place = _place(block)
                places[seen[place], place].append((number, index))
                seen[place] += index < text_starts[number]  # below the text they may be those of a speaker
    for marked in places.values():
        posts_with = {number for number, _ in marked}
        if len(posts_with) < len(marked) or len(posts_with) * 2 < len(found):
            continue
        names = Counter(found[number][index].text for number, index in marked)
        is_labelled = all(_LABEL.match(name) for name in names)
        is_in_all = len(marked) == len(found) and all(index < text_starts[number] for number, index in marked)
        has_few = len(names) * 2 <= len(marked) or (is_in_all and len(names) < len(marked))
        is_one = len(names) == 1 and len(marked) > 1
        is_control = is_one and not is_in_all and " " not in next(iter(names))  # "Like", below the text
        # Without capital letters, a label of two words looks like a name.
        is_control = is_control or (is_one and not is_in_all and not any(map(str.isupper, next(iter(names)))))
        recurs = ((has_few or is_one) and not is_control) or is_labelled or _are_names(found, marked, text_starts)
        if recurs:
            for number, index in marked:
                found[number][index] = replace(found[number][index], region="byline")
    for number, index in _names_known_elsewhere(found):
        found[number][index] = replace(found[number][index], region="byline")
    for number, index in _names_with_role(found):
        found[number][index] = replace(found[number][index], region="byline")
        found[number][index + 1] = replace(found[number][index + 1], region=ROLE)
    return found


def _names_known_elsewhere(posts: Sequence[Sequence[Block]]) -> Iterator[tuple[int, int]]:
    """Yield the post and index of a name in a post without a byline that is one in another post, in a similar element.

    A pinned post has other classes around it.
    """
    known = {(block.text, _place(block)[:2]) for blocks in posts for block in blocks if block.region == "byline"}
    for number, blocks in enumerate(posts if known else ()):
        if not any(block.region == "byline" for block in blocks):
            named = (index for index, block in enumerate(blocks) if _may_be_name(block))
            yield from ((number, index) for index in named if (blocks[index].text, _place(blocks[index])[:2]) in known)


def _are_names(posts: Sequence[Sequence[Block]], marked: Sequence[tuple[int, int]], text_starts: Sequence[int]) -> bool:
    """Return whether the markup calls most of some lines names, or all posts have one beside their stamps.

    At the start of a post it may be a headline, unless one of them recurs.
    """
    called = beside = above = 0
    for number, index in marked:
        blocks, block = posts[number], posts[number][index]
        tags = [block.element, *(node for node in block.nodes if isinstance(node, Tag))]
        tags += [inner for node in tags[1:] for inner in iter_tags(node, {"span", "a"})]
        is_name = NAME.fullmatch(block.text) is not None
        called += is_name and any(tag.get("itemprop") in ("name", "author") for tag in tags)
        near = [*blocks[max(0, index - 1) : index], *blocks[index + 1 : index + 2]]
        is_end = index > text_starts[number]
        is_beside = is_name and any(each.in_series for other in near for each in other.lines)
        beside += is_beside
        above += is_beside and not is_end
    differ = len({posts[number][index].text for number, index in marked}) == len(marked)
    are_beside = beside == len(marked) == len(posts) >= _MIN_POSTS_WITH_NAMES
    return called * 2 > len(marked) or (are_beside and not (above and differ))


def _mark_labels(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post, those that their class calls labels above the text as the region "label"."""
    found = []
    for blocks in posts:
        start = _text_start(blocks)
        has_text = any(not (block.region or block.figure or block.is_heading or _is_label(block)) for block in blocks)
        above = range(min(start + 1, len(blocks))) if has_text else ()
        is_label = {index for index in above if _is_label(blocks[index])}
        found.append(
            [replace(block, region=_LABEL_REGION) if index in is_label else block for index, block in enumerate(blocks)]
        )
    return found


def _is_label(block: Block) -> bool:
    around = [block.element, *(node for node in block.nodes if isinstance(node, Tag))]
    is_named = any(tag.name in _LABEL_TAGS and _LABEL_CLASS.search(str(tag.get("class") or "")) for tag in around[:2])
    is_marked = any(each.stamp or each.date or each.in_series for each in block.lines)
    return (
        is_named
        and not (block.region or block.figure or block.is_heading or is_marked)
        and len(block.text) <= _LONGEST_LABEL
    )


def _mark_recurring(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post, those that recur at the start or the end of most posts as a region."""
    own = [[index for index, block in enumerate(blocks) if _is_unmarked(block)] for blocks in posts]
    texts = [
        [(blocks[index].text, _may_recur(blocks[index])) for index in indexes]
        for blocks, indexes in zip(posts, own, strict=True)
    ]
    names = {block.text for blocks in posts for block in blocks if block.region == "byline"}
    found = [list(blocks) for blocks in posts]
    for blocks, indexes, places in zip(found, own, recurring_lines(texts, names), strict=True):
        for index in (indexes[place] for place in places):
            blocks[index] = replace(blocks[index], region=RECURRING)
    return found


def _mark_ages(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post, those with its age as a region.

    They are beside the stamps, and are nothing but an age, or in the place of such ages in half of the posts: "a few
    minutes ago". In a language that is not known they are in one place, with a number and few words, and from post to
    post the numbers grow as the times fall: by the minute or the hour.
    """
    places: dict[tuple[str, ...], list[tuple[int, int, int]]] = defaultdict(list)  # of post and block, and the clock
    kinds = _kinds_of_ages(posts)
    for number, blocks in enumerate(posts):
        clocks = {
            index: each.stamp.clock
            for index, block in enumerate(blocks)
            for each in block.lines
            if each.in_series and each.stamp
        }
        near = {index + step: clock for index, clock in clocks.items() for step in (-1, 1)}
        for index, clock in sorted(near.items()):
            block = blocks[index] if 0 <= index < len(blocks) else None
            if block and _is_unmarked(block) and block.element.name not in _TEXT_TAGS:
                places[_place(block)].append((number, index, clock))
    found = [list(blocks) for blocks in posts]
    for marked in places.values():
        known = {(number, index) for number, index, _ in marked if is_age(posts[number][index].text)}
        is_place_of_ages = len(known) >= _MIN_KNOWN_AGES and len(known) * 2 >= len(marked)
        for number, index, _ in marked:
            block = posts[number][index]
            is_like = (is_place_of_ages or name_and_class(block.element) in kinds) and len(block.text) <= _LONGEST_AGE
            if is_like or (number, index) in known:
                found[number][index] = replace(found[number][index], region=_AGE_REGION)
            if (number, index) in known:
                _give_age(found[number], index)
        if known:
            continue
        ages: dict[str, list[tuple[int, int]]] = defaultdict(list)  # number and clock, by the unit
        for number, index, clock in marked:
            if match := _COUNTED_UNIT.fullmatch(posts[number][index].text):
                ages[f"{match['before']}{match['after']}"].append((int(match["number"]), clock))
        total = sum(map(len, ages.values()))
        is_usual = len({number for number, _, _ in marked}) == len(marked) == total >= max(_MIN_AGES, len(posts) / 2)
        pairs = [pair for each in ages.values() for pair in pairwise(each)]
        if is_usual and pairs and all(map(_is_one_unit, ages.values())):
            for number, index, _ in marked:
                found[number][index] = replace(found[number][index], region=_AGE_REGION)
    return found


def _give_age(blocks: list[Block], index: int) -> None:
    """Give the stamps in the blocks beside an age, in place, this age: with the capture it tells their day."""
    token = next(find_times(with_ascii_digits(blocks[index].text)))
    for place in (index - 1, index + 1):
        if 0 <= place < len(blocks):
            lines = (
                replace(each, stamp=replace(each.stamp, age_beside=token.age))
                if each.in_series and each.stamp and each.stamp.age is None and each.stamp.age_beside is None
                else each
                for each in blocks[place].lines
            )
            blocks[place] = replace(blocks[place], lines=tuple(lines))


def _kinds_of_ages(posts: Sequence[Sequence[Block]]) -> set[tuple[str, str]]:
    """Return the names and classes of the elements that hold an age inside the stamps of two posts or more."""
    stamps = (block for blocks in posts for block in blocks if any(each.in_series for each in block.lines))
    tags = (node for block in stamps for node in block.nodes if isinstance(node, Tag) and "class" in node.attrs)
    found = Counter(name_and_class(tag) for tag in tags if is_age(tag.get_text()))
    return {kind for kind, count in found.items() if count >= _MIN_KNOWN_AGES}


def _is_one_unit(ages: Sequence[tuple[int, int]]) -> bool:
    """Return whether the numbers of some ages differ as their clocks do, in one unit, to one unit exactly."""
    return any(
        all(abs((more - less) * unit - (one - other) % _DAY) <= unit for (less, one), (more, other) in pairwise(ages))
        for unit in _UNITS_OF_AGES
    )


def _is_unmarked(block: Block) -> bool:
    is_marked = any(each.stamp or each.date or each.rule or each.in_series for each in block.lines)
    return block.region in ("", "byline") and not (block.figure or block.is_heading or is_marked)


def _may_recur(block: Block) -> bool:
    """Return whether a block may be a label or a control: it is no paragraph, or nothing but links."""
    if block.region or any(tag.name in ("blockquote", "pre", "table") for tag in block.containers):
        return False
    return block.element.name not in _TEXT_TAGS or link_length(block) * 2 > len(block.text)


def _names_with_role(posts: Sequence[Sequence[Block]]) -> list[tuple[int, int]]:
    """Return the post and index of each name whose element holds, apart from it, only a role.

    Two posts at least have such a pair of lines in the same place. Below the text the name is known to be one.
    """
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, blocks in enumerate(posts):
        above = min(_text_start(blocks), len(blocks) - 2)
        for index in range(len(blocks) - 1):
            name, role = blocks[index], blocks[index + 1]
            may_be_name = name.region == "byline" or (index < above and _may_be_name(name))
            if may_be_name and _may_be_role(role):
                around = lowest_common_ancestor([name.element, role.element])
                near = [*blocks[max(0, index - 1) : index], *blocks[index + 2 : index + 3]]
                if not any(around in each.element.self_and_parents for each in near):
                    places[_place(name)].append((number, index))
    return [each for marked in places.values() if len(marked) > 1 for each in marked]


def _may_be_role(block: Block) -> bool:
    is_in_byline = block.region == "byline" and (not PERSON.fullmatch(block.text) or _has_role_class(block))
    if (
        (block.region and not is_in_byline)
        or block.figure
        or block.is_heading
        or len(block.lines) != 1
        or len(block.text) > _LONGEST_NAME
    ):
        return False
    line = block.lines[0]
    is_words = (
        not any(character.isdigit() for character in block.text) and unicodedata.category(block.text[-1])[0] in "LM"
    )
    return is_words and not (line.stamp or line.date or line.rule)


def _has_role_class(block: Block) -> bool:
    tags = [block.element, *(node for node in block.nodes if isinstance(node, Tag))]
    return any(_ROLE_CLASS.search(attribute_text(tag, "class")) for tag in tags)


def _text_start(blocks: Sequence[Block]) -> int:
    """Return the index of the first block of a post that is text; those above are its time, headline and names."""
    for index, block in enumerate(blocks):
        is_mark = block.region or block.is_heading or block.figure or block.lines[0].stamp or block.lines[0].date
        if not is_mark and not _may_be_name(block):
            return index
    return len(blocks)


def _may_be_name(block: Block) -> bool:
    is_text = block.element.name in _TEXT_TAGS and not (block.element.name == "p" and _LABEL.match(block.text))
    is_quoted = any(each.name == "blockquote" for each in block.containers)
    if block.region or block.figure or block.is_heading or is_text or is_quoted or is_embedded(block.element):
        return False
    if _CONTROLS.fullmatch(block.text):
        return False
    if len(block.text) > _LONGEST_NAME or any(each.stamp or each.date or each.rule for each in block.lines):
        return False
    text = _LABEL.sub("", block.text, count=1)
    small = re.sub(rf"(?<!\w){_PARTICLES}(?!\w)", "", text)
    if block.text.lower() in MONTH_NUMBERS or block.text.lower() in WEEKDAY_NUMBERS:
        return False
    return _NAME.fullmatch(block.text) is not None and _SMALL_LETTER.search(small) is None


def _is_name_alone(block: Block) -> bool:
    """Return whether a paragraph is a name of two to four words, which is an author only if it recurs."""
    return not (block.region or block.figure or block.containers) and NAME.fullmatch(block.text) is not None


def _place(block: Block) -> tuple[str, ...]:
    """Return the names and classes of the innermost elements around a block, without words that are numbered.

    These differ from post to post in the classes of the elements around it.
    """
    around = [block.element, *block.element.parents][:3]
    own, *outer = (f"{tag.name}.{tag.get('class') or ''}" for tag in around)
    return (own, *(_NUMBERED.sub("", each) for each in outer))
