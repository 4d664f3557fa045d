"""The indicators in circlegraph, for every number of the feed.

To be filled: the input `job.file` is the whole feed, `job.second` the Parquet file with the `number`s to
report; `run` reads ("read") and works the indicators out ("indicators"), sets `clock.counts["numbers"]` and
`clock.counts["records"]` to how many it did, and hands the rows of the people to `_indicators.write`.
"""

from benchmarks.contestants._harness import Clock, Job, NotAvailableError, main


def load() -> None:
    """Import the engine."""
    raise NotAvailableError("circlegraph's indicators are not connected to the benchmark yet")


def run(job: Job, clock: Clock) -> None:
    """Work out the indicators."""


if __name__ == "__main__":
    raise SystemExit(main(load, run))
