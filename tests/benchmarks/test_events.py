from pathlib import Path

import numpy as np
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from benchmarks.events import COLUMNS, Feed
from benchmarks.task import DAY_SECONDS, DAYS, FIRST

EVENTS = 20_000


def test_feed_holds_what_it_promises(feed_folder: Path) -> None:
    table = pq.read_table(Feed(EVENTS).file(feed_folder))
    start = table["start"].to_numpy()
    assert table.column_names == COLUMNS
    assert table.num_rows == EVENTS
    assert (np.diff(start) >= 0).all()
    assert start[0] >= FIRST
    assert start[-1] < FIRST + DAYS * DAY_SECONDS
    assert len(set(zip(*(column.to_pylist() for column in table.columns), strict=True))) == EVENTS
    assert not (table["caller"].to_numpy() == table["callee"].to_numpy()).any()
    frame = table.to_pandas()
    assert set(frame["kind"].unique()) == {"call", "sms"}
    assert (frame.loc[frame["kind"] == "sms", "duration"] == 0).all()
    assert (frame.loc[frame["kind"] == "call", "duration"] > 0).all()


def test_ties_are_heavy_tailed(feed_folder: Path) -> None:
    frame = pq.read_table(Feed(EVENTS).file(feed_folder)).to_pandas()
    per_pair = frame.groupby(["caller", "callee"]).size()
    assert per_pair.median() <= 3
    assert per_pair.max() > 20 * per_pair.mean()


@pytest.mark.parametrize("suffix", ["parquet", "csv.gz"])
def test_same_seed_same_bytes(tmp_path: Path, suffix: str) -> None:
    one = Feed(2_000, suffix=suffix).file(tmp_path / "one")
    again = Feed(2_000, suffix=suffix).file(tmp_path / "again")
    other = Feed(2_000, seed=2, suffix=suffix).file(tmp_path / "one")
    assert one.read_bytes() == again.read_bytes() != other.read_bytes()


def test_other_containers_hold_the_same_events(tmp_path: Path) -> None:
    expected = pq.read_table(Feed(2_000).file(tmp_path)).to_pandas()
    read = pacsv.read_csv(Feed(2_000, numbers="digits", suffix="csv.gz").file(tmp_path)).to_pandas()
    hashed = pq.read_table(Feed(2_000, numbers="hashes").file(tmp_path)).to_pandas()
    for column in COLUMNS:
        assert read[column].tolist() == expected[column].tolist()
    assert hashed["caller"].str.len().unique().tolist() == [64]
    assert len(hashed.groupby(["caller", "callee"])) == len(expected.groupby(["caller", "callee"]))


def test_half_written_feed_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        Feed(2_000).file(tmp_path)
    assert list(tmp_path.iterdir()) == []
