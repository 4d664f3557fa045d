"""``circlegraph circles``: results, rejects, exit codes, one-line errors."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
import pandas as pd
import pytest
from naive import DAY

from circlegraph._version import version

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = made.town_names()
AT = "2024-01-08"

Cli = Callable[..., Any]


@pytest.fixture(scope="module")
def cdr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cdr") / "calls.csv"
    rows = made.town(51, days=14, events_a_day=40)
    made.frame(rows + rows[:7], NAMES).to_csv(path, index=False)
    with path.open("a") as stream:
        stream.write("13800000001,13800000001,2024-01-05 10:00:00,5,call\n")
        stream.write("13800000001,13800000002,never,5,call\n")
    return path


def test_both_kinds_of_result_hold_the_same(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet"):
        ran = cli("circles", cdr, "--at", AT, "--out", tmp_path / name)
        assert (ran.code, ran.err) == (0, "")
        assert "read 569 = accepted 560 + duplicates 7 + rejected 2" in ran.out
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    table = pd.read_parquet(tmp_path / "a.parquet")
    text = {"number": str, "peer": str}
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "a.csv", dtype=text), table, check_dtype=False)
    assert list(table.columns[:5]) == ["number", "peer", "before_index", "after_index", "stable"]
    assert f"{len(table):,} rows of number and peer" in ran.out
    assert set(table["number"]) <= set(NAMES.values())


def test_rejected_rows_go_to_a_file(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    assert cli("circles", cdr, "--at", AT, "--out", out).code == 0
    rejects = tmp_path / "a.csv.rejects.csv"
    assert rejects.stat().st_mode & 0o777 == 0o600
    with rejects.open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["reason"] for row in rows] == ["self call", "unparsable time"]
    assert [row["line"] for row in rows] == ["569", "570"]
    assert {row["file"] for row in rows} == {str(cdr)}
    elsewhere = tmp_path / "elsewhere.csv"
    assert cli("circles", cdr, "--at", AT, "--out", out, "--rejects", elsewhere).code == 0
    assert elsewhere.read_bytes() == rejects.read_bytes()


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_threads_and_memory_change_nothing(cli: Cli, cdr: Path, tmp_path: Path, suffix: str) -> None:
    found = set()
    for i, options in enumerate(([], ["--threads", "1"], ["--threads", "3"], ["--memory-limit", "1GB"])):
        out = tmp_path / f"{i}.{suffix}"
        assert cli("circles", cdr, "--at", AT, "--out", out, *options).code == 0
        found.add(out.read_bytes())
    assert len(found) == 1


def test_windows_and_own_network(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    out, subscribers = tmp_path / "a.parquet", tmp_path / "own.csv"
    subscribers.write_text("number\n" + "\n".join(sorted(NAMES.values())[:20]))
    ran = cli(
        "circles", cdr, "--at", AT, "--out", out, "--before", 3, "--after", 2, "--subscribers", subscribers
    )
    assert ran.code == 0
    counts = pd.read_parquet(out)
    start = 19_723 * DAY + 7 * DAY
    inside = [
        e for e in made.town(51, days=14, events_a_day=40) if start - 3 * DAY <= e.start < start + 2 * DAY
    ]
    assert counts[["before_calls_out", "after_calls_out"]].to_numpy().sum() == sum(
        e.kind == 0 for e in inside
    )


@pytest.mark.parametrize(
    "form", sorted((FIXTURES / "forms").glob("relative_*.csv")), ids=lambda path: path.name
)
def test_relative_times(cli: Cli, form: Path, tmp_path: Path) -> None:
    ran = cli("circles", form, "--at", "2024-01-02", "--epoch", "2024-01-01", "--out", tmp_path / "a.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "no events on one side" in ran.err


# What goes wrong while running: exit code 1. What was asked wrongly: 2.
FAILURES = {
    "no such file": (1, "no-such.csv", ["--at", AT], "no-such.csv"),
    "no CDRs": (1, str(FIXTURES / "malformed" / "misspelt_header.csv"), ["--at", AT], "did you mean"),
    "zero bytes": (1, str(FIXTURES / "malformed" / "zero_bytes.csv"), ["--at", AT], "empty"),
    "only a header": (1, str(FIXTURES / "malformed" / "only_header.csv"), ["--at", AT], "no usable event"),
    "truncated gzip": (1, str(FIXTURES / "malformed" / "truncated.csv.gz"), ["--at", AT], "truncated"),
    "outside the data": (1, None, ["--at", "2030-01-01"], "no events on one side"),
    "no date": (2, None, ["--at", "soon"], "neither a date nor a time"),
    "a zone": (2, None, ["--at", "2024-01-08T00:00:00Z"], "neither a date nor a time"),
    "memory": (2, None, ["--at", AT, "--memory-limit", "lots"], "4GB"),
    "little memory": (2, None, ["--at", AT, "--memory-limit", "10MB"], "at least 1 GB"),
    "map": (2, None, ["--at", AT, "--map", "caller"], "role=column"),
    "map twice": (2, None, ["--at", AT, "--map", "caller=a", "--map", "caller=b"], "names caller twice"),
    "form": (2, None, ["--at", AT, "--form", "morse"], "morse"),
    "subscribers": (1, None, ["--at", AT, "--subscribers", "nobody.csv"], "nobody.csv"),
}


@pytest.mark.parametrize(("code", "source", "options", "words"), FAILURES.values(), ids=FAILURES)
def test_one_line_says_what_is_wrong(
    cli: Cli, cdr: Path, tmp_path: Path, code: int, source: str | None, options: list[str], words: str
) -> None:
    out = tmp_path / "a.csv"
    ran = cli("circles", source or cdr, "--out", out, *options)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("circlegraph: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert not any(number in ran.err for number in NAMES.values())
    assert list(tmp_path.iterdir()) == []  # neither a result nor a part of one


@pytest.mark.parametrize(
    "arguments",
    [[], ["--at", AT], ["--out", "a.csv"], ["--at", AT, "--out", "a.csv", "--threads", "0"], ["--what"]],
)
def test_bad_usage(
    cli: Cli, cdr: Path, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = cli("circles", cdr, *arguments)
    assert ran.code == 2
    assert "Usage: " in ran.err
    assert "Traceback" not in ran.err


def test_the_suffix_is_checked_before_any_work(cli: Cli, tmp_path: Path) -> None:
    ran = cli("circles", "no-such.csv", "--at", AT, "--out", tmp_path / "a.xlsx")
    assert ran.code == 2
    assert "must end in .parquet or .csv" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_write_permission(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ran = cli("circles", cdr, "--at", AT, "--out", tmp_path / "a.csv")
    assert (ran.code, "is closed to you" in ran.err) == (1, True)


def test_debug_shows_where(cdr: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from circlegraph.cli import main; main()",
        "circles",
        str(cdr),
        "--at",
        "soon",
    ]
    command += ["--out", str(tmp_path / "a.csv")]
    quiet = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (quiet.returncode, quiet.stderr.count("\n"), quiet.stdout) == (2, 1, "")
    loud = subprocess.run([*command, "--debug"], capture_output=True, text=True, check=False)
    assert loud.returncode == 1
    assert "Traceback" in loud.stderr
    assert "SettingsError" in loud.stderr


def test_faults_of_our_own_are_one_line_too(
    cli: Cli, cdr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError("13800138000")

    monkeypatch.setattr("circlegraph.circles.run.run_circles", broken)
    ran = cli("circles", cdr, "--at", AT, "--out", tmp_path / "a.csv")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "ZeroDivisionError" in ran.err
    assert "13800138000" not in ran.err


def test_help(cli: Cli) -> None:
    ran = cli("--help")
    assert ran.code == 0
    assert "inspect" in ran.out
    assert "circles" in ran.out
    ran = cli("circles", "-h")
    assert ran.code == 0
    for option in (
        "--at",
        "--out",
        "--before",
        "--epoch",
        "--subscribers",
        "--memory-limit",
        "--threads",
        "--quiet",
    ):
        assert option in ran.out


def test_the_shape_of_the_index_is_an_option(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert cli("circles", cdr, "--at", AT, "--out", out, "--index", "binary").code == 0
    indices = pd.read_csv(out)[["before_index", "after_index"]].to_numpy()
    assert set(indices.ravel()) == {0, 1}
    assert (indices.max(axis=1) == 1).all()


def test_the_version_with_and_without_the_script(cli: Cli) -> None:
    ran = cli("--version")
    module = [sys.executable, "-m", "circlegraph", "--version"]
    assert subprocess.run(module, capture_output=True, text=True, check=True).stdout == ran.out
    assert (ran.code, ran.out) == (0, f"circlegraph {version()}\n")


def test_a_plan_of_a_region_tells_the_home_country(cli: Cli, tmp_path: Path) -> None:
    path, out = tmp_path / "calls.csv", tmp_path / "out.csv"
    calls = ["+447300123456,02079460018", "447300123456,+44 20 7946 0018", "07300123456,442079460018"]
    lines = [f"{call},2024-01-0{day} 08:00:00,60" for day, call in enumerate(calls, 1)]
    path.write_text("\n".join(["caller,callee,start,duration", *lines]))
    ran = cli("circles", path, "--at", "2024-01-03", "--out", out, "--plan", "GB", "--own", "EE")
    assert (ran.code, ran.err) == (0, "")
    assert sorted(pd.read_csv(out, dtype=str)["number"]) == ["2079460018", "7300123456"]
    ran = cli("circles", path, "--at", "2024-01-03", "--out", out, "--plan", "GB", "--country", "33")
    assert ran.code == 2
    assert "the numbering plan GB is for the numbers of country 44, not 33" in ran.err


def test_the_size_that_is_suggested_is_accepted(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    suggested = re.findall(
        r"\d+[MG]B", cli("circles", cdr, "--at", AT, "--out", tmp_path / "o.csv", "--memory-limit", "foo").err
    )
    assert len(suggested) == 2
    for size in suggested:
        assert cli("inspect", cdr, "--memory-limit", size).code == 0
