"""The rule that operators run: overlap of at least 40 %, with or without minutes falling by 30 %."""

import pandas as pd

from benchmarks.quality.methods._pairs import binary, ranked
from benchmarks.quality.world import World

LEAST_OVERLAP = 0.4
LEAST_DROP = 0.3


def rank(world: World, *, new_only: bool, drop: bool) -> pd.DataFrame:
    """Rank by overlap |S ∩ C'| / |S|; S are the stable own peers before, C' the own peers after."""
    counts = world.counts
    before, after = counts.minutes
    found = ranked(
        counts,
        counts.stable,
        counts.own_columns(binary(counts.after)),
        lambda shared, steady, _: shared / steady,
        new_only=new_only,
        least=LEAST_OVERLAP,
        numbers=after <= (1 - LEAST_DROP) * before if drop else None,
    )
    return found.assign(accepted=True)
