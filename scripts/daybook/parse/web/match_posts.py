"""Match the posts in a page's data with those in its text, and remove posts that a page repeats.

No post is lost: one that only the data or only the text has keeps its position. Of a post that both
have, the text gives headline and body, and the more reliable of the two times is used.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline, Post
from daybook.parse.time.instants import utc_minute, zone_reliability
from daybook.parse.time.printed import DAY_SECONDS

_SHORTENED = 0.9  # of the length of the other text: a text that is shorter was cut off
_PREFIX_LENGTH = 80  # characters of a text that identify it
_MIN_TEXT_LENGTH = 20  # characters; a shorter text does not identify a post
_WORD = re.compile(r"\w+")

PostPair = tuple[Post | None, Post | None]  # the same post in data and text


class MergedPosts(Struct, frozen=True):
    """All posts of a page. Those that only the data has do not have a line number yet (line 0)."""

    posts: tuple[Post, ...]
    notes: tuple[Note, ...]


def merge_post_lists(data: tuple[Post, ...], text: tuple[Post, ...]) -> MergedPosts:
    """Merge the posts of a page's data and text, in the order of the longer list."""
    if not data or not text:
        return MergedPosts(data or text, ())
    pairs = _pair_in_order(data, text, match_posts(data, text))
    both = [(one, other) for one, other in pairs if one and other]
    posts = tuple(_merge_pair(one, other) for one, other in pairs)
    return MergedPosts(posts, (*_count_notes(data, text, len(both)), *_time_notes(both), *_headline_notes(both)))


def _pair_in_order(data: Sequence[Post], text: Sequence[Post], text_indexes: dict[int, int]) -> list[PostPair]:
    """Return all posts in the order of the longer list; the others follow the post that precedes them in theirs."""
    data_indexes = {text_index: data_index for data_index, text_index in text_indexes.items()}
    step = _direction(text_indexes)
    if len(text) >= len(data):
        pairs: list[PostPair] = [
            (data[data_indexes[index]] if index in data_indexes else None, post) for index, post in enumerate(text)
        ]
        others = [(post, text_indexes.get(index)) for index, post in enumerate(data)]
        return _insert_unmatched(pairs, others[::step], from_data=True)
    pairs = [(post, text[text_indexes[index]] if index in text_indexes else None) for index, post in enumerate(data)]
    others = [(post, data_indexes.get(index)) for index, post in enumerate(text)]
    return _insert_unmatched(pairs, others[::step], from_data=False)


def _insert_unmatched(
    pairs: list[PostPair], others: list[tuple[Post, int | None]], *, from_data: bool
) -> list[PostPair]:
    """Insert the unmatched posts of the shorter list, whose posts come with the index of their pair or None."""
    after: dict[int, list[PostPair]] = defaultdict(list)
    position = -1
    for post, index in others:
        if index is not None:
            position = index
        else:
            after[position].append((post, None) if from_data else (None, post))
    found = list(after[-1])
    for index, pair in enumerate(pairs):
        found += [pair, *after[index]]
    return found


def _direction(text_indexes: dict[int, int]) -> int:
    """Return 1 if both lists have the same order, -1 if one is newest first and the other oldest first."""
    indexes = [text_indexes[index] for index in sorted(text_indexes)]
    ascending = [after > before for before, after in pairwise(indexes)]
    return 1 if sum(ascending) * 2 >= len(ascending) else -1


def _merge_pair(data: Post | None, text: Post | None) -> Post:
    """Take each field from the better source."""
    if data is None or text is None:
        only = data or text
        assert only is not None
        return only
    timed = _better_timed(data, text)
    complete = text if _text_length(text) >= _SHORTENED * _text_length(data) else data
    return replace(
        text,
        stamp=timed.stamp,
        stamp_date=replace(timed.stamp_date, line=text.line) if timed.stamp_date else text.stamp_date,
        headline=text.headline or data.headline,
        paragraphs=complete.paragraphs,
        markdown=complete.markdown,
        id=text.id or data.id,
        authors=text.authors or data.authors,
        updated=text.updated or data.updated,
        key=text.key or data.key,
    )


