"""Exports as operators, exchanges, phones and spreadsheets write them, row by row."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import FIXTURES, read

from circlegraph.cdr.recognise import recognise
from circlegraph.cdr.spans import half_day_seconds, span_seconds
from circlegraph.errors import UnknownFormError
from circlegraph.graph.make import contact_graph
from circlegraph.kernels.fields import BAD_VALUE

M = "13800138000"
N = "13900139000"
P = "13700137000"
T = "09714400001"

EXPORTS = {
    "listed_target.csv": [
        ("AD-OPERA-S", T, "2026-01-15 08:26:10", 0, "sms", 2),
        (T, "08128700002", "2026-01-15 09:42:17", 41, "call", 1),
        ("08128700003", T, "2026-01-16 09:42:17", 12, "call", 2),
    ],
    "pbx.csv": [
        (M, "10086", "2024-01-31 08:00:00", 65, "call", 0),
        (N, M, "2024-01-31 09:00:00", 0, "call", 0),
    ],
    "call_manager.csv": [
        ("1001", "2002", "2024-01-31 08:00:00", 65, "call", 0),
        ("1001", "2004", "2024-01-31 08:16:40", 0, "call", 0),
    ],
    "cloud_calls.csv": [
        (M, N, "2024-01-31 08:00:00", 65, "call", 1),
        (N, M, "2024-01-31 09:00:00", 0, "call", 2),
    ],
    "13800138000.csv": [
        (N, M, "2024-01-31 08:00:00", 65, "call", 2),
        (M, "13811112222", "2024-01-31 20:30:00", 12, "call", 1),
        ("10086", M, "2024-02-01 00:05:00", 0, "call", 2),
    ],
    "study.csv": [
        ("447700900001", "447700900002", "2010-09-09 19:35:37", 65, "call", 1),
        ("447700900003", "447700900001", "2010-09-10 20:35:37", 0, "call", 2),
    ],
    "own_bill_13800138000.csv": [
        ("own_bill_13800138000", N, "2025-01-02 09:23:55", 332, "call", 1),
        ("13900139001", "own_bill_13800138000", "2025-01-02 14:30:00", 3605, "call", 2),
    ],
    "billed_gbk.csv": [
        (M, N, "2024-01-31 08:00:00", 65, "call", 1),
        (P, M, "2024-01-31 09:30:00", 5, "call", 2),
        (M, P, "2024-02-01 09:30:00", 0, "sms", 1),
    ],
    "us_clock.csv": [
        ("2125550101", "2125550102", "2024-01-31 08:00:05", 192, "call", 0),
        ("2125550101", "2125550103", "2024-01-31 12:00:05", 3723, "call", 0),
        ("2125550101", "2125550104", "2024-02-01 00:15:05", 1234, "call", 0),
    ],
    "minutes.csv": [
        (M, N, "2024-01-31 08:00:00", 90, "call", 0),
        (M, "13900139001", "2024-01-31 09:00:00", 120, "call", 0),
    ],
    "spreadsheet.csv": [
        (M, N, "2024-01-31 08:00:00", 65, "call", 0),
        (N, M, "2024-01-31 10:00:00", 12, "call", 0),
        (M, N, "2024-01-31 11:00:00", 12, "call", 0),
    ],
    "charging.csv": [
        (M, N, "2024-01-31 08:00:00", 65, "call", 1),
        (M, N, "2024-01-31 08:00:01", 64, "call", 2),
        (M, N, "2024-01-31 09:00:00", 0, "sms", 1),
    ],
    "voip_uris.csv": [(M, N, "2024-01-31 08:00:00", 65, "call", 0)],
    "partitioned.csv": [
        (M, N, "2024-01-31 08:00:00", 65, "call", 0),
        (N, M, "2024-01-31 09:00:00", 5, "call", 0),
    ],
    "dates_only.csv": [(M, N, "2024-01-31 00:00:00", 65, "call", 0)],
}
REJECTED = {
    "listed_target.csv": [(9, "wrong number of fields")],
    "spreadsheet.csv": [(5, "unreadable number"), (6, "empty number")],
}


def test_every_fixture_is_covered() -> None:
    assert {path.name for path in (FIXTURES / "exports").iterdir()} == set(EXPORTS)


@pytest.mark.parametrize("name", EXPORTS)
def test_export(name: str) -> None:
    got = read(f"exports/{name}")
    assert got.rows == EXPORTS[name]
    assert got.rejected == REJECTED.get(name, [])
    lines = (FIXTURES / "exports" / name).read_bytes().split(b"\n")
    for row in got.raw:
        assert row.text == lines[row.line - 1].decode("utf-8", "replace")


def test_what_is_taken_for_granted_is_noted() -> None:
    def notes(name: str) -> str:
        return "; ".join(read(f"exports/{name}").cdr.files[0].notes)

    assert "4 lines before the header are passed over" in notes("listed_target.csv")
    assert "told by the file's name" in notes("13800138000.csv")
    assert "whose records" not in notes("billed_gbk.csv")


def test_both_ends_of_a_call_told_apart_by_their_label_count_once() -> None:
    pairs = contact_graph(FIXTURES / "exports" / "charging.csv").to_pandas().set_index("number")
    assert pairs.loc[M, ["calls_out", "seconds_out", "sms_out"]].tolist() == [1, 65, 1]


def party_a(tmp_path: Path, rows: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    lines = [f"{a},{b},2024-01-31 08:{i:02}:00,5,{label}" for i, (a, b, label) in enumerate(rows)]
    path = tmp_path / "ab.csv"
    path.write_text("\n".join(["A Number,B Number,Start,Duration,Call Type", *lines]))
    got = read(path)
    assert "whose records these are" in "".join(got.cdr.files[0].notes)
    return [row[:2] for row in got.rows]


def test_party_a_is_the_owner_where_one_number_is_listed(tmp_path: Path) -> None:
    rows = [("1000", str(2000 + i), "Incoming" if i % 2 else "Outgoing") for i in range(24)]
    want = [(b, a) if label == "Incoming" else (a, b) for a, b, label in rows]
    assert party_a(tmp_path, rows) == want


def test_party_a_is_the_owner_where_calls_come_in_that_he_did_not_make(tmp_path: Path) -> None:
    # Of each call a record at either end, as those who took part see it.
    calls = [(str(1000 + i % 3), str(2000 + i % 2)) for i in range(6)]
    rows = [row for a, b in calls for row in ((a, b, "Outgoing"), (b, a, "Incoming"))]
    assert party_a(tmp_path, rows) == [call for call in calls for _ in range(2)]
    rows = [("1000", "2000", "Outgoing"), ("1000", "2001", "Incoming"), ("1000", "2002", "Incoming")]
    assert party_a(tmp_path, rows) == [("1000", "2000"), ("2001", "1000"), ("2002", "1000")]


def test_party_a_is_the_caller_where_his_records_have_the_call_too(tmp_path: Path) -> None:
    for out, come in (("Outgoing", "Incoming"), ("MOC", "MTC")):
        rows = [(a, b, label) for a, b in (("1", "2"), ("2", "1"), ("1", "3")) for label in (out, come)]
        assert party_a(tmp_path, rows) == [row[:2] for row in rows]
    rows = [("1", "2", "MOC"), ("1", "3", "MTC"), ("2", "4", "MTC")]
    assert party_a(tmp_path, rows) == [row[:2] for row in rows]


def test_party_a_is_the_caller_where_many_call(tmp_path: Path) -> None:
    rows = [(str(1000 + i), str(2000 + i), "MTC" if i % 2 else "MOC") for i in range(24)]
    assert party_a(tmp_path, rows) == [row[:2] for row in rows]


def test_party_a_in_integers_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "ab.parquet"
    calls = {"A Number": [1000, 1000], "B Number": [2000, 2001], "Call Type": ["Incoming", "Outgoing"]}
    pq.write_table(pa.table({**calls, "Start": ["2024-01-31 08:00:00"] * 2}), path)
    assert [row[:2] for row in read(path).rows] == [("1000", "2000"), ("1000", "2001")]


def test_a_direction_with_other_words_is_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("caller,callee,start_time,direction\n1,2,2024-01-31 08:00:00,north\n")
    assert read(path).rows == [("1", "2", "2024-01-31 08:00:00", 0, "call", 0)]


def test_a_column_of_kinds_beside_one_of_directions(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    rows = ["1,2,2024-01-31 08:00:00,MOC,SMS", "3,1,2024-01-31 09:00:00,MTC,Voice"]
    path.write_text("\n".join(["caller,callee,start_time,call_type,service_type", *rows]))
    assert [row[4:] for row in read(path).rows] == [("sms", 1), ("call", 2)]


def test_a_midnight_beside_a_clock_is_a_date(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    for date in ("2024-01-31 00:00:00", "1/31/2024 12:00:00 AM"):
        path.write_text(f"caller,callee,date,time\n1,2,{date},8:05:00 AM\n")
        assert read(path).rows[0][2] == "2024-01-31 08:05:00"
    path.write_text("caller,callee,date,time\n1,2,2024-01-31 08:05:00,08:05:00\n")
    assert read(path).rows[0][2] == "2024-01-31 08:05:00"


def test_the_complaint_names_what_to_type() -> None:
    with pytest.raises(UnknownFormError, match=r"Name columns with --map start=COLUMN$"):
        recognise(["caller", "callee", "moment of call"], "f.csv")
    with pytest.raises(UnknownFormError, match=r"--map caller=COLUMN,callee=COLUMN$"):
        recognise(["zzz", "yyy", "start_time", "billsec", "charge"], "f.csv", form="synonyms")


@pytest.mark.parametrize(
    "text", ["", "soon", "3x", "m", "3m12", "12,34,5", "1,2,3", "3 12", "P", "1:60:00", "T"]
)
def test_no_durations(text: str) -> None:
    assert span_seconds(text, 1) == BAD_VALUE


@pytest.mark.parametrize("text", ["", "0:30 AM", "13:00 AM", "12:60 PM", "8 AM", "下午", "上午3:00 PM"])
def test_no_clock_times_of_half_a_day(text: str) -> None:
    assert half_day_seconds(text) == BAD_VALUE
