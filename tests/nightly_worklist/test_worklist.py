"""The work list: who stands on it, in which order, with which words; and who does not."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from circlegraph.detect.account_managers.stages import STAGES
from circlegraph.detect.family.roles import ROLES
from circlegraph.detect.weekly_movement.points import FIGURES, LEVELS
from circlegraph.detect.weekly_movement.words import PHRASES as MOVEMENT
from circlegraph.errors import SettingsError
from circlegraph.nightly.words import CHINESE
from circlegraph.nightly.worklist import COLUMNS, held_out, make_worklist, situations
from circlegraph.nightly.worklist_settings import SITUATIONS, TEMPLATES, WorklistSettings
from circlegraph.nightly.worklist_words import PHRASES

DATE = "2024-05-31"
NOBODY_OUT = WorklistSettings(control_share=0)


def labels(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "dual_sim": "none",
        "dual_sim_since": pd.NaT,
        "moved_share": np.nan,
        "is_key_person": False,
        "family_size": 1,
        "manager_contacts_3m": 0,
        "movement_points": 0.0,
        "movement_level": "stable",
        "churn_propensity": np.nan,
        "value_tier": "mid",
        "circle_size": 10,
    }
    return pd.DataFrame([{"number": f"n{i}", **usual, **row} for i, row in enumerate(rows)])


def level(points: float) -> dict[str, Any]:
    name = "high" if points >= 20 else "medium" if points >= 14 else "low" if points >= 9 else "stable"
    return {"movement_points": points, "movement_level": name}


SECOND = {"dual_sim": "own+China Unicom", "dual_sim_since": pd.Timestamp("2024-05-02")}
CASES = {
    "family_key": {**level(14), "is_key_person": True, "family_size": 4},
    "mostly_moved": {**SECOND, "moved_share": 0.7},
    "second_light": {**SECOND, "moved_share": 0.2},
    "approached": {"manager_contacts_3m": 3},
    "moving": level(14),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situations(situation: str) -> None:
    assert situations(labels(CASES[situation]))[0] == situation


def test_who_is_not_called() -> None:
    quiet = labels(
        {}, {"is_key_person": True, "family_size": 3}, {"dual_sim": "own+own"}, {"dual_sim": "cannot_tell"}
    )
    assert situations(quiet).tolist() == [""] * 4
    assert not len(make_worklist(quiet, DATE))
    assert list(make_worklist(quiet, DATE).columns) == list(COLUMNS)


def test_a_low_level_alone_is_no_reason_to_call() -> None:
    key = {"is_key_person": True, "family_size": 3}
    risks = [np.nan, 0.01, 0.09, 0.1]
    people = labels(*[{**level(9), **key} for _ in risks], {**level(14), **key})
    for basis in ("movement_risk", "churn_propensity"):
        assert situations(people.assign(**{basis: [*risks, 0.01]})).tolist() == [""] * 3 + ["family_key"] * 2


def test_words() -> None:
    made = make_worklist(labels(*CASES.values()), DATE, settings=NOBODY_OUT).set_index("situation")
    assert made.loc["mostly_moved", "why"] == (
        "uses a second number (China Unicom) since 2024-05-02, 70 % of his contact moved"
    )
    assert made.loc["family_key", "why"] == "key person of a family of 4"
    assert made.loc["approached", "why"] == "3 contacts with account managers in 3 months"
    assert made.loc["moving", "why"] == "movement level medium, risk 26 %"
    assert made.loc["mostly_moved", "say_first"].startswith("70 % of his contact has moved")
    assert "a family of 4" in made.loc["family_key", "say_first"]
    assert "called him 3 times" in made.loc["approached", "say_first"]
    assert made["rank"].tolist() == [1, 2, 3, 4, 5]


def test_reason_of_the_movement_is_told_once() -> None:
    unknown = dict.fromkeys((*FIGURES, "off_net_usual", "circle_usual", "forwards_away"), float("nan"))
    old = {**unknown, "arrears": 2.0, "week": "2024-05-24", "fired": "arrears"}
    new = {**unknown, "second_number": 0.93, "silent_week": 1.0, "fired": "second_number,silent_week"}
    weeks = pd.DataFrame([old, {**new, "week": "2024-05-31"}]).assign(
        number="n0", level="low", known_points=10.0
    )
    made = make_worklist(labels(CASES["second_light"]), DATE, movement=weeks, settings=NOBODY_OUT)
    assert made["why"][0].endswith("20 % of his contact moved; a week without calls")
    assert "probability" not in made["why"][0]
    assert "arrears" not in made["why"][0]
    chinese = replace(NOBODY_OUT, language="zh")
    made = make_worklist(labels(CASES["second_light"]), DATE, movement=weeks, settings=chinese)
    assert made["why"][0].startswith("使用第二号码(")
    assert made["why"][0].endswith("20 %的通信已转移; 一周无通话")


def test_every_text_is_there_in_both_languages() -> None:
    for told in (TEMPLATES, PHRASES, MOVEMENT):
        names, places = (
            {name: set(re.findall(r"{(\w+)", text)) for name, text in told[language].items()}
            for language in ("en", "zh")
        )
        assert names == places
    for situation, text in TEMPLATES["zh"].items():
        assert WorklistSettings(language="zh").template(situation) == text
    with pytest.raises(SettingsError, match="language is 'fr'"):
        WorklistSettings(language="fr")
    values = {*ROLES, *STAGES, *LEVELS}
    assert values <= CHINESE.keys()


def test_ranked_by_value_at_risk() -> None:
    table = labels(level(20), level(24), level(24), {**level(9), "churn_propensity": 0.9})
    bills = pd.DataFrame(
        {"number": ["n0", "n1", "n2", "n3"] * 2, "month": ["2024-03"] * 4 + ["2024-04"] * 4}
    ).assign(arpu=[100, 20, 200, 100, 100, 40, 200, 100])
    made = make_worklist(table, DATE, bills=bills, settings=NOBODY_OUT).set_index("number")
    assert made.index.tolist() == ["n2", "n3", "n0", "n1"]
    assert made.loc["n1", "value"] == 30
    assert made.loc["n0", "probability"] == 0.5
    assert made.loc["n1", "probability"] == pytest.approx(2 / 3)
    assert made.loc["n3", "basis"] == "propensity"
    assert (made["value_at_risk"] == made["probability"] * made["value"]).all()


def test_high_by_service_calls_is_no_small_risk() -> None:
    table = labels({"movement_points": 0.0, "movement_level": "high"}, level(19))
    assert make_worklist(table, DATE, settings=NOBODY_OUT)["number"].tolist() == ["n0", "n1"]


def test_risk_of_the_last_week_orders_where_no_propensity_is_known() -> None:
    people = labels(level(14), {}, {}, {"churn_propensity": 0.7, **level(9)})
    weeks = pd.DataFrame(
        {
            "number": ["n0", "n1", "n1", "n2"],
            "week": pd.to_datetime(["2024-05-31", "2024-05-24", "2024-05-31", "2024-05-31"]),
            "risk": [0.02, 0.9, 0.3, 0.05],
            "fired": "",
        }
    ).assign(
        **dict.fromkeys((*FIGURES, "off_net_usual", "circle_usual", "forwards_away"), np.nan), level="low"
    )
    made = make_worklist(people, DATE, movement=weeks, settings=NOBODY_OUT).set_index("number")
    # n2 is stable and of no great risk; n1 is stable too, but not to be waited for.
    assert made["probability"].to_dict() == {"n3": 0.7, "n1": 0.3, "n0": 0.02}
    assert made["basis"].to_dict() == {"n3": "propensity", "n1": "risk", "n0": "risk"}


@pytest.mark.parametrize(
    ("tier", "size", "value", "basis"),
    [("high", 10, 4, "value_tier"), (None, 30, 3, "activity"), ("odd", 5, 0.5, "activity")],
)
def test_value_without_bills(tier: str | None, size: int, value: float, basis: str) -> None:
    table = labels({**level(20), "value_tier": tier, "circle_size": size}, {}, {})
    row = make_worklist(table, DATE, settings=NOBODY_OUT).iloc[0]
    assert (row["value"], row["value_basis"]) == (value, basis)


def test_number_without_a_bill_is_worth_the_median_of_its_tier() -> None:
    table = labels(level(20), *[{"value_tier": "mid"}] * 3, {"value_tier": "high"})
    bills = pd.DataFrame({"number": ["n1", "n2", "n3", "n4"], "month": "2024-04", "arpu": [10, 20, 60, 500]})
    assert make_worklist(table, DATE, bills=bills, settings=NOBODY_OUT)["value"].tolist() == [20]


def test_last_three_bills_up_to_the_night() -> None:
    months = ["2024-01", "2024-02-01", "202403", "2024-04", "2024-07"]
    bills = pd.DataFrame({"number": "n0", "month": months, "arpu": ["1000", "10", "20", "30", "5000"]})
    made = make_worklist(labels(level(20)), DATE, bills=bills, settings=NOBODY_OUT)
    assert made["value"].tolist() == [20]
    early = make_worklist(labels(level(20)), "2023-05-01", bills=bills, settings=NOBODY_OUT)
    assert early["value_basis"].tolist() == ["value_tier"]


def many(n: int, **more: Any) -> pd.DataFrame:
    return labels(*[{**level(14 + i % 10), **more} for i in range(n)])


def test_cap_per_desk_and_control_group() -> None:
    table = many(400).assign(region=["north", "south"] * 200)
    settings = WorklistSettings(cap=20, control_share=0.2, desk="region")
    made = make_worklist(table, DATE, settings=settings)
    for _, desk in made.groupby("desk"):
        called = desk[desk["group"] == "call"]
        assert called["rank"].tolist() == list(range(1, 21))
        assert called["value_at_risk"].is_monotonic_decreasing
        control = desk[desk["group"] == "control"]
        assert control["rank"].isna().all()
        assert (control["value_at_risk"] >= called["value_at_risk"].min()).all()
    assert 0 < (made["group"] == "control").sum() < 30
    assert set(made["desk"]) == {"north", "south"}


def test_control_group_is_held_out_for_good() -> None:
    numbers = [f"n{i}" for i in range(5000)]
    settings = WorklistSettings(control_share=0.1)
    out = held_out(numbers, settings)
    assert 0.08 < out.mean() < 0.12
    assert (out == held_out(numbers, settings)).all()
    larger = held_out(numbers, WorklistSettings(control_share=0.2))
    assert (larger | ~out).all()
    assert (out != held_out(numbers, WorklistSettings(control_share=0.1, seed="2"))).any()


def test_nobody_twice_within_the_days_of_rest() -> None:
    table = many(30)
    first = make_worklist(table, "2024-05-01", settings=WorklistSettings(cap=10))
    again = make_worklist(table, "2024-05-30", history=first, settings=WorklistSettings(cap=10))
    assert not set(first["number"]) & set(again["number"])
    later = make_worklist(table, "2024-05-31", history=first, settings=WorklistSettings(cap=10))
    assert set(first["number"]) == set(later["number"])
    # The night is run again: its own list is no earlier one.
    same = make_worklist(table, "2024-05-01", history=first, settings=WorklistSettings(cap=10))
    pd.testing.assert_frame_equal(first, same)


def test_order_of_the_labels_does_not_matter() -> None:
    table = many(200)
    made = make_worklist(table, DATE)
    pd.testing.assert_frame_equal(made, make_worklist(table.sample(frac=1, random_state=1), DATE))


def test_desks_from_a_table() -> None:
    desks = pd.DataFrame({"number": ["n0", "n1"], "desk": ["a", "b"]})
    assert make_worklist(many(3), DATE, desks=desks, settings=NOBODY_OUT)["desk"].tolist() == [
        "a",
        "b",
        "unknown",
    ]


def test_least_value() -> None:
    table = labels({**level(20), "value_tier": "low"}, {**level(20), "value_tier": "high"})
    settings = WorklistSettings(control_share=0, least_value=2)
    assert make_worklist(table, DATE, settings=settings)["number"].tolist() == ["n1"]


def test_only_numbers_are_needed() -> None:
    bare = pd.DataFrame({"number": ["n0", "n1"], "movement_level": ["high", "stable"]})
    made = make_worklist(bare, DATE, settings=NOBODY_OUT)
    assert made["number"].tolist() == ["n0"]
    assert made["situation"].tolist() == ["moving"]


def test_settings() -> None:
    own = WorklistSettings.of({"templates": {"moving": "Ask {operator}."}, "seed": 7})
    made = make_worklist(labels(CASES["moving"]), DATE, settings=own)
    assert made["say_first"].tolist() == ["Ask another operator."]
    assert own.template("approached") == TEMPLATES["en"]["approached"]
    with pytest.raises(SettingsError, match="no setting 'caps'; did you mean 'cap'"):
        WorklistSettings.of({"caps": 3})
    with pytest.raises(SettingsError, match=r"cap is 0.*control_share is 1.*'movin'; did you mean 'moving'"):
        WorklistSettings.of({"cap": 0, "control_share": 1, "templates": {"movin": ""}})
    with pytest.raises(SettingsError, match=r"uses \{operater\}; did you mean 'operator'"):
        WorklistSettings.of({"templates": {"moving": "{operater}"}})
    with pytest.raises(SettingsError, match="cannot be read"):
        WorklistSettings.of({"templates": {"moving": "{"}})
