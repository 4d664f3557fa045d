"""Rank of each peer inside the circle of a number."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F32, I32, I64


@jit
def circle_ranks(indptr: I64, peers: I32, tie: I32, strength: I32) -> F32:
    """Rank the ties of each number by descending strength, from 1; equals share the mean of their ranks.

    Parameters
    ----------
    indptr, peers, tie
        int64, int32 and int32: symmetric rows, and the tie that each edge belongs to.
    strength
        int32[ties].

    Returns
    -------
    float32[ties, 2]
        Rank in the circle of the smaller and of the larger number.
    """
    ranks = np.empty((strength.shape[0], 2), np.float32)
    for x in range(indptr.shape[0] - 1):
        begin, end = indptr[x], indptr[x + 1]
        row = strength[tie[begin:end]]
        order = np.argsort(-row)
        first = 0
        for place in range(1, end - begin + 1):
            if place == end - begin or row[order[place]] < row[order[first]]:
                for i in range(first, place):
                    e = begin + order[i]
                    ranks[tie[e], 0 if x < peers[e] else 1] = 0.5 * (first + place + 1)
                first = place
    return ranks
