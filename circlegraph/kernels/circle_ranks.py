"""Rank of each peer inside the circle of a number."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64


@jit
def circle_ranks(indptr: I64, strength: I64) -> I32:
    """Rank the edges of each row by descending strength, from 1; equals share the best of their ranks.

    `strength` is int64[edges]. Returns int32[edges].
    """
    ranks = np.empty(strength.shape[0], np.int32)
    for x in range(indptr.shape[0] - 1):
        begin, end = indptr[x], indptr[x + 1]
        order = np.argsort(-strength[begin:end])
        rank = 1
        for place in range(end - begin):
            e = begin + order[place]
            if place > 0 and strength[e] < strength[begin + order[place - 1]]:
                rank = place + 1
            ranks[e] = rank
    return ranks
