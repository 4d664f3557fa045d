"""Find a number again by its circle, among all numbers that share a peer with it."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I64


@jit
def reverse_edges(indptr: I64, peers: I64) -> I64:
    """Position of the edge from y to x for every edge from x to y, int64[edges].

    The graph must be symmetric with sorted rows: the numbers x then reach row y in the order of its peers.
    """
    reverse = np.empty(peers.shape[0], np.int64)
    cursor = indptr[:-1].copy()
    for x in range(indptr.shape[0] - 1):
        for e in range(indptr[x], indptr[x + 1]):
            y = peers[e]
            reverse[e] = cursor[y]
            cursor[y] += 1
    return reverse


@jit
def recognise(
    indptr: I64, peers: I64, reverse: I64, before: F64, after: F64, chosen: I64, most_peers: int
) -> tuple[I64, I64, F64, F64]:
    """Compare the circle of each chosen number before with the circles of all numbers after.

    The similarity of two circles is the balance: the sum of minima over the sum of maxima. Only numbers with
    a shared peer can have any; they are met at that peer.

    Parameters
    ----------
    indptr, peers, reverse
        Symmetric rows, and `reverse_edges` of them.
    before, after
        float64[edges]: indices, not negative.
    chosen
        int64[k]: the numbers to find again.
    most_peers
        A peer with more peers of its own is passed over: it says little and costs much.

    Returns
    -------
    better, equal
        int64[k]: how many other numbers are more similar than the number itself, and how many are as similar.
    own, best
        float64[k]: similarity to itself, and to the most similar other number.
    """
    n = indptr.shape[0] - 1
    k = chosen.shape[0]
    better = np.zeros(k, np.int64)
    equal = np.zeros(k, np.int64)
    own = np.zeros(k)
    best = np.zeros(k)
    volume = np.zeros(n)
    for x in range(n):
        for e in range(indptr[x], indptr[x + 1]):
            volume[x] += after[e]
    shared = np.zeros(n)
    met = np.empty(n, np.int64)
    for i in range(k):
        x = chosen[i]
        mets = 0
        total = 0.0
        for e in range(indptr[x], indptr[x + 1]):
            total += before[e]
            y = peers[e]
            if before[e] <= 0.0 or indptr[y + 1] - indptr[y] > most_peers:
                continue
            for f in range(indptr[y], indptr[y + 1]):
                z = peers[f]
                least = min(before[e], after[reverse[f]])
                if least > 0.0:
                    if shared[z] == 0.0:
                        met[mets] = z
                        mets += 1
                    shared[z] += least
        if shared[x] > 0.0:
            own[i] = shared[x] / (total + volume[x] - shared[x])
        for j in range(mets):
            z = met[j]
            if z != x:
                similarity = shared[z] / (total + volume[z] - shared[z])
                best[i] = max(best[i], similarity)
                if similarity > own[i] * (1 + 1e-12):
                    better[i] += 1
                elif similarity >= own[i] * (1 - 1e-12):
                    equal[i] += 1
            shared[z] = 0.0
    return better, equal, own, best
