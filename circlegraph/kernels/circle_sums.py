"""What the circle of each number adds up to, before and after a split, in one pass over its row."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F32, F64, I32, I64, U64, Bool, Int
from circlegraph.kernels.day_spans import count_within


@jit
def sum_rows(indptr: I64, values: NDArray[Any]) -> F64:
    """Sum a value per edge over the row of each number, float64[numbers]."""
    total = np.zeros(indptr.shape[0] - 1)
    for x in range(total.shape[0]):
        for e in range(indptr[x], indptr[x + 1]):
            total[x] += values[e]
    return total


@jit
def circle_sums(
    indptr: I64,
    peers: I32,
    stable: Bool,
    before: F32,
    after: F32,
    first_day: I32,
    days: U64,
    telling: Bool,
    old: Bool,
    rarity: F64,
    split: Int,
    span: Int,
) -> tuple[I64, F64]:
    """Sum up the old and the new circle of each number.

    Parameters
    ----------
    indptr, peers
        Rows.
    stable
        bool[edges]: is the peer in the stable circle S?
    before, after
        float32[edges]: indices, not negative.
    first_day
        int32[edges]: first day of contact after the split; -1 for none.
    days
        uint64[edges, words]: days of contact.
    telling
        bool[numbers]: which peers count in the new circle C'.
    old
        bool[numbers]: which were seen before the split.
    rarity
        float64[numbers]: weight of each number as a shared peer.
    split, span
        Day of the split, and number of days in all.

    Returns
    -------
    counts
        int64[numbers, 4]: peers in S, peers in C', contact days after the split with those of C' that are old, and the
        first day with any of C', counted from the split; -1 for none.
    sums
        float64[numbers, 4]: over S the lesser and the greater of both indices; rarity of the telling peers met before;
        rarity of those of C' that are old.
    """
    n = indptr.shape[0] - 1
    counts = np.zeros((n, 4), np.int64)
    sums = np.zeros((n, 4))
    for x in range(n):
        counts[x, 3] = -1
        for e in range(indptr[x], indptr[x + 1]):
            y = peers[e]
            if stable[e]:
                counts[x, 0] += 1
                sums[x, 0] += min(before[e], after[e])
                sums[x, 1] += max(before[e], after[e])
            if not telling[y]:
                continue
            if before[e] > 0.0:
                sums[x, 2] += rarity[y]
            if first_day[e] >= 0:
                counts[x, 1] += 1
                if counts[x, 3] < 0 or first_day[e] < counts[x, 3]:
                    counts[x, 3] = first_day[e]
                if old[y]:
                    sums[x, 3] += rarity[y]
                    counts[x, 2] += count_within(days, e, split, span)
    return counts, sums
