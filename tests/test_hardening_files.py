"""Files that are no proper files: pipes, odd line ends and names, full disks, folders of strangers."""

import os
import re
from pathlib import Path

import pytest

from circlegraph.cdr import open_cdr
from circlegraph.cdr.quarantine import Quarantine
from circlegraph.cdr.rejected import Rejected
from circlegraph.errors import InputError, UnknownFormError
from circlegraph.graph.network import Network

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
