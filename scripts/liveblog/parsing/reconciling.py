"""Posts of a page's data and posts of its text → one list: the only place that weighs the two.

Nothing is lost: what only one of them has is kept where it stood. Of a post that both have,
readers' text gives headline and body, and the time that was written with more care counts.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from .clocks import utc_minute
from .likeness import partners, words_of
from .moments import trust
from .page import Note, Post
from .stamps import DAY_SECONDS

_CUT = 0.9  # of the other's length: a text that is shorter was cut

Pair = tuple[Post | None, Post | None]


class Reconciled(Struct, frozen=True):
    """All posts of a page; those that stand in its data alone still have no number (line 0)."""

    posts: tuple[Post, ...]
    notes: tuple[Note, ...]


def reconcile(data: tuple[Post, ...], text: tuple[Post, ...]) -> Reconciled:
    """Join the posts of the data with those of the text, in the order of the longer list."""
    if not data or not text:
        return Reconciled(data or text, ())
    partner = partners(data, text)
    pairs = _ordered(data, text, partner)
    both = [(one, other) for one, other in pairs if one and other]
    posts = tuple(_joined(one, other) for one, other in pairs)
    return Reconciled(posts, (*_counts(data, text, len(both)), *_time_notes(both), *_headline_notes(both)))


def _ordered(data: Sequence[Post], text: Sequence[Post], partner: dict[int, int]) -> list[Pair]:
    """Put all posts into the order of the longer list; what it lacks follows what it followed."""
    back = {other: one for one, other in partner.items()}
    forward = _runs_along(partner)
    if len(text) >= len(data):
        pairs: list[Pair] = [(data[back[index]] if index in back else None, post) for index, post in enumerate(text)]
        return _inserted(pairs, [(post, partner.get(index)) for index, post in enumerate(data)][::forward], 0)
    pairs = [(post, text[partner[index]] if index in partner else None) for index, post in enumerate(data)]
    return _inserted(pairs, [(post, back.get(index)) for index, post in enumerate(text)][::forward], 1)


def _inserted(pairs: list[Pair], others: list[tuple[Post, int | None]], side: int) -> list[Pair]:
    """Add the posts without a place behind the one that stands before them in their own list."""
    behind: dict[int, list[Pair]] = defaultdict(list)
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
        on=replace(timed.on, line=text.line) if timed.on else text.on,
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
    if data.stamp is None or data.on is None:
        return text
    if text.stamp is None or not text.stamp.zone:
        return data
    if text.on is None:
        behind = utc_minute(data.stamp, data.on), utc_minute(text.stamp, data.on)
        same = None not in behind and not _apart(behind)
        return data if same or trust(data.stamp) >= trust(text.stamp) else replace(text, on=data.on)
    return text if trust(text.stamp) > trust(data.stamp) else data


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
        on = text.on or data.on
        if data.stamp and data.on and text.stamp and text.stamp.zone and on:
            here, there = utc_minute(data.stamp, data.on), utc_minute(text.stamp, on)
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
        if data.headline and text.headline and words_of(data.headline) != words_of(text.headline)
    ]
    if not differ:
        return ()
    said = f"{len(differ)} of {len(both)} headlines in the page's data are others than readers see: the text is taken"
    return (Note(differ[0].line, said),)


def _length(post: Post) -> int:
    return sum(map(len, post.paragraphs)) or len(post.markdown)
