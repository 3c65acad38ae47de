"""Whether work grows faster than what it is done on, told on a machine of any speed and load."""

import gc
import math
import time
from collections.abc import Callable

_MOMENT = 0.2  # seconds of own work; less than that is quick at any size that a test tries
_LIMIT = 8  # between 4 for work in proportion and 16 for its square, at four times the size
_TRIES = 4  # what else the machine does takes time from some of them, and gives none to any


def outgrows(work: Callable[[int], object], size: int) -> bool:
    """Tell whether `work` at a size costs far more than four times what it costs at a quarter of it.

    Costs are seconds of this process's own work, each the least of some tries.
    """
    begun = time.process_time()
    work(size)
    if time.process_time() - begun < _MOMENT:
        return False
    small = large = math.inf
    for _ in range(_TRIES):
        large = min(large, _cost(work, size))
        small = min(small, _cost(work, size // 4))
        if large < max(_MOMENT, _LIMIT * small):
            return False
    return True


def _cost(work: Callable[[int], object], size: int) -> float:
    # A collection looks through all that other tests have left, too: once for a small size, many times for a large.
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        work(size)
        return time.process_time() - begun
    finally:
        gc.enable()
