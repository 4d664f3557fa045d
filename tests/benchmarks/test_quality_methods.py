"""Baselines, truth and judging on a world worked by hand."""

import math
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from benchmarks.quality import judge, seeds, views
from benchmarks.quality.counts import count
from benchmarks.quality.methods import _pairs as pair_scores
from benchmarks.quality.methods import circlegraph_dual_sim, cosine, jaccard, operator_rule, signature
from benchmarks.quality.truth import make_truth, population
from benchmarks.quality.world import Case
from tests.benchmarks.quality_worlds import case, planted, world


def scores(found: pd.DataFrame) -> dict[str, float]:
    return {first + second: score for first, second, score in found.iloc[:, :3].itertuples(index=False)}


def test_counts_by_hand() -> None:
    counts = world().counts
    assert list(counts.numbers) == list("abcexyz")
    assert counts.before.toarray()[4].tolist() == [2, 2, 2, 0, 0, 0, 0]
    assert counts.after.toarray()[5].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert counts.stable.toarray()[4].tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert np.diff(counts.stable.indptr).tolist() == [1, 1, 1, 0, 3, 0, 0]
    assert counts.numbers[counts.new].tolist() == ["e", "y"]
    assert counts.minutes[:, 4] == pytest.approx([6 / 14, 1 / 8])
    assert population(world()) == {"x"}


def test_stable_peers_are_own() -> None:
    days = pd.to_datetime(["2024-05-01", "2024-05-08", "2024-05-20"])
    events = pd.DataFrame({"caller": "a", "callee": "b", "start": days, "duration": 1, "kind": "call"})
    assert count(events, pd.Timestamp("2024-05-15"), {"a"}).stable.toarray().tolist() == [[0, 0], [1, 0]]


def test_forwarding_legs_and_calls_to_oneself_are_no_contact() -> None:
    days = pd.to_datetime(["2024-05-01", "2024-05-02", "2024-05-20", "2024-05-21"])
    events = pd.DataFrame({"caller": list("aaba"), "callee": list("bacb"), "start": days, "duration": 1})
    found = count(events.assign(kind=["call", "call", "forward", "sms"]), pd.Timestamp("2024-05-15"), None)
    assert found.numbers.tolist() == ["a", "b"]
    assert found.before.toarray().tolist() == found.after.toarray().tolist() == [[0, 1], [1, 0]]


def test_the_wrong_way_round_is_neutral() -> None:
    this = case(planted(second_number="e"))
    found = pd.DataFrame({"number": ["e"], "second_number": ["x"], "probability": [1.0]})
    assert len(judge.judge_case(this, found).claims) == 0


def test_operator_rule_by_hand() -> None:
    rule = partial(operator_rule.rank, world())
    assert scores(rule(new_only=False, drop=False)) == {"xy": 2 / 3, "ac": 1, "bc": 1}
    assert scores(rule(new_only=True, drop=False)) == {"xy": 2 / 3}
    # b's minutes fall from 2/14 to 1/8 a day only, a's rise.
    assert scores(rule(new_only=False, drop=True)) == {"xy": 2 / 3}
    assert rule(new_only=True, drop=True)["accepted"].all()


def test_jaccard_by_hand() -> None:
    found = scores(jaccard.rank(world(), new_only=False))
    assert (found["xy"], found["xz"]) == (2 / 3, 1 / 4)
    # z met a before; of those who meet a after, y has two peers. z itself is no candidate.
    assert found["zy"] == 1 / 2
    assert not any(pair[0] == pair[1] for pair in found)
    assert {pair[1] for pair in scores(jaccard.rank(world(), new_only=True))} <= set("ey")


def test_cosine_by_hand() -> None:
    found = scores(cosine.rank(world(), new_only=False))
    assert found["xy"] == pytest.approx(2 / math.sqrt(6))
    assert found["xz"] == pytest.approx(1 / math.sqrt(6))


def test_signature_by_hand() -> None:
    # Traffic: x 7, a 5, b, c and z 3, y 2, e 1; the median is 3.
    found = scores(signature.rank(world(), new_only=False))
    points = 1 / 3 * 1 / 2 / 5 + 1 / 3 * 1 / 2 / 3
    assert found["xy"] == pytest.approx(points / (points + 1 / 3))


def test_signature_keeps_the_heaviest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "K", 1)
    found = scores(signature.rank(world(), new_only=False))
    points = 1 / 3 * 1 / 2 / 5
    assert found["xy"] == pytest.approx(points / (points + 1 / 3))


def test_blocks_and_tops_change_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = jaccard.rank(world(), new_only=False)
    monkeypatch.setattr(pair_scores, "BLOCK", 2)
    pd.testing.assert_frame_equal(whole, jaccard.rank(world(), new_only=False))
    monkeypatch.setattr(pair_scores, "TOP", 1)
    best = whole.sort_values("probability", ascending=False).groupby("number")["probability"].first()
    cut = jaccard.rank(world(), new_only=False).set_index("number")["probability"].sort_index()
    pd.testing.assert_series_equal(cut, best)


