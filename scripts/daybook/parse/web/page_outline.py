"""Read all posts of a page as an `Outline`: posts in elements of their own, or posts separated only by clock times.

The lines of the outline are in any order.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from types import MappingProxyType

from bs4 import Tag
from msgspec.structs import replace

from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Note, Outline, Post, PrintedDate
from daybook.parse.text.bylines import NAME, is_quotation
from daybook.parse.text.chronicle import chronicle_from_lines, day_lines
from daybook.parse.text.classify import is_sentence, unique_captions
from daybook.parse.text.embedded_posts import mark_times_of_embeds
from daybook.parse.text.ends import RECURRING, recurring_lines
from daybook.parse.text.outline import build_outline
from daybook.parse.text.sections import ends_entry
from daybook.parse.time.names import MONTH_NUMBERS, WEEKDAY_NUMBERS, with_ascii_digits
from daybook.parse.time.tokens import find_times, is_age
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import (
    HEADING_TAGS,
    LINK_TAGS,
    MEDIA,
    is_embedded,
    is_weak,
    iter_tags,
    lowest_common_ancestor,
)
from daybook.parse.web.find_posts import DetectedPosts
from daybook.parse.web.page_header import caption_lines, classify_other_blocks, figure_captions, read_header_blocks
from daybook.parse.web.post import ParsedPost, parse_post
from daybook.parse.web.post_fields import find_bold_headline, find_headline, ids_of
from daybook.parse.web.to_markdown import body_from_lines, count_container_blocks

_ROLE = "role of an author"  # a region, as "byline" is
_NO_TEXTS: Mapping[int, str] = MappingProxyType({})
# Names of authors
_TEXT_TAGS = HEADING_TAGS | {"p", "li", "blockquote", "pre", "td", "th", "dd", "dt", "summary"}  # hold texts, not names
_LONGEST_NAME = 60  # characters
_CONTROLS = re.compile(r"(?:(?:like|share|reply|comment|tweet|save|copy|link|print|report)\b\W*){1,5}", re.IGNORECASE)
_PARTICLES = (
    r"(?:de|del|della|di|da|do|dos|du|la|le|van|von|der|den|ten|ter|al|el|bin|ibn|in|at|for"
    r"|and|und|et|y|e|i|og|och|ja|en|ve|és|și|и|і|та|και|eta|&)"
)
_NAME = re.compile(
    r"(?i:(?:by|from|von|par|por|di|da|af|av|door|autor|text)\b:? )?"
    rf"[^\W\d_a-z][\w’'.-]*(?:(?:,? (?:{_PARTICLES} )?| ?[/+] ?)[^\W\d_a-z][\w’'.-]*){{0,6}}",
)
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
_SMALL_LETTER = re.compile(r"(?<!\w)[a-z]")
_LABEL = re.compile(r"(?:by|from|von|par|por|di|af|av|door) ", re.IGNORECASE)

_FEWEST_LINKS = 2  # of a list; a single one may be the end of a post
_BOX_TAGS = frozenset({"div", "section", "aside", "footer", "address"})
_MIN_POSTS_ABOVE_BOX = 3
_MIN_DAYS = 3  # of a chronicle; two dates may be above any two texts


def outline_from_elements(
    posts: DetectedPosts, blocks: Sequence[Block], title: str
) -> tuple[Outline, list[tuple[Post, ClockTime]]]:
    """Read a page whose posts have an element each; `title` is the title in the page's metadata.

    Returns:
        The outline, and the printed times of the posts that also have machine-readable ones.
    """
    post_blocks: dict[int, list[Block]] = {id(tag): [] for tag in posts.tags}
    inside: list[int] = []  # indexes of blocks
    outside: list[int] = []
    for index, block in enumerate(blocks):
        post = next((id(tag) for tag in block.element.self_and_parents if id(tag) in post_blocks), None)
        if post is None:
            outside.append(index)
        else:
            inside.append(index)
            post_blocks[post].append(block)
    first, last = (inside[0], inside[-1]) if inside else (len(blocks), -1)
    marked = _mark_ages(_mark_recurring(_mark_labels(_mark_bylines(list(post_blocks.values())))))
    post_blocks = dict(zip(post_blocks, marked, strict=True))
    above = read_header_blocks(blocks[:first], title)
    sizes = count_container_blocks(blocks)
    headlines = _headlines(posts)
    all_parsed = (
        parse_post(tag, post_blocks[id(tag)], sizes, posts.layout, headline)
        for tag, headline in zip(posts.tags, headlines, strict=True)
    )
    parsed = [each for each in all_parsed if each.lines or each.post.headline]
    between = [blocks[index] for index in outside if first < index < last]
    inline_captions = (caption for each in parsed for caption in each.captions)
    outline = Outline(
        title=above.title,
        standfirst=above.standfirst,
        date=above.date,
        header_date=above.header_date,
        lede=above.lede,
        captions=unique_captions((*figure_captions(blocks[: last + 1]), *inline_captions)),
        posts=_with_day_headings(parsed, between, above.heading),
        lines=(
            *above.lines,
            *(line for each in parsed for line in each.lines),
            *classify_other_blocks(between, "between posts"),
            *classify_other_blocks(blocks[max(last + 1, first) :], "below the posts"),
        ),
        notes=_notes(posts, parsed),
    )
    return outline, [(each.post, each.printed_time) for each in parsed if each.printed_time]


def _headlines(posts: DetectedPosts) -> list[Tag | None]:
    """Return the headline element of each post; bold lines are headlines if most posts have no other."""
    marked = [find_headline(tag, posts.layout) for tag in posts.tags]
    if len([each for each in marked if each is not None]) * 2 > len(marked):
        return marked
    return [each or find_bold_headline(tag) for tag, each in zip(posts.tags, marked, strict=True)]


def _mark_bylines(posts: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each post, those with a recurring name as the region "byline".

    A name is in one place in most posts, in no paragraph unless it begins with "By", and there are fewer names than
    posts: by half, or if it is above the text of every post, by one; or the markup calls most of them names, or
    each post ends with a name beside its stamp. A role may be below it, such as "Chief
    reporter", in an element that holds nothing but the two.
    """
    found = [list(blocks) for blocks in posts]
    text_starts = [_text_start(blocks) for blocks in found]
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)  # of post and block
    for number, blocks in enumerate(found):
        for index, block in enumerate(blocks):
            may_be_name = _may_be_name(block) or (block.element.name == "p" and _is_name_alone(block))
            if may_be_name and not (index and is_quotation(blocks[index - 1].text)):
                places[_place(block)].append((number, index))
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
        recurs = ((has_few or is_one) and not is_control) or is_labelled or _are_names(found, marked, text_starts)
        if recurs:
            for number, index in marked:
                found[number][index] = replace(found[number][index], region="byline")
    for number, index in _names_known_elsewhere(found):
        found[number][index] = replace(found[number][index], region="byline")
    for number, index in _names_with_role(found):
        found[number][index] = replace(found[number][index], region="byline")
        found[number][index + 1] = replace(found[number][index + 1], region=_ROLE)
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
    are_beside = beside == len(marked) == len(posts) >= _MIN_POSTS_ABOVE_BOX
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
            is_like = (is_place_of_ages or _kind(block.element) in kinds) and len(block.text) <= _LONGEST_AGE
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
    found = Counter(_kind(tag) for tag in tags if is_age(tag.get_text()))
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
    return block.element.name not in _TEXT_TAGS or _link_length(block) * 2 > len(block.text)


