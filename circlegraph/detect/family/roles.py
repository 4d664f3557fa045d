"""Key person and roles inside a family.

The key person is who holds the family together: most contacts in all and inside, the widest circle, in whose name
others phone, of an age to work. The others' roles follow from what they have with the key person: points for each
role are added up, as logarithms of odds, and turned into probabilities. The points were chosen on cities of the
tuning seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.belief import Belief
from circlegraph.detect.family.listed import Household
from circlegraph.detect.family.ties import FamilyTies

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

ROLES = ("key", "spouse", "parent", "child", "other", "unknown")
KEY, SPOUSE, PARENT, CHILD, OTHER, UNKNOWN = range(len(ROLES))
PLANS = (None, "main", "secondary")

DOCUMENT_POINTS = 3.0
OWN_POINTS = 1.0
"""An off-net number is seen with own peers only, so that less of what it does counts."""
AGE_POINTS = -6.0
WORKING_AGE = (20.0, 60.0)

BASE = (-0.65, -0.75, 1.45)
POINTS = {
    "volume": (0.3, 0.0, -0.3),
    "inside": (0.75, 0.05, -0.8),
    "with key": (0.2, -0.25, 0.05),
    "with others": (-0.3, 0.1, 0.2),
    "work hours": (2.6, -1.2, -1.4),
    "family share": (-0.75, 0.2, 0.55),
    "size": (0.1, 0.25, -0.35),
    "apart": (-0.6, 1.2, -1.2),
    "alike in age": (4.0, -2.0, -2.0),
    "older": (-3.0, 5.0, -5.0),
    "younger": (-3.0, -5.0, 5.0),
}
"""For spouse, parent and child. Who phones in work hours works; children and elders have little beside the family; an
elder often lives elsewhere."""
FEW_CONTACTS = 4
LARGE = 6
"""From so many members on, size says no more."""
APART = 0.3
"""Who shares the cell at home less often than this lives elsewhere."""
YEARS_ALIKE = 13.0
LEAST_TOLD = 0.4
"""A role that is less likely is called unknown."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Role of each number in a family, by position in `member`.

    Attributes
    ----------
    member
        int64[members]: ids.
    key
        int64[members]: id of the key person of the family.
    role
        int64[members]: position in `ROLES`.
    probability
        float64[members]: of the role, and of the key person being the right one.
    in_name
        bool[members]: does another of the family phone on the same document?
    with_key
        int64[members]: contacts with the key person.
    plan
        int64[members]: position in `PLANS`: the main number of a plan account that the family shares, a secondary one,
        or none.
    """

    member: Longs
    key: Longs
    role: Longs
    probability: Floats
    in_name: NDArray[np.bool_]
    with_key: Longs
    plan: Longs


@dataclass(frozen=True, slots=True)
class Inside:
    """What each number has with its own family, by id.

    Attributes
    ----------
    position
        int64: judged ties inside families.
    ties, contacts
        int64[numbers].
    best, sure
        float64[numbers]: highest probability of these ties, and their mean.
    """

    position: Longs
    ties: Longs
    contacts: Longs
    best: Floats
    sure: Floats


def inner_ties(ties: FamilyTies, belief: Belief, family: Longs) -> Inside:
    """Sum the ties inside families."""
    ends = ties.ends[belief.chosen]
    of = family[ends]
    position = np.flatnonzero((of[:, 0] == of[:, 1]) & (of[:, 0] >= 0))
    both = ends[position].ravel()
    n = len(family)
    best = np.zeros(n)
    for side in range(2):
        np.maximum.at(best, ends[position, side], belief.probability[position])
    count = np.bincount(both, minlength=n)
    contacts = np.repeat(ties.column("contacts")[belief.chosen[position]], 2)
    total = np.bincount(both, np.repeat(belief.probability[position], 2), minlength=n)
    return Inside(
        position,
        count,
        np.bincount(both, contacts, minlength=n).astype(np.int64),
        best,
        total / np.maximum(count, 1),
    )


def tell_roles(
    ties: FamilyTies,
    home: Household,
    belief: Belief,
    family: Longs,
    inside: Inside,
    same_home: NDArray[np.float32],
) -> Roles:
    """Name the key person of every family, and what the others are to him.

    `same_home` is float32[ties]: share of nights with a cell in common, NaN where it is not known.
    """
    member = np.flatnonzero(family >= 0)
    in_name = _in_name(home, member, family)
    score = _key_score(ties, home, member, inside) + DOCUMENT_POINTS * in_name
    order = np.lexsort((member, -score, family[member]))
    first = order[np.flatnonzero(np.diff(family[member][order], prepend=-1))]
    key_of = np.empty(int(family.max(initial=-1)) + 1, np.int64)
    key_of[family[member[first]]] = member[first]
    key = key_of[family[member]]
    with_key, apart = _with_key(ties, belief, inside, member, key, same_home)
    points = _points(
        ties, home, member, key, inside, with_key, apart, np.bincount(family[member])[family[member]]
    )
    chance = np.exp(points - points.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    role = SPOUSE + chance.argmax(axis=1)
    second = _second_spouses(role, chance[:, 0], family[member], member, first)
    role[second] = np.where(
        np.isnan(home.age[member[second]]) | np.isnan(home.age[key[second]]),
        PARENT + chance[second, 1:].argmax(axis=1),
        OTHER,
    )
    probability = np.where(role == OTHER, 1 - chance[:, 1:].sum(axis=1), 0.0)
    guessed = role != OTHER
    probability[guessed] = chance[np.flatnonzero(guessed), role[guessed] - SPOUSE]
    role[probability < LEAST_TOLD] = UNKNOWN
    of_key = np.zeros(len(key_of))
    of_key[family[member[first]]] = _key_probability(score, family[member])[first]
    probability *= of_key[family[member]]  # a role is one towards the key person
    role[first] = KEY
    probability[first] = of_key[family[member[first]]]
    plan = _plans(home, member, family, score + np.where(role == KEY, np.inf, 0.0))
    return Roles(member, key, role, probability, in_name, with_key, plan)


def _in_name(home: Household, member: Longs, family: Longs) -> NDArray[np.bool_]:
    """Whether another of the family phones on the same document, bool[members]."""
    at, count = _shared(home, "id_document", member, family)
    return np.asarray(count[at] > 1)


def _plans(home: Household, member: Longs, family: Longs, score: Floats) -> Longs:
    """Main and secondary numbers of plan accounts that several of a family are on: the key person's is the main one."""
    at, count = _shared(home, "plan", member, family)
    order = np.lexsort((member, -score, at))
    first = order[np.flatnonzero(np.diff(at[order], prepend=-1))]
    plan = np.where(count[at] > 1, PLANS.index("secondary"), 0)
    plan[first] = np.where(plan[first] > 0, PLANS.index("main"), 0)
    return plan


