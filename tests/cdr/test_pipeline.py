"""The same rows whatever the container, the number of threads and the size of the blocks."""

import csv
import gzip
import io
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import FIXTURES, read

from circlegraph.cdr import Rejected, Report, clean_chunks, open_cdr
from circlegraph.cdr.quarantine import Quarantine
from circlegraph.errors import InputError

Row = tuple[str, str, str, str, str]


def made_up(count: int, seed: int = 0) -> list[Row]:
    """Rows of which some are bad."""
    rng = np.random.default_rng(seed)
    pick = rng.integers(0, 40, count)
    rows = []
    for i in range(count):
        caller = f"1380013{rng.integers(1000):04}" if pick[i] % 3 else f"token{rng.integers(300)}"
        callee = f"1390013{rng.integers(1000):04}"
        start = str(
            np.datetime64("2024-01-01T00:00:00") + np.timedelta64(int(rng.integers(10**7)), "s")
        ).replace("T", " ")
        if pick[i] == 1:
            callee = caller
        rows.append(
            (
                caller,
                callee,
                "never" if pick[i] == 2 else start,
                str(rng.integers(900)),
                "sms" if pick[i] == 4 else "call",
            )
        )
    return rows


HEADER = ("caller", "callee", "start", "duration", "kind")


def as_csv(rows: list[Row], **options: Any) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n", **options).writerows([HEADER, *rows])
    return stream.getvalue().encode()


def test_threads_and_blocks_change_nothing(tmp_path: Path) -> None:
    rows = made_up(5000)
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    whole = read(path)
    assert whole.chunks == 1
    assert whole.report.read == 5000
    bad = [
        (i + 2, "self call" if a == b else "unparsable time")
        for i, (a, b, t, _, _) in enumerate(rows)
        if a == b or t == "never"
    ]
    assert whole.rejected == bad
    good = [(a, b, t, 0 if k == "sms" else int(d), k, 0) for a, b, t, d, k in rows if a != b and t != "never"]
    assert whole.rows == good
    for threads in (1, 2, 3):
        for block_size in (100, 4096, 50_000):
            part = read(path, threads, block_size=block_size)
            assert part.chunks > 1
            assert (part.rows, part.rejected, part.report) == (whole.rows, whole.rejected, whole.report)


def test_containers_change_nothing(tmp_path: Path) -> None:
    rows = made_up(3000, 1)
    text = as_csv(rows)
    (tmp_path / "a.csv").write_bytes(text)
    whole = read(tmp_path / "a.csv")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text[:5000]) + gzip.compress(text[5000:]))
    (tmp_path / "a.csv.zst").write_bytes(pa.compress(text, "zstd", asbytes=True))
    (tmp_path / "a.utf16.csv").write_bytes(text.decode().encode("utf-16"))
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    for name in ("a.csv.gz", "a.csv.zst", "a.utf16.csv", "bom.csv"):
        for threads in (1, 2):
            got = read(tmp_path / name, threads, block_size=10_000)
            assert (got.rows, got.rejected, got.report) == (whole.rows, whole.rejected, whole.report), name
            assert [row.text for row in got.raw] == [row.text for row in whole.raw]
    columns = dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))
    table = pa.table(columns)
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=700)
    pq.write_table(table, tmp_path / "plain.parquet", use_dictionary=False)
    frame = pd.DataFrame(columns)
    tables = [tmp_path / "a.parquet", tmp_path / "plain.parquet", table, frame, pl.DataFrame(columns)]
    tables += [
        frame.astype("object"),
        frame.assign(kind=frame["kind"].astype("category")),
        table.to_batches()[0],
    ]
    for source in tables:
        got = read(source, 2)
        assert (got.rows, got.report) == (whole.rows, whole.report)
        assert got.rejected == [(line - 1, reason) for line, reason in whole.rejected]


