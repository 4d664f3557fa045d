"""How a candidate takes over from a number: contact days of both with the peers they share, before and since."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, U64, Bool, Int
from circlegraph.kernels.day_spans import count_within


@jit
def handover(
    indptr: I64,
    peers: I32,
    days: U64,
    first_day: I32,
    telling: Bool,
    rarity: F64,
    a: I64,
    b: I64,
    split: Int,
    span: Int,
) -> tuple[I64, F64]:
    """Compare two numbers with each peer that the first met before the split and the second after it.

    A peer changes over on the day on which the second number first meets it after the split; peers change over one
    by one.

    Parameters
    ----------
    indptr, peers
        Rows with ascending peers.
    days
        uint64[edges, words]: days of contact, in one span.
    first_day
        int32[edges]: first day of contact after the split, counted from it; -1 for none.
    telling
        bool[numbers]: which peers count.
    rarity
        float64[numbers]: weight of each number as a shared peer.
    a, b
        int64[k]: the pairs; those of one first number stand together.
    split, span
        Day of the split, and number of days in all.

    Returns
    -------
    counts
        int64[k, 3]: shared peers; contact days with them of the first since they changed over, and of the second.
    sums
        float64[k, 2]: contact days of the first number to be expected had nothing changed; rarity of the peers.
    """
    counts = np.zeros((a.shape[0], 3), np.int64)
    sums = np.zeros((a.shape[0], 2))
    place = np.full(
        rarity.shape[0], -1, np.int32
    )  # of each peer that the first met before the split, in his row
    begin = end = 0
    for i in range(a.shape[0]):
        if i == 0 or a[i] != a[i - 1]:
            for e in range(begin, end):
                place[peers[e]] = -1
            begin, end = indptr[a[i]], indptr[a[i] + 1]
            for e in range(begin, end):
                if telling[peers[e]] and count_within(days, e, 0, split) > 0:
                    place[peers[e]] = e - begin
        for f in range(indptr[b[i]], indptr[b[i] + 1]):
            if place[peers[f]] < 0 or first_day[f] < 0:
                continue
            e = begin + place[peers[f]]
            since = split + first_day[f]
            counts[i, 0] += 1
            counts[i, 1] += count_within(days, e, since, span)
            counts[i, 2] += count_within(days, f, split, span)
            sums[i, 0] += count_within(days, e, 0, split) * (span - since) / split
            sums[i, 1] += rarity[peers[e]]
    return counts, sums
