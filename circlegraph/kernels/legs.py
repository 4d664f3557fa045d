"""Count an event once that was recorded at both of its ends."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I64
from circlegraph.kernels.stamp import duration_of, kind_of, leg_of, start_of


@inline
def _same_tie(events: I64, i: int, j: int) -> bool:
    """Whether two rows have the same caller, callee and kind."""
    return bool(
        events[i, 0] == events[j, 0]
        and events[i, 1] == events[j, 1]
        and kind_of(events[i, 2]) == kind_of(events[j, 2])
    )


@jit
def second_legs(events: I64, order: I64, start_tolerance: int, duration_tolerance: int) -> I64:
    """Find the callee's legs of events whose caller's leg is there too.

    Among the rows of one caller, callee and kind, the legs of the caller's end and those of the
    callee's end are walked side by side in time; two that agree in start and duration within the
    tolerances are one event. Every row is used at most once and the walk is linear.

    Parameters
    ----------
    events
        int64[n, 3], repeated rows already dropped.
    order
        int64[n], a permutation that sorts by caller, callee, kind, leg and start.
    start_tolerance, duration_tolerance
        Seconds.

    Returns
    -------
    int64[n]
        For a callee's leg the row of its caller's leg; -1 for every other row.
    """
    n = events.shape[0]
    first_leg = np.full(n, -1, np.int64)
    low = 0
    while low < n:
        high = low
        middle = low  # first of the callee's legs
        while high < n and _same_tie(events, order[low], order[high]):
            if leg_of(events[order[high], 2]) < 2:
                middle = high + 1
            high += 1
        i, j = low, middle
        while i < middle and leg_of(events[order[i], 2]) == 0:
            i += 1
        while i < middle and j < high:
            out, back = events[order[i], 2], events[order[j], 2]
            delay = start_of(back) - start_of(out)
            apart = abs(duration_of(back) - duration_of(out))
            if abs(delay) <= start_tolerance and apart <= duration_tolerance:
                first_leg[order[j]] = order[i]
                i += 1
                j += 1
            elif delay < 0:
                j += 1
            else:
                i += 1
        low = high
    return first_leg


@jit
def twins(events: I64, order: I64, start_tolerance: int, duration_tolerance: int, kinds: int) -> I64:
    """Find the later of two neighbouring rows that agree, where no row says at which end it was recorded.

    Parameters and result as for `second_legs`, but `order` sorts by caller, callee, kind and start and may leave
    rows out. Bit ``2 kind`` of `kinds` says that calls (or texts) with a duration are recorded twice, the next bit
    that those without are; the longer of two rows tells.
    """
    earlier = np.full(events.shape[0], -1, np.int64)
    i = 0
    while i + 1 < order.shape[0]:
        r, q = order[i], order[i + 1]
        first, other = events[r, 2], events[q, 2]
        longer = max(duration_of(first), duration_of(other))
        kind = 2 * kind_of(first) + (1 if longer == 0 else 0)
        if (
            kinds >> kind & 1
            and _same_tie(events, r, q)
            and start_of(other) - start_of(first) <= start_tolerance
            and abs(duration_of(other) - duration_of(first)) <= duration_tolerance
        ):
            earlier[q] = r
            i += 1
        i += 1
    return earlier
