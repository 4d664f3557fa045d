"""One fixture per way of being malformed: exact rejects, or one clear line."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import FIXTURES, read

from circlegraph.cdr import open_cdr
from circlegraph.errors import InputError, SettingsError, UnknownFormError

REJECTS = {
    "only_header.csv": (0, []),
    "one_row_no_newline.csv": (1, []),
    "wrong_width.csv": (2, [(3, "wrong number of fields"), (4, "wrong number of fields")]),
    "bad_quoting.csv": (2, [(3, "bad quoting"), (4, "bad quoting")]),
    "empty_number.csv": (1, [(2, "empty number"), (3, "empty number")]),
    "bad_encoding.csv": (1, [(2, "unreadable number"), (3, "unreadable number")]),
    "self_call.csv": (1, [(2, "self call")]),
    "bad_times.csv": (
        2,
        [
            (2, "empty time"),
            (3, "unparsable time"),
            (4, "unparsable time"),
            (5, "time out of range"),
            (6, "time out of range"),
        ],
    ),
    "unknown_kind.csv": (1, [(2, "unknown kind"), (3, "unknown kind")]),
    "unknown_direction.csv": (1, [(2, "unknown direction")]),
    "bad_durations.csv": (
        5,
        [(2, "unparsable duration"), (3, "negative duration"), (4, "duration out of range")],
    ),
    "bom_crlf.csv": (2, []),
    "utf16.csv": (1, []),
}

ERRORS = {
    "zero_bytes.csv": "the file is empty",
    "blank_lines.csv": "nothing but blank lines",
    "no_header.csv": "no column names but values; add a header line",
    "misspelt_header.csv": "columns calller, calee, start, duration; the nearest is canonical, "
    "which lacks caller, callee; did you mean 'calller' to be caller",
    "no_time.csv": "the nearest is canonical, which lacks start",
    "utf16_no_bom.csv": "UTF-16 without its byte order mark",
    "not_parquet.parquet": "not a Parquet file",
    "truncated.parquet": "damaged or truncated Parquet file",
    "truncated.csv.gz": "truncated or damaged",
    "bad_checksum.csv.gz": "truncated or damaged",
    "truncated.csv.zst": "cannot be read to its end",
}


def test_what_is_no_table_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    for content, message in (
        (b"PK\x03\x04\x14\0\x06\0", "a workbook or a zip archive"),
        (b"src dst ts\n1 2 1082040961\n", "nothing but spaces separates the columns src dst ts"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=message):
            open_cdr(path)


def test_every_fixture_is_covered() -> None:
    names = {path.name for path in (FIXTURES / "malformed").iterdir()}
    assert names == set(REJECTS) | set(ERRORS)


@pytest.mark.parametrize("name", REJECTS)
def test_rejects(name: str) -> None:
    accepted, rejected = REJECTS[name]
    got = read(f"malformed/{name}")
    assert (got.report.accepted, got.rejected) == (accepted, rejected)
    assert got.report.read == accepted + len(rejected)
    lines = (FIXTURES / "malformed" / name).read_bytes().split(b"\n")
    for row in got.raw:
        assert row.text == lines[row.line - 1].decode("utf-8", "replace").rstrip("\r")


def test_missed_and_missing_durations_are_noted() -> None:
    assert read("malformed/bad_durations.csv").report.notes == {"missed": 1, "no duration": 1}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"malformed/{name}")
    text = str(caught.value)
    assert ERRORS[name] in text
    assert name in text
    assert "\n" not in text
    assert "13800138000" not in text


def test_a_broken_stream_raises_however_late(tmp_path: Path) -> None:
    import gzip

    rows = b"caller,callee,start,duration\n" + b"1,2,2024-01-01 00:00:00,%d\n" * 1
    body = rows + b"".join(b"%d,%d,2024-01-01 00:00:00,5\n" % (i, i * i + 7) for i in range(1, 60_000))
    packed = gzip.compress(body, mtime=0)
    path = tmp_path / "late.csv.gz"
    path.write_bytes(packed[:-300])
    with pytest.raises(InputError, match="truncated or damaged"):
        read(path, block_size=1 << 16)


def test_missing_paths_and_empty_folders(tmp_path: Path) -> None:
    for source, message in [
        (tmp_path / "nothing.csv", "no such file or folder"),
        (str(tmp_path / "*.csv"), "no file matches"),
        (tmp_path, "no CDR files in"),
        ([], "no CDR files in nothing"),
    ]:
        with pytest.raises(InputError, match=message):
            open_cdr(source)
    (tmp_path / "people.csv").write_text("user,female\n1,0\n")
    with pytest.raises(InputError, match="looked at 1 files"):
        open_cdr(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("caller,callee,start\n")
    path.chmod(0)
    with pytest.raises(InputError, match="no permission"):
        open_cdr(path)


def test_the_same_file_twice_is_read_once() -> None:
    path = FIXTURES / "forms" / "canonical.csv"
    got = read([path, path.parent / ".." / "forms" / "canonical.csv"])
    assert got.report.read == 4
    assert got.cdr.skipped[0][1] == "the same file is already listed"


def test_options_are_checked() -> None:
    path = FIXTURES / "forms" / "canonical.csv"
    for options, message in [
        ({"form": "cannonical"}, "unknown form 'cannonical'; known forms: canonical, bandicoot"),
        ({"columns": {"calller": "caller"}}, "unknown column role 'calller'; did you mean 'caller'"),
        ({"epoch": "soon"}, "epoch must be a date"),
        ({"tz": "Mars/Olympus"}, "unknown time zone 'Mars/Olympus'"),
        ({"tz": "../etc"}, "unknown time zone"),
        ({"country": "china"}, "country must be a calling code"),
    ]:
        with pytest.raises(SettingsError, match=message):
            open_cdr(path, **options)  # type: ignore[arg-type]
    with pytest.raises(UnknownFormError, match="no column 'Frm' for caller"):
        open_cdr(path, columns={"caller": "Frm"})
    with pytest.raises(UnknownFormError, match="nearest is bandicoot"):
        open_cdr(path, form="bandicoot")
    with pytest.raises(InputError, match="cannot read CDRs from a int"):
        open_cdr(7)


def test_a_named_file_without_form_is_an_error_but_skipped_in_a_folder(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("user,female\n1,0\n")
    (tmp_path / "calls.csv").write_text("caller,callee,start\n1,2,2024-01-01 00:00:00\n")
    assert read(tmp_path).cdr.skipped == [(str(people), "not a CDR file by its header")]
    with pytest.raises(UnknownFormError, match="user, female"):
        open_cdr([people, tmp_path / "calls.csv"])


def test_a_damaged_first_page_of_parquet(tmp_path: Path) -> None:
    """The footer is whole, and the page that the times are sampled from is not."""
    table = pa.table({"caller": ["1"] * 50, "callee": ["2"] * 50, "start": ["2024-01-01 00:00:00"] * 50})
    path = tmp_path / "calls.parquet"
    pq.write_table(table, path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[4:-600] = b"\xff" * (len(data) - 604)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"calls\.parquet: damaged or truncated Parquet file"):
        open_cdr(path)
