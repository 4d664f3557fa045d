"""Candidates by circlegraph's kernel, which also works out the balance and the first days."""

import numpy as np

from benchmarks.contestants import _candidates
from benchmarks.contestants._harness import Clock, Job, main

WEDGES_AT_A_TIME = 1 << 17


def load() -> None:
    """Import the engine."""
    import pyarrow.parquet  # noqa: F401

    import circlegraph.kernels.candidates  # noqa: F401


def warm_up(_: Job) -> None:
    """Compile the kernels on a star."""
    hub, ids = np.zeros(3, np.int64), np.array([1, 2, 3])
    three = np.concatenate([hub, ids]), np.concatenate([ids, hub])
    _search(_candidates.Ties(*three, np.ones(6), np.ones(6), np.ones(6) > 0), 1)


def run(job: Job, clock: Clock) -> None:
    """Search range by range on several threads, as the detector does."""
    ties = _candidates.read_ties(job.file)
    with clock.step("candidates"):
        parts = _search(ties, job.threads)
    pairs, counts, _ = (np.concatenate(column) for column in zip(*parts, strict=True))
    clock.counts.update(ties=len(ties.number), pairs=len(pairs))
    _candidates.write(job.result, pairs[:, 0], pairs[:, 1], counts[:, 0])


def _search(ties: _candidates.Ties, threads: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    from circlegraph.kernels.candidates import MET, candidates, count_wedges, lay_met
    from circlegraph.parallel import mapped

    indptr, peers, chosen, circle = ties.indptr, ties.peer.astype(np.int32), ties.chosen, ties.circle
    wedges = count_wedges(indptr, peers, ties.steady, circle.astype(np.int64))
    at_peer = np.concatenate([[0], np.cumsum(circle)]).astype(np.int64)
    met = np.empty(at_peer[-1], MET)
    first_day = (ties.after > 0).astype(np.int32) - 1
    before, after = ties.before.astype(np.float32), ties.after.astype(np.float32)
    everybody = np.ones(ties.size, np.bool_)
    lay_met(indptr, peers, first_day, before, after, everybody, everybody, at_peer, met)
    rarity, extent = ties.rarity, np.sqrt(1.0 + circle)
    piece = np.cumsum(wedges[chosen]) // WEDGES_AT_A_TIME

    def found(part: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return candidates(
            indptr,
            peers,
            ties.steady,
            before,
            after,
            at_peer,
            met,
            rarity,
            extent,
            part,
            int(wedges[part].max()),
            _candidates.MOST_KNOWN,
            _candidates.KEPT,
        )

    parts = np.split(chosen, np.flatnonzero(np.diff(piece)) + 1)
    return list(mapped(found, filter(len, parts), threads))


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
