"""From what was judged to tables: members, pairs, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.belief import Belief
from circlegraph.detect.family.evidence import shown_evidence
from circlegraph.detect.family.listed import Household
from circlegraph.detect.family.reasons import TOLD, member_in_words, pair_in_words
from circlegraph.detect.family.roles import PLANS, ROLES, Inside, Roles
from circlegraph.detect.family.ties import FamilyTies
from circlegraph.graph.numbering import Numbers
from circlegraph.resources import Resources

if TYPE_CHECKING:
    import pandas as pd

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

FLAGS = ("same_document", "same_account", "same_region", "same_address", "same_surname")
COUNTS = ("contacts", "days", "weeks", "longest_run", "shared_peers", "triads")
SHARES = (
    "share",
    "rank",
    "circle_similarity",
    "shared_relatives",
    "company",
    "evenings",
    "days_off",
    "short_calls",
    "reciprocity",
)
CELLS = ("same_home_cell", "same_work_cell")
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
        float32[ties] by name.
    belief
        How far each tie is believed to be one of relatives.
    family
        int64[numbers], -1 for none.
    roles
        Of the members.
    inside
        What each number has with its own family.
    home
        What is listed of the numbers.
    """

    ties: FamilyTies
    evidence: Mapping[str, NDArray[np.float32]]
    belief: Belief
    family: Longs
    roles: Roles
    inside: Inside
    home: Household


@dataclass(frozen=True, slots=True)
class Listing:
    """The pairs that have a row, the most likely first, as columns; rows are made of them when asked for.

    Attributes
    ----------
    numbers
        All numbers.
    ends
        int32[rows, 2]: ids.
    span
        Days of the data.
    columns
        By name: probability, match_weight, counts and evidence, NaN for what is not known.
    values
        By the bands' names, float64[rows].
    """

    numbers: Numbers
    ends: NDArray[np.int32]
    span: float
    columns: Mapping[str, NDArray[Any]]
    values: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.ends)

    def names(self, rows: slice | NDArray[np.bool_]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """Both numbers of some pairs, in the order of their strings."""
        first, second = (self.numbers.strings(self.ends[rows, side].astype(np.int64)) for side in range(2))
        swapped = first > second
        return np.where(swapped, second, first), np.where(swapped, first, second)

    def table(self, rows: slice) -> pd.DataFrame:
        """Rows of some of the pairs."""
        import pandas as pd

        told = {name: column[rows] for name, column in self.columns.items()}
        table: dict[str, Any] = dict(zip(("number_a", "number_b"), self.names(rows), strict=True))
        table |= {name: told[name] for name in ("probability", "match_weight")}
        table |= {name: told[name].astype(np.int64) for name in COUNTS}
        table |= {name: told[name] for name in SHARES}
        table |= {name: _flag(told[name]) for name in FLAGS}
        table |= {name: told[name] for name in (*CELLS, "age_difference")}
        lines = zip(*(told[name].tolist() for name in TOLD), strict=True)
        words = [pair_in_words(self.span, **dict(zip(TOLD, line, strict=True))) for line in lines]
        return pd.DataFrame({**table, "reason": pd.Series(words, dtype=object)})


def listed_pairs(judged: Judged, resources: Resources) -> Listing:
    """List the pairs that are likely enough for a row."""
    ties, belief = judged.ties, judged.belief
    shown = np.flatnonzero(belief.probability >= LEAST_LISTED)
    shown = shown[np.argsort(-belief.weight[shown], kind="stable")]
    at = belief.chosen[shown]
    ends = ties.ends[at]
    columns: dict[str, NDArray[Any]] = {
        "probability": belief.probability[shown],
        "match_weight": belief.weight[shown],
        "contacts": ties.column("contacts")[at],
        "days": ties.column("days")[at],
        "weeks": ties.column("weeks")[at],
        "longest_run": ties.column("run")[at],
        "age_difference": judged.home.years_apart(ends),
        **{name: _rounded(column[at]) for name, column in judged.evidence.items()},
        **{name: _rounded(column) for name, column in shown_evidence(ties, at, resources).items()},
    }
    values = {name: column[shown].astype(np.float64) for name, column in belief.values.items()}
    return Listing(ties.numbers, ends, ties.windows.length(0), columns, values)


def _rounded(values: NDArray[Any]) -> Floats:
    """To six digits: what is beyond is noise."""
    return np.asarray(np.round(values.astype(np.float64), 6), np.float64)


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
        "years": judged.home.age[member] - judged.home.age[roles.key[order]],
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [member_in_words(**dict(zip(columns, (ROLES[row[0]], *row[1:]), strict=True))) for row in rows]
