"""Families and second numbers together: household ties for the one, owners' places for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

LEAST_MEMBERS = 2


def family_ties(found: Any) -> pd.DataFrame:
    """Ties inside families, from both sides: what a search for second numbers must not take for one owner.

    Parameters
    ----------
    found
        A `Families`.

    Returns
    -------
    pandas.DataFrame
        number, relative, probability, days, weeks (with contact), sorted by number and relative.
    """
    import pandas as pd

    home = found.members.set_index("number")["family_id"]
    pairs = found.pairs
    families = [pairs[name].map(home) for name in ("number_a", "number_b")]
    inner = pairs.loc[(families[0] == families[1]) & families[0].notna()]
    columns = ["number", "relative", "probability", "days", "weeks"]
    sides = [
        inner.rename(columns={mine: "number", theirs: "relative"})[columns]
        for mine, theirs in (("number_a", "number_b"), ("number_b", "number_a"))
    ]
    return pd.DataFrame(pd.concat(sides).sort_values(["number", "relative"], ignore_index=True))


def fold_second_numbers(members: pd.DataFrame, pairs: Any) -> pd.DataFrame:
    """Give second numbers their owner's place in the family.

    Parameters
    ----------
    members
        Members of families.
    pairs
        A `DualSim` or its pairs: number, second_number, accepted.

    Returns
    -------
    pandas.DataFrame
        The members with the column ``owner``, the number of the owner (a number that is nobody's second is its own). A
        second number stands in its owner's family with the owner's role, and never as key person; if only the second
        number was in a family, the owner takes its place. Sizes count owners; families of one owner are left out. A
        second number keeps the first owner that is named, and of pairs in a ring the last is left out.

    Examples
    --------
    >>> import pandas as pd
    >>> members = pd.DataFrame({"number": ["a", "b", "c", "c2", "d"], "family_id": ["F1", "F1", "F1", "F2", "F2"],
    ...     "family_size": [3, 3, 3, 2, 2], "role": ["key", "spouse", "child", "key", "unknown"],
    ...     "is_key_person": [True, False, False, True, False]})
    >>> pairs = pd.DataFrame({"number": ["c"], "second_number": ["c2"], "accepted": [True]})
    >>> fold_second_numbers(members, pairs)
      number owner family_id  family_size    role  is_key_person
    0      a     a        F1            3     key           True
    1      b     b        F1            3  spouse          False
    2      c     c        F1            3   child          False
    3     c2     c        F1            3   child          False
    """
    import pandas as pd

    claims = pairs.pairs if hasattr(pairs, "pairs") else pairs
    for frame, name in ((claims, "pairs"), (members, "members")):
        needed = ("number", "second_number", "accepted") if name == "pairs" else ("number", "family_id")
        for column in needed:
            if column not in frame:
                raise InputError(f"the {name} have no column {column!r}")
    accepted = claims[claims["accepted"].astype(bool)]
    owner_of: dict[str, str] = {}
    for owner, second in zip(accepted["number"].tolist(), accepted["second_number"].tolist(), strict=True):
        if second not in owner_of and _first_owner(owner, owner_of) != second:
            owner_of[second] = owner
    table = members.copy()
    table.insert(1, "owner", [_first_owner(number, owner_of) for number in table["number"].tolist()])
    table["_folded"] = table["owner"] != table["number"]
    owners = table.sort_values("_folded", kind="stable").drop_duplicates("owner").set_index("owner")
    seconds = [number for number in owner_of if _first_owner(number, owner_of) in owners.index]
    numbers = sorted({*owners.index, *seconds})
    place = [_first_owner(number, owner_of) for number in numbers]
    made = owners.loc[place].reset_index()
    made["number"] = numbers
    made["is_key_person"] = made["is_key_person"].astype(bool) & (made["number"] == made["owner"])
    made["family_size"] = made.groupby("family_id")["owner"].transform("nunique").astype(np.int64)
    made = made[made["family_size"] >= LEAST_MEMBERS]
    made = made.sort_values(["family_id", "is_key_person", "number"], ascending=[True, False, True])
    columns = ["number", "owner", *(name for name in members.columns if name != "number")]
    return pd.DataFrame(made[columns].reset_index(drop=True))


def _first_owner(number: str, owner_of: dict[str, str]) -> str:
    """Follow second numbers of second numbers to the first."""
    while number in owner_of:
        number = owner_of[number]
    return number