def _names_with_role(posts: Sequence[Sequence[Block]]) -> list[tuple[int, int]]:
    """Return the post and index of each name above the text whose element holds, apart from it, only a role.

    Two posts at least have such a pair of lines in the same place.
    """
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, blocks in enumerate(posts):
        for index in range(min(_text_start(blocks), len(blocks) - 2)):
            name, role = blocks[index], blocks[index + 1]
            if (name.region == "byline" or _may_be_name(name)) and _may_be_role(role):
                around = lowest_common_ancestor([name.element, role.element])
                near = [*blocks[max(0, index - 1) : index], *blocks[index + 2 : index + 3]]
                if not any(around in each.element.self_and_parents for each in near):
                    places[_place(name)].append((number, index))
    return [each for marked in places.values() if len(marked) > 1 for each in marked]


def _may_be_role(block: Block) -> bool:
    if block.region or block.figure or block.is_heading or len(block.lines) != 1 or len(block.text) > _LONGEST_NAME:
        return False
    classes = block.lines[0]
    is_words = not any(character.isdigit() for character in block.text) and block.text[-1].isalpha()
    return is_words and not (classes.stamp or classes.date or classes.rule)


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
    """Return the names and classes of the innermost elements around a block, and that of its first node."""
    around = [block.element, *block.element.parents][:3]
    return tuple(f"{tag.name}.{tag.get('class') or ''}" for tag in around)


