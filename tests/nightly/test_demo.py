"""``circlegraph demo`` and ``circlegraph nightly`` as a newcomer meets them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_the_demo_ends_with_a_report_and_can_be_run_again(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ran = cli("demo", folder, "--subscribers", 500, "--quiet")
    assert (ran.code, ran.err) == (0, "")
    for part in (
        "Found, and what was planted:",
        "Second numbers:",
        "Families:",
        "Account managers:",
        "report.html",
    ):
        assert part in ran.out
    report = Path(ran.out.split("for a browser:")[1].split("\n")[0].strip())
    assert report.read_text().startswith("<!doctype html>")
    date = report.parent.name
    again = cli("nightly", "--config", folder / "circlegraph.toml", "--date", date)
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith(f"{date}: nothing to do")


def test_what_is_wrong_is_one_line(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("[inputs]\ncdr = ['nowhere/*.csv']\n[folders]\nstore = 's'\nresults = 'r'\nx = 1\n")
    ran = cli("nightly", "--config", config)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert "folders.x is unknown" in ran.err
    config.write_text(config.read_text().replace("x = 1\n", ""))
    ran = cli("nightly", "--config", config)
    assert ran.code == 1
    assert "no file is found there" in ran.err
    assert "no usable CDR file" in ran.err
    assert cli("nightly", "--config", config, "--date", "yesterday").code == 2
