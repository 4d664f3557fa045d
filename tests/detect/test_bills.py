"""Bills as evidence: the fall from the months before to the months after, and what they do to a search."""

import math

import numpy as np
import pandas as pd
import planted
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.detect.bills import EARLY, LATE, MONTHS, Bills
from circlegraph.detect.known import read_bills
from circlegraph.errors import CirclegraphWarning, InputError
from circlegraph.numbers import encode

FIRST = 12 * 54  # 2024-01
NAMES = ("13800138000", "13900139000")
PAID = st.dictionaries(
    st.tuples(st.integers(0, 1), st.integers(0, 9)), st.sampled_from([None, 0.0, 10.0, 25.0]), min_size=1
)


def fall(paid: dict[tuple[int, int], float | None], number: int, day: int) -> float:
    """The plain twin of `Bills.drop`; months are counted from 2024-01."""
    date = pd.Timestamp("1970-01-01") + pd.Timedelta(days=day)
    own = (date.year - 2024) * 12 + date.month - 1
    last, first = own - (date.day < LATE), own + (date.day > EARLY)
    sides = [range(last - MONTHS + 1, last + 1), range(first, first + MONTHS)]
    known = [[v for m in side if (v := paid.get((number, m))) is not None] for side in sides]
    if not all(known) or not sum(known[0]):
        return math.nan
    before, after = (sum(side) / len(side) for side in known)
    return 1 - after / before


@given(PAID, st.lists(st.tuples(st.integers(0, 1), st.integers(19_700, 20_100)), min_size=1))
def test_falls_equal_twin(paid: dict[tuple[int, int], float | None], asked: list[tuple[int, int]]) -> None:
    rows = [(NAMES[x], f"2024-{month + 1:02d}", value) for (x, month), value in paid.items()]
    table = pd.DataFrame(rows, columns=["number", "month", "arpu"]).astype({"arpu": float})
    keys = encode(list(NAMES))
    order = np.argsort(keys)
    bills = Bills.of(read_bills(table), NumberIndex(keys[order]))
    ids, days = np.array(asked, np.int64).T.copy()
    found = bills.drop("arpu", np.argsort(order)[ids], days)
    np.testing.assert_allclose(found, [fall(paid, *ask) for ask in asked], rtol=1e-6)
    assert np.isnan(bills.drop("mou", ids, days)).all()


def test_a_month_long_ago_takes_one_column() -> None:
    table = pd.DataFrame({"number": NAMES, "month": ["1970-01", "2024-01"], "arpu": [1.0, 2.0]})
    held = Bills.of(read_bills(table), NumberIndex(np.sort(encode(list(NAMES)))))
    assert held.figures["arpu"].shape == (2, 2)


def bills(after: float) -> pd.DataFrame:
    """What everybody pays, the mover less from February on."""
    table = pd.DataFrame(
        [(name, f"2024-0{month}", 50.0, 100.0) for name in planted.NAMES.values() for month in (1, 2, 3)],
        columns=["number", "month", "arpu", "mou"],
    )
    falls = (table.number == planted.MOVER) & (table.month > "2024-01")
    table.loc[falls, ["arpu", "mou"]] *= after
    return table


CALLS = planted.calls()


@pytest.mark.parametrize("at", [planted.AT, "auto"])
def test_bills_that_fall_speak_for_a_second_number(at: str) -> None:
    weight = {}
    for after in (0.3, 1.0, 1.5):
        found = cg.detect.dual_sim(CALLS, at, bills=bills(after))
        pair = (found.pairs.number == planted.MOVER) & (found.pairs.second_number == planted.SECOND)
        row = found.pairs[pair].iloc[0]
        assert (row.arpu_drop, row.mou_drop) == pytest.approx((1 - after,) * 2, abs=1e-3)
        parts = found.weights[found.weights.number == planted.MOVER].set_index("evidence")
        weight[after] = parts.weight["fall of all contacts"]
        assert "his bills " in row.reason
    assert weight[0.3] > weight[1.0] > weight[1.5]
    without = cg.detect.dual_sim(CALLS, at).pairs
    assert without.arpu_drop.isna().all()
    assert not without.reason.str.contains("his bills").any()


def test_rules_ask_for_a_fall_of_the_bills() -> None:
    for after, accepted in ((0.6, True), (0.8, False)):
        found = cg.detect.dual_sim(CALLS, planted.AT, bills=bills(after), method="rules").pairs
        row = found[(found.number == planted.MOVER) & (found.second_number == planted.SECOND)].iloc[0]
        assert row.overlap >= 0.4
        assert row.accepted == accepted


def test_bills_of_others_and_bad_ones() -> None:
    plain = cg.detect.dual_sim(CALLS, planted.AT).pairs
    others = pd.DataFrame({"number": ["13799999999"], "month": ["2024-01"], "arpu": [9.0], "mou": [1.0]})
    pd.testing.assert_frame_equal(cg.detect.dual_sim(CALLS, planted.AT, bills=others).pairs, plain)
    with pytest.warns(CirclegraphWarning, match="negative"):
        cg.detect.dual_sim(CALLS, planted.AT, bills=others.assign(arpu=-9.0))
    with pytest.raises(InputError, match="'apru' is not known; did you mean 'arpu'"):
        cg.detect.dual_sim(CALLS, planted.AT, bills=others.rename(columns={"arpu": "apru"}))
