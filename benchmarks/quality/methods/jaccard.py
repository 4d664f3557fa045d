"""Plain Jaccard similarity: shared own peers among all own peers of the two, before against after."""

import pandas as pd

from benchmarks.quality.methods._pairs import binary, ranked
from benchmarks.quality.world import World


def rank(world: World, *, new_only: bool) -> pd.DataFrame:
    """Rank by |C ∩ C'| / |C ∪ C'|, C and C' the own peers of the number before and of the candidate after."""
    counts = world.counts
    before, after = (counts.own_columns(binary(matrix)) for matrix in (counts.before, counts.after))
    return ranked(
        counts,
        before,
        after,
        lambda shared, first, second: shared / (first + second - shared),
        new_only=new_only,
    )
