"""Look up where two numbers stand in each other's rows."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64


@jit
def between(indptr: I64, peers: I32, a: I64, b: I64) -> I64:
    """Find the place of b in the row of a for each pair, int64[k]; -1 where there is none. A row's peers ascend."""
    found = np.full(a.shape[0], -1, np.int64)
    for i in range(a.shape[0]):
        low, high = indptr[a[i]], indptr[a[i] + 1]
        end = high
        while low < high:
            middle = (low + high) >> 1
            if peers[middle] < b[i]:
                low = middle + 1
            else:
                high = middle
        if low < end and peers[low] == b[i]:
            found[i] = low
    return found
