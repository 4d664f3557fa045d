"""How the times of a file are written: the decision, and odd layouts."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import read

from circlegraph.cdr.timerule import decide, parse_epoch, to_zone
from circlegraph.kernels.times import DAY_FIRST, MONTH_FIRST

DAY = 86400
MOMENT = 1706688000  # 2024-01-31 08:00


@pytest.mark.parametrize(("unit", "per_second"), [(1, 1), (10**3, 10**3), (10**6, 10**6), (10**9, 10**9)])
def test_units_by_magnitude(unit: int, per_second: int) -> None:
    rule = decide([str(MOMENT * unit), "", str((MOMENT + 5) * unit)])
    assert (rule.layout, rule.per_second, rule.relative) == ("epoch", per_second, False)


def test_relative_seconds() -> None:
    assert decide(["0", "99999999"]).relative
    assert not decide(["0", "100000000"]).relative
    assert "give an epoch" in decide(["184"]).note
    assert decide(["184"], epoch=DAY).base == DAY


def test_dates_that_look_like_integers() -> None:
    assert decide(["20240131080000"]).layout == "text"
    assert decide(["20240131"]).layout == "text"
    assert decide(["20241331"]).relative


def test_dates_of_twelve_digits_are_no_milliseconds() -> None:
    for texts in (["240131080005", "240131230000"], ["202401310800", "202401312300"]):
        want = ["2024-01-31 08:00:0" + ("5" if texts[0][0:2] == "24" else "0"), "2024-01-31 23:00:00"]
        assert starts(texts) == want
        assert starts([int(text) for text in texts]) == want
    assert decide(["946684800000", "946684860000"]).per_second == 1000


def test_eight_digits_that_end_in_a_year() -> None:
    for texts in (["31012024", "01022024"], ["01312024", "02012024"]):
        assert starts(texts) == ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]
    assert starts([31012024, 10022024]) == ["2024-01-31 00:00:00", "2024-02-10 00:00:00"]
    assert starts(["31012024 08:00:05"]) == ["2024-01-31 08:00:05"]
    assert decide(["31012024", "10022024"], epoch=0).order == DAY_FIRST
    assert decide(["31132024", "10002024"]).relative


def test_day_and_month() -> None:
    assert decide(["01/02/2024 08:00", "13/02/2024 08:00"]).order == DAY_FIRST
    assert decide(["01/02/2024 08:00", "01/13/2024 08:00"]).order == MONTH_FIRST
    unsure = decide(["01/02/2024 08:00"])
    assert unsure.order == DAY_FIRST
    assert "cannot be told apart" in unsure.note


def starts(texts: list[str] | list[int], **options: object) -> list[str]:
    size = len(texts)
    callers, callees = [str(i + 1) for i in range(size)], [str(i + 1000) for i in range(size)]
    return [
        row[2]
        for row in read(pa.table({"caller": callers, "callee": callees, "start": texts}), **options).rows
    ]


def test_odd_layouts_are_read_too() -> None:
    assert starts(["Jan 31, 2024 8:00 PM", "Feb 1, 2024 9:30 AM"]) == [
        "2024-01-31 20:00:00",
        "2024-02-01 09:30:00",
    ]
    assert starts(["2024年1月31日 08时00分05秒"]) == ["2024-01-31 08:00:05"]
    assert starts(["2024-1-31 下午8:00:05"]) == ["2024-01-31 20:00:05"]
    assert starts(["31-JAN-24 08.00.05.123456 PM", "31-JAN-24 08.00.05.123456 AM"]) == [
        "2024-01-31 20:00:05",
        "2024-01-31 08:00:05",
    ]
    assert starts(["Wed Jan 31 20:00:05 CST 2024", "Wed Jan 31 21:00:05 CST 2024"]) == [
        "2024-01-31 20:00:05",
        "2024-01-31 21:00:05",
    ]
    assert starts(["31/01/2024 08:00:05 PM IST"]) == ["2024-01-31 20:00:05"]
    assert starts(["08:00:05 SAT JAN 27 2024"]) == ["2024-01-27 08:00:05"]
    assert starts(["31 Jan 2024 08:00:00 +0800"], tz="UTC") == ["2024-01-31 00:00:00"]
    got = read(
        pa.table({"caller": ["1", "2"], "callee": ["3", "3"], "start": ["Jan 31, 2024 8:00 PM", "rubbish"]})
    )
    assert got.rejected == [(2, "unparsable time")]


def test_one_decision_per_file(tmp_path: object) -> None:
    """A later value in another unit is rejected, in whatever chunk it stands."""
    rows = "".join(f"{i},{i + 1000},{MOMENT + i},1\n" for i in range(1, 2000))
    path = tmp_path / "a.csv"  # type: ignore[operator]
    path.write_text(
        f"caller,callee,start,duration\n{rows}7,8,{MOMENT * 1000},1\n9,10,2024-01-31 08:00:00,1\n"
    )
    for block_size in (1 << 20, 300):
        got = read(path, block_size=block_size)
        assert got.rejected == [(2001, "time out of range"), (2002, "unparsable time")]
        assert got.rows[-1][2] == "2024-01-31 08:33:19"


def test_parquet_decides_by_the_extremes_of_the_whole_file(tmp_path: object) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"  # type: ignore[operator]
    pq.write_table(
        pa.table({"caller": [1, 2], "callee": [3, 4], "start": [5, MOMENT]}), path, row_group_size=1
    )
    assert [row[2] for row in read(path).rows] == ["1970-01-01 00:00:05", "2024-01-31 08:00:00"]
    assert not read(path).cdr.files[0].time_rule.relative


@given(st.lists(st.integers(-2208988800, 7258118399), max_size=20))
@settings(deadline=None, max_examples=50)
def test_zones_as_zoneinfo_has_them(instants: list[int]) -> None:
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    for name in ("Asia/Shanghai", "Europe/Copenhagen"):
        zone = ZoneInfo(name)
        want = []
        for instant in instants:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)
            shift = moment.astimezone(zone).utcoffset()
            assert shift is not None
            want.append(instant + int(shift.total_seconds()))
        assert to_zone(np.array(instants, np.int64), name).tolist() == want


def test_epochs() -> None:
    assert parse_epoch("2024-01-31 08:00") == MOMENT
    assert parse_epoch(None) is None
    assert parse_epoch(np.datetime64("1970-01-02")) == DAY
