"""Sums over the pairs of each number, and rows of sorted pairs."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64


@jit
def add_to_ends(ends: I64, columns: I32, sums: I64) -> None:
    """Add what pairs have to the sums of both their numbers, in place.

    `ends` is int64[pairs, 2], `columns` int32[pairs, c], and `sums` int64[numbers, c].
    """
    for i in range(ends.shape[0]):
        for side in range(2):
            for c in range(columns.shape[1]):
                sums[ends[i, side], c] += columns[i, c]


@jit
def end_sums(ends: I32, values: F64, numbers: int) -> F64:
    """Sum a value per tie over the ties of each number: float64[numbers]; `ends` is int32[ties, 2]."""
    sums = np.zeros(numbers)
    for t in range(ends.shape[0]):
        sums[ends[t, 0]] += values[t]
        sums[ends[t, 1]] += values[t]
    return sums


@jit
def peer_sums(indptr: I64, peers: I32, values: F64) -> F64:
    """Sum a value per number over the peers of each number: float64[numbers]."""
    sums = np.zeros(indptr.shape[0] - 1)
    for x in range(indptr.shape[0] - 1):
        for e in range(indptr[x], indptr[x + 1]):
            sums[x] += values[peers[e]]
    return sums


@jit
def tied_rows(ends: I32, numbers: int) -> tuple[I64, I32, I32]:
    """Symmetric rows with ascending peers.

    Parameters
    ----------
    ends
        int32[ties, 2]: ids, the smaller first; ascending, so that each row is met in the order of its peers.
    numbers
        How many numbers there are.

    Returns
    -------
    indptr
        int64[numbers + 1].
    peers, tie
        int32[2 x ties] each: the number at the other end, and the tie's place.
    """
    indptr = np.zeros(numbers + 1, np.int64)
    for t in range(ends.shape[0]):
        indptr[ends[t, 0] + 1] += 1
        indptr[ends[t, 1] + 1] += 1
    indptr = np.cumsum(indptr)
    cursor = indptr[:-1].copy()
    peers = np.empty(2 * ends.shape[0], np.int32)
    tie = np.empty(2 * ends.shape[0], np.int32)
    for t in range(ends.shape[0]):
        for side in range(2):
            x = ends[t, side]
            peers[cursor[x]] = ends[t, 1 - side]
            tie[cursor[x]] = t
            cursor[x] += 1
    return indptr, peers, tie
