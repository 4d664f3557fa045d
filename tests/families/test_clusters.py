"""Families out of pairs: of a limited size, hanging together, without chains, the same every time."""

import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.detect.family.clusters import LEAST_TIE, MOST_MEMBERS, RESOLUTION, SURE, find_families


def whole(members: list[int]) -> list[tuple[int, int]]:
    return [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]]


def found(ties: dict[tuple[int, int], float], numbers: int, most: int = MOST_MEMBERS) -> list[int]:
    ends = np.array(list(ties), np.int64).reshape(-1, 2)
    return find_families(ends, np.array(list(ties.values()), np.float64), numbers, most).tolist()


def random_ties(seed: int, numbers: int = 24) -> dict[tuple[int, int], float]:
    rng = np.random.default_rng(seed)
    home = rng.integers(0, 7, numbers)
    return {
        (a, b): float(rng.beta(6, 2) if home[a] == home[b] else rng.beta(1, 4))
        for a, b in whole(list(range(numbers)))
        if rng.random() < (0.8 if home[a] == home[b] else 0.2)
    }


@given(st.integers(0, 10**6), st.integers(2, 9))
def test_families_hang_together_and_are_not_too_large(seed: int, most: int) -> None:
    ties = random_ties(seed)
    family = found(ties, 24, most)
    graph = nx.Graph([pair for pair, p in ties.items() if p >= LEAST_TIE])
    for label in set(family) - {-1}:
        members = [x for x, f in enumerate(family) if f == label]
        assert 2 <= len(members) <= most
        inside = graph.subgraph(members)
        for x in members:
            best = max(ties[min(x, y), max(x, y)] for y in inside[x])
            assert inside.degree(x) >= 2 or best >= (SURE if len(members) > 2 else 0.5)
    labels = [f for f in family if f >= 0]
    assert list(dict.fromkeys(labels)) == list(range(len(set(labels))))  # numbered by their smallest member


@given(st.integers(0, 10**6))
def test_the_same_pairs_give_the_same_families(seed: int) -> None:
    ties = random_ties(seed)
    random.seed(3)
    first = found(ties, 24)
    drawn = random.random()
    random.seed(3)
    assert random.random() == drawn  # nobody else's dice were thrown
    assert found(ties, 24) == first


def quality(ties: dict[tuple[int, int], float], family: list[int]) -> float:
    """The constant Potts model, pair by pair."""
    pairs = [(a, b) for a, b in whole(list(range(len(family)))) if family[a] == family[b]]
    return sum(ties.get(pair, 0.0) - RESOLUTION for pair in pairs)


def partitions(items: list[int]):
    if not items:
        yield []
        return
    for rest in partitions(items[1:]):
        yield [[items[0]], *rest]
        for i, block in enumerate(rest):
            yield [*rest[:i], [items[0], *block], *rest[i + 1 :]]


@pytest.mark.parametrize("seed", range(6))
def test_no_partition_is_better(seed: int) -> None:
    ties = {pair: max(p, 0.85) if p > 0.5 else 0.05 for pair, p in random_ties(seed, 7).items()}
    family = found(ties, 7)
    alone = iter(range(100, 200))
    labels = [f if f >= 0 else next(alone) for f in family]
    best = max(
        quality(ties, [next(i for i, block in enumerate(parts) if x in block) for x in range(7)])
        for parts in partitions(list(range(7)))
    )
    assert quality(ties, labels) >= 0.97 * best - 1e-9


def test_acquaintances_do_not_chain_up() -> None:
    chain = {(i, i + 1): 0.45 for i in range(20)}
    assert max(np.bincount([f for f in found(chain, 21) if f >= 0], minlength=1)) <= 2
    bridged = dict.fromkeys(whole([0, 1, 2]) + whole([3, 4, 5]), 0.9) | {(2, 3): 0.6}
    assert found(bridged, 6) == [0, 0, 0, 1, 1, 1]


def test_a_loose_member_is_left_out() -> None:
    ties = dict.fromkeys(whole([0, 1, 2, 3]), 0.95) | {(3, 4): 0.75}
    assert found(ties, 5) == [0, 0, 0, 0, -1]
    assert found(ties | {(3, 4): 0.95}, 5)[3] == 0


def test_a_crowd_all_alike_is_no_family() -> None:
    assert set(found(dict.fromkeys(whole(list(range(30))), 0.999), 30)) == {-1}


@pytest.mark.parametrize("ties", [{}, {(0, 1): 0.1}, {(0, 1): 0.45}])
def test_nothing_sure_is_nothing_found(ties: dict[tuple[int, int], float]) -> None:
    assert found(ties, 3) == [-1, -1, -1]
