"""Who took over a number's circle: candidates that share peers with it, met at the peer in the middle."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, Bool, Int


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
    counted: Bool,
    before: F64,
    after: F64,
    peer_indptr: I64,
    members: I64,
    first_day: I32,
    known: F64,
    volume: F64,
    rarity: F64,
    circle: F64,
    chosen: I64,
    room: Int,
    most_known: float,
    kept: Int,
) -> tuple[I64, I64, F64]:
    """Compare the old circle of each chosen number x with what other numbers x' have after the split.

    Parameters
    ----------
    indptr, peers
        Rows of the numbers.
    counted
        bool[edges]: is the edge's peer in the stable circle S of the row's number?
    before, after
        float64[edges]: index z of the row's number with the peer.
    peer_indptr, members
        The numbers that each peer is in contact with after the split.
    first_day, known, volume
        int32, float64, float64[members]: of each of them, first day of contact with the peer after the split, and
        index z with the peer before and after.
    rarity
        float64[numbers]: weight of each number as a shared peer.
    circle
        float64[numbers]: size of the circle of each number after the split.
    chosen
        int64[k], ids of the numbers x.
    room
        Largest number of wedges of a chosen number.
    most_known
        Candidates whose index with the shared peers before is more than this share of that after are left out.
    kept
        Of each number the candidates with the most shared rarity for their own size, at most so many.

    Returns
    -------
    pairs
        int64[c, 2]: x and x', in the order of `chosen`, the most similar first, equals by id.
    counts
        int64[c, 3]: peers in S that x' is in contact with after, the same before, first day with any of S after.
    sums
        float64[c, 5] over those met after: growth of ``sum min(b, o + n)`` and of ``sum max(b, o + n)`` by n, sum of
        rarities, n, and index of x' with them before.
    """
    place = np.full(rarity.shape[0], -1, np.int32)
    met = np.empty(room, np.int64)
    met_counts = np.empty((room, 3), np.int64)
    met_sums = np.empty((room, 5))
    best = np.empty(kept, np.int64)
    score = np.empty(kept)
    pairs = np.empty((chosen.shape[0] * kept, 2), np.int64)
    counts = np.empty((chosen.shape[0] * kept, 3), np.int64)
    sums = np.empty((chosen.shape[0] * kept, 5))
    found = 0
    for i in range(chosen.shape[0]):
        x = chosen[i]
        mets = 0
        for e in range(indptr[x], indptr[x + 1]):
            if not counted[e]:
                continue
            y, b, o = peers[e], before[e], after[e]
            for f in range(peer_indptr[y], peer_indptr[y + 1]):
                z = members[f]
                if z == x:
                    continue
                at = place[z]
                if at < 0:
                    at = mets
                    place[z] = at
                    met[at] = z
                    met_counts[at, 0] = 0
                    met_counts[at, 1] = 0
                    met_counts[at, 2] = first_day[f]
                    met_sums[at] = 0.0
                    mets += 1
                met_counts[at, 0] += 1
                met_counts[at, 1] += known[f] > 0.0
                met_counts[at, 2] = min(met_counts[at, 2], first_day[f])
                met_sums[at, 0] += min(b, o + volume[f]) - min(b, o)
                met_sums[at, 1] += max(b, o + volume[f]) - max(b, o)
                met_sums[at, 2] += rarity[y]
                met_sums[at, 3] += volume[f]
                met_sums[at, 4] += known[f]
        size = 0
        for at in range(mets):
            z = met[at]
            place[z] = -1
            if met_sums[at, 4] > met_sums[at, 3] * most_known:
                continue
            similarity = met_sums[at, 2] / np.sqrt(1.0 + circle[z])
            if size == kept:
                if similarity < score[size - 1] or (
                    similarity == score[size - 1] and z > met[best[size - 1]]
                ):
                    continue
                size -= 1
            j = size
            while j > 0 and (
                similarity > score[j - 1] or (similarity == score[j - 1] and z < met[best[j - 1]])
            ):
                best[j], score[j] = best[j - 1], score[j - 1]
                j -= 1
            best[j], score[j] = at, similarity
            size += 1
        for j in range(size):
            pairs[found, 0] = x
            pairs[found, 1] = met[best[j]]
            counts[found] = met_counts[best[j]]
            sums[found] = met_sums[best[j]]
            found += 1
    return pairs[:found].copy(), counts[:found].copy(), sums[:found].copy()
