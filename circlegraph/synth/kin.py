"""Kin: people of one household, parents who live elsewhere, brothers and sisters, in-laws; and flatmates."""

import numpy as np
import numpy.typing as npt

from circlegraph.synth.contacts import Pairs, pairs_of
from circlegraph.synth.kinds import ADULT, CHILD, ELDER, HOUSEHOLD, KIN, NEVER, OLD, PARTNER, SPOUSE
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

KEY_BOOST = 1.5
"""How much more a family phones with the one who holds it together."""


def kin_pairs(settings: Settings, people: People) -> list[Pairs]:
    """All ties by blood and marriage."""
    rng = generator(settings.seed, "kin")
    return [
        *_household(people),
        *_elders(people, rng),
        _distant(people, rng),
        *_new_spouses(people),
        _flatmates(settings, people, rng),
    ]


def _flatmates(settings: Settings, people: People, rng: np.random.Generator) -> Pairs:
    """People living alone, by the household tables, who share a flat: they phone as a household does."""
    homes = people.households
    alone = np.diff(homes.first)[homes.household] == 1
    single = np.flatnonzero(alone & (homes.position == ADULT) & (people.weds < 0))
    pairs = single[: len(single) // 2 * 2].reshape(-1, 2)
    pairs = pairs[rng.random(len(pairs)) < settings.ties.flatmates]
    return pairs_of(pairs[:, 0], pairs[:, 1], HOUSEHOLD)


def _key_boost(people: People, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    same = people.households.family[a] == people.households.family[b]
    boosted: npt.NDArray[np.float64] = np.where(same & (people.is_key[a] | people.is_key[b]), KEY_BOOST, 1.0)
    return boosted


def _household(people: People) -> list[Pairs]:
    homes = people.households
    largest = int(np.diff(homes.first).max())
    found = []
    for step in range(1, largest):
        a = np.flatnonzero(homes.household[:-step] == homes.household[step:])
        b = a + step
        low, high = homes.position[a], homes.position[b]
        couple = ((low == ADULT) & (high == PARTNER)) | ((low == OLD) & (high == OLD))
        boost = _key_boost(people, a, b)
        # Brothers and sisters, and in-laws, phone less than parents and children.
        boost = np.where((low == CHILD) & (high == CHILD), 0.4 * boost, boost)
        boost = np.where((low == PARTNER) & (high == OLD), 0.6 * boost, boost)
        found.append(pairs_of(a[couple], b[couple], SPOUSE))
        found.append(pairs_of(a[~couple], b[~couple], HOUSEHOLD, boost=boost[~couple]))
    return found


def _elders(people: People, rng: np.random.Generator) -> list[Pairs]:
    homes = people.households
    links = len(homes.elders)
    size = np.diff(homes.first)
    has_partner = (size[homes.children] >= 2) & (
        homes.position[np.minimum(homes.first[homes.children] + 1, people.count - 1)] == PARTNER
    )
    blood = homes.first[homes.children] + (has_partner & (rng.random(links) < 0.5))
    distance = np.where(homes.near, 1.6, 0.6)
    found = []
    for parent in range(2):
        for member in range(int(size[homes.children].max()) if links else 0):
            both = (parent < size[homes.elders]) & (member < size[homes.children])
            a = homes.first[homes.elders[both]].astype(np.int64) + parent
            b = homes.first[homes.children[both]].astype(np.int64) + member
            close = np.where(b == blood[both], 1.0, np.where(homes.position[b] == PARTNER, 0.35, 0.3))
            close = np.where((homes.position[b] == ADULT) & (b != blood[both]), 0.35, close)
            found.append(pairs_of(a, b, ELDER, boost=close * distance[both] * _key_boost(people, a, b)))
    for step in range(1, 5):
        same = homes.elders[:-step] == homes.elders[step:] if links > step else np.zeros(0, dtype=np.bool_)
        left = blood[: len(same)][same]
        right = blood[step : step + len(same)][same]
        found.append(pairs_of(left, right, KIN, boost=1.5))
    return found


def _distant(people: People, rng: np.random.Generator) -> Pairs:
    """Cousins, aunts and uncles: grown-ups of four households chosen at random."""
    grown = people.households.position != CHILD
    clan = rng.integers(0, max(1, people.count // 10), int(people.households.household[-1]) + 1)
    members = np.flatnonzero(grown)
    order = members[np.argsort(clan[people.households.household[members]], kind="stable")]
    chain = clan[people.households.household[order]]
    found_a, found_b = [], []
    for step in (1, 2, 3):
        same = (chain[:-step] == chain[step:]) & (rng.random(max(0, len(chain) - step)) < 0.45)
        found_a.append(order[:-step][same])
        found_b.append(order[step:][same])
    return pairs_of(np.concatenate(found_a), np.concatenate(found_b), KIN)


def _new_spouses(people: People) -> list[Pairs]:
    """Tie each new spouse to the partner and the partner's parents from the day of arrival."""
    homes = people.households
    new = np.flatnonzero(people.weds >= 0)
    partner = people.weds[new]
    begin = people.first_day[new]
    found = [pairs_of(new, partner, SPOUSE, begin, NEVER)]
    parents_of = np.full(len(homes.first) - 1, -1, dtype=np.int64)
    parents_of[homes.children] = homes.elders
    parents = parents_of[homes.household[partner]]
    for place in range(2):
        known = (parents >= 0) & (place < np.diff(homes.first)[parents])
        in_law = homes.first[parents[known]].astype(np.int64) + place
        found.append(pairs_of(new[known], in_law, ELDER, begin[known], NEVER, 0.3))
    return found
