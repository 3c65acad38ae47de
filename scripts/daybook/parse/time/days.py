"""Assign days to the clock times of a page: one shortest path over all of them.

Each post has a few possible days. A path costs most where times run against the page's order, and a little where posts
are far apart or not on the page's day. The cheapest path is the reading. So a post that is out of place, a pinned
summary on top, a closing post after midnight and a date on only one of the posts are one question.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

_DAY = 86_400  # seconds
_HALF_DAY = _DAY // 2  # a longer step may cross midnight and does not show the page's order
_EVENING = 18 * 3600
_MORNING = 6 * 3600
_MOST_DAYS = 40  # days before or after the page's own that are tried
_CLOSE = 0.12  # of the cost; two readings this close are as likely
_NEIGHBOURS = 2  # days between two posts in a row, unless one states its date

# Costs, set by hand on invented pages: a rise of three hours is dearer than a midnight, a smaller one is cheaper.
_QUIET_HOUR = 0.12
_AGAINST, _AGAINST_HOUR = 0.6, 0.65
_PINNED, _PINNED_HOUR = 1.0, 0.1
_AGAINST_MIDNIGHT = 1.5
_LATER_THAN_ABOVE = 3.0  # a post on a day after the page's, below posts of the page's day
_BEFORE_PUBLICATION = 3.0
_TOO_LATE = 9.0  # after the last change of the page


class UndatedStamp(Struct, frozen=True, kw_only=True):
    """A clock time in seconds after midnight, its day if it is known, and whether it is not compared with the last."""

    clock: int
    day: dt.date | None = None
    restart: bool = False


def find_direction(stamps: Sequence[UndatedStamp]) -> tuple[int, int, int]:
    """Return the page's order, -1 newest first or 1 oldest first, and how many of how many steps rise."""
    steps: list[int] = []
    known: list[int] = []
    for above, below in pairwise(stamps):
        if above.day and below.day and above.day != below.day:
            known.append((below.day - above.day).days)
        elif above.day and below.day:
            known.append(below.clock - above.clock)
        elif not below.restart and below.day is None:
            step = below.clock - above.clock
            steps += [step] if abs(step) <= _HALF_DAY else []
    rises = sum(step > 0 for step in steps)
    balance = sum((step > 0) - (step < 0) for step in steps or known)
    return (1 if balance > 0 else -1), rises, len(steps)


def assign_days(  # noqa: PLR0913 - what is known of the page, each part optional
    stamps: Sequence[UndatedStamp],
    date: dt.date,
    direction: int,
    *,
    last_day: dt.date | None = None,
    not_after: dt.datetime | None = None,
    not_before: dt.datetime | None = None,
) -> tuple[list[dt.date], bool]:
    """Return the day of each stamp, and whether another reading of the first one is as likely.

    Args:
        stamps: The times in page order.
        date: The page's date.
        direction: -1 for newest first, 1 for oldest first.
        last_day: The day of the page's last change, if later than `date`.
        not_after: A local time after which nothing was posted.
        not_before: The local time of the page's publication; no post is older.
    """
    if not stamps:
        return [], False
    window = _Window(date=date, direction=direction, last_day=last_day, not_after=not_after)
    first_days = [stamps[0].day] if stamps[0].day else _first_days(window)
    readings = [_cheapest_path(stamps, window, first) for first in first_days]
    costs = sorted(
        (cost + _before_page(stamps, path, window) + _early(stamps, path, direction, not_before), path)
        for cost, path in readings
    )
    return costs[0][1], len(costs) > 1 and costs[1][0] - costs[0][0] < _CLOSE


def _early(
    stamps: Sequence[UndatedStamp], days: Sequence[dt.date], direction: int, not_before: dt.datetime | None
) -> float:
    """Return the cost of a page whose oldest post is older than its publication."""
    oldest, day = (stamps[-1], days[-1]) if direction < 0 else (stamps[0], days[0])
    if not_before is None or oldest.day:
        return 0.0
    at = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=oldest.clock)
    return _BEFORE_PUBLICATION if at < not_before - dt.timedelta(hours=1) else 0.0


class _Window(Struct, frozen=True, kw_only=True):
    """The time of a page, as the arguments of `assign_days`."""

    date: dt.date
    direction: int
    last_day: dt.date | None
    not_after: dt.datetime | None


