"""Circles in blocks, from any source, and their files."""

from dataclasses import replace
from pathlib import Path

import made
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from naive import DAY, Event

from circlegraph.cdr.intake import partition_bits
from circlegraph.circles.run import contact_circles, run_circles, write_circles
from circlegraph.errors import InputError, SettingsError
from circlegraph.resources import Resources
from circlegraph.store.store import Store

FIRST = 19_723
NAMES = made.town_names()
CDR = made.frame(made.town(8), NAMES)
AT = "2024-01-15"


def limit(monkeypatch: pytest.MonkeyPatch, edges: int | None, pairs: int | None, events: int | None) -> None:
    for name, value in (("block_edges", edges), ("pair_room", pairs), ("event_room", events)):
        monkeypatch.setattr(Resources, name, property(lambda _self, value=value: value))


@pytest.mark.parametrize("edges", [1, 7, 100, 10**6])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("partitions", [1, 8])
def test_blocks_equal_the_whole(
    edges: int, threads: int, partitions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = contact_circles(CDR, AT)
    limit(monkeypatch, edges, pairs=2000, events=9000)
    monkeypatch.setattr("circlegraph.cdr.intake.partition_bits", lambda _rows: partitions.bit_length() - 1)
    blocks = list(run_circles(CDR, AT, resources=Resources(threads=threads)).blocks)
    assert (len(blocks) == 1) == (edges == 10**6)
    assert [b.rows.low for b in blocks[1:]] == [b.rows.high for b in blocks[:-1]]
    assert pa.concat_tables([b.to_arrow() for b in blocks]).equals(whole.to_arrow())
    persistence = [value for b in blocks for value in b.persistence().tolist()]
    assert repr(persistence) == repr(whole.persistence().tolist())
    for block in blocks[:3]:
        assert block.scale.tolist() == whole.scale.tolist()
        assert len(block.rows) <= max(edges, block.rows.indptr[1])


@pytest.mark.parametrize("name", ["circles.csv", "circles.parquet"])
def test_forwards_alone_make_an_empty_table(name: str, tmp_path: Path) -> None:
    rows = [Event(1, 2, DAY * FIRST, 0, 2), Event(1, 3, DAY * (FIRST + 9), 0, 2)]
    out = tmp_path / name
    assert write_circles(run_circles(made.frame(rows, NAMES), "2024-01-05"), out) == 0
    found = pd.read_parquet(out) if out.suffix == ".parquet" else pd.read_csv(out)
    assert list(found)[:2] == ["number", "peer"]


def test_a_range_of_edges_is_a_part_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, edges=300, pairs=None, events=None)
    _, block, *_ = run_circles(CDR, AT).blocks
    whole = block.to_arrow()
    n = len(whole)
    for edges in (
        slice(0),
        slice(3),
        slice(3, 4),
        slice(5, n - 1),
        slice(n - 2, n + 9),
        slice(n, n + 1),
        slice(None),
    ):
        assert block.to_arrow(edges).equals(whole[edges])
        assert block.heads_of(edges).tolist() == block.heads[edges].tolist()