def _with_day_headings(
    parsed: Sequence[ParsedPost], between: Sequence[Block], heading: PrintedDate | None
) -> tuple[Post, ...]:
    """Give each post the day heading and the separator between it and the post above.

    `heading` is the day heading in the page header. The time of a pinned post is not compared with the next.
    """
    marks = [each for block in between if not block.region for each in block.lines]
    marks = [mark for mark in marks if mark.date or (mark.rule and mark.rule.effect == "restart")]
    found: list[Post] = []
    restart = False
    for each in parsed:
        while marks and marks[0].line.number < each.post.line:
            mark = marks.pop(0)
            heading, restart = mark.date or heading, restart or mark.date is None
        found.append(replace(each.post, heading=heading, restart=restart))
        heading, restart = None, each.is_pinned
    return tuple(found)


def _notes(posts: DetectedPosts, parsed: Sequence[ParsedPost]) -> tuple[Note, ...]:
    notes = [Note(0, f"posts found by layout: {posts.layout.name}")]
    differences = Counter(each.minutes_apart for each in parsed if each.minutes_apart)
    for minutes, count in sorted(differences.items()):
        times = f"{count} of {len(parsed)} machine-readable times"
        notes.append(Note(0, f"{times} differ from the printed ones by {minutes:+} minutes"))
    edits = sum(each.has_only_edit_time for each in parsed)
    if edits:
        notes.append(Note(0, f"{edits} of {len(parsed)} posts state only the time of their last edit; it is used"))
    without_time = [each.post.line for each in parsed if each.post.stamp is None]
    notes += [Note(line, "this post has no time; its entry is stored without one") for line in without_time]
    notes += [_plain_text_note(each.post, each.plain_text_reason) for each in parsed if each.plain_text_reason]
    notes += [Note(each.post.line, reason) for each in parsed for reason in each.lost]
    return tuple(notes)


def _plain_text_note(post: Post, reason: str) -> Note:
    return Note(post.line, f"this post is stored as plain text, without formatting: {reason}")


def outline_from_text_flow(blocks: Sequence[Block], title: str) -> Outline | None:
    """Read a page whose posts begin with a stamp of the series and end at the next; None if it has no posts.

    `title` is the title in the page's metadata.
    """
    stamped = [block for block in blocks if any(each.in_series for each in block.lines)]
    if not stamped:
        return None
    first, end = _posts_range(blocks, stamped)
    end = _above_links(blocks, stamped[-1], end)
    end = _above_other_box(blocks, stamped, first, end)
    inside = [block for block in blocks[first:end] if _is_coverage(block)]
    lines = mark_times_of_embeds([each for block in inside for each in block.lines])
    outline = build_outline(lines, is_html=True)
    above = read_header_blocks(blocks[:first], title)
    posts, notes = _with_bodies(_with_ids(outline.posts, stamped), blocks[first:end])
    others = [block for block in blocks[first:end] if not _is_coverage(block)]
    media = {number for post in posts for number in post.body_lines}
    return replace(
        outline,
        title=above.title,
        standfirst=above.standfirst,
        date=above.date or outline.date,
        header_date=above.header_date,
        lede=(*above.lede, *outline.lede),
        captions=figure_captions(blocks[:end]),
        posts=(replace(posts[0], heading=posts[0].heading or above.heading), *posts[1:]),
        lines=(
            *above.lines,
            *outline.lines,
            *_lines_of_others(others, media),
            *classify_other_blocks(blocks[end:], "below the posts"),
        ),
        notes=(*outline.notes, *notes),
    )


