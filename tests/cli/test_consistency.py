"""What is wrong is told alike by every command: one line, the same words, the same exit code, and before the work."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
JUDGING = (["circles", "--at", "2024-05-04"], ["dual-sim", "--at", "2024-05-04"], ["families"], ["managers"])
CDR = "caller,callee,start,duration,kind\n" + "".join(
    f"1380013800{i},13900139000,2024-05-{i + 1:02d} 08:00:00,60,call\n" for i in range(8)
)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(CDR)
    return path


@pytest.mark.parametrize("command", JUDGING, ids=lambda command: command[0])
def test_a_list_that_matches_nobody(cli: Cli, calls: Path, tmp_path: Path, command: list[str]) -> None:
    listed, out = tmp_path / "own.csv", tmp_path / "out.csv"
    listed.write_text("number\n13700000000\n")
    ran = cli(*command, calls, "--subscribers", listed, "--out", out, "-q")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("circlegraph: none of the 1 listed subscribers is in the data")
    assert ran.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    "command",
    [
        *JUDGING,
        ["families", "--out", "out.csv", "--pairs-out", "{}"],
        ["managers", "--out", "out.csv", "--contacts-out", "{}"],
        ["circles", "--at", "2024-05-04", "--out", "out.csv", "--rejects", "{}"],
        ["inspect", "--rejects", "{}"],
    ],
    ids=" ".join,
)
def test_a_folder_that_is_not_there(
    cli: Cli, calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    named = command if "{}" in command else [*command, "--out", "{}"]
    before = sorted(tmp_path.iterdir())
    for place, told in (
        ("no/x.csv", "no/x.csv: cannot be written, there is no folder no; make it first"),
        ("there", "there: cannot be written, it is a folder; name a file in it"),
    ):
        if place == "there" and "--rejects" not in named:
            continue  # a result's name must end in .csv or .parquet
        ran = cli(*(place if part == "{}" else part for part in named), calls, "-q")
        assert (ran.code, ran.out, ran.err) == (1, "", f"circlegraph: {told}\n")
    assert sorted(tmp_path.iterdir()) == before


def test_a_date_that_is_none_is_bad_usage(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("[inputs]\ncdr = ['*.csv']\n[folders]\nstore = 's'\nresults = 'r'\n")
    for command in (["explain", "13800138000"], ["nightly"]):
        ran = cli(*command, "--config", config, "--date", "garbage")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "circlegraph: 'garbage' is no date; write it like 2024-05-31\n"
    assert not (tmp_path / "r").exists()
