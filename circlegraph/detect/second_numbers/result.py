"""The table of second numbers, and what could not be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.candidates import LEAST_PEERS, stable_counts
from circlegraph.detect.second_numbers.search import Decided
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.evidence.matching import MatchModel
from circlegraph.evidence.reasons import in_words
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class DualSim:
    """Second numbers.

    Attributes
    ----------
    pairs
        A row per number and candidate, best first.
    cannot_tell
        The own numbers that cannot be judged: number, reason.
    model
        What each piece of evidence weighs; None with rules.
    facts
        How the search went: numbers judged, wedges, hubs, in words and figures.
    """

    pairs: pd.DataFrame
    cannot_tell: pd.DataFrame
    model: MatchModel | None
    facts: Mapping[str, str]

    def summary(self) -> dict[str, str]:
        """Say what was found, in a few words and figures."""
        accepted = int(self.pairs.accepted.sum())
        return {
            **self.facts,
            "cannot tell": f"{len(self.cannot_tell):,} numbers",
            "second numbers": f"{accepted:,} accepted of {len(self.pairs):,} candidates listed",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Second numbers", *lines, "  next: .pairs, .cannot_tell, .write(path)"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Second numbers", self.summary(), "pairs, cannot_tell, write(path)")

    def write(self, out: str | Path) -> None:
        """Write the pairs to a CSV or Parquet file."""
        import pyarrow as pa

        table = pa.Table.from_pandas(self.pairs, schema=_schema(), preserve_index=False)
        with table_writer(out, table.schema) as write:
            write(table)


def _schema() -> Any:
    import pyarrow as pa

    text, share, count, flag = pa.string(), pa.float64(), pa.int64(), pa.bool_()
    return pa.schema(
        [
            ("number", text),
            ("second_number", text),
            ("second_operator", text),
            ("rank", count),
            ("accepted", flag),
            ("probability", share),
            ("match_weight", share),
            ("onset", pa.date32()),
            ("shared_peers", count),
            ("overlap", share),
            ("containment", share),
            ("jaccard", share),
            ("balance", share),
            ("gain", share),
            ("residual", share),
            ("calls_between", count),
            ("reason", text),
            ("cell_overlap", share),
            ("same_imei", flag),
            ("same_document", flag),
            ("forwards", flag),
            ("mou_drop", share),
        ]
    )


def pairs_table(
    ties: Ties,
    decided: Decided,
    top_k: int,
) -> pd.DataFrame:
    """Rows of the result: the `top_k` best candidates of each number and whatever is accepted."""
    import pandas as pd

    found, evidence, rank, accepted = decided.found, decided.evidence, decided.rank, decided.accepted
    shown = np.flatnonzero((rank <= top_k) | accepted)
    shown = shown[np.lexsort((rank[shown], found.number[shown]))]
    x, other = found.number[shown], found.other[shown]
    onset = ties.windows.first_day(0) + evidence.onset[shown]
    days = onset.astype("datetime64[D]")
    steady = evidence.steady[shown]
    operators = ties.numbers.operators(other)
    operators[operators == ""] = None

    def flag(values: NDArray[np.float64]) -> pd.arrays.BooleanArray:
        unknown = np.isnan(values[shown])
        return pd.arrays.BooleanArray(np.where(unknown, 0, values[shown]).astype(np.bool_), unknown)

    table: dict[str, Any] = {
        "number": ties.numbers.strings(x),
        "second_number": ties.numbers.strings(other),
        "second_operator": operators,
        "rank": rank[shown],
        "accepted": accepted[shown],
        "probability": decided.probability[shown],
        "match_weight": decided.weight[shown],
        "onset": days.astype("datetime64[s]"),
        "shared_peers": found.shared[shown],
    }
    for name in ("overlap", "containment", "jaccard", "balance", "gain", "residual", "calls_between"):
        table[name] = getattr(evidence, name)[shown]
    told = ("newness", "mou_drop", "balance", "calls_between", "same_document", "same_imei", "forwards")
    columns = [getattr(evidence, name)[shown].tolist() for name in told]
    table["reason"] = [
        in_words(shared=shared, steady=size, onset=day, **dict(zip(told, values, strict=True)))
        for shared, size, day, *values in zip(
            found.shared[shown].tolist(), steady.tolist(), days.astype(str).tolist(), *columns, strict=True
        )
    ]
    table["cell_overlap"] = np.full(len(shown), np.nan)
    for name in ("same_imei", "same_document", "forwards"):
        table[name] = flag(getattr(evidence, name))
    table["mou_drop"] = evidence.mou_drop[shown]
    return pd.DataFrame(table)


def untold(ties: Ties) -> pd.DataFrame:
    """Own numbers that cannot be judged, with the reason."""
    import pandas as pd

    steady = stable_counts(ties)
    few = ties.numbers.own & (steady < LEAST_PEERS)
    ids = np.flatnonzero(few | (ties.numbers.own & ties.hubs))
    reasons = [
        f"more than {ties.most_peers:,} peers, no person's circle"
        if hub
        else f"{size} stable own-network peers, {LEAST_PEERS} needed"
        for hub, size in zip(ties.hubs[ids].tolist(), steady[ids].tolist(), strict=True)
    ]
    return pd.DataFrame({"number": ties.numbers.strings(ids), "reason": pd.Series(reasons, dtype=object)})
