"""What two numbers have in common: shared peers, rare ones counting more, and triads of ties."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F32, F64, I32, I64


@jit
def shared_circle(
    indptr: I64, peers: I32, tie: I32, strength: F32, weight: F64, pairs: I32, low: int, high: int
) -> tuple[I32, F64, F64]:
    """Merge the rows of both numbers of each pair; a row's peers ascend.

    Parameters
    ----------
    indptr, peers, tie
        int64, int32 and int32: symmetric rows, and the tie that each edge belongs to.
    strength
        float32[ties, c]: how far each tie counts for triads, in several ways.
    weight
        float64[numbers]: what a number counts as a shared peer.
    pairs
        int32[k, 2]: ids.
    low, high
        The pairs this call is responsible for.

    Returns
    -------
    shared
        int32[high - low]: shared peers.
    weighted
        float64[high - low]: their summed weight.
    triads
        float64[high - low, c]: product of the strengths of the ties to both, summed over the shared peers.
    """
    k = high - low
    shared = np.zeros(k, np.int32)
    weighted = np.zeros(k)
    triads = np.zeros((k, strength.shape[1]))
    for i in range(k):
        a, b = pairs[low + i, 0], pairs[low + i, 1]
        e, end = indptr[a], indptr[a + 1]
        f, stop = indptr[b], indptr[b + 1]
        while e < end and f < stop:
            if peers[e] == peers[f]:
                shared[i] += 1
                weighted[i] += weight[peers[e]]
                for c in range(strength.shape[1]):
                    triads[i, c] += float(strength[tie[e], c]) * float(strength[tie[f], c])
                e += 1
                f += 1
            elif peers[e] < peers[f]:
                e += 1
            else:
                f += 1
    return shared, weighted, triads
