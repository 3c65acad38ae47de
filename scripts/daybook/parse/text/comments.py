"""Find the comments of readers below the posts of a text."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import BoilerplateRule, LineClass, is_sentence
from daybook.parse.text.evidence import (
    is_comments_heading,
    is_reply_control,
)
from daybook.parse.text.series import Candidate

_COLUMNS = re.compile(r"\s{2,}|\s[|·•]\s")
_FEWEST_STAMPS = 3  # above comments without a heading
COMMENTS = BoilerplateRule(name="comments", pattern="", examples=(), effect="end")
_LONGEST_USER = 30  # characters of the name above a comment
_WORDS_OF_USER = 2
_FEWEST_COMMENTS = 2


def without_comments(
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
        if not below or replies * 3 >= max(1, len(times)) or breaks_order(classes, starts, below[0]):
            return _comments_from(classes, index), ()
        if _have_names_above(classes, starts, below[0]):
            return _comments_from(classes, index), ()
        line = classes[index].line
        text = f"the posts below {line.text!r} are read as posts; are they comments of readers?"
        doubts = (Doubt(kind="rival", line=line.number, text=text),)
    for first in starts[_FEWEST_STAMPS:]:
        if _have_names_above(classes, starts, first):
            replies = sum(_begins_with_reply(each.line.text) for each in classes[first:])
            if replies < _FEWEST_COMMENTS and not breaks_order(classes, starts, first):
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
    comments = (LineClass(line=each.line, rule=COMMENTS) for each in classes[start:])
    return (*classes[:start], *comments)


def breaks_order(classes: Sequence[LineClass], starts: Sequence[int], first: int) -> bool:
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
