"""The kernels of this detector against slow twins, and the ties among people against networkx."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.account_managers.spans import (
    choose_windows,
    period_masks,
    period_of,
    periods,
    weekday_bits,
)
from circlegraph.kernels.callers import (
    add_at,
    add_calls,
    add_loads,
    add_peers,
    count_links,
    count_neighbours,
)
from circlegraph.kernels.rows import count_degrees

NODES = 12
edges = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=40)
groups = st.lists(st.lists(st.integers(0, NODES - 1), unique=True, max_size=NODES), max_size=5)


def rows_of(graph: nx.Graph) -> tuple[np.ndarray, np.ndarray]:
    ends = np.array(list(graph.edges), np.int64).reshape(-1, 2)
    degree = np.zeros(NODES, np.int64)
    count_degrees(ends, degree)
    indptr = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    peers = np.empty(indptr[-1], np.int32)
    add_peers(ends, indptr[:-1].copy(), peers)
    return indptr, peers


def laid_out(members: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.cumsum([0, *map(len, members)]).astype(np.int64)
    return sizes, np.array([y for group in members for y in group], np.int32)


@settings(max_examples=150, deadline=None)
@given(edges, groups, st.integers(1, NODES), st.integers(0, NODES))
def test_links_as_networkx_counts_them(pairs, members, most_members, most_peers) -> None:
    graph = nx.Graph([(a, b) for a, b in pairs if a != b])
    graph.add_nodes_from(range(NODES))
    found = count_links(*rows_of(graph), *laid_out(members), most_members, most_peers)
    for g, group in enumerate(members):
        taken = min(len(group), most_members)
        sample = [group[j * len(group) // taken] for j in range(taken)]
        sample = [y for y in sample if graph.degree(y) <= most_peers]
        inner = graph.subgraph(sample)
        degrees = [graph.degree(y) for y in sample]
        chance = sum(a * b for i, a in enumerate(degrees) for j, b in enumerate(degrees) if i < j)
        assert found[0][g] == len(sample)
        assert found[1][g] == inner.number_of_edges()
        assert found[2][g] == sum(degree > 0 for _, degree in inner.degree)
        assert found[3][g] == pytest.approx(chance / max(2 * graph.number_of_edges(), 1))


def test_clustering_of_a_circle_is_that_of_networkx() -> None:
    graph = nx.gnp_random_graph(NODES, 0.5, seed=4)
    circles = [list(graph.neighbors(x)) for x in range(NODES)]
    sampled, links, _, _ = count_links(*rows_of(graph), *laid_out(circles), NODES, NODES)
    possible = sampled * (sampled - 1) / 2
    assert dict(enumerate(links / np.maximum(possible, 1))) == pytest.approx(nx.clustering(graph))


def test_groups_of_nobody() -> None:
    found = count_links(*rows_of(nx.Graph()), np.zeros(3, np.int64), np.empty(0, np.int32), 4, 4)
    assert [column.tolist() for column in found] == [[0, 0]] * 4


days_met = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 129)), max_size=60)


@settings(max_examples=100, deadline=None)
@given(days_met, st.integers(1, 130))
def test_loads_count_days_by_period(met, length) -> None:
    """Twin: count the distinct days of each pair in each period of seven days from the end."""
    windows = choose_windows(3 * DAY + 5, (3 + length) * DAY - 1)
    met = {(min(a, b), max(a, b), d) for a, b, d in met if a != b and d < length}
    pairs = sorted({(a, b) for a, b, _ in met})
    days = np.zeros((len(pairs), int(windows.words[-1])), np.uint64)
    expected: Counter[tuple[int, int]] = Counter()
    for a, b, d in met:
        w = 0 if len(windows) == 1 or (3 + d) * DAY < windows.edges[1] else 1
        bit = 3 + d - windows.first_day(w)
        days[pairs.index((a, b)), windows.words[w] + bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
        period = periods(windows) - 1 - (length - 1 - d) // 7
        if period >= 0:
            expected[a, period] += 1
            expected[b, period] += 1
    loads = np.zeros((6, periods(windows)), np.int32)
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    for w in range(len(windows)):
        add_loads(ends, days, int(windows.words[w]), period_masks(windows, w), loads)
    there = {(x, p): int(loads[x, p]) for x, p in zip(*np.nonzero(loads), strict=True)}
    assert there == dict(expected)


def test_periods_begin_at_the_end() -> None:
    windows = Windows((0, 3 * DAY, 10 * DAY))
    assert period_of(windows, np.array([0, 3 * DAY - 1, 3 * DAY, 10 * DAY - 1])).tolist() == [-1, -1, 0, 0]


def test_weekdays() -> None:
    windows = choose_windows(0, 100 * DAY - 1)  # from a Thursday on
    bits = weekday_bits(windows)
    assert int(np.bitwise_count(bits).sum()) == sum((day + 3) % 7 < 5 for day in range(100))
    assert [int(bits[0]) >> day & 1 for day in range(7)] == [1, 1, 0, 0, 1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9)), max_size=30))
@settings(max_examples=50, deadline=None)
def test_sums_by_id(pairs) -> None:
    totals = np.ones(5)
    table = np.array(pairs, np.int64).reshape(-1, 2)
    add_at(table[:, 0].copy(), table[:, 1].astype(np.float64), totals)
    assert totals.tolist() == [1 + sum(value for x, value in pairs if x == y) for y in range(5)]


@given(edges)
@settings(max_examples=50, deadline=None)
def test_rows_hold_both_ends_of_each_pair(pairs) -> None:
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    met = [sorted([b for a, b in pairs if a == x] + [a for a, b in pairs if b == x]) for x in range(NODES)]
    indptr = np.cumsum([0, *map(len, met)]).astype(np.int64)
    peers = np.full(indptr[-1], -1, np.int32)
    add_peers(ends, indptr[:-1].copy(), peers)
    assert [sorted(peers[indptr[x] : indptr[x + 1]].tolist()) for x in range(NODES)] == met


calls_of_ties = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 2**64 - 1)), max_size=20
)


@given(calls_of_ties)
@settings(max_examples=50, deadline=None)
def test_calls_and_days_of_callers(ties) -> None:
    """Twin: sum the calls and unite the days of each caller's ties."""
    lengths, days = np.ones((4, 2), np.int64), np.zeros((4, 1), np.uint64)
    caller = np.array([x for x, _, _ in ties], np.int32)
    calls = np.array([(n, 2 * n) for _, n, _ in ties], np.int32).reshape(-1, 2)
    add_calls(caller, calls, np.array([[d] for _, _, d in ties], np.uint64).reshape(-1, 1), lengths, days)
    for x in range(4):
        of_x = [(n, d) for y, n, d in ties if y == x]
        assert lengths[x].tolist() == [1 + sum(n for n, _ in of_x), 1 + 2 * sum(n for n, _ in of_x)]
        assert int(days[x, 0]) == int(np.bitwise_or.reduce([np.uint64(d) for _, d in of_x] or [np.uint64(0)]))


homes = st.lists(st.integers(-1, 3), min_size=NODES, max_size=NODES)


@given(groups, homes)
@settings(max_examples=100, deadline=None)
def test_neighbours_as_pair_by_pair(members, home) -> None:
    sizes, flat = laid_out(members)
    placed, together = count_neighbours(sizes, flat, np.array(home, np.int32), 4)
    for g, group in enumerate(members):
        known = [home[y] for y in group if home[y] >= 0]
        assert placed[g] == len(known)
        assert together[g] == sum(a == b for i, a in enumerate(known) for b in known[:i])
