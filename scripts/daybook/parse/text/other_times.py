"""Find the times of a text that are no posts' own, though they are printed like stamps.

They are the time of the page, the second print of a stamp, a list of the page's own key events, other stories, and the
comments of readers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import BoilerplateRule, LineClass, is_sentence
from daybook.parse.text.ends import line_key, usual_keys
from daybook.parse.text.evidence import (
    is_comments_heading,
    is_newest_heading,
    is_other_heading,
    is_reply_control,
)
from daybook.parse.text.series import Candidate
from daybook.parse.time.dates import latest_date_in

_REPEATED_STAMP = BoilerplateRule(name="repeated stamp", pattern="", examples=())
_OTHER_STORIES = BoilerplateRule(name="other stories", pattern="", examples=(), effect="end")
_END_OF_POSTS = BoilerplateRule(name="end of the posts", pattern="", examples=(), effect="end")
_COLUMNS = re.compile(r"\s{2,}|\s[|·•]\s")
_LIST_OF_POSTS = BoilerplateRule(name="list of posts", pattern="", examples=())
_COMMENTS = BoilerplateRule(name="comments", pattern="", examples=(), effect="end")
_FEWEST_STAMPS = 3  # of a page that shows what is usual
_FEWEST_STORIES = 2  # below "More stories"
_FEW_SENTENCES = 3  # of ten lines
_FEWEST_ITEMS = 2  # of a list that names posts of the page
_FEWEST_OTHER_ITEMS = 3  # whose headlines are not those of posts
_SHORTEST_TEXT = 20  # characters of a post below its headline
_LONGEST_HEADING = 40  # characters of a line above a list
_LONGEST_ITEM = 140  # characters
_LONGEST_USER = 30  # characters of the name above a comment
_WORDS_OF_USER = 2
_FEWEST_COMMENTS = 2


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
    found, key_doubts = _without_lists_of_posts(classes, candidates)
    found = _without_other_times(_settle_stamps(found, candidates), candidates)
    found, list_doubts = _without_list_below(found)
    found, comment_doubts = _without_comments(found, candidates)
    return found, (*key_doubts, *list_doubts, *comment_doubts)


class _FullPost(Struct, frozen=True):
    """A post with a text: the index of its line, and what its headline may be, below or above its stamp."""

    index: int
    headlines: frozenset[str]


def _without_lists_of_posts(
    classes: tuple[LineClass, ...], candidates: Mapping[int, Candidate]
) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark lists that name posts of the page by time and headline, such as "Key events"."""
    posts = _full_posts(classes)
    if len(posts) < _FEWEST_ITEMS:
        return classes, ()
    indexes = [index for index in sorted(candidates) if candidates[index].token.age is None]
    found = list(classes)
    doubts: tuple[Doubt, ...] = ()
    for is_above in (False, True):
        for run in _runs_of_items(classes, candidates, indexes, posts, is_above=is_above):
            _mark_list(found, run, candidates, is_above=is_above)
        if found != list(classes):
            return tuple(found), doubts
    for run in _runs_of_other_items(classes, candidates, indexes, posts):
        _mark_list(found, run, candidates, is_above=False)
        first, last = (classes[index].line.number for index in (run[0], run[-1]))
        text = f"the times of lines {first} to {last} are those of other posts; they are read as a list of key events"
        doubts = (*doubts, Doubt(kind="rival", line=first, text=text))
    return tuple(found), doubts


def _full_posts(classes: Sequence[LineClass]) -> dict[int, list[_FullPost]]:
    """Return the posts that have more than a headline, by their clocks."""
    found: dict[int, list[_FullPost]] = defaultdict(list)
    starts = [index for index, each in enumerate(classes) if each.stamp]
    for start, end in pairwise([*starts, len(classes)]):
        stamp = classes[start].stamp
        assert stamp
        own = [each.line.text for each in classes[start + 1 : end] if each.is_plain_text]
        texts = [stamp.text_after, *own] if stamp.text_after else own
        above = [classes[start - 1].line.text] if start and classes[start - 1].is_plain_text else []
        is_full = sum(map(len, texts[1:])) >= _SHORTEST_TEXT or (
            bool(above and texts) and len(texts[0]) >= _SHORTEST_TEXT and is_sentence(texts[0])
        )
        if is_full:
            headlines = frozenset(filter(None, map(_headline_key, [*texts[:1], *above])))
            found[stamp.clock].append(_FullPost(start, headlines))
    return found


def _headline_key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _runs_of_items(
    classes: Sequence[LineClass],
    candidates: Mapping[int, Candidate],
    indexes: Sequence[int],
    posts: Mapping[int, Sequence[_FullPost]],
    *,
    is_above: bool,
) -> list[list[int]]:
    """Return the indexes of times that follow one another and are beside the headlines of posts with these times."""
    runs: list[list[int]] = [[]]
    for index, following in zip(indexes, [*indexes[1:], len(classes)], strict=True):
        text, end = _item(classes, candidates[index], is_above=is_above)
        key = _headline_key(text)
        is_item = bool(key) and any(
            post.index != index and key in post.headlines for post in posts.get(candidates[index].token.clock, ())
        )
        if not is_item:
            runs.append([])
            continue
        runs[-1].append(index)
        last = following - 1 if is_above else following
        if any(each.is_plain_text for each in classes[end + 1 : last]):
            runs.append([])  # a text: it is the last of its list, or a post
    return [run for run in runs if len(run) >= _FEWEST_ITEMS]


