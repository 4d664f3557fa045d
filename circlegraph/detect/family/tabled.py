"""From what was judged to tables: members, pairs, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.belief import Belief
from circlegraph.detect.family.reasons import TOLD, member_in_words, pair_in_words
from circlegraph.detect.family.result import CELLS, COUNTS, FLAGS, SHARES
from circlegraph.detect.family.roles import PLANS, ROLES, Inside, Roles
from circlegraph.detect.family.ties import FamilyTies

if TYPE_CHECKING:
    import pandas as pd

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_LISTED = 0.01
"""Pairs that are less likely are not worth a row."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, by position and id.

    Attributes
    ----------
    ties
        The ties.
    evidence
        float64[ties] by name.
    belief
        How far each tie is believed to be one of relatives.
    family
        int64[numbers], -1 for none.
    roles
        Of the members.
    inside
        What each number has with its own family.
    age
        float64[numbers], NaN where it is not known.
    """

    ties: FamilyTies
    evidence: Mapping[str, Floats]
    belief: Belief
    family: Longs
    roles: Roles
    inside: Inside
    age: Floats


def listed_pairs(judged: Judged) -> Longs:
    """Positions among the judged of the pairs that have a row, the most likely first, int64[rows]."""
    shown = np.flatnonzero(judged.belief.probability >= LEAST_LISTED)
    return shown[np.argsort(-judged.belief.weight[shown], kind="stable")]


def pairs_table(judged: Judged, shown: Longs) -> pd.DataFrame:
    """Rows of the pairs."""
    import pandas as pd

    ties = judged.ties
    at = judged.belief.chosen[shown]
    first, second = (ties.numbers.strings(ties.ends[at, side]) for side in range(2))
    swapped = first > second
    told: dict[str, NDArray[Any]] = {
        "contacts": ties.column("contacts")[at],
        "days": ties.column("days")[at],
        "weeks": ties.column("weeks")[at],
        "longest_run": ties.column("run")[at],
        **{name: column[at] for name, column in judged.evidence.items()},
    }
    table: dict[str, Any] = {
        "number_a": np.where(swapped, second, first),
        "number_b": np.where(swapped, first, second),
        "probability": judged.belief.probability[shown],
        "match_weight": judged.belief.weight[shown],
        **{name: told[name].astype(np.int64) for name in COUNTS},
        **{name: told[name] for name in SHARES},
        **{name: _flag(told[name]) for name in FLAGS},
        **{name: told[name] for name in CELLS},
        "age_difference": told["age_difference"],
    }
    span = ties.windows.length(0)
    rows = zip(*(told[name].tolist() for name in TOLD), strict=True)
    words = [pair_in_words(span, **dict(zip(TOLD, row, strict=True))) for row in rows]
    return pd.DataFrame({**table, "reason": pd.Series(words, dtype=object)})


def _flag(values: Floats) -> Any:
    """1, 0 and NaN as true, false and unknown."""
    import pandas as pd

    unknown = np.isnan(values)
    return pd.arrays.BooleanArray(np.where(unknown, 0, values).astype(np.bool_), unknown)


def members_table(judged: Judged, names: NDArray[np.object_]) -> pd.DataFrame:
    """Rows of the members, family by family, the key person first; `names` are the families' ids."""
    import pandas as pd

    roles = judged.roles
    family = judged.family[roles.member]
    key = roles.role == ROLES.index("key")
    order = np.lexsort((roles.member, ~key, family))
    member, family = roles.member[order], family[order]
    inside = judged.inside
    return pd.DataFrame(
        {
            "number": judged.ties.numbers.strings(member),
            "family_id": names[family],
            "family_size": np.bincount(family, minlength=len(names))[family],
            "role": np.array(ROLES, dtype=object)[roles.role[order]],
            "is_key_person": key[order],
            "probability": inside.best[member],
            "role_probability": roles.probability[order],
            "plan_place": np.array(PLANS, dtype=object)[roles.plan[order]],
            "reason": pd.Series(_reasons(judged, order), dtype=object),
        }
    )


def _reasons(judged: Judged, order: Longs) -> list[str]:
    roles, inside = judged.roles, judged.inside
    member = roles.member[order]
    size = np.bincount(judged.family[member])[judged.family[member]]
    columns = {
        "role": roles.role[order],
        "ties": inside.ties[member],
        "others": size - 1,
        "contacts": inside.contacts[member],
        "everything": judged.ties.totals[member, 0],
        "with_key": roles.with_key[order],
        "in_name": roles.in_name[order],
        "years": judged.age[member] - judged.age[roles.key[order]],
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [member_in_words(**dict(zip(columns, (ROLES[row[0]], *row[1:]), strict=True))) for row in rows]
