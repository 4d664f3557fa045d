"""What is missing is unknown: it weighs nothing, and the rest is still found."""

import homes
import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.errors import InputError, SettingsError

TOWN = homes.town()
CALLS = TOWN.calls
FIRST = CALLS["start"].min()

LESS = {
    "a month": CALLS[CALLS["start"] < FIRST + pd.Timedelta(days=30)],
    "a month without durations": CALLS[CALLS["start"] < FIRST + pd.Timedelta(days=30)].drop(
        columns="duration"
    ),
    "a week": CALLS[CALLS["start"] < FIRST + pd.Timedelta(days=7)],
    "no durations": CALLS.drop(columns="duration"),
    "all unanswered": CALLS.assign(duration=0),
    "dates without times": CALLS.assign(start=CALLS["start"].dt.normalize()),
    "no evenings and nights": CALLS[CALLS["start"].dt.hour.between(8, 17)],
    "no weekends": CALLS[CALLS["start"].dt.day_of_week < 5],
    "texts alone": CALLS.assign(kind="sms"),
    "one direction alone": CALLS.assign(
        caller=CALLS[["caller", "callee"]].min(axis=1), callee=CALLS[["caller", "callee"]].max(axis=1)
    ),
}


@pytest.mark.parametrize("name", LESS)
def test_families_are_found_with_less(name: str) -> None:
    found = cg.detect.families(LESS[name])
    precision, recall = homes.right(found.members, TOWN)
    assert precision > 0.9
    assert recall > 0.8


@pytest.mark.parametrize("left_out", ["age", "id_document", "plan", "region"])
def test_tables_may_lack_any_column_and_any_entry(left_out: str) -> None:
    listed = TOWN.subscribers.drop(columns=left_out)
    found = cg.detect.families(CALLS, subscribers=listed)
    assert homes.right(found.members, TOWN) > (0.95, 0.95)
    holes = TOWN.subscribers.copy()
    holes.loc[::3, left_out] = None
    assert homes.right(cg.detect.families(CALLS, subscribers=holes).members, TOWN) > (0.95, 0.95)


def test_what_is_unknown_weighs_nothing() -> None:
    found = cg.detect.families(CALLS.drop(columns="duration"))
    assert set(found.weights["evidence"]) == {"closeness", "circle", "company", "hours"}
    assert found.pairs[["short_calls", "same_home_cell", "age_difference"]].isna().all().all()
    assert found.pairs["same_document"].isna().all()
    assert found.facts["evidence"] == "contacts, hours"
    dated = cg.detect.families(LESS["dates without times"])
    assert dated.facts["evidence"] == "contacts, durations"
    assert "hours say nothing" in dated.facts["warning"]


def test_tables_and_cells_say_more() -> None:
    family = TOWN.people.set_index("number")["family"]
    busy = CALLS["start"].dt.hour.between(8, 19) & (CALLS["start"].dt.day_of_week < 5)
    cells = {
        f"{end}_cell": np.where(busy, "46000-1", "46000-" + (10 + CALLS[end].map(family)).astype(str))
        for end in ("caller", "callee")
    }
    found = cg.detect.families(CALLS.assign(**cells), subscribers=TOWN.subscribers)
    pairs = found.pairs.set_index(["number_a", "number_b"])
    true = pairs.index.isin(TOWN.relatives())
    assert pairs.loc[true, "same_home_cell"].min() > 0.9
    assert not (pairs.loc[~true, "same_home_cell"] > 0.3).any()
    assert pairs.loc[true, "same_account"].all()
    assert pairs.loc[true, "probability"].min() > 0.85
    assert pairs.loc[~true, "probability"].max() < 0.8
    assert {"home cell", "document", "account", "ages"} <= set(found.weights["evidence"])


def test_a_tariff_is_no_account() -> None:
    rng = np.random.default_rng(1)
    listed = TOWN.subscribers.assign(plan=[f"tariff {k}" for k in rng.integers(0, 16, len(TOWN.people))])
    found = cg.detect.families(CALLS, subscribers=listed)
    assert found.pairs["same_account"].sum() < 0.05 * len(
        found.pairs
    )  # two who share a tariff by chance and have a tie
    assert homes.right(found.members, TOWN) > (0.95, 0.95)


