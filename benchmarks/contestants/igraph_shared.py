"""Shared peers of all ties from igraph's list of triangles, summed with numpy: its own coefficient takes whole rows."""

import numpy as np

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import igraph  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """List the triangles; each adds the weight of every corner to the tie of the other two."""
    import igraph

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        graph = igraph.Graph(n=ties.size, edges=ties.pairs)
        corners = np.sort(np.array(graph.list_triangles(), np.int64).reshape(-1, 3), axis=1)
        sides = [corners[:, one] * ties.size + corners[:, other] for one, other in ((0, 1), (0, 2), (1, 2))]
        tie, place = np.unique(np.concatenate(sides), return_inverse=True)
        weight = ties.rarity[corners[:, [2, 1, 0]].T.ravel()]
        sums = np.bincount(place, weight, len(tie))
    clock.counts.update(ties=graph.ecount(), pairs=len(tie))
    _ties.write(job.result, a=tie // ties.size, b=tie % ties.size, weighted=sums)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
