"""Contact circles before and after a split time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.weights import Weights
from circlegraph.contacts.pairs import MEASURES
from circlegraph.contacts.windows import Windows, as_text
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.rows import Rows
from circlegraph.kernels.index import persistence

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NEXT = ".circle(number), .persistence(), .to_pandas(), cg.views.circle_chart(circles, number)"


@dataclass(frozen=True, slots=True, repr=False)
class Circles:
    """The circles of a range of numbers, before and after the split.

    Attributes
    ----------
    numbers
        All numbers that occur, as the owner of a circle or as a peer.
    rows
        Who is in whose circle, with all measures.
    stable
        bool[edges]: is the peer a stable one (met often enough before the split)?
    before_index, after_index
        float64[edges]: the communication index z, no unit.
    weights
        The coefficients a_j.
    scale
        float64[5]: the constants s_j, per stable pair and day.
    provenance
        Where the circles come from.
    """

    numbers: Numbers
    rows: Rows
    stable: NDArray[np.bool_]
    before_index: NDArray[np.float64]
    after_index: NDArray[np.float64]
    weights: Weights
    scale: NDArray[np.float64]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the circles."""
        return self.rows.high - self.rows.low

    @property
    def windows(self) -> Windows:
        """The two windows; the split time is ``windows.edges[1]``."""
        return self.rows.windows

    @property
    def indptr(self) -> NDArray[np.int64]:
        """int64[circles + 1]: the edges of circle i are ``indptr[i]:indptr[i + 1]``."""
        return self.rows.indptr

    @property
    def peers(self) -> NDArray[np.int64]:
        """int64[edges]: ids, ascending within a circle."""
        return self.rows.peers

    @property
    def ids(self) -> NDArray[np.int64]:
        """int64[circles]: the id of each circle's number."""
        return np.arange(self.rows.low, self.rows.high, dtype=np.int64)

    @property
    def heads(self) -> NDArray[np.int64]:
        """int64[edges]: the id of the number whose circle each edge belongs to."""
        return self.heads_of(slice(None))

    def heads_of(self, edges: slice) -> NDArray[np.int64]:
        """As `heads`, of a range of the edges."""
        low, high, _ = edges.indices(len(self.peers))
        first = np.searchsorted(self.indptr, low, side="right") - 1
        last = np.searchsorted(self.indptr, high)
        bounds = np.clip(self.indptr[first : last + 1], low, high)
        return np.repeat(self.ids[first:last], np.diff(bounds))

    def measures(self) -> NDArray[np.int64]:
        """int64[2, 6, edges]: before and after; calls, seconds made, then received, then texts sent, received."""
        return self.rows.measures()

    def persistence(self) -> NDArray[np.float64]:
        """Balance of each number with itself over its stable own-network peers, 0 to 1; NaN without any.

        1 says that the old circle is wholly found again with the same indices.
        """
        counted = self.stable & self.numbers.own[self.peers]
        return persistence(self.indptr, counted, self.before_index, self.after_index)

    def to_arrow(self, edges: slice = slice(None)) -> pa.Table:
        """Table with one row per number and peer: indices, stable, and the measures of both windows.

        The measures are called before_calls_out, before_seconds_out and so on to after_sms_in.
        """
        import pyarrow as pa

        table: dict[str, Any] = {
            "number": self.numbers.text.take(pa.array(self.heads_of(edges))),
            "peer": self.numbers.text.take(pa.array(self.peers[edges])),
            "before_index": self.before_index[edges],
            "after_index": self.after_index[edges],
            "stable": self.stable[edges],
        }
        measures = self.rows.measures(edges)
        for when, window in zip(("before", "after"), measures, strict=True):
            table |= {f"{when}_{name}": window[j] for j, name in enumerate(MEASURES)}
        return pa.table(table)

    def to_pandas(self) -> pd.DataFrame:
        """Table as `to_arrow` gives it, in pandas."""
        table: pd.DataFrame = self.to_arrow().to_pandas()
        return table

    def circle(self, number: str) -> pd.DataFrame:
        """Circle of one number, the strongest peers of before first.

        Raises
        ------
        InputError
            If the number has no contacts here.
        """
        at = self.numbers.id_of(number) - self.rows.low
        edges = slice(self.indptr[at], self.indptr[at + 1])
        table: pd.DataFrame = self.to_arrow(edges).to_pandas()
        order = ["before_index", "after_index", "peer"]
        return table.sort_values(order, ascending=[False, False, True], ignore_index=True)

    def summary(self) -> dict[str, str]:
        """Say what the circles are, in a few words and figures."""
        begin, split, end = self.windows.edges
        balance = self.persistence()
        known = balance[~np.isnan(balance)]
        return {
            "before": f"{as_text(begin)} to {as_text(split)} ({self.windows.length(0):g} days)",
            "after": f"{as_text(split)} to {as_text(end)} ({self.windows.length(1):g} days)",
            "numbers": f"{len(self):,} ({int(self.numbers.own[self.ids].sum()):,} own)",
            "ties": f"{len(self.peers):,} ({int(self.stable.sum()):,} to stable peers)",
            "persistence": f"{known.mean():.2f} on average, of {len(known):,} numbers"
            if len(known)
            else "unknown",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Circles", *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Contact circles", self.summary(), NEXT)
