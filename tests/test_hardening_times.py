"""Times that lead astray: one wild value, texts without a date, centuries between two rows."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circlegraph.cdr import open_cdr
from circlegraph.circles.run import contact_circles
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.inspection import inspect_cdr

HEADER = "caller,callee,start,duration,kind\n"
MAY = 1714521600  # 2024-05-01
YEAR_9999 = 253402300799


def write(path: Path, times: list[object]) -> Path:
    path.write_text(HEADER + "".join(f"1380013800{i},13900139000,{t},60,call\n" for i, t in enumerate(times)))
    return path


def table(times: list[int | None]) -> pa.Table:
    n = len(times)
    return pa.table(
        {
            "caller": [str(300 + i) for i in range(n)],
            "callee": ["299"] * n,
            "start": pa.array(times, pa.int64()),
        }
    )


@pytest.mark.parametrize("wild", [YEAR_9999, 0, -1])
@pytest.mark.parametrize("unit", [1, 1000])
def test_one_wild_count_does_not_decide_the_unit(tmp_path: Path, wild: int, unit: int) -> None:
    times = [(MAY + i) * unit for i in range(5)]
    times.insert(2, wild * unit)
    pq.write_table(table(times), tmp_path / "t.parquet")
    for source in (write(tmp_path / "t.csv", times), tmp_path / "t.parquet", table(times)):
        found = inspect_cdr(open_cdr(source)).total
        assert found.accepted + found.rejected["time out of range"] == 6
        if wild == YEAR_9999:
            assert (found.first, found.last) == (MAY, MAY + 4)


def test_times_behind_many_gaps() -> None:
    found = inspect_cdr(open_cdr(table([None] * 1500 + [MAY, MAY + 1])))
    assert (found.total.accepted, dict(found.total.rejected)) == (2, {"empty time": 1500})


@pytest.mark.parametrize("text", ["08:00:00", "now", "today", "May 2024", "10 PM"])
def test_a_text_without_a_date_is_not_of_today(tmp_path: Path, text: str) -> None:
    found = inspect_cdr(open_cdr(write(tmp_path / "t.csv", [text, text])))
    assert dict(found.total.rejected) == {"unparsable time": 2}


@pytest.mark.parametrize(
    "text",
    ["1 May 2024 08:00", "01-May-24 08:00:00", "May 1, 2024".replace(",", ""), "2024年5月1日 8时0分0秒"],
)
def test_odd_texts_with_a_date_are_read(tmp_path: Path, text: str) -> None:
    found = inspect_cdr(open_cdr(write(tmp_path / "t.csv", [text])))
    assert str(found.total.as_dict()["first"]).startswith("2024-05-01T0")


def test_inspection_of_centuries_needs_no_room_for_their_days(monkeypatch: pytest.MonkeyPatch) -> None:
    from circlegraph.graph import inspection

    widest = []
    pairs = inspection.Pairs.of_events
    monkeypatch.setattr(
        inspection.Pairs,
        "of_events",
        lambda *a, **k: widest.append((p := pairs(*a, **k)).days.shape[1]) or p,
    )
    found = inspect_cdr(open_cdr(table([-2208988800, MAY, MAY + 1, 7258118399])))
    assert (found.pairs, found.numbers, found.total.accepted, max(widest)) == (4, 5, 4, 1)


@pytest.mark.parametrize("name", ["days_before", "days_after"])
def test_windows_of_geological_length_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is 99999999, but must be .* at most"):
        contact_circles(table([MAY, MAY + 864000]), "2024-05-03", **{name: 99_999_999})


def test_one_time_of_another_century_among_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    from circlegraph.graph import source

    times: list[int | None] = [0, *(MAY + 86400 * day for day in range(20))]
    assert len(contact_circles(table(times), "2024-05-10")) == 22
    monkeypatch.setattr(source, "MOST_WORDS", 1000)
    with pytest.raises(InputError, match=r"from 1970-01-01 .* to 2024-05-21 .*; say how many days to take"):
        contact_circles(table(times), "2024-05-10")
    assert len(contact_circles(table(times), "2024-05-10", days_before=9)) == 21
    assert len(contact_circles(table(times[1:]), "2024-05-10")) == 21
