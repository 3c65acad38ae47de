"""Show how far long work is: one line that is replaced on a terminal, plain lines elsewhere.

Nothing is shown for work that takes less than two seconds.
"""

import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
_FIRST, _TERMINAL, _PLAIN = 2.0, 0.2, 30.0  # seconds before the first line, and between lines


def show_progress(
    items: Iterable[T],
    total: int,
    label: str,
    stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[T]:
    """Yield the items, and write ``label: 120 of 1,737`` to a stream, by default standard error, meanwhile."""
    stream = stream or sys.stderr
    if stream is None:  # the caller closed it
        yield from items
        return
    is_terminal = stream.isatty()
    start = last = clock()
    shown = False
    try:
        for number, item in enumerate(items, start=1):
            yield item
            now = clock()
            if now - start >= _FIRST and (not shown or now - last >= (_TERMINAL if is_terminal else _PLAIN)):
                line = f"{label}: {number:,} of {total:,}"
                stream.write(f"\r\x1b[K{line}" if is_terminal else f"{line}\n")
                stream.flush()
                shown, last = True, now
    finally:
        if isinstance(items, Generator):
            items.close()
        if shown and is_terminal:
            stream.write("\r\x1b[K")
            stream.flush()
