"""How the days with contact follow each other, and how many of them are days off."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, U64
from circlegraph.kernels.day_bits import popcount


@jit
def day_patterns(days: U64, off: U64) -> I32:
    """Find the longest run of days with contact, and count those that are days off.

    Parameters
    ----------
    days
        uint64[k, words]: the day bits of one window.
    off
        uint64[words]: the bits of weekends and holidays.

    Returns
    -------
    int32[k, 2]
        Longest run, days off.
    """
    patterns = np.zeros((days.shape[0], 2), np.int32)
    for i in range(days.shape[0]):
        run = 0
        for word in range(days.shape[1]):
            bits = days[i, word]
            patterns[i, 1] += popcount(bits & off[word])
            if bits == np.uint64(0):
                run = 0
                continue
            for _ in range(64):
                run = run + 1 if bits & np.uint64(1) else 0
                bits >>= np.uint64(1)
                if run > patterns[i, 0]:
                    patterns[i, 0] = run
    return patterns
