"""Clustering of each number's peers by networkx."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import networkx  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then ask for the clustering of all numbers."""
    import networkx as nx

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        graph = nx.Graph()
        graph.add_edges_from(ties.pairs.tolist())
        found = nx.clustering(graph)
        number = np.flatnonzero(ties.degree > 1)
        clustering = [float(found[x]) for x in number.tolist()]
    clock.counts.update(ties=graph.number_of_edges(), numbers=len(number))
    _ties.write(job.result, number=number, clustering=clustering)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
