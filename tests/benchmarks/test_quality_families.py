"""Families and account managers: truth, baselines and judging on worlds worked by hand."""

import sys
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlegraph as cg
from benchmarks.quality import families, family_baselines, family_roles, views
from benchmarks.quality.family_found import Found
from benchmarks.quality.world import Case, NotAvailableError
from tests.benchmarks.quality_worlds import case, world


def with_tables(**tables: pd.DataFrame) -> Case:
    return replace(case(), tables=tables)


def planted(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    names = ["number", "person", "family_id", "role", "is_key_person", "own", "is_second"]
    return pd.DataFrame(rows, columns=names)


TRUTH = planted(
    [
        ("x", 1, 1, "key", True, True, False),
        ("a", 2, 1, "spouse", False, True, False),
        ("b", 3, 1, "child", False, True, False),
        ("c", 4, 2, "key", True, True, False),
        ("z", 4, 2, "key", True, True, True),
        ("y", 1, 1, "key", True, False, True),
    ]
)


def test_pairs_and_groups_by_hand() -> None:
    pairs = pd.DataFrame(
        [
            ("a", "x", 0.9),  # right
            ("x", "c", 0.8),  # wrong
            ("a", "b", 0.99),  # neutral: of one family, no call
            ("x", "y", 0.99),  # neutral: a second number
            ("z", "a", 0.99),  # neutral: likewise
        ],
        columns=["number_a", "number_b", "probability"],
    )
    groups = pd.DataFrame({"number": ["x", "a", "y"], "family_id": [7, 7, 7]})
    part = families.judge_case(with_tables(families=TRUTH), Found(pairs, groups))
    found = families.measure([part], is_probability=True)
    assert (found["wanted"], found["claims"], found["pr_auc"]) == (2, 2, 0.5)
    assert found["brier"] == pytest.approx((0.1**2 + 0.8**2) / 2)
    assert found["b_cubed_precision"] == 1
    assert found["b_cubed_recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert "key_right" not in found
    kin = pd.DataFrame({"person_a": [4], "person_b": [1]})
    part = families.judge_case(with_tables(families=TRUTH, kin=kin), Found(pairs, groups))
    found = families.measure([part], is_probability=True)
    assert (found["wanted"], found["claims"], found["pr_auc"]) == (2, 1, 0.5)  # x and c are neutral now
    twice = pd.DataFrame({"number_a": ["a", "x"], "number_b": ["x", "a"], "probability": [0.1, 0.2]})
    with pytest.raises(ValueError, match="twice"):
        families.judge_case(with_tables(families=TRUTH), Found(twice))


def members(*rows: tuple[str, int, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["number", "family_id", "role", "is_key_person"])


@pytest.mark.parametrize(
    ("found", "key_right", "by_role"),
    [
        # All right; c is alone in his planted family and is not judged.
        (
            [("x", 7, "spouse", True), ("a", 7, "spouse", False), ("b", 7, "child", False)],
            1.0,
            {"key": 1.0, "spouse": 1.0, "child": 1.0},
        ),
        # The key person is named by his second number; x himself has a role beside it, a wrong one.
        (
            [("y", 7, "other", True), ("x", 7, "spouse", False), ("a", 7, "spouse", False)],
            1.0,
            {"key": 0.0, "spouse": 2 / 3, "child": 0.0},
        ),
        # Spouses taken for one another.
        (
            [("a", 7, "key", True), ("x", 7, "spouse", False), ("b", 7, "child", False)],
            0.0,
            {"key": 0.0, "spouse": 0.0, "child": 1.0},
        ),
        # Two key persons are none; a "key" who is not named key person has no role.
        (
            [("x", 7, "other", True), ("a", 7, "other", True), ("b", 7, "key", False)],
            0.0,
            {"key": 2 / 3, "spouse": 0.0, "child": 0.0},
        ),
        # The key person sits in a family that is not the one.
        (
            [("x", 8, "other", True), ("a", 7, "spouse", False), ("b", 7, "child", False)],
            0.0,
            {"key": 1.0, "spouse": 1.0, "child": 1.0},
        ),
    ],
)
def test_key_persons_and_roles_by_hand(
    found: list[tuple[str, int, str, bool]], key_right: float, by_role: dict[str, float]
) -> None:
    part = families.judge_case(with_tables(families=TRUTH), Found(None, members(*found)))
    measured = families.measure([part])
    assert measured["key_right"] == key_right
    assert measured["families_of_three"] == 1
    assert measured["role_f1"] == pytest.approx(by_role)
    assert measured["roles_f1"] == pytest.approx(np.mean(list(by_role.values())))


def test_a_family_whose_key_person_is_unseen_is_not_judged() -> None:
    unseen = TRUTH.assign(is_key_person=TRUTH["number"].isin(["y", "c"]))
    part = families.judge_case(with_tables(families=unseen), Found(None, members(("x", 7, "key", True))))
    measured = families.measure([part])
    assert (measured["key_right"], measured["roles_f1"]) == (None, None)


ROLES = st.sampled_from([*family_roles.ROLES, "other", "none"])


@given(st.lists(st.tuples(ROLES, ROLES), min_size=1, max_size=25))
def test_role_f1_as_the_slow_twin_and_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    judge = pytest.importorskip("sklearn.metrics")
    true, found = np.array(pairs, dtype=object).T
    measured = family_roles.measure_roles([family_roles.Household(true, found, np.ones(1, dtype=bool))])
    slow = {}
    for role in family_roles.ROLES:
        right = sum(one == other == role for one, other in pairs)
        planted_count = sum(one == role for one, _ in pairs)
        claimed = sum(other == role for _, other in pairs)
        if planted_count:
            precision = right / claimed if claimed else 0.0
            recall = right / planted_count
            slow[role] = 2 * precision * recall / (precision + recall) if right else 0.0
    assert measured["role_f1"] == pytest.approx(slow)
    if slow:
        there = list(slow)
        assert measured["roles_f1"] == pytest.approx(
            judge.f1_score(
                true.astype(str), found.astype(str), labels=there, average="macro", zero_division=0
            )
        )


def test_baselines_by_hand() -> None:
    calls = family_baselines.call_count(world()).pairs.set_index(["number_a", "number_b"])["probability"]
    assert calls["c", "x"] == pytest.approx(3 / 13)
    assert ("a", "y") not in calls.index
    circles = family_baselines.jaccard(world()).pairs.set_index(["number_a", "number_b"])["probability"]
    # a knows x, y and z; x knows a, b and c; each is counted with himself.
    assert circles["a", "x"] == pytest.approx(2 / 6)
    groups = family_baselines.leiden(world()).families
    pd.testing.assert_frame_equal(groups, family_baselines.leiden(world()).families)
    assert len(groups) == 7


def test_linked_families_by_hand() -> None:
    # In 23 days x has three contacts with c and two with a and b each before the split, z two with a; the rest once.
    found = family_baselines.components(world(), 3 / 23).families.set_index("number")
    assert found.groupby("family_id").size().max() == 2
    assert found.loc["c", "family_id"] == found.loc["x", "family_id"]
    wide = family_baselines.components(world(), 2 / 23).families.set_index("number")
    together = wide[wide["family_id"] == wide.loc["x", "family_id"]]
    assert set(together.index) == set("xabcz")
    assert together.index[together["is_key_person"]].tolist() == ["x"]
    assert wide["is_key_person"].sum() == wide["family_id"].nunique()
    assert families.fit([with_tables(families=TRUTH)], [2 / 23, 9.0]) == 2 / 23


def test_leiden_needs_igraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(NotAvailableError, match="igraph"):
        family_baselines.leiden(world())


def test_views_hide_what_they_say() -> None:
    whole = world()
    rich = whole.events.assign(caller_cell="c", callee_cell="d", caller_imei="1")
    subscribers = pd.DataFrame({"number": list("xab"), "age": 30})
    made = replace(whole, events=rich, subscribers=subscribers, bills=subscribers, forwarding=subscribers)
    for view, columns in (
        (views.calls, views.PLAIN),
        (views.cells, [*views.PLAIN, "caller_cell", "callee_cell"]),
    ):
        seen = view(made)
        assert list(seen.events) == columns
        assert list(seen.subscribers) == ["number"]
        assert seen.bills is None
        assert seen.forwarding is None
    assert list(views.cells(whole).events) == views.PLAIN
    assert views.calls(whole).subscribers is None


def test_circlegraph_is_asked_with_what_the_view_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    pairs = pd.DataFrame({"number_a": ["a"], "number_b": ["x"], "probability": [0.5], "reason": [""]})

    def found(source: pd.DataFrame, **options: object) -> SimpleNamespace:
        given.update(options, columns=list(source))
        return SimpleNamespace(pairs=pairs, members=members(("a", 1, "child", False)))

    detectors: Callable[..., object] = SimpleNamespace(families=found)
    monkeypatch.setattr(cg, "detect", detectors)
    this = replace(world(), subscribers=pd.DataFrame({"number": ["x"], "age": [3]}))
    assert families.METHODS["circlegraph"](this).pairs.shape == (1, 3)
    assert list(given["subscribers"]) == ["number", "age"]
    assert families.METHODS["circlegraph, calls alone"](this).families.shape == (1, 4)
    assert list(given["subscribers"]) == ["number"]
    assert given["columns"] == views.PLAIN
    monkeypatch.setattr(cg, "detect", SimpleNamespace())
    with pytest.raises(NotAvailableError, match="not there yet"):
        families.METHODS["circlegraph"](this)
