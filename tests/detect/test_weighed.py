"""What the evidence is learned from, and that of all likely pairs each number keeps one."""

import numpy as np
import planted
import pytest

import circlegraph as cg
from circlegraph.detect.second_numbers import search
from circlegraph.detect.second_numbers.bands import BANDS, NEWNESS
from circlegraph.detect.second_numbers.learn import learn


def test_learned_from_those_that_are_new() -> None:
    rng = np.random.default_rng(4)
    newness = np.repeat([1.0, 0.3], [300, 200])
    sides = [np.arange(500) % 30, 30 + np.arange(500) % 90]
    values = {band.name: rng.uniform(-1, 1, 500) for band in BANDS} | {NEWNESS.name: newness}
    for band in BANDS:
        values[band.name][300:] = values[band.name].max()
    new = newness == 1.0
    both = learn(newness, lambda rows: {name: column[rows] for name, column in values.items()}, sides)
    left = {name: column[new] for name, column in values.items()}
    alone = learn(newness[new], lambda _: left, [side[new] for side in sides])
    assert both.prior == alone.prior
    for mine, theirs in zip(both.weights[:-1], alone.weights[:-1], strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_whoever_is_new_has_no_weight_for_it() -> None:
    values = {band.name: np.full(9, np.nan) for band in BANDS} | {NEWNESS.name: np.ones(9)}
    model = learn(np.ones(9), lambda _: values, [np.arange(9), np.arange(9) + 9])
    assert model.bands[-1] is NEWNESS
    assert model.weights[-1][-1] == 0.0
    assert (model.weights[-1][:-1] < 0.0).all()


def test_each_number_keeps_one_of_the_likely_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LEAST_PROBABILITY", 0.0)
    monkeypatch.setattr(search, "owners", lambda numbers, *_: np.arange(numbers))  # one round
    pairs = cg.detect.dual_sim(planted.calls(), planted.AT).pairs
    accepted = pairs[pairs.accepted]
    assert len(accepted) > 10
    assert accepted.number.is_unique
    assert accepted.second_number.is_unique
