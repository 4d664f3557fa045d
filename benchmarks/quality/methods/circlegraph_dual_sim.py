"""circlegraph's own search for second numbers.

Where there are less than four weeks before the split, few peers can be met in two of them: a peer met once counts
as a stable one then. Elsewhere the defaults hold.
"""

import pandas as pd

from benchmarks.quality.world import World

TOP = 20
SHORT = pd.Timedelta(days=28)


def rank(world: World) -> pd.DataFrame:
    """Rank by the probability of `cg.detect.dual_sim`, with all tables of the world that it takes."""
    import circlegraph as cg

    short = world.split - world.events.start.min() < SHORT
    found: pd.DataFrame = cg.detect.dual_sim(
        world.events,
        at=world.split,
        top_k=TOP,
        subscribers=world.subscribers,
        forwarding=world.forwarding,
        bills=world.bills,
        stable=cg.StableRule(1, 1) if short else None,
    ).pairs
    return found[["number", "second_number", "probability", "accepted"]]
