"""Labels, waterfalls and explanations of second numbers."""

import numpy as np
import pandas as pd
import planted
import pytest

import circlegraph as cg
from circlegraph.errors import InputError

CALLS = planted.calls()
FOUND = cg.detect.dual_sim(
    CALLS, planted.AT, subscribers=planted.subscribers(), forwarding=planted.forwarding()
)


def test_every_own_number_has_one_label() -> None:
    labels = FOUND.labels.set_index("number")
    assert labels.index.is_unique
    assert set(labels.index) == set(CALLS.caller) | set(CALLS.callee)
    mover = labels.loc[planted.MOVER]
    assert (mover.dual_sim, mover.second_number, mover.kind) == ("own+own", planted.SECOND, "second card")
    assert mover.since == FOUND.pairs[FOUND.pairs.accepted].onset.iloc[0]
    used = CALLS[CALLS.kind != "forward"].assign(day=CALLS.start.dt.normalize())
    met = {
        number: {
            (peer, day)
            for end, other in (("caller", "callee"), ("callee", "caller"))
            for peer, day in used.loc[used[end] == number, [other, "day"]].itertuples(index=False)
        }
        for number in (planted.MOVER, planted.SECOND)
    }
    old = {peer for peer, day in met[planted.MOVER] if day < mover.since} - {planted.SECOND}
    kept, moved = (
        sum(peer in old and day >= mover.since for peer, day in met[number])
        for number in (planted.MOVER, planted.SECOND)
    )
    assert mover.moved_share == pytest.approx(moved / (moved + kept))
    assert set(labels.dual_sim.drop(planted.MOVER)) == {"none", "cannot_tell"}
    assert (labels.dual_sim == "cannot_tell").sum() == len(FOUND.cannot_tell)
    best = FOUND.pairs.groupby("number").probability.max()
    judged = labels[labels.dual_sim != "cannot_tell"].probability
    assert judged.to_numpy() == pytest.approx(best.reindex(judged.index).fillna(0).to_numpy())


def test_who_falls_silent_has_moved() -> None:
    late = CALLS.start >= planted.AT
    gone = CALLS.copy()
    for end in ("caller", "callee"):
        gone[end] = gone[end].where(~(late & (gone[end] == planted.MOVER)), planted.SECOND)
    subscribers = planted.subscribers().query("number != @planted.SECOND")
    labels = cg.detect.dual_sim(gone, planted.AT, subscribers=subscribers).labels.set_index("number")
    mover = labels.loc[planted.MOVER]
    assert (mover.dual_sim, mover.kind, mover.moved_share) == ("own+China Unicom", "move", 1.0)


def test_rules_label_without_probability() -> None:
    found = cg.detect.dual_sim(CALLS, planted.AT, method="rules")
    labels = found.labels
    assert labels.probability.isna().all()
    assert labels.number.is_unique
    accepted = found.pairs[found.pairs.accepted].sort_values("rank")
    assert accepted.number.duplicated().any()
    best = accepted.drop_duplicates("number").set_index("number").second_number
    assert labels.set_index("number").second_number.dropna().to_dict() == best.to_dict()


def test_waterfalls_add_up() -> None:
    pairs = FOUND.pairs.set_index(["number", "second_number"])
    sums = FOUND.weights.groupby(["number", "second_number"]).weight.sum()
    assert set(sums.index) >= set(pairs[pairs.accepted].index)
    assert sums.to_numpy() == pytest.approx(pairs.match_weight[sums.index].to_numpy())
    for _, rows in FOUND.weights.groupby(["number", "second_number"]):
        assert (rows.evidence.iloc[0], rows.evidence.iloc[-1]) == ("prior", "rivals")
    assert "document" in set(FOUND.weights.evidence)
    assert "handset" not in set(FOUND.weights.evidence)


def test_an_explanation_says_it_in_words_weights_and_peers() -> None:
    told = cg.explain(FOUND, planted.MOVER)
    assert told.second_number == planted.SECOND
    row = FOUND.pairs[(FOUND.pairs.number == planted.MOVER) & FOUND.pairs.accepted].iloc[0]
    assert told.text == row.reason
    assert told.weights.weight.sum() == pytest.approx(row.match_weight)
    for part in (
        f"{row.shared_peers} of his",
        "now call 186…",
        "first seen on 12 Feb 2024",
        "same identity document",
    ):
        assert part in repr(told)
    assert "in all" in repr(told)
    assert planted.SECOND in told._repr_html_()
    circle = cg.contact_circles(CALLS, planted.AT).to_pandas()
    mine = circle[circle.number == planted.MOVER].set_index("peer")
    theirs = circle[circle.number == planted.SECOND].set_index("peer").after_index
    peers = told.peers.set_index("peer")
    assert set(peers.index) == set(mine.index[mine.before_index > 0])
    np.testing.assert_allclose(peers.before_index, mine.before_index[peers.index])
    np.testing.assert_allclose(peers.second_index, theirs.reindex(peers.index).fillna(0))
    assert (peers.since.notna() == (peers.second_index > 0)).all()
    assert peers.stable.sum() == FOUND.explain(planted.MOVER).peers.stable.sum() > 3


def test_who_has_no_candidate_is_explained_too() -> None:
    told = cg.explain(FOUND, planted.SECOND)
    assert told.second_number is None
    assert told.text == "cannot tell: 0 stable own-network peers, 3 needed"
    assert len(told.weights) == 0
    with pytest.raises(InputError, match="no contacts"):
        cg.explain(FOUND, "13100000000")


def test_at_any_time_the_peers_are_split_at_the_onset() -> None:
    found = cg.detect.dual_sim(CALLS, "auto")
    told = found.explain(planted.MOVER)
    onset = found.pairs[found.pairs.number == planted.MOVER].onset.iloc[0]
    assert (told.peers.since.dropna() >= onset - pd.Timedelta(days=7)).all()
    assert found.labels.number.is_unique
