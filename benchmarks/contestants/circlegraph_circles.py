"""The task in circlegraph. It removes duplicate events in every variant of the task."""

import tempfile
from pathlib import Path
from typing import Any

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main

AT = "2024-03-01"
PART_ROWS = 1 << 19


def load() -> None:
    """Import the engine, with the process set up as the command line sets it up."""
    from circlegraph._process import tune_memory

    tune_memory()
    import pyarrow.parquet  # noqa: F401


def warm_up(job: Job) -> None:
    """Compile the kernels on the first rows of the job's own file."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    if job.file.suffix == ".parquet":
        events = next(pq.ParquetFile(job.file).iter_batches(1000))
    else:
        text = pa.csv.ConvertOptions(column_types={"caller": pa.string(), "callee": pa.string()})
        with pa.csv.open_csv(job.file, convert_options=text) as reader:
            events = reader.read_next_batch().slice(0, 1000)
    table = pa.Table.from_batches([events])
    shift = pa.array([0, (task.DAYS - 1) * task.DAY_SECONDS] * (len(table) // 2))
    start = table.column_names.index("start")
    table = table.slice(0, len(shift))
    table = table.set_column(start, "start", pa.compute.add(table["start"].cast(pa.int64()), shift))
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "events.parquet"
        pq.write_table(table, few)
        _solve(few, Path(folder) / "result.parquet", job)


def run(job: Job, clock: Clock) -> None:
    """Do the task."""
    with clock.step("circles"):
        _solve(job.file, job.result, job)


def _solve(file: Path, result: Path, job: Job) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from circlegraph.cdr.pipeline import open_cdr
    from circlegraph.circles.run import run_circles
    from circlegraph.parallel import mapped
    from circlegraph.resources import Resources, parse_size

    limit = parse_size(job.memory_limit) if job.memory_limit else None
    run = run_circles(open_cdr(file), AT, resources=Resources(job.threads, limit))
    result.mkdir(exist_ok=True)
    for number, circles in enumerate(run.blocks):
        names = circles.numbers.text
        if file.suffix == ".parquet" and pa.types.is_integer(pq.read_schema(file).field("caller").type):
            names = names.cast(pa.int64())

        def write(low: int, number: int = number, circles: Any = circles, names: Any = names) -> None:
            part = slice(low, low + PART_ROWS)
            table = pa.table(
                {
                    "number": names.take(pa.array(circles.heads_of(part))),
                    "peer": names.take(pa.array(circles.peers[part])),
                    "before_index": circles.before_index[part],
                    "after_index": circles.after_index[part],
                }
            )
            path = result / f"part-{number}-{low}.parquet"
            pq.write_table(table, path, compression="none", use_dictionary=False)

        list(mapped(write, range(0, len(circles.peers), PART_ROWS), job.threads))


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
