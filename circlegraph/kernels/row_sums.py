"""Sum columns of pairs over the row of each number."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64


@jit
def row_sums(indptr: I64, sources: I64, columns: I32) -> I64:
    """Add up what each number has with all its peers.

    `sources` names the pair of each edge as `rows.place` writes it; `columns` is int32[pairs, c].
    Returns int64[numbers, c].
    """
    n = indptr.shape[0] - 1
    sums = np.zeros((n, columns.shape[1]), np.int64)
    for x in range(n):
        for e in range(indptr[x], indptr[x + 1]):
            pair = sources[e] >> 1
            for c in range(columns.shape[1]):
                sums[x, c] += columns[pair, c]
    return sums
