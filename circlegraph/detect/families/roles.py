"""Key person and roles inside a family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.families.listed import Household
from circlegraph.detect.families.ties import FamilyTies

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

ROLES = ("key", "spouse", "parent", "child", "other", "unknown")


@dataclass(frozen=True, slots=True)
class Roles:
    """Role of each number in a family, by position in `member`.

    Attributes
    ----------
    member
        int64[members]: ids.
    role
        int64[members]: position in `ROLES`.
    probability
        float64[members]: of the role.
    """

    member: Longs
    role: Longs
    probability: Floats


def tell_roles(ties: FamilyTies, home: Household, family: Longs) -> Roles:
    """Name the key person of every family, and what the others are to him."""
    member = np.flatnonzero(family >= 0)
    documents = home.codes.get("id_document")
    score = np.log1p(ties.totals[:, 0].astype(np.float64))
    if documents is not None:
        entry = documents[member]
        key = family[member] * (documents.max() + 2) + np.where(entry < 0, -1, entry)
        _, at, count = np.unique(key, return_inverse=True, return_counts=True)
        score[member] += 3.0 * ((count[at] > 1) & (entry >= 0))
    score -= 10.0 * ((home.age < 22) | (home.age > 62))
    order = np.lexsort((member, -score[member], family[member]))
    first = order[np.flatnonzero(np.diff(family[member][order], prepend=-1))]
    role = np.full(len(member), ROLES.index("unknown"))
    key_of = np.empty(int(family.max(initial=-1)) + 1, np.int64)
    key_of[family[member[first]]] = member[first]
    years = home.age[member] - home.age[key_of[family[member]]]
    role[years <= -16] = ROLES.index("child")
    role[years >= 16] = ROLES.index("parent")
    role[np.abs(years) <= 12] = ROLES.index("spouse")
    role[first] = ROLES.index("key")
    return Roles(member, role, np.where(role == ROLES.index("unknown"), np.nan, 0.7))
