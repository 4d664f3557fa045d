"""A graph as one of networkx or igraph, and back.

Arcs of a directed graph carry the columns as their first number sees them, so every pair has an arc each way.
Undirected graphs hold each pair once, with what was sent and what was received added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import DETAILS
from circlegraph.errors import InputError
from circlegraph.graph.convert import FACTS, Window, about
from circlegraph.graph.edge_rows import TIMES, EdgeRows, NumberRows, graph_of_rows
from circlegraph.graph.graph import EDGE_COLUMNS, Graph

# Measures of an undirected edge, and the two columns that they are the sum of.
BOTH_WAYS = {name: (f"{name}_out", f"{name}_in") for name in ("calls", "seconds", "sms")}
SYMMETRIC = (*DETAILS, *TIMES, "days", "weeks")


def to_networkx(graph: Graph, *, directed: bool = True) -> Any:
    """`networkx.DiGraph` with an arc for each edge, or `networkx.Graph` with an edge for each pair.

    Nodes are numbers as strings, with ``own``, ``operator`` and ``active_days``; arcs carry all edge columns
    as the first number sees them. Edges of the undirected graph carry ``calls``, ``seconds`` and ``sms``, the
    sums of both ways; it cannot be turned back.

    Raises
    ------
    ImportError
        If networkx is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph.graph.convert import from_pandas
    >>> rows = pd.DataFrame({"number": ["a"], "peer": ["b"], "calls_out": [2], "calls_in": [1]})
    >>> graph = from_pandas(rows, window=("2024-05-01", "2024-06-01"))
    >>> directed, simple = to_networkx(graph), to_networkx(graph, directed=False)
    >>> directed.edges["a", "b"]["calls_out"], directed.edges["b", "a"]["calls_out"], simple.edges["a", "b"]["calls"]
    (2, 1, 3)
    """
    networkx = _optional("networkx")
    made = networkx.DiGraph() if directed else networkx.Graph()
    made.graph.update(about(graph))
    names = graph.numbers.text.to_pylist()
    made.add_nodes_from(zip(names, _records(_facts(graph)), strict=True))
    heads, peers, columns = _edges(graph, directed)
    ends = ([names[x] for x in ids.tolist()] for ids in (heads, peers))
    made.add_edges_from(zip(*ends, _records(columns), strict=True))
    return made


def from_networkx(other: Any, *, window: Window = None) -> Graph:
    """Graph from a `networkx.DiGraph` as `to_networkx` makes it; as `from_arrow`, with attributes for columns.

    Raises
    ------
    InputError
        If the graph is undirected, or its arcs lack a column that others have.
    """
    _check_directed(other.is_directed() and not other.is_multigraph())
    names = list(other.nodes)
    heads = [edge[0] for edge in other.edges]
    peers = [edge[1] for edge in other.edges]
    arcs = [attributes for _, _, attributes in other.edges(data=True)]
    columns = _gathered(arcs, EDGE_COLUMNS)
    facts = _gathered([other.nodes[name] for name in names], FACTS)
    return _of_attributes(names, heads, peers, facts, columns, other.graph, window)


def to_igraph(graph: Graph, *, directed: bool = True) -> Any:
    """`igraph.Graph`, its vertices the ids in order; attributes are those of `to_networkx`, and ``name``.

    Raises
    ------
    ImportError
        If igraph is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph.graph.convert import from_pandas
    >>> rows = pd.DataFrame({"number": ["a"], "peer": ["b"], "calls_out": [2], "calls_in": [1]})
    >>> graph = from_pandas(rows, window=("2024-05-01", "2024-06-01"))
    >>> made = to_igraph(graph)
    >>> made.vs["name"], made.es["calls_out"], from_igraph(made).degree.tolist()
    (['a', 'b'], [2, 1], [1, 1])
    """
    igraph = _optional("igraph")
    heads, peers, columns = _edges(graph, directed)
    made = igraph.Graph(n=len(graph), edges=np.stack([heads, peers], axis=1), directed=directed)
    for name, value in about(graph).items():
        made[name] = value
    made.vs["name"] = graph.numbers.text.to_pylist()
    for name, values in _facts(graph).items():
        made.vs[name] = values
    for name, values in columns.items():
        made.es[name] = values
    return made


def from_igraph(other: Any, *, window: Window = None) -> Graph:
    """Graph from a directed `igraph.Graph` with vertex attribute ``name``; as `from_networkx`.

    Raises
    ------
    InputError
        If the graph is undirected or its vertices have no names.
    """
    _check_directed(other.is_directed())
    if "name" not in other.vs.attributes() and other.vcount():
        raise InputError("the vertices have no attribute name to tell their numbers")
    names = other.vs["name"] if other.vcount() else []
    ends = [(names[x], names[y]) for x, y in other.get_edgelist()]
    facts = {name: other.vs[name] for name in FACTS if name in other.vs.attributes()}
    columns = {name: other.es[name] for name in EDGE_COLUMNS if name in other.es.attributes()}
    facts_of_graph = {name: other[name] for name in other.attributes()}
    return _of_attributes(
        names, [x for x, _ in ends], [y for _, y in ends], facts, columns, facts_of_graph, window
    )


def _facts(graph: Graph) -> dict[str, list[Any]]:
    """What is known of each number, as plain Python values."""
    ids = np.arange(len(graph), dtype=np.int64)
    columns = (graph.numbers.own, graph.numbers.operators(ids), graph.active_days)
    return {name: column.tolist() for name, column in zip(FACTS, columns, strict=True)}


def _edges(graph: Graph, directed: bool) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[str, list[Any]]]:
    """Ends and columns of all edges, or of each pair once with both ways added up."""
    heads = graph.heads
    if directed:
        return heads, graph.peers, {name: column.tolist() for name, column in graph.columns.items()}
    once = heads < graph.peers
    columns = {name: (graph[out] + graph[back])[once].tolist() for name, (out, back) in BOTH_WAYS.items()}
    columns |= {name: graph[name][once].tolist() for name in SYMMETRIC}
    return heads[once], graph.peers[once], columns


def _records(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Columns as one mapping per row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _gathered(rows: list[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """Columns of some attributes that all rows have or none."""
    there = [name for name in names if any(name in row for row in rows)]
    for name in there:
        if not all(name in row for row in rows):
            raise InputError(f"some nodes or arcs have no {name}, but others do")
    return {name: [row[name] for row in rows] for name in there}


def _of_attributes(
    names: list[Any],
    heads: list[Any],
    peers: list[Any],
    facts: Mapping[str, list[Any]],
    columns: Mapping[str, list[Any]],
    found: Mapping[str, Any],
    window: Window,
) -> Graph:
    if heads and not columns:
        raise InputError(f"the edges have none of the attributes {', '.join(EDGE_COLUMNS)}")
    import pyarrow as pa

    texts = [pa.array([str(name) for name in values], pa.large_string()) for values in (names, heads, peers)]
    own = facts.get("own")
    days = facts.get("active_days")
    rows = NumberRows(
        texts[0],
        None if own is None else np.array(own, np.bool_),
        facts.get("operator"),
        None if days is None else np.array(days, np.int64),
    )
    arrays = {name: np.array(column) for name, column in columns.items()}
    return graph_of_rows(
        EdgeRows(texts[1], texts[2], arrays),
        rows,
        window if window is not None else found.get("window"),
        found.get("provenance"),
    )


def _check_directed(right: bool) -> None:
    if not right:
        raise InputError(
            "in an undirected graph, or one with several arcs from one number to another, what was sent "
            "cannot be told from what was received: give a directed graph with one arc each way"
        )


def _optional(name: str) -> Any:
    """Library that is not always installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            f"{name} is not installed; install it, or circlegraph with its extra graphs", name=name
        ) from error
