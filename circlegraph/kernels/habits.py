"""When a pair of numbers has contact, how long its calls are, and who opened the contact."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I32, I64
from circlegraph.kernels.aggregate import DAY, TEXT, at_weekend
from circlegraph.kernels.stamp import duration_of, kind_of, start_of

PARTS_OF_WEEK = 4
LENGTHS = 6
COLUMNS = PARTS_OF_WEEK + LENGTHS + 1
HOUR = 3600


@inline
def part_of_week(start: int) -> int:
    """0 work hours (Mon-Fri 8-18), 1 evening (18-23), 2 night (23-8), 3 day of the weekend (8-18)."""
    hour = start % DAY // HOUR
    if hour >= 23 or hour < 8:
        return 2
    if hour >= 18:
        return 1
    return 3 if at_weekend(start) else 0


@inline
def length_class(seconds: int) -> int:
    """0 for 0 s (unanswered), 1 up to 30 s, 2 up to 60 s, 3 up to 180 s, 4 up to 600 s, 5 longer."""
    if seconds <= 60:
        return 0 if seconds == 0 else 1 if seconds <= 30 else 2
    return 3 if seconds <= 180 else 4 if seconds <= 600 else 5


@jit
def sum_habits(events: I64, pair: I32, pairs: int, edges: I64) -> I32:
    """Count the habits of each pair and window; parameters are those of `aggregate.sum_pairs`.

    Returns
    -------
    int32[pairs, 11 W]
        Per window: contacts by part of the week (4), calls by length (6), and 1 if the pair's smaller key opened
        the first contact of the window, else 0. Of two at the same second the smaller stamp is the first, and then
        the one that the smaller key opened.
    """
    windows = edges.shape[0] - 1
    habits = np.zeros((pairs, COLUMNS * windows), np.int32)
    earliest = np.zeros((pairs, windows), np.int64)
    met = np.zeros((pairs, windows), np.bool_)
    for i in range(events.shape[0]):
        e = pair[i]
        if e < 0:
            continue
        stamp = events[i, 2]
        start = start_of(stamp)
        w = 0
        while start >= edges[w + 1]:
            w += 1
        column = COLUMNS * w
        habits[e, column + part_of_week(start)] += 1
        if kind_of(stamp) != TEXT:
            habits[e, column + PARTS_OF_WEEK + length_class(duration_of(stamp))] += 1
        opened = 1 if events[i, 0] <= events[i, 1] else 0
        last = column + COLUMNS - 1
        if not met[e, w] or stamp < earliest[e, w]:
            met[e, w] = True
            earliest[e, w] = stamp
            habits[e, last] = opened
        elif stamp == earliest[e, w] and opened == 1:
            habits[e, last] = 1
    return habits
