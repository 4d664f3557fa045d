"""Day bits of adjoining windows as one span: joined, counted within limits, and searched for certain days."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I32, I64, U64, Bool, Int
from circlegraph.kernels.day_bits import popcount


@inline
def bits_within(word: np.uint64, begin: Int, end: Int) -> np.uint64:
    """Keep the bits ``begin <= bit < end`` of a word; the limits may lie outside of it."""
    begin = max(begin, np.int64(0))
    end = min(end, np.int64(64))
    if begin >= end:
        return np.uint64(0)
    kept = (word >> np.uint64(begin)) << np.uint64(begin)
    if end < 64:
        kept &= (np.uint64(1) << np.uint64(end)) - np.uint64(1)
    return kept


@inline
def count_within(days: U64, row: int, begin: Int, end: Int) -> np.int64:
    """Count the days ``begin <= day < end`` of a row."""
    total = np.int64(0)
    for word in range(days.shape[1]):
        total += popcount(bits_within(days[row, word], begin - 64 * word, end - 64 * word))
    return total


@jit
def join_windows(days: U64, first_word: int, shift: int, words: int) -> U64:
    """Join the day bits of two adjoining windows into one span of days.

    Parameters
    ----------
    days
        uint64[k, w]: the words of both windows.
    first_word
        Where the second window begins.
    shift
        Day of the span that its first bit stands for.
    words
        Words of the span.

    Returns
    -------
    uint64[k, words].
    """
    joined = np.zeros((days.shape[0], words), np.uint64)
    low = np.uint64(shift % 64)
    for i in range(days.shape[0]):
        for word in range(first_word):
            joined[i, word] |= days[i, word]
        for word in range(first_word, days.shape[1]):
            at = shift // 64 + word - first_word
            bits = days[i, word]
            if bits == np.uint64(0):
                continue
            joined[i, at] |= bits << low
            if low > np.uint64(0) and at + 1 < words:
                joined[i, at + 1] |= bits >> (np.uint64(64) - low)
    return joined


@jit
def days_within(days: U64, begin: Int, end: Int) -> I32:
    """Count the days ``begin <= day < end`` of each row, int32[k]."""
    counts = np.zeros(days.shape[0], np.int32)
    for i in range(days.shape[0]):
        counts[i] = count_within(days, i, begin, end)
    return counts


@jit
def first_within(days: U64, begin: Int, end: Int) -> I32:
    """Find the first day ``begin <= day < end`` of each row, counted from `begin`: int32[k], -1 where there is none."""
    first = np.full(days.shape[0], -1, np.int32)
    for i in range(days.shape[0]):
        for word in range(days.shape[1]):
            bits = bits_within(days[i, word], begin - 64 * word, end - 64 * word)
            if bits != np.uint64(0):
                lowest = bits & (~bits + np.uint64(1))
                first[i] = 64 * word + popcount(lowest - np.uint64(1)) - begin
                break
    return first


@jit
def days_of_rows(indptr: I64, days: U64) -> U64:
    """Join the day bits of the edges of each number, uint64[numbers, words]."""
    joined = np.zeros((indptr.shape[0] - 1, days.shape[1]), np.uint64)
    for x in range(joined.shape[0]):
        for e in range(indptr[x], indptr[x + 1]):
            for word in range(days.shape[1]):
                joined[x, word] |= days[e, word]
    return joined


@jit
def grown_since(indptr: I64, days: U64, splits: I64, span: Int, times: float) -> Bool:
    """Tell who has so many times the contact days a day from a split on that he had before, bool[splits, numbers].

    A day with contact with two numbers counts twice. `days` are the day bits of the edges, uint64[edges, words].
    """
    grown = np.zeros((splits.shape[0], indptr.shape[0] - 1), np.bool_)
    until = np.zeros(span + 1, np.int64)
    for x in range(indptr.shape[0] - 1):
        until[:] = 0
        for e in range(indptr[x], indptr[x + 1]):
            for word in range(days.shape[1]):
                bits = days[e, word]
                while bits != np.uint64(0):
                    until[64 * word + popcount((bits & (~bits + np.uint64(1))) - np.uint64(1)) + 1] += 1
                    bits &= bits - np.uint64(1)
        for day in range(span):
            until[day + 1] += until[day]
        for s in range(splits.shape[0]):
            before = until[splits[s]]
            grown[s, x] = (until[span] - before) * splits[s] >= times * before * (span - splits[s])
    return grown


@jit
def steady_since(days: U64, week_masks: U64, least_days: Int, least_weeks: Int) -> I32:
    """Find how many days it takes until there was contact on enough of them and in enough weeks, int32[k].

    `week_masks` is uint64[weeks, words]: the bits of the days of each week. Where there never was enough, more than
    there are days.
    """
    never = np.int64(64 * days.shape[1] + 1)
    since = np.full(days.shape[0], never, np.int32)
    for i in range(days.shape[0]):
        met = weeks = np.int64(0)
        if count_within(days, i, 0, never) < least_days:
            continue
        for week in range(week_masks.shape[0]):
            before = met
            for word in range(days.shape[1]):
                met += popcount(days[i, word] & week_masks[week, word])
            weeks += met > before
            if met >= least_days and weeks >= least_weeks:
                # It was on the first day of the week, or on a later one if days were lacking.
                lacking = max(least_days - before, 1)
                for word in range(days.shape[1]):
                    bits = days[i, word] & week_masks[week, word]
                    there = popcount(bits)
                    if there >= lacking:
                        for _ in range(lacking - 1):
                            bits &= bits - np.uint64(1)
                        since[i] = 64 * word + popcount((bits & (~bits + np.uint64(1))) - np.uint64(1)) + 1
                        break
                    lacking -= there
                break
    return since
