"""The communication index of pairs, and the balance of a number's circle with itself."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, Bool


@jit
def pair_index(counts: I32, seconds: I64, factors: F64, sharpness: float) -> F64:
    """Index of both numbers of each pair, in each window.

    Parameters
    ----------
    counts, seconds
        int32[k, 4 W] and int64[k, 2 W], as `aggregate.sum_pairs` returns them.
    factors
        float64[W, 5], ``a_j / (D_w s_j)`` for calls out, seconds out, calls in, seconds in, texts out.
    sharpness
        0 for the linear index z; else kappa of ``log(1 + kappa z) / log(1 + kappa)``.

    Returns
    -------
    float64[k, 2 W]
        Column ``2 w + side``: the index in window w as the pair's first (side 0) or second number sees it.
    """
    k = counts.shape[0]
    windows = factors.shape[0]
    index = np.empty((k, 2 * windows))
    unit = 1 / np.log1p(sharpness) if sharpness > 0 else 0.0
    for i in range(k):
        for w in range(windows):
            c, s = 4 * w, 2 * w
            for side in range(2):
                z = (
                    factors[w, 0] * counts[i, c + side]
                    + factors[w, 1] * seconds[i, s + side]
                    + factors[w, 2] * counts[i, c + 1 - side]
                    + factors[w, 3] * seconds[i, s + 1 - side]
                    + factors[w, 4] * counts[i, c + 2 + side]
                )
                index[i, s + side] = np.log1p(sharpness * z) * unit if sharpness > 0 else z
    return index


@jit
def spread_index(sources: I64, of_pairs: F64, steady: Bool, before: F64, after: F64, stable: Bool) -> None:
    """Spread what is known of pairs over their edges, in one pass, as each look-up of a pair waits for the memory.

    Parameters
    ----------
    sources
        int64[edges], as `rows.place` fills it.
    of_pairs
        float64[pairs, 4], of two windows as `pair_index` returns it.
    steady
        bool[pairs].
    before, after, stable
        float64[edges] twice and bool[edges], filled.
    """
    for e in range(sources.shape[0]):
        pair, side = sources[e] >> 1, sources[e] & 1
        before[e] = of_pairs[pair, side]
        after[e] = of_pairs[pair, 2 + side]
        stable[e] = steady[pair]


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
