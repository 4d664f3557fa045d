"""Columns that a form does not name itself, and names that mean several things."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import Read, read

A, B, P = "13800138000", "13900139000", "13600136000"
NINE = f"{A},{B},2024-01-31 09:00:00"
TEN = f"{B},{A},2024-01-31 10:00:00"


def from_lines(tmp_path: Path, *lines: str, name: str = "a.csv") -> Read:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return read(path)


def notes(got: Read) -> str:
    return "; ".join(got.cdr.files[0].notes)


@pytest.mark.parametrize(
    "header",
    [
        "caller,callee,start,duration,type",
        "caller,callee,start,call_duration,service_type",
        "caller_id,recipient_id,timestamp,duration_sec,call_type",
        "callingNumber,calledNumber,answerTime,duration,type",
        "from,to,date,length,description",
    ],
)
def test_kinds_and_durations_by_a_common_name(tmp_path: Path, header: str) -> None:
    got = from_lines(tmp_path, header, f"{NINE},65,Voice call", f"{TEN},20,Short message", f"{TEN},9,Data")
    assert [row[3:] for row in got.rows] == [(65, "call", 0), (0, "sms", 0)]
    assert got.rejected == [(4, "unknown kind")]


def test_seconds_by_their_name_whatever_the_form(tmp_path: Path) -> None:
    header = "msisdn,msisdn_counterpart,datetime,outgoing,duration_seconds,event_type"
    got = from_lines(tmp_path, header, f"{NINE},true,65,call")
    assert got.rows == [(A, B, "2024-01-31 09:00:00", 65, "call", 1)]


@pytest.mark.parametrize(
    "header", ["caller,callee,start,duration", "caller_id,recipient_id,timestamp,duration"]
)
def test_directions_by_a_common_name(tmp_path: Path, header: str) -> None:
    got = from_lines(tmp_path, f"{header},call_type", f"{NINE},65,MOC", f"{NINE},64,MTC")
    assert [row[3:] for row in got.rows] == [(65, "call", 1), (64, "call", 2)]


def test_a_form_has_its_kinds_where_it_says(tmp_path: Path) -> None:
    rows = [f"{NINE},0,missed"] * 600
    got = from_lines(tmp_path, "caller,callee,start,duration,kind", *rows, f"{TEN},65,call")
    assert got.rows[-1][3:] == (65, "call", 0)
    assert not got.rejected


@pytest.mark.parametrize("header", ["caller,callee,start,duration", "from,to,timestamp,duration"])
def test_a_column_without_kinds_is_not_used(tmp_path: Path, header: str) -> None:
    got = from_lines(tmp_path, f"{header},type", f"{NINE},65,Local", f"{TEN},5,International")
    assert [row[3:] for row in got.rows] == [(65, "call", 0), (5, "call", 0)]
    assert "'type' is not used" in notes(got)


def test_codes_of_kinds_that_nobody_knows_are_no_calls(tmp_path: Path) -> None:
    got = from_lines(tmp_path, "from,to,timestamp,duration,type", f"{NINE},65,1", f"{TEN},5,2")
    assert [reason for _, reason in got.rejected] == ["unknown kind"] * 2


@pytest.mark.parametrize(
    "above",
    [
        ["sep=,"],
        ["CALL DETAIL REPORT,,,,", "Period,May 2024,,,", ",,,,"],
        ["CALL DETAIL REPORT", ""],
    ],
)
def test_what_spreadsheets_put_above_the_header(tmp_path: Path, above: list[str]) -> None:
    got = from_lines(
        tmp_path, *above, "caller,callee,start,duration,cost", f"{NINE},65,1", f"{TEN},5,2", ",,,70,3"
    )
    assert [row[3] for row in got.rows] == [65, 5]
    assert got.rejected == [(len(above) + 4, "empty number")]


@pytest.mark.parametrize(("header_end", "row_end"), [("", ";"), (";", ""), (";;", ";"), ("", ";;;")])
def test_delimiters_at_the_end_of_the_header_or_of_the_rows(
    tmp_path: Path, header_end: str, row_end: str
) -> None:
    row = NINE.replace(",", ";")
    got = from_lines(
        tmp_path, "caller;callee;start;duration" + header_end, f"{row};65{row_end}", f"{row};6{row_end}"
    )
    assert [row[3] for row in got.rows] == [65, 6]


PHONE = ["2024-01-31 09:00:00,{in_},+8613900139000,Mum,{x}", "2024-01-31 10:00:00,{out},13700137000,Dad,{x}"]


@pytest.mark.parametrize("number", ["Number", "Phone Number"])
def test_the_names_of_contacts_are_no_numbers(tmp_path: Path, number: str) -> None:
    rows = [row.format(in_="Incoming", out="Outgoing", x=65) for row in PHONE]
    got = from_lines(tmp_path, f"Date,Type,{number},Contact,Duration", *rows, name=f"{A}.csv")
    assert [row[:2] for row in got.rows] == [(B, A), (A, "13700137000")]
    rows = [row.replace("Mum", P).replace("Dad", P) for row in rows]
    got = from_lines(tmp_path, f"Date,Type,{number},Contact,Duration", *rows, name=f"{A}.csv")
    assert [row[:2] for row in got.rows] == [(P, B), ("13700137000", P)]


@pytest.mark.parametrize(("in_", "out"), [("Received", "Sent"), (1, 2), ("inbox", "sent")])
def test_texts_that_a_phone_lists(tmp_path: Path, in_: object, out: object) -> None:
    rows = [row.format(in_=in_, out=out, x="hello") for row in PHONE]
    got = from_lines(tmp_path, "Date,Type,Number,Name,Message", *rows, name=f"{A}.csv")
    assert [(row[0], row[1], row[4]) for row in got.rows] == [(B, A, "sms"), (A, "13700137000", "sms")]


@pytest.mark.parametrize(
    "name", ["messages.csv", "sms/2024-01-31.csv", "sms.parquet/part-0.csv", "kind=sms/day=2024-01-31/a.csv"]
)
def test_kinds_by_the_names_of_files_and_folders(tmp_path: Path, name: str) -> None:
    got = from_lines(tmp_path, "from,to,timestamp", NINE, name=name)
    assert got.rows == [(A, B, "2024-01-31 09:00:00", 0, "sms", 0)]
    got = from_lines(tmp_path, "from,to,timestamp,duration", f"{NINE},65", name="messages/2024/january/b.csv")
    assert {row[3:5] for row in got.rows} >= {(65, "call")}


def test_what_texts_say_tells_that_they_are_texts(tmp_path: Path) -> None:
    assert from_lines(tmp_path, "from,to,timestamp,body", f"{NINE},hello").rows[0][4] == "sms"
    assert from_lines(tmp_path, "caller,callee,start,body", f"{NINE},hello").rows[0][4] == "sms"
    assert from_lines(tmp_path, "from,to,timestamp,duration,content", f"{NINE},65,x").rows[0][4] == "call"


@pytest.mark.parametrize(
    "name", ["start_ts", "call_start_ts", "date_start", "Date/Time Start (UTC)", "date_received", "UNIXTS"]
)
def test_names_of_times(tmp_path: Path, name: str) -> None:
    assert from_lines(tmp_path, f"SRC,TGT,{name}", NINE).rows[0][:3] == (A, B, "2024-01-31 09:00:00")


def test_a_date_and_a_time_of_the_start(tmp_path: Path) -> None:
    got = from_lines(tmp_path, "from,to,date_start,time_start,talking", NINE.replace(" ", ",") + ",00:01:05")
    assert got.rows == [(A, B, "2024-01-31 09:00:00", 65, "call", 0)]


@pytest.mark.parametrize(
    ("header", "starts", "ends"),
    [
        ("caller,callee,start,end", ["2024-01-31 23:59:00", "2024-01-31 09:00"], ["2024-02-01 00:00:05", ""]),
        (
            "from,to,start_time,end_time",
            ["31/01/2024 23:59", "31/01/2024 9:00"],
            ["01/02/2024 00:00:05", "x"],
        ),
        ("from,to,start_ts,end_ts", ["1706745540000", "1706691600000"], ["1706745605000", "1706691599000"]),
        ("callingNumber,calledNumber,answerTime,releaseTime", ["20240131235900"] * 2, ["20240201000005", ""]),
    ],
)
def test_calls_last_from_start_to_end(
    tmp_path: Path, header: str, starts: list[str], ends: list[str]
) -> None:
    got = from_lines(tmp_path, header, f"{A},{B},{starts[0]},{ends[0]}", f"{B},{A},{starts[1]},{ends[1]}")
    assert got.rows[0] == (A, B, "2024-01-31 23:59:00", 65, "call", 0)
    told = {"": [], "x": ["unparsable duration"]}.get(ends[1], ["negative duration"])
    assert [reason for _, reason in got.rejected] == told
    assert "calls last from" in notes(got)


def test_an_end_that_is_no_time_is_not_used(tmp_path: Path) -> None:
    got = from_lines(tmp_path, "caller,callee,start,end", f"{A},{B},1706691600,A", f"{B},{A},1706691600,B")
    assert [row[3] for row in got.rows] == [0, 0]
    assert "end" not in got.cdr.files[0].columns
    got = from_lines(tmp_path, "caller,callee,start,end", f"{A},{B},1/31/2024 8:00 AM,8:05 AM")
    assert got.rows[0][2:4] == ("2024-01-31 08:00:00", 0)
    got = from_lines(tmp_path, "caller,callee,start,end", f"{A},{B},1/31/2024 8:00 AM,1/31/2024 8:05 AM")
    assert got.rows[0][2:4] == ("2024-01-31 08:00:00", 300)
    got = from_lines(tmp_path, "caller,callee,start,end,duration", f"{NINE},2024-01-31 09:10:00,65")
    assert got.rows[0][3] == 65


def test_callers_who_withhold_their_number_are_no_number(tmp_path: Path) -> None:
    rows = [
        f"{who},{B},2024-01-31 09:00:00,5" for who in ("Blocked", "No Caller ID", "no caller", "Blockedx")
    ]
    got = from_lines(tmp_path, "caller,callee,start,duration", *rows)
    assert [row[0] for row in got.rows] == ["Blockedx"]


@pytest.mark.parametrize("folder", ["day=2024-01-31", "dt=20240131", "year=2024/month=1/day=31/type=call"])
def test_days_that_only_the_folder_tells(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "part-0.parquet"
    path.parent.mkdir(parents=True)
    calls = {"caller": [A, A], "callee": [B, B], "duration": [65, 5]}
    for clocks in (["08:00:05", "9:30 PM"], ["08:00:05", "21:30"]):
        pq.write_table(pa.table({**calls, "time": clocks}), path)
        got = read(tmp_path)
        assert [row[2] for row in got.rows] == ["2024-01-31 08:00:05", "2024-01-31 21:30:00"]
        assert "the day is told by the folder's name" in notes(got)
    pq.write_table(pa.table({**calls, "time": ["2024-02-01 08:00:05"] * 2}), path)
    assert read(tmp_path).rows[0][2] == "2024-02-01 08:00:05"


def test_times_of_day_without_a_day_are_rejected(tmp_path: Path) -> None:
    got = from_lines(tmp_path, "caller,callee,time", f"{A},{B},08:00:05", name="region=7/a.csv")
    assert got.rejected == [(2, "unparsable time")]


@pytest.mark.parametrize(
    "lines",
    [
        ("Rufnummer A;Rufnummer B;Datum;Uhrzeit;Dauer (s);Art", "31.01.2024;09:00:00;65,0;Anruf"),
        ("Anrufer;Zielrufnummer;Beginn;Dauer;Betrag", "31.01.2024 09:00;00:01:05;0,15"),
        ("Appelant;Appelé;Date;Heure;Durée;Type", "31/01/2024;09:00:00;65;Voix"),
        ("Origen;Destino;Fecha;Hora;Duración;Tipo", "31/01/2024;09:00:00;65;Llamada"),
        ("Origen;Destino;Fecha y Hora;Duracion (seg);Estado", "2024-01-31 09:00:00;65;ANSWERED"),
        ("From;To;Start Time;Duration (hh:mm:ss)", "31.01.2024 09:00;00:01:05"),
    ],
)
def test_headers_of_several_languages(tmp_path: Path, lines: tuple[str, str]) -> None:
    got = from_lines(tmp_path, lines[0], f"{A};{B};{lines[1]}")
    assert got.rows == [(A, B, "2024-01-31 09:00:00", 65, "call", 0)]


def test_minutes_by_their_name(tmp_path: Path) -> None:
    assert from_lines(tmp_path, "From,To,Start Time,Minutes", f"{NINE},2").rows[0][3] == 120


@pytest.mark.parametrize("date", ["240131", "31"])
def test_dates_that_nobody_can_read_are_no_seconds(tmp_path: Path, date: str) -> None:
    got = from_lines(tmp_path, "caller,callee,date,time", f"{A},{B},{date},08:00:05")
    assert got.rejected == [(2, "unparsable time")]
