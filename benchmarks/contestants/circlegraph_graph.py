"""The graph in circlegraph; Jaccard of circles by its kernel.

To be filled: `warm_up` compiles the kernels, `run` does what `benchmarks.contestants._graph` describes,
in the steps "build" and "jaccard".
"""

from benchmarks.contestants._harness import Clock, Job, NotAvailableError, main


def load() -> None:
    """Import the engine."""
    raise NotAvailableError("circlegraph's graph is not connected to the benchmark yet")


def run(job: Job, clock: Clock) -> None:
    """Build the graph, then compare the circles of the pairs."""


if __name__ == "__main__":
    raise SystemExit(main(load, run))
