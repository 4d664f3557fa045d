"""Households, clans and families: who lives together, and who holds a family together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import ADULT, CHILD, OLD, PARTNER
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]

HOUSEHOLD_KINDS: dict[str, tuple[int, ...]] = {
    "single": (ADULT,),
    "couple": (ADULT, PARTNER),
    "couple_child": (ADULT, PARTNER, CHILD),
    "couple_two_children": (ADULT, PARTNER, CHILD, CHILD),
    "single_parent": (ADULT, CHILD),
    "three_generations": (ADULT, PARTNER, CHILD, OLD, OLD),
    "elder_couple": (OLD, OLD),
    "elder_single": (OLD,),
}
"""Phone holders of each kind of household."""


@dataclass(frozen=True)
class Households:
    """Households of a city; people of one household have consecutive ids.

    Attributes
    ----------
    first : ndarray of int32, shape (households + 1,)
        First person of each household, and the number of people at the end.
    household, position, family : ndarray, shape (people,)
        Household, place in it (`kinds.ADULT` ...) and family of each person.
    elders, children : ndarray of int32, shape (links,)
        Households of old parents and of a child of theirs; ``near`` tells whether they form one family.
    """

    first: Ints
    household: Ints
    position: npt.NDArray[np.int8]
    family: Ints
    elders: Ints
    children: Ints
    near: npt.NDArray[np.bool_]


def _weights(settings: Settings, people: int) -> npt.NDArray[np.float64]:
    """Weights of the household kinds; singles are adjusted if the number of households is given."""
    mix = settings.population.household_mix
    weights: npt.NDArray[np.float64] = np.array([mix.get(kind, 0.0) for kind in HOUSEHOLD_KINDS])
    weights /= weights.sum()
    if settings.population.households is None:
        return weights
    sizes = np.array([len(kind) for kind in HOUSEHOLD_KINDS.values()])
    wanted = people / settings.population.households
    low, high = (weights * (sizes == 1), weights * (sizes > 1))
    low = low / low.sum() if low.any() else (sizes == 1) / (sizes == 1).sum()
    high = high / high.sum() if high.any() else (sizes > 1) / (sizes > 1).sum()
    mean = float((high * sizes).sum())
    if wanted > mean:
        high, mean = (sizes == sizes.max()).astype(float), float(sizes.max())
    alone = min(1.0, max(0.0, (mean - wanted) / (mean - 1.0)))
    mixed: npt.NDArray[np.float64] = alone * low + (1.0 - alone) * high
    return mixed


def make_households(settings: Settings, people: int) -> Households:
    """Draw households until everybody has one, then link old parents to their children's households."""
    rng = generator(settings.seed, "households")
    weights = _weights(settings, people)
    sizes = np.array([len(kind) for kind in HOUSEHOLD_KINDS.values()])
    count = int(people / float((weights * sizes).sum()) * 1.1) + 60
    kinds = rng.choice(len(sizes), count, p=weights)
    ends = np.cumsum(sizes[kinds])
    count = int(np.searchsorted(ends, people)) + 1
    kinds, ends = kinds[:count], np.minimum(ends[:count], people)
    first = np.concatenate([[0], ends]).astype(np.int32)
    household = np.repeat(np.arange(count, dtype=np.int32), np.diff(first))
    places = np.full((len(sizes), int(sizes.max())), -1, dtype=np.int8)
    for row, kind in enumerate(HOUSEHOLD_KINDS.values()):
        places[row, : len(kind)] = kind
    position = places[kinds[household], np.arange(people) - first[household]]

    old_home = position[first[:-1]] == OLD
    elders, children = _links(rng, np.flatnonzero(old_home), np.flatnonzero(~old_home))
    nearest = np.concatenate([[True], elders[1:] != elders[:-1]])[: len(elders)]
    near = nearest & (rng.random(len(elders)) < 0.7)
    family_of_home = np.arange(count, dtype=np.int32)
    family_of_home[elders[near]] = children[near]
    return Households(first, household, position, family_of_home[household], elders, children, near)


def _links(
    rng: np.random.Generator, old: npt.NDArray[np.int64], young: npt.NDArray[np.int64]
) -> tuple[Ints, Ints]:
    """Give each old household one to four children's households, each of which is given once."""
    wanted = 1 + rng.poisson(0.8, len(old))
    elders = np.repeat(old, wanted)[: len(young)]
    children = rng.permutation(young)[: len(elders)]
    return elders.astype(np.int32), children.astype(np.int32)


def key_persons(
    households: Households, sociality: npt.NDArray[np.float32], seed: int
) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Who holds each family together.

    Returns
    -------
    is_key : ndarray of bool, shape (people,)
        One person of each family: more often the one who phones more, adults before all others.
    key_of : ndarray of int32, shape (people,)
        Key person of each person's family.
    """
    rng = generator(seed, "key persons")
    position = households.position
    rank = np.where(position <= PARTNER, 0, np.where(position == OLD, 1, 2))
    score = np.log(sociality) + rng.normal(0.0, 0.35, len(position))
    order = np.lexsort((-score, rank, households.family))
    family = households.family[order]
    heads = order[np.concatenate([[True], family[1:] != family[:-1]])]
    is_key = np.zeros(len(position), dtype=np.bool_)
    is_key[heads] = True
    key_by_family = np.zeros(int(households.family.max()) + 1, dtype=np.int32)
    key_by_family[households.family[heads]] = heads
    return is_key, key_by_family[households.family]


def roles(households: Households, key_of: Ints) -> list[str]:
    """Role of each person towards the key person of the family: key, spouse, parent, child or other."""
    position = households.position
    key_position = position[key_of]
    adult, key_adult = position <= PARTNER, key_position <= PARTNER
    same_home = households.household == households.household[key_of]
    role = np.full(len(position), "other", dtype=object)
    role[adult & key_adult & same_home] = "spouse"
    role[(position == OLD) & (key_position == OLD) & same_home] = "spouse"
    role[(position == CHILD) & key_adult] = "child"
    role[(position == OLD) & key_adult] = "parent"
    role[key_of == np.arange(len(position))] = "key"
    return [str(item) for item in role]
