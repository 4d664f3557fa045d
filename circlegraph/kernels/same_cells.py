"""How often two numbers are heard by the same cell: at night, at work hours, on days of the weekend."""

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64

PARTS = 3


@jit
def same_cells(
    begin: I64,
    end: I64,
    key: NDArray[np.signedinteger],
    at: NDArray[np.integer],
    step: int,
    pairs: I32,
    low: int,
    high: int,
) -> I32:
    """Count the nights, working days and weekend days on which both are heard, and those with a cell in common.

    Parameters
    ----------
    begin, end, key, at, step
        As in `detect.occasions.Occasions`.
    pairs
        int32[k, 2]: ids.
    low, high
        The pairs this call is responsible for.

    Returns
    -------
    int32[high - low, 6]
        Both heard and in common, at night, at work hours and on days of weekends.
    """
    counts = np.zeros((high - low, 2 * PARTS), np.int32)
    for i in range(high - low):
        a, b = pairs[low + i, 0], pairs[low + i, 1]
        e, last = begin[a], end[a]
        f, stop = begin[b], end[b]
        while e < last and f < stop:
            code = key[e]
            if code < key[f]:
                e += 1
            elif code > key[f]:
                f += 1
            else:
                first = f
                met = 0
                while e < last and key[e] == code:
                    f = first
                    while f < stop and key[f] == code:
                        if at[f] == at[e]:
                            met = 1
                        f += 1
                    e += 1
                part = code // step
                counts[i, 2 * part] += 1
                counts[i, 2 * part + 1] += met
    return counts
