"""A contact store: building all 120 days from the feed, from nothing."""

import tempfile
from pathlib import Path

from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine, with the process set up as the command line sets it up."""
    from circlegraph._process import tune_memory

    tune_memory()
    import circlegraph.store.store  # noqa: F401


def warm_up(job: Job) -> None:
    """Compile the kernels on the first rows of the feed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    few = next(pq.ParquetFile(job.file).iter_batches(1000))
    _append(pa.Table.from_batches([few]), job.threads)


def run(job: Job, clock: Clock) -> None:
    """Build the store."""
    with clock.step("store"):
        _append(job.file, job.threads)


def _append(source: object, threads: int) -> None:
    from circlegraph.resources import Resources
    from circlegraph.store.store import Store

    with tempfile.TemporaryDirectory() as folder:
        Store.create(Path(folder) / "store").append(source, resources=Resources(threads))


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
