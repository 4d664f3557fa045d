"""Candidates as four products of scipy.sparse matrices in blocks of rows, the best chosen by sorting."""

import numpy as np

from benchmarks.contestants import _candidates
from benchmarks.contestants._harness import Clock, Job, main

ROWS_AT_A_TIME = 2_000


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401
    import scipy.sparse  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Multiply the steady peers by what their contacts have after and had before."""
    from scipy import sparse

    ties = _candidates.read_ties(job.file)
    shape = (ties.size, ties.size)
    with clock.step("candidates"):
        later = ties.after > 0
        steady = sparse.csr_array(
            (np.ones(int(ties.steady.sum())), (ties.number[ties.steady], ties.peer[ties.steady])), shape=shape
        )
        ends = (ties.peer[later], ties.number[later])
        met = sparse.csr_array((np.ones(int(later.sum())), ends), shape=shape)
        volume = sparse.csr_array((ties.after[later], ends), shape=shape)
        # The smallest of additions keeps the entries of those who were not known before, so that all sums line up.
        known = sparse.csr_array((ties.before[later] + 1e-300, ends), shape=shape)
        rare = sparse.csr_array((ties.rarity[ties.peer[later]], ends), shape=shape)
        size, parts = np.sqrt(1.0 + ties.circle), []
        for begin in range(0, len(ties.chosen), ROWS_AT_A_TIME):
            rows = ties.chosen[begin : begin + ROWS_AT_A_TIME]
            sums = [steady[rows] @ matrix for matrix in (met, volume, known, rare)]
            for product in sums:
                product.sort_indices()
            number, other = np.repeat(rows, np.diff(sums[0].indptr)), sums[0].indices.astype(np.int64)
            shared, after, before, rarity = (product.data for product in sums)
            grown = np.flatnonzero((number != other) & (before <= _candidates.MOST_KNOWN * after))
            order = grown[np.lexsort((other[grown], -(rarity / size[other])[grown], number[grown]))]
            rank = np.arange(len(order)) - np.searchsorted(number[order], number[order])
            best = order[rank < _candidates.KEPT]
            parts.append(tuple(column[best] for column in (number, other, shared)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    clock.counts.update(ties=len(ties.number), pairs=len(columns[0]))
    _candidates.write(job.result, *columns)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
