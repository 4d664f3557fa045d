"""Profiles of callers in circlegraph, from the ties that its search for account managers collects."""

import tempfile
from pathlib import Path

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine, with the process set up as the command line sets it up."""
    from circlegraph._process import tune_memory

    tune_memory()
    import pyarrow.parquet  # noqa: F401

    import circlegraph.detect.account_managers.run  # noqa: F401


def warm_up(job: Job) -> None:
    """Compile the kernels on the first rows of the job's own file, spread over all its days."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_batches([next(pq.ParquetFile(job.file).iter_batches(1000))])
    spread = np.linspace(task.FIRST, task.FIRST + task.DAYS * task.DAY_SECONDS - 1, len(table)).astype(
        np.int64
    )
    table = table.set_column(table.column_names.index("start"), "start", pa.array(spread))
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "events.parquet"
        pq.write_table(table, few)
        _solve(few, few.with_name("result.parquet"), job.threads)


def run(job: Job, clock: Clock) -> None:
    """Do the job; all that the search needs to know of ties and numbers is collected on the way."""
    with clock.step("profiles"):
        _solve(job.file, job.result, job.threads)


def _solve(file: Path, result: Path, threads: int) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from circlegraph.detect.account_managers.spans import choose_windows
    from circlegraph.detect.account_managers.ties import make_scene
    from circlegraph.graph.network import Network
    from circlegraph.graph.source import contacts_of
    from circlegraph.resources import Resources

    resources = Resources(threads)
    contacts = contacts_of(file, choose_windows, network=Network(), resources=resources, detail="habits")
    scene = make_scene(contacts, everybody=True)
    ties, number = scene.ties, scene.numbers.text.cast(pa.int64()).to_numpy()[scene.judged]
    callees, opened, peers = (scene.total(of) for of in (ties.out > 0, ties.opened == 1, ties.out >= 0))
    loads = scene.loads[scene.judged]
    row, week = np.nonzero(loads)
    names = pa.array(["callees", "first_contacts", *(f"week {w}" for w in range(loads.shape[1]))])
    figure = np.concatenate([np.zeros(len(number), np.int64), np.ones(len(number), np.int64), 2 + week])
    columns = {
        "number": np.concatenate([number, number, number[row]]),
        "figure": names.take(pa.array(figure)),
        "value": np.concatenate([callees, opened / peers, loads[row, week].astype(np.float64)]),
    }
    pq.write_table(pa.table(columns), result)


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
