"""Sightings: where a number was heard, in which handset, and where its calls were sent on to."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64, U8
from circlegraph.kernels.hashing import mix
from circlegraph.kernels.number_keys import BAD_TEXT, EMPTY

# Places for the sightings just met; a quarter of a megabyte stays in the cache.
RECENT_BITS = 15


@jit
def sightings(number: I64, start: I64, what: I64, reasons: U8, unit: int, found: I64) -> int:
    """Collect what was seen of a number and when, from the rows that are events.

    A sighting like one just met is left out, so that many calls within an hour take one row. That is only
    to save room: the same sighting may come again later, and each is counted once in the end.

    Parameters
    ----------
    number, what
        int64[n]: key of the number, and of the cell, handset or number that it was seen with; rows where
        either is missing are passed over.
    start
        int64[n]: wall-clock seconds.
    reasons
        uint8[n]: 0 for a row that is an event.
    unit
        Seconds in a unit of time.
    found
        int64[3, n], filled from the front with number, ``start // unit`` and what.

    Returns
    -------
    int
        Number of sightings found.
    """
    recent = np.full(1 << RECENT_BITS, -1, np.int64)
    shift = np.uint64(64 - RECENT_BITS)
    kept = 0
    for i in range(number.shape[0]):
        x, seen = number[i], what[i]
        if reasons[i] != 0 or EMPTY <= x <= BAD_TEXT or EMPTY <= seen <= BAD_TEXT:
            continue
        time = start[i] // unit
        h = mix(x ^ (time << 40), seen) >> shift
        j = recent[h]
        if j >= 0 and found[0, j] == x and found[1, j] == time and found[2, j] == seen:
            continue
        found[0, kept] = x
        found[1, kept] = time
        found[2, kept] = seen
        recent[h] = kept
        kept += 1
    return kept
