"""Sum the events of one partition into one row per pair of numbers, for one or more windows."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I32, I64, U64
from circlegraph.kernels.hashing import mix, table_size
from circlegraph.kernels.stamp import duration_of, kind_of, start_of

DAY = 86_400
NIGHT_FROM = 19 * 3600
NIGHT_TO = 7 * 3600
TEXT = 1
FORWARD = 2


@inline
def at_night(start: int) -> bool:
    """Whether a wall-clock time lies between 19:00 and 7:00, bandicoot's default night."""
    second = start % DAY
    return bool(second >= NIGHT_FROM or second < NIGHT_TO)


@inline
def at_weekend(start: int) -> bool:
    """Whether a wall-clock time, counted from Thursday 1970-01-01, is on a Saturday or a Sunday."""
    return bool((start // DAY + 3) % 7 >= 5)


@jit
def group_pairs(events: I64, begin: int, end: int) -> tuple[I32, I64]:
    """Number the pairs of numbers that have contact in a span of time, in the order they appear.

    Parameters
    ----------
    events
        int64[n, 3]: caller, callee and stamp.
    begin, end
        Wall-clock seconds; the end is outside.

    Returns
    -------
    pair
        int32[n]: the pair of each event, -1 for one outside the span and for a forward, which is no contact
        between its two numbers.
    keys
        int64[pairs, 2]: the two number keys in ascending order.
    """
    n = events.shape[0]
    pair = np.empty(n, np.int32)
    keys = np.empty((n, 2), np.int64)
    size = table_size(n)
    slots = np.zeros(size, np.int32)
    mask = np.uint64(size - 1)
    pairs = 0
    for i in range(n):
        stamp = events[i, 2]
        start = start_of(stamp)
        if start < begin or start >= end or kind_of(stamp) == FORWARD:
            pair[i] = -1
            continue
        a, b = events[i, 0], events[i, 1]
        if a > b:
            a, b = b, a
        h = mix(a, b) & mask
        e = slots[h] - 1
        while e >= 0 and (keys[e, 0] != a or keys[e, 1] != b):
            h = (h + np.uint64(1)) & mask
            e = slots[h] - 1
        if e < 0:
            e = pairs
            keys[e, 0] = a
            keys[e, 1] = b
            pairs += 1
            slots[h] = pairs
        pair[i] = e
    return pair, keys[:pairs].copy()


@jit
def sum_pairs(events: I64, pair: I32, pairs: int, edges: I64, words: I64) -> tuple[I32, I64, U64]:
    """Sum the measures of each pair and window.

    Window w covers ``edges[w] <= start < edges[w + 1]``. *Out* means from the pair's smaller key to the
    larger, *in* the other way.

    Parameters
    ----------
    events, pair, pairs
        Events, the pair of each as `group_pairs` gives it, and how many pairs there are.
    edges
        int64[W + 1], ascending wall-clock seconds that cover all events with a pair.
    words
        int64[W + 1], ascending: the bits of window w's days are ``days[:, words[w]:words[w + 1]]``.

    Returns
    -------
    counts
        int32[pairs, 4 W]: per window calls out, calls in, texts out, texts in.
    seconds
        int64[pairs, 2 W]: per window seconds out, seconds in.
    days
        uint64[pairs, words[W]]: one bit for each day of each window with contact.
    """
    windows = edges.shape[0] - 1
    counts = np.zeros((pairs, 4 * windows), np.int32)
    seconds = np.zeros((pairs, 2 * windows), np.int64)
    days = np.zeros((pairs, words[windows]), np.uint64)
    for i in range(events.shape[0]):
        e = pair[i]
        if e < 0:
            continue
        stamp = events[i, 2]
        start = start_of(stamp)
        w = 0
        while start >= edges[w + 1]:
            w += 1
        way = 1 if events[i, 0] > events[i, 1] else 0
        if kind_of(stamp) == TEXT:
            counts[e, 4 * w + 2 + way] += 1
        else:
            counts[e, 4 * w + way] += 1
            seconds[e, 2 * w + way] += duration_of(stamp)
        bit = start // DAY - edges[w] // DAY
        days[e, words[w] + (bit >> 6)] |= np.uint64(1) << np.uint64(bit & 63)
    return counts, seconds, days


@jit
def sum_times(events: I64, pair: I32, pairs: int, edges: I64) -> tuple[I32, I64]:
    """Sum what depends on the hour and the weekday; parameters are those of `sum_pairs`.

    Returns
    -------
    nights
        int32[pairs, 4 W]: per window calls at night, texts at night, calls at weekends, texts at weekends.
    seen
        int64[pairs, 2 W]: per window first and last start; both 0 where the window has no contact.
    """
    windows = edges.shape[0] - 1
    nights = np.zeros((pairs, 4 * windows), np.int32)
    seen = np.zeros((pairs, 2 * windows), np.int64)
    met = np.zeros((pairs, windows), np.bool_)
    for i in range(events.shape[0]):
        e = pair[i]
        if e < 0:
            continue
        start = start_of(events[i, 2])
        text = 1 if kind_of(events[i, 2]) == TEXT else 0
        w = 0
        while start >= edges[w + 1]:
            w += 1
        if at_night(start):
            nights[e, 4 * w + text] += 1
        if at_weekend(start):
            nights[e, 4 * w + 2 + text] += 1
        if not met[e, w] or start < seen[e, 2 * w]:
            seen[e, 2 * w] = start
        if not met[e, w] or start > seen[e, 2 * w + 1]:
            seen[e, 2 * w + 1] = start
        met[e, w] = True
    return nights, seen
