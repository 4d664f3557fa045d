"""Cut a batch of events into partitions by a counting sort, and pack them on the way.

Memory that is written to for the first time costs more than all arithmetic, so a row of caller, callee and stamp
takes two words of 64 bits where it can: 38 bits for each number, and of the stamp (`kernels.stamp`) 32 for the
start, 16 for the duration and 4 for kind and leg. The second word ends with the high bits of the callee. Any
other row (of numbers that are tokens, say) takes three words as it is.
"""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I8, I32, I64
from circlegraph.kernels.hashing import mix
from circlegraph.kernels.stamp import START_SHIFT, pack

NUMBER_BITS = 38
NUMBER = (1 << NUMBER_BITS) - 1
FIRST_BITS = 64 - NUMBER_BITS  # of the callee, in the first word
FIRST = (1 << FIRST_BITS) - 1
LOW_STAMP_BITS = 20  # duration, kind and leg
LOW_STAMP = (1 << LOW_STAMP_BITS) - 1
SHORT_STAMP_BITS = 32 + LOW_STAMP_BITS
SHORT_STAMP = (1 << SHORT_STAMP_BITS) - 1
NARROW_STAMP = SHORT_STAMP >> LOW_STAMP_BITS << START_SHIFT | LOW_STAMP


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


@inline
def is_narrow(caller: int, callee: int, stamp: int) -> bool:
    """Whether a row fits two words: keys of numbers of up to 11 digits, a start from 1970 to 2106, under 18 hours."""
    return bool((caller | callee) >> NUMBER_BITS == 0 and stamp & ~NARROW_STAMP == 0)


@jit
def room_needed(caller: I64, callee: I64, stamp: I64, part: I32, parts: int) -> I64:
    """Words that the rows of each partition take: two for a narrow row, three for any other.

    Parameters
    ----------
    caller, callee, stamp
        int64[n] each.
    part
        int32[n], the partition of each row, in ``range(parts)``.
    parts
        Number of partitions.

    Returns
    -------
    int64[2 parts + 1]
        Offsets: the narrow rows of partition p take the words from ``offsets[2 p]`` on, the wide ones those
        from ``offsets[2 p + 1]`` on.
    """
    offsets = np.zeros(2 * parts + 1, np.int64)
    for i in range(caller.shape[0]):
        wide = 0 if is_narrow(caller[i], callee[i], stamp[i]) else 1
        offsets[2 * part[i] + wide + 1] += 2 + wide
    for p in range(2 * parts):
        offsets[p + 1] += offsets[p]
    return offsets


@jit
def scatter(caller: I64, callee: I64, stamp: I64, part: I32, offsets: I64, words: I64) -> None:
    """Write rows by partition, the narrow ones of each before the wide ones, else in their order.

    Parameters
    ----------
    caller, callee, stamp, part
        As for `room_needed`.
    offsets
        What it returned.
    words
        int64[offsets[-1]], filled.
    """
    cursor = offsets[:-1].copy()
    for i in range(caller.shape[0]):
        a, b, s = caller[i], callee[i], stamp[i]
        if is_narrow(a, b, s):
            j = cursor[2 * part[i]]
            cursor[2 * part[i]] = j + 2
            words[j] = a | b << NUMBER_BITS
            words[j + 1] = (
                s >> START_SHIFT << LOW_STAMP_BITS | s & LOW_STAMP | b >> FIRST_BITS << SHORT_STAMP_BITS
            )
        else:
            j = cursor[2 * part[i] + 1]
            cursor[2 * part[i] + 1] = j + 3
            words[j] = a
            words[j + 1] = b
            words[j + 2] = s


@inline
def narrow_row(first: int, second: int) -> tuple[int, int, int]:
    """Caller, callee and stamp of the two words of a narrow row."""
    short = second & SHORT_STAMP
    caller = first & NUMBER
    callee = first >> NUMBER_BITS & FIRST | second >> SHORT_STAMP_BITS << FIRST_BITS & NUMBER
    return caller, callee, short >> LOW_STAMP_BITS << START_SHIFT | short & LOW_STAMP


@jit
def gather(words: I64, begin: I64, end: I64, wide: I64, rows: I64, filled: int) -> int:
    """Bring back the rows that `scatter` wrote to the pieces ``words[begin[k]:end[k]]``.

    Parameters
    ----------
    words
        int64.
    begin, end, wide
        int64[pieces]: where each begins and ends, and 1 where its rows are wide, else 0.
    rows
        int64[:, 3], filled with caller, callee and stamp from row `filled` on.

    Returns
    -------
    int
        Number of rows filled then.
    """
    for k in range(begin.shape[0]):
        if wide[k]:
            for j in range(begin[k], end[k], 3):
                rows[filled, 0] = words[j]
                rows[filled, 1] = words[j + 1]
                rows[filled, 2] = words[j + 2]
                filled += 1
        else:
            for j in range(begin[k], end[k], 2):
                rows[filled, 0], rows[filled, 1], rows[filled, 2] = narrow_row(words[j], words[j + 1])
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
