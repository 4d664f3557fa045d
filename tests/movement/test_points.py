"""Points and levels at their edges, and the robust statistics against Python's own."""

import statistics
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.detect.weekly_movement.figures import median, robust_z
from circlegraph.detect.weekly_movement.points import FIGURES, Figures, Points, fired, levels, score

DEFAULTS = {
    "arpu_drop": 4,
    "mou_drop": 4,
    "second_number": 6,
    "off_net_share": 3,
    "forwarded_share": 4,
    "approached_once": 3,
    "approached_again": 5,
    "silent_week": 4,
    "outgoing_share": 3,
    "arrears": 3,
    "circle_residual": 3,
    "family_left": 2,
    "volume_z": 2,
}
QUIET = {
    "arpu_drop": 0.0,
    "mou_drop": 0.0,
    "second_number": 0.0,
    "off_net_share": 0.1,
    "forwarded_share": 0.0,
    "approaches": 0.0,
    "silent_week": 0.0,
    "outgoing_share": 0.5,
    "arrears": 0.0,
    "circle_residual": 0.5,
    "family_left": 0.0,
    "volume_z": 0.0,
    "competitor_calls": 0.0,
}
# Just below the threshold, and on it or past it.
EDGES = [
    ("arpu_drop", 0.299, 0.3, 4),
    ("mou_drop", 0.299, 0.3, 4),
    ("second_number", 0.499, 0.5, 6),
    ("off_net_share", 0.149, 0.151, 3),  # usual is 0.1
    ("forwarded_share", 0.299, 0.3, 4),
    ("approaches", 0, 1, 3),
    ("approaches", 0, 2, 5),
    ("silent_week", 0, 1, 4),
    ("outgoing_share", 0.3, 0.299, 3),
    ("arrears", 1, 2, 3),
    ("circle_residual", 0.66, 0.67, 3),  # usual balance is 0.5
    ("family_left", 0, 1, 2),
    ("volume_z", -3, -3.001, 2),
    ("competitor_calls", 0, 1, 0),
]


def one(usual_share: float = 0.1, away: float = 0, **changes: float) -> Figures:
    values = {name: np.array([value]) for name, value in {**QUIET, **changes}.items()}
    return Figures(values, np.array([usual_share]), np.array([0.5]), np.array([away]))


def test_default_points_are_those_of_the_table() -> None:
    assert {name: getattr(Points(), name) for name in DEFAULTS} == DEFAULTS
    assert Points().possible == 43


@pytest.mark.parametrize(("name", "below", "at", "worth"), EDGES)
def test_edges(name: str, below: float, at: float, worth: float) -> None:
    assert not fired(one(**{name: below}), Points())[name][0]
    assert fired(one(**{name: at}), Points())[name][0]
    assert score(one(**{name: at}), Points())[0] == worth


def test_off_net_share_above_the_level_or_up_by_half() -> None:
    assert fired(one(0.5, off_net_share=0.301), Points())["off_net_share"][0]
    assert not fired(one(0.5, off_net_share=0.3), Points())["off_net_share"][0]
    assert not fired(one(0.0, off_net_share=0.0), Points())["off_net_share"][0]
    assert not fired(one(np.nan, off_net_share=0.2), Points())["off_net_share"][0]


@given(st.sets(st.sampled_from(sorted(QUIET))), st.sets(st.sampled_from(sorted(QUIET))))
def test_points_add_up_and_unknown_gives_none(up: set[str], unknown: set[str]) -> None:
    edges = {name: (at, worth) for name, _, at, worth in EDGES}
    changes = {name: edges[name][0] for name in up} | dict.fromkeys(unknown, np.nan)
    total, known = score(one(away=np.nan, **changes), Points())
    assert total[0] == sum(edges[name][1] for name in up - unknown)
    assert known[0] == sum(Points().most(name) for name in FIGURES if name not in unknown)


@pytest.mark.parametrize(
    ("points", "calls", "level"),
    [
        (8, 0, "stable"),
        (9, 0, "low"),
        (13, 1, "low"),
        (14, 0, "medium"),
        (19, 0, "medium"),
        (20, 0, "high"),
        (0, 2, "high"),
    ],
)
def test_levels(points: float, calls: float, level: str) -> None:
    assert Points().level(np.array([points], float), np.array([calls], float))[0] == level


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 300)), min_size=1, max_size=12)


@given(VALUES)
def test_median(values: list[int | None]) -> None:
    row = np.array([[np.nan if value is None else float(value) for value in values]])
    there = [value for value in values if value is not None]
    if there:
        assert median(row)[0] == statistics.median(there)
    else:
        assert np.isnan(median(row)[0])


@given(VALUES, st.integers(0, 300))
def test_robust_z(values: list[int | None], week: int) -> None:
    there = [value for value in values if value is not None]
    found = robust_z(
        np.array([float(week)]), np.array([[np.nan if value is None else float(value) for value in values]])
    )[0]
    if not there:
        assert np.isnan(found)
        return
    middle = statistics.median(there)
    spread = 1.4826 * statistics.median(abs(value - middle) for value in there)
    assert found == pytest.approx((week - middle) / max(spread, middle**0.5, 1))


def test_nobody_is_called_stable_without_a_past() -> None:
    nothing = {name: np.full(4, np.nan) for name in FIGURES}
    some = {"silent_week": 0.0, "family_left": 0.0, "approaches": 0.0, "second_number": 0.0}
    values = nothing | {name: np.full(4, value) for name, value in some.items()}
    values["volume_z"] = np.array([np.nan, 0.0, np.nan, np.nan])
    values["competitor_calls"] = np.array([0.0, 0.0, 2.0, 0.0])
    values["approaches"][3], values["second_number"][3] = 2, 0.9
    figures = Figures(values, *(np.full(4, np.nan) for _ in range(3)))
    total, possible = score(figures, Points())
    assert possible.tolist() == [17, 19, 17, 17]
    assert levels(figures, Points(), total, possible).tolist() == [None, "stable", "high", "low"]
    barely = replace(figures, values=nothing | {"volume_z": np.zeros(4), "competitor_calls": np.zeros(4)})
    total, possible = score(barely, Points())
    assert levels(barely, Points(), total, possible).tolist() == [None] * 4
