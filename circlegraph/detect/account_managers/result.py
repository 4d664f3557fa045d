"""The tables of account managers and of those they approached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.evidence.kinds import KindModel
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Managers:
    """Account managers.

    Attributes
    ----------
    managers
        A row per judged number, likeliest first.
    contacts
        A row per accepted number and approached subscriber.
    weights
        What each piece of evidence adds to the log-odds (log2) of the accepted and the nearly accepted.
    profiles
        Plain figures of every judged number, see `describe.describe`.
    model
        What each piece of evidence says of each kind; None if nobody was judged.
    facts
        How the search went, and what the data could not tell.
    """

    managers: pd.DataFrame
    contacts: pd.DataFrame
    weights: pd.DataFrame
    profiles: pd.DataFrame
    model: KindModel | None
    facts: Mapping[str, str]

    def summary(self) -> dict[str, str]:
        """Say what was found, in a few words and figures."""
        kinds = self.managers["seems"].value_counts()
        named = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items()) or "none"
        return {
            **self.facts,
            "seem to be": named,
            "account managers": f"{int(self.managers['accepted'].sum()):,} accepted",
            "approached": f"{self.contacts['number'].nunique():,} subscribers",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(
            ["Account managers", *lines, "  next: .managers, .contacts, .weights, .profiles, .write(out)"]
        )

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Account managers", self.summary(), "managers, contacts, weights, profiles, write(out)")

    def write(self, out: str | Path, contacts_out: str | Path | None = None) -> None:
        """Write the account managers, and those they approached, to CSV or Parquet files."""
        import pyarrow as pa

        given = [(out, self.managers, managers_schema())]
        if contacts_out is not None:
            given.append((contacts_out, self.contacts, contacts_schema()))
        for path, frame, schema in given:
            table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
            with table_writer(path, table.schema) as write:
                write(table)


def managers_schema() -> Any:
    """Columns of the account managers."""
    import pyarrow as pa

    text, share, count = pa.string(), pa.float64(), pa.int64()
    return pa.schema(
        [
            ("number", text),
            ("operator", text),
            ("rank", count),
            ("accepted", pa.bool_()),
            ("probability", share),
            ("seems", text),
            ("contacted", count),
            ("contacted_high_value", count),
            ("converted", count),
            ("first_seen", pa.date32()),
            ("last_seen", pa.date32()),
            ("team", count),
            ("reason", text),
        ]
    )


def contacts_schema() -> Any:
    """Columns of the approached."""
    import pyarrow as pa

    text, date, count = pa.string(), pa.date32(), pa.int64()
    return pa.schema(
        [
            ("number", text),
            ("manager", text),
            ("first_contact", date),
            ("last_contact", date),
            ("calls_in", count),
            ("calls_out", count),
            ("times_3m", count),
            ("stage", text),
            ("since", date),
        ]
    )


def nothing(facts: Mapping[str, str]) -> Managers:
    """Result without any number, where nobody can be judged."""
    import pandas as pd

    tables = [schema.empty_table().to_pandas() for schema in (managers_schema(), contacts_schema())]
    columns = ("number", "evidence", "value", "weight")
    weights = pd.DataFrame(
        {name: pd.Series(dtype=float if name in columns[2:] else object) for name in columns}
    )
    return Managers(tables[0], tables[1], weights, weights[["number"]], None, facts)
