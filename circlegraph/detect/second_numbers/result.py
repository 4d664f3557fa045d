"""The table of second numbers, and what could not be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.bands import values_of
from circlegraph.detect.second_numbers.candidates import LEAST_PEERS, stable_counts
from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.detect.second_numbers.explain import Explanation, peers_table
from circlegraph.detect.second_numbers.search import Decided
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.evidence.matching import MatchModel
from circlegraph.evidence.reasons import in_words
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


LEAST_TOLD = 0.01
"""Pairs that are less probable have no rows among the weights, which would be mostly theirs."""
ROWS_AT_A_TIME = 1 << 16
"""Pairs to put into words at a time: as Python's numbers and texts they take far more room than as columns."""
NEXT = ".pairs, .labels, .weights, .explain(number), .cannot_tell, .write(path)"


@dataclass(frozen=True, repr=False)
class DualSim:
    """Second numbers.

    Attributes
    ----------
    cannot_tell
        The own numbers that cannot be judged: number, reason.
    model
        What each piece of evidence weighs; None with rules.
    facts
        How the search went: numbers judged, wedges, hubs, in words and figures.
    labels
        A row per own number: number, dual_sim (none, own+own, own+<operator>, cannot_tell), second_number, probability,
        since, moved_share, kind (second card, or move: the old number fell silent).
    """

    cannot_tell: pd.DataFrame
    model: MatchModel | None
    facts: Mapping[str, str]
    labels: pd.DataFrame
    _decided: Decided
    _top_k: int
    _ties: Ties
    _ties_at: Callable[[int], Ties]

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """A row per number and candidate, best first: the `top_k` best of each number and whatever is accepted."""
        import pandas as pd

        return pd.concat(self.pieces(), ignore_index=True)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """`pairs` piece by piece, where all of it would take too much memory."""
        for at in range(0, max(len(self._listed), 1), ROWS_AT_A_TIME):
            yield pairs_table(self._ties, self._decided, self._listed[at : at + ROWS_AT_A_TIME])

    @cached_property
    def _listed(self) -> NDArray[np.int64]:
        rank, accepted = self._decided.rank, self._decided.accepted
        listed = np.flatnonzero((rank <= self._top_k) | accepted)
        order = np.lexsort((rank[listed], self._decided.evidence.number[listed]))
        return np.asarray(listed[order])

    @cached_property
    def weights(self) -> pd.DataFrame:
        """What each piece of evidence weighs: number, second_number, evidence, value, weight.

        Of each number's best candidate, if its probability is at least 0.01, and of all accepted pairs. The weights of
        a pair, the prior and the rivals among them, add up to its match weight; what is not known has no row.
        """
        decided = self._decided
        told = decided.accepted | ((decided.rank == 1) & (decided.probability >= LEAST_TOLD))
        return _weights_of(self._ties, decided, np.flatnonzero(told))

    def explain(self, number: str) -> Explanation:
        """Say why a number has its second number, or what speaks against its best candidate.

        Raises
        ------
        InputError
            If the number has no contacts in the data.
        """
        ties, decided = self._ties, self._decided
        x = ties.numbers.id_of(number)
        mine = np.flatnonzero(decided.evidence.number == x)
        rows = mine[np.lexsort((decided.rank[mine], ~decided.accepted[mine]))][:1]
        weights = _weights_of(ties, decided, rows).drop(columns=["number", "second_number"])
        if not len(rows):
            told = self.cannot_tell[self.cannot_tell.number == str(ties.numbers.strings(np.array([x]))[0])]
            text = "no other number took up contact with his steady contacts"
            text = f"cannot tell: {told.reason.iloc[0]}" if len(told) else text
            return Explanation(number, None, text, weights, peers_table(self._ties_at(0), x, None))
        other = int(decided.evidence.other[rows[0]])
        ties = self._ties_at(int(decided.evidence.split[rows[0]]))
        second = str(ties.numbers.strings(np.array([other]))[0])
        text = _reasons(ties, decided.evidence.take(rows))[0].as_py()
        return Explanation(number, second, text, weights, peers_table(ties, x, other))

    @property
    def accepted(self) -> int:
        """How many pairs were accepted."""
        return int(self._decided.accepted.sum())

    def summary(self) -> dict[str, str]:
        """Say what was found, in a few words and figures."""
        return {
            **self.facts,
            "cannot tell": f"{len(self.cannot_tell):,} numbers",
            "second numbers": f"{self.accepted:,} accepted of {len(self._listed):,} candidates listed",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(
            [
                "Second numbers",
                *lines,
                f"  next: {NEXT}",
            ]
        )

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card(
            "Second numbers",
            self.summary(),
            NEXT,
        )

    def write(
        self,
        out: str | Path,
        labels_out: str | Path | None = None,
        weights_out: str | Path | None = None,
        cannot_tell_out: str | Path | None = None,
    ) -> None:
        """Write the pairs, and what else is asked for, to CSV or Parquet files."""
        import pyarrow as pa

        for path, name in (
            (out, "pairs"),
            (labels_out, "labels"),
            (weights_out, "weights"),
            (cannot_tell_out, "cannot_tell"),
        ):
            if path is not None:
                schema = _schema(name)
                pieces = self.pieces() if name == "pairs" else [getattr(self, name)]
                with table_writer(path, schema) as write:
                    for piece in pieces:
                        write(pa.Table.from_pandas(piece, schema=schema, preserve_index=False))


def _schema(name: str) -> Any:
    import pyarrow as pa

    text, share, count, flag = pa.string(), pa.float64(), pa.int64(), pa.bool_()
    pair = [("number", text), ("second_number", text)]
    if name == "labels":
        told = [("probability", share), ("since", pa.date32()), ("moved_share", share), ("kind", text)]
        return pa.schema([pair[0], ("dual_sim", text), pair[1], *told])
    if name == "weights":
        return pa.schema([*pair, ("evidence", text), ("value", share), ("weight", share)])
    if name == "cannot_tell":
        return pa.schema([pair[0], ("reason", text)])
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
            ("arpu_drop", share),
            ("calls_at_once", count),
            ("distant_hours", count),
        ]
    )