def _better_timed(data: Post, text: Post) -> Post:
    """Return the post whose time is used: one with date and zone, and of two times that differ the more reliable."""
    if data.stamp is None or data.stamp_date is None:
        return text
    if text.stamp is None or not text.stamp.zone:
        return data
    text_is_better = zone_reliability(text.stamp) > zone_reliability(data.stamp)
    if text.stamp_date is not None:
        return text if text_is_better else data
    data_minute, text_minute = utc_minute(data.stamp, data.stamp_date), utc_minute(text.stamp, data.stamp_date)
    is_same = (
        data_minute is not None and text_minute is not None and (data_minute - text_minute) % (DAY_SECONDS // 60) == 0
    )
    return replace(text, stamp_date=data.stamp_date) if text_is_better and not is_same else data


def _text_length(post: Post) -> int:
    return sum(map(len, post.paragraphs)) or len(post.markdown)


def _count_notes(data: Sequence[Post], text: Sequence[Post], both: int) -> tuple[Note, ...]:
    if len(data) == len(text) == both:
        return ()
    message = f"the page's data has {len(data)} posts and its text {len(text)}, {both} of them in both: all are kept"
    return (Note(0, message),)


def _time_notes(both: Sequence[tuple[Post, Post]]) -> tuple[Note, ...]:
    """Report by how much the times of data and text differ, and which are used."""
    differences: Counter[tuple[int, str]] = Counter()
    for data, text in both:
        date = text.stamp_date or data.stamp_date
        if data.stamp and data.stamp_date and text.stamp and text.stamp.zone and date:
            data_minute, text_minute = utc_minute(data.stamp, data.stamp_date), utc_minute(text.stamp, date)
            if data_minute is not None and text_minute is not None and data_minute != text_minute:
                used = "text" if _better_timed(data, text) is not data else "data"
                differences[text_minute - data_minute, used] += 1
    return tuple(
        Note(
            0,
            f"{count} of {len(both)} times in the page's text differ from its data by {minutes:+} minutes: "
            f"the {used} is used",
        )
        for (minutes, used), count in sorted(differences.items())
    )


def _headline_notes(both: Sequence[tuple[Post, Post]]) -> tuple[Note, ...]:
    differ = [
        text
        for data, text in both
        if data.headline and text.headline and _normalize_words(data.headline) != _normalize_words(text.headline)
    ]
    if not differ:
        return ()
    message = f"{len(differ)} of {len(both)} headlines in the page's text differ from its data: the text is used"
    return (Note(differ[0].line, message),)


def match_posts(data: Sequence[Post], text: Sequence[Post]) -> dict[int, int]:
    """Map the indexes of posts in the data to the indexes of the same posts in the text.

    The keys in `_KEYS` are tried one after the other, the most reliable first.
    """
    found: dict[int, int] = {}
    matched: set[int] = set()
    for key, must_be_unique in _KEYS:
        candidates: dict[Hashable, deque[int]] = defaultdict(deque)
        for index, post in enumerate(text):
            if index not in matched and key(post):
                candidates[key(post)].append(index)
        unmatched = [index for index in range(len(data)) if index not in found and key(data[index])]
        counts = Counter(key(data[index]) for index in unmatched)
        for index in unmatched:
            value = key(data[index])
            if not candidates[value] or (must_be_unique and (counts[value] > 1 or len(candidates[value]) > 1)):
                continue
            found[index] = candidates[value].popleft()
            matched.add(found[index])
    return found


def _normalize_words(text: str) -> str:
    """Return the words of a text in lower case, separated by spaces, without punctuation."""
    return " ".join(_WORD.findall(text.lower()))


def _text(post: Post) -> str:
    return _normalize_words(" ".join(post.paragraphs) or post.markdown)[:_PREFIX_LENGTH]


def _minute(post: Post) -> int | None:
    return utc_minute(post.stamp, post.stamp_date) if post.stamp and post.stamp_date else None


# Each key, and whether a value that several posts share is useless. A post without a value has no match.
_KEYS: tuple[tuple[Callable[[Post], Hashable], bool], ...] = (
    (lambda post: post.id, True),
    (lambda post: (_normalize_words(post.headline), _text(post)) if post.headline and _text(post) else None, False),
    (lambda post: (_minute(post), _normalize_words(post.headline)) if post.headline and _minute(post) else None, False),
    (lambda post: _text(post) if len(_text(post)) > _MIN_TEXT_LENGTH else None, False),
    (lambda post: _normalize_words(post.headline), True),
    (_minute, True),
)


def remove_repeated_posts(outline: Outline) -> Outline:
    """Remove posts that repeat another one of the page, and note each.

    A post is a repetition if it has the id of a post below, if it is the first of the page and equals
    one below, or if it is only a headline in a box with the time and headline of another post. If a
    page shows all its posts twice, for narrow and for wide windows, the first of each remain.
    """
    repeated = _repeated_half(outline.posts) or _repeated_single_posts(outline.posts)
    if not repeated:
        return outline
    repeated_lines = {number for post in outline.posts if post.line in repeated for number in post.line_numbers}
    notes = (
        Note(line, f"repeats the post at {outline.line_unit} {original.line}: kept once")
        for line, original in repeated.items()
    )
    return replace(
        outline,
        posts=tuple(post for post in outline.posts if post.line not in repeated),
        lines=tuple(_as_repeated(line) if line.number in repeated_lines else line for line in outline.lines),
        notes=(*outline.notes, *notes),
    )


def _repeated_half(posts: tuple[Post, ...]) -> dict[int, Post]:
    """Map the lines of the posts of the second half to those of the first, if both halves are equal; else {}."""
    half = len(posts) // 2
    first, second = posts[:half], posts[half:]
    same = half > 1 and [_content(post) for post in first] == [_content(post) for post in second]
    return {post.line: original for post, original in zip(second, first, strict=True)} if same else {}


def _repeated_single_posts(posts: tuple[Post, ...]) -> dict[int, Post]:
    """Map the lines of repeated posts to the posts that they repeat."""
    repeated: dict[int, Post] = {}
    below: dict[object, Post] = {}
    by_heading = {_time_and_headline(post): post for post in posts if _has_body(post)}
    for index, post in reversed(list(enumerate(posts))):
        original = below.get(post.id) if post.id else None
        if original is None and index == 0:
            original = below.get(_content(post))
        if original is None and post.headline and not _has_body(post):
            original = by_heading.get(_time_and_headline(post))
        if original is not None:
            repeated[post.line] = original
        for key in (post.id, _content(post)):
            below.setdefault(key, post)
    return repeated


def _content(post: Post) -> tuple[object, ...]:
    time = post.stamp and (post.stamp.clock, post.stamp.zone)
    return (time, post.headline, post.paragraphs, post.markdown)


def _time_and_headline(post: Post) -> tuple[object, ...]:
    return (post.stamp and (post.stamp.clock, post.stamp.zone), _normalize_words(post.headline))


def _has_body(post: Post) -> bool:
    return bool(post.paragraphs or post.markdown)


def _as_repeated(line: ClassifiedLine) -> ClassifiedLine:
    return replace(line, role=LineRole.BOILERPLATE, reason="copy of a post")
