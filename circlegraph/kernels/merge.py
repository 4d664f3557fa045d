"""Merge the rows of two graphs over the same numbers."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64


@jit
def merge_rows(indptr_a: I64, peers_a: I64, indptr_b: I64, peers_b: I64) -> tuple[I64, I64, I64, I64]:
    """Unite the sorted rows of two graphs.

    Returns
    -------
    indptr
        int64[numbers + 1].
    peers
        int64[edges], ascending within each row.
    from_a, from_b
        int64[edges]: the edge's position in either graph, -1 where it is not there.
    """
    n = indptr_a.shape[0] - 1
    indptr = np.zeros(n + 1, np.int64)
    room = peers_a.shape[0] + peers_b.shape[0]
    peers = np.empty(room, np.int64)
    from_a = np.full(room, -1, np.int64)
    from_b = np.full(room, -1, np.int64)
    e = 0
    for x in range(n):
        i, j = indptr_a[x], indptr_b[x]
        while i < indptr_a[x + 1] or j < indptr_b[x + 1]:
            if j >= indptr_b[x + 1] or (i < indptr_a[x + 1] and peers_a[i] < peers_b[j]):
                peers[e] = peers_a[i]
                from_a[e] = i
                i += 1
            elif i >= indptr_a[x + 1] or peers_b[j] < peers_a[i]:
                peers[e] = peers_b[j]
                from_b[e] = j
                j += 1
            else:
                peers[e] = peers_a[i]
                from_a[e] = i
                from_b[e] = j
                i += 1
                j += 1
            e += 1
        indptr[x + 1] = e
    return indptr, peers[:e].copy(), from_a[:e].copy(), from_b[:e].copy()
