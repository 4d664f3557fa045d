"""``circlegraph families``: from the command line to the files, and one line for each thing that is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import homes
import pandas as pd
import pytest

Cli = Callable[..., Any]
TOWN = homes.town(families=12)
TEXT = {"number": str, "number_a": str, "number_b": str}


@pytest.fixture(scope="module")
def cdr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cdr") / "calls.csv"
    TOWN.calls.to_csv(path, index=False)
    return path


def test_both_kinds_of_result_hold_the_same(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    listed = tmp_path / "subscribers.csv"
    TOWN.subscribers.to_csv(listed, index=False)
    for kind in ("csv", "parquet"):
        members, pairs = tmp_path / f"m.{kind}", tmp_path / f"p.{kind}"
        ran = cli("families", cdr, "--out", members, "--pairs-out", pairs, "--subscribers", listed)
        assert (ran.code, ran.err) == (0, "")
        assert "families" in ran.out
        assert members.stat().st_mode & 0o777 == 0o600
        assert pairs.stat().st_mode & 0o777 == 0o600
    for name in "mp":
        table = pd.read_parquet(tmp_path / f"{name}.parquet")
        text = pd.read_csv(tmp_path / f"{name}.csv", dtype=TEXT)
        assert list(text) == list(table)
        same = [column for column in table if table[column].notna().all()]
        pd.testing.assert_frame_equal(text[same], table[same], check_dtype=False)
    assert len(pd.read_parquet(tmp_path / "m.parquet")) > 30


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--out", "m.txt"], 2, "must end in .parquet or .csv"),
        (["--out", "m.csv", "--pairs-out", "m.csv"], 2, "another result goes there"),
        (["--out", "m.csv", "--previous", "none.csv"], 1, "there is no such file"),
        (["--out", "m.csv", "--labels", "none.csv"], 1, "there is no such file"),
        (["--out", "m.csv", "--holiday", "someday"], 2, "neither a date nor a time"),
        (["--out", "m.csv", "--days", "0"], 2, "--days"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    cli: Cli, cdr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments, code, message
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = cli("families", cdr, *arguments)
    assert ran.code == code
    assert message in ran.err
    assert not list(tmp_path.glob("m.*"))
