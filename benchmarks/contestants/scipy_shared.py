"""Shared peers of all ties as a product of scipy.sparse matrices in blocks of rows, masked by the ties."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401
    import scipy.sparse  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Multiply the ties by those of the weighted peers, and keep what is a tie itself."""
    from scipy import sparse

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        shape, ends = (ties.size, ties.size), (ties.number, ties.peer)
        graph = sparse.csr_array((np.ones(len(ties.number)), ends), shape=shape)
        weighted = sparse.csr_array((ties.rarity[ties.number], ends), shape=shape)
        upper = sparse.triu(graph, format="csr")
        parts = []
        for low in range(0, ties.size, _ties.PIECE):
            mask = upper[low : low + _ties.PIECE]
            found = (graph[low : low + _ties.PIECE] @ weighted).multiply(mask).tocoo()
            parts.append((found.row + low, found.col, found.data))
        a, b, sums = (np.concatenate(column) for column in zip(*parts, strict=True))
    clock.counts.update(ties=len(ties.number) // 2, pairs=len(a))
    _ties.write(job.result, a=a, b=b, weighted=sums)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
