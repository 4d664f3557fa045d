"""What the first rows of a file leave open of its times: clocks of bare digits, days and months, epochs."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import Read, read

from circlegraph.cdr import settle
from circlegraph.cdr.clocks import decide_clock
from circlegraph.cdr.day_order import DayOrder, day_order
from circlegraph.kernels.times import DAY_FIRST, MONTH_FIRST

Frame = dict[str, list[Any]]


def as_csv(frame: Frame, path: Path) -> Path:
    pd.DataFrame(frame).to_csv(path, index=False)
    return path


def as_gzip(frame: Frame, path: Path) -> Path:
    path.write_bytes(gzip.compress(pd.DataFrame(frame).to_csv(index=False).encode(), 1))
    return path


def as_utf16(frame: Frame, path: Path) -> Path:
    path.write_bytes(pd.DataFrame(frame).to_csv(index=False).encode("utf-16"))
    return path


def as_parquet(frame: Frame, path: Path) -> Path:
    pq.write_table(pa.table(frame), path, row_group_size=1500)
    return path


def as_table(frame: Frame, _: Path) -> Any:
    return pa.table(frame)


SOURCES = [as_csv, as_gzip, as_utf16, as_parquet, as_table]
Source = Callable[[Frame, Path], Any]


def calls(**columns: list[Any]) -> Frame:
    size = len(next(iter(columns.values())))
    return {"caller": [1] * size, "callee": list(range(2, size + 2)), **columns, "duration": [5] * size}


def clocked(clocks: list[Any]) -> Frame:
    return calls(start_date=[20240501] * len(clocks), start_time=clocks)


def times(got: Read) -> list[str]:
    return [row[2][11:] for row in got.rows]


def notes(got: Read) -> str:
    return "; ".join(note for file in got.cdr.files for note in file.notes)


# The first 2,000 rows are of the first twenty minutes, as in a file of a day that is sorted in time.
NIGHT = [100 * minute + second for minute in range(20) for second in range(60)]
EARLY = sorted(NIGHT * 2)
LATE = [clock for clock in NIGHT if clock < 300]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("hour", [93000, 4500])
def test_clocks_that_lost_their_zeros(source: Source, hour: int, tmp_path: Path) -> None:
    later = [hour + clock for clock in LATE]
    got = read(source(clocked([*EARLY, *later]), tmp_path / "calls"))
    assert got.rejected == []
    assert times(got) == [
        f"{clock // 10000:02}:{clock // 100 % 100:02}:{clock % 100:02}" for clock in [*EARLY, *later]
    ]
    assert "read as hhmmss without leading zeros" in notes(got)


@pytest.mark.parametrize("source", SOURCES)
def test_clocks_of_hours_and_minutes(source: Source, tmp_path: Path) -> None:
    got = read(source(clocked([5, 805, 1234, 2359]), tmp_path / "calls"))
    assert times(got) == ["00:05:00", "08:05:00", "12:34:00", "23:59:00"]
    assert "at most four digits are read as hhmm" in notes(got)


def test_a_wrong_clock_does_not_move_the_others() -> None:
    clocks = [100 * hour + minute for hour in range(24) for minute in range(60)]
    got = read(pa.table(clocked([*clocks, 123456])))
    assert times(got) == [f"{clock // 100:02}:{clock % 100:02}:00" for clock in clocks]
    assert got.rejected == [(len(clocks) + 1, "unparsable time")]


@pytest.mark.parametrize("source", SOURCES)
def test_hours_and_minutes_past_24_do_not_make_seconds(source: Source, tmp_path: Path) -> None:
    clocks = [805, 930, 1245, 2359, 2400, 2430]
    got = read(source(clocked(clocks), tmp_path / "calls"))
    assert times(got) == ["08:05:00", "09:30:00", "12:45:00", "23:59:00"]
    assert [reason for _, reason in got.rejected] == ["unparsable time"] * 2


def test_texts_of_four_and_of_six_digits_say_themselves_what_they_are(tmp_path: Path) -> None:
    clocks = ["0805"] * 5 + ["235959", "1130", "2359", "120000", "000000"]
    got = read(pa.table(clocked(clocks)))
    assert got.rejected == []
    late = ["23:59:59", "11:30:00", "23:59:00", "12:00:00", "00:00:00"]
    assert times(got) == ["08:05:00"] * 5 + late


@pytest.mark.parametrize(
    ("clocks", "digits", "is_open"),
    [
        (["001234", "1234"], 6, False),
        (["0805", "1234"], 4, False),
        (["5", "1234", "4512"], 6, False),
        (["5", "75", "9999", "999999"], 4, True),
        (["1234.0", "93000.0"], 6, False),
        (["08:05", "11:59 PM", "8.05"], 0, False),
        (["", "''"], 0, True),
        (["93000", "0805"], 4, True),
        (["93000", "0805", "101010", "999999"], 6, False),
        (["805", "2359", "2400", "2459"], 4, True),
        (["805", "2359", "2400", "2500"], 6, False),
        (["4512", *map(str, range(100, 160)), *map(str, range(1000, 1060))], 4, True),
        (["94512", *map(str, range(100, 160)), *map(str, range(1000, 1060))], 4, True),
        (
            [*map(str, range(94500, 94520)), *map(str, range(100, 160)), *map(str, range(1000, 1060))],
            6,
            False,
        ),
        (["0805", "235959", "120000"], 4, False),
    ],
)
def test_what_clocks_tell(clocks: list[str], digits: int, is_open: bool) -> None:
    rule = decide_clock(clocks)
    assert (rule.digits, rule.open) == (digits, is_open)


@given(st.lists(st.times(), min_size=1, max_size=30), st.sampled_from(["%H%M", "%H%M%S"]))
@settings(deadline=None)
def test_clocks_are_never_taken_for_what_they_cannot_be(clocks: list[Any], layout: str) -> None:
    digits = 4 if layout == "%H%M" else 6
    rule = decide_clock(str(int(clock.strftime(layout))) for clock in clocks)
    assert rule.open or rule.digits == digits
    assert decide_clock(clock.strftime(layout) for clock in clocks).digits in (digits, 4)


def test_clocks_with_gaps_in_pandas() -> None:
    frame = pd.DataFrame(clocked([805, 93000, 1234])).assign(start_time=[805.0, 93000.0, float("nan")])
    got = read(frame)
    assert times(got) == ["00:08:05", "09:30:00"]
    assert got.rejected == [(3, "unparsable time")]


def test_a_short_file_is_read_as_the_long_one_beside_it(tmp_path: Path) -> None:
    as_csv(clocked([5, 1234]), tmp_path / "a.csv")
    as_csv(clocked([93000]), tmp_path / "b.csv")
    assert times(read(tmp_path)) == ["00:00:05", "00:12:34", "09:30:00"]
    assert "clock times are hhmmss, as other files of the input tell" in notes(read(tmp_path))


def dated(layout: str, first: int = 1, last: int = 31, rows: int = 300, month: int = 1) -> Frame:
    days = pd.to_datetime([f"2024-{month:02}-{day:02} 08:00:00" for day in range(first, last + 1)])
    return calls(start=[day.strftime(layout) for day in days for _ in range(rows)])


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "layout", ["%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", '"%m-%d-%y"']
)
def test_later_rows_tell_days_from_months(source: Source, layout: str, tmp_path: Path) -> None:
    got = read(source(dated(layout, last=14), tmp_path / "calls"))
    assert got.rejected == []
    assert {row[2][:10] for row in got.rows} == {f"2024-01-{day:02}" for day in range(1, 15)}
    assert "cannot be told" not in notes(got)


def test_a_plain_file_is_read_on_in_pieces_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "_PIECE", 1 << 10)
    monkeypatch.setattr(settle, "_PIECES", 8)
    seen: list[int] = []
    load = settle.load
    monkeypatch.setattr(settle, "load", lambda chunk: seen.append(chunk.payload[2]) or load(chunk))
    path = as_csv(dated("%m/%d/%Y", last=12), tmp_path / "a.csv")
    read(path)
    assert (len(seen), sum(seen)) == (8, 8 << 10)
    assert path.stat().st_size > 64 << 10
    seen.clear()
    got = read(as_csv(dated("%m/%d/%Y", last=20), tmp_path / "b.csv"))
    assert (len(seen), got.rejected) == (1, [])
    seen.clear()
    read(as_csv(dated("%m/%d/%Y", first=13), tmp_path / "c.csv"))
    read(as_csv(dated("%Y-%m-%d"), tmp_path / "d.csv"))
    assert seen == []


def test_days_that_nothing_tells() -> None:
    got = read(pa.table(calls(start=["05/01/2024 08:00"] * 600)))
    assert {row[2] for row in got.rows} == {"2024-01-05 08:00:00"}
    assert "cannot be told apart in the rows looked at: the day is taken to come first" in notes(got)


def test_days_of_one_month_rather_than_one_day_of_many_months() -> None:
    american, european = (
        read(pa.table(dated(layout, last=9, month=5))) for layout in ("%m/%d/%Y", "%d/%m/%Y")
    )
    assert {row[2][:7] for row in american.rows} == {"2024-05"} == {row[2][:7] for row in european.rows}
    assert "the month is taken to come first, as the dates lie closer together then" in notes(american)
    assert "the day is taken to come first, as the dates lie closer together then" in notes(european)


def test_one_wild_date_does_not_decide() -> None:
    assert day_order(["31/05/2024", "05/30/2024", "05/31/2024", "40/40/2024"]).order == MONTH_FIRST
    assert day_order(["05/31/2024", "30/05/2024", "31/05/2024"]).order == DAY_FIRST
    assert day_order(["05/31/2024", "30/05/2024"]).open


STRAYS = {"%d/%m/%Y": "05/31/2024", "%m/%d/%Y": "31/05/2024"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("layout", STRAYS)
@pytest.mark.parametrize("days", [1, 12])
@pytest.mark.parametrize("row", [3, -3])
def test_a_stray_date_does_not_move_the_file(
    source: Source, layout: str, days: int, row: int, tmp_path: Path
) -> None:
    frame = dated(layout, last=days, rows=2400 // days, month=5)
    frame["start"][row] = STRAYS[layout]
    got = read(source(frame, tmp_path / "calls"))
    assert [reason for _, reason in got.rejected] == ["unparsable time"]
    assert {row[2][:10] for row in got.rows} == {f"2024-05-{day:02}" for day in range(1, days + 1)}
    assert "as the dates lie closer together then" in notes(got)


def test_calls_from_before_midnight_at_the_end_of_a_month_are_no_strays() -> None:
    assert day_order({"06/01/24": 990, "05/31/24": 10}).order == MONTH_FIRST
    assert day_order({"01/06/24": 990, "31/05/24": 10}).order == DAY_FIRST
    assert day_order({"01/01/2024": 990, "12/31/2023": 10}).order == MONTH_FIRST


def test_some_days_of_two_months_rather_than_two_days_of_many() -> None:
    days = [f"{month:02}/{day:02}/2023" for month in (2, 3) for day in (1, 3, 5, 9)]
    assert day_order([*days, "30/02/2023", "0/0/0000"]).order == MONTH_FIRST


def test_a_stray_date_in_a_short_file() -> None:
    assert day_order([*(f"{day:02}/05/2024" for day in range(1, 13)), "05/31/2024"]).order == DAY_FIRST


def test_few_dates_tell_that_go_with_the_others_or_are_all_that_tells() -> None:
    assert day_order({"01/12/2024": 999, "01/13/2024": 1}) == DayOrder(
        MONTH_FIRST,
        True,
        "day and month cannot be told apart in the rows looked at: the month is taken to come first",
    )
    assert day_order({"01/11/2024": 99, "01/12/2024": 900, "01/13/2024": 1}) == DayOrder(MONTH_FIRST)
    assert day_order(["13/01/2024", "05/02/2024", "05/03/2024", "20/04/2024"]) == DayOrder(DAY_FIRST)


def test_a_day_of_its_own_is_read_as_the_files_beside_it(tmp_path: Path) -> None:
    for day in (5, 6, 28):
        as_csv(dated("%m/%d/%Y", day, day), tmp_path / f"{day:02}.csv")
    got = read(tmp_path)
    assert {row[2][:10] for row in got.rows} == {"2024-01-05", "2024-01-06", "2024-01-28"}
    assert "the month comes first, as other files of the input tell" in notes(got)
    as_csv(dated("%d/%m/%Y", 29, 29), tmp_path / "29.csv")
    assert "cannot be told apart" in notes(read(tmp_path))


MAY = 1714521600  # 2024-05-01


@pytest.mark.parametrize("unit", [1, 1000, 10**6])
def test_an_epoch_leaves_counts_since_1970(unit: int, tmp_path: Path) -> None:
    as_csv(calls(start=[MAY * unit, (MAY + 5) * unit]), tmp_path / "absolute.csv")
    as_parquet(calls(start=[MAY * unit, (MAY + 5) * unit]), tmp_path / "absolute.parquet")
    as_csv(calls(start=[0, 86400]), tmp_path / "relative.csv")
    got = read(tmp_path, epoch="2024-04-01")
    assert [row[2] for row in got.rows] == [
        *["2024-05-01 00:00:00", "2024-05-01 00:00:05"] * 2,
        "2024-04-01 00:00:00",
        "2024-04-02 00:00:00",
    ]
    told = ["epoch is not used" in "; ".join(file.notes) for file in got.cdr.files]
    assert told == [True, True, False]
