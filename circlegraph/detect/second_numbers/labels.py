"""One label for each own number: no second number, which one, or why that cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.candidates import judged_numbers
from circlegraph.detect.second_numbers.search import Decided
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.day_spans import days_within

if TYPE_CHECKING:
    import pandas as pd

NO_CARD = "none"
UNKNOWN = "cannot_tell"
SILENT_DAYS = 3.0
"""A number has fallen silent if it would have been in use on so many days since it was last: by chance, 1 in 20 is."""


def labels_table(ties: Ties, decided: Decided, cannot_tell: pd.DataFrame) -> pd.DataFrame:
    """Labels of the own numbers: judged ones first, then those that cannot be told.

    Columns: number, dual_sim (none, own+own, own+<operator>, own+other where the operator is not known, cannot_tell),
    second_number, probability (of the best candidate; 0 without any), since, moved_share (of the contact days with the
    old circle since then, how many are with the second number), kind (second card; move: the old number fell silent).
    """
    import pandas as pd

    evidence = decided.evidence
    judged = judged_numbers(ties)
    best = np.full(len(ties.numbers), np.nan if decided.model is None else 0.0)
    np.fmax.at(best, evidence.number, decided.probability)
    rows = np.flatnonzero(decided.accepted)
    rows = rows[np.argsort(decided.rank[rows], kind="stable")]
    rows = rows[np.unique(evidence.number[rows], return_index=True)[1]]  # by rules there may be several
    number, other = (ids[rows].astype(np.int64) for ids in (evidence.number, evidence.other))

    def of_accepted(values: Any, dtype: str = "object") -> Any:
        return pd.Series(values, index=number, dtype=dtype).reindex(judged).reset_index(drop=True)

    operators = np.where(ties.numbers.operators(other) == "", "other", ties.numbers.operators(other))
    operators = np.where(ties.numbers.own[other], "own", operators)
    since = (ties.windows.first_day(0) + evidence.onset[rows]).astype("datetime64[D]").astype("datetime64[s]")
    telling, accepted = ties.telling, _accepted(decided, rows)
    shares = [moved_share(ties, telling, *row) for row in accepted]
    kinds = ["move" if fell_silent(ties, *row[:2]) else "second card" for row in accepted]
    labels = pd.DataFrame(
        {
            "number": ties.numbers.strings(judged),
            "dual_sim": of_accepted([f"own+{name}" for name in operators]).fillna(NO_CARD),
            "second_number": of_accepted(ties.numbers.strings(other)),
            "probability": best[judged],
            "since": of_accepted(since, "datetime64[s]"),
            "moved_share": of_accepted(shares, "float64"),
            "kind": of_accepted(kinds),
        }
    )
    rest = pd.DataFrame({"number": cannot_tell.number, "dual_sim": UNKNOWN}).reindex(columns=labels.columns)
    if not len(rest):
        return labels
    return pd.concat([labels, rest.astype(labels.dtypes)], ignore_index=True)


def _accepted(decided: Decided, rows: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Number, onset, and contact days of the second number with the old circle, of some pairs."""
    evidence = decided.evidence
    columns = (evidence.number[rows], evidence.onset[rows], evidence.new_days[rows])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def moved_share(ties: Ties, telling: NDArray[np.bool_], number: int, onset: int, new_days: int) -> float:
    """Share of the contact days with the old circle since the onset that are with the second number."""
    row = slice(ties.indptr[number], ties.indptr[number + 1])
    days = ties.days[row][telling[ties.peers[row]]]
    kept = int(days_within(days, onset, ties.span)[days_within(days, 0, onset) > 0].sum())
    return new_days / (new_days + kept) if new_days else 0.0


def fell_silent(ties: Ties, number: int, onset: int) -> bool:
    """Whether a number has been out of use for longer than it ever should by chance."""
    days = np.bitwise_or.reduce(ties.days[ties.indptr[number] : ties.indptr[number + 1]], axis=0)
    active = np.flatnonzero(np.unpackbits(days.view(np.uint8), bitorder="little"))
    before = int((active < onset).sum())
    silence = ties.span - 1 - int(active[-1])
    return before / max(onset, 1) * silence >= SILENT_DAYS
