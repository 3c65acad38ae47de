"""Find the times of a text that are no posts' own, though they are printed like stamps.

They are the time of the page, the second print of a stamp, and the times of other stories; `lists_of_posts` and
`comments` find those of the page's key events and of readers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import BoilerplateRule, LineClass, is_sentence
from daybook.parse.text.comments import COMMENTS, breaks_order, without_comments
from daybook.parse.text.ends import line_key, usual_keys
from daybook.parse.text.evidence import (
    is_newest_heading,
    is_other_heading,
)
from daybook.parse.text.lists_of_posts import (
    FEWEST_ITEMS_BELOW,
    LONGEST_ITEM,
    is_listed,
    is_short_line,
    without_lists_of_posts,
)
from daybook.parse.text.series import Candidate
from daybook.parse.time.dates import latest_date_in

_REPEATED_STAMP = BoilerplateRule(name="repeated stamp", pattern="", examples=())
_OTHER_STORIES = BoilerplateRule(name="other stories", pattern="", examples=(), effect="end")
_END_OF_POSTS = BoilerplateRule(name="end of the posts", pattern="", examples=(), effect="end")
_FEWEST_STAMPS = 3  # of a page that shows what is usual
_FEWEST_STORIES = 2  # below "More stories"
_FEW_SENTENCES = 3  # of ten lines
_FEWEST_POSTS = 2  # with a text, below a heading such as "More stories" in a post


def with_stamp(each: LineClass, candidate: Candidate | None) -> LineClass:
    """Return a line with the stamp that it has in a series, or without one."""
    if candidate is None:
        return replace(each, stamp=None, clock=None) if each.stamp else each
    return LineClass(
        line=each.line, stamp=candidate.stamp, date=candidate.date, author=candidate.author, in_series=True
    )


def settle_stamps(
    classes: tuple[LineClass, ...], candidates: Mapping[int, Candidate]
) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Remove the stamps of a text that are no posts' own, and say what is doubtful. `candidates` are those by line."""
    found, key_doubts = without_lists_of_posts(classes, candidates)
    found = _without_other_times(_settle_stamps(found, candidates), candidates)
    found, list_doubts = _without_list_below(found)
    found, comment_doubts = without_comments(found, candidates)
    return found, (*key_doubts, *list_doubts, *comment_doubts)


