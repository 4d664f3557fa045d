"""The graph in igraph; Jaccard by its own method."""

import numpy as np

from benchmarks.contestants import _graph
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import igraph  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then ask for the similarity of the pairs."""
    import igraph

    with clock.step("build"):
        a, b, weight = _graph.read_edges(job.file)
        numbers, one, other = _graph.dense_ids(a, b)
        graph = igraph.Graph(n=len(numbers), edges=np.column_stack([one, other]))
        graph.es["weight"] = weight
    with clock.step("jaccard"):
        pair_a, pair_b = _graph.read_pairs(job.second)
        pairs = np.column_stack([np.searchsorted(numbers, pair_a), np.searchsorted(numbers, pair_b)])
        jaccard = graph.similarity_jaccard(pairs=pairs.tolist(), loops=False)
    clock.counts.update(nodes=graph.vcount(), edges=graph.ecount(), pairs=len(pairs))
    _graph.write_jaccard(job.result, pair_a, pair_b, jaccard)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
