"""Shared peers of all ties by circlegraph's kernel, which also counts them and works out triads."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401

    import circlegraph.kernels.shared_circle
    import circlegraph.kernels.tied_rows  # noqa: F401


def warm_up(_: Job) -> None:
    """Compile the kernel on a tie."""
    ends = np.array([0, 1])
    _merge(_ties.Ties(2, ends, ends[::-1].copy(), np.ones(2, np.int64)), 1)


def run(job: Job, clock: Clock) -> None:
    """Merge the rows of both numbers of each tie on several threads, as the detector does."""
    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        a, b, sums = _merge(ties, job.threads)
    clock.counts.update(ties=len(ties.number) // 2, pairs=len(a))
    _ties.write(job.result, a=a, b=b, weighted=sums)


def _merge(ties: _ties.Ties, threads: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from circlegraph.kernels.shared_circle import shared_circle
    from circlegraph.kernels.tied_rows import tied_rows
    from circlegraph.parallel import mapped

    pairs, rarity = ties.pairs.astype(np.int32), ties.rarity
    rows, strength = tied_rows(pairs, ties.size), np.ones((len(pairs), 1), np.float32)

    def merge(low: int) -> tuple[np.ndarray, ...]:
        return shared_circle(*rows, strength, rarity, pairs, low, min(low + _ties.PIECE, len(pairs)))

    parts = mapped(merge, range(0, len(pairs), _ties.PIECE), threads)
    shared, weighted, _ = (np.concatenate(column) for column in zip(*parts, strict=True))
    found = shared > 0
    return pairs[found, 0], pairs[found, 1], weighted[found]


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
