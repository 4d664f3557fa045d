"""circlegraph's own families."""

import pandas as pd

from benchmarks.quality.world import NotAvailableError, World


def find(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find families with `cg.detect.families`, with all tables of the world that it takes.

    Returns
    -------
    pairs : pandas.DataFrame
        number_a, number_b, probability.
    members : pandas.DataFrame
        number, family_id, role, is_key_person.

    Raises
    ------
    NotAvailableError
        If this version of circlegraph finds no families.
    """
    import circlegraph as cg

    detector = getattr(cg.detect, "families", None)
    if detector is None:
        raise NotAvailableError("cg.detect.families is not there yet")
    found = detector(world.events, subscribers=world.subscribers)
    return (
        found.pairs[["number_a", "number_b", "probability"]],
        found.members[["number", "family_id", "role", "is_key_person"]],
    )
