"""Times in page order → dates: the only place that decides which day an entry fell on.

Walking down a page that prints its newest entry first, times fall; a large rise is the
evening before. On a page that prints its oldest first it is the other way round. A small
step against the order is an entry out of place: it keeps the date and is noted.
"""

import datetime as dt
from itertools import pairwise

from msgspec import Struct

from .page import Note

ROLL_OVER = 3 * 3600  # seconds against the order of the page that mean another day


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
    """Give every tick its date, the first one `date`; notes name the line of each roll-over."""
    afresh = {index for index, tick in enumerate(ticks) if _stands_afresh(ticks, index)}
    steps = [
        below.clock - above.clock for index, (above, below) in enumerate(pairwise(ticks), 1) if index not in afresh
    ]
    rises, falls = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    onward = 1 if rises > falls else -1
    notes = [Note(0, f"read oldest first: {rises} of {len(steps)} steps go up")] if rises > falls else []
    placed: list[Placed] = []
    inferred = False
    for index, tick in enumerate(ticks):
        if tick.heading:
            date, inferred = tick.heading, False
        elif index not in afresh:
            step = (tick.clock - ticks[index - 1].clock) * onward
            if step <= -ROLL_OVER:
                date, inferred = date + dt.timedelta(days=onward), True
            notes += _noted(ticks[index - 1], tick, date, step)
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
    return [Note(below.line, f"{times} is out of order: the date stays {date}")]


def clock_text(clock: int) -> str:
    """Write seconds after midnight as ``HH:MM``, with seconds where there are any."""
    text = f"{clock // 3600:02}:{clock // 60 % 60:02}"
    return f"{text}:{clock % 60:02}" if clock % 60 else text
