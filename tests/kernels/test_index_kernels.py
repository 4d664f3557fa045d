"""The communication index and the balance, against their definitions."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.kernels.index import pair_index, persistence, spread_index
from circlegraph.kernels.pair_sums import stable_pair_sums

seeds = st.integers(0, 10**6)


def made_up(seed: int, windows: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    pairs = int(rng.integers(0, 12))
    counts = rng.poisson(1.5, (pairs, 4 * windows)).astype(np.int32)
    return counts, rng.integers(0, 2**40, (pairs, 2 * windows)) * rng.integers(0, 2, (pairs, 2 * windows))


@pytest.mark.parametrize("sharpness", [None, 0.5, 1000.0])
@given(seeds, st.integers(1, 3))
def test_index(sharpness: float | None, seed: int, windows: int) -> None:
    counts, seconds = made_up(seed, windows)
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(5))
    scale, days = rng.uniform(0.01, 50, 5), rng.uniform(0.5, 200, windows)
    factors = weights / (days[:, None] * scale)
    found = pair_index(counts, seconds, factors, sharpness or 0.0)
    assert found.shape == (len(counts), 2 * windows)
    for i in range(len(counts)):
        for w in range(windows):
            calls, texts = counts[i, 4 * w : 4 * w + 2], counts[i, 4 * w + 2 : 4 * w + 4]
            spoken = seconds[i, 2 * w : 2 * w + 2]
            for side in (0, 1):
                mine = [calls[side], spoken[side], calls[1 - side], spoken[1 - side], texts[side]]
                expected = naive.index_of(mine, weights, scale, days[w], sharpness)
                assert found[i, 2 * w + side] == pytest.approx(expected, rel=1e-12)


@given(seeds)
def test_spread(seed: int) -> None:
    rng = np.random.default_rng(seed)
    of_pairs = rng.random((6, 4))
    sources = rng.integers(0, 12, int(rng.integers(0, 20)))
    steady = rng.random(6) < 0.5
    before, after = np.full((2, len(sources)), np.nan)
    stable = np.zeros(len(sources), np.bool_)
    spread_index(sources, of_pairs, steady, before, after, stable)
    for e, source in enumerate(sources.tolist()):
        pair, side = divmod(source, 2)
        found = [before[e], after[e], stable[e]]
        assert found == [of_pairs[pair, side], of_pairs[pair, 2 + side], steady[pair]]


@given(seeds)
def test_persistence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 5, int(rng.integers(0, 6)))
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    counted = rng.random(indptr[-1]) < 0.7
    before, after = (rng.random(indptr[-1]) * rng.integers(0, 2, indptr[-1]) for _ in range(2))
    found = persistence(indptr, counted, before, after)
    for x in range(len(sizes)):
        row = np.arange(indptr[x], indptr[x + 1])[counted[indptr[x] : indptr[x + 1]]]
        assert found[x] == pytest.approx(naive.balance(before[row], after[row]), rel=1e-12, nan_ok=True)
        assert np.isnan(found[x]) or 0 <= found[x] <= 1
    assert np.array_equal(persistence(indptr, counted, after, before), found, equal_nan=True)


@given(seeds)
def test_sums_over_stable_pairs(seed: int) -> None:
    counts, seconds = made_up(seed)
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, 7, (len(counts), 2))
    stable, own = rng.random(len(counts)) < 0.6, rng.random(7) < 0.6
    expected = np.zeros(6, np.int64)
    for i, (a, b) in enumerate(ids.tolist()):
        for x, side in ((a, 0), (b, 1)):
            if stable[i] and own[x]:
                back = 1 - side
                mine = [
                    counts[i, side],
                    seconds[i, side],
                    counts[i, back],
                    seconds[i, back],
                    counts[i, 2 + side],
                    1,
                ]
                expected += np.array(mine, np.int64)
    assert stable_pair_sums(ids, counts, seconds, stable, own).tolist() == expected.tolist()
