"""circlegraph's own methods give what the suite judges, on a real city and on sparse records."""

import pandas as pd
import pytest

from benchmarks.quality import families, managers, movement, onsets
from benchmarks.quality.world import Case


@pytest.fixture(scope="module", params=["standard", "sparse"])
def city(request: pytest.FixtureRequest) -> Case:
    return families.make(request.param, 11, 300)


def test_families(city: Case) -> None:
    part = families.judge_case(city, families.METHODS["circlegraph"](city.world))
    measured = families.measure([part], is_probability=True, resamples=0)
    assert (
        measured["pr_auc"]
        > families.measure([families.judge_case(city, families.call_count(city.world))], resamples=0)[
            "pr_auc"
        ]
    )
    assert 0 < measured["b_cubed_f1"] <= 1
    assert measured["key_right"] is not None


def test_managers(city: Case) -> None:
    found = managers.METHODS["circlegraph"](city.world)
    measured = managers.measure([managers.judge_case(city, found)], is_probability=True, resamples=0)
    assert measured["seems_right"] is not None
    assert measured["couriers_and_hotlines"] == 0
    assert found.numbers["probability"].between(0, 1).all()


def test_onsets() -> None:
    city = onsets.make("easy", 11, 300)
    found = onsets.METHODS["circlegraph, auto"](city.world)
    measured = onsets.measure([onsets.judge_case(city, found)], is_probability=True, resamples=0)
    assert measured["dated"] > 0
    assert measured["onset_error_days"] < 30


def test_movement() -> None:
    city = movement.make("standard", 11, 300)
    for label, method in movement.METHODS.items():
        if label.startswith("circlegraph"):
            warn = method.args[0]  # type: ignore[attr-defined]
            found = warn(movement.until(city.world, 8))
            assert isinstance(found, pd.DataFrame)
            assert found["number"].is_unique
            assert found["score"].notna().all()