@pytest.mark.parametrize("pairs", [None, 100_000])
def test_from_a_store_as_from_cdrs(
    pairs: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = contact_circles(CDR, AT)
    store = Store.create(tmp_path / "store")
    store.append(CDR)
    limit(monkeypatch, None, pairs, None)
    found = contact_circles(store, AT)
    assert found.scale.tolist() == whole.scale.tolist()
    assert found.to_arrow().equals(whole.to_arrow())
    assert repr(found.persistence().tolist()) == repr(whole.persistence().tolist())
    for days in ({"days_before": 9, "days_after": 5}, {"days_before": 3}):
        assert (
            contact_circles(store, AT, **days).to_arrow().equals(contact_circles(CDR, AT, **days).to_arrow())
        )
    with pytest.raises(SettingsError, match="midnight"):
        contact_circles(store, "2024-01-15 12:00")


@pytest.mark.parametrize("name", ["circles.csv", "circles.parquet", "CIRCLES.CSV"])
def test_files_hold_the_table(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = contact_circles(CDR, AT).to_pandas()
    limit(monkeypatch, 50, 1000, 1000)
    out = tmp_path / name
    monkeypatch.setattr("circlegraph.circles.run.PIECE_ROWS", 20)
    assert write_circles(run_circles(CDR, AT, resources=Resources(threads=2)), out) == len(whole)
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [name]
    csv = {"dtype": {"number": str, "peer": str}}
    found = pd.read_parquet(out) if out.suffix == ".parquet" else pd.read_csv(out, **csv)
    text = {"number": object, "peer": object}
    pd.testing.assert_frame_equal(found.astype(text), whole.astype(text), check_exact=True)


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "circles.csv"
    out.write_text("older")
    run = run_circles(CDR, AT)

    def broken() -> object:
        yield next(run.blocks)
        raise InputError("damaged")

    with pytest.raises(InputError, match="damaged"):
        write_circles(replace(run, blocks=broken()), out)  # type: ignore[arg-type]
    assert out.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["circles.csv"]


@pytest.mark.parametrize(
    "at", ["2024-01-01", "2023-05-01", "2024-01-30", "2024-01-29 00:00:01", "1969-01-01", "2199-01-01"]
)
def test_a_split_outside_the_data(at: str) -> None:
    with pytest.raises(InputError, match=r"no events on one side.* 2024-01-01 .* 2024-01-28 "):
        contact_circles(CDR, at)


@pytest.mark.parametrize("at", ["soon", "", "NaT", "2024-01-15T00:00:00+08:00", "2024-13-01", "now", None])
def test_a_split_that_is_no_time(at: object) -> None:
    with pytest.raises(SettingsError, match="neither a date nor a time"):
        contact_circles(CDR, at)


@pytest.mark.parametrize("days", [0, -3])
def test_windows_must_have_a_length(days: int) -> None:
    for name in ("days_before", "days_after"):
        with pytest.raises(SettingsError, match=f"{name}.*at least 1"):
            contact_circles(CDR, AT, **{name: days})


@pytest.mark.parametrize(
    "at", [pd.Timestamp(AT), pd.Timestamp(AT).date(), pd.Timestamp(AT).to_datetime64(), f"{AT}T00:00"]
)
def test_any_date_object_will_do(at: object) -> None:
    assert contact_circles(CDR, at).windows == contact_circles(CDR, AT).windows


def test_only_forwards() -> None:
    rows = [Event(1, 2, (FIRST + day) * DAY, 5, 2) for day in range(20)]
    found = contact_circles(made.frame(rows, NAMES), "2024-01-10")
    assert (len(found), len(found.peers)) == (0, 0)
    assert len(found.to_arrow()) == 0
    assert "unknown" in repr(found)


def test_no_usable_row() -> None:
    with pytest.raises(InputError, match="no usable event"):
        contact_circles(made.frame([Event(1, 1, FIRST * DAY)], NAMES), AT)


@pytest.mark.parametrize("years", [(1950, 1960), (2039, 2150)])
def test_odd_centuries(years: tuple[int, int]) -> None:
    starts = [
        pd.Timestamp(f"{year}-06-01 10:00").to_datetime64().astype("M8[s]").astype(int) for year in years
    ]
    rows = [Event(1, 2, int(starts[0]), 60), Event(2, 1, int(starts[1]), 6)]
    found = contact_circles(made.frame(rows, NAMES), f"{years[1]}-01-01")
    assert found.to_pandas()[["before_seconds_out", "after_seconds_in"]].to_numpy().tolist() == [
        [60, 6],
        [0, 0],
    ]


def test_one_pair_with_many_events_and_a_hub() -> None:
    pair = [Event(1, 2, FIRST * DAY + 17 * i, 3) for i in range(60_000)]
    assert partition_bits(len(pair)) < 2
    hub = [Event(10**9 + i, 3, FIRST * DAY + 11 * i, 1, i % 2) for i in range(60_000)]
    names = {1: "301", 2: "302", 3: "303"} | {e.caller: str(e.caller) for e in hub}
    found = contact_circles(made.frame(pair + hub, names), "2024-01-06")
    first = found.circle("301")
    assert first["before_calls_out"].item() == sum(e.start < (FIRST + 5) * DAY for e in pair)
    assert first["after_calls_out"].item() == sum(e.start >= (FIRST + 5) * DAY for e in pair)
    assert len(found.circle("303")) == 60_000
