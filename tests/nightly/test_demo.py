"""``circlegraph demo`` and ``circlegraph nightly`` as a newcomer meets them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from circlegraph.kernels.ahead import signatures

Cli = Callable[..., Any]

CALLS = """
import sys
from numba.core import types
from numba.core.dispatcher import _DispatcherBase

first_call = _DispatcherBase._compile_for_args
plain = {"A": ":", "C": "::1"}

def spelled(type):
    if not isinstance(type, types.Array):
        return str(type)
    return f"{type.dtype}[{':, ' * (type.ndim - 1)}{plain[type.layout]}]" if type.mutable else "readonly"

def noted(self, *values):
    given = ", ".join(spelled(self.typeof_pyval(value)) for value in values).replace("bool", "boolean")
    name = self.py_func.__module__.rpartition(".")[2] + "." + self.py_func.__name__
    sys.stderr.write(f"{name}({given}{',' * (len(values) == 1)})\\n")  # at once: threads write side by side
    return first_call(self, *values)

_DispatcherBase._compile_for_args = noted
from circlegraph.cli import main
main()
"""
"""Runs the command line and says what is compiled for its calls, in the words of the list of signatures."""
FEW = 12
"""Entries of the list may be missing or out of date: that costs the first night a moment each."""


def test_the_demo_ends_with_a_report_and_can_be_run_again(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    command = [sys.executable, "-c", CALLS, "demo", str(folder), "--subscribers", "500", "--quiet"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    called = {line for line in ran.stderr.splitlines() if "Record" not in line and "readonly" not in line}
    different = called.symmetric_difference(signatures())
    assert len(different) <= FEW, "\n".join(sorted(different))
    for part in (
        "Found, and what was planted:",
        "Second numbers:",
        "Families:",
        "Account managers:",
        "report.html",
    ):
        assert part in ran.stdout
    report = Path(ran.stdout.split("for a browser:")[1].split("\n")[0].strip())
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
