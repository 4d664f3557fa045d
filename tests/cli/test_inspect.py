"""``circlegraph inspect``: what it shows of the fixtures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
FORMS = sorted(path for path in (FIXTURES / "forms").iterdir())

Cli = Callable[..., Any]


def options(path: Path) -> list[str]:
    return ["--epoch", "2024-01-01"] if "relative" in path.name else []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_every_form(cli: Cli, path: Path) -> None:
    ran = cli("inspect", path, "--json", *options(path))
    assert (ran.code, ran.err) == (0, "")
    found = json.loads(ran.out)
    total = found["total"]
    assert (
        total["read"]
        == total["accepted"] + sum(total["duplicates"].values()) + sum(total["rejected"].values())
        > 0
    )
    assert found["files"][0]["path"] == str(path)
    assert found["numbers"] >= 2
    shown = cli("inspect", path, *options(path)).out
    assert f"read {total['read']} = accepted {total['accepted']} + duplicates" in shown
    assert found["legs"] in shown
    assert found["files"][0]["form"] in shown


def test_two_legs_are_told(cli: Cli) -> None:
    found = json.loads(cli("inspect", FIXTURES / "forms" / "flowkit_calls.csv", "--json").out)
    assert found["legs"].startswith("two-leg, opposite legs")
    assert "within 5 s" in found["legs"]
    assert found["legs"].endswith("2 second legs")
    assert (found["total"]["read"], found["total"]["accepted"]) == (4, 2)
    assert found["total"]["duplicates"]["second leg"] == 2


def test_rejected_rows_are_shown_without_numbers(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(
        "caller,callee,start,duration\n"
        "13800138000,13800138000,2024-01-31 08:00:00,5\n"
        "13800138000,13900139000,2024-01-31 08:00:00,5\n"
        "13800138000,13900139000,2024-01-31 08:00:00,5\n"
        "13800138000,13900139000,yesterday,5\n"
    )
    rejects = tmp_path / "rejects.csv"
    ran = cli("inspect", path, "--rejects", rejects)
    assert ran.code == 0
    assert "read 4 = accepted 1 + duplicates 1 + rejected 2" in ran.out
    assert f"{path}:2: self call: 138****8000" in ran.out
    assert f"{path}:5: unparsable time" in ran.out
    assert "13800138000" not in ran.out
    assert "13900139000" not in ran.out
    assert "138****8000 (1 peers)" in ran.out
    assert len(rejects.read_text().splitlines()) == 3
    assert rejects.stat().st_mode & 0o777 == 0o600


def test_a_share_on_net(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("number\n13800138000\n13900139000\n")
    ran = cli("inspect", FIXTURES / "forms" / "canonical.csv", "--subscribers", own, "--json")
    found = json.loads(ran.out)
    assert (found["own_numbers"], found["on_net_share"]) == (2, round(2 / 3, 4))


def test_nothing_usable(cli: Cli) -> None:
    ran = cli("inspect", FIXTURES / "malformed" / "only_header.csv")
    assert ran.code == 0
    assert "read 0 = accepted 0" in ran.out
    assert "time span      none to none" in ran.out


def test_a_folder(cli: Cli) -> None:
    ran = cli("inspect", FIXTURES / "forms", "--epoch", "2024-01-01", "--quiet")
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.err


def test_help(cli: Cli) -> None:
    ran = cli("inspect", "--help")
    assert ran.code == 0
    for option in ("--json", "--form", "--map", "--rejects", "--subscribers"):
        assert option in ran.out


def test_a_list_of_subscribers_that_matches_nothing_is_warned_of(cli: Cli, tmp_path: Path) -> None:
    listed = tmp_path / "subscribers.csv"
    listed.write_text("number\n+4420801234567\n")
    ran = cli("inspect", FIXTURES / "forms" / "canonical.csv", "--subscribers", listed)
    assert ran.code == 0
    assert ran.err.startswith("circlegraph: warning: none of the 1 listed subscribers")
    assert ran.err.count("\n") == 1
    assert "0 own network" in ran.out


def test_files_are_counted_before_duplicates(cli: Cli, tmp_path: Path) -> None:
    row = "13800138000,13900139000,2024-01-31 08:00:00,5\n"
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("caller,callee,start,duration\n" + row + row + "1,1,2024-01-31,5\n")
    ran = cli("inspect", tmp_path)
    assert ran.out.count("  rows         read 3 = usable 2 + rejected 1\n") == 2
    assert "total          read 6 = accepted 1 + duplicates 3 + rejected 2\n" in ran.out
    for file in json.loads(cli("inspect", tmp_path, "--json").out)["files"]:
        assert (file["read"], file["usable"], file["rejected"]) == (3, 2, {"self call": 1})
        assert not {"accepted", "duplicates"} & set(file)


def test_notes_of_a_file_and_of_its_rows_are_both_told(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("caller,callee,start,duration,kind\n1,2,05/01/2024 08:00,,call\n")
    found = json.loads(cli("inspect", path, "--json").out)
    (file,) = found["files"]
    assert any("the day is taken to come first" in note for note in file["notes"])
    assert file["noted"] == found["total"]["notes"] == {"no duration": 1}
