"""Why a number has a second one, or seems to have none: in words, in weights, and peer by peer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circlegraph.detect.second_numbers.ties import Ties

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Explanation:
    """What was found about a number.

    Attributes
    ----------
    number, second_number
        The number and its best candidate; None where there is none.
    text
        The reason in words.
    weights
        evidence, value, weight: the prior comes first, the rivals last, and all of them add up to the match weight.
        Empty with rules. `circlegraph.views.waterfall_chart` draws it.
    peers
        peer, stable, before_index, after_index, second_index, since: the peers met before, what the number had and has
        with them, what the candidate has, and the day on which it first met them.
    """

    number: str
    second_number: str | None
    text: str
    weights: pd.DataFrame
    peers: pd.DataFrame

    def __repr__(self) -> str:
        lines = [self.number if self.second_number is None else f"{self.number} - {self.second_number}"]
        lines += [f"  {part}" for part in self.text.split("; ")]
        columns = (self.weights[name].tolist() for name in ("evidence", "value", "weight"))
        for name, value, weight in zip(*columns, strict=True):
            shown = "" if np.isnan(value) else f" ({value:.2f})"
            lines.append(f"  {weight:+6.1f}  {name}{shown}")
        if len(self.weights):
            lines.append(f"  {self.weights.weight.sum():+6.1f}  in all")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        evidence, weights = (self.weights[name].tolist() for name in ("evidence", "weight"))
        told = {name: f"{weight:+.1f}" for name, weight in zip(evidence, weights, strict=True)}
        return card(
            f"{self.number} - {self.second_number}", {"reason": self.text, **told}, "text, weights, peers"
        )


def peers_table(ties: Ties, number: int, other: int | None) -> pd.DataFrame:
    """Peers that a number met before the split, with what both numbers have with them."""
    import pandas as pd

    row = np.arange(ties.indptr[number], ties.indptr[number + 1])
    row = row[ties.before[row] > 0]
    peers = ties.peers[row].astype(np.int64)
    second, first = np.zeros(len(row)), np.full(len(row), -1, np.int64)
    if other is not None:
        theirs = np.arange(ties.indptr[other], ties.indptr[other + 1])
        _, mine, at = np.intersect1d(peers, ties.peers[theirs], return_indices=True)
        second[mine], first[mine] = ties.after[theirs[at]], ties.first_day[theirs[at]]
    days = (ties.windows.first_day(1) + first).astype("datetime64[D]").astype("datetime64[s]")
    days[first < 0] = np.datetime64("NaT")
    table = pd.DataFrame(
        {
            "peer": ties.numbers.strings(peers),
            "stable": ties.stable[row],
            "before_index": ties.before[row],
            "after_index": ties.after[row],
            "second_index": second,
            "since": days,
        }
    )
    return table.sort_values("before_index", ascending=False, kind="stable", ignore_index=True)
