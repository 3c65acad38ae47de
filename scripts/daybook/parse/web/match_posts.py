"""Match the posts in a page's data with those in its text, and remove posts that a page repeats.

No post is lost: one that only the data or only the text has keeps its position. Of a post that both
have, the text gives headline and body, and the more reliable of the two times is used.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from daybook.parse.base.decode import one_line
from daybook.parse.base.page import LineRole, Note, Outline, Post
from daybook.parse.time.instants import utc_minute, zone_reliability

_SHORTENED = 0.9  # of the length of the other text: a text that is shorter was cut off
_PREFIX_LENGTH = 80  # characters of a text that identify it
_HARDLY_ANY_PAIRS = 3  # of ten posts
_FEW_PAIRS = 6  # of ten posts; with fewer pairs, data and text are paired by their times alone
_DAY, _QUARTER = 24 * 60, 15  # minutes
_MIN_TEXT_LENGTH = 20  # characters; a shorter text does not identify a post
_SHOWN_TWICE = 2  # lines: a title, and a headline that is the same
_SHORTEST_CUT = 15  # characters of a headline that is the beginning of a text
_NO_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")


def merge_post_lists(data: tuple[Post, ...], text: tuple[Post, ...]) -> tuple[tuple[Post, ...], tuple[Note, ...], int]:
    """Merge the posts of data and text in the order of the longer list; those only in the data keep line 0.

    Lists that hardly share a post are two lists: that of the data is used, unless the other has much more text.

    Returns:
        The posts, remarks, and how many posts are in both lists.
    """
    if not data or not text:
        return data or text, (), 0
    matched = match_posts(data, text)
    if len(matched) * 10 < min(len(data), len(text)) * _HARDLY_ANY_PAIRS:
        lengths = [sum(map(_text_length, posts)) for posts in (data, text)]
        return (data if lengths[0] * 2 >= lengths[1] else text), (), len(matched)
    pairs = _pair_in_order(data, text, matched)
    both = [(one, other) for one, other in pairs if one is not other]
    notes = [*_time_notes(both), *_headline_notes(both)]
    if not len(data) == len(text) == len(both):
        counts = f"{len(data)} posts in the page's structured data, {len(text)} in its text, {len(both)} in both"
        notes.insert(0, Note(0, f"{counts}; all are kept"))
    return tuple(one if one is other else _merge_pair(one, other) for one, other in pairs), tuple(notes), len(matched)


def without_titles(posts: Sequence[Post], outline: Outline, titles: Iterable[str]) -> tuple[Post, ...]:
    """Return the posts without headlines that the data states for posts without one.

    It is the title of the page, a part of it that several posts have, or the beginning of the text. A headline that the
    page shows beside its title stays.
    """
    own = [one_line(title).casefold() for title in titles]
    posts = _with_shown_headlines(posts, outline, own)
    lines = Counter(one_line(line.text).casefold() for line in outline.lines)
    shown = {post.line for post in outline.posts if post.headline}
    headlines = [one_line(post.headline).casefold() for post in posts]
    counts = Counter(each for each in headlines if " " in each)
    repeated = {title for title in own if lines[title] < _SHOWN_TWICE}
    parts = {
        each for each, count in counts.items() if count > 1 and not lines[each] and any(each in title for title in own)
    }
    return tuple(
        replace(post, headline="")
        if (post.paragraphs or post.markdown)
        and (headline in repeated or (post.line not in shown and (headline in parts or _begins_text(post))))
        else post
        for post, headline in zip(posts, headlines, strict=True)
    )


def _begins_text(post: Post) -> bool:
    """Return whether a headline is the beginning of the text, cut at some length, and no paragraph of its own."""
    words = _NO_WORD.sub("", post.headline)
    text = _NO_WORD.sub("", " ".join(post.paragraphs) or post.markdown)
    is_paragraph = len(post.paragraphs) > 1 and words == _NO_WORD.sub("", post.paragraphs[0])
    is_long = len(words) >= _SHORTEST_CUT or words == text
    return bool(words) and is_long and not is_paragraph and text.startswith(words)


def _with_shown_headlines(merged: Sequence[Post], outline: Outline, titles: Sequence[str]) -> tuple[Post, ...]:
    """Return the posts without headlines that only the data has, on a page that shows the others.

    Such a headline is the name of the page, which the data repeats for posts without one. Elsewhere than in the titles
    of the page, its text does not have it.
    """
    shown = {post.line: post.headline for post in outline.posts}
    if sum(map(bool, shown.values())) * 2 <= len(shown):
        return tuple(merged)
    texts = (one_line(line.text).casefold() for line in outline.lines if line.role is not LineRole.TITLE)
    text = " ".join(each for each in texts if each not in titles)
    return tuple(
        replace(post, headline="")
        if post.headline and shown.get(post.line) == "" and one_line(post.headline).casefold() not in text
        else post
        for post in merged
    )


def _pair_in_order(data: Sequence[Post], text: Sequence[Post], text_indexes: dict[int, int]) -> list[tuple[Post, Post]]:
    """Return all posts as data and text have them, in the order of the longer list.

    A post that only the shorter list has is inserted after its predecessor in that list. A post that only
    one list has is paired with itself.
    """
    in_data_order = [text_indexes[index] for index in sorted(text_indexes)]
    ascending = [after > before for before, after in pairwise(in_data_order)]
    step = 1 if sum(ascending) * 2 >= len(ascending) else -1  # one list may be newest first, the other oldest first
    data_indexes = {text_index: data_index for data_index, text_index in text_indexes.items()}
    longer, shorter, to_shorter, to_longer = data, text, text_indexes, data_indexes
    if len(text) >= len(data):
        longer, shorter, to_shorter, to_longer = text, data, data_indexes, text_indexes
    unmatched: dict[int, list[Post]] = defaultdict(list)  # by the index in the longer list that they follow
    position = -1
    for index, post in list(enumerate(shorter))[::step]:
        if index in to_longer:
            position = to_longer[index]
        else:
            unmatched[position].append(post)
    pairs = [(post, post) for post in unmatched[-1]]
    for index, post in enumerate(longer):
        pairs.append((post, shorter[to_shorter[index]] if index in to_shorter else post))
        pairs += [(other, other) for other in unmatched[index]]
    return pairs if longer is data else [(one, other) for other, one in pairs]


def _merge_pair(data: Post, text: Post) -> Post:
    """Take each field from the better source."""
    timed = _better_timed(data, text)
    if not text.headline and data.headline:  # on the page the headline may be the first paragraph
        text = _without_first_paragraph(text, data.headline)
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


def _without_first_paragraph(post: Post, paragraph: str) -> Post:
    """Return a post without its first paragraph if it has these words and others follow."""
    first, _, rest = post.markdown.partition("\n\n")
    if len(post.paragraphs) > 1 and _normalize_words(post.paragraphs[0]) == _normalize_words(paragraph):
        post = replace(post, paragraphs=post.paragraphs[1:])
    if rest and _normalize_words(first) == _normalize_words(paragraph):
        post = replace(post, markdown=rest)
    return post


def _better_timed(data: Post, text: Post) -> Post:
    """Return the post whose time is used: one with date and zone, and of two times that differ the more reliable."""
    if data.stamp is None or data.stamp_date is None:
        return text
    if text.stamp is None or not text.stamp.zone:
        return data
    text_is_better = zone_reliability(text.stamp) > zone_reliability(data.stamp)
    if text.stamp_date is not None:
        return text if text_is_better else data
    difference = _difference(data, text)
    is_same = difference is not None and difference % (24 * 60) == 0
    return replace(text, stamp_date=data.stamp_date) if text_is_better and not is_same else data


def _difference(data: Post, text: Post) -> int | None:
    """Return the time of the text minus that of the data in minutes; None if unknown."""
    date = text.stamp_date or data.stamp_date
    text_minute, data_minute = utc_minute(text.stamp, date) if text.stamp and date else None, _minute(data)
    return text_minute - data_minute if text_minute is not None and data_minute is not None else None


def _text_length(post: Post) -> int:
    return sum(map(len, post.paragraphs)) or len(post.markdown)


def _time_notes(both: Sequence[tuple[Post, Post]]) -> Iterator[Note]:
    """Report by how much the times of data and text differ, and which are used."""
    differences: Counter[tuple[int, str]] = Counter()
    for data, text in both:
        if difference := _difference(data, text):
            differences[difference, "structured data" if _better_timed(data, text) is data else "text"] += 1
    for (minutes, used), count in sorted(differences.items()):
        times = f"{count} of {len(both)} times in the page's text differ from its structured data"
        yield Note(0, f"{times} by {minutes:+} minutes; using the {used}")


def _headline_notes(both: Sequence[tuple[Post, Post]]) -> Iterator[Note]:
    differ = [
        text
        for data, text in both
        if data.headline and text.headline and _normalize_words(data.headline) != _normalize_words(text.headline)
    ]
    if differ:
        message = f"{len(differ)} of {len(both)} headlines in the page's text differ from its structured data"
        yield Note(differ[0].line, f"{message}; using the text")


def match_posts(data: Sequence[Post], text: Sequence[Post]) -> dict[int, int]:
    """Map the indexes of posts in the data to the indexes of the same posts in the text.

    The keys in `_KEYS` are tried one after the other, the most reliable first.
    """
    found: dict[int, int] = {}
    for key, must_be_unique in _KEYS:
        candidates: dict[Hashable, deque[int]] = defaultdict(deque)
        matched = set(found.values())
        for index, post in enumerate(text):
            if index not in matched and key(post):
                candidates[key(post)].append(index)
        unmatched = {index: key(post) for index, post in enumerate(data) if index not in found and key(post)}
        counts = Counter(unmatched.values())
        for index, value in unmatched.items():
            is_shared = counts[value] > 1 or len(candidates[value]) > 1
            if candidates[value] and not (must_be_unique and is_shared):
                found[index] = candidates[value].popleft()
    return found if len(found) * 10 >= min(len(data), len(text)) * _FEW_PAIRS else _match_by_shift(data, text, found)


def _match_by_shift(data: Sequence[Post], text: Sequence[Post], found: dict[int, int]) -> dict[int, int]:
    """Match posts whose minutes all differ by one multiple of 15, as if the data had another zone."""
    clocks = Counter(post.stamp.clock // 60 for post in data if post.stamp)
    by_clock = {post.stamp.clock // 60: index for index, post in enumerate(data) if post.stamp}
    own = Counter(post.stamp.clock // 60 for post in text if post.stamp)
    unique = {post.stamp.clock // 60: index for index, post in enumerate(text) if post.stamp}
    unique = {clock: index for clock, index in unique.items() if own[clock] == 1}
    best: dict[int, int] = {}
    for shift in range(0, _DAY, _QUARTER):
        pairs = {
            by_clock[moved]: index for clock, index in unique.items() if clocks[moved := (clock + shift) % _DAY] == 1
        }
        if len(pairs) > len(best):
            best = pairs
    if len(best) * 10 < min(len(data), len(text)) * _FEW_PAIRS or len(best) <= len(found):
        return found
    return best


def _normalize_words(text: str) -> str:
    """Return the words of a text in lower case, separated by spaces, without punctuation."""
    return " ".join(_WORD.findall(text.lower()))


def _text(post: Post) -> str:
    return _normalize_words(" ".join(post.paragraphs) or post.markdown)[:_PREFIX_LENGTH]


def _whole(post: Post) -> str:
    """Return headline and text as one, for pages whose headlines are paragraphs of the text."""
    return f"{_normalize_words(post.headline)} {_text(post)}".strip()[:_PREFIX_LENGTH]


def _minute(post: Post) -> int | None:
    return utc_minute(post.stamp, post.stamp_date) if post.stamp and post.stamp_date else None


# Each key, and whether a value that several posts share is useless. A post without a value has no match.
_KEYS: tuple[tuple[Callable[[Post], Hashable], bool], ...] = (
    (lambda post: post.id, True),
    (lambda post: (_normalize_words(post.headline), _text(post)) if post.headline and _text(post) else None, False),
    (lambda post: _whole(post) if len(_whole(post)) > _MIN_TEXT_LENGTH else None, False),
    (lambda post: (_minute(post), _normalize_words(post.headline)) if post.headline and _minute(post) else None, False),
    (lambda post: _text(post) if len(_text(post)) > _MIN_TEXT_LENGTH else None, False),
    (lambda post: _normalize_words(post.headline), True),
    (_minute, True),
)


def remove_repeated_posts(outline: Outline) -> Outline:
    """Remove posts that repeat another one of the page, and note each.

    A post repeats another if it has the id of a post below, if it is the first of the page and equals
    one below, or if it is only a headline in a box with the time and headline of another post. If a
    page shows all its posts twice, for narrow and for wide windows, the first of each remain.
    """
    repeated = _repeated_posts(outline.posts)
    if not repeated:
        return outline
    repeated_lines = {number for post in outline.posts if post.line in repeated for number in post.line_numbers}
    notes = (
        Note(line, f"repeats the post at {outline.line_unit} {original.line}; kept once")
        for line, original in repeated.items()
    )
    return replace(
        outline,
        posts=tuple(post for post in outline.posts if post.line not in repeated),
        lines=tuple(
            replace(line, role=LineRole.BOILERPLATE, reason="copy of a post") if line.number in repeated_lines else line
            for line in outline.lines
        ),
        notes=(*outline.notes, *notes),
    )


def _repeated_posts(posts: tuple[Post, ...]) -> dict[int, Post]:
    """Map the lines of repeated posts to the posts that they repeat."""
    half = len(posts) // 2
    if half > 1 and [_content(post) for post in posts[:half]] == [_content(post) for post in posts[half:]]:
        return {post.line: original for post, original in zip(posts[half:], posts[:half], strict=True)}
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
