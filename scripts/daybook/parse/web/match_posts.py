"""Posts of a page's data and posts of its text → one list: the only place that weighs the two.

Nothing is lost: what only one of them has is kept where it stood. Of a post that both have,
readers' text gives headline and body, and the time that was written with more care counts.
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

_CUT = 0.9  # of the other's length: a text that is shorter was cut


PostPair = tuple[Post | None, Post | None]


class MergedPosts(Struct, frozen=True):
    """All posts of a page; those that stand in its data alone still have no number (line 0)."""

    posts: tuple[Post, ...]
    notes: tuple[Note, ...]


def merge_post_lists(data: tuple[Post, ...], text: tuple[Post, ...]) -> MergedPosts:
    """Join the posts of the data with those of the text, in the order of the longer list."""
    if not data or not text:
        return MergedPosts(data or text, ())
    partner = match_posts(data, text)
    pairs = _ordered(data, text, partner)
    both = [(one, other) for one, other in pairs if one and other]
    posts = tuple(_joined(one, other) for one, other in pairs)
    return MergedPosts(posts, (*_counts(data, text, len(both)), *_time_notes(both), *_headline_notes(both)))


def _ordered(data: Sequence[Post], text: Sequence[Post], partner: dict[int, int]) -> list[PostPair]:
    """Put all posts into the order of the longer list; what it lacks follows what it followed."""
    back = {other: one for one, other in partner.items()}
    forward = _runs_along(partner)
    if len(text) >= len(data):
        pairs: list[PostPair] = [
            (data[back[index]] if index in back else None, post) for index, post in enumerate(text)
        ]
        return _inserted(pairs, [(post, partner.get(index)) for index, post in enumerate(data)][::forward], 0)
    pairs = [(post, text[partner[index]] if index in partner else None) for index, post in enumerate(data)]
    return _inserted(pairs, [(post, back.get(index)) for index, post in enumerate(text)][::forward], 1)


def _inserted(pairs: list[PostPair], others: list[tuple[Post, int | None]], side: int) -> list[PostPair]:
    """Add the posts without a place behind the one that stands before them in their own list."""
    behind: dict[int, list[PostPair]] = defaultdict(list)
    place = -1
    for post, index in others:
        if index is not None:
            place = index
        else:
            behind[place].append((post, None) if side == 0 else (None, post))
    found = list(behind[-1])
    for index, pair in enumerate(pairs):
        found += [pair, *behind[index]]
    return found


def _runs_along(partner: dict[int, int]) -> int:
    """Say whether both lists run the same way (1) or against each other (-1)."""
    places = [partner[index] for index in sorted(partner)]
    steps = [after > before for before, after in pairwise(places)]
    return 1 if sum(steps) * 2 >= len(steps) else -1


def _joined(data: Post | None, text: Post | None) -> Post:
    """Take each field from where it is best."""
    if data is None or text is None:
        only = data or text
        assert only is not None
        return only
    timed = _better_timed(data, text)
    whole = text if _length(text) >= _CUT * _length(data) else data
    return replace(
        text,
        stamp=timed.stamp,
        stamp_date=replace(timed.stamp_date, line=text.line) if timed.stamp_date else text.stamp_date,
        headline=text.headline or data.headline,
        paragraphs=whole.paragraphs,
        markdown=whole.markdown,
        id=text.id or data.id,
        authors=text.authors or data.authors,
        updated=text.updated or data.updated,
        key=text.key or data.key,
    )


def _better_timed(data: Post, text: Post) -> Post:
    """Give the post whose time counts: a whole one, and of two that differ the one written with more care."""
    if data.stamp is None or data.stamp_date is None:
        return text
    if text.stamp is None or not text.stamp.zone:
        return data
    if text.stamp_date is None:
        behind = utc_minute(data.stamp, data.stamp_date), utc_minute(text.stamp, data.stamp_date)
        same = None not in behind and not _apart(behind)
        return (
            data
            if same or zone_reliability(data.stamp) >= zone_reliability(text.stamp)
            else replace(text, stamp_date=data.stamp_date)
        )
    return text if zone_reliability(text.stamp) > zone_reliability(data.stamp) else data


def _apart(minutes: tuple[int | None, int | None]) -> int:
    one, other = minutes
    return 0 if one is None or other is None else abs(one - other) % (DAY_SECONDS // 60)


def _counts(data: Sequence[Post], text: Sequence[Post], both: int) -> tuple[Note, ...]:
    if len(data) == len(text) == both:
        return ()
    said = f"the page's data holds {len(data)} posts, its text {len(text)}, {both} of them the same: all are kept"
    return (Note(0, said),)


def _time_notes(both: Sequence[tuple[Post, Post]]) -> tuple[Note, ...]:
    """Report by how much the times of data and text differ, and which were taken."""
    apart: Counter[tuple[int, str]] = Counter()
    for data, text in both:
        on = text.stamp_date or data.stamp_date
        if data.stamp and data.stamp_date and text.stamp and text.stamp.zone and on:
            here, there = utc_minute(data.stamp, data.stamp_date), utc_minute(text.stamp, on)
            if here is not None and there is not None and here != there:
                taken = "text" if _better_timed(data, text) is not data else "data"
                apart[there - here, taken] += 1
    return tuple(
        Note(
            0,
            f"{count} of {len(both)} times in the page's text are {minutes:+} minutes from its data: "
            f"the {taken} is taken",
        )
        for (minutes, taken), count in sorted(apart.items())
    )


def _headline_notes(both: Sequence[tuple[Post, Post]]) -> tuple[Note, ...]:
    differ = [
        text
        for data, text in both
        if data.headline and text.headline and normalize_words(data.headline) != normalize_words(text.headline)
    ]
    if not differ:
        return ()
    said = f"{len(differ)} of {len(both)} headlines in the page's data are others than readers see: the text is taken"
    return (Note(differ[0].line, said),)


def _length(post: Post) -> int:
    return sum(map(len, post.paragraphs)) or len(post.markdown)


_WORD = re.compile(r"\w+")


_PREFIX = 80  # characters of a text that tell it from others


def match_posts(data: Sequence[Post], text: Sequence[Post]) -> dict[int, int]:
    """Find for each post of the data its like in the text, from the surest sign to the weakest."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for key, alone in _KEYS:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        wanting: Counter[Hashable] = Counter()
        for index, post in enumerate(text):
            if index not in taken and key(post):
                waiting[key(post)].append(index)
        open_ = [index for index in range(len(data)) if index not in found and key(data[index])]
        wanting.update(key(data[index]) for index in open_)
        for index in open_:
            name = key(data[index])
            if not waiting[name] or (alone and (wanting[name] > 1 or len(waiting[name]) > 1)):
                continue
            found[index] = waiting[name].popleft()
            taken.add(found[index])
    return found


