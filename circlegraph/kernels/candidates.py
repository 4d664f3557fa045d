"""Who took over a number's circle: candidates that share peers with it, met at the peer in the middle."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F32, F64, I32, I64, Bool, Int

MET = np.dtype([("id", np.int32), ("first_day", np.int32), ("known", np.float32), ("volume", np.float32)])
"""A number that a peer is in contact with after the split: first day of contact after the split, and index z of the
number with the peer before and after. Side by side, as a search waits for the memory at every peer."""
NEVER = np.iinfo(np.int32).max


@jit
def count_wedges(indptr: I64, peers: I32, counted: Bool, after_degree: I64) -> I64:
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
def counted_by(indptr: I64, peers: I32, counted: Bool, chosen: I64) -> Bool:
    """Tell who is a counted peer of any of the chosen numbers, bool[numbers]; `counted` is bool[edges]."""
    told = np.zeros(indptr.shape[0] - 1, np.bool_)
    for x in chosen:
        for e in range(indptr[x], indptr[x + 1]):
            told[peers[e]] |= counted[e]
    return told


@jit
def count_met(indptr: I64, peers: I32, first_day: I32, among: Bool, by: Bool) -> I64:
    """Count the numbers, `among` some, that each number is in contact with after the split, int64[numbers].

    Those `by` whom nobody is asked to be met count none.
    """
    met = np.zeros(indptr.shape[0] - 1, np.int64)
    for x in range(indptr.shape[0] - 1):
        if among[x]:
            for e in range(indptr[x], indptr[x + 1]):
                met[peers[e]] += (first_day[e] >= 0) & by[peers[e]]
    return met


@jit
def lay_met(
    indptr: I64,
    peers: I32,
    first_day: I32,
    before: F32,
    after: F32,
    among: Bool,
    by: Bool,
    at_peer: I64,
    met: NDArray[Any],
) -> None:
    """Lay the numbers that `count_met` counts side by side at each peer, in the order of their ids.

    Parameters
    ----------
    indptr, peers, first_day, before, after
        Rows of the numbers, and what stands in them: int32, float32, float32[edges].
    among, by
        bool[numbers]: which numbers can be met, and by whom.
    at_peer
        int64[numbers + 1]: where those of each peer begin and end.
    met
        MET[all of them], filled.
    """
    cursor = at_peer[:-1].copy()
    for x in range(indptr.shape[0] - 1):
        if not among[x]:
            continue
        for e in range(indptr[x], indptr[x + 1]):
            if first_day[e] >= 0 and by[peers[e]]:
                at = cursor[peers[e]]
                cursor[peers[e]] += 1
                met[at]["id"] = x
                met[at]["first_day"] = first_day[e]
                met[at]["known"] = before[e]
                met[at]["volume"] = after[e]


@jit
def candidates(
    indptr: I64,
    peers: I32,
    counted: Bool,
    before: F32,
    after: F32,
    at_peer: I64,
    met: NDArray[Any],
    rarity: F64,
    extent: F64,
    chosen: I64,
    room: Int,
    most_known: float,
    kept: Int,
) -> tuple[I64, I32, F64]:
    """Compare the old circle of each chosen number x with what other numbers x' have after the split.

    All who are met are weighed by three sums; the rest is worked out for those that are kept only.

    Parameters
    ----------
    indptr, peers
        Rows of the numbers.
    counted
        bool[edges]: is the edge's peer in the stable circle S of the row's number?
    before, after
        float32[edges]: index z of the row's number with the peer.
    at_peer, met
        The numbers that each peer is in contact with after the split, as `lay_met` lays them.
    rarity
        float64[numbers]: weight of each number as a shared peer.
    extent
        float64[numbers]: by what the shared rarity is divided: more for numbers with a larger circle.
    chosen
        int64[k], ids of the numbers x.
    room
        Largest number of wedges of a chosen number.
    most_known
        Candidates whose index with the shared peers before is more than this share of that after are left out.
    kept
        Of each number the candidates with the most shared rarity for their own extent, at most so many.

    Returns
    -------
    pairs
        int64[c, 2]: x and x', in the order of `chosen`, the most similar first, equals by id.
    counts
        int32[c, 3]: peers in S that x' is in contact with after, the same before, first day with any of S after.
    sums
        float64[c, 2] over those met after: growth of ``sum min(b, o + n)`` and of ``sum max(b, o + n)`` by n.
    """
    place = np.full(rarity.shape[0], -1, np.int32)
    ids = np.empty(room, np.int32)
    rare = np.zeros(room)
    volume = np.zeros(room)
    known = np.zeros(room)
    last = np.empty(room, np.int32)  # wedge at which each number was met last
    wedge = np.empty((room, 2), np.int64)  # its edge and its entry in `met`
    previous = np.empty(room, np.int32)  # wedge at which the same number was met before
    best = np.empty(kept, np.int64)
    score = np.empty(kept)
    pairs = np.empty((chosen.shape[0] * kept, 2), np.int64)
    counts = np.zeros((chosen.shape[0] * kept, 3), np.int32)
    sums = np.zeros((chosen.shape[0] * kept, 2))
    found = 0
    for i in range(chosen.shape[0]):
        x = chosen[i]
        mets = wedges = 0
        for e in range(indptr[x], indptr[x + 1]):
            if not counted[e]:
                continue
            y = peers[e]
            for f in range(at_peer[y], at_peer[y + 1]):
                z = met[f]["id"]
                at = place[z]
                # No branches here: which numbers are met again is anybody's guess.
                new = at < 0
                at = mets if new else at
                mets += new
                place[z] = at
                ids[at] = z
                rare[at] += rarity[y]
                volume[at] += met[f]["volume"]
                known[at] += met[f]["known"]
                previous[wedges] = -1 if new else last[at]
                last[at] = wedges
                wedge[wedges, 0] = e
                wedge[wedges, 1] = f
                wedges += 1
        size = 0
        least = 0.0  # similarity that is surely too little
        for at in range(mets):
            z = ids[at]
            place[z] = -1
            passed = (known[at] > volume[at] * most_known) | (rare[at] < least * extent[z]) | (z == x)
            shared = rare[at]
            rare[at] = volume[at] = known[at] = 0.0
            if passed:
                continue
            similarity = shared / extent[z]
            if size == kept:
                worst = score[size - 1]
                if similarity < worst or (similarity == worst and z > ids[best[size - 1]]):
                    continue
                size -= 1
            j = size
            while j > 0 and (
                similarity > score[j - 1] or (similarity == score[j - 1] and z < ids[best[j - 1]])
            ):
                best[j], score[j] = best[j - 1], score[j - 1]
                j -= 1
            best[j], score[j] = at, similarity
            size += 1
            if size == kept:
                least = score[size - 1] * (1.0 - 1e-9)
        for j in range(size):
            pairs[found, 0] = x
            pairs[found, 1] = ids[best[j]]
            counts[found, 2] = NEVER
            w, first = last[best[j]], -1
            while w >= 0:  # turn the list round: sums in the order of the peers
                before_it = previous[w]
                previous[w] = first
                w, first = before_it, w
            while first >= 0:
                e, f = wedge[first]
                b, o, n, old = before[e], after[e], met[f]["volume"], met[f]["known"]
                counts[found, 0] += 1
                counts[found, 1] += old > 0.0
                counts[found, 2] = min(counts[found, 2], met[f]["first_day"])
                sums[found, 0] += min(b, o + n) - min(b, o)
                sums[found, 1] += max(b, o + n) - max(b, o)
                first = previous[first]
            found += 1
    return pairs[:found].copy(), counts[:found].copy(), sums[:found].copy()
