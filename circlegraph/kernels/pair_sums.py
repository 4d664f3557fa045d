"""Sums over the stable pairs, for the scale of the communication index."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, Bool


@jit
def stable_pair_sums(ids: I64, counts: I32, seconds: I64, stable: Bool, own: Bool) -> I64:
    """Sum the measures of the first window over the stable pairs, as each own number of a pair sees them.

    Parameters
    ----------
    ids
        int64[k, 2].
    counts, seconds
        The pairs' columns, as `aggregate` returns them.
    stable
        bool[k].
    own
        bool[numbers].

    Returns
    -------
    int64[6]
        Sums of calls out, seconds out, calls in, seconds in, texts out; and how many (number, peer) they
        were taken over.
    """
    sums = np.zeros(6, np.int64)
    for i in range(ids.shape[0]):
        if stable[i]:
            for side in range(2):
                if own[ids[i, side]]:
                    sums[0] += counts[i, side]
                    sums[1] += seconds[i, side]
                    sums[2] += counts[i, 1 - side]
                    sums[3] += seconds[i, 1 - side]
                    sums[4] += counts[i, 2 + side]
                    sums[5] += 1
    return sums
