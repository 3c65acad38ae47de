"""Which posts are the same: the only place that finds a post of the data in the text of a page."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence

from .clocks import utc_minute
from .page import Post

_WORD = re.compile(r"\w+")
_PREFIX = 80  # characters of a text that tell it from others


def partners(data: Sequence[Post], text: Sequence[Post]) -> dict[int, int]:
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


def words_of(text: str) -> str:
    """Give the words of a text in small letters, without what stands between them."""
    return " ".join(_WORD.findall(text.lower()))


def _text(post: Post) -> str:
    return words_of(" ".join(post.paragraphs) or post.markdown)[:_PREFIX]


def _minute(post: Post) -> int | None:
    return utc_minute(post.stamp, post.on) if post.stamp and post.on else None


_KEYS: tuple[tuple[Callable[[Post], Hashable], bool], ...] = (
    (lambda post: post.id, True),
    (lambda post: (words_of(post.headline), _text(post)) if post.headline and _text(post) else None, False),
    (lambda post: (_minute(post), words_of(post.headline)) if post.headline and _minute(post) else None, False),
    (lambda post: _text(post) if len(_text(post)) > 20 else None, False),
    (lambda post: words_of(post.headline), True),
    (_minute, True),
)
