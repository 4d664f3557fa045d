"""``circlegraph managers``: from the command line to the files, and one line for each thing that is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import callers_town as planted
import pandas as pd
import pytest

from circlegraph.detect.account_managers.result import contacts_schema, managers_schema

Cli = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = planted.town()
    path = tmp_path_factory.mktemp("town")
    town.calls.to_csv(path / "calls.csv", index=False)
    town.subscribers.to_csv(path / "subscribers.csv", index=False)
    town.bills.to_csv(path / "bills.csv", index=False)
    return path


def tables(folder: Path) -> list[object]:
    return ["--subscribers", folder / "subscribers.csv", "--bills", folder / "bills.csv"]


def test_both_kinds_of_result_hold_the_same(cli: Cli, folder: Path, tmp_path: Path) -> None:
    for suffix in (".csv", ".parquet"):
        out, contacts = tmp_path / f"m{suffix}", tmp_path / f"c{suffix}"
        ran = cli("managers", folder / "calls.csv", "--out", out, "--contacts-out", contacts, *tables(folder))
        assert (ran.code, ran.err) == (0, "")
        assert "1 accepted" in ran.out
        assert out.stat().st_mode & 0o777 == contacts.stat().st_mode & 0o777 == 0o600
    for name, schema in (("m", managers_schema()), ("c", contacts_schema())):
        table = pd.read_parquet(tmp_path / f"{name}.parquet")
        text = pd.read_csv(tmp_path / f"{name}.csv", dtype={"number": str, "manager": str})
        assert list(table.columns) == list(text.columns) == schema.names
        same = [column for column in ("number", "accepted", "contacted", "reason", "stage") if column in text]
        pd.testing.assert_frame_equal(text[same], table[same], check_dtype=False)


def test_threads_and_memory_change_nothing(cli: Cli, folder: Path, tmp_path: Path) -> None:
    found = set()
    for i, options in enumerate((["--threads", "1"], ["--threads", "2"], ["--memory-limit", "1GB"])):
        out = tmp_path / f"{i}.parquet"
        assert cli("managers", folder / "calls.csv", "--out", out, *tables(folder), *options).code == 0
        found.add(out.read_bytes())
    assert len(found) == 1


def test_known_and_previous_tables(cli: Cli, folder: Path, tmp_path: Path) -> None:
    contacts, out, known = tmp_path / "c.csv", tmp_path / "m.csv", tmp_path / "known.csv"
    common = ["managers", folder / "calls.csv", "--out", out, *tables(folder)]
    assert cli(*common, "--contacts-out", contacts).code == 0
    again = tmp_path / "again.csv"
    assert cli(*common, "--contacts-out", again, "--previous", contacts).code == 0
    assert again.read_bytes() == contacts.read_bytes()
    pd.DataFrame({"number": [planted.MANAGER], "kind": ["harmless"]}).to_csv(known, index=False)
    ran = cli(*common, "--known", known)
    assert "0 accepted" in ran.out


def test_nobody_off_net(cli: Cli, folder: Path, tmp_path: Path) -> None:
    ran = cli(
        "managers", folder / "calls.csv", "--out", tmp_path / "m.csv", "--contacts-out", tmp_path / "c.csv"
    )
    assert (ran.code, ran.err) == (0, "")
    assert "every number is the own network's" in ran.out
    assert len(pd.read_csv(tmp_path / "m.csv")) == len(pd.read_csv(tmp_path / "c.csv")) == 0


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--out", "m.txt"], 2, "must end in .parquet or .csv"),
        (["--out", "m.csv", "--contacts-out", "m.csv"], 2, "another result goes there"),
        (["--out", "m.csv", "--bills", "nowhere.csv"], 1, "no such file"),
        (["--out", "m.csv", "--second-numbers", "calls.csv"], 1, "number"),
    ],
)
def test_one_line_for_what_is_wrong(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(folder)
    ran = cli("managers", "calls.csv", *options)
    assert ran.code == code
    assert says in ran.err
    assert ran.err.count("\n") == 1