def test_typed_columns_are_their_texts(tmp_path: Path) -> None:
    starts = np.array(["2024-01-01T00:00:00", "2024-05-05T05:05:05", "1969-12-31T23:59:59"], "M8[s]")
    texts = pa.table(
        {
            "caller": ["13800138000", "8613800138000", "300"],
            "callee": ["300", "301", "302"],
            "start": [str(start) for start in starts],
            "duration": ["5", "6.5", ""],
            "kind": ["call", "forward", "call"],
        }
    )
    want = read(texts).rows
    assert [row[3] for row in want] == [5, 7, 0]
    codes = pa.array([0, 2, 0], pa.int8())
    numbers = pa.array([13800138000, 8613800138000, 300])
    callees = pa.array([300.0, 301.0, 302.0])
    for start in (
        pa.array(starts),
        pa.array(starts.astype("M8[ns]")),
        pa.array(starts.astype("M8[us]")).cast(pa.timestamp("us", "UTC")),
        pa.array(starts.astype(np.int64)),
        pa.array(starts.astype(np.int64) * 1000),
        pa.array(starts.astype(np.float64)),
        pa.array([str(start) for start in starts]).dictionary_encode(),
    ):
        for duration in (
            pa.array([5, 6.5, None]),
            pa.array(["5", "6.5", None]),
            pa.array([5, 7, None], pa.int32()),
        ):
            table = pa.table(
                {"caller": numbers, "callee": callees, "start": start, "duration": duration, "kind": codes}
            )
            pq.write_table(table, tmp_path / "t.parquet")
            assert read(table).rows == want
            assert read(tmp_path / "t.parquet").rows == want


def test_nulls_are_empty(tmp_path: Path) -> None:
    table = pa.table(
        {
            "caller": pa.array([1, None, 3, 4, 5]),
            "callee": pa.array(["2", "2", None, "2", "2"]).dictionary_encode(),
            "start": pa.array([1704067200, 1704067200, 1704067200, None, 1704067200]),
            "duration": pa.array([1, 1, 1, 1, None]),
            "kind": pa.array(["call", "call", "call", "call", None]),
        }
    )
    want = [(2, "empty number"), (3, "empty number"), (4, "empty time"), (5, "unknown kind")]
    assert read(table).rejected == want
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=2)
    got = read(tmp_path / "t.parquet")
    assert got.rejected == want
    assert got.raw[0].text == ",2,1704067200,1,call"


def test_a_large_row_group_comes_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import circlegraph.cdr.chunks as module

    rows = made_up(2000, 2)
    table = pa.table(dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True)))
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=1000)
    whole = read(tmp_path / "t.parquet")
    monkeypatch.setattr(module, "_GROUP_ROWS", 100)
    part = read(tmp_path / "t.parquet", 2)
    assert part.chunks == 20
    assert (part.rows, part.rejected) == (whole.rows, whole.rejected)


word = st.from_regex(r"[0-9]{1,18}|[a-zA-Z][0-9a-zA-Z|;, ]{0,10}[a-z]", fullmatch=True)


@given(
    st.lists(
        st.tuples(
            word, word, st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)), st.integers(0, 604800)
        ),
        max_size=8,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_reads_back_as_written(
    tmp_path: Path, rows: list[tuple[str, str, Any, int]], delimiter: str, quoting: Any, line_end: str
) -> None:
    rows = [(a, b, t.replace(microsecond=0), d) for a, b, t, d in rows if a != b]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerows(
        [("caller", "callee", "start", "duration"), *((a, b, str(t), str(d)) for a, b, t, d in rows)]
    )
    path = tmp_path / "x.csv"
    path.write_bytes(stream.getvalue().encode())
    got = read(path, country=None)
    null = {"null", "none", "nan", "na"}
    rows = [row for row in rows if row[0].lower() not in null and row[1].lower() not in null]
    assert got.rows == [(a, b, str(t), d, "call", 0) for a, b, t, d in rows]


def test_tokens_come_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(made_up(4000, 3)))
    cdr = open_cdr(path, block_size=10_000)
    texts = [text for part in clean_chunks(cdr, 2) for text in part.tokens.text.to_pylist()]
    assert sorted(texts) == sorted({row[0] for row in made_up(4000, 3) if row[0].startswith("token")})


