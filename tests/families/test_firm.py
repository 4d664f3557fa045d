"""One month of one firm's people and their families, without durations: colleagues are no relatives."""

import homes
import numpy as np
import pandas as pd
import pytest

import circlegraph as cg


def found(town: homes.Town) -> "cg.detect.families":
    return cg.detect.families(town.calls, subscribers=town.people[["number"]])


@pytest.mark.parametrize("seed", [1, 2])
def test_colleagues_who_phone_as_much_are_no_relatives(seed: int) -> None:
    town = homes.firm(seed)
    result = found(town)
    precision, recall = homes.right(result.members, town)
    assert precision > 0.9
    assert recall > 0.6
    staff = set(town.people.loc[town.people["place"] == 0, "number"])
    pairs = result.pairs
    colleagues = pairs["number_a"].isin(staff) & pairs["number_b"].isin(staff)
    assert pairs.loc[colleagues, "probability"].max() < 0.6
    assert pairs.loc[colleagues, "reason"].str.contains("mostly in work hours").any()


def test_few_families_end_in_an_answer() -> None:
    town = homes.firm(3, families=8)
    precision, recall = homes.right(found(town).members, town)
    assert precision > 0.8
    assert recall > 0.5


def test_where_nobody_has_relatives_hardly_any_are_told_and_a_warning_is() -> None:
    town = homes.firm(1, at_home=1e-9)
    result = found(town)
    assert len(result.members) < 0.2 * len(town.people)
    assert result.pairs["probability"].max() < 0.9
    assert "hardly a tie is surely one of relatives" in result.facts["warning"]


def test_known_pairs_correct_the_weights() -> None:
    town = homes.firm(1)
    people = set(town.people["number"])
    ends = np.sort(town.calls[["caller", "callee"]].to_numpy(dtype=str), axis=1)
    pairs = sorted({(a, b) for a, b in ends.tolist() if {a, b} <= people})
    known = pd.DataFrame(pairs, columns=["number_a", "number_b"])
    known["family"] = [pair in town.relatives() for pair in pairs]
    taught = cg.detect.families(town.calls, subscribers=town.people[["number"]], labels=known.iloc[::2])
    assert not np.allclose(found(town).model.weights[0], taught.model.weights[0])
    mean = taught.pairs.merge(known.iloc[1::2]).groupby("family")["probability"].mean()
    assert mean[True] > 0.9
    assert mean[False] < 0.1
