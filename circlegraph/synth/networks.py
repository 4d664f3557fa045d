"""Which network holds each person's first number."""

import numpy as np
import numpy.typing as npt

from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

OWN = 0
"""Code of the own network; competitors follow, and numbers of no network are NO_NETWORK."""
NO_NETWORK = 99


def first_networks(settings: Settings, people: People) -> npt.NDArray[np.int8]:
    """Network of each person: mostly the household's; exactly ``subscribers`` people begin on the own one."""
    rng = generator(settings.seed, "networks")
    shares = np.array([network.market_share for network in settings.operators.networks])
    shares = shares / shares.sum()
    homes = people.households
    of_home = rng.choice(len(shares), len(homes.first) - 1, p=shares)
    alone = rng.choice(len(shares), people.count, p=shares)
    same = rng.random(people.count) < settings.operators.household_same
    network = np.where(same, of_home[homes.household], alone)
    there = people.first_day <= 0
    surplus = int((there & (network == OWN)).sum()) - settings.subscribers
    if surplus > 0:
        moved = rng.permutation(np.flatnonzero(there & (network == OWN)))[:surplus]
        network[moved] = 1 + rng.choice(len(shares) - 1, len(moved), p=_others(shares))
    elif surplus < 0:
        moved = rng.permutation(np.flatnonzero(there & (network != OWN)))[:-surplus]
        network[moved] = OWN
    return network.astype(np.int8)


def _others(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rest: npt.NDArray[np.float64] = (
        shares[1:] / shares[1:].sum() if shares[1:].sum() > 0 else shares[1:] * 0 + 1 / len(shares[1:])
    )
    return rest


def competitors(settings: Settings) -> npt.NDArray[np.float64]:
    """Weights of the competitors by market share, shape (networks - 1,)."""
    return _others(np.array([network.market_share for network in settings.operators.networks]))
