"""Put rows in the order of their peers' owners, so that what has one owner stands together."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, Bool, Int


@jit
def unified(indptr: I64, peers: I32, owner: I64, telling: Bool, low: Int, high: Int) -> tuple[I64, I64, I64]:
    """Order the edges of each row by the owner of the peer, those of one owner as they stood.

    Edges to another number of the row's own owner, and those to peers whose owner says nothing, are left out. Few peers
    have an owner other than themselves, so the rows are nearly in order and are sorted by insertion.

    Parameters
    ----------
    indptr, peers
        Rows with ascending peers.
    owner
        int64[numbers].
    telling
        bool[numbers]: which owners say something.
    low, high
        Range of the numbers whose rows are wanted.

    Returns
    -------
    order
        int64[k]: the edges that are left.
    begins
        int64[groups]: where in `order` those of the next owner or row begin.
    ends
        int64[high - low + 1]: where in `begins` each row begins and ends.
    """
    order = np.empty(indptr[high] - indptr[low], np.int64)
    begins = np.empty(order.shape[0], np.int64)
    ends = np.zeros(high - low + 1, np.int64)
    filled = groups = 0
    for x in range(low, high):
        start = filled
        for e in range(indptr[x], indptr[x + 1]):
            of_peer = owner[peers[e]]
            if of_peer == owner[x] or not telling[of_peer]:
                continue
            j = filled
            while j > start and owner[peers[order[j - 1]]] > of_peer:
                order[j] = order[j - 1]
                j -= 1
            order[j] = e
            filled += 1
        for j in range(start, filled):
            if j == start or owner[peers[order[j]]] != owner[peers[order[j - 1]]]:
                begins[groups] = j
                groups += 1
        ends[x + 1 - low] = groups
    return order[:filled], begins[:groups], ends
