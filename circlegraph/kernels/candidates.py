"""Who took over a number's circle: candidates that share peers with it, met at the peer in the middle."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, Bool


@jit
def count_wedges(indptr: I64, peers: I64, counted: Bool, after_degree: I64) -> I64:
    """Count the wedges x - y - x' of every number x: for each counted peer y, those y is in contact with after.

    `counted` is bool[edges], `after_degree` int64[numbers]. Returns int64[numbers].
    """
    wedges = np.zeros(indptr.shape[0] - 1, np.int64)
    for x in range(indptr.shape[0] - 1):
        for e in range(indptr[x], indptr[x + 1]):
            if counted[e]:
                wedges[x] += after_degree[peers[e]]
    return wedges


@jit
def candidates(
    indptr: I64,
    peers: I64,
    peer_indptr: I64,
    members: I64,
    reverse: I64,
    counted: Bool,
    before: F64,
    after: F64,
    first_day: I32,
    rarity: F64,
    chosen: I64,
    room: int,
) -> tuple[I64, I64, F64]:
    """Compare the old circle of each chosen number x with what every other number x' has after the split.

    Parameters
    ----------
    indptr, peers
        Rows of the numbers.
    peer_indptr, members, reverse
        The same edges by peer: the numbers in whose rows each peer stands, and the positions there. Of symmetric rows
        `members` are the peers, and `reverse` is what `recognise.reverse_edges` returns.
    counted
        bool[edges]: is the edge's peer in the stable circle S of the row's number?
    before, after
        float64[edges]: index z of the row's number with the peer.
    first_day
        int32[edges]: first day of contact after the split, -1 for none.
    rarity
        float64[numbers]: weight of each number as a shared peer.
    chosen
        int64[k], ids of the numbers x.
    room
        Number of wedges of the chosen numbers: no more rows than that can be found.

    Returns
    -------
    pairs
        int64[c, 2]: x and x', in the order of `chosen`, for each x ascending.
    counts
        int64[c, 3]: peers in S that x' is in contact with after, the same before, first day with any of S after.
    sums
        float64[c, 5] over those met after: growth of ``sum min(b, o + n)`` and of ``sum max(b, o + n)`` by n, sum of
        rarities, n, and index of x' with them before.
    """
    n = indptr.shape[0] - 1
    pairs = np.empty((room, 2), np.int64)
    counts = np.zeros((room, 3), np.int64)
    sums = np.zeros((room, 5))
    place = np.full(n, -1, np.int64)
    found = 0
    for i in range(chosen.shape[0]):
        x = chosen[i]
        begin = found
        for e in range(indptr[x], indptr[x + 1]):
            if not counted[e]:
                continue
            y, b, o = peers[e], before[e], after[e]
            for f in range(peer_indptr[y], peer_indptr[y + 1]):
                z, seen = members[f], reverse[f]
                if first_day[seen] < 0 or z == x:
                    continue
                at = place[z]
                if at < 0:
                    at = found
                    place[z] = at
                    pairs[at, 0] = x
                    pairs[at, 1] = z
                    counts[at, 2] = first_day[seen]
                    found += 1
                counts[at, 0] += 1
                counts[at, 1] += before[seen] > 0.0
                counts[at, 2] = min(counts[at, 2], first_day[seen])
                sums[at, 0] += min(b, o + after[seen]) - min(b, o)
                sums[at, 1] += max(b, o + after[seen]) - max(b, o)
                sums[at, 2] += rarity[y]
                sums[at, 3] += after[seen]
                sums[at, 4] += before[seen]
        for j in range(begin, found):
            place[pairs[j, 1]] = -1
    return pairs[:found].copy(), counts[:found].copy(), sums[:found].copy()
