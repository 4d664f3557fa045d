"""The graph as a scipy.sparse matrix; Jaccard from products of its rows."""

import numpy as np

from benchmarks.contestants import _graph
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401
    import scipy.sparse  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Build the symmetric matrix, then count common entries of the rows of each pair."""
    from scipy import sparse

    with clock.step("build"):
        a, b, weight = _graph.read_edges(job.file)
        numbers, one, other = _graph.dense_ids(a, b)
        shape = (len(numbers), len(numbers))
        half = sparse.csr_array((weight, (one, other)), shape=shape)
        graph = (half + half.T).tocsr()
    with clock.step("jaccard"):
        pair_a, pair_b = _graph.read_pairs(job.second)
        first, second = np.searchsorted(numbers, pair_a), np.searchsorted(numbers, pair_b)
        binary = sparse.csr_array((np.ones_like(graph.data), graph.indices, graph.indptr), shape=shape)
        degree = np.diff(graph.indptr)
        common = binary[first].multiply(binary[second]).sum(axis=1)
        jaccard = common / (degree[first] + degree[second] - common)
    clock.counts.update(nodes=len(numbers), edges=len(a), pairs=len(pair_a))
    _graph.write_jaccard(job.result, pair_a, pair_b, jaccard)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
