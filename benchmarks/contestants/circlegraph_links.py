"""Clustering of each number's peers by circlegraph's kernel, on one thread as in the detector."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401

    import circlegraph.kernels.callers  # noqa: F401


def warm_up(_: Job) -> None:
    """Compile the kernel on a tie."""
    ends = np.array([0, 1])
    _clustering(_ties.Ties(2, ends, ends[::-1].copy(), np.ones(2, np.int64)))


def run(job: Job, clock: Clock) -> None:
    """Count the ties among the peers of each number; nobody is sampled or left out."""
    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        number, clustering = _clustering(ties)
    clock.counts.update(ties=len(ties.number) // 2, numbers=len(number))
    _ties.write(job.result, number=number, clustering=clustering)


def _clustering(ties: _ties.Ties) -> tuple[np.ndarray, np.ndarray]:
    from circlegraph.kernels.callers import count_links

    peers, indptr = ties.peer.astype(np.int32), ties.indptr
    sampled, links, *_ = count_links(indptr, peers, indptr, peers, ties.size, ties.size)
    number = np.flatnonzero(sampled > 1)
    return number, 2 * links[number] / (sampled[number] * (sampled[number] - 1))


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
