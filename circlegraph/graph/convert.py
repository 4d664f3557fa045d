"""A graph as tables and as a sparse matrix, and back.

An edge of a number and a peer carries the measures as that number sees them, so every pair stands twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import InputError
from circlegraph.graph.edge_rows import (
    TIMES,
    UNKNOWN_DAYS,
    EdgeRows,
    NumberRows,
    graph_of_rows,
)
from circlegraph.graph.graph import EDGE_COLUMNS, Graph

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TableName: TypeAlias = Literal["edges", "numbers"]
Window: TypeAlias = tuple[object, object] | None
ABOUT = b"circlegraph"
FACTS = ("own", "operator", "active_days")


def to_arrow(graph: Graph, table: TableName = "edges") -> pa.Table:
    """Table of the edges (number, peer, and all edge columns) or of the numbers (own, operator, active_days).

    The window and the provenance go into the schema's metadata.
    """
    import pyarrow as pa

    text = graph.numbers.text
    if table == "numbers":
        ids = np.arange(len(graph), dtype=np.int64)
        days = pa.array(graph.active_days, mask=graph.active_days == UNKNOWN_DAYS)
        operators = pa.array(graph.numbers.operators(ids), pa.string())
        columns: dict[str, Any] = dict(zip(FACTS, (graph.numbers.own, operators, days), strict=True))
        made = pa.table({"number": text, **columns})
    else:
        columns = {name: pa.array(column) for name, column in graph.columns.items()}
        columns |= {name: columns[name].view(pa.timestamp("s")) for name in TIMES}
        ends = {"number": text.take(pa.array(graph.heads)), "peer": text.take(pa.array(graph.peers))}
        made = pa.table(ends | columns)
    return made.replace_schema_metadata({ABOUT: json.dumps(about(graph), default=str)})


def from_arrow(edges: pa.Table, numbers: pa.Table | None = None, *, window: Window = None) -> Graph:
    """Graph from a table of edges and, where there is one, a table of numbers.

    Parameters
    ----------
    edges
        Columns ``number``, ``peer`` and any of a graph's edge columns, see `Graph`. A pair may stand once, or
        once for each of its ends; what one end lacks is taken from the other, *in* for *out*. Columns that
        are not there are 0. Numbers are taken as they stand, without normalisation.
    numbers
        Columns ``number`` and any of ``own``, ``operator``, ``active_days``; all numbers of the edges.
    window
        Start and end (outside), as dates or times; by default what the table's metadata say, else the days
        from the earliest ``first`` to the latest ``last``.

    Raises
    ------
    InputError
        If the tables cannot be read as a graph; says which row and column.
    SettingsError
        If the table has no times to tell the window from and none is given.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"number": ["a", "b"], "peer": ["b", "a"], "calls_out": [2, 1]})
    >>> graph = from_arrow(rows, window=("2024-05-01", "2024-06-01"))
    >>> graph["calls_out"].tolist(), graph["calls_in"].tolist()
    ([2, 1], [1, 2])
    """
    for name in ("number", "peer"):
        if name not in edges.column_names:
            raise InputError(f"the edges have no column {name}, only {', '.join(edges.column_names)}")
    columns = {name: _values(edges[name]) for name in EDGE_COLUMNS if name in edges.column_names}
    found = (edges.schema.metadata or {}).get(ABOUT)
    facts = json.loads(found) if found else {}
    rows = None
    if numbers is not None:
        if "number" not in numbers.column_names:
            raise InputError(
                f"the table of numbers has no column number, only {', '.join(numbers.column_names)}"
            )
        known = {name: numbers[name] for name in FACTS if name in numbers.column_names}
        own, operator, days = (known.get(name) for name in FACTS)
        rows = NumberRows(
            numbers["number"],
            None if own is None else own.to_numpy(),
            None if operator is None else operator.to_pylist(),
            None if days is None else days.to_numpy(),
        )
    return graph_of_rows(
        EdgeRows(edges["number"], edges["peer"], columns),
        rows,
        window if window is not None else facts.get("window"),
        facts.get("provenance"),
    )


def to_pandas(graph: Graph, table: TableName = "edges") -> pd.DataFrame:
    """Table as `to_arrow` gives it, in pandas; window and provenance are in its ``attrs``.

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph import contact_graph
    >>> calls = pd.DataFrame({"caller": ["a"], "callee": ["b"], "duration": [60], "start": ["2024-05-01 08:00"]})
    >>> edges = contact_graph(calls).to_pandas()
    >>> edges[["number", "peer", "calls_out", "calls_in", "first"]]
      number peer  calls_out  calls_in               first
    0      a    b          1         0 2024-05-01 08:00:00
    1      b    a          0         1 2024-05-01 08:00:00
    >>> from_pandas(edges.head(1)).degree.tolist()  # the row of the other end is the same told the other way
    [1, 1]
    """
    frame: pd.DataFrame = to_arrow(graph, table).replace_schema_metadata(None).to_pandas()
    frame.attrs.update(about(graph))
    return frame


def from_pandas(edges: pd.DataFrame, numbers: pd.DataFrame | None = None, *, window: Window = None) -> Graph:
    """Graph from a frame of edges, and one of numbers; as `from_arrow`."""
    import pyarrow as pa

    facts = {str(name): value for name, value in edges.attrs.items() if name in ("window", "provenance")}
    table = pa.Table.from_pandas(edges, preserve_index=False)
    listed = None if numbers is None else pa.Table.from_pandas(numbers, preserve_index=False)
    table = table.replace_schema_metadata({ABOUT: json.dumps(facts, default=str)})
    return from_arrow(table, listed, window=window)


def to_scipy(graph: Graph, weight: str = "calls_out") -> Any:
    """Square matrix of an edge column by ids, ``scipy.sparse.csr_array``; a copy.

    An entry stands for a contact, also where the column is 0 (``eliminate_zeros()`` drops those).

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph import contact_graph
    >>> calls = pd.DataFrame({"caller": ["a"], "callee": ["b"], "duration": [60], "start": ["2024-05-01 08:00"]})
    >>> contact_graph(calls).to_scipy("seconds_out").toarray().tolist()
    [[0, 60], [0, 0]]
    """
    from scipy.sparse import csr_array

    _check_column(weight)
    shape = (len(graph), len(graph))
    return csr_array((graph[weight], graph.peers, graph.indptr), shape=shape, copy=True)


def from_scipy(matrix: Any, numbers: Sequence[str], weight: str = "calls_out", *, window: Window) -> Graph:
    """Graph from a square sparse matrix of one edge column; the other way follows from it, all else is 0.

    Parameters
    ----------
    matrix
        Any matrix of `scipy.sparse`; each entry is an edge.
    numbers
        The number of each row and column.
    weight
        Which edge column the entries are.
    window
        Start and end (outside) of the window, as dates or times.

    Raises
    ------
    InputError
        If the matrix does not fit the numbers.
    """
    _check_column(weight)
    if matrix.shape != (len(numbers), len(numbers)):
        raise InputError(f"the matrix has the shape {matrix.shape}, but there are {len(numbers):,} numbers")
    import pyarrow as pa

    names = pa.array(list(numbers), pa.large_string())
    entries = matrix.tocoo()
    edges = EdgeRows(
        names.take(pa.array(entries.row)), names.take(pa.array(entries.col)), {weight: entries.data}
    )
    return graph_of_rows(edges, NumberRows(names), window, None)


def about(graph: Graph) -> dict[str, Any]:
    """Window and provenance as plain data."""
    return {"window": list(graph.window), "provenance": dict(graph.provenance)}


def _values(column: pa.ChunkedArray) -> NDArray[Any]:
    """Values of an edge column; times as wall-clock seconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        if column.type.tz is not None:
            column = pc.local_timestamp(column)
        column = column.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
    values: NDArray[Any] = column.to_numpy()
    return values


def _check_column(name: str) -> None:
    if name not in EDGE_COLUMNS:
        raise InputError(f"a graph has no edge column {name!r}, only {', '.join(EDGE_COLUMNS)}")
