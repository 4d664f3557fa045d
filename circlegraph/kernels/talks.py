"""When each number talks, and how often two numbers talk at the same time.

A call is one word of 32 bits: 22 for the step of 10 s in which it begins, counted from the first second of a piece of
at most `MOST_DAYS` days, and 10 for the steps to the one in which it ends. What is longer than 2.8 hours counts as that
long.
"""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import F32, I32, I64, U32, Int

STEP = 10
LENGTH_BITS = 10
MOST_STEPS = (1 << LENGTH_BITS) - 1
MOST_DAYS = (STEP << 32 - LENGTH_BITS) // 86_400
LEAST_STEPS = 4
"""Both talk for at least 30 s, however the steps fall: the clocks of two exchanges are not quite the same."""
SAME_END = 1
"""Calls that end within so many steps of each other are one call: forwarded, or from the one number to the other."""


@inline
def end_of(call: Int) -> Int:
    """Step in which a call ends."""
    return (np.int64(call) >> LENGTH_BITS) + (np.int64(call) & MOST_STEPS)


@jit
def lay_talks(a: I32, b: I32, call: U32, numbers: Int) -> tuple[I64, U32]:
    """Lay calls out by number.

    Parameters
    ----------
    a, b
        int32[n]: ids of both ends of each call, -1 for a number that is not asked for.
    call
        uint32[n], in the order of time.
    numbers
        How many numbers there are.

    Returns
    -------
    indptr
        int64[numbers + 1]: the calls of number x are ``indptr[x]:indptr[x + 1]``.
    laid
        uint32[calls], in the order of time for a number.
    """
    indptr = np.zeros(numbers + 1, np.int64)
    for i in range(call.shape[0]):
        indptr[a[i] + 1] += 1
        indptr[b[i] + 1] += 1
    indptr[0] = 0
    for x in range(numbers):
        indptr[x + 1] += indptr[x]
    laid = np.empty(indptr[numbers], np.uint32)
    cursor = indptr[:-1].copy()
    for i in range(call.shape[0]):
        for x in (a[i], b[i]):
            if x >= 0:
                laid[cursor[x]] = call[i]
                cursor[x] += 1
    return indptr, laid


@inline
def first_from(laid: U32, low: Int, high: Int, step: Int) -> Int:
    """First call of some that begins in a step or later, or the one before it, which may last until then."""
    begin = low
    while low < high:
        middle = (low + high) >> 1
        if np.int64(laid[middle]) >> LENGTH_BITS < step:
            low = middle + 1
        else:
            high = middle
    return max(low - 1, begin)


@jit
def talks_at_once(indptr: I64, laid: U32, a: I32, b: I32, count: F32) -> None:
    """Count the calls of two numbers that run at the same time.

    Parameters
    ----------
    indptr, laid
        Of a piece of time, as `lay_talks` gives them.
    a, b
        int32[k]: the pairs.
    count
        float32[k], to which are added: calls of a and of b that run side by side for at least `LEAST_STEPS` and do not
        end together.
    """
    for i in range(a.shape[0]):
        e, end = indptr[a[i]], indptr[a[i] + 1]
        f, stop = indptr[b[i]], indptr[b[i] + 1]
        if e == end or f == stop:
            continue
        low = max(np.int64(laid[e]) >> LENGTH_BITS, np.int64(laid[f]) >> LENGTH_BITS)
        e, f = first_from(laid, e, end, low), first_from(laid, f, stop, low)
        while e < end and f < stop:
            begin_e, begin_f = np.int64(laid[e]) >> LENGTH_BITS, np.int64(laid[f]) >> LENGTH_BITS
            end_e, end_f = end_of(laid[e]), end_of(laid[f])
            if min(end_e, end_f) - max(begin_e, begin_f) >= LEAST_STEPS and abs(end_e - end_f) > SAME_END:
                count[i] += 1
            if end_e <= end_f:
                e += 1
            else:
                f += 1
