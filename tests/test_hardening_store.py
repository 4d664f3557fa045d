"""The contact store: dates that are none must not decide which days go."""

from pathlib import Path

import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.errors import SettingsError

DAYS = ["2024-05-01", "2024-05-02"]


def calls(day: str, **more: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"caller": ["a"], "callee": ["b"], "duration": [60], "start": pd.to_datetime([f"{day} 08:00"])} | more
    )


@pytest.mark.parametrize("day", ["NaT", "", "today", "now", "2024", "2024-05", None, pd.NaT, "31.05.2024"])
def test_what_is_no_date_drops_no_day(tmp_path: Path, day: object) -> None:
    store = cg.Store.create(tmp_path / "store")
    for date in DAYS:
        store.append(calls(date))
    with pytest.raises(SettingsError, match="is no date"):
        store.drop_before(day)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="is no date"):
        store.replace_day(day, calls(DAYS[0]))  # type: ignore[arg-type]
    assert store.days == DAYS


@pytest.mark.parametrize(
    "day",
    [
        "2024-05-02",
        pd.Timestamp("2024-05-02 03:00"),
        pd.Timestamp("2024-05-02").date(),
        pd.Timestamp("2024-05-02").to_datetime64(),
    ],
)
def test_any_date_object_will_do(tmp_path: Path, day: object) -> None:
    store = cg.Store.create(tmp_path / "store")
    for date in DAYS:
        store.append(calls(date))
    assert store.drop_before(day) == DAYS[:1]  # type: ignore[arg-type]
