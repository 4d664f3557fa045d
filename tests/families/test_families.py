"""Families: found in a planted town, the same in any order, from any form, with anything missing."""

import homes
import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.detect.family.run import run_families

TOWN = homes.town()


@pytest.fixture(scope="module")
def found() -> "cg.detect.families":
    return cg.detect.families(TOWN.calls)


def test_families_are_found_by_calls_alone(found) -> None:
    precision, recall = homes.right(found.members, TOWN)
    assert precision > 0.95
    assert recall > 0.9
    said = found.pairs.set_index(["number_a", "number_b"])["probability"]
    true = said.index.isin(TOWN.relatives())
    assert said[true].mean() > 0.9
    assert said[~true].mean() < 0.35


def test_the_tables_are_in_the_contracts_columns(found) -> None:
    assert list(found.members)[:6] == [
        "number",
        "family_id",
        "family_size",
        "role",
        "is_key_person",
        "probability",
    ]
    assert list(found.pairs)[:3] == ["number_a", "number_b", "probability"]
    assert (found.pairs["number_a"] < found.pairs["number_b"]).all()
    assert not found.pairs.duplicated(["number_a", "number_b"]).any()
    assert found.members["number"].is_unique
    by = found.members.groupby("family_id")
    assert (by["number"].size() == by["family_size"].first()).all()
    assert (by["is_key_person"].sum() == 1).all()
    assert not any(word in " ".join(found.members["family_id"]) for word in TOWN.people["number"])


def test_the_weights_of_a_pair_add_up(found) -> None:
    parts = found.weights.groupby(["number_a", "number_b"])["weight"].sum() + found.model.prior_weight
    whole = found.pairs.set_index(["number_a", "number_b"])["match_weight"]
    np.testing.assert_allclose(parts.reindex(whole.index), whole, atol=1e-9)


def test_nothing_depends_on_order_threads_or_direction(found) -> None:
    shuffled = TOWN.calls.sample(frac=1, random_state=1)
    again = cg.detect.families(shuffled, threads=1)
    pd.testing.assert_frame_equal(again.members, found.members)
    pd.testing.assert_frame_equal(again.pairs, found.pairs)


def test_duplicates_count_once(found) -> None:
    twice = pd.concat([TOWN.calls, TOWN.calls])
    pd.testing.assert_frame_equal(cg.detect.families(twice).members, found.members)


def test_hashed_numbers_give_the_same_families(found) -> None:
    names = {number: f"x{i:05d}z" for i, number in enumerate(sorted(TOWN.people["number"]))}
    calls = TOWN.calls.assign(caller=TOWN.calls["caller"].map(names), callee=TOWN.calls["callee"].map(names))
    hashed = cg.detect.families(calls).members
    back = {name: number for number, name in names.items()}
    groups = hashed.assign(number=hashed["number"].map(back)).groupby("family_id")["number"].agg(frozenset)
    assert set(groups) == set(found.members.groupby("family_id")["number"].agg(frozenset))


def test_a_store_gives_the_same_as_the_cdrs(found, tmp_path) -> None:
    store = cg.Store.create(tmp_path / "store")
    store.append(TOWN.calls)
    pd.testing.assert_frame_equal(cg.detect.families(store).members, found.members)


def test_blocks_change_nothing(found, monkeypatch) -> None:
    monkeypatch.setattr("circlegraph.resources._EDGE_BYTES", 10**6)  # rows of some 80 edges at a time
    blocks, _ = run_families(TOWN.calls, resources=cg.Resources(threads=2, memory_limit=10**9))
    pd.testing.assert_frame_equal(blocks.members, found.members)
    pd.testing.assert_frame_equal(blocks.pairs, found.pairs)


def test_pairs_written_in_pieces_are_the_same(found, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("circlegraph.detect.family.result.PIECE", 7)
    found.write(tmp_path / "members.parquet", tmp_path / "pairs.parquet")
    written = pd.read_parquet(tmp_path / "pairs.parquet")
    assert len(written) == len(found.listing) > 7
    told = [name for name in written if not name.startswith("same_")]  # unknown here, by other words
    pd.testing.assert_frame_equal(written[told], found.pairs[told], check_dtype=False)
