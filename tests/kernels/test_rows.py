"""Ids, rows and the merging of rows, against plain Python."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.kernels.ids import collect, index_table, look_up
from circlegraph.kernels.merge import merge_rows
from circlegraph.kernels.rows import count_degrees, gather_measures, place, sort_rows

Key = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.lists(Key, max_size=40), max_size=5), st.integers(1, 5), st.booleans())
def test_collect_and_look_up(batches: list[list[int]], bits: int, in_place: bool) -> None:
    slots, known, used = np.zeros(1 << bits, np.int32), np.empty(1 << bits - 1, np.int64), 0
    met: dict[int, int] = {}
    for batch in batches:
        keys = np.array(batch + batch[:3], np.int64)
        ids = keys if in_place else np.full_like(keys, -1)
        slots, known, used = collect(keys, slots, known, used, ids)
        assert ids.tolist() == [met.setdefault(key, len(met)) for key in batch + batch[:3]]
        assert known[:used].tolist() == list(met)
        assert sorted(slots[slots != 0].tolist()) == list(range(1, used + 1))
    numbers = np.array(sorted(met), np.int64)
    strangers = [key for key in (1, -1, 2**63 - 1, 0) if key not in met]
    asked = np.array([*reversed(numbers.tolist()), *strangers], np.int64)
    place_of = {key: i for i, key in enumerate(numbers.tolist())}
    found = look_up(asked, index_table(numbers), numbers)
    assert found.tolist() == [place_of.get(key, -1) for key in asked.tolist()]


def test_a_set_grows_from_tiny() -> None:
    keys = np.arange(1, 100_001) * 2654435761
    ids = np.empty_like(keys)
    slots, known, used = collect(keys, np.zeros(2, np.int32), np.empty(1, np.int64), 0, ids)
    assert used == 100_000
    assert np.array_equal(known[:used], keys)
    assert np.array_equal(ids, np.arange(100_000))
    assert len(slots) == 2 * len(known) > 2 * used


Pairs = st.sets(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda p: p[0] < p[1]), max_size=40
).map(sorted)


def laid_out(pairs: list[tuple[int, int]], numbers: int, cuts: list[int]) -> tuple[np.ndarray, ...]:
    """Rows of all numbers, made range by range."""
    ids = np.array(pairs, np.int64).reshape(-1, 2)
    degrees = np.zeros(numbers, np.int64)
    count_degrees(ids, degrees)
    indptr = np.concatenate([[0], np.cumsum(degrees)]).astype(np.int64)
    peers, sources = np.full(indptr[-1], -1, np.int64), np.full(indptr[-1], -1, np.int64)
    cursor = indptr[:-1].copy()
    bounds = [0, *sorted(cuts), numbers]
    for low, high in pairwise(bounds):
        place(ids, low, high, cursor, sources)
        sort_rows(ids, indptr, low, high, sources, peers)
    return indptr, peers, sources


def check_rows(pairs: list[tuple[int, int]], numbers: int, cuts: list[int]) -> None:
    indptr, peers, sources = laid_out(pairs, numbers, cuts)
    found = [peers[indptr[x] : indptr[x + 1]].tolist() for x in range(numbers)]
    expected: list[list[int]] = [[] for _ in range(numbers)]
    for a, b in pairs:
        expected[a].append(b)
        expected[b].append(a)
    assert found == [sorted(row) for row in expected]
    for x in range(numbers):
        for e in range(indptr[x], indptr[x + 1]):
            pair, side = divmod(int(sources[e]), 2)
            assert (pairs[pair][side], pairs[pair][1 - side]) == (x, peers[e])


@given(Pairs, st.lists(st.integers(0, 12), max_size=3))
def test_rows(pairs: list[tuple[int, int]], cuts: list[int]) -> None:
    check_rows(pairs, 12, cuts)


@pytest.mark.parametrize("degree", [0, 1, 23, 24, 25, 26, 500])
def test_rows_of_a_hub(degree: int) -> None:
    order = np.random.default_rng(degree).permutation(degree) + 1
    check_rows([(0, int(y)) for y in order], degree + 2, [1])


@given(Pairs, st.integers(1, 3), st.integers(0, 5))
def test_measures_as_each_number_sees_them(pairs: list[tuple[int, int]], windows: int, cut: int) -> None:
    _, _, sources = laid_out(pairs, 12, [])
    rng = np.random.default_rng(len(pairs))
    counts = rng.integers(0, 99, (len(pairs), 4 * windows)).astype(np.int32)
    seconds = rng.integers(0, 2**40, (len(pairs), 2 * windows))
    out = np.full((windows, 6, len(sources)), -1, np.int64)
    middle = len(sources) * cut // 5
    gather_measures(sources, 0, middle, counts, seconds, out)
    gather_measures(sources, middle, len(sources), counts, seconds, out)
    for e, source in enumerate(sources.tolist()):
        pair, side = divmod(source, 2)
        for w in range(windows):
            calls, texts = counts[pair, 4 * w : 4 * w + 2], counts[pair, 4 * w + 2 : 4 * w + 4]
            spoken = seconds[pair, 2 * w : 2 * w + 2]
            mine = [
                calls[side],
                spoken[side],
                calls[1 - side],
                spoken[1 - side],
                texts[side],
                texts[1 - side],
            ]
            assert out[w, :, e].tolist() == mine


Row = st.sets(st.integers(0, 9), max_size=10).map(sorted)


@given(st.lists(st.tuples(Row, Row), max_size=8))
def test_merge(rows: list[tuple[list[int], list[int]]]) -> None:
    indptr = [np.concatenate([[0], np.cumsum([len(r[i]) for r in rows])]).astype(np.int64) for i in (0, 1)]
    peers = [np.array([y for r in rows for y in r[i]], np.int64) for i in (0, 1)]
    whole, found, from_a, from_b = merge_rows(indptr[0], peers[0], indptr[1], peers[1])
    for x, (a, b) in enumerate(rows):
        here = slice(whole[x], whole[x + 1])
        united = sorted({*a, *b})
        assert found[here].tolist() == united
        for row, begin, at in ((a, indptr[0][x], from_a[here]), (b, indptr[1][x], from_b[here])):
            assert at.tolist() == [begin + row.index(y) if y in row else -1 for y in united]
    assert len(whole) == len(rows) + 1
