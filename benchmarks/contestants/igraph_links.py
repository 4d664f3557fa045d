"""Clustering of each number's peers by igraph's local transitivity."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import igraph  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then ask for the transitivity of all numbers."""
    import igraph

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        graph = igraph.Graph(n=ties.size, edges=ties.pairs)
        clustering = np.array(graph.transitivity_local_undirected())
        number = np.flatnonzero(ties.degree > 1)
    clock.counts.update(ties=graph.ecount(), numbers=len(number))
    _ties.write(job.result, number=number, clustering=clustering[number])


if __name__ == "__main__":
    raise SystemExit(main(load, run))
