"""The task in circlegraph. It removes duplicate events in every variant of the task.

To be filled: `warm_up` compiles the kernels (on a few made-up events), `run` does the task with
`job.threads` threads within `job.memory_limit` and writes `job.result`.
"""

from benchmarks.contestants._harness import Clock, Job, NotAvailableError, main


def load() -> None:
    """Import the engine."""
    raise NotAvailableError("circlegraph's circles are not connected to the benchmark yet")


def run(job: Job, clock: Clock) -> None:
    """Do the task."""


if __name__ == "__main__":
    raise SystemExit(main(load, run))
