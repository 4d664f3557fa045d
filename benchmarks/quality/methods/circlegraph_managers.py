"""circlegraph's own search for account managers."""

import pandas as pd

from benchmarks.quality.world import NotAvailableError, World


def find(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find account managers with `cg.detect.managers`, with all tables of the world that it takes.

    Second numbers are searched first, at the world's split: what they tell of the callees is evidence.

    Returns
    -------
    managers : pandas.DataFrame
        number, probability, accepted, seems: one row per judged off-net number.
    contacts : pandas.DataFrame
        number, manager: the approached own numbers of the accepted ones.

    Raises
    ------
    NotAvailableError
        If this version of circlegraph finds no account managers.
    """
    import circlegraph as cg

    detector = getattr(cg.detect, "managers", None)
    if detector is None:
        raise NotAvailableError("cg.detect.managers is not there yet")
    second = None
    if "start" in world.events:  # a table of counts tells nothing of second numbers
        second = cg.detect.dual_sim(
            world.events, at=world.split, subscribers=world.subscribers, forwarding=world.forwarding
        )
    found = detector(world.events, subscribers=world.subscribers, bills=world.bills, second_numbers=second)
    return (
        found.managers[["number", "probability", "accepted", "seems"]],
        found.contacts[["number", "manager"]],
    )
