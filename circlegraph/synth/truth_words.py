"""Words that the truth tables share."""

from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.networks import NO_NETWORK
from circlegraph.synth.records import Names
from circlegraph.synth.world import World

Rows = npt.NDArray[np.int64]


def operators_of(world: World, sims: Rows) -> list[str]:
    """Names of the networks of numbers; empty for those of no network."""
    known = [network.name for network in world.settings.operators.networks]
    codes = world.sims.network[sims]
    return ["" if code == NO_NETWORK else known[code] for code in codes.tolist()]


def numbers_of(names: Names, sims: Any, known: Any = None) -> Any:
    """Texts of numbers as an Arrow column; rows that are not ``known`` are empty."""
    import pyarrow as pa

    mask = None if known is None else ~np.asarray(known, dtype=np.bool_)
    return names.numbers.take(pa.array(np.asarray(sims), mask=mask))
