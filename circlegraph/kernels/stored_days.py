"""Sum stored days of contacts into pairs, as `aggregate` does with events."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, U64
from circlegraph.kernels.aggregate import DAY


@jit
def sum_days(
    number: I64, peer: I64, start: I64, measures: I64, pair: I32, pairs: int, edges: I64, words: I64
) -> tuple[I32, I64, U64]:
    """Sum the daily contacts of each pair and window.

    Parameters
    ----------
    number, peer
        int64[n]: keys of the row's own number and its peer; each pair's day stands in one row.
    start
        int64[n]: midnight of the row's day, wall-clock seconds.
    measures
        int64[6, n]: calls out, seconds out, calls in, seconds in, texts out, texts in, as `number` sees them.
    pair, pairs
        The pair of each row, as `aggregate.group_pairs` gives it, and how many there are.
    edges, words
        Windows, as for `aggregate.sum_pairs`; the edges are midnights.

    Returns
    -------
    counts, seconds, days
        As `aggregate.sum_pairs` gives them.
    """
    windows = edges.shape[0] - 1
    counts = np.zeros((pairs, 4 * windows), np.int32)
    seconds = np.zeros((pairs, 2 * windows), np.int64)
    days = np.zeros((pairs, words[windows]), np.uint64)
    for i in range(number.shape[0]):
        e = pair[i]
        if e < 0:
            continue
        w = 0
        while start[i] >= edges[w + 1]:
            w += 1
        way = 1 if number[i] > peer[i] else 0
        c, s = 4 * w, 2 * w
        counts[e, c + way] += measures[0, i]
        seconds[e, s + way] += measures[1, i]
        counts[e, c + 1 - way] += measures[2, i]
        seconds[e, s + 1 - way] += measures[3, i]
        counts[e, c + 2 + way] += measures[4, i]
        counts[e, c + 3 - way] += measures[5, i]
        bit = (start[i] - edges[w]) // DAY
        days[e, words[w] + (bit >> 6)] |= np.uint64(1) << np.uint64(bit & 63)
    return counts, seconds, days


@jit
def sum_day_times(
    start: I64, details: I64, first: I64, last: I64, pair: I32, pairs: int, edges: I64
) -> tuple[I32, I64]:
    """Sum what depends on the hour and the weekday.

    Parameters
    ----------
    start, pair, pairs, edges
        As for `sum_days`.
    details
        int64[4, n]: calls and texts at night, calls and texts at weekends.
    first, last
        int64[n]: first and last start of the day.

    Returns
    -------
    nights, seen
        As `aggregate.sum_times` gives them.
    """
    windows = edges.shape[0] - 1
    nights = np.zeros((pairs, 4 * windows), np.int32)
    seen = np.zeros((pairs, 2 * windows), np.int64)
    met = np.zeros((pairs, windows), np.bool_)
    for i in range(start.shape[0]):
        e = pair[i]
        if e < 0:
            continue
        w = 0
        while start[i] >= edges[w + 1]:
            w += 1
        for j in range(4):
            nights[e, 4 * w + j] += details[j, i]
        if not met[e, w] or first[i] < seen[e, 2 * w]:
            seen[e, 2 * w] = first[i]
        if not met[e, w] or last[i] > seen[e, 2 * w + 1]:
            seen[e, 2 * w + 1] = last[i]
        met[e, w] = True
    return nights, seen