def _item(classes: Sequence[LineClass], candidate: Candidate, *, is_above: bool) -> tuple[str, int]:
    """Return the text beside a time in a list, and the index of its last line."""
    index = candidate.index
    if is_above:
        above = classes[index - 1] if index else None
        return (above.line.text if above and above.is_plain_text and not candidate.text_after else ""), index
    if candidate.text_after:
        return candidate.text_after, index
    below = next((number for number in range(index + 1, len(classes)) if not classes[number].rule), None)
    return (classes[below].line.text, below) if below and classes[below].is_plain_text else ("", index)


def _runs_of_other_items(
    classes: Sequence[LineClass],
    candidates: Mapping[int, Candidate],
    indexes: Sequence[int],
    posts: Mapping[int, Sequence[_FullPost]],
) -> list[list[int]]:
    """Return the first or the last times if each is beside one short line, and is that of another post."""
    found = []
    ends = dict(zip(indexes, [*indexes[1:], len(classes)], strict=True))
    for order in (indexes, indexes[::-1]):
        run: list[int] = []
        for index in order:
            text, end = _item(classes, candidates[index], is_above=False)
            is_short = 0 < len(text) <= _LONGEST_ITEM and not is_sentence(text)
            if not (is_short and any(post.index != index for post in posts.get(candidates[index].token.clock, ()))):
                break
            has_text = any(each.is_plain_text for each in classes[end + 1 : ends[index]])
            if has_text and order is not indexes and run:
                break  # a post above the list
            run.append(index)
            if has_text and order is indexes:
                break  # what is between the list and the posts
        if len(run) >= _FEWEST_OTHER_ITEMS:
            found.append(sorted(run))
    return found


def _mark_list(
    found: list[LineClass], run: Sequence[int], candidates: Mapping[int, Candidate], *, is_above: bool
) -> None:
    """Mark the lines of a list in place, with the headings above it and below."""
    first, last = run[0] - is_above, _item(found, candidates[run[-1]], is_above=is_above)[1]
    above = [index for index in range(first) if found[index].is_plain_text]
    if len(above) > 1 and above[-1] == first - 1 and _is_heading(found[first - 1]):
        first -= 1
    following = next((index for index in range(last + 1, len(found)) if found[index].stamp), None)
    if following is None:
        rule = replace(_LIST_OF_POSTS, effect="end")
    else:
        rule = _LIST_OF_POSTS
        stamp, below = found[following].stamp, found[following + 1 : following + 2]
        text = (stamp.text_after if stamp else "") or (below[0].line.text if below else "")
        stop = following if text and not is_sentence(text) else following - 1  # a headline above the stamp
        while last + 1 < stop and _is_heading(found[last + 1]):
            last += 1
    for index in range(first, last + 1):
        found[index] = LineClass(line=found[index].line, rule=rule)


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
    if count < _FEWEST_OTHER_ITEMS or sum(map(_has_sentence, posts)) * 2 <= len(posts):
        return classes, ()
    first = starts[-count]
    start = next((index for index in (first - 1, first - 2) if _is_heading_of_list(classes[index])), first - 1)
    heading = classes[start].line
    is_known = _is_heading_of_list(classes[start])
    may_be_heading = _is_heading(classes[start]) and heading.block != classes[start - 1].line.block
    if not (is_known or (may_be_heading and _breaks_order(classes, starts, first))):
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
    is_title = bool(texts) and len(texts[0]) <= _LONGEST_ITEM and not is_sentence(texts[0])
    return is_title and (is_last or len(texts) == 1)


def _is_heading_of_list(each: LineClass) -> bool:
    return not each.stamp and (is_newest_heading(each.line.text) or is_other_heading(each.line.text))


def _is_heading(each: LineClass) -> bool:
    return each.is_plain_text and len(each.line.text) <= _LONGEST_HEADING and not is_sentence(each.line.text)