def test_quarantine_is_the_same_whatever_the_threads(tmp_path: Path) -> None:
    for name, seed in (("b.csv", 4), ("a.csv", 5)):
        (tmp_path / name).write_bytes(as_csv(made_up(3000, seed)))
    written = []
    for threads, block_size in ((1, 1 << 20), (2, 5_000)):
        cdr = open_cdr(tmp_path, block_size=block_size)
        path = tmp_path / "out" / f"rejected{threads}.csv.x"
        path.parent.mkdir(exist_ok=True)
        with Quarantine(path) as quarantine:
            for part in clean_chunks(cdr, threads):
                quarantine.add(cdr.files[part.index].path, part.rejected)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        written.append(path.read_text())
    assert written[0] == written[1]
    rows = list(csv.reader(io.StringIO(written[0])))
    assert rows[0] == ["file", "line", "reason", "row"]
    places = [(file, int(line)) for file, line, _, _ in rows[1:]]
    assert places == sorted(places)
    for file, line, _, text in rows[1:]:
        assert Path(file).read_text().split("\n")[int(line) - 1] == text
    assert len(list(path.parent.iterdir())) == 2


def test_quarantine_leaves_nothing_behind_on_error(tmp_path: Path) -> None:
    def fail() -> None:
        with Quarantine(tmp_path / "q.csv") as quarantine:
            quarantine.add("a", [Rejected(1, "self call", "x")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []
    with (
        pytest.raises(InputError, match="cannot write the quarantine"),
        Quarantine(tmp_path / "no" / "q.csv"),
    ):
        pass


def test_reports_add_up_and_find_faults() -> None:
    report = Report(read=5, accepted=4)
    report.rejected["self call"] += 1
    report.drop("both legs", 2)
    report.check()
    assert (report + report).as_dict()["duplicates"] == {"both legs": 4}
    assert Report(first=3, last=4) + Report() + Report(first=1, last=2) == Report(first=1, last=4)
    report.accepted -= 1
    with pytest.raises(AssertionError, match="5 rows read, but 4 accounted for"):
        report.check()


def test_sha256_is_that_of_the_file() -> None:
    import hashlib

    path = FIXTURES / "forms" / "canonical.csv"
    assert open_cdr(path).files[0].sha256() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_chunks_survive_a_trip_to_another_process() -> None:
    import pickle

    from circlegraph.cdr import clean

    for chunk in open_cdr(FIXTURES / "forms").chunks():
        again = clean(pickle.loads(pickle.dumps(chunk)))
        assert again.events.caller.tolist() == clean(chunk).events.caller.tolist()


COPENHAGEN = FIXTURES.parents[1] / "shared" / "data" / "copenhagen"


@pytest.mark.skipif(not COPENHAGEN.exists(), reason=f"the Copenhagen data is not at {COPENHAGEN}")
def test_copenhagen_as_it_is() -> None:
    got = read(COPENHAGEN, 2, epoch="2020-01-01")
    assert [Path(path).name for path, _ in got.cdr.skipped] == ["fb_friends.csv", "genders.csv"]
    assert got.report.as_dict() == {
        "read": 27933,
        "accepted": 27933,
        "duplicates": {},
        "rejected": {},
        "notes": {"missed": 366},
        "first": "2020-01-01T00:00:18",
        "last": "2020-01-28T23:56:22",
    }
    kinds = [row[4] for row in got.rows]
    assert (kinds.count("call"), kinds.count("sms")) == (3600, 24333)
    calls = {number for row in got.rows if row[4] == "call" for number in row[:2]}
    texts = {number for row in got.rows if row[4] == "sms" for number in row[:2]}
    assert (len(calls), len(texts)) == (536, 568)


def test_row_numbers_run_on_over_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import circlegraph.cdr.chunks as module

    rows = made_up(1000, 6)
    path = tmp_path / "t.parquet"
    pq.write_table(
        pa.table(dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))), path, row_group_size=70
    )
    whole = read(path)
    monkeypatch.setattr(module, "_GROUP_ROWS", 200)
    part = read(path)
    assert (whole.chunks, part.chunks) == (1, 7)
    assert (part.rows, part.rejected) == (whole.rows, whole.rejected)


