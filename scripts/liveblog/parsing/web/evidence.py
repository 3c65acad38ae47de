"""The offset of a page's clock, from times that it gives twice: in its data and as readers see them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from bs4 import BeautifulSoup

from ..clocks import utc_minute
from ..page import Post, Stamp
from .times import TIMES, moment_of
from .tree import tags_in

_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})[.:h](\d{2})(?![\d.])(?: ?([ap])\.?m)?", re.IGNORECASE)
_DAY = 24 * 60
_WEST, _EAST = -12 * 60, 14 * 60


def offset_of_clocks(clocks: Sequence[tuple[Post, Stamp]]) -> str:
    """Give the offset between the times of posts and the clocks printed beside them, if most agree."""
    apart = Counter(
        found
        for post, printed in clocks
        if post.stamp and post.stamp.zone and post.on and not printed.zone
        for found in (_offset(utc_minute(post.stamp, post.on), printed.clock // 60),)
    )
    best = max((offset for offset in apart if offset is not None), key=lambda each: apart[each], default=None)
    return _text(best) if best is not None and apart[best] * 2 > sum(apart.values()) else ""


def offset_shown(tree: BeautifulSoup) -> str:
    """Give the offset of the first ``<time>`` whose text shows the clock of its ``datetime``."""
    for time in islice(tags_in(tree, TIMES), 50):
        moment = moment_of(time)
        stamp, on = (moment.stamp, moment.on(0)) if moment and moment.whole else (None, None)
        if stamp is None or on is None or not stamp.zone:
            continue
        offsets = {_offset(utc_minute(stamp, on), clock) for clock in _clocks(time.get_text())} - {None}
        if len(offsets) == 1:
            return _text(next(each for each in offsets if each is not None))
    return ""


def _clocks(text: str) -> Iterable[int]:
    for hour, minute, half in _CLOCK.findall(text):
        if int(hour) < 24 and int(minute) < 60:
            yield (int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)) * 60 + int(minute)


def _offset(utc: int | None, clock: int) -> int | None:
    """Give the minutes east of Greenwich, in quarters of an hour; None where clocks cannot be that far apart."""
    if utc is None:
        return None
    apart = (clock - utc % _DAY) % _DAY
    apart = apart - _DAY if apart > _EAST else apart
    return apart if apart % 15 == 0 and _WEST <= apart <= _EAST else None


def _text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
