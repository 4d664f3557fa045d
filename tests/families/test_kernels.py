"""Kernels of families against their slow twins, and igraph and networkx as oracles."""

from datetime import date, datetime, timedelta
from itertools import groupby

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.windows import Windows
from circlegraph.detect.occasions import occasions_of
from circlegraph.kernels.circle_ranks import circle_ranks
from circlegraph.kernels.day_patterns import day_patterns
from circlegraph.kernels.same_cells import same_cells
from circlegraph.kernels.shared_circle import shared_circle
from circlegraph.kernels.tied_rows import add_to_ends, end_sums, peer_sums, tied_rows
from circlegraph.resources import Resources

seeds = st.integers(0, 10**6)


def graph(seed: int, most: int = 14) -> tuple[int, np.ndarray]:
    """How many numbers a random graph has, and its pairs, int32 and ascending."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, most))
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n) if rng.random() < 0.4]
    return n, np.array(pairs, np.int32).reshape(-1, 2)


@given(seeds)
def test_add_to_ends(seed: int) -> None:
    n, pairs = graph(seed)
    columns = np.random.default_rng(seed).integers(-5, 50, (len(pairs), 3)).astype(np.int32)
    expected = np.full((n, 3), 7)
    for (a, b), row in zip(pairs.tolist(), columns, strict=True):
        expected[a] += row
        expected[b] += row
    sums = np.full((n, 3), 7)
    add_to_ends(pairs.astype(np.int64), columns, sums)
    np.testing.assert_array_equal(sums, expected)


@given(seeds)
def test_tied_rows(seed: int) -> None:
    n, pairs = graph(seed)
    indptr, peers, tie = tied_rows(pairs, n)
    around = nx.Graph(pairs.tolist())
    around.add_nodes_from(range(n))
    for x in range(n):
        row = slice(indptr[x], indptr[x + 1])
        assert peers[row].tolist() == sorted(around[x])
        assert [sorted(pair) for pair in pairs[tie[row]].tolist()] == [
            sorted((x, y)) for y in peers[row].tolist()
        ]


@given(seeds)
def test_sums_of_ties_and_of_peers(seed: int) -> None:
    n, pairs = graph(seed)
    values = np.random.default_rng(seed).random(len(pairs) + n)
    of_ties, of_numbers = values[: len(pairs)], values[len(pairs) :]
    indptr, peers, _ = tied_rows(pairs, n)
    for x, (found, around) in enumerate(
        zip(end_sums(pairs, of_ties, n), peer_sums(indptr, peers, of_numbers), strict=True)
    ):
        mine = (pairs == x).any(axis=1)
        assert found == pytest.approx(of_ties[mine].sum())
        assert around == pytest.approx(of_numbers[pairs[mine].sum(axis=1) - x].sum())


def packed(days: set[int], words: int) -> list[int]:
    return [sum(1 << (day % 64) for day in days if day // 64 == word) for word in range(words)]


@given(st.lists(st.sets(st.integers(0, 191)), max_size=5), st.sets(st.integers(0, 191)))
def test_day_patterns(rows: list[set[int]], off: set[int]) -> None:
    days = np.array([packed(row, 3) for row in rows], np.uint64).reshape(-1, 3)
    found = day_patterns(days, np.array(packed(off, 3), np.uint64))
    for row, (run, free) in zip(rows, found.tolist(), strict=True):
        runs = [len(list(same)) for met, same in groupby(range(192), key=row.__contains__) if met]
        assert run == max(runs, default=0)
        assert free == len(row & off)


@pytest.mark.parametrize(
    "days", [set(), {0}, {63}, {63, 64}, {63, 128}, set(range(128)), {0, 191}, set(range(60, 70))]
)
def test_day_patterns_of_odd_days(days: set[int]) -> None:
    found = day_patterns(np.array([packed(days, 3)], np.uint64), np.array(packed(days, 3), np.uint64))
    runs = [len(list(same)) for met, same in groupby(range(192), key=days.__contains__) if met]
    assert found.tolist() == [[max(runs, default=0), len(days)]]


@given(seeds)
def test_circle_ranks(seed: int) -> None:
    n, pairs = graph(seed)
    strength = np.random.default_rng(seed).integers(1, 6, len(pairs)).astype(np.int32)
    found = circle_ranks(*tied_rows(pairs, n), strength)
    for pair, mine, ranks in zip(pairs.tolist(), strength, found, strict=True):
        for x, rank in zip(pair, ranks, strict=True):
            row = strength[(pairs == x).any(axis=1)]
            assert rank == 0.5 + (row > mine).sum() + 0.5 * (row == mine).sum()


@given(seeds)
def test_shared_circle(seed: int) -> None:
    n, pairs = graph(seed)
    rng = np.random.default_rng(seed)
    weight = rng.random(n)
    strong = (rng.random((len(pairs), 2)) < 0.5).astype(np.float32)
    around, *close = (nx.Graph(some.tolist()) for some in (pairs, *(pairs[way > 0] for way in strong.T)))
    for some in (around, *close):
        some.add_nodes_from(range(n))
    asked = np.array([(a, b) for a in range(n) for b in range(n) if a != b], np.int32).reshape(-1, 2)
    low = len(asked) // 3
    shared, weighted, triads = shared_circle(*tied_rows(pairs, n), strong, weight, asked, low, len(asked))
    for i, (a, b) in enumerate(asked[low:].tolist()):
        common = sorted(nx.common_neighbors(around, a, b))
        assert shared[i] == len(common)
        assert weighted[i] == pytest.approx(weight[common].sum())
        assert triads[i].tolist() == [len(list(nx.common_neighbors(way, a, b))) for way in close]


def test_rare_peers_count_as_in_igraph() -> None:
    n, pairs = graph(7)
    whole = igraph.Graph(n, edges=pairs.tolist())
    rows = tied_rows(pairs, n)
    weight = 1 / np.log(np.maximum(np.diff(rows[0]), 2))
    expected = np.array(whole.similarity_inverse_log_weighted())
    _, weighted, _ = shared_circle(*rows, np.zeros((len(pairs), 1), np.float32), weight, pairs, 0, len(pairs))
    np.testing.assert_allclose(weighted, expected[pairs[:, 0], pairs[:, 1]])


class Heard:
    """Sightings in two partitions, with keys of numbers and cells as a store has them."""

    def __init__(self, rows: list[tuple[int, int, int]]) -> None:
        self.table = np.array([(10 + x, s, 1000 - c) for x, s, c in rows + rows[:5]], np.int64).reshape(-1, 3)

    def partitions(self, kind: str) -> list[int]:
        assert kind == "places"
        return [0, 1]

    def rows(self, kind: str, partition: int) -> np.ndarray:
        return self.table[self.table[:, 0] % 2 == partition]


@pytest.mark.parametrize("threads", [1, 2])
def test_same_cells(threads: int) -> None:
    rng = np.random.default_rng(3)
    rows = sorted(
        {
            (int(x), int(s), int(c))
            for x, s, c in zip(
                rng.integers(0, 6, 900),
                24 * 19_700 + rng.integers(0, 24 * 12, 900),
                rng.integers(0, 4, 900),
                strict=True,
            )
        }
    )
    pairs = np.array([(a, b) for a in range(7) for b in range(a + 1, 7)], np.int32)

    def heard(x: int) -> dict[tuple[str, date], set[int]]:
        found: dict[tuple[str, date], set[int]] = {}
        for y, s, c in rows:
            moment = datetime(1970, 1, 1) + timedelta(hours=s)
            weekend = moment.isoweekday() >= 6
            if moment.hour >= 20 or moment.hour < 8:
                key = ("night", (moment - timedelta(hours=8)).date())
            elif weekend:
                key = ("weekend", moment.date())
            elif moment.hour < 18:
                key = ("work", moment.date())
            else:
                continue
            if y == x:
                found.setdefault(key, set()).add(c)
        return found

    first = 19_701  # the hours of the day before are left out
    windows = Windows((first * 86_400, (19_700 + 12) * 86_400))
    rows = [row for row in rows if row[1] >= 24 * first]
    index = NumberIndex(np.arange(10, 17))
    resources = Resources(threads=threads)
    found = occasions_of(Heard(rows), index, windows, resources)
    assert found is not None
    where = (found.begin, found.end, found.key, found.at, found.step)
    got = same_cells(*where, pairs, 3, len(pairs))
    for (a, b), counts in zip(pairs[3:].tolist(), got.tolist(), strict=True):
        mine, theirs = heard(a), heard(b)
        both = set(mine) & set(theirs)
        expected = []
        for part in ("night", "work", "weekend"):
            on = [key for key in both if key[0] == part]
            expected += [len(on), sum(bool(mine[key] & theirs[key]) for key in on)]
        assert counts == expected
    there = sorted({1000 - c for _, _, c in rows})
    homes = occasions_of(Heard(rows), index, windows, resources, homes_only=True)
    assert homes is not None
    assert len(homes.key) == len(homes.at) == 0
    for x in range(7):
        nights = [cells for (part, _), cells in heard(x).items() if part == "night"]
        most, key = max((sum(c in cells for cells in nights), c - 1000) for c in range(4))
        expected = (most, there.index(-key)) if most else (0, -1)
        assert (found.nights[x], found.home[x]) == expected
        assert (homes.nights[x], homes.home[x]) == expected


def test_nobody_is_heard() -> None:
    windows = Windows((0, 86_400))
    assert occasions_of(Heard([]), NumberIndex(np.arange(3)), windows, Resources(threads=1)) is None
