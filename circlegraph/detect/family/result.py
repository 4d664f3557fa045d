"""The tables of families."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.detect.family.tabled import CELLS, COUNTS, FLAGS, SHARES, Listing
from circlegraph.evidence.matching import MatchModel
from circlegraph.parallel import mapped
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd

PIECE = 1 << 15
"""Pairs of which rows are made at a time."""


@dataclass(frozen=True, repr=False)
class Families:
    """Families.

    Attributes
    ----------
    members
        A row per number in a family: number, family_id, family_size, role, is_key_person, probability (of belonging to
        it), role_probability, plan_place (main or secondary, on a plan account that the family shares), reason.
    changes
        Against the families of before: number, change (joined, left, new, gone), family_id, previous_family_id.
    model
        What each piece of evidence weighs in general.
    listing
        The ties above a floor, which `pairs` makes rows of.
    facts
        How the search went, in words and figures; warnings are among them.
    """

    members: pd.DataFrame
    changes: pd.DataFrame
    model: MatchModel
    listing: Listing
    facts: Mapping[str, str]

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """A row per tie above the floor: number_a, number_b, probability, the evidence, reason; best first."""
        return self.listing.table()

    @cached_property
    def weights(self) -> pd.DataFrame:
        """What each piece of evidence weighs for each pair: number_a, number_b, evidence, value, weight.

        The weights of a pair and the prior add up to its match weight; what is not known has no row.
        """
        return self._weights(slice(None))

    def inside(self) -> Families:
        """Only the pairs inside families: on them the labels rest."""
        return replace(self, listing=self.listing.inside())

    def pieces(self, name: str) -> Iterator[pd.DataFrame]:
        """`pairs` or `weights` piece by piece, where all of it would take too much memory."""
        listing = self.listing
        of_rows = {"pairs": listing.table, "weights": self._weights}[name]
        rows = (slice(begin, begin + PIECE) for begin in range(0, max(len(listing), 1), PIECE))
        return mapped(of_rows, rows, listing.resources.threads)

    def _weights(self, rows: slice) -> pd.DataFrame:
        import pandas as pd

        parts, values = [], self.listing.values(rows)
        names = pd.DataFrame(dict(zip(("number_a", "number_b"), self.listing.names(rows), strict=True)))
        for name, weight in self.model.parts(values).items():
            known = ~np.isnan(values[name])
            parts.append(names[known].assign(evidence=name, value=values[name][known], weight=weight[known]))
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
        schema = members_schema()
        with table_writer(out, schema) as write:
            write(_as_table(self.members, schema))
        if pairs_out is None:
            return
        schema = pairs_schema()
        with table_writer(pairs_out, schema) as write:
            for piece in self.pieces("pairs"):
                write(_as_table(piece, schema))


def _as_table(frame: pd.DataFrame, schema: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


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
