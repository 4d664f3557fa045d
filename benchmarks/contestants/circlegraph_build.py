"""A contact store: building all 120 days from the feed, from nothing.

To be filled: `warm_up` compiles the kernels; `run` times the step "store" and leaves nothing behind.
"""

from benchmarks.contestants._harness import Clock, Job, NotAvailableError, main


def load() -> None:
    """Import the engine."""
    raise NotAvailableError("circlegraph's store is not connected to the benchmark yet")


def run(job: Job, clock: Clock) -> None:
    """Build the store."""


if __name__ == "__main__":
    raise SystemExit(main(load, run))
