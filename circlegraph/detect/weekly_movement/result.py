"""The table of weeks, with points and levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.detect.weekly_movement.points import FIGURES, LEVELS, Points
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Movement"
NEXT = ".weeks, .points, .write(path)"


@dataclass(frozen=True, slots=True, repr=False)
class Movement:
    """Movement of the own numbers.

    Attributes
    ----------
    weeks
        A row per own number and judged week: number, week (date of its last day), the figures (null for unknown;
        see `FIGURES`), off_net_usual, circle_usual, forwards_away, points, level (null for unknown), known_points
        (what the known indicators could have given), risk (probability of a loss within four weeks, to order the
        numbers by; see `risk`), fired (figures of the indicators that fired) and reason.
    points
        What the indicators count.
    facts
        How the weeks were judged, in words and figures.
    """

    weeks: pd.DataFrame
    points: Points
    facts: Mapping[str, str]

    def summary(self) -> dict[str, str]:
        """Say what was found, in a few words and figures."""
        last = self.weeks[self.weeks["week"] == self.weeks["week"].max()]
        counts = last["level"].value_counts()
        told = ", ".join(f"{int(counts.get(level, 0)):,} {level}" for level in reversed(LEVELS))
        told += f", {int(last['level'].isna().sum()):,} unknown"
        known = float(last["known_points"].mean()) if len(last) else 0.0
        return {
            **self.facts,
            "last week": told,
            "rests on": f"{known:.0f} of {self.points.possible:.0f} possible points in the mean",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join([TITLE, *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card(TITLE, self.summary(), NEXT)

    def write(self, out: str | Path) -> None:
        """Write the weeks to a CSV or Parquet file."""
        import pyarrow as pa

        table = pa.Table.from_pandas(self.weeks, schema=_schema(), preserve_index=False)
        with table_writer(out, table.schema) as write:
            write(table)


def _schema() -> Any:
    import pyarrow as pa

    text, real = pa.string(), pa.float64()
    return pa.schema(
        [
            ("number", text),
            ("week", pa.date32()),
            *((name, real) for name in (*FIGURES, "off_net_usual", "circle_usual", "forwards_away")),
            ("points", real),
            ("level", text),
            ("known_points", real),
            ("risk", real),
            ("fired", text),
            ("reason", text),
        ]
    )
