"""Check that work grows in proportion to its input, on a machine of any speed and load."""

import gc
import math
import time
from collections.abc import Callable

_SHORT_TIME = 0.2  # seconds of CPU time; work that needs less is not measured
_MAX_RATIO = 8  # of the times at four times the size: linear work has 4, quadratic work 16
_ATTEMPTS = 4  # other load on the machine makes some of them slower and none faster


def outgrows(work: Callable[[int], object], size: int) -> bool:
    """Return whether `work` takes far more than four times as long at `size` as at a quarter of it.

    Times are CPU times of this process, each the shortest of several attempts.
    """
    started = time.process_time()
    work(size)
    if time.process_time() - started < _SHORT_TIME:
        return False
    small = large = math.inf
    for _ in range(_ATTEMPTS):
        large = min(large, _processor_time(work, size))
        small = min(small, _processor_time(work, size // 4))
        if large < max(_SHORT_TIME, _MAX_RATIO * small):
            return False
    return True


def _processor_time(work: Callable[[int], object], size: int) -> float:
    # The garbage collector also visits the objects of other tests, more often the larger the size is.
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        work(size)
        return time.process_time() - started
    finally:
        gc.enable()
