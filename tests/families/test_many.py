"""What is done where there are many ties: pieces, a sample that teaches, and only some that are told."""

import homes
import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.detect.family import belief, evidence, pieces, result, tabled

TOWN = homes.town()


@pytest.fixture(scope="module")
def found() -> "cg.detect.families":
    return cg.detect.families(TOWN.calls, subscribers=TOWN.subscribers)


def test_pieces_change_nothing(found, monkeypatch) -> None:
    for module, size in ((belief, 100), (evidence, 70), (pieces, 33)):
        monkeypatch.setattr(module, "PIECE", size)
    again = cg.detect.families(TOWN.calls, subscribers=TOWN.subscribers)
    pd.testing.assert_frame_equal(again.members, found.members)
    pd.testing.assert_frame_equal(again.pairs, found.pairs)


def test_tables_in_pieces_are_the_whole(found, monkeypatch) -> None:
    monkeypatch.setattr(result, "PIECE", 7)
    for name in ("pairs", "weights"):
        whole, parts = getattr(found, name), list(found.pieces(name))
        assert len(parts) > 2
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


def test_pairs_inside_families(found) -> None:
    home = found.members.set_index("number")["family_id"]
    within = home.reindex(found.pairs.number_a).to_numpy() == home.reindex(found.pairs.number_b).to_numpy()
    assert 0 < within.sum() < len(within)
    some = found.inside()
    pd.testing.assert_frame_equal(some.pairs, found.pairs[within].reset_index(drop=True))
    assert set(some.weights.number_a) <= set(home.index)
    assert len(some.weights) < len(found.weights)


def test_what_is_not_listed_still_counts_inside_families(found, monkeypatch) -> None:
    home, said = found.members.set_index("number")["family_id"], found.pairs["probability"]
    inside = found.pairs["number_a"].map(home) == found.pairs["number_b"].map(home)
    least = float(said[inside].median())
    monkeypatch.setattr(tabled, "LEAST_LISTED", least)
    few = cg.detect.families(TOWN.calls, subscribers=TOWN.subscribers)
    pd.testing.assert_frame_equal(few.members, found.members)
    pd.testing.assert_frame_equal(few.pairs, found.pairs[said >= least].reset_index(drop=True))


def test_some_of_the_ties_teach_as_much(found, monkeypatch) -> None:
    monkeypatch.setattr(belief, "ENOUGH", len(found.pairs) // 4)
    again = cg.detect.families(TOWN.calls, subscribers=TOWN.subscribers)
    assert any((a != b).any() for a, b in zip(again.model.weights, found.model.weights, strict=True))
    assert again.model.prior == pytest.approx(found.model.prior, rel=0.3)
    assert min(homes.right(again.members, TOWN)) > 0.95


def test_what_is_known_teaches_whatever_the_sample(found, monkeypatch) -> None:
    pairs = found.pairs[["number_a", "number_b"]]
    labels = pairs.assign(
        family=[pair in TOWN.relatives() for pair in pairs.itertuples(index=False, name=None)]
    )
    monkeypatch.setattr(belief, "ENOUGH", 10)
    told = cg.detect.families(TOWN.calls, labels=labels)
    said = told.pairs.merge(labels, on=["number_a", "number_b"])
    assert len(said) > 50
    np.testing.assert_array_equal(said["probability"], said["family"].astype(float))
    untaught = belief.call_weights(told.listing.judged.ties.windows.length(0))
    assert not np.allclose(told.model.weights[0], untaught[0])
