"""circlegraph's own search for second numbers at any time of the window."""

import pandas as pd

from benchmarks.quality.methods.circlegraph_dual_sim import TOP
from benchmarks.quality.world import NotAvailableError, World


def rank(world: World) -> pd.DataFrame:
    """Rank by the probability of `cg.detect.dual_sim(at="auto")`, with all tables of the world that it takes.

    Returns
    -------
    pandas.DataFrame
        number, second_number, probability, accepted, onset, and kind (second card or move) where it is told.

    Raises
    ------
    NotAvailableError
        If this version of circlegraph needs a split.
    """
    import circlegraph as cg
    from circlegraph.errors import CirclegraphError

    try:
        found = cg.detect.dual_sim(
            world.events,
            at="auto",
            top_k=TOP,
            subscribers=world.subscribers,
            forwarding=world.forwarding,
            bills=world.bills,
        )
    except CirclegraphError as error:
        raise NotAvailableError(f"cg.detect.dual_sim(at='auto') is not there yet: {error}") from error
    pairs: pd.DataFrame = found.pairs[["number", "second_number", "probability", "accepted", "onset"]]
    labels = getattr(found, "labels", None)
    if labels is None or "kind" not in labels:
        return pairs
    return pairs.merge(
        labels[["number", "second_number", "kind"]], on=["number", "second_number"], how="left"
    )
