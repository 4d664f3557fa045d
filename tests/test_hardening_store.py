"""The contact store: dates that are none must not decide which days go."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.errors import SettingsError, StoreError

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


def leg(outgoing: bool, owner: str, peer: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "msisdn": [owner],
            "msisdn_counterpart": [peer],
            "outgoing": [outgoing],
            "datetime": pd.to_datetime(["2024-05-01 08:00:00" if outgoing else "2024-05-01 08:00:02"]),
            "duration": [1.0],
            "event_type": ["call"],
        }
    )


@pytest.mark.parametrize("caller_first", [True, False])
def test_legs_that_come_one_by_one_are_one_event(tmp_path: Path, caller_first: bool) -> None:
    store = cg.Store.create(tmp_path / "store")
    legs = [leg(True, "301", "302"), leg(False, "302", "301")]
    reports = [store.append(rows) for rows in (legs if caller_first else legs[::-1])]
    assert [report.accepted for report in reports] == [1, 0]
    assert reports[1].duplicates["second leg"] == 1


def test_a_reader_sees_one_state_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from circlegraph.graph import source

    store = cg.Store.create(tmp_path / "store")
    store.append([calls(day) for day in DAYS])
    read = source.pairs_of_store

    def racing(*args: Any) -> Any:
        cg.Store(store.path).append(calls("2024-05-02", caller=["new"]))
        return read(*args)

    monkeypatch.setattr(source, "pairs_of_store", racing)
    assert sorted(cg.contact_circles(store, DAYS[1]).to_pandas().number) == ["a", "b"]


@pytest.mark.parametrize("forever", [False, True])
def test_a_reader_that_writers_overtake_reads_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forever: bool
) -> None:
    from circlegraph.graph import from_store

    store = cg.Store.create(tmp_path / "store")
    store.append([calls(day) for day in DAYS])
    read = from_store.read_contacts
    written: list[str] = []

    def overtaken(*args: Any) -> Any:
        for _ in range(2 if forever or not written else 0):
            written.append(f"t{len(written)}")
            cg.Store(store.path).append([calls(day, caller=[written[-1]]) for day in DAYS])
        return read(*args)

    monkeypatch.setattr(from_store, "read_contacts", overtaken)
    if forever:
        with pytest.raises(StoreError, match="cannot be read"):
            cg.contact_circles(store, DAYS[1])
    else:
        assert {"t0", "t1"} < set(cg.contact_circles(store, DAYS[1]).to_pandas().number)


def test_a_damaged_day_is_still_told(tmp_path: Path) -> None:
    store = cg.Store.create(tmp_path / "store")
    store.append([calls(day) for day in DAYS])
    (store.path / store.manifest.days[DAYS[0]].contacts.name).unlink()
    with pytest.raises(StoreError, match="cannot be read; take it in again"):
        cg.contact_circles(store, DAYS[1])
