"""Synthetic cities as cases: presets, sizes, and the split in the middle."""

from typing import Any

import pandas as pd

from benchmarks.quality.truth import make_truth, population
from benchmarks.quality.world import Case, World

PRESETS = ("standard", "easy", "hard", "abroad")
SUBSCRIBERS = {"small": 1_500, "full": 10_000}
DAYS = 120
SPLIT_DAY = 60


def city_case(preset: str, seed: int, subscribers: int, **changes: Any) -> Case:
    """Make a city and its truth; ``changes`` are settings on top of the preset."""
    from circlegraph.synth import City

    city = City(subscribers=subscribers, seed=seed, preset=preset, **{"days": DAYS, **changes})
    split = pd.Timestamp(city.settings.start) + pd.Timedelta(days=SPLIT_DAY)
    own = frozenset(city.subscribers["number"])
    world = World(
        f"{preset}, {subscribers:,} subscribers, seed {seed}",
        city.cdr(),
        split,
        own,
        city.subscribers,
        city.forwarding,
        city.bills,
    )
    planted = city.truth["second_numbers"]
    planted = planted.assign(
        network=["own" if second in own else "other" for second in planted["second_number"]]
    )
    return Case(world, make_truth(planted, world), preset, seed, population(world), dict(city.truth))
