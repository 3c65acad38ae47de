"""Check that work grows in proportion to its input, on a machine of any speed and load."""

import gc
import math
import os
import time
from collections.abc import Callable

_SHORT_TIME = 0.1  # seconds of CPU time; work that needs less is not measured
_MAX_RATIO = 8  # of the times at four times the size: linear work has 4, quadratic work 16
_ATTEMPTS = 4  # other load on the machine makes some of them slower and none faster
# `make harden` measures at larger sizes, where quadratic work is a larger part of the whole.
_SCALE = int(os.environ.get("GROWTH_SCALE", "1"))


def outgrows(work: Callable[[int], object], size: int) -> bool:
    """Return whether `work` takes far more than four times as long at `size` as at a quarter of it.

    Times are CPU times of this process, each the shortest of several attempts. Work in proportion to its size is
    done about once at each of the two sizes.
    """
    size *= _SCALE
    small = large = math.inf
    for _ in range(_ATTEMPTS):
        large = min(large, _processor_time(work, size))
        if large < _SHORT_TIME:
            return False
        small = min(small, _processor_time(work, size // 4))
        if large < _MAX_RATIO * small:
            return False
    return True


def _processor_time(work: Callable[[int], object], size: int) -> float:
    # The garbage collector would also visit the objects of other tests, more often the larger the size is.
    gc.disable()
    try:
        started = time.process_time()
        work(size)
        return time.process_time() - started
    finally:
        gc.enable()
