"""The contact graph of a window, against networkx and plain Python; and inspection and own network."""

from pathlib import Path

import made
import naive
import networkx as nx
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from naive import DAY, Event

from circlegraph.cdr.pipeline import open_cdr
from circlegraph.contacts.pairs import DETAILS, MEASURES
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.graph import Graph
from circlegraph.graph.inspection import inspect_cdr
from circlegraph.graph.make import contact_graph
from circlegraph.graph.network import Network
from circlegraph.operators import NumberingPlan
from circlegraph.resources import Resources

NAMES = made.town_names()
ROWS = made.town(61, days=20)
CDR = made.frame(ROWS, NAMES)
FIRST = 19_723


def check(graph: Graph, rows: list[Event], edges: tuple[int, int], names: dict[int, str]) -> None:
    expected = naive.pair_sums(rows, edges)
    friends = nx.Graph(list(expected))
    text = graph.numbers.strings(np.arange(len(graph))).tolist()
    assert sorted(text) == sorted(names[x] for x in friends)
    assert dict(zip(text, graph.degree.tolist(), strict=True)) == {names[x]: d for x, d in friends.degree}
    matrix = scipy.sparse.csr_array((np.ones(graph.n_edges), graph.peers, graph.indptr), (len(graph),) * 2)
    assert (matrix != matrix.T).nnz == 0
    assert len(set(zip(graph.heads.tolist(), graph.peers.tolist(), strict=True))) == graph.n_edges
    found = {}
    for e, (x, y) in enumerate(zip(graph.heads.tolist(), graph.peers.tolist(), strict=True)):
        found[text[x], text[y]] = {name: int(column[e]) for name, column in graph.columns.items()}
    for pair, (sums,) in expected.items():
        for side in (0, 1):
            row = dict(zip(MEASURES, sums.seen_by(side), strict=True))
            row |= dict(zip(DETAILS, (*sums.nights, *sums.weekends), strict=True))
            row |= {"first": sums.first, "last": sums.last, "days": len(sums.days), "weeks": len(sums.weeks)}
            assert found.pop((names[pair[side]], names[pair[1 - side]])) == row
    assert not found
    for x, number in enumerate(text):
        days = [s.days for pair, (s,) in expected.items() if number in (names[pair[0]], names[pair[1]])]
        assert graph.active_days[x] == len(set().union(*days))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    "window", [(0, 20 * DAY), (3 * DAY, 4 * DAY), (2 * DAY + 5, 9 * DAY + 40_000), (-70 * DAY, 90 * DAY)]
)
def test_a_window(window: tuple[int, int], threads: int) -> None:
    edges = (FIRST * DAY + window[0], FIRST * DAY + window[1])
    start, end = (np.datetime64(edge, "s") for edge in edges)
    graph = contact_graph(CDR, start, end, resources=Resources(threads=threads))
    assert graph.window == edges
    check(graph, ROWS, edges, NAMES)


@given(st.integers(0, 10**6))
def test_any_town(seed: int) -> None:
    rows = made.town(seed, people=10, days=1 + seed % 90, events_a_day=1)
    graph = contact_graph(made.frame(rows, NAMES), "2024-01-01", np.datetime64(FIRST + 1 + seed % 90, "D"))
    check(graph, rows, graph.window, NAMES)


def test_words_and_circle() -> None:
    graph = contact_graph(CDR)
    assert "20 days" in repr(graph)
    assert "Contact graph" in graph._repr_html_()
    x = graph.numbers.id_of(NAMES[3])
    assert len(graph.circle(NAMES[3])) == graph.degree[x]
    with pytest.raises(InputError, match="no contacts"):
        graph.circle("nobody")
    with pytest.raises(SettingsError, match="is empty"):
        contact_graph(CDR, "2024-01-05", "2024-01-05")


def test_inspection() -> None:
    own = [NAMES[x] for x in range(1, 31)]
    found = inspect_cdr(open_cdr(CDR), network=Network.of(own), resources=Resources(threads=2))
    contacts = [e for e in ROWS if e.kind != 2]
    pairs = nx.Graph([e[:2] for e in contacts])
    assert (found.numbers, found.pairs, found.own) == (len(pairs), pairs.size(), 30)
    assert found.on_net == pytest.approx(sum(max(e[:2]) <= 30 for e in contacts) / len(contacts))
    assert [peers for _, peers in found.hubs] == sorted((d for _, d in pairs.degree), reverse=True)[:5]
    assert all(
        pairs.degree[next(x for x, name in NAMES.items() if name == hub)] == d for hub, d in found.hubs
    )
    shown = str(found.as_dict())
    assert not any(name in shown for name in NAMES.values())


def test_own_network(tmp_path: Path) -> None:
    listed = tmp_path / "subscribers.csv"
    listed.write_text("plan,number\nbasic,+86 138-0013-8000\nbasic,\n")
    for network in (Network.of(listed), Network.of(str(listed)), Network.of(["13800138000", ""])):
        from circlegraph.numbers import encode

        assert network.is_own(encode(["13800138000", "8613800138000", "300", "a1"])).tolist() == [
            True,
            True,
            False,
            False,
        ]
    assert Network.of().is_own(np.array([5, 6])).all()
    with pytest.raises(InputError, match="no such file"):
        Network.of(tmp_path / "none.csv")
    listed.write_text("plan,numer\nbasic,1\n")
    with pytest.raises(InputError, match="did you mean 'numer'"):
        Network.of(listed)


def test_the_configuration_has_a_hash_of_its_own() -> None:
    """Equal settings give an equal hash; each single change of the window, the own network or the reading shows."""
    week = ("2024-01-01", "2024-01-08")
    names = list(NAMES.values())
    own = [name for name in names if name.isdigit()][:3]

    def of(start: str, end: str, network: Network | None = None, **reading: str) -> str:
        config: str = contact_graph(open_cdr(CDR, **reading), start, end, network=network).provenance[
            "config"
        ]
        return config

    hashes = [
        of(*week),
        of("2024-01-02", "2024-01-08"),
        of(*week, Network.of(own)),
        of(*week, Network.of(own_operators=["China Mobile"])),
        of(*week, Network.of(plan=NumberingPlan.china({"13800138000": "China Unicom"}))),
        of(*week, country="44"),
    ]
    assert len(set(hashes)) == len(hashes)
    assert of(*week) == hashes[0]
