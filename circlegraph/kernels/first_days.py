"""The first day with contact of each pair in a window."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, U64
from circlegraph.kernels.day_bits import popcount


@jit
def first_days(days: U64, first_word: int, last_word: int) -> I32:
    """Find the first set day bit in ``days[:, first_word:last_word]``, counted from the window's first day.

    Returns int32[k], -1 where there is none.
    """
    first = np.full(days.shape[0], -1, np.int32)
    for i in range(days.shape[0]):
        for word in range(first_word, last_word):
            bits = days[i, word]
            if bits != np.uint64(0):
                lowest = bits & (~bits + np.uint64(1))
                first[i] = 64 * (word - first_word) + popcount(lowest - np.uint64(1))
                break
    return first