def _with_ids(posts: Sequence[Post], stamped: Sequence[Block]) -> list[Post]:
    """Give each post the id of the largest element around its stamp that holds no other stamp."""
    stamps_inside = Counter(id(tag) for block in stamped for tag in block.element.self_and_parents)
    by_line = {each.line.number: block for block in stamped for each in block.lines}
    found = []
    for post in posts:
        element = by_line[post.line].element if post.line in by_line else None
        around = element.self_and_parents if element else ()
        own = takewhile(lambda tag: stamps_inside[id(tag)] == 1, around)
        ids = [ids_of(tag) for tag in own if isinstance(tag, Tag)]
        unique, numbered = (next(filter(None, (pair[place] for pair in reversed(ids))), "") for place in (0, 1))
        found.append(replace(post, id=unique, numbered_id=numbered))
    return found


def _is_coverage(block: Block) -> bool:
    return (not block.region and not block.figure) or any(each.in_series for each in block.lines)


def outline_from_days(blocks: Sequence[Block], title: str) -> Outline | None:
    """Read a chronicle: a page whose headings are days, or whose paragraphs begin with one; None for any other page."""
    coverage = [block for block in blocks if not block.region and not block.figure]
    days = day_lines([block.lines[0].line for block in coverage])
    stamped = [block for block in coverage if block.number in days]
    with_text = {
        block.number for block, below in pairwise(coverage) if days.get(block.number) or below.number not in days
    }
    while stamped and stamped[0].number not in with_text:
        stamped = stamped[1:]  # the date of the page itself
    kinds = Counter((block.element.name, str(block.element.get("class") or "")) for block in stamped)
    if len(stamped) < _MIN_DAYS or max(kinds.values()) * 10 < len(stamped) * 8:
        return None
    first, end = _posts_range(blocks, stamped)
    inside = [block for block in blocks[first:end] if not block.region and not block.figure]
    periods = [block for block in blocks[:first] if block.is_heading and not block.region]  # "April 2031"
    outline = chronicle_from_lines([each.line for block in (*periods, *inside) for each in block.lines])
    own, linked = _length(inside), sum(map(_link_length, inside))
    if outline is None or own * 3 <= _length(coverage) or linked * 10 > own * 6:
        return None
    above = read_header_blocks(blocks[:first], title)
    posts, notes = _with_bodies(outline.posts, blocks[first:end], days)
    others = [block for block in blocks[first:end] if block.region or block.figure]
    media = {number for post in posts for number in post.body_lines}
    return replace(
        outline,
        title=above.title,
        standfirst=above.standfirst,
        date=above.date,
        header_date=above.header_date,
        lede=tuple(text for text in above.lede if text not in {block.text for block in periods}),
        captions=figure_captions(blocks[:end]),
        posts=posts,
        lines=(
            *above.lines,
            *(line for line in outline.lines if line.number >= blocks[first].number),
            *_lines_of_others(others, media),
            *classify_other_blocks(blocks[end:], "below the posts"),
        ),
        notes=notes,
    )


