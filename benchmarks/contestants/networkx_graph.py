"""The graph in networkx; Jaccard by its own function. The numbers themselves are the nodes."""

from benchmarks.contestants import _graph
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import networkx  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then ask for the coefficient of the pairs."""
    import networkx as nx

    with clock.step("build"):
        a, b, weight = _graph.read_edges(job.file)
        graph = nx.Graph()
        graph.add_weighted_edges_from(zip(a.tolist(), b.tolist(), weight.tolist(), strict=True))
    with clock.step("jaccard"):
        pair_a, pair_b = _graph.read_pairs(job.second)
        pairs = list(zip(pair_a.tolist(), pair_b.tolist(), strict=True))
        jaccard = [value for _, _, value in nx.jaccard_coefficient(graph, pairs)]
    clock.counts.update(nodes=len(graph), edges=graph.number_of_edges(), pairs=len(pair_a))
    _graph.write_jaccard(job.result, pair_a, pair_b, jaccard)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
