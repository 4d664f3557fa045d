"""Drop repeated rows of one partition."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I64
from circlegraph.kernels.hashing import mix, table_size
from circlegraph.kernels.stamp import start_of

MOST_ROWS_A_SECOND = 64


@jit
def unique_events(events: I64) -> int:
    """Move the first copy of each event to the front, in order, and return how many there are.

    `events` is int64[n, 3] (caller, callee, stamp) and is changed in place. Two rows are copies when
    all three are equal. Where the rows come in the order of time, as they mostly do, copies are looked for
    among the rows of the same second only; else in a hash table.
    """
    n = events.shape[0]
    for i in range(1, n):
        if start_of(events[i, 2]) < start_of(events[i - 1, 2]):
            return _unique_by_table(events)
    kept = 0
    second = 0  # where the kept rows of the present second begin
    for i in range(n):
        if kept > 0 and start_of(events[kept - 1, 2]) != start_of(events[i, 2]):
            second = kept
        if kept - second > MOST_ROWS_A_SECOND:
            for j in range(n - i):
                _move(events, i + j, kept + j)
            return _unique_by_table(events[: kept + n - i])
        copy = False
        for j in range(second, kept):
            if _same(events, i, j):
                copy = True
                break
        if not copy:
            _move(events, i, kept)
            kept += 1
    return kept


@jit
def _unique_by_table(events: I64) -> int:
    """Do the same in any order of the rows."""
    n = events.shape[0]
    size = table_size(n)
    slots = np.zeros(size, np.int32)
    mask = np.uint64(size - 1)
    kept = 0
    for i in range(n):
        h = mix(events[i, 0] ^ (events[i, 2] * 0x1000193), events[i, 1]) & mask
        while slots[h] != 0 and not _same(events, i, slots[h] - 1):
            h = (h + np.uint64(1)) & mask
        if slots[h] == 0:
            _move(events, i, kept)
            kept += 1
            slots[h] = kept
    return kept


@inline
def _same(events: I64, i: int, j: int) -> bool:
    """Whether two rows are copies."""
    return bool(
        events[i, 2] == events[j, 2] and events[i, 0] == events[j, 0] and events[i, 1] == events[j, 1]
    )


@inline
def _move(events: I64, i: int, to: int) -> None:
    """Copy row i over row `to`."""
    events[to, 0] = events[i, 0]
    events[to, 1] = events[i, 1]
    events[to, 2] = events[i, 2]
