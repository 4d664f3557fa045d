"""How often two numbers are heard by the same cell: at night, at work hours, on days of the weekend."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I32, I64

PARTS = 3
PART_STEP = 1 << 29
"""Far more than there are days on either side of 1970."""


@inline
def part_of_slot(slot: int) -> int:
    """0 at night (20-8), 1 at work hours (Mon-Fri 8-18), 2 by day at a weekend, -1 in an early evening."""
    hour = slot % 24
    if hour >= 20 or hour < 8:
        return 0
    if (slot // 24 + 3) % 7 >= 5:
        return 2
    return 1 if hour < 18 else -1


@inline
def occasion(slot: int, part: int) -> int:
    """Day of a slot; a night belongs to the day it begins on."""
    return (slot - 8) // 24 if part == 0 else slot // 24


@jit
def lay_occasions(indptr: I64, slot: I32, cell: I32) -> tuple[I64, I32, I32]:
    """Lay out on which occasions each number is heard by which cells: nights first, then work hours, then weekends.

    Parameters
    ----------
    indptr, slot, cell
        As in `contacts.places.Places`.

    Returns
    -------
    starts
        int64[numbers + 1]: the rows of number x are ``starts[x]:starts[x + 1]``.
    key
        int32[rows]: part and day of the occasion, ascending for a number.
    at
        int32[rows]: the cell, once for an occasion.
    """
    n = indptr.shape[0] - 1
    starts = np.zeros(n + 1, np.int64)
    key = np.empty(slot.shape[0], np.int32)
    at = np.empty(slot.shape[0], np.int32)
    filled = 0
    for x in range(n):
        for part in range(PARTS):
            first = filled
            for e in range(indptr[x], indptr[x + 1]):
                if part_of_slot(slot[e]) != part:
                    continue
                code = part * PART_STEP + occasion(slot[e], part)
                if filled > first and key[filled - 1] != code:
                    first = filled
                known = False
                for i in range(first, filled):
                    known |= at[i] == cell[e]
                if not known:
                    key[filled] = code
                    at[filled] = cell[e]
                    filled += 1
        starts[x + 1] = filled
    return starts, key[:filled].copy(), at[:filled].copy()


@jit
def same_cells(starts: I64, key: I32, at: I32, pairs: I64, low: int, high: int) -> I32:
    """Count the nights, working days and weekend days on which both are heard, and those with a cell in common.

    Parameters
    ----------
    starts, key, at
        As `lay_occasions` gives them.
    pairs
        int64[k, 2]: ids.
    low, high
        The pairs this call is responsible for.

    Returns
    -------
    int32[high - low, 6]
        Both heard and in common, at night, at work hours and on days of weekends.
    """
    counts = np.zeros((high - low, 2 * PARTS), np.int32)
    for i in range(high - low):
        a, b = pairs[low + i, 0], pairs[low + i, 1]
        e, end = starts[a], starts[a + 1]
        f, stop = starts[b], starts[b + 1]
        while e < end and f < stop:
            code = key[e]
            if code < key[f]:
                e += 1
            elif code > key[f]:
                f += 1
            else:
                first = f
                met = 0
                while e < end and key[e] == code:
                    f = first
                    while f < stop and key[f] == code:
                        if at[f] == at[e]:
                            met = 1
                        f += 1
                    e += 1
                part = 0 if code < PART_STEP // 2 else 1 if code < PART_STEP + PART_STEP // 2 else 2
                counts[i, 2 * part] += 1
                counts[i, 2 * part + 1] += met
    return counts


@jit
def home_cells(indptr: I64, slot: I32, cell: I32, cells: int) -> tuple[I32, I32]:
    """Find the cell that hears each number on most nights; of equals the smallest code.

    Returns
    -------
    home, nights
        int32[numbers] each: the cell, -1 where no night is known, and the nights it is heard by it.
    """
    n = indptr.shape[0] - 1
    home = np.full(n, -1, np.int32)
    nights = np.zeros(n, np.int32)
    heard = np.zeros(cells, np.int32)
    last = np.full(cells, -1, np.int64)
    for x in range(n):
        for e in range(indptr[x], indptr[x + 1]):
            if part_of_slot(slot[e]) == 0 and last[cell[e]] != occasion(slot[e], 0):
                last[cell[e]] = occasion(slot[e], 0)
                heard[cell[e]] += 1
        for e in range(indptr[x], indptr[x + 1]):
            c = cell[e]
            if heard[c] > nights[x] or (heard[c] == nights[x] > 0 and c < home[x]):
                nights[x] = heard[c]
                home[x] = c
        for e in range(indptr[x], indptr[x + 1]):
            heard[cell[e]] = 0
            last[cell[e]] = -1
    return home, nights
