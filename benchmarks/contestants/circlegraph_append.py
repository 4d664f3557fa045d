"""A contact store: appending one day to 119 days. Compared with `circlegraph_build`.

To be filled: `warm_up` compiles the kernels and builds a store of days 0-118 of the feed `job.file` in a
temporary folder, untimed; `run` times the step "store": appending day 119 from a file of that day alone.
"""

from benchmarks.contestants._harness import Clock, Job, NotAvailableError, main


def load() -> None:
    """Import the engine."""
    raise NotAvailableError("circlegraph's store is not connected to the benchmark yet")


def run(job: Job, clock: Clock) -> None:
    """Append the last day."""


if __name__ == "__main__":
    raise SystemExit(main(load, run))