def normalize_words(text: str) -> str:
    """Give the words of a text in small letters, without what stands between them."""
    return " ".join(_WORD.findall(text.lower()))


def _text(post: Post) -> str:
    return normalize_words(" ".join(post.paragraphs) or post.markdown)[:_PREFIX]


def _minute(post: Post) -> int | None:
    return utc_minute(post.stamp, post.stamp_date) if post.stamp and post.stamp_date else None


_KEYS: tuple[tuple[Callable[[Post], Hashable], bool], ...] = (
    (lambda post: post.id, True),
    (lambda post: (normalize_words(post.headline), _text(post)) if post.headline and _text(post) else None, False),
    (lambda post: (_minute(post), normalize_words(post.headline)) if post.headline and _minute(post) else None, False),
    (lambda post: _text(post) if len(_text(post)) > 20 else None, False),
    (lambda post: normalize_words(post.headline), True),
    (_minute, True),
)


def remove_repeated_posts(outline: Outline) -> Outline:
    """Keep each post once, where it stands in the flow; a copy is noted and accounted for.

    A copy has the id of a post below, or is the first post of the page and says what one below says,
    or is a mere headline of a box that repeats the time and headline of a post. A page that shows
    all its posts twice, for narrow and for wide windows, has the first of each.
    """
    copies = _second_half(outline.posts)
    below: dict[object, Post] = {}
    told = {_heading(post): post for post in outline.posts if _has_body(post)}
    for index, post in reversed(list(enumerate(outline.posts))) if not copies else ():
        original = below.get(post.id) if post.id else None
        if original is None and index == 0:
            original = below.get(_content(post))
        if original is None and post.headline and not _has_body(post):
            original = told.get(_heading(post))
        if original is not None:
            copies[post.line] = original
        for name in (post.id, _content(post)):
            below.setdefault(name, post)
    if not copies:
        return outline
    held = {number for post in outline.posts if post.line in copies for number in post.line_numbers}
    notes = (
        Note(line, f"a copy of the post at {outline.line_unit} {post.line}: kept once") for line, post in copies.items()
    )
    return replace(
        outline,
        posts=tuple(post for post in outline.posts if post.line not in copies),
        lines=tuple(_as_copy(line) if line.number in held else line for line in outline.lines),
        notes=(*outline.notes, *notes),
    )


def _second_half(posts: tuple[Post, ...]) -> dict[int, Post]:
    """Give the posts of a second half that says just what the first does, each with its like."""
    half = len(posts) // 2
    first, second = posts[:half], posts[half:]
    same = half > 1 and [_content(post) for post in first] == [_content(post) for post in second]
    return {post.line: like for post, like in zip(second, first, strict=True)} if same else {}


def _content(post: Post) -> tuple[object, ...]:
    stamp = post.stamp and (post.stamp.clock, post.stamp.zone)
    return (stamp, post.headline, post.paragraphs, post.markdown)


def _heading(post: Post) -> tuple[object, ...]:
    return (post.stamp and (post.stamp.clock, post.stamp.zone), normalize_words(post.headline))


def _has_body(post: Post) -> bool:
    return bool(post.paragraphs or post.markdown)


def _as_copy(line: ClassifiedLine) -> ClassifiedLine:
    return replace(line, role=LineRole.BOILERPLATE, reason="copy of a post")
