"""The windows end with the last counted event, from CDRs as from a store: second records lengthen nothing."""

from pathlib import Path

import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.contacts.windows import DAY

FIRST, DAYS = pd.Timestamp("2024-01-01"), 14
END = FIRST + pd.Timedelta(days=DAYS)
AT = "2024-01-08"
NUMBERS = [f"138{i:08}" for i in range(9)]

Call = tuple[str, str, pd.Timestamp, pd.Timestamp]
"""Caller, callee, and when the caller's and the callee's end say that it began."""


def seconds(count: int) -> pd.Timedelta:
    return pd.Timedelta(seconds=count)


def calls() -> list[Call]:
    """Two weeks of calls, which the callee's end dates a second later."""
    starts = pd.date_range(FIRST + pd.Timedelta(hours=8), END - pd.Timedelta(hours=3), freq="97min")
    return [
        (NUMBERS[i % 9], NUMBERS[(i + 1 + i % 4) % 9], start, start + seconds(1))
        for i, start in enumerate(starts)
    ]


def records(rows: list[Call], legs: bool) -> pd.DataFrame:
    """Both records of each call, of which the form tells the end or not."""
    ends = [(a, b, "t", start) for a, b, start, _ in rows] + [(b, a, "f", start) for a, b, _, start in rows]
    if legs:
        names = ["msisdn", "msisdn_counterpart", "outgoing", "datetime"]
        return pd.DataFrame(ends, columns=names).assign(duration=1.0).sort_values("datetime")
    plain = [(a, b, start) if way == "t" else (b, a, start) for a, b, way, start in ends]
    return pd.DataFrame(plain, columns=["caller", "callee", "start"]).assign(duration=60).sort_values("start")


A, B = NUMBERS[:2]
CASES = {
    "across the end": ([(A, B, END - seconds(1), END + seconds(1))], 0),
    "across the end, as late as can be": ([(A, B, END - seconds(1), END + seconds(4))], 0),
    "too far apart": ([(A, B, END - seconds(2), END + seconds(4))], 1),
    "after the end": ([(A, B, END, END + seconds(1))], 1),
    "across the end and after it": (
        [(A, B, END - seconds(1), END + seconds(1)), (B, A, END + seconds(2), END + seconds(3))],
        1,
    ),
    "one before the end, and one after it": (
        [(A, B, END - seconds(8), END - seconds(4)), (A, B, END + seconds(1), END + seconds(1))],
        1,
    ),
    "across the end, the callee's first": ([(A, B, END + seconds(1), END - seconds(1))], 0),
}
"""Calls beside the others, and by how many days they lengthen the data."""


@pytest.mark.parametrize("legs", [True, False])
@pytest.mark.parametrize(("more", "longer"), CASES.values(), ids=CASES)
def test_cdrs_and_a_store_end_on_the_same_day(
    more: list[Call], longer: int, legs: bool, tmp_path: Path
) -> None:
    rows = records(calls() + more, legs)
    store = cg.Store.create(tmp_path / "store")
    store.append(rows)
    found, stored = (cg.contact_circles(source, AT) for source in (rows, store))
    end = (END - pd.Timestamp(0)) // seconds(1) + longer * DAY
    assert found.windows.edges[-1] == end
    assert found.windows == stored.windows
    pd.testing.assert_frame_equal(found.to_pandas(), stored.to_pandas())


def test_a_call_across_the_last_midnight_leaves_the_indices_as_they_are() -> None:
    rows = [*calls(), (A, B, END - seconds(1), END + seconds(1))]
    once = pd.DataFrame([row[:3] for row in rows], columns=["caller", "callee", "start"]).assign(duration=60)
    plain, found = (cg.contact_circles(source, AT).to_pandas() for source in (once, records(rows, False)))
    pd.testing.assert_frame_equal(found, plain)


@pytest.mark.parametrize("legs", [True, False])
def test_both_begin_on_the_same_day(legs: bool, tmp_path: Path) -> None:
    """Of records on two days the earlier one counts, whichever end's it is."""
    rows = records([*calls(), (A, B, FIRST + seconds(1), FIRST - seconds(1))], legs)
    store = cg.Store.create(tmp_path / "store")
    store.append(rows)
    found, stored = (cg.contact_circles(source, AT) for source in (rows, store))
    assert found.windows == stored.windows
    assert found.windows.edges[0] == (FIRST - pd.Timestamp(0)) // seconds(1) - DAY
    pd.testing.assert_frame_equal(found.to_pandas(), stored.to_pandas())


@pytest.mark.filterwarnings("ignore:.*more than a year away")
def test_strays_do_not_hide_a_day_of_second_records(tmp_path: Path) -> None:
    away = FIRST - pd.Timedelta(days=5000)
    rows = records([*calls(), (A, B, END - seconds(1), END + seconds(1)), (A, B, away, away)], legs=True)
    store = cg.Store.create(tmp_path / "store")
    store.append(rows)
    found, stored = (cg.contact_circles(source, AT) for source in (rows, store))
    assert found.windows == stored.windows
    assert found.windows.edges[-1] == (END - pd.Timestamp(0)) // seconds(1)