def _without_comments(
    classes: tuple[LineClass, ...], candidates: Mapping[int, Candidate]
) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark the comments of readers below the posts; their times are no stamps.

    They begin at a heading such as "3 comments", or with a name above each time, and differ from the posts: readers can
    reply to them, their times do not go on from those of the posts, or they alone have names.
    """
    starts = [index for index, each in enumerate(classes) if each.stamp]
    if not starts:
        return classes, ()
    if (heading := _heading_of_comments_alone(classes, starts)) is not None:
        return _comments_from(classes, heading), ()
    headings = [
        index
        for index in range(starts[0] + 1, len(classes))
        if not (classes[index].stamp or classes[index - 1].stamp) and is_comments_heading(classes[index].line.text)
    ]
    # Counters below several posts are no headings, apart from those below the last of them.
    last = max((start for start in starts if headings and start < headings[-1]), default=0)
    headings = [index for index in headings if index > last] or headings
    doubts: tuple[Doubt, ...] = ()
    for index in headings:
        below = [start for start in starts if start > index]
        times = [each for each in candidates if each > index]
        replies = sum(_begins_with_reply(each.line.text) for each in classes[index + 1 :])
        if not (times or replies):
            break
        if not below or replies * 3 >= max(1, len(times)) or _breaks_order(classes, starts, below[0]):
            return _comments_from(classes, index), ()
        if _have_names_above(classes, starts, below[0]):
            return _comments_from(classes, index), ()
        line = classes[index].line
        text = f"the posts below {line.text!r} are read as posts; are they comments of readers?"
        doubts = (Doubt(kind="rival", line=line.number, text=text),)
    for first in starts[_FEWEST_STAMPS:]:
        if _have_names_above(classes, starts, first):
            replies = sum(_begins_with_reply(each.line.text) for each in classes[first:])
            if replies < _FEWEST_COMMENTS and not _breaks_order(classes, starts, first):
                break
            line = classes[first - 1].line
            text = f"what is below {line.text!r} is left out as comments of readers"
            is_sure = replies >= _FEWEST_COMMENTS
            found = _comments_from(classes, first - 1)
            return found, doubts if is_sure else (*doubts, Doubt(kind="end", line=line.number, text=text))
    return classes, doubts


def _heading_of_comments_alone(classes: Sequence[LineClass], starts: Sequence[int]) -> int | None:
    """Return the index of the heading of comments above all times of a page, which has no posts; else None.

    Most times are below a name, and readers can reply to most comments.
    """
    heading = next((index for index in range(1, starts[0]) if is_comments_heading(classes[index].line.text)), None)
    if heading is None:
        return None
    replies = sum(_begins_with_reply(each.line.text) for each in classes[heading + 1 :])
    users = sum(_is_user(classes[start - 1]) for start in starts)
    return heading if min(replies, users) * 5 >= len(starts) * 3 else None


def _begins_with_reply(text: str) -> bool:
    """Return whether a line is a control for replies, alone or first in a row: "Reply  Report  12 likes"."""
    return is_reply_control(text) or is_reply_control(_COLUMNS.split(text)[0])


def _comments_from(classes: Sequence[LineClass], start: int) -> tuple[LineClass, ...]:
    comments = (LineClass(line=each.line, rule=_COMMENTS) for each in classes[start:])
    return (*classes[:start], *comments)


def _breaks_order(classes: Sequence[LineClass], starts: Sequence[int], first: int) -> bool:
    """Return whether the time of a post does not go on in the direction of those above it of its day."""
    day = max((index for index in range(first) if classes[index].date and not classes[index].stamp), default=-1)
    clocks = [stamp.clock for start in starts if day < start < first and (stamp := classes[start].stamp)]
    own = classes[first].stamp
    steps = [below - above for above, below in pairwise(clocks) if below != above]
    if own is None or not steps or classes[first].date or own.age is not None:
        return False
    direction = 1 if sum(step > 0 for step in steps) * 2 > len(steps) else -1
    return (own.clock - clocks[-1]) * direction < 0 and all(step * direction > 0 for step in steps)


def _have_names_above(classes: Sequence[LineClass], starts: Sequence[int], first: int) -> bool:
    """Return whether a short line such as a name is above each stamp from `first` on, and above no other."""
    above = [start for start in starts[1:] if start < first]
    below = [start for start in starts if start >= first]
    if len(below) < _FEWEST_COMMENTS or not above:
        return False
    return all(_is_user(classes[start - 1]) for start in below) and not any(
        _is_user(classes[start - 1]) for start in above
    )


def _is_user(each: LineClass) -> bool:
    text = each.line.text
    is_name = len(text.split()) <= _WORDS_OF_USER or not is_sentence(text)  # "Ida K."
    return each.is_plain_text and len(text) <= _LONGEST_USER and is_name


def coverage_of(candidates: Sequence[Candidate], classes: Sequence[LineClass]) -> list[Candidate]:
    """Return the candidates above a list of other stories, or another end of the posts.

    A day heading is none, nor is a line of a list that names posts.
    """
    dates = {each.line.number for each in classes if (each.date and not each.stamp) or _is_listed(each)}
    end = next((each.line.number for each in classes if each.rule in (_OTHER_STORIES, _END_OF_POSTS, _COMMENTS)), None)
    return [each for each in candidates if (end is None or each.number < end) and each.number not in dates]


def _is_listed(each: LineClass) -> bool:
    return each.rule is not None and each.rule.name == _LIST_OF_POSTS.name


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
        and other.stamp.zone == stamp.zone
    )


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
        are_posts = with_text >= _FEWEST_ITEMS and with_text * 2 >= len(starts)
        is_list = sum(map(is_sentence, below)) * 10 <= len(below) * _FEW_SENTENCES
        if len(below) >= _FEWEST_STORIES and is_list and not are_posts:
            return index
    return None


def _has_sentence(classes: Sequence[LineClass]) -> bool:
    return any(each.is_plain_text and is_sentence(each.line.text) for each in classes)
