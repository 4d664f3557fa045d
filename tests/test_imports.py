"""What stays unimported until it is needed, so that the package and its help start at once."""

import subprocess
import sys

import pytest

HEAVY = "numpy numba pandas pyarrow scipy duckdb igraph networkx pydantic phonenumbers polars sklearn altair"
REPORT = f"import sys; sys.stdout.flush(); print('loaded', *(set(sys.modules) & set('{HEAVY}'.split())))"
HELP = (
    "import sys, atexit\n"
    "atexit.register(lambda: exec({report!r}))\n"
    "sys.argv = ['circlegraph', *{arguments!r}]\n"
    "from circlegraph.cli import main\n"
    "main()\n"
)


def loaded_by(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()[1:]


def test_the_package() -> None:
    assert loaded_by(f"import circlegraph as cg\ndir(cg)\n{REPORT}") == []


def test_help() -> None:
    assert loaded_by(HELP.format(report=REPORT, arguments=["--help"])) == []


@pytest.mark.parametrize("command", ["circles", "inspect"])
def test_help_of_a_command(command: str) -> None:
    # Typer itself may use pydantic for the parameters of a command.
    assert set(loaded_by(HELP.format(report=REPORT, arguments=[command, "--help"]))) <= {"pydantic"}


def test_every_name_of_the_package_is_there() -> None:
    import circlegraph

    for name in circlegraph.__all__:
        assert getattr(circlegraph, name) is not None
    with pytest.raises(AttributeError, match="no 'tea'"):
        circlegraph.tea  # noqa: B018
    assert set(circlegraph.__all__) - {"synth", "views"} == set(circlegraph._HOME)
