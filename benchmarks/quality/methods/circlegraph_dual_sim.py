"""circlegraph's own search for second numbers."""

import importlib

import pandas as pd

from benchmarks.quality.world import NotAvailableError, World

TOP = 20


def rank(world: World) -> pd.DataFrame:
    """Rank by the calibrated probability of `cg.detect.dual_sim`, with all tables that the world has."""
    try:
        dual_sim = getattr(importlib.import_module("circlegraph.detect"), "dual_sim", None)
    except ImportError:
        dual_sim = None
    if not callable(dual_sim):
        raise NotAvailableError("circlegraph.detect.dual_sim is not there yet")
    optional = {"forwarding": world.forwarding, "bills": world.bills, "subscribers": world.subscribers}
    given = {name: table for name, table in optional.items() if table is not None}
    result = dual_sim(world.events, at=world.split, top_k=TOP, **given)
    table = result if isinstance(result, pd.DataFrame) else result.to_pandas()
    return table[["number", "second_number", "probability", "accepted"]]
