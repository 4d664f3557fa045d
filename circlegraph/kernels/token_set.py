"""Open-addressing sets of token keys: the distinct tokens of a batch, and those not met before."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels.number_keys import token_check, trim

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@jit
def find_slot(slots, key):  # type: ignore[no-untyped-def]
    """Slot of ``key``, or the free slot (value 0) where it belongs; the table's size is a power of two."""
    mask = slots.size - 1
    i = np.int64((np.uint64(key) * _SPREAD) >> np.uint64(20)) & mask
    while slots[i] != 0 and slots[i] != key:
        i = (i + 1) & mask
    return i


@jit
def _grow(slots, rows):  # type: ignore[no-untyped-def]
    bigger = np.zeros(slots.size * 4, np.int64)
    bigger_rows = np.empty(slots.size * 4, np.int64)
    for i in range(slots.size):
        if slots[i] != 0:
            j = find_slot(bigger, slots[i])
            bigger[j] = slots[i]
            bigger_rows[j] = rows[i]
    return bigger, bigger_rows


@jit
def distinct_tokens(data, begin, end, keys):  # type: ignore[no-untyped-def]
    """First row and second hash of every distinct token among ``keys``.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
    keys : int64[n]
        Only the negative ones are tokens.

    Returns
    -------
    rows, checks : int64[m]
    clash : int
        A row whose token shares its key with another one, or -1.
    """
    slots = np.zeros(1024, np.int64)
    slot_found = np.empty(1024, np.int64)
    rows = np.empty(512, np.int64)
    checks = np.empty(512, np.int64)
    found = 0
    for i in range(keys.size):
        key = keys[i]
        if key >= 0:
            continue
        a, b = trim(data, begin[i], end[i])
        check = token_check(data, a, b)
        j = find_slot(slots, key)
        if slots[j] == key:
            if checks[slot_found[j]] != check:
                return rows[:found], checks[:found], i
            continue
        if found == rows.size:
            slots, slot_found = _grow(slots, slot_found)
            rows = np.concatenate((rows, np.empty(3 * found, np.int64)))
            checks = np.concatenate((checks, np.empty(3 * found, np.int64)))
            j = find_slot(slots, key)
        slots[j] = key
        slot_found[j] = found
        rows[found] = i
        checks[found] = check
        found += 1
    return rows[:found], checks[:found], -1


@jit
def insert_tokens(slots, slot_checks, keys, checks, is_new):  # type: ignore[no-untyped-def]
    """Put tokens into a table that has room for all of them; mark those that were not there.

    Returns
    -------
    int
        How many were new, or -1 where a key stands for two tokens.
    """
    new = 0
    for i in range(keys.size):
        j = find_slot(slots, keys[i])
        is_new[i] = slots[j] == 0
        if is_new[i]:
            slots[j] = keys[i]
            slot_checks[j] = checks[i]
            new += 1
        elif slot_checks[j] != checks[i]:
            return -1
    return new


@jit
def gather_lengths(data, begin, end, rows, offsets):  # type: ignore[no-untyped-def]
    """Cumulated byte lengths of the trimmed texts of some rows, from ``offsets[0]`` = 0 on."""
    offsets[0] = 0
    for i in range(rows.size):
        a, b = trim(data, begin[rows[i]], end[rows[i]])
        offsets[i + 1] = offsets[i] + (b - a)


@jit
def gather_texts(data, begin, end, rows, offsets, out):  # type: ignore[no-untyped-def]
    """Copy the trimmed texts of some rows one behind the other."""
    for i in range(rows.size):
        a, b = trim(data, begin[rows[i]], end[rows[i]])
        for j in range(b - a):
            out[offsets[i] + j] = data[a + j]
