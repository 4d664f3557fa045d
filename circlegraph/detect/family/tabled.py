"""From what was judged to tables: members, pairs, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.bands import values_of
from circlegraph.detect.family.belief import Belief
from circlegraph.detect.family.evidence import shown_evidence
from circlegraph.detect.family.listed import Household
from circlegraph.detect.family.reasons import member_in_words, pairs_in_words
from circlegraph.detect.family.roles import PLANS, ROLES, Inside, Roles
from circlegraph.detect.family.ties import FamilyTies
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
    """The pairs that have a row, the most likely first; rows are made of them when asked for.

    Attributes
    ----------
    judged
        All that was found.
    shown
        int64[rows]: positions among the judged.
    resources
        Threads.
    """

    judged: Judged
    shown: Longs
    resources: Resources

    def __len__(self) -> int:
        return len(self.shown)

    def inside(self) -> Listing:
        """List only pairs of one family."""
        judged = self.judged
        first, second = judged.family[judged.ties.ends[judged.belief.chosen[self.shown]]].T
        return replace(self, shown=self.shown[(first == second) & (first >= 0)])

    def values(self, rows: slice = slice(None)) -> dict[str, Floats]:
        """Values of some pairs by the bands' names."""
        at = self.judged.belief.chosen[self.shown[rows]]
        values = values_of({name: column[at] for name, column in self.judged.evidence.items()})
        return {name: column.astype(np.float64) for name, column in values.items()}

    def names(self, rows: slice = slice(None)) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """Both numbers of some pairs, in the order of their strings."""
        ties = self.judged.ties
        ends = ties.ends[self.judged.belief.chosen[self.shown[rows]]].astype(np.int64)
        first, second = (ties.numbers.strings(ends[:, side]) for side in range(2))
        swapped = first > second
        return np.where(swapped, second, first), np.where(swapped, first, second)

    def table(self, rows: slice = slice(None)) -> pd.DataFrame:
        """Rows of some of the pairs."""
        import pandas as pd

        judged, shown = self.judged, self.shown[rows]
        ties, at = judged.ties, judged.belief.chosen[shown]
        told: dict[str, NDArray[Any]] = {
            **{name: ties.column(name)[at] for name in ("contacts", "days", "weeks")},
            "longest_run": ties.column("run")[at],
            "age_difference": judged.home.years_apart(ties.ends[at]),
            **{name: _rounded(column[at]) for name, column in judged.evidence.items()},
            **{name: _rounded(column) for name, column in shown_evidence(ties, at).items()},
        }
        table: dict[str, Any] = dict(zip(("number_a", "number_b"), self.names(rows), strict=True))
        table["probability"] = judged.belief.probability[shown]
        table["match_weight"] = judged.belief.weight[shown]
        table |= {name: told[name].astype(np.int64) for name in COUNTS}
        table |= {name: told[name] for name in SHARES}
        table |= {name: _flag(told[name]) for name in FLAGS}
        table |= {name: told[name] for name in (*CELLS, "age_difference")}
        table["reason"] = pd.Series(pairs_in_words(ties.windows.length(0), told), dtype=object)
        return pd.DataFrame(table)


def worth_telling(
    ties: FamilyTies, evidence: dict[str, NDArray[np.float32]], belief: Belief, family: Longs
) -> tuple[FamilyTies, dict[str, NDArray[np.float32]], Belief]:
    """Keep of judged ties those that have a row or lie inside a family: most do not. `evidence` is used up.

    The rows of peers are kept in length only.
    """
    first, second = (family[ties.ends[belief.chosen, side]] for side in range(2))
    kept = (belief.probability >= LEAST_LISTED) | ((first == second) & (first >= 0))
    rows = belief.chosen[kept]
    told = {name: evidence.pop(name)[rows] for name in list(evidence)}
    nobody = np.empty(0, np.int32)
    ties = replace(
        ties, peers=nobody, tie=nobody, ranks=ties.ranks[rows], ends=ties.ends[rows], table=ties.table[rows]
    )
    probability = belief.probability[kept]
    return ties, told, Belief(np.arange(len(rows)), belief.model, belief.weight[kept], probability)


def listed_pairs(judged: Judged, resources: Resources) -> Listing:
    """List the pairs that are likely enough for a row."""
    belief = judged.belief
    shown = np.flatnonzero(belief.probability >= LEAST_LISTED)
    return Listing(judged, shown[np.argsort(-belief.weight[shown], kind="stable")], resources)


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
