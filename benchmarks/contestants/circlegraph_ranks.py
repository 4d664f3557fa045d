"""Ranks inside each circle by circlegraph's kernel, on one thread as in the detector."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401

    import circlegraph.kernels.circle_ranks  # noqa: F401


def warm_up(_: Job) -> None:
    """Compile the kernel on a row."""
    from circlegraph.kernels.circle_ranks import circle_ranks

    circle_ranks(np.array([0, 1]), np.array([1]))


def run(job: Job, clock: Clock) -> None:
    """Rank row by row."""
    from circlegraph.kernels.circle_ranks import circle_ranks

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        ranks = circle_ranks(ties.indptr, ties.contacts)
    clock.counts.update(rows=len(ranks))
    _ties.write(job.result, number=ties.number, peer=ties.peer, rank=ranks)


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
