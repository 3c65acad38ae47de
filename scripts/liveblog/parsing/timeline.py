"""Times in page order → dates: the only place that decides which day an entry fell on.

Walking down a page that prints its newest entry first, times fall; a large rise is the
evening before. On a page that prints its oldest first it is the other way round. A small
step against the order is an entry out of place: it keeps the date and is noted, and so is
one that takes it back over midnight.
"""

import datetime as dt
from itertools import pairwise

from msgspec import Struct

from .page import Note
from .stamps import DAY_SECONDS

ROLL_OVER = 3 * 3600  # seconds against the order of the page that mean another day
_HALF_DAY = DAY_SECONDS // 2  # a longer step may lead over midnight and says nothing of the order
_SLIP = 30 * 60  # seconds by which an entry out of place may stand on the other side of midnight
_NEVER = DAY_SECONDS + 1


class Tick(Struct, frozen=True, kw_only=True):
    """A time on the page's clock, in seconds after midnight; `heading` is a date printed above it."""

    line: int
    clock: int
    heading: dt.date | None = None
    restart: bool = False


class Placed(Struct, frozen=True):
    """The date a tick falls on, and whether a roll-over had to be inferred to know it."""

    date: dt.date
    inferred: bool


def place_ticks(ticks: tuple[Tick, ...], date: dt.date) -> tuple[tuple[Placed, ...], tuple[Note, ...]]:
    """Give every tick its date, the first one `date`; notes name the line of each roll-over.

    Where an entry out of place may stand on the other side of midnight, the reading counts
    that covers fewer days.
    """
    steps = [
        below.clock - above.clock
        for index, (above, below) in enumerate(pairwise(ticks), 1)
        if not _stands_afresh(ticks, index) and abs(below.clock - above.clock) <= _HALF_DAY
    ]
    rises, falls = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    onward = 1 if rises > falls else -1
    said = (Note(0, f"read oldest first: {rises} of {len(steps)} steps go up"),) if rises > falls else ()
    ways = (_walk(ticks, date, onward, back) for back in (_NEVER, DAY_SECONDS - _SLIP))
    placed, notes = min(ways, key=lambda way: len({each.date for each in way[0]}))
    return placed, (*said, *notes)


def _walk(
    ticks: tuple[Tick, ...], date: dt.date, onward: int, back: int
) -> tuple[tuple[Placed, ...], tuple[Note, ...]]:
    """Date ticks one by one; a step along the order of `back` seconds or more leads back over midnight."""
    notes: list[Note] = []
    placed: list[Placed] = []
    inferred = False
    for index, tick in enumerate(ticks):
        if tick.heading:
            date, inferred = tick.heading, False
        elif not _stands_afresh(ticks, index):
            step = (tick.clock - ticks[index - 1].clock) * onward
            days = onward if step <= -ROLL_OVER else -onward if step >= back else 0
            date, inferred = date + dt.timedelta(days=days), inferred or days != 0
            notes += _noted(ticks[index - 1], tick, date, step if days != -onward else -1)
        placed.append(Placed(date, inferred))
    return tuple(placed), tuple(notes)


def _stands_afresh(ticks: tuple[Tick, ...], index: int) -> bool:
    """Say whether a tick is not to be compared with the one above it.

    A separator sets the comparison free only below a single entry, the pinned one: further
    down it stands in the middle of the flow, where leaving it out would hide a midnight.
    """
    return index == 0 or ticks[index].heading is not None or (index == 1 and ticks[index].restart)


def _noted(above: Tick, below: Tick, date: dt.date, step: int) -> list[Note]:
    """Report a step against the order: a roll-over to `date`, or an entry out of place."""
    if step >= 0:
        return []
    times = f"{clock_text(below.clock)} below {clock_text(above.clock)}"
    if step <= -ROLL_OVER:
        return [Note(below.line, f"{times} is taken for {date}: midnight lies between")]
    return [Note(below.line, f"{times} is out of order: its date is {date}")]


def clock_text(clock: int) -> str:
    """Write seconds after midnight as ``HH:MM``, with seconds where there are any."""
    text = f"{clock // 3600:02}:{clock // 60 % 60:02}"
    return f"{text}:{clock % 60:02}" if clock % 60 else text
