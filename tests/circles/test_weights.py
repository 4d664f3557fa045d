"""Coefficients and the rule for stable peers: what is refused, and in what words."""

from typing import Any

import pytest

from circlegraph.circles.weights import INDEX_MEASURES, StableRule, Weights
from circlegraph.errors import SettingsError


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ((0.5, 0.5, 0.5, -0.5, 0), ["seconds_in is -0.5", "must not be negative"]),
        ((0.2, 0.2, 0.2, 0.2, 0.1), ["sum to 0.9", "must sum to 1"]),
        ((0.5, 0.5), ["must be five", "calls_out"]),
        ((float("nan"), 1, 0, 0, 0), ["calls_out is nan"]),
        ((float("inf"), 0, 0, 0, 0), ["calls_out is inf"]),
        ({"calls_out": 1, "calls": 0}, ["no such measure", "calls", "sms_out"]),
        ({"calls_out": 0.4}, ["sum to 0.4"]),
        ({"calls_out": None}, ["must be five numbers, or numbers by measure", "{'calls_out': None}"]),
        ({1: 0.4}, ["no such measure", "1"]),
        ("abcde", ["must be five numbers", "'abcde'"]),
        (0.5, ["must be five numbers", "not 0.5"]),
    ],
)
def test_wrong_coefficients(weights: Any, words: list[str]) -> None:
    with pytest.raises(SettingsError) as error:
        Weights.of(weights)
    assert all(word in str(error.value) for word in words)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        Weights((-1.0, 0.5, 0.0, 0.0, 0.0), shape="square", sharpness=0.0)  # type: ignore[arg-type]
    for word in ("calls_out is -1.0", "sum to -0.5", "'square'", "sharpness"):
        assert word in str(error.value)


def test_every_way_to_say_them() -> None:
    assert Weights.of(None) == Weights.of([0.2] * 5) == Weights()
    assert Weights.of(dict.fromkeys(INDEX_MEASURES, 0.2)) == Weights()
    assert Weights.of({"sms_out": 1}).coefficients == (0, 0, 0, 0, 1)
    chosen = Weights.of((1, 0, 0, 0, 0), "log")
    assert Weights.of(chosen) is chosen
    assert chosen.shape == "log"


@pytest.mark.parametrize(("days", "weeks"), [(1, 2), (0, 0), (2, 0), (-1, -1)])
def test_a_stable_rule_must_make_sense(days: int, weeks: int) -> None:
    with pytest.raises(SettingsError, match="makes no sense"):
        StableRule(days, weeks)
