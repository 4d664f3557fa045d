"""Shared peers against sets, and against networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from window_graphs import ZOO, Event, event_lists, graph_of

from circlegraph.graph.graph import Graph


def circles(graph: Graph) -> list[set[int]]:
    return [set(graph.peers[b:e].tolist()) for b, e in zip(graph.indptr, graph.indptr[1:], strict=False)]


def check(graph: Graph) -> None:
    a, b = (ids.ravel() for ids in np.indices((len(graph), len(graph)), dtype=np.int64))
    of = circles(graph)
    want = [len(of[x] & of[y]) / len(of[x] | of[y]) for x, y in zip(a, b, strict=True)]
    assert graph.jaccard(a, b).tolist() == want


@given(event_lists())
@settings(deadline=None)
def test_sets(events: list[Event]) -> None:
    graph = graph_of(events)
    check(graph)
    names = graph.numbers.text.to_pylist()
    other = nx.jaccard_coefficient(graph.to_networkx(directed=False), [(x, y) for x in names for y in names])
    ids = np.arange(len(names), dtype=np.int64)
    ours = graph.jaccard(np.repeat(ids, len(names)), np.tile(ids, len(names)))
    assert ours.tolist() == [value for _, _, value in other]


@pytest.mark.parametrize("events", [ZOO["empty"], ZOO["one pair"], ZOO["tokens"]])
def test_zoo(events: list[Event]) -> None:
    check(graph_of(events))


def test_hub() -> None:
    graph = graph_of(ZOO["hub"])
    hub = np.array([graph.numbers.id_of("10086")])
    other = np.array([graph.numbers.id_of("20000000007")])
    assert graph.jaccard(hub, hub).tolist() == [1.0]
    assert graph.jaccard(hub, other).tolist() == [0.0]
    assert graph.jaccard(other, graph.numbers.ids_of(["20000000008"])).tolist() == [1.0]


def test_numbers_without_peers() -> None:
    lonely = nx.DiGraph(window=[0, 1])
    lonely.add_nodes_from(["1", "2"])
    assert np.isnan(Graph.from_networkx(lonely).jaccard(np.array([0]), np.array([1]))).all()
