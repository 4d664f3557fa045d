"""A contact store: appending the last of 120 days to the 119 before. Compared with `circlegraph_build`."""

import shutil
import tempfile
from pathlib import Path

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main

LAST_DAY = task.FIRST + (task.DAYS - 1) * task.DAY_SECONDS
_folder = Path(tempfile.gettempdir()) / "circlegraph-append"


def load() -> None:
    """Import the engine, with the process set up as the command line sets it up."""
    from circlegraph._process import tune_memory

    tune_memory()
    import circlegraph.store.store  # noqa: F401


def warm_up(job: Job) -> None:
    """Store the first 119 days and put the last in a file of its own."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    from circlegraph.resources import Resources
    from circlegraph.store.store import Store

    shutil.rmtree(_folder, ignore_errors=True)
    _folder.mkdir()
    feed = ds.dataset(job.file)
    for name, rows in (("before", pc.field("start") < LAST_DAY), ("last", pc.field("start") >= LAST_DAY)):
        with pq.ParquetWriter(_folder / f"{name}.parquet", feed.schema) as writer:
            for batch in feed.to_batches(filter=rows):
                writer.write_batch(batch)
    Store.create(_folder / "store").append(_folder / "before.parquet", resources=Resources(job.threads))


def run(job: Job, clock: Clock) -> None:
    """Append the last day."""
    from circlegraph.resources import Resources
    from circlegraph.store.store import Store

    with clock.step("store"):
        Store(_folder / "store").append(_folder / "last.parquet", resources=Resources(job.threads))
    shutil.rmtree(_folder)


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
