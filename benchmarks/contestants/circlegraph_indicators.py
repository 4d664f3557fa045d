"""The indicators in circlegraph, for every number of the feed, and all that it has, not only those asked for."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contestants import _indicators
from benchmarks.contestants._harness import Clock, Job, main

if TYPE_CHECKING:
    from circlegraph.circles.indicators import Indicators

CALLS_ONLY = {"percent_initiated_interactions": "percent_initiated_interactions_call"}
"""What an indicator of the job is called here, where the names differ."""


def load() -> None:
    """Import the engine, with the process set up as the command line sets it up."""
    from circlegraph._process import tune_memory

    tune_memory()
    import pyarrow.parquet  # noqa: F401

    import circlegraph.circles.indicators
    import circlegraph.graph.make  # noqa: F401


def warm_up(job: Job) -> None:
    """Compile the kernels on the first rows of the job's own file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_batches([next(pq.ParquetFile(job.file).iter_batches(1000))])
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "events.parquet"
        pq.write_table(table, few)
        _solve(few, job, Clock())


def run(job: Job, clock: Clock) -> None:
    """Make the graph of all days ("read"), then work out everybody's indicators ("indicators")."""
    import pyarrow.parquet as pq

    found = _solve(job.file, job, clock)
    people = pq.read_table(job.second)["number"].to_pylist()
    ids = found.numbers.ids_of([str(number) for number in people])
    _indicators.write(
        job.result,
        (
            (number, name, float(found[CALLS_ONLY.get(name, name)][x]))
            for number, x in zip(people, ids, strict=True)
            for name in _indicators.INDICATORS
        ),
    )


def _solve(file: Path, job: Job, clock: Clock) -> Indicators:
    from circlegraph.circles.indicators import indicators
    from circlegraph.graph.make import contact_graph
    from circlegraph.resources import Resources

    with clock.step("read"):
        graph = contact_graph(file, resources=Resources(job.threads))
    with clock.step("indicators"):
        found = indicators(graph, threads=job.threads)
    records = int(found["number_of_interactions"].sum())
    clock.counts.update(numbers=len(found), records=records)
    return found


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
