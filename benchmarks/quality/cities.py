"""Synthetic cities as cases: presets, sizes, and the split in the middle."""

from functools import lru_cache
from typing import Any

import numpy as np
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
    tables = {**city.truth, "kin": kin_of(city)}
    return Case(world, make_truth(planted, world), preset, seed, population(world), tables)


@lru_cache(maxsize=1)
def usual_case(preset: str, seed: int, subscribers: int) -> Case:
    """The preset's city as it is, kept until another one is asked for: several questions are put to it."""
    return city_case(preset, seed, subscribers)


def kin_of(city: Any) -> pd.DataFrame:
    """Relatives of other families who are in touch: person_a, person_b; parents and grown children, and wider kin."""
    from circlegraph.synth.kinds import ELDER, KIN

    ties, family = city.world.ties, city.world.people.households.family
    kin = np.isin(ties.kind, (ELDER, KIN)) & (family[ties.a] != family[ties.b])
    return pd.DataFrame({"person_a": ties.a[kin], "person_b": ties.b[kin]})
