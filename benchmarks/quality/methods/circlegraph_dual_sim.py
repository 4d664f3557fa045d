"""circlegraph's own search for second numbers."""

import importlib
import inspect

import pandas as pd

from benchmarks.quality.world import NotAvailableError, World

TOP = 20


def rank(world: World) -> pd.DataFrame:
    """Rank by the calibrated probability of `cg.detect.dual_sim`, with all tables of the world that it takes."""
    try:
        dual_sim = getattr(importlib.import_module("circlegraph.detect"), "dual_sim", None)
    except ImportError:
        dual_sim = None
    if not callable(dual_sim):
        raise NotAvailableError("circlegraph.detect.dual_sim is not there yet")
    tables = {"subscribers": world.subscribers, "forwarding": world.forwarding, "bills": world.bills}
    taken = inspect.signature(dual_sim).parameters
    given = {name: table for name, table in tables.items() if table is not None and name in taken}
    found: pd.DataFrame = dual_sim(world.events, at=world.split, top_k=TOP, **given).pairs
    return found[["number", "second_number", "probability", "accepted"]]
