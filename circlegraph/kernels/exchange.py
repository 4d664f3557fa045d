"""Cut a batch of events into partitions by a counting sort."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I8, I32, I64
from circlegraph.kernels.hashing import mix
from circlegraph.kernels.stamp import pack


@jit
def pair_partition(caller: I64, callee: I64, bits: int) -> I32:
    """Partition of each event: the top `bits` of a hash of its unordered pair of numbers.

    Both directions and both legs of a pair meet in one partition, so that duplicates, legs and sums
    need no other partition.
    """
    n = caller.shape[0]
    part = np.empty(n, np.int32)
    if bits == 0:
        part[:] = 0
        return part
    shift = np.uint64(64 - bits)
    for i in range(n):
        a, b = caller[i], callee[i]
        if a > b:
            a, b = b, a
        part[i] = np.int32(mix(a, b) >> shift)
    return part


@jit
def pack_stamps(start: I64, duration: I32, kind: I8, leg: I8) -> I64:
    """Join start, duration, kind and leg of each event into its stamp, int64[n]."""
    stamps = np.empty(start.shape[0], np.int64)
    for i in range(start.shape[0]):
        stamps[i] = pack(start[i], duration[i], kind[i], leg[i])
    return stamps


@jit
def scatter(caller: I64, callee: I64, stamp: I64, part: I32, parts: int, rows: I64) -> I64:
    """Sort events by partition, keeping their order within each.

    Parameters
    ----------
    caller, callee, stamp
        int64[n] each.
    part
        int32[n], the partition of each event, in ``range(parts)``.
    parts
        Number of partitions.
    rows
        int64[n, 3], filled with caller, callee and stamp, so that an event moves as one piece.

    Returns
    -------
    int64[parts + 1]
        Partition p is ``rows[offsets[p]:offsets[p + 1]]``.
    """
    n = caller.shape[0]
    offsets = np.zeros(parts + 1, np.int64)
    for i in range(n):
        offsets[part[i] + 1] += 1
    for p in range(parts):
        offsets[p + 1] += offsets[p]
    cursor = offsets[:-1].copy()
    for i in range(n):
        p = part[i]
        j = cursor[p]
        cursor[p] = j + 1
        rows[j, 0] = caller[i]
        rows[j, 1] = callee[i]
        rows[j, 2] = stamp[i]
    return offsets


@jit
def copy_pieces(rows: I64, begin: I64, end: I64, out: I64, filled: int) -> int:
    """Copy the pieces ``rows[begin[k]:end[k]]`` to `out`, one behind the other, from row `filled` on.

    `rows` and `out` are int64[:, 3]. Returns the number of rows filled then.
    """
    for k in range(begin.shape[0]):
        for i in range(begin[k], end[k]):
            out[filled, 0] = rows[i, 0]
            out[filled, 1] = rows[i, 1]
            out[filled, 2] = rows[i, 2]
            filled += 1
    return filled


@jit
def number_partition(number: I64, bits: int) -> I32:
    """Partition of each number: the top `bits` of a hash of its key."""
    n = number.shape[0]
    part = np.zeros(n, np.int32)
    if bits > 0:
        shift = np.uint64(64 - bits)
        for i in range(n):
            part[i] = np.int32(mix(number[i], 0) >> shift)
    return part
