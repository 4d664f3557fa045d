"""Graphs as tables, matrices and graphs of other libraries: there and back, and what cannot be a graph."""

import json
import sys
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from window_graphs import WEEKS, ZOO, Event, differences, event_lists, graph_of, plain_edges

from circlegraph.contacts.windows import DAY
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.graph import EDGE_COLUMNS, Graph

TURNS = {
    "arrow": lambda g: Graph.from_arrow(g.to_arrow(), g.to_arrow("numbers")),
    "pandas": lambda g: Graph.from_pandas(g.to_pandas(), g.to_pandas("numbers")),
    "networkx": lambda g: Graph.from_networkx(g.to_networkx()),
    "igraph": lambda g: Graph.from_igraph(g.to_igraph()),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
@pytest.mark.parametrize("events", ZOO.values(), ids=ZOO)
def test_there_and_back(events: list[Event], turn: Any) -> None:
    graph = graph_of(events)
    again = turn(graph)
    assert differences(graph, again) == []
    assert again.provenance == graph.provenance


@given(event_lists(20), st.sampled_from(sorted(TURNS)))
@settings(deadline=None)
def test_any_graph_there_and_back(events: list[Event], turn: str) -> None:
    graph = graph_of(events)
    assert differences(graph, TURNS[turn](graph)) == []


@given(event_lists(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_one_row_of_a_pair_is_enough(events: list[Event], random: Any) -> None:
    graph = graph_of(events)
    edges = graph.to_pandas()
    kept = [i for i, (x, y) in enumerate(zip(edges["number"], edges["peer"], strict=True)) if x < y]
    kept += [i for i in range(len(edges)) if i not in kept and random.random() < 0.5]
    random.shuffle(kept)
    few = edges.iloc[kept].reset_index(drop=True)
    assert differences(graph, Graph.from_pandas(few, graph.to_pandas("numbers"))) == []


@given(event_lists())
@settings(deadline=None)
def test_table_against_twin(events: list[Event]) -> None:
    table = graph_of(events).to_pandas()
    got = {
        (row["number"], row["peer"]): {name: row[name] for name in EDGE_COLUMNS}
        for row in table.assign(
            **{name: table[name].astype("datetime64[s]").astype("int64") for name in ("first", "last")}
        ).to_dict("records")
    }
    assert got == plain_edges(events)


@given(event_lists(20), st.sampled_from(EDGE_COLUMNS))
@settings(deadline=None)
def test_matrix(events: list[Event], weight: str) -> None:
    graph = graph_of(events)
    matrix = graph.to_scipy(weight)
    names = graph.numbers.text.to_pylist()
    dense = matrix.toarray()
    for (x, y), edge in plain_edges(events).items():
        assert dense[names.index(x), names.index(y)] == edge[weight]
    assert matrix.nnz == graph.n_edges
    again = Graph.from_scipy(matrix, names, weight, window=graph.window)
    assert np.array_equal(again.indptr, graph.indptr)
    assert np.array_equal(again.peers, graph.peers)
    assert np.array_equal(again[weight], graph[weight])
    assert (again.to_scipy(weight) != matrix).nnz == 0


def test_a_matrix_is_a_copy() -> None:
    graph = graph_of(ZOO["both ways"])
    graph.to_scipy("calls_out").data[:] = 99
    assert graph["calls_out"].max() < 99


def test_directed_matrix_tells_both_ways() -> None:
    graph = graph_of(ZOO["both ways"])
    again = Graph.from_scipy(graph.to_scipy("seconds_out"), ["1", "2"], "seconds_out", window=WEEKS)
    assert again["seconds_in"].tolist() == graph["seconds_in"].tolist()
    assert again["calls_out"].tolist() == [0, 0]


def test_directed_list_of_one_column() -> None:
    calls = pd.DataFrame({"number": [1, 2, 2], "peer": [2, 1, 3], "calls_out": [5, 2, 1.0]})
    graph = Graph.from_pandas(calls, window=("2024-05-01", "2024-06-01"))
    assert graph.to_pandas()[["number", "peer", "calls_out", "calls_in"]].to_numpy().tolist() == [
        ["1", "2", 5, 2],
        ["2", "1", 2, 5],
        ["2", "3", 1, 0],
        ["3", "2", 0, 1],
    ]
    assert graph.length == 31
    assert graph.numbers.own.all()
    assert (graph.active_days == -1).all()
    assert graph.to_pandas("numbers")["active_days"].isna().all()
    assert graph.provenance["source"] == "table"


def test_numbers_are_taken_as_they_stand() -> None:
    calls = pd.DataFrame({"number": ["13800138000", "+8613800138000"], "peer": ["008613800138000", "x"]})
    graph = Graph.from_pandas(calls, window=("2024-05-01", "2024-06-01"))
    assert sorted(graph.numbers.text.to_pylist()) == sorted([*calls["number"], *calls["peer"]])
    assert differences(graph, Graph.from_networkx(graph.to_networkx())) == []


def test_window_from_times() -> None:
    graph = graph_of([Event("1", "2", 3 * DAY + 7), Event("1", "2", 5 * DAY)])
    edges = graph.to_pandas()
    assert Graph.from_pandas(edges).window == WEEKS
    edges.attrs.clear()
    assert Graph.from_pandas(edges).window == (3 * DAY, 6 * DAY)
    assert Graph.from_pandas(edges, window=("1970-01-02", "1970-01-11")).window == (DAY, 10 * DAY)


def test_times_of_other_units_and_zones() -> None:
    edges = graph_of(ZOO["both ways"]).to_pandas()
    want = Graph.from_pandas(edges)["first"].tolist()
    for unit in ("ms", "ns"):
        other = edges.assign(first=edges["first"].astype(f"datetime64[{unit}]"))
        assert Graph.from_pandas(other)["first"].tolist() == want
    zoned = edges.assign(first=edges["first"].dt.tz_localize("Asia/Shanghai"))
    assert Graph.from_pandas(zoned)["first"].tolist() == want


def test_numbers_without_a_contact() -> None:
    lonely = nx.DiGraph(window=[0, DAY])
    lonely.add_nodes_from(["7", "8"])
    graph = Graph.from_networkx(lonely)
    assert graph.degree.tolist() == [0, 0]
    assert differences(graph, Graph.from_igraph(graph.to_igraph())) == []


def test_undirected_graphs_sum_both_ways() -> None:
    graph = graph_of(ZOO["both ways"])
    pair = graph.to_networkx(directed=False)
    assert pair.edges["1", "2"] == {
        "calls": 2,
        "seconds": 14,
        "sms": 1,
        "night_calls": 2,
        "night_sms": 1,
        "weekend_calls": 0,
        "weekend_sms": 0,
        "first": 10,
        "last": 30,
        "days": 1,
        "weeks": 1,
    }
    other = graph.to_igraph(directed=False)
    assert not other.is_directed()
    assert other.es[0].attributes() == pair.edges["1", "2"]
    assert other.degree() == graph.degree.tolist()


@given(event_lists())
@settings(deadline=None, max_examples=30)
def test_degrees_are_those_of_the_libraries(events: list[Event]) -> None:
    graph = graph_of(events)
    names = graph.numbers.text.to_pylist()
    degree = dict(graph.to_networkx(directed=False).degree())
    assert [degree[name] for name in names] == graph.degree.tolist()
    assert graph.to_igraph(directed=False).degree() == graph.degree.tolist()


ROW = {"number": "1380000", "peer": "1390000", "calls_out": 1, "calls_in": 2}
WRONG = {
    "no peer": ({"number": ["1"]}, "no column peer"),
    "empty number": ({"number": ["1", ""], "peer": ["2", "3"]}, "row 1 of the edges lacks a number"),
    "self": ({"number": ["1"], "peer": ["1"]}, "row 0 of the edges joins a number with itself"),
    "twice": ({"number": ["1", "3", "1"], "peer": ["2", "2", "2"]}, "row 2 of the edges repeats"),
    "fraction": ({**ROW, "days": 0.5}, "column days must hold whole numbers, but row 0 holds 0.5"),
    "missing": ({**ROW, "days": None}, "column days must hold whole numbers, but row 0 holds nan"),
    "words": ({**ROW, "days": "many"}, "column days must hold whole numbers"),
    "negative": ({**ROW, "sms_out": -1}, "row 0 of the edges has a negative sms_out"),
    "disagree": (
        {"number": ["1", "2"], "peer": ["2", "1"], "calls_out": [3, 0], "calls_in": [0, 2]},
        "rows 0 and 1 of the edges are the two ends of one pair, but calls_out of one is not calls_in",
    ),
}


@pytest.mark.parametrize(("columns", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_a_graph(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Graph.from_pandas(
            pd.DataFrame(columns, index=[0] if isinstance(columns["number"], str) else None), window=WEEKS
        )
    assert "13" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_numbers_that_do_not_fit() -> None:
    graph = graph_of(ZOO["both ways"])
    edges, numbers = graph.to_pandas(), graph.to_pandas("numbers")
    with pytest.raises(InputError, match="the table of numbers lacks 1 numbers"):
        Graph.from_pandas(edges, numbers.head(1))
    with pytest.raises(InputError, match="1 numbers stand more than once"):
        Graph.from_pandas(edges, pd.concat([numbers, numbers.head(1)]))
    with pytest.raises(InputError, match="no column number"):
        Graph.from_pandas(edges, numbers[["own"]])
    with pytest.raises(InputError, match="column own must say true or false"):
        Graph.from_pandas(edges, numbers.assign(own=["yes", "no"]))
    with pytest.raises(InputError, match=r"shape \(2, 2\), but there are 1 numbers"):
        Graph.from_scipy(graph.to_scipy(), ["1"], window=WEEKS)
    with pytest.raises(InputError, match="no edge column 'call'"):
        graph.to_scipy("call")


def test_no_times_no_window() -> None:
    with pytest.raises(SettingsError, match="give window="):
        Graph.from_pandas(pd.DataFrame({"number": ["1"], "peer": ["2"]}))
    with pytest.raises(SettingsError, match="is empty"):
        Graph.from_pandas(pd.DataFrame({"number": ["1"], "peer": ["2"]}), window=("2024-05-02", "2024-05-01"))


def test_graphs_that_do_not_fit() -> None:
    graph = graph_of(ZOO["both ways"])
    for other in (graph.to_networkx(directed=False), nx.MultiDiGraph(graph.to_networkx())):
        with pytest.raises(InputError, match="give a directed graph with one arc each way"):
            Graph.from_networkx(other)
    with pytest.raises(InputError, match="give a directed graph"):
        Graph.from_igraph(graph.to_igraph(directed=False))
    with pytest.raises(InputError, match="no attribute name"):
        Graph.from_igraph(igraph.Graph([(0, 1)], directed=True))
    with pytest.raises(InputError, match="none of the attributes"):
        Graph.from_networkx(nx.DiGraph([("1", "2")]))
    half = graph.to_networkx()
    del half.edges["1", "2"]["sms_in"]
    with pytest.raises(InputError, match="some nodes or arcs have no sms_in"):
        Graph.from_networkx(half)


@pytest.mark.parametrize("library", ["networkx", "igraph"])
def test_a_missing_library_says_how_to_get_it(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        ImportError, match=rf"^{library} is not installed; install it, or circlegraph with its extra graphs$"
    ):
        getattr(graph_of([]), f"to_{library}")()


def test_tables_carry_window_and_provenance() -> None:
    graph = graph_of(ZOO["hub"])
    table = graph.to_arrow()
    assert json.loads(table.schema.metadata[b"circlegraph"])["window"] == list(WEEKS)
    assert table.schema.field("first").type == pa.timestamp("s")
    assert graph.to_pandas().attrs["provenance"] == graph.provenance
