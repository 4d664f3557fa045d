"""Onsets and weekly movement: truth, baselines and judging on worlds worked by hand."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from benchmarks.quality import movement, onsets
from benchmarks.quality.methods import circlegraph_onsets
from benchmarks.quality.world import Case, NotAvailableError, World
from circlegraph.errors import InputError
from tests.benchmarks.quality_worlds import case, world

MONDAY = pd.Timestamp("2024-05-06")


def day(number: float) -> pd.Timestamp:
    return MONDAY + pd.Timedelta(days=number)


def calls(rows: list[tuple[str, str, float, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["caller", "callee", "day", "duration"])
    return frame.assign(start=MONDAY + pd.to_timedelta(frame["day"], unit="D"), kind="call").drop(
        columns="day"
    )


def test_stable_peers_before_a_time_of_ones_own() -> None:
    rows = [("x", "a", 0, 9), ("a", "x", 8, 9), ("x", "b", 1, 9), ("x", "b", 2, 9), ("x", "o", 0, 9)]
    rows += [("o", "x", 8, 9), ("x", "c", 3, 9), ("x", "c", 15, 9)]
    made = World("", calls(rows), day(4), frozenset("xabc"))
    until = pd.Series({"x": day(10), "a": day(8), "b": pd.NaT})
    # Before day 10, x met a in two weeks; o is off-net; b only in one week; c again later.
    assert onsets.stable_before(made, until).to_dict() == {"x": 1, "a": 0, "b": 0}
    whole = pd.Series(pd.NaT, index=pd.Index(["x", "a", "c"]))
    assert onsets.stable_before(made, whole).to_dict() == {"x": 2, "a": 1, "c": 1}


PLANTED = {
    "number": "x",
    "second_number": "y",
    "onset": day(30),
    "mode": "full",
    "cause": "own_choice",
    "share_moved": 1.0,
    "second_events": 5,
    "visible": True,
    "first_ends": day(40),
}


@pytest.mark.parametrize(
    ("change", "why_not"),
    [
        ({}, ""),
        ({"onset": day(27)}, "early onset"),
        ({"onset": day(28)}, ""),
        ({"onset": day(60)}, "late onset"),
        ({"visible": False}, "not visible"),
        ({"mode": "data_only"}, "data-only"),
        ({"number": "o"}, "off-net number"),
        ({"number": "a"}, "small circle"),
    ],
)
def test_rules_of_anytime_truth(change: dict[str, object], why_not: str) -> None:
    rows = [("x", peer, when, 9) for peer in "abc" for when in (0, 8)] + [("x", "o", 70, 9)]
    made = World("", calls(rows), day(28), frozenset("xabc"))
    truth = onsets.anytime_truth(pd.DataFrame([PLANTED | change]), made, day(60))
    assert truth["why_not"].tolist() == [why_not]
    assert truth["kind"].tolist() == ["move"]
    assert truth["network"].tolist() == ["other"]


def test_onsets_are_judged_where_the_best_candidate_is_right() -> None:
    this = case()
    truth = pd.concat([this.truth] * 3, ignore_index=True).assign(
        number=["x", "z", "a"], second_number=["y", "e", "e"], wanted=True, why_not="", kind="move"
    )
    this = replace(this, truth=truth)
    found = pd.DataFrame(
        {
            "number": ["x", "z", "z", "a"],
            "second_number": ["y", "e", "b", "e"],
            "probability": [0.9, 0.5, 0.6, 0.4],
            # The right candidate of z is not his best one.
            "onset": [pd.Timestamp("2024-05-26"), day(0), day(0), pd.Timestamp("2024-05-13")],
            "kind": ["move", "move", "move", "second card"],
        }
    )
    part = onsets.judge_case(this, found)
    assert part.dates["days"].tolist() == [10.0, -3.0]
    measured = onsets.measure([part, part], is_probability=True)
    assert (measured["wanted"], measured["dated"]) == (6, 4)
    assert (measured["onset_error_days"], measured["onset_bias_days"]) == (6.5, 3.5)
    assert (measured["onset_near"], measured["kind_right"]) == (0.5, 0.5)
    assert measured["rank1"] == pytest.approx(2 / 3)
    assert measured["onset_error_by_mode"] == {"by_contact": 6.5}
    bare = onsets.measure([onsets.judge_case(this, found.drop(columns="kind"))])
    assert bare["kind_right"] is None


def test_whole_window_baseline_dates_by_the_first_record() -> None:
    found = onsets.whole_window_jaccard(world())
    row = found.set_index(["number", "second_number"]).loc[("x", "y")]
    assert row["onset"] == pd.Timestamp("2024-05-20")
    # x knows a, b, c; y knows a and b.
    assert row["probability"] == pytest.approx(2 / 3)
    middle = onsets.jaccard_in_the_middle(world())
    assert set(middle["onset"]) == {pd.Timestamp("2024-05-12")}


def test_circlegraph_is_asked_for_onsets(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = pd.DataFrame(
        {"number": ["x"], "second_number": ["y"], "probability": 0.5, "accepted": True, "onset": day(1)}
    )
    labels = pairs[["number", "second_number"]].assign(kind="move")

    def dual_sim(_: pd.DataFrame, *, at: object, **__: object) -> SimpleNamespace:
        assert at == "auto"
        return SimpleNamespace(pairs=pairs, labels=labels)

    def needs_a_split(*_: object, **__: object) -> None:
        raise InputError("no date")

    monkeypatch.setattr(cg, "detect", SimpleNamespace(dual_sim=dual_sim))
    assert circlegraph_onsets.rank(world())["kind"].tolist() == ["move"]
    monkeypatch.setattr(cg, "detect", SimpleNamespace(dual_sim=needs_a_split))
    with pytest.raises(NotAvailableError, match="auto"):
        circlegraph_onsets.rank(world())


def steady(weeks: int = 16) -> World:
    """a and b talk ten minutes every day; x talks to c as much until week 9, then no more; bills say the same."""
    rows = [("a", "b", number + 0.5, 600) for number in range(7 * weeks)]
    rows += [("x", "c", number + 0.5, 600) for number in range(7 * 9)]
    months = pd.date_range("2024-02-01", periods=7, freq="MS")
    bills = pd.concat(
        [
            pd.DataFrame({"number": "a", "month": months, "mou": 300.0}),
            pd.DataFrame({"number": "x", "month": months, "mou": [300.0] * 4 + [200.0, 0.0, 0.0]}),
        ]
    )
    subscribers = pd.DataFrame({"number": list("abcx"), "activated": [day(-9)] * 3 + [day(50)]})
    forwarding = pd.DataFrame({"number": ["x"], "forward_to": ["o"], "since": [day(50)]})
    return World("", calls(rows), day(28), frozenset("abcx"), subscribers, forwarding, bills)


def test_nothing_of_the_future_is_seen() -> None:
    seen = movement.until(steady(), 6)
    assert (seen.split, seen.events["start"].max()) == (day(42), day(48.5))
    assert seen.subscribers["number"].tolist() == list("abc")
    assert len(seen.forwarding) == 0
    # 24 June: the bills of May are out, those of June are not.
    assert seen.bills["month"].max() == pd.Timestamp("2024-05-01")
    assert len(movement.until(steady(), 7).forwarding) == 1


def test_drop_rule_by_hand() -> None:
    minutes = movement.weekly_minutes(movement.until(steady(), 9))
    assert minutes.shape == (4, 10)
    assert minutes.loc["x"].tolist() == [70.0] * 9 + [0.0]
    drops = movement.largest_drop(movement.until(steady(), 9)).set_index("number")["score"]
    assert drops.to_dict() == {"a": 0.0, "b": 0.0, "c": 1.0, "x": 1.0}
    assert movement.drop_rule(movement.until(steady(), 8))["score"].sum() == 0
    # Two weeks later the mean holds two full weeks and two empty ones.
    later = movement.largest_drop(movement.until(steady(), 11)).set_index("number")["score"]
    assert later["x"] == 1.0
    assert movement.first_low_bill(steady()).to_dict() == {"x": pd.Timestamp("2024-07-01")}


def moving_case() -> Case:
    """Of 200 numbers n000 is lost in week 9, n004 in week 12; the others below are no losses."""
    numbers = [f"n{place:03d}" for place in range(200)]
    weekly = pd.MultiIndex.from_product([range(16), numbers], names=["week", "number"]).to_frame(index=False)
    weekly = weekly.assign(
        state="steady", moved_share=0.0, first_date=MONDAY + pd.to_timedelta(7 * weekly["week"], unit="D")
    )
    weekly.loc[weekly["number"].eq("n000") & weekly["week"].ge(7), "moved_share"] = 0.6
    weekly.loc[weekly["number"].eq("n000") & weekly["week"].ge(8), "moved_share"] = 1.0
    weekly.loc[weekly["number"].eq("n003"), "moved_share"] = 0.4
    weekly.loc[weekly["number"].eq("n004") & weekly["week"].ge(12), "moved_share"] = 0.5
    second = pd.DataFrame(
        {
            "number": ["n000", "n001", "n003", "n004"],
            "second_number": ["o0", "o1", "o3", "o4"],
            "operator": "A",
            "second_operator": ["B", "A", "B", "B"],
            "mode": ["full", "full", "by_contact", "by_contact"],
            "share_moved": [1.0, 1.0, 0.4, 0.5],
            "first_ends": [day(7 * 9 + 2), pd.NaT, pd.NaT, pd.NaT],
        }
    )
    leavers = pd.DataFrame({"number": ["n000", "n002"], "cause": ["replaced", "gone"]})
    tables = {"weekly": weekly, "second_numbers": second, "leavers": leavers}
    return replace(case(), world=replace(steady(), own=None), tables=tables)


def test_losses_by_hand() -> None:
    lost, aside = movement.losses(moving_case())
    # All has moved in week 8, but the old number is silent in week 9 only.
    assert lost.to_dict() == {"n000": 9, "n004": 12}
    assert aside == {"n001", "n002"}


def test_warnings_by_hand() -> None:
    this = moving_case()
    weeks = list(movement.WEEKS)
    found = pd.DataFrame({"number": "n000", "week": weeks, "score": 0.0})
    found.loc[found["week"] >= 8, "score"] = 20.0
    others = pd.DataFrame({"number": [f"n{place:03d}" for place in (10, 11, 12)], "week": 8, "score": 10.0})
    part = movement.judge_case(this, pd.concat([found, others], ignore_index=True))
    rows = part.rows
    # 198 numbers a week; n000 only up to week 9, when it is lost. Two places on a list of one in a hundred.
    assert len(rows) == 198 * len(weeks) - (weeks[-1] - 9) - (weeks[-1] - 12)
    wanted = rows[rows["wanted"]].groupby("number")["week"].agg(list).to_dict()
    assert wanted == {"n000": [6, 7, 8, 9], "n004": [9, 10, 11, 12]}
    assert rows.groupby("week")["listed"].sum().to_dict() == {
        week: {8: 2, 9: 1}.get(week, 0) for week in weeks
    }
    assert part.lost["lead"].tolist() == pytest.approx([1.0, math.nan], nan_ok=True)
    measured = movement.measure([part, part])
    assert (measured["wanted"], measured["lost"], measured["warned_in_time"]) == (16, 4, 0.5)
    assert measured["precision_at_list"] == pytest.approx(2 / 3)
    assert measured["base_rate"] == pytest.approx(8 / len(rows))
    assert measured["lift"] == pytest.approx(2 / 3 / (8 / len(rows)))
    # Claims by score: twice n000 (right), then others, then the rest at 0 with six right ones a world.
    assert measured["pr_auc"] == pytest.approx((4 / 16) * 1 + (12 / 16) * 8 / len(rows))
    assert measured["lead_weeks"] == 1.0
    assert measured["bill_lead_weeks"] is None


def test_late_warnings_have_a_negative_lead_and_no_warning_none() -> None:
    this = moving_case()
    late = pd.DataFrame({"number": ["n000", "n010"], "week": [10, 10], "score": [5.0, 5.0]})
    measured = movement.measure([movement.judge_case(this, late)])
    assert (measured["warned_in_time"], measured["lead_weeks"]) == (0.0, -1.0)
    never = late.assign(number="n011")
    measured = movement.measure([movement.judge_case(this, never.drop_duplicates())])
    assert (measured["warned_in_time"], measured["lead_weeks"]) == (0.0, None)


def test_early_is_before_half_of_the_contact_has_gone() -> None:
    this = moving_case()
    weekly = this.tables["weekly"]
    weekly.loc[weekly["number"].eq("n000") & weekly["week"].eq(7), "moved_share"] = 0.3
    for week, early in ((6, 1.0), (7, 1.0), (8, 0.0)):
        found = pd.DataFrame({"number": ["n000"], "week": [week], "score": [1.0]})
        part = movement.judge_case(this, found)
        # n004 moves within its week: nothing of its own records tells before.
        assert part.lost[["early", "possible_early"]].to_numpy().tolist() == [[early, 1.0], [0.0, 0.0]]
        assert part.lost["possible_lead"].tolist() == [2.0, 0.0]
        measured = movement.measure([part])
        assert (measured["warned_early"], measured["possible_early"]) == (early / 2, 0.5)


def test_lead_over_the_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    this = moving_case()
    low = pd.Series({"n000": day(7 * 12)})
    monkeypatch.setattr(movement, "first_low_bill", lambda _: low)
    found = pd.DataFrame({"number": ["n000"], "week": [8], "score": [1.0]})
    # Told at the end of week 8, three weeks before the end of week 11.
    assert movement.judge_case(this, found).lost["bill_lead"].tolist() == pytest.approx(
        [3.0, math.nan], nan_ok=True
    )


def test_lift_over_the_drop_rule() -> None:
    rows = pd.DataFrame(
        {
            "week": 8,
            "number": [str(place) for place in range(10)],
            "score": np.arange(10.0),
            "wanted": [False] * 8 + [True] * 2,
            "dropped": [True] * 4 + [False] * 5 + [True],
            "listed": [False] * 8 + [True] * 2,
        }
    )
    names = ("lead", "bill_lead", "early", "possible_early", "possible_lead")
    nobody = pd.DataFrame({name: [math.nan] for name in names})
    measured = movement.measure([movement.Part(rows, nobody)])
    assert measured["rule_precision"] == pytest.approx(1 / 5)
    assert measured["lift_over_rule"] == pytest.approx(1.0 / 0.2)
    assert measured["pr_auc"] == 1.0


def test_methods_are_asked_week_by_week(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[pd.Timestamp, pd.Timestamp]] = []

    def warn(seen: World) -> pd.DataFrame:
        asked.append((seen.split, seen.events["start"].max()))
        return pd.DataFrame({"number": ["a"], "score": [float(len(asked))]})

    found = movement.every_week(warn, steady())
    assert [split for split, _ in asked] == [day(7 * week) for week in movement.WEEKS]
    assert all(split < last < split + movement.WEEK for split, last in asked)
    assert found["week"].tolist() == list(movement.WEEKS)
    assert found["score"].tolist() == [place + 1.0 for place in range(len(movement.WEEKS))]
    monkeypatch.setattr(cg, "detect", SimpleNamespace())
    with pytest.raises(NotAvailableError, match="not there yet"):
        movement.METHODS["circlegraph"](steady())
