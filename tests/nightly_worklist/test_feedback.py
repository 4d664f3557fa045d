"""Feedback: outcomes find their lists, rates and lift are those of a calculation by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from circlegraph.errors import InputError, SettingsError
from circlegraph.nightly.feedback import feedback, wilson


def lists(groups: str, date: str = "2024-05-01") -> pd.DataFrame:
    """One list; c called, h held out."""
    return pd.DataFrame(
        {
            "number": [f"n{i}" for i in range(len(groups))],
            "date": date,
            "group": ["call" if letter == "c" else "control" for letter in groups],
            "situation": ["approached", "moving"] * (len(groups) // 2),
            "level": "high",
        }
    )


def outcomes(*rows: tuple[str, str, object, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["number", "date", "reached", "accepted", "kept"])


def test_rates_by_hand() -> None:
    found = feedback(
        lists("cccchh"),
        outcomes(
            ("n0", "2024-05-02", True, True, True),
            ("n1", "2024-05-02", "yes", "no", "no"),
            ("n2", "2024-05-03", 0, None, 1),
            ("n4", "2024-06-20", None, None, "0"),
            ("n5", "2024-06-20", None, None, "是"),
        ),
    )
    rates = found.rates.set_index(["by", "value"])
    whole = rates.loc[("all", "all")]
    assert (whole.listed, whole.answered, whole.reached, whole.accepted, whole.kept) == (4, 3, 2, 1, 2)
    assert whole.reach_rate == pytest.approx(2 / 3)
    assert whole.success_rate == pytest.approx(1 / 2)
    assert whole.kept_rate == pytest.approx(2 / 3)
    assert rates.loc[("situation", "moving")].reached == 1
    assert rates.loc[("situation", "moving")].success_rate == 0
    assert ("level", "high") in rates.index
    assert found.lift["lift"] == pytest.approx(2 / 3 - 1 / 2)
    assert found.unmatched == 0


def test_outcome_belongs_to_the_last_list_before_it() -> None:
    both = pd.concat([lists("cc", "2024-03-01"), lists("cc", "2024-05-01")])
    found = feedback(
        both,
        outcomes(
            ("n0", "2024-03-05", True, True, None),
            ("n0", "2024-05-05", False, None, None),
            ("n1", "2024-02-01", True, True, None),  # before any list
            ("n1", "2024-09-01", True, True, None),  # too late
            ("n9", "2024-05-05", True, True, None),  # never listed
        ),
    )
    whole = found.rates.iloc[0]
    assert (whole.answered, whole.reached) == (2, 1)
    assert found.unmatched == 3


def test_last_known_result_counts() -> None:
    found = feedback(
        lists("cc"),
        outcomes(("n0", "2024-05-02", False, None, None), ("n0", "2024-05-04", True, True, None))[::-1],
    )
    assert found.rates.iloc[0].reached == 1
    later = feedback(
        lists("cc"), outcomes(("n0", "2024-05-02", True, True, None), ("n0", "2024-06-04", None, None, True))
    )
    assert (later.rates.iloc[0].reached, later.rates.iloc[0].kept) == (1, 1)


def test_lift_covers_the_truth() -> None:
    """Calls keep 70 % against 50 %: the interval covers 20 points about 19 times in 20."""
    rng = np.random.default_rng(0)
    n, covered = 200, 0
    both = lists("c" * n + "h" * n)
    for _ in range(60):
        kept = np.concatenate([rng.random(n) < 0.7, rng.random(n) < 0.5])
        told = pd.DataFrame({"number": both["number"], "date": "2024-05-20", "kept": kept})
        lift = feedback(both, told.assign(reached=None, accepted=None)).lift
        covered += lift["low"] <= 0.2 <= lift["high"]
    assert 52 <= covered <= 60


def test_who_is_not_reached_counts_for_the_lift() -> None:
    told = outcomes(
        ("n0", "2024-05-02", False, None, False),
        ("n1", "2024-05-02", True, True, True),
        ("n2", "2024-06-02", None, None, False),
    )
    assert feedback(lists("cchh"), told).lift["called_kept"] == 0.5


def test_without_a_control_group_there_is_no_lift() -> None:
    found = feedback(lists("cc"), outcomes(("n0", "2024-05-02", True, True, True)))
    assert found.lift["lift"] is None
    assert "no lift yet" in repr(found)
    nothing = feedback(lists("cc"), outcomes())
    assert nothing.rates.iloc[0].answered == 0


@example(0, 17)
@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_covers_the_share(hits: int, more: int) -> None:
    trials = hits + more
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    assert wilson(hits * 4, trials * 4)[1] - wilson(hits * 4, trials * 4)[0] < high - low


def test_errors_name_the_row_and_no_number() -> None:
    with pytest.raises(InputError, match="row 1 has a reached that is neither yes nor no") as caught:
        feedback(lists("cc"), outcomes(("n0", "2024-05-02", "perhaps", None, None)))
    assert "n0" not in str(caught.value)
    with pytest.raises(InputError, match="outcomes has no column 'kept'"):
        feedback(lists("cc"), outcomes().drop(columns="kept"))
    with pytest.raises(SettingsError, match="window_days"):
        feedback(lists("cc"), outcomes(), window_days=0)
