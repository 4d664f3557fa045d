"""Move nodes between clusters as long as the constant Potts model gains by it."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64

LEAST_GAIN = 1e-9


@jit
def move_nodes(
    indptr: I32, peers: I32, weight: F64, size: I64, clusters: I64, resolution: float
) -> tuple[I64, int]:
    """Move each node to the cluster that it gains most from, and its peers again whenever it has moved.

    A node gains the weight to a cluster, less the resolution for each pair of numbers that comes together. Where no
    node was moved no single move gains anything.

    Parameters
    ----------
    indptr, peers, weight
        int32, int32, float64: symmetric rows; what a node has with itself is passed over.
    size
        int64[nodes]: how many numbers each node stands for.
    clusters
        int64[nodes]: cluster of each node to start from, below the number of nodes.
    resolution
        What a pair of numbers in one cluster costs.

    Returns
    -------
    clusters
        int64[nodes]: where each node is now.
    moves
        How many moves it took.
    """
    n = size.shape[0]
    clusters = clusters.copy()
    members = np.zeros(n, np.int64)
    volume = np.zeros(n, np.int64)
    for v in range(n):
        members[clusters[v]] += 1
        volume[clusters[v]] += size[v]
    empty = np.empty(n, np.int64)
    free = 0
    for c in range(n):
        if members[c] == 0:
            empty[free] = c
            free += 1
    queue = np.arange(n)
    waits = np.ones(n, np.bool_)
    head, waiting, moves = 0, n, 0
    to = np.zeros(n)
    while waiting > 0:
        v = queue[head]
        head = (head + 1) % n
        waiting -= 1
        waits[v] = False
        home = clusters[v]
        for e in range(indptr[v], indptr[v + 1]):
            if peers[e] != v:
                to[clusters[peers[e]]] += weight[e]
        best, most = home, to[home] - resolution * size[v] * (volume[home] - size[v]) + LEAST_GAIN
        if most < 0.0 and members[home] > 1:
            best, most = empty[free - 1], 0.0
        for e in range(indptr[v], indptr[v + 1]):
            c = clusters[peers[e]]
            if c != home and to[c] - resolution * size[v] * volume[c] > most:
                best, most = c, to[c] - resolution * size[v] * volume[c]
        for e in range(indptr[v], indptr[v + 1]):
            to[clusters[peers[e]]] = 0.0
        if best == home:
            continue
        moves += 1
        if members[best] == 0:
            free -= 1
        members[home] -= 1
        members[best] += 1
        volume[home] -= size[v]
        volume[best] += size[v]
        clusters[v] = best
        if members[home] == 0:
            empty[free] = home
            free += 1
        for e in range(indptr[v], indptr[v + 1]):
            y = peers[e]
            if clusters[y] != best and not waits[y]:
                queue[(head + waiting) % n] = y
                waiting += 1
                waits[y] = True
    return clusters, moves
