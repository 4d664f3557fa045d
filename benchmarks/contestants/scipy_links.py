"""Clustering of each number's peers as a product of scipy.sparse matrices in blocks of rows, masked by the ties."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401
    import scipy.sparse  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Count the walks of three steps that end where they began."""
    from scipy import sparse

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        ones = np.ones(len(ties.number))
        graph = sparse.csr_array((ones, (ties.number, ties.peer)), shape=(ties.size, ties.size))
        blocks = (graph[low : low + _ties.PIECE] for low in range(0, ties.size, _ties.PIECE))
        closed = np.concatenate([(rows @ graph).multiply(rows).sum(axis=1) for rows in blocks])
        degree = ties.degree
        number = np.flatnonzero(degree > 1)
        clustering = closed[number] / (degree[number] * (degree[number] - 1))
    clock.counts.update(ties=len(ties.number) // 2, numbers=len(number))
    _ties.write(job.result, number=number, clustering=clustering)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
