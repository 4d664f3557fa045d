"""circlegraph's own weekly warnings."""

import pandas as pd

from benchmarks.quality.world import NotAvailableError, World

SECOND_NUMBER_DAYS = 28
"""Second numbers are searched with a split so many days before the end of the week."""


def warn(world: World) -> pd.DataFrame:
    """Score by the points of `cg.detect.movement` in the week that begins at the world's split.

    Returns
    -------
    pandas.DataFrame
        number, score.

    Raises
    ------
    NotAvailableError
        If this version of circlegraph has no movement.
    """
    import circlegraph as cg

    detector = getattr(cg.detect, "movement", None)
    if detector is None:
        raise NotAvailableError("cg.detect.movement is not there yet")
    date = world.split + pd.Timedelta(days=7)
    second = cg.detect.dual_sim(
        world.events,
        at=date - pd.Timedelta(days=SECOND_NUMBER_DAYS),
        subscribers=world.subscribers,
        forwarding=world.forwarding,
    )
    found = detector(
        world.events,
        date,
        subscribers=world.subscribers,
        bills=world.bills,
        forwarding=world.forwarding,
        second_numbers=second,
    )
    weeks: pd.DataFrame = found.weeks
    last = weeks[weeks["week"] == weeks["week"].max()]
    return pd.DataFrame({"number": last["number"], "score": last["points"].astype(float)})
