"""Strays: left out where they are few and far away, from CDRs as from a store; else they count."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.contacts.strays import FAR, FEW, without_strays
from circlegraph.contacts.windows import DAY
from circlegraph.errors import CirclegraphWarning


@pytest.mark.filterwarnings("ignore:.*more than a year away")
@given(st.dictionaries(st.integers(-9000, 9000), st.integers(1, 500), min_size=1, max_size=20))
def test_the_stretch_with_nearly_all_events_is_kept(found: dict[int, int]) -> None:
    days = np.array(sorted(found))
    first, last = without_strays(days, np.array([found[day] for day in days.tolist()]))
    kept = range(first // DAY, last // DAY + 1)
    assert {kept[0], kept[-1]} <= found.keys()
    left = [day for day in found if day not in kept]
    assert sum(found[day] for day in left) <= FEW * sum(found.values())
    assert all(min(abs(day - kept[0]), abs(day - kept[-1])) > FAR for day in left)


def calls() -> pd.DataFrame:
    """A month of calls, and one of a clock that was reset."""
    start = pd.date_range("2024-01-01", periods=300, freq="2h").append(pd.DatetimeIndex(["1980-01-06"]))
    callee = [f"138{i % 7:08}" for i in range(len(start))]
    return pd.DataFrame({"caller": "13900000000", "callee": callee, "start": start, "duration": 30})


def test_cdrs_and_a_store_leave_them_out_and_say_so(tmp_path: Path) -> None:
    store = cg.Store.create(tmp_path / "store")
    store.append(calls())
    plain = cg.contact_circles(calls()[:-1], "2024-01-15")
    for source in (calls(), store):
        with pytest.warns(CirclegraphWarning, match="1 of 301 events lie more than a year away") as told:
            found = cg.contact_circles(source, "2024-01-15")
        assert not any("139" in str(one.message) for one in told)
        pd.testing.assert_frame_equal(found.to_pandas(), plain.to_pandas())


def test_many_far_away_are_no_strays() -> None:
    few = pd.concat([calls()[:5], calls()[-1:]])  # one of six
    found = cg.contact_circles(few, "2024-01-01 05:00")
    assert found.windows.first_day(0) == (pd.Timestamp("1980-01-06") - pd.Timestamp(0)).days
