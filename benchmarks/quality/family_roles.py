"""Key persons and roles: which planted families are judged, and what is right.

A planted family is judged if its key person is among the judged numbers and has at least one judged relative: who
is what to a key person that nobody sees cannot be told.

*Key person*, of families with three judged members or more: right if the found family that holds most of the
planted one's members (the smaller of two that hold as many) names exactly one person as key person, and it is the
planted one. A key person named by his second number is the same person.

*Roles*, of every judged number of these families: key, spouse, parent, child; whoever is named key person has the
role "key", whatever else is said of him, and a number that a method leaves out, or calls anything else, has none of
them. The macro-F1 is the mean of the four F1; "other" is so rare among the planted that it is not averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROLES = ("key", "spouse", "parent", "child")
LEAST_MEMBERS = 3


@dataclass(frozen=True)
class Household:
    """Planted and found roles of the judged numbers, and whether each judged key person was found."""

    planted: NDArray[np.object_]
    found: NDArray[np.object_]
    keys: NDArray[np.bool_]


def judge_roles(truth: pd.DataFrame, everybody: pd.DataFrame, members: pd.DataFrame) -> Household:
    """Compare roles and key persons.

    Parameters
    ----------
    truth : pandas.DataFrame
        Judged numbers: number, person, family_id, role, is_key_person.
    everybody : pandas.DataFrame
        All numbers with their person, second numbers too.
    members : pandas.DataFrame
        What was found, by number: family_id, role, is_key_person.
    """
    sizes = truth.groupby("family_id")["number"].transform("size")
    has_key = truth.groupby("family_id")["is_key_person"].transform("any")
    judged = truth[(sizes >= 2) & has_key]
    named = members.reindex(judged["number"])
    is_key = named["is_key_person"].eq(True).to_numpy()
    found = np.where(is_key, "key", named["role"].astype(object).where(named["role"].notna(), "none"))
    # Somebody called "key" who is not named key person has no role.
    found[~is_key & (found == "key")] = "none"
    person = everybody.drop_duplicates("number").set_index("number")["person"]
    named_keys = members[members["is_key_person"].eq(True)]
    keys_of = (
        pd.DataFrame(
            {"family_id": named_keys["family_id"].to_numpy(), "person": person.reindex(named_keys.index)}
        )
        .groupby("family_id")["person"]
        .agg(set)
    )
    found_sizes = members["family_id"].value_counts()
    large = judged[sizes.loc[judged.index] >= LEAST_MEMBERS]
    keys = []
    for _, family in large.groupby("family_id"):
        planted = family.loc[family["is_key_person"], "person"].iloc[0]
        home = _best_match(members["family_id"].reindex(family["number"]).dropna(), found_sizes)
        keys.append(home is not None and keys_of.get(home, set()) == {planted})
    return Household(
        judged["role"].to_numpy(dtype=object), found.astype(object), np.array(keys, dtype=np.bool_)
    )


def _best_match(found: "pd.Series[Any]", sizes: "pd.Series[Any]") -> Any:
    """Found family with most of the members, the smaller one of two; None if it holds no two of them."""
    held = found.value_counts()
    if not len(held) or held.iloc[0] < 2:
        return None
    best = held.index[held == held.iloc[0]]
    return min(best, key=lambda home: sizes[home])


def measure_roles(parts: Sequence[Household]) -> dict[str, Any]:
    """Share of key persons found, and F1 of each role with their mean.

    Examples
    --------
    >>> one = Household(np.array(["key", "child"]), np.array(["key", "none"]), np.array([True]))
    >>> found = measure_roles([one])
    >>> found["key_right"], found["roles_f1"], found["role_f1"]["child"]
    (1.0, 0.5, 0.0)
    """
    planted = np.concatenate([part.planted for part in parts])
    found = np.concatenate([part.found for part in parts])
    keys = np.concatenate([part.keys for part in parts])
    by_role = {}
    for role in ROLES:
        both = int(((planted == role) & (found == role)).sum())
        total = int((planted == role).sum() + (found == role).sum())
        if (planted == role).any():
            by_role[role] = 2 * both / total
    return {
        "key_right": float(keys.mean()) if len(keys) else None,
        "families_of_three": len(keys),
        "roles_f1": float(np.mean(list(by_role.values()))) if by_role else None,
        "role_f1": by_role,
    }