def _taken(ties: Ties, evidence: Evidence, rows: NDArray[np.int64]) -> Evidence:
    """Evidence of some pairs, of which there may be some everywhere."""
    columns: list[NDArray[Any]] = []
    for column in evidence.columns():
        columns.append(column[rows])
        ties.shelf.release()
    return Evidence(*columns)


def pairs_table(ties: Ties, decided: Decided, shown: NDArray[np.int64]) -> pd.DataFrame:
    """Rows of the result for some pairs."""
    import pandas as pd

    evidence = _taken(ties, decided.evidence, shown)
    x, other = evidence.number.astype(np.int64), evidence.other.astype(np.int64)
    onset = ties.windows.first_day(0) + evidence.onset
    days = onset.astype("datetime64[D]")
    operators = ties.numbers.operators(other)
    operators[operators == ""] = None

    def flag(values: NDArray[np.float16]) -> pd.arrays.BooleanArray:
        unknown = np.isnan(values)
        return pd.arrays.BooleanArray(np.where(unknown, 0, values).astype(np.bool_), unknown)

    table: dict[str, Any] = {
        "number": pd.Series(ties.numbers.strings(x)),
        "second_number": pd.Series(ties.numbers.strings(other)),
        "second_operator": operators,
        "rank": decided.rank[shown],
        "accepted": decided.accepted[shown],
        "probability": decided.probability[shown],
        "match_weight": decided.weight[shown],
        "onset": days.astype("datetime64[s]"),
        "shared_peers": evidence.shared,
    }
    for name in ("overlap", "containment", "jaccard", "balance", "gain", "residual"):
        table[name] = getattr(evidence, name)
    table["calls_between"] = evidence.calls_between.astype(np.int64)
    table["reason"] = _reasons(ties, evidence).to_pandas().astype("str")
    table["cell_overlap"] = evidence.cell_overlap
    for name in ("same_imei", "same_document", "forwards"):
        table[name] = flag(getattr(evidence, name))
    table["mou_drop"] = evidence.mou_drop
    table["arpu_drop"] = evidence.arpu_drop.astype(np.float64).round(3)
    for name, values in (("calls_at_once", evidence.at_once), ("distant_hours", evidence.distant)):
        unknown = np.isnan(values)
        table[name] = pd.arrays.IntegerArray(np.where(unknown, 0, values).astype(np.int64), unknown)
    return pd.DataFrame(table)


def _reasons(ties: Ties, evidence: Evidence) -> pa.StringArray:
    from circlegraph.numbers import decode_arrow

    names = [name for name in signature(in_words).parameters if name not in ("second", "onset")]
    second = decode_arrow(ties.numbers.index.keys[evidence.other], ties.numbers.tokens).cast("string")
    onset = ties.windows.first_day(0) + evidence.onset
    return in_words(second=second, onset=onset, **{name: getattr(evidence, name) for name in names})


def _weights_of(ties: Ties, decided: Decided, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Waterfalls of some pairs, one after the other."""
    import pandas as pd

    model = decided.model
    columns = ["number", "second_number", "evidence", "value", "weight"]
    if model is None:
        return pd.DataFrame(columns=columns).astype({"value": float, "weight": float})
    evidence = _taken(ties, decided.evidence, rows)
    values = values_of(evidence)
    parts = {
        "prior": np.full(len(rows), model.prior_weight),
        **model.parts(values),
        "rivals": decided.rivals[rows],
    }
    x, other = (ties.numbers.strings(ids.astype(np.int64)) for ids in (evidence.number, evidence.other))
    unknown = np.full(len(rows), np.nan)
    frames = [
        pd.DataFrame(
            {
                "number": x,
                "second_number": other,
                "evidence": name,
                "value": values.get(name, unknown),
                "weight": weight,
            }
        )[~np.isnan(values[name]) if name in values else slice(None)]
        for name, weight in parts.items()
    ]
    return pd.concat(frames).sort_index(kind="stable").reset_index(drop=True)


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
