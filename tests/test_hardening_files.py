"""Files that are no proper files: pipes, odd line ends and names, full disks, folders of strangers."""

import csv
import errno
import io
import os
import pickle
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph.cdr import clean_chunks, open_cdr
from circlegraph.cdr.quarantine import Quarantine
from circlegraph.cdr.rejected import Rejected
from circlegraph.errors import InputError, UnknownFormError
from circlegraph.graph.inspection import inspect_cdr
from circlegraph.graph.network import Network
from circlegraph.nightly.ledger import listed_files
from circlegraph.numbers import decode

HEADER = "caller,callee,start,duration,kind\n"
ROW = "13800138000,13900139000,2024-05-01 08:00:00,60,call\n"


def test_a_pipe_is_refused_before_anything_is_lost(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match=r"pipe\.csv: a pipe cannot be read twice"):
        open_cdr(tmp_path / "pipe.csv")


def test_bare_carriage_returns(tmp_path: Path) -> None:
    (tmp_path / "mac.csv").write_text((HEADER + ROW).replace("\n", "\r"))
    with pytest.raises(InputError, match=r"mac\.csv: lines end in a bare carriage return"):
        open_cdr(tmp_path / "mac.csv")


@pytest.mark.parametrize("row", [ROW, f"{'ab' * 32},{'cd' * 32},2024-05-01 08:00:00,60,call\n"])
def test_a_file_without_header_says_so_and_shows_no_number(tmp_path: Path, row: str) -> None:
    (tmp_path / "bare.csv").write_text(row * 3)
    with pytest.raises(UnknownFormError, match="no column names but values; add a header line") as caught:
        open_cdr(tmp_path / "bare.csv")
    assert not re.search("13800138000|abab", str(caught.value))


def test_a_folder_of_strangers_says_why(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(HEADER.replace("caller", "calller") + ROW)
    with pytest.raises(
        InputError, match=r"looked at 1 files.*calls\.csv: no form fits .* did you mean 'calller'"
    ):
        open_cdr(tmp_path)
    with pytest.raises(InputError, match=r"no column 'Form' for caller"):
        open_cdr(tmp_path, columns={"caller": "Form"})


def test_strangers_in_a_folder_are_passed_over_without_a_search_for_what_they_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calls.csv").write_text(HEADER + ROW)
    (tmp_path / "other.csv").write_text("calller,calee\n1,2\n")
    monkeypatch.setattr("difflib.get_close_matches", None)
    assert len(open_cdr(tmp_path).files) == 1
    with pytest.raises(UnknownFormError) as caught:
        open_cdr(tmp_path / "other.csv")
    monkeypatch.undo()
    assert "did you mean 'calller' to be caller" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert str(caught.value) in repr(caught.value).replace("\\'", "'")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Folders that may not be listed, whoever runs the tests."""
    names: set[str] = set()
    scandir = os.scandir

    def guarded(path: str | Path) -> object:
        if Path(path).name in names:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    return names


def test_a_folder_that_may_not_be_listed_is_no_empty_one(tmp_path: Path, closed: set[str]) -> None:
    for name in ("top/may", "top/june", "top/.hidden"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "calls.csv").write_text(HEADER + ROW)
    assert [file.path[-14:] for file in open_cdr(tmp_path).files] == ["june/calls.csv", "/may/calls.csv"]
    for listing in (open_cdr, lambda path: listed_files([str(path)])):
        closed.add(".hidden")
        listing(tmp_path / "top")
        for name in ("june", "top"):
            closed.add(name)
            with pytest.raises(InputError, match=rf"{name}: no permission to read it; have it granted"):
                listing(tmp_path / "top")
        closed.clear()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any folder")
@pytest.mark.parametrize("mode", [0o000, 0o400])
def test_no_permission_for_a_folder(tmp_path: Path, mode: int) -> None:
    (tmp_path / "may").mkdir()
    (tmp_path / "may" / "calls.csv").write_text(HEADER + ROW)
    (tmp_path / "may").chmod(mode)
    try:
        for source in (tmp_path, tmp_path / "may", tmp_path / "may" / "calls.csv"):
            with pytest.raises(InputError, match="no permission to read it"):
                open_cdr(source)
    finally:
        (tmp_path / "may").chmod(0o700)


def test_frames_to_be_skipped(tmp_path: Path) -> None:
    """As pzstd writes them: before each frame another one with its size."""
    import pyarrow as pa

    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0size"
    frames = [pa.Codec("zstd").compress(text.encode(), asbytes=True) for text in (HEADER, ROW)]
    path = tmp_path / "calls.csv.zst"
    path.write_bytes(b"".join(skipped + frame for frame in frames))
    assert inspect_cdr(path).total.accepted == 1


@pytest.mark.parametrize(
    ("duration", "reason"),
    [
        ("-00:01:00", "negative"),
        ("-1:00", "negative"),
        ("-0:00:01", "negative"),
        ("--1:00", "unparsable"),
        ("-1:60", "unparsable"),
    ],
)
def test_clocks_with_a_minus_are_negative_durations(tmp_path: Path, duration: str, reason: str) -> None:
    (tmp_path / "calls.csv").write_text(HEADER + ROW.replace("60", duration))
    assert dict(inspect_cdr(tmp_path).total.rejected) == {f"{reason} duration": 1}


names = st.text(st.sampled_from('ab", '), min_size=1, max_size=6).map(lambda name: f"n{name}x")


@given(st.lists(names, min_size=1, max_size=8), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@settings(deadline=None, max_examples=50)
def test_quotes_within_a_number_stand_twice_in_csv(callers: list[str], quoting: Any) -> None:
    stream = io.StringIO()
    rows = [[caller, f"y{i}", "2024-05-01 08:00:00", 60, "call"] for i, caller in enumerate(callers)]
    csv.writer(stream, quoting=quoting, lineterminator="\n").writerows([HEADER.strip().split(","), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "calls.csv")
        path.write_text(stream.getvalue() + "a,,2024-05-01 08:00:00,60,call\n")
        (chunk,) = clean_chunks(open_cdr(path), 1)
    assert decode(chunk.events.caller, chunk.tokens).tolist() == callers
    assert [row.text for row in chunk.rejected] == ["a,,2024-05-01 08:00:00,60,call"]


def test_names_that_are_no_text_reach_the_quarantine_file(tmp_path: Path) -> None:
    with Quarantine(tmp_path / "rejects.csv") as quarantine:
        quarantine.add(os.fsdecode(b"lat\xe91.csv"), [Rejected(2, "self call", "row")])
    assert r"lat\udce91.csv,2,self call,row" in (tmp_path / "rejects.csv").read_text()


def test_a_full_disk_leaves_no_quarantine_file(tmp_path: Path) -> None:
    """As the last buffer cannot be written, closing the file fails too."""
    quarantine = Quarantine(tmp_path / "r.csv")
    quarantine.__enter__()
    quarantine.add("calls.csv", [Rejected(2, "self call", "row")])
    with Path("/dev/full").open("wb") as full:
        os.dup2(full.fileno(), quarantine._stream.fileno())
    with pytest.raises(InputError, match=r"cannot write the quarantine file .No space left"):
        quarantine.__exit__(None, None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["number,plan\n13800138000,x\n13800138031,x,extra\n", "13800138000\n13800138031\n"]
)
def test_a_broken_table_of_subscribers_shows_no_number(tmp_path: Path, text: str) -> None:
    (tmp_path / "subscribers.csv").write_text(text)
    with pytest.raises(InputError, match=r"subscribers\.csv: ") as caught:
        Network.of(tmp_path / "subscribers.csv")
    assert "1380013" not in str(caught.value)
