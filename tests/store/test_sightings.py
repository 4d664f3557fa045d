"""Places, handsets and forwards in the store: the same as from the CDRs, whatever was appended when."""

from pathlib import Path
from typing import Any

import made
import numpy as np
import pyarrow as pa
import pytest

from circlegraph.contacts.windows import DAY, Windows
from circlegraph.errors import StoreError
from circlegraph.graph.network import Network
from circlegraph.graph.source import Contacts, contacts_of
from circlegraph.resources import Resources
from circlegraph.store.store import Store

ONE = Resources(threads=1)
TWO = Resources(threads=2)
FIRST = 19_723  # 2024-01-01
DAYS = 6
KINDS = ("places", "handsets", "forwards")


def calls(seed: int = 0, count: int = 400) -> Any:
    """CDRs of a small town with cells, handsets and forwards."""
    events = [e for e in made.town(seed, days=DAYS, events_a_day=count // DAYS) if e.kind != 2]
    frame = made.frame(events, made.town_names())
    rng = np.random.default_rng(seed)
    some = {
        "caller_cell": [None, "", "460-1", "460-2", "77", "8"],
        "callee_cell": [None, "460-9", "8"],
        "caller_imei": [None, "861", "862", "x"],
        "callee_imei": [None, "861", "000"],
        "forwarded_to": [None] * 8 + frame["callee"].unique().tolist()[:4] + ["13755555555", "elsewhere"],
    }
    for column, values in some.items():
        frame[column] = np.array(values, object)[rng.integers(len(values), size=len(frame))]
    return frame


def of_day(frame: Any, *days: int) -> Any:
    return frame[np.isin((frame["start"].astype("int64") // DAY - FIRST), days)]


def seen(source: Any, windows: Windows, resources: Resources = ONE) -> Contacts:
    return contacts_of(
        source, lambda *_: windows, network=Network(), resources=resources, detail="sums", places=True
    )


def plain(found: Contacts) -> dict[str, Any]:
    """Everything seen, as lists, with the numbers as strings."""
    as_lists: dict[str, Any] = {}
    for kind in KINDS:
        table = getattr(found, kind)
        if table is None:
            as_lists[kind] = None
            continue
        as_lists[kind] = {
            name: value.to_pylist()
            if isinstance(value, pa.Array | pa.ChunkedArray)
            else np.asarray(value).tolist()
            for name, value in vars(table).items()
            if name != "names"
        }
    return as_lists


def windows(first: int = 0, last: int = DAYS) -> Windows:
    return Windows(((FIRST + first) * DAY, (FIRST + last) * DAY))


def stored(path: Path, *batches: Any) -> Store:
    store = Store.create(path)
    for batch in batches:
        store.append(batch, resources=TWO)
    return store


def test_a_window_of_the_store_is_that_of_the_cdrs(tmp_path: Path) -> None:
    frame = calls()
    store = stored(tmp_path / "store", frame)
    for window in (windows(), windows(1, 3), Windows(tuple((FIRST + d) * DAY for d in (0, 2, 5)))):
        expected = plain(seen(frame, window))
        assert None not in expected.values()
        assert plain(seen(store, window)) == expected
        assert plain(seen(store, window, Resources(threads=2, memory_limit=10**9))) == expected
    assert (
        contacts_of(store, lambda *_: windows(), network=Network(), resources=ONE, detail="sums").places
        is None
    )


def test_days_in_any_order_and_late_rows_come_to_the_same(tmp_path: Path) -> None:
    frame = calls(1)
    late = frame.iloc[::7]
    rest = frame.drop(late.index)
    batches = [of_day(rest, 3), of_day(rest, 0, 5), late, of_day(rest, 1, 2, 4), frame.iloc[::3]]
    store = stored(tmp_path / "store", *batches)
    whole = stored(tmp_path / "whole", frame)
    assert plain(seen(store, windows())) == plain(seen(frame, windows()))
    for kind in KINDS:
        for date, day in whole.manifest.days.items():
            file, other = day.sightings(kind), store.manifest.days[date].sightings(kind)
            assert file is not None
            assert file == other  # the same content, hence the same name


def test_appending_again_changes_no_file(tmp_path: Path) -> None:
    frame = calls(2)
    store = stored(tmp_path / "store", frame)
    before = store.manifest.days
    assert store.append(frame, resources=ONE).accepted == 0
    assert store.manifest.days == before


def test_replacing_a_day_replaces_what_was_seen(tmp_path: Path) -> None:
    frame = calls(3)
    store = stored(tmp_path / "store", frame)
    other = of_day(calls(4), 2)
    store.replace_day("2024-01-03", other, resources=ONE)
    assert plain(seen(store, windows(2, 3))) == plain(seen(other, windows(2, 3)))
    store.replace_day("2024-01-03", other.drop(columns=["caller_cell", "callee_cell"]), resources=ONE)
    found = seen(store, windows(2, 3))
    assert found.places is None
    assert found.handsets is not None


def test_dropped_days_take_their_files_along(tmp_path: Path) -> None:
    store = stored(tmp_path / "store", calls())
    store.drop_before("2024-01-05")
    store.drop_before("2024-01-06")
    left = {p.name.split(".")[0] for p in (store.path / "days").iterdir()}
    assert left == {"2024-01-05", "2024-01-06"}  # those of the state before may still be read
    assert set(store.days) == {"2024-01-06"}
    store.verify()


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_found(kind: str, tmp_path: Path) -> None:
    store = stored(tmp_path / "store", calls())
    file = store.manifest.days["2024-01-02"].sightings(kind)
    assert file is not None
    path = store.path / file.name
    raw = bytearray(path.read_bytes())
    raw[40 : len(raw) // 2] = bytes(len(raw) // 2 - 40)
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=file.name):
        store.verify()
    with pytest.raises(StoreError, match=file.name):
        seen(store, windows())
    with pytest.raises(StoreError, match=file.name):
        store.append(of_day(calls(5), 1), resources=ONE)
    path.unlink()
    with pytest.raises(StoreError, match=file.name):
        store.verify()


def test_sightings_of_stored_rows_are_taken_in_later(tmp_path: Path) -> None:
    frame = calls()
    store = stored(tmp_path / "store", frame.drop(columns=list(frame.columns[5:])))
    assert plain(seen(store, windows())) == dict.fromkeys(KINDS)
    report = store.append(frame, resources=ONE)  # no event is new
    assert report.accepted == 0
    assert plain(seen(store, windows())) == plain(seen(frame, windows()))


def test_a_second_leg_after_midnight_is_seen_on_its_day(tmp_path: Path) -> None:
    import pandas as pd

    rows = [
        ("13800138000", "13900139000", "1", "2024-01-02 00:00:02", "away"),  # its event is of the first
        ("13800138000", "13900139000", "0", "2024-01-01 23:59:59", "home"),
        ("13900139000", "13700137000", "0", "2024-01-02 09:00:00", "work"),
    ]
    frame = pd.DataFrame(rows, columns=["product_no", "opp_number", "calltype_id", "start_time", "cell_id"])
    frame.loc[0, ["product_no", "opp_number"]] = frame.loc[0, ["opp_number", "product_no"]].to_numpy()
    frame["call_duration"] = 60
    expected = plain(seen(frame, windows(0, 2)))
    assert expected["places"]["text"] == ["away", "home", "work"]
    store = stored(tmp_path / "store", frame.iloc[1:], frame.iloc[:1])
    assert plain(seen(store, windows(0, 2))) == expected
