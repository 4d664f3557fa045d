"""The command line: inputs that results must not replace, files passed over, numbers on the screen."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from circlegraph.cli import app
from circlegraph.cli.text import masked
from circlegraph.errors import SettingsError

CDR = "caller,callee,start,duration,kind\n" + "".join(
    f"1380013800{i},13900139000,2024-05-{i + 1:02d} 08:00:00,60,call\n" for i in range(8)
)


@pytest.mark.parametrize(
    "more",
    [
        ["--out", "calls.csv"],
        ["--out", "./sub/../calls.csv"],
        ["--out", "o.csv", "--rejects", "calls.csv"],
        ["--out", "o.csv", "--rejects", "o.csv"],
    ],
)
def test_results_replace_neither_the_input_nor_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    Path("calls.csv").write_text(CDR)
    with pytest.raises(SettingsError, match="not written, as"):
        CliRunner().invoke(app, ["circles", "calls.csv", "--at", "2024-05-04", *more], catch_exceptions=False)
    if "--rejects" in more and more[-1] == "calls.csv":
        with pytest.raises(SettingsError, match="one of the CDR files"):
            CliRunner().invoke(
                app, ["inspect", "calls.csv", "--rejects", "calls.csv"], catch_exceptions=False
            )
    assert Path("calls.csv").read_text() == CDR
    assert not Path("o.csv").exists()


def test_files_of_a_folder_that_are_passed_over_are_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "calls.csv").write_text(CDR)
    (tmp_path / "in" / "monday.csv").write_text(CDR.replace("caller", "who"))
    done = CliRunner().invoke(
        app, ["circles", str(tmp_path / "in"), "--at", "2024-05-04", "--out", str(tmp_path / "o.csv")]
    )
    assert done.exit_code == 0
    assert "monday.csv: skipped, not a CDR file by its header" in done.stderr
    assert "monday" not in done.stdout


@pytest.mark.parametrize(
    "number", ["+86 138 0013 8000", "139-0013-9000", "010-8888 6666", "(021) 5555 6666", "138.0013.8000"]
)
def test_numbers_in_groups_are_blanked_out(number: str) -> None:
    shown = masked(f"{number},300,2024-05-01 08:00:00,01/05/2024 08:00")
    assert number not in shown
    assert "****" in shown
    assert shown.endswith(",300,2024-05-01 08:00:00,01/05/2024 08:00")


def test_results_never_replace_the_tables_that_are_read(tmp_path: Path) -> None:
    """Neither a customer table nor the key of the pseudonyms."""
    calls, table, key = tmp_path / "calls.csv", tmp_path / "own.csv", tmp_path / "key.csv"
    calls.write_text("caller,callee,start,duration\n1380,1390,2024-01-01 00:00:00,5\n")
    table.write_text("number\n1380\n")
    key.write_text("k" * 40)
    reading = [str(calls), "--subscribers", str(table), "--out", str(table)]
    unmasking = ["unmask", str(calls), "--key-file", str(key), "--numbers", str(table), "--out", str(key)]
    for command in (["families", *reading], ["managers", *reading], unmasking):
        done = CliRunner().invoke(app, command)
        assert isinstance(done.exception, SettingsError), done.output
        assert "one of the tables read" in str(done.exception)
    assert table.read_text() == "number\n1380\n"
    assert key.read_text() == "k" * 40