def _first_days(window: _Window) -> list[dt.date]:
    """Return the days that the first post may have: the page's, one beside it, or those until its last change."""
    beside = window.date + dt.timedelta(days=-window.direction)
    until = (window.last_day - window.date).days if window.last_day else 0
    return sorted({window.date, beside, *(window.date + dt.timedelta(days=offset) for offset in range(until + 1))})


def _cheapest_path(stamps: Sequence[UndatedStamp], window: _Window, first: dt.date) -> tuple[float, list[dt.date]]:
    """Return the cheapest assignment and its cost; `first` is the day of the first stamp."""
    direction, date = window.direction, window.date
    midnights = sum((below.clock - above.clock) * direction < 0 for above, below in pairwise(stamps))
    reach = min(_MOST_DAYS, midnights + 2)
    days = {date + dt.timedelta(days=offset) for offset in range(-reach, reach + 1)}
    for known in {stamp.day for stamp in stamps if stamp.day} | ({window.last_day} if window.last_day else set()):
        days |= {known + dt.timedelta(days=offset) for offset in range(-min(reach, 4), min(reach, 4) + 1)}
    ordered = sorted(days)
    costs: dict[dt.date, float] = {}
    came_from: list[dict[dt.date, dt.date]] = []
    for index, stamp in enumerate(stamps):
        choices = [stamp.day] if stamp.day else ordered if index else [first]
        now: dict[dt.date, float] = {}
        back: dict[dt.date, dt.date] = {}
        for day in choices:
            here = 0.0 if stamp.day else _after_page(stamp.clock, day, window)
            if index == 0:
                now[day] = here
                continue
            above = stamps[index - 1]
            is_free = stamp.day is None and above.day is None
            cheapest = min(
                (
                    (cost + _step((above, before), (stamp, day), window, is_second=index == 1), before)
                    for before, cost in costs.items()
                    if not is_free or abs((day - before).days) <= _NEIGHBOURS
                ),
                default=None,
            )
            if cheapest:
                now[day], back[day] = cheapest[0] + here, cheapest[1]
        costs = now
        came_from.append(back)
    last, least = min(costs.items(), key=lambda item: (item[1], abs((item[0] - date).days)))
    path = [last]
    for back in reversed(came_from[1:]):
        path.append(back[path[-1]])
    return least, path[::-1]


def _after_page(clock: int, day: dt.date, window: _Window) -> float:
    """Return the cost of a post after the page's day or its last change: small just after midnight."""
    cost, offset = 0.0, (day - window.date).days
    at = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=clock)
    if window.not_after and at > window.not_after + dt.timedelta(hours=1):
        cost = _TOO_LATE
    if offset <= 0:
        return cost
    if window.last_day and day <= window.last_day:
        return cost + 0.05 * offset
    if window.direction > 0:  # an oldest-first page has the date on which it begins
        return cost + 0.1 * offset
    return cost + (0.25 + 0.35 * clock / 3600 if clock < _MORNING and offset == 1 else 5.0 * offset)


def _before_page(stamps: Sequence[UndatedStamp], days: Sequence[dt.date], window: _Window) -> float:
    """Return the cost of posts before the page's day; those of the evening before are usual."""
    cost = 0.0
    for stamp, day in zip(stamps, days, strict=True):
        offset = (day - window.date).days
        if window.direction > 0:
            cost += 1.0 * (offset < 0 and stamp.day is None)
        elif offset == -1 and stamp.day is None:  # a page of several days has no usual evening
            cost += 0.15 if stamp.clock >= _EVENING else 0.5
    return cost


def _step(
    one: tuple[UndatedStamp, dt.date], other: tuple[UndatedStamp, dt.date], window: _Window, *, is_second: bool
) -> float:
    """Return the cost of one post, with its day, above another."""
    (above, before), (stamp, day) = one, other
    hours = ((day - before).days * _DAY + stamp.clock - above.clock) * window.direction / 3600
    if stamp.day:
        return 0.0 if hours >= 0 else 0.2
    if stamp.restart:
        return 0.02 * abs(hours)
    if hours >= 0:
        return _QUIET_HOUR * hours
    cost = _AGAINST + _AGAINST_HOUR * -hours
    if is_second and day == before:
        cost = min(cost, _PINNED + _PINNED_HOUR * -hours)  # a summary that is pinned on top
    if day != before:
        cost += _AGAINST_MIDNIGHT
    if window.direction < 0 and before < day and (is_second or window.date < day):
        cost += _LATER_THAN_ABOVE
    return cost
