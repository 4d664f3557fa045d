"""Synthetic cities as cases: presets, sizes, and the split in the middle."""

from typing import Any

import pandas as pd

from benchmarks.quality.truth import make_truth, population
from benchmarks.quality.world import Case, World

PRESETS = ("standard", "easy", "hard", "abroad")
SUBSCRIBERS = {"small": 1_500, "full": 10_000}
DAYS = 120
SPARSE = "sparse"
"""One month of calls without durations, cells, handsets and tables; not counted among all cities."""


def city_case(preset: str, seed: int, subscribers: int, **changes: Any) -> Case:
    """Make a city and its truth; ``changes`` are settings on top of the preset."""
    from circlegraph.synth import City

    sparse = preset == SPARSE
    days = {} if sparse else {"days": DAYS}
    city = City(subscribers=subscribers, seed=seed, preset=preset, **{**days, **changes})
    split = pd.Timestamp(city.settings.start) + pd.Timedelta(days=city.settings.days // 2)
    own = frozenset(city.subscribers["number"])
    world = World(
        f"{preset}, {subscribers:,} subscribers, seed {seed}",
        city.cdr(),
        split,
        own,
        city.subscribers[["number"]] if sparse else city.subscribers,
        None if sparse else city.forwarding,
        None if sparse else city.bills,
    )
    planted = city.truth["second_numbers"]
    planted = planted.assign(
        network=["own" if second in own else "other" for second in planted["second_number"]]
    )
    return Case(world, make_truth(planted, world), preset, seed, population(world), dict(city.truth))
