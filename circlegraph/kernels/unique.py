"""Drop repeated rows of one partition."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64
from circlegraph.kernels.hashing import mix, table_size


@jit
def unique_events(events: I64) -> int:
    """Move the first copy of each event to the front, in order, and return how many there are.

    `events` is int64[n, 3] (caller, callee, stamp) and is changed in place. Two rows are copies when
    all three are equal.
    """
    n = events.shape[0]
    size = table_size(n)
    slots = np.zeros(size, np.int32)
    mask = np.uint64(size - 1)
    kept = 0
    for i in range(n):
        a, b, stamp = events[i, 0], events[i, 1], events[i, 2]
        h = mix(a ^ (stamp * 0x1000193), b) & mask
        seen = False
        while slots[h] != 0:
            j = slots[h] - 1
            if events[j, 2] == stamp and events[j, 0] == a and events[j, 1] == b:
                seen = True
                break
            h = (h + np.uint64(1)) & mask
        if not seen:
            events[kept, 0] = a
            events[kept, 1] = b
            events[kept, 2] = stamp
            kept += 1
            slots[h] = kept
    return kept