def test_blocks_smaller_than_the_header(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + as_csv(made_up(20, 7))
    (tmp_path / "a.csv").write_bytes(text)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    whole = read(tmp_path / "a.csv")
    assert whole.cdr.files[0].sniffed.header == HEADER
    for name in ("a.csv", "a.csv.gz"):
        got = read(tmp_path / name, block_size=7)
        assert (got.rows, got.rejected) == (whole.rows, whole.rejected)


def test_float_durations_have_the_same_marks() -> None:
    durations = [5.4, -1.0, -5.0, -0.5, None, 604800.0, 604801.0, 1e300]
    size = len(durations)
    table = pa.table(
        {"caller": [1] * size, "callee": [2] * size, "start": [1706688000] * size, "duration": durations}
    )
    got = read(table)
    assert [row[3] for row in got.rows] == [5, 0, 0, 604800]
    assert got.report.notes == {"missed": 1, "no duration": 1}
    assert got.rejected == [
        (3, "negative duration"),
        (4, "negative duration"),
        (7, "duration out of range"),
        (8, "unparsable duration"),
    ]


def test_timestamps_with_a_zone_keep_its_wall_clock_unless_moved() -> None:
    start = pa.array([1706688000, None]).cast(pa.timestamp("s", "Asia/Shanghai"))
    table = pa.table({"caller": [1, 1], "callee": [2, 2], "start": start})
    assert read(table).rows[0][2] == "2024-01-31 16:00:00"
    assert read(table, tz="UTC").rows[0][2] == "2024-01-31 08:00:00"
    assert read(table).rejected == [(2, "empty time")]


def test_date_and_clock_in_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        "31/01/2024,08:00:00",
        ",",
        "31/01/2024,",
        ",08:00:00",
        "31/01/2024,80:00:00",
        "30/02/2024,08:00:00",
    ]
    path.write_text("from,to,date,time\n" + "".join(f"1,2,{row}\n" for row in rows))
    got = read(path)
    assert [row[2] for row in got.rows] == ["2024-01-31 08:00:00"]
    assert [reason for _, reason in got.rejected] == ["empty time", *["unparsable time"] * 4]
    table = pa.table({"from": [1, 1], "to": [2, 2], "date": [20240131, 20240131], "time": [80000, None]})
    assert read(table).rows[0][2] == "2024-01-31 08:00:00"
    assert read(table).rejected == [(2, "unparsable time")]


def test_empty_and_unreadable_counts_keep_their_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("from,to,timestamp\n1,2,1706688000000\n1,2,\n1,2,soon\n")
    for options in ({}, {"tz": "Asia/Shanghai"}):
        assert read(path, **options).rejected == [(3, "empty time"), (4, "unparsable time")]
    path.write_text("from,to,timestamp\n1,2,184\n1,2,\n1,2,soon\n")
    assert read(path, epoch="2024-01-01").rejected == [(3, "empty time"), (4, "unparsable time")]


def test_a_mapped_direction_is_no_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "number,other_number,call_type,start\n1,2,Outgoing,2024-01-31 08:00\n1,2,Missed,2024-01-31 09:00\n"
    )
    got = read(path, columns={"direction": "call_type"})
    assert "kind" not in got.cdr.files[0].columns
    assert [(row[0], row[4], row[5]) for row in got.rows] == [("1", "call", 1), ("2", "call", 2)]


def test_quarantine_sweeps_what_killed_runs_left(tmp_path: Path) -> None:
    path = tmp_path / "q[1].csv"
    code = (
        "import os, signal, sys\n"
        "from circlegraph.cdr.quarantine import Quarantine\n"
        "with Quarantine(sys.argv[1]):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2])
    (left,) = tmp_path.iterdir()  # the second run removed what the first one left
    assert left.name.startswith(".q[1].csv.")
    other = tmp_path / ".q1.csv.x.tmp"
    other.touch()
    with Quarantine(path) as first, Quarantine(path) as second:  # a file in use is not swept
        assert not left.exists()
        first.add("a", [Rejected(1, "self call", "x")])
        second.add("b", [Rejected(2, "self call", "y")])
        assert len(list(tmp_path.glob(".q[[]1].csv.*"))) == 2
    assert sorted(tmp_path.iterdir()) == sorted([path, other])
    assert path.read_text().splitlines()[1].startswith("a,1,")
