"""The contact graph of one window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import DETAILS, MEASURES
from circlegraph.contacts.windows import DAY, as_text
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.rows import Rows
from circlegraph.kernels.details import gather_details
from circlegraph.parallel import mapped

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

EDGE_COLUMNS = (*MEASURES, *DETAILS, "first", "last", "days", "weeks")


@dataclass(frozen=True, slots=True, repr=False)
class Graph:
    """Who was in contact with whom in one window, as CSR arrays.

    Every pair of numbers stands twice, once in the row of each, with the measures as that number sees
    them: what is *out* for one is *in* for the other.

    Attributes
    ----------
    numbers
        The numbers; the id of a number is its position there.
    indptr
        int64[numbers + 1]: the row of number x is ``indptr[x]:indptr[x + 1]``.
    peers
        int64[edges]: ids at the other end, ascending within a row.
    columns
        Per edge, int64 or int32: calls_out, seconds_out, calls_in, seconds_in, sms_out, sms_in; night_calls,
        night_sms (19:00 to 7:00), weekend_calls, weekend_sms; first and last start (wall-clock seconds since
        1970); days and weeks, the distinct days and calendar weeks with contact.
    active_days
        int32[numbers]: days on which a number had contact with anybody; -1 where a graph was made from a
        table that does not tell it.
    window
        Start (inside) and end (outside), wall-clock seconds since 1970.
    provenance
        Where the graph comes from: files or store, version, counts.
    """

    numbers: Numbers
    indptr: NDArray[np.int64]
    peers: NDArray[np.int64]
    columns: Mapping[str, NDArray[Any]]
    active_days: NDArray[np.int32]
    window: tuple[int, int]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Rows, numbers: Numbers, window: int, provenance: Mapping[str, Any]) -> Graph:
        """Graph of one window of rows that cover all numbers."""
        columns: dict[str, NDArray[Any]] = dict(zip(MEASURES, rows.measures()[window], strict=True))
        details, times = _details(rows, window)
        columns |= zip(DETAILS, details[:4], strict=True)
        columns |= zip(("first", "last"), times, strict=True)
        columns |= zip(("days", "weeks"), details[4:], strict=True)
        edges = rows.windows.edges
        return cls(
            numbers,
            rows.indptr,
            rows.peers,
            columns,
            rows.active_days(window),
            (edges[window], edges[window + 1]),
            provenance,
        )

    def __len__(self) -> int:
        """Count the numbers."""
        return len(self.numbers)

    @property
    def n_edges(self) -> int:
        """Count the edges: twice the pairs."""
        return len(self.peers)

    @property
    def length(self) -> float:
        """Length of the window in days."""
        return (self.window[1] - self.window[0]) / DAY

    @property
    def degree(self) -> NDArray[np.int64]:
        """int64[numbers]: how many peers each number has."""
        return np.diff(self.indptr)

    @property
    def heads(self) -> NDArray[np.int64]:
        """int64[edges]: the id of the number whose row each edge stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.degree)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Edge column by name."""
        return self.columns[column]

    def circle(self, number: str) -> pd.DataFrame:
        """Contact circle of one number: a row per peer with all edge columns.

        Raises
        ------
        InputError
            If the number has no contact in the window.
        """
        import pandas as pd

        x = self.numbers.id_of(number)
        row = slice(self.indptr[x], self.indptr[x + 1])
        table = {"peer": self.numbers.strings(self.peers[row])}
        table |= {name: column[row] for name, column in self.columns.items()}
        frame = pd.DataFrame(table)
        for name in ("first", "last"):
            frame[name] = frame[name].to_numpy().astype("datetime64[s]")
        return frame

    def jaccard(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Jaccard coefficient of the circles of pairs of numbers: peers that both have, of those that one has.

        `a` and `b` are int64[k], ids. NaN where neither number has a peer.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"number": [1, 1, 2], "peer": [8, 9, 9], "calls_out": [1, 1, 1]})
        >>> graph = Graph.from_pandas(rows, window=("2024-05-01", "2024-06-01"))
        >>> graph.jaccard(graph.numbers.ids_of(["1"]), graph.numbers.ids_of(["2"])).tolist()
        [0.5]
        """
        from circlegraph.kernels.common_peers import common_peers

        shared = common_peers(self.indptr, self.peers, a, b)
        together = self.degree[a] + self.degree[b] - shared
        share = np.full(len(a), np.nan)
        np.divide(shared, together, out=share, where=together > 0)
        return share

    def to_arrow(self, table: Literal["edges", "numbers"] = "edges") -> pa.Table:
        """Table of the edges or of the numbers, see `convert.to_arrow`."""
        from circlegraph.graph.convert import to_arrow

        return to_arrow(self, table)

    @classmethod
    def from_arrow(
        cls, edges: pa.Table, numbers: pa.Table | None = None, *, window: tuple[object, object] | None = None
    ) -> Graph:
        """Graph from a table of edges and one of numbers, see `convert.from_arrow`."""
        from circlegraph.graph.convert import from_arrow

        return from_arrow(edges, numbers, window=window)

    def to_pandas(self, table: Literal["edges", "numbers"] = "edges") -> pd.DataFrame:
        """Table of the edges or of the numbers in pandas, see `convert.to_pandas`."""
        from circlegraph.graph.convert import to_pandas

        return to_pandas(self, table)

    @classmethod
    def from_pandas(
        cls,
        edges: pd.DataFrame,
        numbers: pd.DataFrame | None = None,
        *,
        window: tuple[object, object] | None = None,
    ) -> Graph:
        """Graph from a frame of edges and one of numbers, see `convert.from_arrow`."""
        from circlegraph.graph.convert import from_pandas

        return from_pandas(edges, numbers, window=window)

    def to_scipy(self, weight: str = "calls_out") -> Any:
        """Sparse matrix of one edge column, see `convert.to_scipy`."""
        from circlegraph.graph.convert import to_scipy

        return to_scipy(self, weight)

    @classmethod
    def from_scipy(
        cls,
        matrix: Any,
        numbers: Sequence[str],
        weight: str = "calls_out",
        *,
        window: tuple[object, object],
    ) -> Graph:
        """Graph from a sparse matrix of one edge column, see `convert.from_scipy`."""
        from circlegraph.graph.convert import from_scipy

        return from_scipy(matrix, numbers, weight, window=window)

    def to_networkx(self, *, directed: bool = True) -> Any:
        """Graph of networkx, see `libraries.to_networkx`."""
        from circlegraph.graph.libraries import to_networkx

        return to_networkx(self, directed=directed)

    @classmethod
    def from_networkx(cls, other: Any, *, window: tuple[object, object] | None = None) -> Graph:
        """Graph from a directed one of networkx, see `libraries.from_networkx`."""
        from circlegraph.graph.libraries import from_networkx

        return from_networkx(other, window=window)

    def to_igraph(self, *, directed: bool = True) -> Any:
        """Graph of igraph, see `libraries.to_igraph`."""
        from circlegraph.graph.libraries import to_igraph

        return to_igraph(self, directed=directed)

    @classmethod
    def from_igraph(cls, other: Any, *, window: tuple[object, object] | None = None) -> Graph:
        """Graph from a directed one of igraph, see `libraries.from_igraph`."""
        from circlegraph.graph.libraries import from_igraph

        return from_igraph(other, window=window)

    def save(self, path: str | Path) -> None:
        """Write the graph to one file, see `save.save_graph`."""
        from circlegraph.graph.save import save_graph

        save_graph(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Graph:
        """Graph from a file that `save` wrote, see `save.load_graph`."""
        from circlegraph.graph.save import load_graph

        return load_graph(path)

    def summary(self) -> dict[str, str]:
        """Say what the graph is, in a few words and figures."""
        own = int(self.numbers.own.sum())
        return {
            "window": f"{as_text(self.window[0])} to {as_text(self.window[1])} ({self.length:g} days)",
            "numbers": f"{len(self):,} ({own:,} own, {len(self) - own:,} off-net)",
            "pairs": f"{self.n_edges // 2:,}",
            "calls": f"{int(self['calls_out'].sum()):,}",
            "texts": f"{int(self['sms_out'].sum()):,}",
            "largest circle": f"{int(self.degree.max(initial=0)):,} peers",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(
            ["Graph", *lines, "  next: .circle(number), .to_pandas(), cg.circle_index(before, after)"]
        )

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card(
            "Contact graph", self.summary(), "circle(number), to_pandas(), cg.circle_index(before, after)"
        )


def _details(rows: Rows, window: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Night and weekend contacts, days and weeks, and times of a window: see `kernels.details`."""
    days, weeks = rows.days_and_weeks(window)
    details = np.empty((6, len(rows)), np.int32)
    times = np.empty((2, len(rows)), np.int64)
    cuts = np.linspace(0, len(rows), rows.threads + 1).astype(np.int64)
    nights, seen = rows.pairs.nights, rows.pairs.seen

    def fill(i: int) -> None:
        gather_details(rows.sources, cuts[i], cuts[i + 1], window, nights, seen, days, weeks, details, times)

    list(mapped(fill, range(rows.threads), rows.threads))
    return details, times
