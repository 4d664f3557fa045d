"""Count the peers that two numbers share."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64


@jit
def common_peers(indptr: I64, peers: I64, a: I64, b: I64) -> I64:
    """Count the peers that stand in the rows of both numbers of each pair; a row's peers ascend.

    `a` and `b` are int64[k], ids. Returns int64[k].
    """
    shared = np.zeros(a.shape[0], np.int64)
    for i in range(a.shape[0]):
        e, end = indptr[a[i]], indptr[a[i] + 1]
        f, stop = indptr[b[i]], indptr[b[i] + 1]
        while e < end and f < stop:
            if peers[e] == peers[f]:
                shared[i] += 1
                e += 1
                f += 1
            elif peers[e] < peers[f]:
                e += 1
            else:
                f += 1
    return shared
