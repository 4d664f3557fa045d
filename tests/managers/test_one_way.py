"""Counts of calls that come in at lines of which nobody ever calls: who rings many of them, and few times each?"""

import callers_town as planted
import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.detect.account_managers.company import company

LINES = [f"H{i}" for i in range(60)]


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    """Sellers call 6 to 20 lines once or twice; collectors 1 to 8 lines often; all others a line once."""
    rng = np.random.default_rng(3)
    rows = []
    for i in range(40):
        rows += [(f"seller{i}", y, rng.integers(1, 3)) for y in rng.choice(LINES, rng.integers(6, 21), False)]
    for i in range(40):
        rows += [
            (f"collector{i}", y, rng.integers(60, 400))
            for y in rng.choice(LINES[:20], rng.integers(1, 9), False)
        ]
    rows += [(f"other{i}", rng.choice(LINES[:20]), rng.integers(1, 4)) for i in range(320)]
    return pd.DataFrame(rows, columns=["source", "destination", "calls"])


@pytest.fixture(scope="module")
def found(log: pd.DataFrame):
    return cg.detect.managers(log)


def kind(numbers: pd.Series) -> pd.Series:
    return numbers.str.rstrip("0123456789")


def test_sellers_rank_first(found) -> None:
    table = found.managers
    assert set(kind(table.number)) == {"seller", "collector", "other"}  # and no line
    assert (kind(table.number[:35]) == "seller").all()
    taken = table[table.accepted]
    assert (kind(taken.number) == "seller").mean() > 0.95
    assert (kind(taken.number) == "seller").sum() > 35
    assert (table.probability[kind(table.number) == "other"] < 0.3).all()


def test_repeated_calls_count_against(found, log: pd.DataFrame) -> None:
    calmer = log.assign(calls=log.calls.where(kind(log.source) != "collector", 1))
    again = cg.detect.managers(calmer)
    before, after = (
        frame.managers.set_index("number").probability.filter(like="collector").mean()
        for frame in (found, again)
    )
    assert before < after - 0.1


def test_what_nobody_can_do_is_not_missed(found) -> None:
    assert "replies" in found.facts
    assert found.profiles[["replied", "clustering"]].isna().all(axis=None)
    assert "0 %" not in found.managers.reason[0]
    assert "in contact" not in found.managers.reason[0]


def test_the_lines_may_be_listed(log: pd.DataFrame, found) -> None:
    again = cg.detect.managers(log, subscribers=pd.DataFrame({"number": LINES}))
    names = ["number", "probability", "accepted"]
    pd.testing.assert_frame_equal(again.managers[names], found.managers[names])


def test_a_line_that_calls_now_and_then_changes_nothing(log: pd.DataFrame, found) -> None:
    odd = pd.DataFrame([("H3", "H4", 1), ("H5", "H5", 2)], columns=log.columns)
    again = cg.detect.managers(pd.concat([log, odd]))
    assert "replies" in again.facts
    assert again.managers.number[:30].tolist() == found.managers.number[:30].tolist()


def test_a_town_is_not_one_way() -> None:
    town = planted.town()
    for source in (town.calls, town.calls.groupby(["caller", "callee"]).size().rename("count").reset_index()):
        assert "replies" not in cg.detect.managers(source, subscribers=town.subscribers).facts


def test_company_as_counted_by_hand() -> None:
    """Twin: line by line and caller by caller in plain Python."""
    rng = np.random.default_rng(0)
    pairs = sorted({(int(x), int(y)) for x, y in rng.integers(0, [9, 5], (25, 2))})
    probability = rng.random(9)

    class Ties:
        caller = np.array([x for x, _ in pairs])
        callee = np.array([10 + y for _, y in pairs])
        out = np.ones(len(pairs))

    class Scene:
        ties = Ties

    def log_odds(share: float) -> float:
        return float(np.log2(share / (1 - share)))

    usual = probability.mean()
    for x in range(9):
        gains = []
        for y in [y for z, y in pairs if z == x]:
            others = [probability[z] for z, of in pairs if of == y and z != x]
            gains.append(log_odds((sum(others) + 10 * usual) / (len(others) + 10)) - log_odds(usual))
        expected = np.mean(gains) if gains else 0.0
        assert company(Scene, probability)[x] == pytest.approx(expected)
