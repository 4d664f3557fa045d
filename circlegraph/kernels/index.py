"""The communication index of edges, and the balance of a number's circle with itself."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, Bool


@jit
def edge_index(
    sources: I64, low: int, high: int, counts: I32, seconds: I64, factors: F64, sharpness: float, index: F64
) -> None:
    """Write the index of each edge in each window, as the edge's own number sees it.

    Parameters
    ----------
    sources
        int64[edges], the pair and the side of each edge, as `rows.place` writes them.
    low, high
        The edges this call is responsible for.
    counts, seconds
        int32[k, 4 W] and int64[k, 2 W], the pairs' columns, as `aggregate.sum_pairs` returns them.
    factors
        float64[W, 5], ``a_j / (D_w s_j)`` for calls out, seconds out, calls in, seconds in, texts out.
    sharpness
        0 for the linear index z; else kappa of ``log(1 + kappa z) / log(1 + kappa)``.
    index
        float64[W, edges], filled.
    """
    unit = 1 / np.log1p(sharpness) if sharpness > 0 else 0.0
    for e in range(low, high):
        pair, side = sources[e] >> 1, sources[e] & 1
        for w in range(factors.shape[0]):
            c, s = 4 * w, 2 * w
            z = (
                factors[w, 0] * counts[pair, c + side]
                + factors[w, 1] * seconds[pair, s + side]
                + factors[w, 2] * counts[pair, c + 1 - side]
                + factors[w, 3] * seconds[pair, s + 1 - side]
                + factors[w, 4] * counts[pair, c + 2 + side]
            )
            index[w, e] = np.log1p(sharpness * z) * unit if sharpness > 0 else z


@jit
def persistence(indptr: I64, counted: Bool, before: F64, after: F64) -> F64:
    """Balance of each number with itself over the counted peers: sum of minima over sum of maxima.

    Returns float64[numbers], NaN where a number has no such peer.
    """
    n = indptr.shape[0] - 1
    balance = np.full(n, np.nan)
    for x in range(n):
        least = 0.0
        most = 0.0
        for e in range(indptr[x], indptr[x + 1]):
            if counted[e]:
                least += min(before[e], after[e])
                most += max(before[e], after[e])
        if most > 0.0:
            balance[x] = least / most
    return balance
