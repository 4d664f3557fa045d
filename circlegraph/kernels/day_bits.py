"""Read the day bits that `aggregate` sets: one bit for each day of a window with contact."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I32, I64, U64


@inline
def popcount(word: np.uint64) -> np.int64:
    """Count the set bits of a word, by summing neighbours: pairs, fours, bytes, then all bytes at once."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@jit
def days_and_weeks(days: U64, first_word: int, week_masks: U64) -> tuple[I32, I32]:
    """Count the distinct days, and the distinct weeks, with contact in one window.

    Parameters
    ----------
    days
        uint64[k, words], the day bits of all windows.
    first_word
        Where the window's words begin.
    week_masks
        uint64[weeks, window's words]: the bits of the days of each week.

    Returns
    -------
    days, weeks
        int32[k] each.
    """
    k = days.shape[0]
    on_days = np.zeros(k, np.int32)
    in_weeks = np.zeros(k, np.int32)
    met = np.empty(
        k, np.uint64
    )  # the loops over pairs are the inner ones: short loops inside long ones are slow
    for word in range(week_masks.shape[1]):
        for i in range(k):
            on_days[i] += popcount(days[i, first_word + word])
    for week in range(week_masks.shape[0]):
        met[:] = 0
        for word in range(week_masks.shape[1]):
            mask = week_masks[week, word]
            for i in range(k):
                met[i] |= days[i, first_word + word] & mask
        for i in range(k):
            in_weeks[i] += met[i] != 0
    return on_days, in_weeks


@jit
def union_days(indptr: I64, sources: I64, days: U64, first_word: int, last_word: int) -> I32:
    """Count the distinct days on which each number had contact with anybody.

    `sources` names the pair of each edge as `place` writes it. Returns int32[numbers].
    """
    n = indptr.shape[0] - 1
    active = np.zeros(n, np.int32)
    for x in range(n):
        for word in range(first_word, last_word):
            bits = np.uint64(0)
            for e in range(indptr[x], indptr[x + 1]):
                bits |= days[sources[e] >> 1, word]
            active[x] += popcount(bits)
    return active
