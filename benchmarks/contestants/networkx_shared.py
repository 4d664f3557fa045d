"""Shared peers of all ties by networkx's coefficient of Adamic and Adar."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import networkx  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then ask for the coefficient of all its ties."""
    import networkx as nx

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        graph = nx.Graph()
        graph.add_edges_from(ties.pairs.tolist())
        asked = ties.pairs.tolist()
        sums = np.array([value for *_, value in nx.adamic_adar_index(graph, asked)])
    found, pairs = sums > 0, ties.pairs
    clock.counts.update(ties=len(pairs), pairs=int(found.sum()))
    _ties.write(job.result, a=pairs[found, 0], b=pairs[found, 1], weighted=sums[found])


if __name__ == "__main__":
    raise SystemExit(main(load, run))
