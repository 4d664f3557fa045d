"""Open-addressing sets of token keys: the distinct tokens of a batch, and those not met before."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, U8, Bool, Int
from circlegraph.kernels.text import trim

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@jit
def find_slot(slots: I64, key: Int) -> Int:
    """Slot of ``key``, or the free slot (value 0) where it belongs; the table's size is a power of two."""
    mask = slots.size - 1
    i = np.int64((np.uint64(key) * _SPREAD) >> np.uint64(20)) & mask
    while slots[i] != 0 and slots[i] != key:
        i = (i + 1) & mask
    return i


@jit
def _find_pair(pairs: I64, key: Int) -> Int:
    mask = pairs.shape[0] - 1
    i = np.int64((np.uint64(key) * _SPREAD) >> np.uint64(20)) & mask
    while pairs[i, 0] != 0 and pairs[i, 0] != key:
        i = (i + 1) & mask
    return i


@jit
def _grow(pairs: I64) -> I64:
    bigger = np.zeros((pairs.shape[0] * 4, 2), np.int64)
    for i in range(pairs.shape[0]):
        if pairs[i, 0] != 0:
            j = _find_pair(bigger, pairs[i, 0])
            bigger[j, 0] = pairs[i, 0]
            bigger[j, 1] = pairs[i, 1]
    return bigger


@jit
def distinct_tokens(keys: I64, checks: I64, rows: I64) -> Int:
    """First row of every distinct token among ``keys``.

    Parameters
    ----------
    keys : int64[n]
        Only the negative ones are tokens.
    checks : int64[n]
        Second hash of each token.
    rows : int64[n]
        Filled from the front.

    Returns
    -------
    found : int
        How many distinct tokens, or -1 where a key stands for two tokens.
    """
    pairs = np.zeros((1024, 2), np.int64)
    found = 0
    for i in range(keys.size):
        key = keys[i]
        if key >= 0:
            continue
        j = _find_pair(pairs, key)
        if pairs[j, 0] == key:
            if pairs[j, 1] != checks[i]:
                return -1
            continue
        if 2 * found >= pairs.shape[0]:
            pairs = _grow(pairs)
            j = _find_pair(pairs, key)
        pairs[j, 0] = key
        pairs[j, 1] = checks[i]
        rows[found] = i
        found += 1
    return found


@jit
def insert_tokens(slots: I64, slot_checks: I64, keys: I64, checks: I64, is_new: Bool) -> Int:
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
def known_tokens(slots: I64, slot_checks: I64, keys: I64, checks: I64, known: Bool) -> None:
    """Mark the tokens that a table holds; one that is being put there may be missed."""
    for i in range(keys.size):
        j = find_slot(slots, keys[i])
        known[i] = slots[j] == keys[i] and slot_checks[j] == checks[i]


@jit
def gather_lengths(data: U8, begin: I32, end: I32, rows: I64, offsets: I64) -> None:
    """Cumulated byte lengths of the trimmed texts of some rows, from ``offsets[0]`` = 0 on."""
    offsets[0] = 0
    for i in range(rows.size):
        a, b = trim(data, begin[rows[i]], end[rows[i]])
        offsets[i + 1] = offsets[i] + (b - a)


@jit
def gather_texts(data: U8, begin: I32, end: I32, rows: I64, offsets: I64, out: U8) -> None:
    """Copy the trimmed texts of some rows one behind the other."""
    for i in range(rows.size):
        a, b = trim(data, begin[rows[i]], end[rows[i]])
        for j in range(b - a):
            out[offsets[i] + j] = data[a + j]