def _without_list_below(classes: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark a list of the newest stories below the last post; it is a doubt if its heading is not known.

    It has a heading, and a title alone below or above each of its times; most posts have a text. If the heading is not
    known, its first time is against the order of the posts, too.
    """
    starts = [index for index, each in enumerate(classes) if each.stamp]
    sections = [classes[start:end] for start, end in pairwise([*starts, len(classes)])]
    count = 0
    while count < len(starts) and _is_title_alone(sections[-1 - count], is_last=not count):
        count += 1
    posts = sections[: len(sections) - count]
    if count < FEWEST_ITEMS_BELOW or sum(map(_has_sentence, posts)) * 2 <= len(posts):
        return classes, ()
    first = starts[-count]
    start = next((index for index in (first - 1, first - 2) if _is_heading_of_list(classes[index])), first - 1)
    heading = classes[start].line
    is_known = _is_heading_of_list(classes[start])
    may_be_heading = is_short_line(classes[start]) and heading.block != classes[start - 1].line.block
    if not (is_known or (may_be_heading and breaks_order(classes, starts, first))):
        return classes, ()
    stories = (LineClass(line=each.line, rule=_OTHER_STORIES) for each in classes[start:])
    text = f"the {count} times below {heading.text!r} are left out as a list of other stories"
    doubts = () if is_known else (Doubt(kind="end", line=heading.number, text=text),)
    return (*classes[:start], *stories), doubts


def _is_title_alone(section: Sequence[LineClass], *, is_last: bool) -> bool:
    """Return whether a time has nothing but a title; below the last one, the page may go on."""
    stamp = section[0].stamp
    own = [each.line.text for each in section[1:] if not each.rule]
    texts = ([stamp.text_after] if stamp and stamp.text_after else []) + own
    if is_last and not texts:
        return True  # its title is above it
    is_title = bool(texts) and len(texts[0]) <= LONGEST_ITEM and not is_sentence(texts[0])
    return is_title and (is_last or len(texts) == 1)


def _is_heading_of_list(each: LineClass) -> bool:
    return not each.stamp and (is_newest_heading(each.line.text) or is_other_heading(each.line.text))


def coverage_of(candidates: Sequence[Candidate], classes: Sequence[LineClass]) -> list[Candidate]:
    """Return the candidates above a list of other stories, or another end of the posts.

    A day heading is none, nor is a line of a list that names posts, or the second print of a stamp.
    """
    dates = {
        each.line.number
        for each in classes
        if (each.date and not each.stamp) or is_listed(each) or each.rule is _REPEATED_STAMP
    }
    end = next((each.line.number for each in classes if each.rule in (_OTHER_STORIES, _END_OF_POSTS, COMMENTS)), None)
    return [each for each in candidates if (end is None or each.number < end) and each.number not in dates]


def _settle_stamps(classes: tuple[LineClass, ...], candidates: Mapping[int, Candidate]) -> tuple[LineClass, ...]:
    """Remove stamps that are no posts' own: the page's time, the second print of a stamp, a list of other stories."""
    found = list(classes)
    starts = [index for index, each in enumerate(found) if each.stamp]
    if not starts:
        return tuple(found)
    for position, index in enumerate(starts):
        above = candidates.get(index - 1)
        if index and above and above.token.age is not None and _repeats_stamp(found[index], above):
            found[index - 1] = LineClass(line=found[index - 1].line, rule=_REPEATED_STAMP)
            found[index] = _with_age(found[index], above)
        elif index and above and _repeats_stamp(found[index], above) and _lacks_zone(above, found[index]):
            found[index - 1] = LineClass(line=found[index - 1].line, rule=_REPEATED_STAMP)
        elif index and _repeats_stamp(found[index], above):
            found[index - 1] = with_stamp(found[index - 1], candidates[index - 1])
            found[index] = LineClass(line=found[index].line, rule=_REPEATED_STAMP)
            starts[position] = index - 1
        elif (below := candidates.get(index + 1)) and _repeats_stamp(found[index], below):
            found[index] = _with_age(found[index], below)
            found[index + 1] = LineClass(line=found[index + 1].line, rule=_REPEATED_STAMP)
    bodies = [_body_length(found[start + 1 : end]) for start, end in pairwise([*starts, len(found)])]
    first = found[starts[0]]
    is_usual = len(starts) >= _FEWEST_STAMPS
    if (
        is_usual
        and first.date
        and not any(found[index].date for index in starts[1:])
        and bodies[0] * 3 < median(bodies)
    ):
        found[starts[0]] = LineClass(line=first.line, date=first.date)
    last = found[starts[-1]]
    is_dated = last.date and not any(found[index].date for index in starts[:-1])
    if is_usual and is_dated and not bodies[-1] and last.stamp and not last.stamp.text_after:
        found[starts[-1]] = LineClass(line=last.line, rule=_END_OF_POSTS)  # the time of the page
    end = _start_of_other_stories(found, starts[0])
    if end is not None:
        found[end] = LineClass(line=found[end].line, rule=_OTHER_STORIES)
        found[end + 1 :] = [replace(each, stamp=None, date=None, clock=None) for each in found[end + 1 :]]
    return tuple(found)


def _without_other_times(classes: tuple[LineClass, ...], candidates: Mapping[int, Candidate]) -> tuple[LineClass, ...]:
    """Remove stamps above or below the posts that lack the lines which nearly all posts end with, such as "Share".

    Such a time is that of the page, the length of a video, or is in a list of other stories: it is printed in
    another way, or there is a text between the end of the last post and it.
    """
    starts = [index for index, each in enumerate(classes) if each.stamp]
    sections = [range(start + 1, end) for start, end in pairwise([*starts, len(classes)])]
    shapes = [_shape(candidates.get(start)) for start in starts]
    shape = Counter(shapes).most_common(1)[0][0] if shapes else None
    alike = [section for section, own in zip(sections, shapes, strict=True) if own == shape]
    usual = usual_keys([[classes[index].line.text for index in section] for section in alike])
    ends = [
        max((index for index in section if line_key(classes[index].line.text) in usual), default=None)
        for section in sections
    ]
    own = [number for number, end in enumerate(ends) if end is not None]
    if len(own) < _FEWEST_STAMPS:
        return classes
    are_below = [_has_text(classes, end, section) for end, section in zip(ends, sections, strict=True) if end]
    last = own[-1]
    if sum(are_below[:-1]) * 2 > len(are_below) - 1:
        return classes  # headlines above the stamps
    found = list(classes)
    for start, other in zip(starts[: own[0]], shapes, strict=False):
        if other != shape:
            found[start] = LineClass(line=found[start].line, date=found[start].date)
    end = ends[last]
    is_other = are_below[-1] or any(other != shape for other in shapes[last + 1 :])
    if end is not None and last + 1 < len(starts) and is_other:
        found[end + 1 :] = [replace(each, stamp=None, date=None, clock=None) for each in found[end + 1 :]]
        found[end + 1] = LineClass(line=found[end + 1].line, rule=_END_OF_POSTS)
    return tuple(found)


def _shape(candidate: Candidate | None) -> tuple[str, str]:
    return (candidate.token.shape, candidate.before) if candidate else ("", "")


def _has_text(classes: Sequence[LineClass], end: int, section: range) -> bool:
    """Return whether a section has a text below its last usual line."""
    return any(classes[index].is_plain_text for index in range(end + 1, section.stop))


def _body_length(classes: Iterable[LineClass]) -> int:
    """Return the characters of a post without dates, such as "First published on …", and boilerplate."""
    return sum(len(each.line.text) for each in classes if each.is_plain_text and not latest_date_in(each.line.text))


def _repeats_stamp(stamped: LineClass, other: Candidate | None) -> bool:
    """Return whether a time on the next line is the same as a stamp, or "1h ago" beside it, and both stand alone."""
    stamp = stamped.stamp
    if other is None or stamp is None or stamp.text_after or other.text_after:
        return False
    if other.token.age is not None:  # a blank line may be between
        return stamp.age is None
    return (
        abs(other.number - stamped.line.number) == 1
        and other.stamp.clock == stamp.clock
        and other.stamp.zone in (stamp.zone, "")
    )


def _lacks_zone(other: Candidate, stamped: LineClass) -> bool:
    return stamped.stamp is not None and other.stamp.zone != stamped.stamp.zone


def _with_age(stamped: LineClass, other: Candidate) -> LineClass:
    """Return a line with the age that is printed on the next line beside its stamp."""
    if stamped.stamp is None or other.token.age is None:
        return stamped
    return replace(stamped, stamp=replace(stamped.stamp, age_beside=other.token.age))


def _start_of_other_stories(classes: Sequence[LineClass], start: int) -> int | None:
    """Return the index of a heading such as "More stories" with hardly a sentence below it; None without one.

    A heading that several posts have, or with posts below it that mostly have a text, is that of a box in a post.
    """
    headings: dict[str, list[int]] = defaultdict(list)
    for index in range(start + 1, len(classes)):
        each = classes[index]
        if each.stamp is None and each.rule is None and is_other_heading(each.line.text):
            headings[each.line.text.casefold()].append(index)
    for index in sorted(indexes[0] for indexes in headings.values()):
        starts = [number for number in range(index, len(classes)) if classes[number].stamp]
        same = headings[classes[index].line.text.casefold()]
        if starts and any(number > starts[0] for number in same):
            continue
        below = [line.line.text for line in classes[index + 1 :] if line.rule is None]
        with_text = sum(_has_sentence(classes[one:other]) for one, other in pairwise([*starts, len(classes)]))
        are_posts = with_text >= _FEWEST_POSTS and with_text * 2 >= len(starts)
        is_list = sum(map(is_sentence, below)) * 10 <= len(below) * _FEW_SENTENCES
        if len(below) >= _FEWEST_STORIES and is_list and not are_posts:
            return index
    return None


def _has_sentence(classes: Sequence[LineClass]) -> bool:
    return any(each.is_plain_text and is_sentence(each.line.text) for each in classes)
