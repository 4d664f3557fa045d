"""Ranks inside each circle by circlegraph's kernel, on one thread as in the detector."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401

    import circlegraph.kernels.circle_ranks
    import circlegraph.kernels.tied_rows  # noqa: F401


def warm_up(_: Job) -> None:
    """Compile the kernels on a tie."""
    ends = np.array([0, 1])
    _rank(_ties.Ties(2, ends, ends[::-1].copy(), np.ones(2, np.int64)))


def run(job: Job, clock: Clock) -> None:
    """Rank row by row."""
    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        ranks = _rank(ties)
    clock.counts.update(rows=len(ranks))
    _ties.write(job.result, number=ties.number, peer=ties.peer, rank=ranks)


def _rank(ties: _ties.Ties) -> np.ndarray:
    from circlegraph.kernels.circle_ranks import circle_ranks
    from circlegraph.kernels.tied_rows import tied_rows

    once = ties.number < ties.peer
    rows = tied_rows(ties.pairs.astype(np.int32), ties.size)
    ranks = circle_ranks(*rows, ties.contacts[once].astype(np.int32))
    return np.asarray(ranks[rows[2], 1 - once])


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
