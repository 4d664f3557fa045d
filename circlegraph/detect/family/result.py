"""The tables of families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.matching import MatchModel
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd

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


@dataclass(frozen=True, repr=False)
class Families:
    """Families.

    Attributes
    ----------
    members
        A row per number in a family: number, family_id, family_size, role, is_key_person, probability (of belonging to
        it), role_probability, plan_place (main or secondary, on a plan account that the family shares), reason.
    pairs
        A row per tie above the floor: number_a, number_b, probability, the evidence, reason; best first.
    changes
        Against the families of before: number, change (joined, left, new, gone), family_id, previous_family_id.
    model
        What each piece of evidence weighs in general.
    values
        By the bands' names, the value of each pair of `pairs`: float64[rows].
    facts
        How the search went, in words and figures; warnings are among them.
    """

    members: pd.DataFrame
    pairs: pd.DataFrame
    changes: pd.DataFrame
    model: MatchModel
    values: Mapping[str, NDArray[np.float64]]
    facts: Mapping[str, str]

    @cached_property
    def weights(self) -> pd.DataFrame:
        """What each piece of evidence weighs for each pair: number_a, number_b, evidence, value, weight.

        The weights of a pair and the prior add up to its match weight; what is not known has no row.
        """
        import pandas as pd

        parts = []
        for name, weight in self.model.parts(self.values).items():
            known = ~np.isnan(self.values[name])
            part = self.pairs.loc[known, ["number_a", "number_b"]]
            parts.append(part.assign(evidence=name, value=self.values[name][known], weight=weight[known]))
        return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)

    def summary(self) -> dict[str, str]:
        """Say what was found, in a few words and figures."""
        families = self.members.family_id.nunique()
        return {**self.facts, "families": f"{families:,} with {len(self.members):,} members"}

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Families", *lines, "  next: .members, .pairs, .changes, .write(path)"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Families", self.summary(), "members, pairs, changes, write(path)")

    def write(self, out: str | Path, pairs_out: str | Path | None = None) -> None:
        """Write the members, and the pairs if asked for, to CSV or Parquet files."""
        import pyarrow as pa

        for path, frame, schema in (
            (out, self.members, members_schema()),
            (pairs_out, self.pairs, pairs_schema()),
        ):
            if path is not None:
                table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
                with table_writer(path, table.schema) as write:
                    write(table)


def members_schema() -> Any:
    """Columns of the members' table."""
    import pyarrow as pa

    text = pa.string()
    return pa.schema(
        [
            ("number", text),
            ("family_id", text),
            ("family_size", pa.int64()),
            ("role", text),
            ("is_key_person", pa.bool_()),
            ("probability", pa.float64()),
            ("role_probability", pa.float64()),
            ("plan_place", text),
            ("reason", text),
        ]
    )


def pairs_schema() -> Any:
    """Columns of the pairs' table."""
    import pyarrow as pa

    return pa.schema(
        [
            ("number_a", pa.string()),
            ("number_b", pa.string()),
            ("probability", pa.float64()),
            ("match_weight", pa.float64()),
            *((name, pa.int64()) for name in COUNTS),
            *((name, pa.float64()) for name in SHARES),
            *((name, pa.bool_()) for name in FLAGS),
            *((name, pa.float64()) for name in CELLS),
            ("age_difference", pa.float64()),
            ("reason", pa.string()),
        ]
    )
