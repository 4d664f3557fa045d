"""Sum a table of counts: rows that stand for many calls of a pair at unknown times."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64
from circlegraph.kernels.aggregate import TEXT
from circlegraph.kernels.stamp import kind_of, start_of

MOST = np.iinfo(np.int32).max


@jit
def sum_counts(rows: I64, pair: I32, pairs: int) -> I32:
    """Sum the counts of each pair.

    Parameters
    ----------
    rows
        int64[n, 3]: caller, callee and stamp, whose start is the count.
    pair, pairs
        The pair of each row, as `aggregate.group_pairs` gives it, and how many there are.

    Returns
    -------
    int32[pairs, 4]
        Calls out, calls in, texts out, texts in, as `aggregate.sum_pairs` gives them; a sum past the largest
        int32 stays there.
    """
    counts = np.zeros((pairs, 4), np.int32)
    for i in range(rows.shape[0]):
        e = pair[i]
        if e >= 0:
            stamp = rows[i, 2]
            way = 1 if rows[i, 0] > rows[i, 1] else 0
            j = 2 + way if kind_of(stamp) == TEXT else way
            counts[e, j] = np.int32(min(MOST, counts[e, j] + start_of(stamp)))
    return counts
