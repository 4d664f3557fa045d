"""Cosine of the numbers of calls and texts with each own peer, before against after."""

import numpy as np
import pandas as pd

from benchmarks.quality.counts import Matrix
from benchmarks.quality.methods._pairs import ranked, scaled_rows
from benchmarks.quality.world import World


def rank(world: World, *, new_only: bool) -> pd.DataFrame:
    """Rank by the cosine of the two vectors of counts."""
    counts = world.counts
    before, after = (_unit(counts.own_columns(matrix)) for matrix in (counts.before, counts.after))
    return ranked(counts, before, after, lambda product, *_: np.minimum(product, 1.0), new_only=new_only)


def _unit(matrix: Matrix) -> Matrix:
    """Scale rows to length 1."""
    length = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)))
    return scaled_rows(matrix, 1 / np.maximum(length, 1e-300))
