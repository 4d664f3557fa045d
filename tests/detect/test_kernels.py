"""Kernels of the search against plain twins, on random graphs and odd ones."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.kernels.candidates import candidates, count_wedges
from circlegraph.kernels.first_days import first_days
from circlegraph.kernels.recognise import reverse_edges

Tie = tuple[int, int, int, int, int, int, bool, bool]
N = 8
INDEX = st.integers(0, 3)
TIES = st.lists(
    st.tuples(
        st.integers(0, N - 1),
        st.integers(0, N - 1),
        *(INDEX,) * 4,
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def laid_out(ties: list[Tie]):
    """Rows of ties (a, b, before of a, before of b, after of a, after of b, is b counted for a, is a for b)."""
    edges = {}
    for a, b, before_a, before_b, after_a, after_b, counted_a, counted_b in ties:
        if a != b and (a, b) not in edges:
            day = 5 - (after_a or after_b) if after_a + after_b else -1
            edges[a, b] = (before_a, after_a, counted_a, day)
            edges[b, a] = (before_b, after_b, counted_b, day)
    order = sorted(edges)
    indptr = np.searchsorted([x for x, _ in order], np.arange(N + 1)).astype(np.int64)
    peers = np.array([y for _, y in order], np.int64)
    columns = [
        np.array([edges[e][i] for e in order], t) for i, t in enumerate((float, float, bool, np.int32))
    ]
    return edges, indptr, peers, columns


def slowly(edges, rarity, chosen):
    """Twin with dictionaries: every number is compared with every other."""
    rows = {}
    for x in chosen:
        circle = [y for a, y in sorted(edges) if a == x and edges[a, y][2]]
        for z in range(N):
            met = [y for y in circle if z != x and edges.get((z, y), (0, 0, 0, -1))[3] >= 0]
            if not met:
                continue
            sums = defaultdict(float)
            for y in met:
                (b, o, _, _), (old, n, _, _) = edges[x, y], edges[z, y]
                for name, value in (
                    ("least", min(b, o + n) - min(b, o)),
                    ("most", max(b, o + n) - max(b, o)),
                    ("rarity", rarity[y]),
                    ("volume", n),
                    ("old", old),
                ):
                    sums[name] += value
            known = sum(edges[z, y][0] > 0 for y in met)
            rows[x, z] = (len(met), known, min(edges[z, y][3] for y in met)), list(sums.values())
    return rows


@given(TIES, st.lists(st.integers(0, N - 1), unique=True))
def test_candidates_equal_twin(ties: list[Tie], chosen: list[int]) -> None:
    edges, indptr, peers, (before, after, counted, day) = laid_out(ties)
    rarity = 1.0 / np.arange(1.0, N + 1)
    degree = np.bincount([x for (x, _), e in edges.items() if e[3] >= 0], minlength=N).astype(np.int64)
    wedges = count_wedges(indptr, peers, counted, degree)
    assert wedges.tolist() == [
        sum(edges[y, z][3] >= 0 for a, y in edges if a == x and edges[a, y][2] for w, z in edges if w == y)
        for x in range(N)
    ]
    ids = np.array(chosen, np.int64)
    room = int(wedges[ids].sum())
    pairs, counts, sums = candidates(
        indptr, peers, reverse_edges(indptr, peers), counted, before, after, day, rarity, ids, room
    )
    want = slowly(edges, rarity, chosen)
    assert len(pairs) == len(want) == len(set(map(tuple, pairs.tolist())))
    for pair, count, total in zip(pairs.tolist(), counts.tolist(), sums, strict=True):
        expected_counts, expected_sums = want[tuple(pair)]
        assert tuple(count) == expected_counts
        np.testing.assert_allclose(total, expected_sums, rtol=1e-12, atol=1e-12)


@given(st.lists(st.sets(st.integers(0, 191)), max_size=8), st.integers(0, 2), st.integers(1, 3))
def test_first_days_equal_twin(met: list[set[int]], first: int, words: int) -> None:
    days = np.zeros((len(met), 3), np.uint64)
    for row, found in zip(days, met, strict=True):
        for day in found:
            row[day // 64] |= np.uint64(1) << np.uint64(day % 64)
    last = min(first + words, 3)
    inside = [[day - 64 * first for day in found if 64 * first <= day < 64 * last] for found in met]
    assert first_days(days, first, last).tolist() == [min(found, default=-1) for found in inside]


@pytest.mark.parametrize("ties", [[], [(0, 1, 1, 1, 1, 1, True, True)]], ids=["no ties", "one pair"])
def test_nobody_shares_a_peer(ties: list[Tie]) -> None:
    _, indptr, peers, (before, after, counted, day) = laid_out(ties)
    reverse = reverse_edges(indptr, peers)
    chosen = np.arange(N)
    found, counts, sums = candidates(
        indptr, peers, reverse, counted, before, after, day, np.ones(N), chosen, len(peers)
    )
    assert (len(found), counts.shape[1], sums.shape[1]) == (0, 3, 5)
