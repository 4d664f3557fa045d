"""The graph in circlegraph; Jaccard of circles by its kernel."""

from typing import Any

import numpy as np

from benchmarks.contestants import _graph
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401

    import circlegraph.graph.convert  # noqa: F401


def warm_up(_: Job) -> None:
    """Compile the kernels on two edges."""
    two = np.array([1, 2])
    graph = _build(two, two + 1, np.ones(2))
    graph.jaccard(graph.numbers.index.ids(graph.numbers.index.keys), np.zeros(3, np.int64))


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then compare the circles of the pairs."""
    with clock.step("build"):
        graph = _build(*_graph.read_edges(job.file))
    with clock.step("jaccard"):
        a, b = _graph.read_pairs(job.second)
        jaccard = graph.jaccard(*(graph.numbers.ids_of(numbers) for numbers in (a, b)))
    clock.counts.update(nodes=len(graph), edges=graph.n_edges // 2, pairs=len(a))
    _graph.write_jaccard(job.result, a, b, jaccard)


def _build(a: _graph.Ints, b: _graph.Ints, weight: _graph.Floats) -> Any:
    """Graph of an edge list, its weights as calls that the first number made."""
    import pyarrow as pa

    from circlegraph.graph.convert import from_arrow

    window = ("2024-01-01", "2024-04-30")
    return from_arrow(pa.table({"number": a, "peer": b, "calls_out": weight}), window=window)


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