def _shared(home: Household, column: str, member: Longs, family: Longs) -> tuple[Longs, Longs]:
    """Which pair of family and entry each member has, and how many have each; who has no entry is alone."""
    entry = home.codes[column][member] if column in home.codes else np.full(len(member), -1, np.int64)
    own = np.where(entry < 0, -1 - member, entry)
    _, at, count = np.unique(
        np.stack([family[member], own], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    return at.ravel(), count


def _key_score(ties: FamilyTies, home: Household, member: Longs, inside: Inside) -> Floats:
    """How much each member holds the family together, as logarithms."""
    age = home.age[member]
    out_of_work = (age < WORKING_AGE[0]) | (age > WORKING_AGE[1])
    return np.asarray(
        np.log1p(ties.totals[member, 0])
        + np.log1p(np.diff(ties.indptr)[member])
        + np.log1p(inside.contacts[member])
        + OWN_POINTS * ties.numbers.own[member]
        + AGE_POINTS * out_of_work
    )


def _key_probability(score: Floats, family: Longs) -> Floats:
    """Share of each member in the odds of its family, float64[members]."""
    top = np.full(int(family.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(top, family, score)
    odds = np.exp(score - top[family])
    return np.asarray(odds / np.bincount(family, odds)[family])


def _with_key(
    ties: FamilyTies,
    belief: Belief,
    inside: Inside,
    member: Longs,
    key: Longs,
    same_home: NDArray[np.float32],
) -> tuple[Longs, NDArray[np.bool_]]:
    """Contacts of each member with the key person, and whether they are known to live apart."""
    tie = belief.chosen[inside.position]
    ends = ties.ends[tie]
    place = np.full(len(ties.numbers), -1)
    place[member] = np.arange(len(member))
    contacts = np.zeros(len(member), np.int64)
    apart = np.zeros(len(member), np.bool_)
    for side in range(2):
        at = place[ends[:, side]]
        to_key = key[at] == ends[:, 1 - side]
        contacts[at[to_key]] = ties.column("contacts")[tie[to_key]]
        apart[at[to_key]] = same_home[tie[to_key]] < APART
    return contacts, apart


def _points(
    ties: FamilyTies,
    home: Household,
    member: Longs,
    key: Longs,
    inside: Inside,
    with_key: Longs,
    apart: NDArray[np.bool_],
    size: Longs,
) -> Floats:
    """Points of spouse, parent and child, float64[members, 3]."""
    volume = np.log1p(ties.totals[:, 0])
    everything = ties.totals[member, 0]
    of_key = np.log1p(inside.contacts[key])
    years = home.age[member] - home.age[key]
    features = {
        "volume": volume[member] - volume[key],
        "inside": np.log1p(inside.contacts[member]) - of_key,
        "with key": np.log1p(with_key) - of_key,
        "with others": np.log1p(inside.contacts[member] - with_key) - of_key,
        "work hours": ties.totals[member, 1] / (everything + FEW_CONTACTS),
        "family share": inside.contacts[member] / np.maximum(everything, 1),
        "size": np.minimum(size, LARGE),
        "apart": apart,
        "alike in age": np.abs(years) <= YEARS_ALIKE,
        "older": years > YEARS_ALIKE,
        "younger": years < -YEARS_ALIKE,
    }
    points = np.tile(BASE, (len(member), 1))
    for name, feature in features.items():
        points += np.outer(feature, POINTS[name])
    return points


def _second_spouses(role: Longs, chance: Floats, family: Longs, member: Longs, first: Longs) -> Longs:
    """Positions of those who look like a spouse where another does more so."""
    looks = role == SPOUSE
    looks[first] = False
    at = np.flatnonzero(looks)
    order = at[np.lexsort((member[at], -chance[at], family[at]))]
    return np.asarray(order[np.diff(family[order], prepend=-1) == 0])
