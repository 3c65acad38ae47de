"""Find the lists of a text that name its own posts by time and headline, such as "Key events"."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import BoilerplateRule, LineClass, is_sentence
from daybook.parse.text.series import Candidate

_LIST_OF_POSTS = BoilerplateRule(name="list of posts", pattern="", examples=())
_FEWEST_ITEMS = 2  # of a list that names posts of the page
FEWEST_ITEMS_BELOW = 3  # whose headlines are not those of posts
_SHORTEST_TEXT = 20  # characters of a post below its headline
_LONGEST_HEADING = 40  # characters of a line above a list
LONGEST_ITEM = 140  # characters


class _FullPost(Struct, frozen=True):
    """A post with a text: the index of its line, and what its headline may be, below or above its stamp."""

    index: int
    headlines: frozenset[str]


def without_lists_of_posts(
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
            is_short = 0 < len(text) <= LONGEST_ITEM and not is_sentence(text)
            if not (is_short and any(post.index != index for post in posts.get(candidates[index].token.clock, ()))):
                break
            has_text = any(each.is_plain_text for each in classes[end + 1 : ends[index]])
            if has_text and order is not indexes and run:
                break  # a post above the list
            run.append(index)
            if has_text and order is indexes:
                break  # what is between the list and the posts
        if len(run) >= FEWEST_ITEMS_BELOW:
            found.append(sorted(run))
    return found


def _mark_list(
    found: list[LineClass], run: Sequence[int], candidates: Mapping[int, Candidate], *, is_above: bool
) -> None:
    """Mark the lines of a list in place, with the headings above it and below."""
    first, last = run[0] - is_above, _item(found, candidates[run[-1]], is_above=is_above)[1]
    above = [index for index in range(first) if found[index].is_plain_text]
    if len(above) > 1 and above[-1] == first - 1 and is_short_line(found[first - 1]):
        first -= 1
    following = next((index for index in range(last + 1, len(found)) if found[index].stamp), None)
    if following is None:
        rule = replace(_LIST_OF_POSTS, effect="end")
    else:
        rule = _LIST_OF_POSTS
        stamp, below = found[following].stamp, found[following + 1 : following + 2]
        text = (stamp.text_after if stamp else "") or (below[0].line.text if below else "")
        stop = following if text and not is_sentence(text) else following - 1  # a headline above the stamp
        while last + 1 < stop and is_short_line(found[last + 1]):
            last += 1
    for index in range(first, last + 1):
        found[index] = LineClass(line=found[index].line, rule=rule)


def is_short_line(each: LineClass) -> bool:
    """Return whether a line may be the heading of a list."""
    return each.is_plain_text and len(each.line.text) <= _LONGEST_HEADING and not is_sentence(each.line.text)


def is_listed(each: LineClass) -> bool:
    """Return whether a line is one of a list that names posts."""
    return each.rule is not None and each.rule.name == _LIST_OF_POSTS.name