def _length(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _lines_of_others(others: Sequence[Block], media: Collection[int]) -> Iterator[ClassifiedLine]:
    """Yield the lines between posts that are no text; those in `media` are pictures of posts."""
    for line in classify_other_blocks(others, ""):
        is_picture = line.number in media and line.reason == MEDIA
        yield replace(line, role=LineRole.ENTRY, reason="") if is_picture else line


def _link_length(block: Block) -> int:
    """Return the number of characters in the links of a block."""
    tags = [node for node in block.nodes if isinstance(node, Tag)]
    links = [link for tag in tags for link in ([tag] if tag.name == "a" else iter_tags(tag, LINK_TAGS))]
    return sum(len(link.get_text()) for link in links)


def _posts_range(blocks: Sequence[Block], stamped: Sequence[Block]) -> tuple[int, int]:
    """Return the indexes where the first post begins and where the last ends.

    The first post includes a heading above its time if most posts have one. The last ends with the
    smallest element that contains all times.
    """
    ancestor = lowest_common_ancestor([block.element for block in stamped])
    indexes = {block.number: index for index, block in enumerate(blocks)}
    first, last = indexes[stamped[0].number], indexes[stamped[-1].number]
    below_heading = [indexes[block.number] > 0 and blocks[indexes[block.number] - 1].is_heading for block in stamped]
    end = last + 1
    while end < len(blocks) and any(tag is ancestor for tag in blocks[end].element.parents):
        end += 1
    return (first - 1 if below_heading[0] and sum(below_heading) * 2 > len(below_heading) else first), end


def _above_links(blocks: Sequence[Block], last: Block, end: int) -> int:
    """Return the index where a list of links begins that ends before `end`, below the last stamp; `end` without one."""
    start, links = end, 0
    while start and blocks[start - 1].number > last.number:
        block = blocks[start - 1]
        is_link = not block.region and _link_length(block) * 10 >= len(block.text) * 9
        if not (is_link or block.region or (block.is_heading and links)):
            break
        links += is_link
        start -= 1
    return start if links >= _FEWEST_LINKS else end


def _above_other_box(blocks: Sequence[Block], stamped: Sequence[Block], first: int, end: int) -> int:
    """Return the index where a box begins that ends before `end`, below the posts; `end` without one.

    It is beside the elements of the posts, holds no sentence, and no other post has one of its kind.
    """
    ancestor = lowest_common_ancestor([block.element for block in stamped])
    last = next(index for index, block in enumerate(blocks) if block.number == stamped[-1].number)
    usual = {_kind(_step_below(ancestor, block)) for block in blocks[first : last + 1]}
    start = end
    while len(stamped) >= _MIN_POSTS_ABOVE_BOX and start > last + 1:
        block = blocks[start - 1]
        step = _step_below(ancestor, block)
        is_box = step.name in _BOX_TAGS and _kind(step) not in usual and not block.embed_url and not block.figure
        has_sentence = any(is_sentence(each.line.text) for each in block.lines if each.rule is None)
        if not (block.region or (is_box and not has_sentence)):
            break
        start -= 1
    return start


def _step_below(ancestor: Tag, block: Block) -> Tag:
    """Return the child of an element that holds a block, or the element of the block itself."""
    around = block.element.self_and_parents
    return next((tag for tag in around if isinstance(tag, Tag) and tag.parent is ancestor), block.element)


def _kind(tag: Tag) -> tuple[str, str]:
    return tag.name, str(tag.get("class") or "")


def _with_bodies(
    posts: Sequence[Post], blocks: Sequence[Block], texts: Mapping[int, str] = _NO_TEXTS
) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Replace the body of each post, read as lines, by one with the formatting of its blocks, and its pictures.

    `texts` are the texts of lines that begin with something else, by the numbers of the lines.
    """
    lines = {each.line.number: (block, each.line.text) for block in blocks for each in block.lines}
    lines |= {number: (block, block.text) for number, block in caption_lines(blocks).items()}
    inside = [block for block in blocks if block.region in ("", MEDIA) and not block.figure]
    container_sizes = count_container_blocks(inside)
    found: list[Post] = []
    notes: list[Note] = []
    for post, media in zip(posts, _media_of_posts(posts, blocks), strict=True):
        text = post.stamp.text_after if post.stamp else texts.get(post.line, "")
        stamp_line = {post.line: (lines[post.line][0], text)} if text else {}
        numbers = sorted({*post.body_lines, *media})
        body = body_from_lines((stamp_line.get(number) or lines[number] for number in numbers), container_sizes)
        if body.plain_text_reason:
            notes.append(_plain_text_note(post, body.plain_text_reason))
        notes += [Note(post.line, reason) for reason in body.lost]
        found.append(replace(post, paragraphs=body.paragraphs, markdown=body.markdown, body_lines=tuple(numbers)))
    return tuple(found), tuple(notes)


def _media_of_posts(posts: Sequence[Post], blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Yield the numbers of the lines that stand for the pictures of each post, up to where its text ends."""
    captions = caption_lines(blocks)
    lines = [(block, each) for block in blocks for each in block.lines]
    starts = [min(post.line_numbers) for post in posts]
    ends = [*starts[1:], lines[-1][1].line.number + 1 if lines else 0]
    position = 0
    for post, start, end in zip(posts, starts, ends, strict=True):
        while position < len(lines) and lines[position][1].line.number < start:
            position += 1
        strong: list[int] = []
        weak: list[int] = []
        is_open = True
        while position < len(lines) and (number := lines[position][1].line.number) < end:
            block, each = lines[position]
            is_open = is_open and (number == post.line or bool(block.region) or not ends_entry(each))
            if is_open and (number in captions or block.region == MEDIA):
                (weak if block.region == MEDIA and is_weak(block.element) else strong).append(number)
            position += 1
        yield strong or ([] if post.body_lines else weak)