@pytest.mark.parametrize(
    ("change", "why_not"),
    [
        ({}, ""),
        ({"number": "y", "second_number": "x"}, "off-net number"),
        ({"number": "e"}, "no record before"),
        ({"mode": "data_only", "second_number": "unseen"}, "data-only"),
        ({"onset": pd.Timestamp("2024-05-14")}, "early onset"),
        ({"onset": pd.Timestamp("2024-05-15")}, ""),
        ({"onset": pd.Timestamp("2024-06-14")}, "late onset"),
        ({"second_number": "unseen"}, "not visible"),
        ({"visible": False}, "not visible"),
        ({"number": "a"}, "small circle"),
    ],
)
def test_rules_of_truth(change: dict[str, object], why_not: str) -> None:
    truth = make_truth(planted(**change), world())
    assert truth["why_not"].tolist() == [why_not]
    assert truth["wanted"].tolist() == [why_not == ""]


def test_judging_by_hand() -> None:
    hidden = planted(number="z", second_number="unseen", mode="data_only")
    held = planted(number="a", second_number="c", onset=pd.Timestamp("2024-05-02"))
    this = case(pd.concat([planted(), hidden, held], ignore_index=True))
    found = pd.DataFrame(
        [
            ("x", "y", 0.9),  # right
            ("x", "z", 0.9),  # as high, wrong, so that rank 1 is worth a half
            ("x", "e", 0.95),  # higher, wrong
            ("a", "c", 0.8),  # neutral: of one owner, but since before the split
            ("a", "b", 0.1),  # wrong
            ("y", "x", 1.0),  # neutral: the wrong way round
            ("z", "y", 0.97),  # wrong, the owner of a data-only number
        ],
        columns=["number", "second_number", "probability"],
    )
    judged = judge.judge_case(this, found)
    assert dict(zip(judged.claims["number"], judged.claims["score"], strict=True)) == {
        "x": 0.95,
        "a": 0.1,
        "z": 0.97,
    }
    assert judged.claims["right"].sum() == 0
    assert (judged.wanted["better"].tolist(), judged.wanted["equal"].tolist()) == ([1], [1])
    assert (judged.wanted["better_new"].tolist(), judged.wanted["equal_new"].tolist()) == ([1], [0])
    best = judge.measure(judge.judge_case(this, found.drop(index=2)), is_probability=True)
    assert best["rank1"] == 0.5
    assert best["recall_at_5"] == best["rank1_new"] == 1
    assert best["hidden_claimed"] == 0
    assert best["brier"] == pytest.approx((0.1**2 + 0.1**2 + 0.97**2) / 3)
    taken = judge.measure(judge.judge_case(this, found.assign(accepted=True)), is_probability=False)
    assert (taken["hidden_claimed"], taken["precision"], taken["recall"]) == (1, 0, 0)


def test_numbers_outside_the_population_are_left_aside() -> None:
    this = case()
    few = Case(this.world, this.truth, this.group, this.seed, frozenset("x"))
    found = pd.DataFrame({"number": ["x", "a"], "second_number": ["y", "c"], "probability": [0.5, 1.0]})
    assert judge.measure(judge.judge_case(few, found), is_probability=False)["pr_auc"] == 1
    assert judge.measure(judge.judge_case(this, found), is_probability=False)["pr_auc"] == 0.5


def test_an_empty_answer_and_a_repeated_pair() -> None:
    empty = pd.DataFrame({"number": [], "second_number": [], "probability": []})
    found = judge.measure(judge.judge_case(case(), empty), is_probability=True)
    assert (found["pr_auc"], found["rank1"], found["recall_at_95"]) == (0, 0, 0)
    twice = pd.DataFrame({"number": ["x"] * 2, "second_number": ["y"] * 2, "probability": [0.5, 1.0]})
    with pytest.raises(ValueError, match="twice"):
        judge.judge_case(case(), twice)


def test_seeds_are_disjoint(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds.check()
    monkeypatch.setitem(seeds.JUDGING, "city", (71, seeds.TUNING["city"][0]))
    with pytest.raises(ValueError, match="used twice"):
        seeds.check()


def test_circlegraph_gets_the_tables_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame(
        {"number": ["x"], "second_number": ["y"], "probability": [0.5], "accepted": [True], "rank": [1]}
    )
    given: dict[str, object] = {}

    def dual_sim(source: pd.DataFrame, **options: object) -> SimpleNamespace:
        given.update(options, rows=len(source))
        return SimpleNamespace(pairs=rows)

    monkeypatch.setattr(cg.detect, "dual_sim", dual_sim)
    this = replace(world(), forwarding=rows)
    assert scores(circlegraph_dual_sim.rank(this)) == {"xy": 0.5}
    assert given["forwarding"] is rows
    assert (given["at"], given["top_k"], given["rows"]) == (
        this.split,
        circlegraph_dual_sim.TOP,
        len(this.events),
    )
    before = this.split - this.events.start.min()
    assert (given["stable"] is None) == (before >= circlegraph_dual_sim.SHORT)


def test_counts_say_how_often_and_nothing_else() -> None:
    whole = world()
    events = whole.events.assign(kind=["forward", "sms", *["call"] * (len(whole.events) - 2)])
    seen = views.counts(replace(whole, events=events, bills=pd.DataFrame({"number": ["x"]})))
    assert list(seen.events) == ["caller", "callee", "kind", "count"]
    found = seen.events.set_index(["caller", "callee", "kind"])["count"].to_dict()
    # x phoned a twice: once forwarded, which was a call, and once by text.
    assert found[("x", "a", "call")] == found[("x", "a", "sms")] == 1
    assert found[("x", "b", "call")] == 2
    assert sum(found.values()) == len(events)
    assert seen.bills is None
