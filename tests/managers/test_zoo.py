"""Odd inputs: nothing may crash, and whatever is not known is left open."""

from pathlib import Path

import callers_town as planted
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.evidence.kinds import KindBand, KindModel, learn_kinds


def log(rows: list[tuple[str, str, str, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["caller", "callee", "start", "duration"])


def many(callees: int, start: str = "2024-05-02 10:00") -> list[tuple[str, str, str, int]]:
    return [("far", f"p{i}", start, 30) for i in range(callees)]


OWN = pd.DataFrame({"number": [f"p{i}" for i in range(40)]})

ZOO = {
    "one call": log([("far", "p1", "2024-05-02 10:00", 5)]),
    "all at once": log(many(30)),
    "nobody picks up": log([(a, b, start, 0) for a, b, start, _ in many(30)]),
    "only called": log([(b, a, start, seconds) for a, b, start, seconds in many(30)]),
    "self calls": log([*many(9), ("far", "far", "2024-05-02 10:00", 5), ("p1", "p1", "2024-05-03 10:00", 5)]),
    "ends of a year": log([*many(12), *many(12, "2025-05-01 23:59")]),
    "off-net among themselves": log([*many(12), ("far", "away", "2024-05-02 10:00", 5)]),
    "nobody own": log([("x", f"y{i}", "2024-05-02 10:00", 5) for i in range(20)]),
    "texts": log(many(20)).assign(kind="sms"),
    "counts": pd.DataFrame({"caller": ["far"] * 9, "callee": OWN.number[:9], "count": range(1, 10)}),
}


@pytest.mark.filterwarnings("ignore:none of the 40 listed subscribers")
@pytest.mark.parametrize("name", ZOO)
def test_odd_inputs(name: str, tmp_path: Path) -> None:
    found = cg.detect.managers(ZOO[name], subscribers=OWN)
    probability = found.managers.probability.to_numpy(dtype=float)
    assert ((probability >= 0) & (probability <= 1)).all()
    assert found.managers["rank"].tolist() == list(range(1, len(probability) + 1))
    assert set(found.contacts.manager) <= set(found.managers.number[found.managers.accepted])
    found.write(tmp_path / "m.csv", tmp_path / "c.csv")
    assert repr(found)
    assert found._repr_html_()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["far", "away", "beyond"]),
            st.integers(0, 39),
            st.booleans(),
            st.integers(0, 200 * 86_400),
            st.integers(0, 900),
        ),
        min_size=40,
        max_size=150,
    )
)
def test_counts_agree_with_the_log(calls) -> None:
    """Twin: count the peers, the opened ties and the last three months of every judged number in plain Python."""
    begin = pd.Timestamp("2024-01-01")
    rows = sorted(
        (begin + pd.Timedelta(seconds=at), *((a, f"p{b}") if out else (f"p{b}", a)), seconds)
        for a, b, out, at, seconds in calls
    )
    table = pd.DataFrame(rows, columns=["start", "caller", "callee", "duration"]).drop_duplicates()
    found = cg.detect.managers(table, subscribers=OWN, threads=1)
    profiles = found.profiles.set_index("number")
    for number in ("far", "away", "beyond"):
        mine = table[(table.caller == number) | (table.callee == number)]
        peers = set(mine.caller) | set(mine.callee) - {number}
        peers -= {number}
        assert (number in profiles.index) == (len(peers) >= 8)
        if number in profiles.index:
            row = profiles.loc[number]
            assert row.contacts == len(peers)
            assert row.callees == mine.callee[mine.caller == number].nunique()
            assert row.active_days == mine.start.dt.normalize().nunique()
            assert row.initiated == pytest.approx((mine.caller == number).mean())


def test_a_store_tells_the_same(tmp_path: Path) -> None:
    town = planted.town()
    store = cg.Store.create(tmp_path / "store")
    store.append(town.calls)
    stored, fresh = (
        cg.detect.managers(source, subscribers=town.subscribers) for source in (store, town.calls)
    )
    pd.testing.assert_frame_equal(stored.managers, fresh.managers)
    pd.testing.assert_frame_equal(stored.contacts, fresh.contacts)


def test_the_copenhagen_people_have_no_off_net_numbers(tmp_path: Path) -> None:
    """Students among themselves, as a file without a calendar."""
    path = tmp_path / "calls.csv"
    rng = np.random.default_rng(0)
    people = rng.integers(0, 50, (300, 2))
    calls = pd.DataFrame({"timestamp": np.sort(rng.integers(0, 2_000_000, 300)), "from": people[:, 0]})
    calls.assign(to=people[:, 1], duration=rng.integers(-1, 300, 300)).to_csv(path, index=False)
    found = cg.detect.managers(cg.open_cdr([str(path)], epoch="2014-02-03"))
    assert len(found.managers) == 0
    assert "none" in found.facts["off-net numbers"]


def test_a_kind_grows_from_its_surest_cases() -> None:
    """Two pieces of evidence; of the second nothing is expected, and the surest cases teach it."""
    first = KindBand("first", (0.0, 1.0), ((0.02, 0.98), (0.98, 0.02)))
    second = KindBand("second", (0.0, 1.0), ((0.5, 0.5), (0.5, 0.5)))
    values = {"first": np.repeat([1.0, 0.0], [300, 700]), "second": np.repeat([1.0, 0.0], [300, 700])}
    allowed = np.ones((1000, 2), np.bool_)
    expected = KindModel.as_expected(["a", "b"], [first, second], np.array([0.3, 0.7]))
    model = learn_kinds(expected, values, allowed)
    alone = {"first": np.array([np.nan] * 2), "second": np.array([1.0, 0.0])}
    belief = model.belief(alone)[:, 0]
    assert belief[0] > 0.8
    assert belief[1] < 0.1
    allowed[:, 0] = False
    assert learn_kinds(expected, values, allowed).prior[0] < 0.2