def test_key_persons_and_roles_by_ages_and_documents() -> None:
    members = cg.detect.families(CALLS, subscribers=TOWN.subscribers).members.merge(TOWN.people, on="number")
    keys = members[members["is_key_person"]]
    assert (keys["place"] == 0).mean() > 0.9  # children are in the name of the first adult
    others = members[
        ~members["is_key_person"] & members["family"].isin(keys.loc[keys["place"] == 0, "family"])
    ]
    right = others["role"] == others["place"].map({1: "spouse", 2: "child", 3: "parent"})
    assert right.mean() > 0.95
    assert (members["plan_place"] == np.where(members["is_key_person"], "main", "secondary")).all()
    assert members["role_probability"].between(0, 1).all()
    assert members.loc[members["role"] == "child", "reason"].str.contains("years younger than the key").all()


def test_without_ages_roles_are_told_or_unknown() -> None:
    members = cg.detect.families(CALLS).members
    assert set(members["role"]) <= {"key", "spouse", "parent", "child", "unknown"}
    assert (members.groupby("family_id")["role"].agg(lambda roles: (roles == "spouse").sum()) <= 1).all()
    assert members["plan_place"].isna().all()


def test_only_own_numbers_are_judged_but_others_may_be_relatives() -> None:
    own = TOWN.people.loc[TOWN.people["place"] != 1, ["number"]]
    found = cg.detect.families(CALLS, subscribers=own)
    assert found.pairs["number_a"].isin(own["number"]).sum() < len(found.pairs)
    either = found.pairs["number_a"].isin(own["number"]) | found.pairs["number_b"].isin(own["number"])
    assert either.all()
    assert homes.right(found.members, TOWN) > (0.9, 0.85)


def everybody_with_everybody(n: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = [(a, b, day) for a in range(n) for b in range(n) if a != b for day in range(0, 28, 3)]
    a, b, day = np.array(rows).T
    seconds = day * 86_400 + rng.integers(0, 86_400, len(day))
    return pd.DataFrame(
        {
            "caller": [f"138{x:08d}" for x in a],
            "callee": [f"138{x:08d}" for x in b],
            "start": FIRST + pd.to_timedelta(seconds, unit="s"),
            "duration": 60,
        }
    )


def hotline(numbers: list[str]) -> pd.DataFrame:
    days = pd.to_timedelta(np.tile([3, 17, 41], len(numbers)), unit="D")
    return pd.DataFrame(
        {"caller": "10086", "callee": np.repeat(numbers, 3), "start": FIRST + days, "duration": 20}
    )


def test_no_families_are_made_up() -> None:
    alike = cg.detect.families(everybody_with_everybody())
    assert not len(alike.members)
    assert "no families could be told" in alike.facts["warning"]
    one = cg.detect.families(CALLS.iloc[:1])
    assert not len(one.members)
    assert "too few ties" in one.facts["warning"]


def test_a_hub_is_nobodys_relative() -> None:
    numbers = sorted(TOWN.people["number"])
    for most_peers in (90, 1000):
        found = cg.detect.families(pd.concat([CALLS, hotline(numbers)]), most_peers=most_peers)
        assert "10086" not in set(found.members["number"])
        assert homes.right(found.members, TOWN) > (0.95, 0.9)
    assert (
        cg.detect.families(pd.concat([CALLS, hotline(numbers)]), most_peers=90).facts["hubs"].startswith("1 ")
    )


def test_known_pairs_teach_and_are_believed() -> None:
    known = pd.DataFrame(sorted(TOWN.relatives())[:20], columns=["number_b", "number_a"]).assign(family="yes")
    strangers = cg.detect.families(CALLS).pairs.tail(1)[["number_a", "number_b"]].assign(family="no")
    found = cg.detect.families(CALLS, labels=pd.concat([known, strangers]))
    said = found.pairs.set_index(["number_a", "number_b"])["probability"]
    assert (said[list(zip(known["number_b"], known["number_a"], strict=True))] == 1).all()
    assert not said.index.isin([tuple(strangers.iloc[0][["number_a", "number_b"]])]).any()
    with pytest.raises(InputError, match="row 1: family must be true or false"):
        cg.detect.families(CALLS, labels=known.assign(family="perhaps"))
    with pytest.raises(InputError, match="no column 'family'"):
        cg.detect.families(CALLS, labels=known.drop(columns="family"))


def test_holidays_count_as_days_off() -> None:
    plain = cg.detect.families(CALLS)
    festive = cg.detect.families(CALLS, holidays=["2024-03-06", "2024-03-07", "2024-03-08"])
    assert not np.allclose(plain.pairs["days_off"].mean(), festive.pairs["days_off"].mean())


def test_settings_are_checked() -> None:
    for wrong in ({"days": 0}, {"most_peers": 0}, {"holidays": ["soon"]}):
        with pytest.raises(SettingsError):
            cg.detect.families(CALLS, **wrong)
