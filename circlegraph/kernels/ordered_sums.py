"""Sum packed rows per pair of numbers in one pass, each row once, where they come in the order of time.

Most input is in order, has one leg and is asked for sums only. What `exchange.gather`, `unique` and `aggregate` do one
after the other is then done row by row while a row is in the registers. All that is known of a pair stands side by
side in a record of words, which `unpack` brings into the columns that `aggregate` makes: the two keys, then per window
w, from word ``first[w]`` on, calls and texts (*out* in the lower 32 bits, *in* in the upper), seconds out and in, days.
"""

from typing import NamedTuple

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, U64
from circlegraph.kernels.aggregate import DAY, FORWARD, TEXT
from circlegraph.kernels.exchange import narrow_row
from circlegraph.kernels.hashing import mix
from circlegraph.kernels.stamp import duration_of, kind_of, start_of

MOST_ROWS_A_SECOND = 64
LOW = (1 << 32) - 1
SOME_PAIRS = 1 << 13
KEY_WORDS = 2
MEASURE_WORDS = 4  # of a window, before those of its days
SECOND, HELD, REPEATED, PAIRS = range(4)


class Sums(NamedTuple):
    """Sums as they grow.

    Attributes
    ----------
    records
        int64[size, words], of which the first ``state[PAIRS]`` are filled; `size` is a power of two.
    slots
        int32[2 size], an open-addressing table of the records' numbers plus 1.
    recent
        int64[:, 3], the rows of the present second.
    state
        That second, how many rows it has, how many rows were repeated, how many pairs there are.
    """

    records: I64
    slots: I32
    recent: I64
    state: I64


def first_words(words: I64) -> I64:
    """Where each window's part of a record begins, and where a record ends; `words` as for `aggregate.sum_pairs`."""
    return words + KEY_WORDS + MEASURE_WORDS * np.arange(len(words))


def no_sums(record_words: int) -> Sums:
    """Sums of no rows."""
    state = np.array([np.iinfo(np.int64).min, 0, 0, 0])
    recent = np.empty((MOST_ROWS_A_SECOND, 3), np.int64)
    return Sums(
        np.empty((SOME_PAIRS, record_words), np.int64), np.zeros(2 * SOME_PAIRS, np.int32), recent, state
    )


@jit
def add_in_order(
    words: I64, begin: I64, end: I64, wide: I64, edges: I64, first: I64, sums: Sums
) -> tuple[Sums, bool]:
    """Add the rows of some pieces, each once, to the sums of a partition.

    Parameters
    ----------
    words, begin, end, wide
        The pieces, as for `exchange.gather`.
    edges
        The windows, as for `aggregate.sum_pairs`.
    first
        What `first_words` returns.
    sums
        Of the pieces before; used up.

    Returns
    -------
    sums
        With the rows added.
    ordered
        False if the rows are not in the order of time, or too many in one second; the sums are worthless then.
    """
    first_days = edges // DAY
    for k in range(begin.shape[0]):
        j = begin[k]
        while j < end[k]:
            j = _add(words, j, end[k], wide[k] == 1, edges, first_days, first, sums)
            if j < 0:
                return sums, False
            if j < end[k]:
                sums = _grown(sums)
    return sums, True


@jit
def _add(
    words: I64, begin: int, end: int, wide: bool, edges: I64, first_days: I64, first: I64, sums: Sums
) -> int:
    """Add rows while another pair has room; return the word to go on from, -1 if they are out of order."""
    windows = edges.shape[0] - 1
    records, slots, recent, state = sums
    second, held, repeated, pairs = state[SECOND], state[HELD], state[REPEATED], state[PAIRS]
    mask = np.uint64(slots.shape[0] - 1)
    j = begin
    while j < end and pairs < records.shape[0]:
        if wide:
            a, b, stamp = words[j], words[j + 1], words[j + 2]
            j += 3
        else:
            a, b, stamp = narrow_row(words[j], words[j + 1])
            j += 2
        start = start_of(stamp)
        if start != second:
            if start < second:
                return -1
            second, held = start, 0
        elif _among(a, b, stamp, recent, held):
            repeated += 1
            continue
        if held == MOST_ROWS_A_SECOND:
            return -1
        recent[held, 0], recent[held, 1], recent[held, 2] = a, b, stamp
        held += 1
        kind = kind_of(stamp)
        if start < edges[0] or start >= edges[windows] or kind == FORWARD:
            continue
        way = 1 if a > b else 0
        a, b = min(a, b), max(a, b)
        h = mix(a, b) & mask
        e = np.int64(slots[h]) - 1
        while e >= 0 and (records[e, 0] != a or records[e, 1] != b):
            h = (h + np.uint64(1)) & mask
            e = np.int64(slots[h]) - 1
        if e < 0:
            e = pairs
            pairs += 1
            slots[h] = pairs
            records[e, :] = 0
            records[e, 0] = a
            records[e, 1] = b
        w = 0
        while start >= edges[w + 1]:
            w += 1
        text = 1 if kind == TEXT else 0  # no branches here: the processor would guess them wrongly too often
        at = first[w]
        records[e, at + text] += 1 << (32 * way)
        records[e, at + 2 + way] += duration_of(stamp) * (1 - text)
        bit = start // DAY - first_days[w]
        records[e, at + MEASURE_WORDS + (bit >> 6)] |= np.int64(np.uint64(1) << np.uint64(bit & 63))
    state[SECOND], state[HELD], state[REPEATED], state[PAIRS] = second, held, repeated, pairs
    return j


@jit
def _among(a: int, b: int, stamp: int, rows: I64, count: int) -> bool:
    """Whether a row is one of the first `count`."""
    found = False
    for i in range(count):
        found |= rows[i, 2] == stamp and rows[i, 0] == a and rows[i, 1] == b
    return found


@jit
def _grown(sums: Sums) -> Sums:
    """Give the sums twice the room."""
    n = sums.records.shape[0]
    records = np.empty((2 * n, sums.records.shape[1]), np.int64)
    slots = np.zeros(4 * n, np.int32)
    mask = np.uint64(4 * n - 1)
    for e in range(n):
        for j in range(records.shape[1]):
            records[e, j] = sums.records[e, j]
        h = mix(records[e, 0], records[e, 1]) & mask
        while slots[h] != 0:
            h = (h + np.uint64(1)) & mask
        slots[h] = e + 1
    return Sums(records, slots, sums.recent, sums.state)


@jit
def unpack(records: I64, first: I64, keys: I64, counts: I32, seconds: I64, days: U64) -> None:
    """Fill the columns of some pairs from their records; columns as `aggregate` makes them."""
    for e in range(records.shape[0]):
        keys[e, 0] = records[e, 0]
        keys[e, 1] = records[e, 1]
        word = 0
        for w in range(first.shape[0] - 1):
            at = first[w]
            for kind in range(2):
                counts[e, 4 * w + 2 * kind] = np.int32(records[e, at + kind] & LOW)
                counts[e, 4 * w + 2 * kind + 1] = np.int32(records[e, at + kind] >> 32)
                seconds[e, 2 * w + kind] = records[e, at + 2 + kind]
            for i in range(at + MEASURE_WORDS, first[w + 1]):
                days[e, word] = np.uint64(records[e, i])
                word += 1
