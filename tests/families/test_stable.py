"""Families from night to night, and second numbers folded in."""

import homes
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.detect.family.fold import family_ties, fold_second_numbers
from circlegraph.errors import InputError

TOWN = homes.town()
FOUND = cg.detect.families(TOWN.calls)


def test_families_keep_their_ids(tmp_path) -> None:
    again = cg.detect.families(TOWN.calls, previous=FOUND.members)
    pd.testing.assert_frame_equal(again.members, FOUND.members)
    assert not len(again.changes)
    FOUND.write(tmp_path / "members.csv")
    pd.testing.assert_frame_equal(
        cg.detect.families(TOWN.calls, previous=tmp_path / "members.csv").members, again.members
    )


def test_changes_are_listed() -> None:
    gone = FOUND.members["family_id"].iloc[0]
    left = FOUND.members[FOUND.members["family_id"] == FOUND.members["family_id"].iloc[-1]]["number"].iloc[-1]
    home = FOUND.members.set_index("number")["family_id"]
    silent = {*home.index[home == gone], left}
    calls = TOWN.calls[~TOWN.calls["caller"].isin(silent) & ~TOWN.calls["callee"].isin(silent)]
    now = cg.detect.families(calls, previous=FOUND.members)
    changes = now.changes.set_index("number")
    assert (changes.loc[list(home.index[home == gone]), "change"] == "gone").all()
    assert changes.loc[left, "change"] == "left"
    assert changes.loc[left, "previous_family_id"] == home[left]
    kept = now.members.set_index("number")["family_id"]
    assert (kept == home.reindex(kept.index)).all()


def test_new_families_get_new_ids() -> None:
    third = sorted(set(FOUND.members["family_id"]))[2]
    before = FOUND.members[FOUND.members["family_id"] != third]
    now = cg.detect.families(TOWN.calls, previous=before)
    new = now.changes[now.changes["change"] == "new"]
    assert set(new["number"]) == set(FOUND.members.loc[FOUND.members["family_id"] == third, "number"])
    assert not set(new["family_id"]) & set(before["family_id"])
    assert now.members["number"].is_unique


def test_ids_of_families_that_have_ended_are_not_given_again() -> None:
    days = TOWN.calls["start"].dt.normalize()
    last = FOUND.members["family_id"].max()
    ended = set(FOUND.members.loc[FOUND.members["family_id"] == last, "number"])
    silent = TOWN.calls["caller"].isin(ended) | TOWN.calls["callee"].isin(ended)
    nights = [days <= days.max() - pd.Timedelta(days=ago) for ago in (2, 1, 0)]
    first = cg.detect.families(TOWN.calls[nights[0]])
    gone = first.members[first.members["number"].isin(ended)]["family_id"].unique()
    second = cg.detect.families(TOWN.calls[nights[1] & ~silent], previous=first.members)
    third = cg.detect.families(TOWN.calls[nights[2]], previous=second.members)
    assert len(gone)
    assert not set(gone) & {*second.members["family_id"], *third.members["family_id"]}
    assert ended & set(third.members["number"])


def test_previous_members_are_checked() -> None:
    with pytest.raises(InputError, match="no column 'family_id'"):
        cg.detect.families(TOWN.calls, previous=FOUND.members[["number"]])
    with pytest.raises(InputError, match="list a number twice"):
        cg.detect.families(TOWN.calls, previous=pd.concat([FOUND.members, FOUND.members]))


def test_ties_inside_families_stand_on_both_sides() -> None:
    ties = family_ties(FOUND)
    turned = ties.rename(columns={"number": "relative", "relative": "number"})[ties.columns]
    pd.testing.assert_frame_equal(turned.sort_values(["number", "relative"], ignore_index=True), ties)
    home = FOUND.members.set_index("number")["family_id"]
    assert (ties["number"].map(home) == ties["relative"].map(home)).all()


def fold(members: list[tuple[str, str, str, bool]], pairs: list[tuple[str, str, bool]]) -> pd.DataFrame:
    table = pd.DataFrame(members, columns=["number", "family_id", "role", "is_key_person"])
    table["family_size"] = table.groupby("family_id")["number"].transform("size")
    claims = pd.DataFrame(pairs, columns=["number", "second_number", "accepted"])
    return fold_second_numbers(table, claims)


THREE = [("a", "F1", "key", True), ("b", "F1", "spouse", False), ("c", "F1", "child", False)]


def test_second_numbers_take_their_owners_place() -> None:
    made = fold(THREE, [("b", "b2", True), ("c", "x", False)]).set_index("number")
    assert list(made.index) == ["a", "b", "b2", "c"]
    assert made.loc["b2", ["owner", "family_id", "role", "is_key_person"]].tolist() == [
        "b",
        "F1",
        "spouse",
        False,
    ]
    assert (made["family_size"] == 3).all()


def test_an_owner_takes_the_place_of_his_second_number() -> None:
    made = fold(THREE, [("z", "a", True)]).set_index("number")
    assert made.loc["z", ["owner", "family_id", "role", "is_key_person"]].tolist() == ["z", "F1", "key", True]
    assert made.loc["a", ["owner", "role", "is_key_person"]].tolist() == ["z", "key", False]
    assert (made["family_size"] == 3).all()


def test_a_family_of_one_owner_is_none() -> None:
    assert not len(fold([("a", "F1", "key", True), ("a2", "F1", "spouse", False)], [("a", "a2", True)]))


def test_rings_and_chains_of_second_numbers_end() -> None:
    chain = fold(THREE, [("a", "b", True), ("b", "b2", True)]).set_index("number")
    assert chain.loc[["a", "b", "b2"], "owner"].tolist() == ["a", "a", "a"]
    ring = fold(THREE, [("a", "b", True), ("b", "a", True)])
    assert ring["number"].is_unique
    half = fold(THREE, [("x", "a", True), ("y", "x", True), ("a", "y", True)]).set_index("number")
    assert half.loc[["a", "x", "y"], "owner"].tolist() == ["y", "y", "y"]


@given(st.lists(st.tuples(st.sampled_from("abcxyz"), st.sampled_from("abcxyz"))))
def test_any_second_numbers_can_be_folded_in(pairs: list[tuple[str, str]]) -> None:
    made = fold(THREE, [(owner, second, True) for owner, second in pairs if owner != second])
    assert made["number"].is_unique
    owner = made.set_index("number")["owner"]
    assert (owner.reindex(owner) == owner.to_numpy()).all()  # owners are their own, and stand in the table
    assert made.groupby("owner")["family_id"].nunique().max() <= 1 or not len(made)


def test_folding_wants_its_columns() -> None:
    with pytest.raises(InputError, match="no column 'accepted'"):
        fold_second_numbers(FOUND.members, pd.DataFrame({"number": [], "second_number": []}))
