"""Rank of each peer inside the circle of a number."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I64


@jit
def circle_ranks(indptr: I64, strength: I64) -> F64:
    """Rank the edges of each row by descending strength, from 1; equals share the mean of their ranks.

    `strength` is int64[edges]. Returns float64[edges].
    """
    ranks = np.empty(strength.shape[0])
    for x in range(indptr.shape[0] - 1):
        begin, end = indptr[x], indptr[x + 1]
        order = begin + np.argsort(-strength[begin:end])
        first = 0
        for place in range(1, end - begin + 1):
            if place == end - begin or strength[order[place]] < strength[order[first]]:
                for i in range(first, place):
                    ranks[order[i]] = 0.5 * (first + place + 1)
                first = place
    return ranks
