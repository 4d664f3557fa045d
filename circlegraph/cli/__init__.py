"""The command line: ``circlegraph --help`` shows what there is.

Exit code 0 says done, 1 failed with one clear line, 2 bad usage.
"""

from __future__ import annotations

import sys
import warnings
from typing import Annotated, Any

import typer

from circlegraph._process import tune_memory
from circlegraph._version import version
from circlegraph.cli.circles import circles
from circlegraph.cli.demo import demo
from circlegraph.cli.dual_sim import dual_sim
from circlegraph.cli.explain import explain, unmask
from circlegraph.cli.families import families
from circlegraph.cli.inspect import inspect
from circlegraph.cli.managers import managers
from circlegraph.cli.nightly import nightly
from circlegraph.cli.synth import synth
from circlegraph.errors import CirclegraphError, CirclegraphWarning, SettingsError

app = typer.Typer(
    add_completion=False,
    name="circlegraph",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"circlegraph {version()}")
        raise typer.Exit


@app.callback()
def top(
    show: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Social circles from call detail records: circles before and after, second numbers, families, account managers."""


app.command()(demo)
app.command()(inspect)
app.command()(circles)
app.command()(dual_sim)
app.command()(families)
app.command()(managers)
app.command()(nightly)
app.command()(explain)
app.command()(unmask)
app.command()(synth)


def main() -> None:
    """Run the command line and leave with its exit code."""
    debug = "--debug" in sys.argv
    tune_memory()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", CirclegraphWarning)
            warnings.showwarning = _say
            app()
    except CirclegraphError as error:
        if debug:
            raise
        _leave(str(error), 2 if isinstance(error, SettingsError) else 1)
    except CirclegraphWarning as warning:  # one that the command does not go on with
        _leave(str(warning), 1)
    except KeyboardInterrupt:
        _leave("interrupted", 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if debug:
            raise
        _leave(f"{error.filename or 'the output'}: {error.strerror or error}", 1)
    except MemoryError:
        if debug:
            raise
        _leave("out of memory; give a --memory-limit, so that the work is done in pieces", 1)
    except Exception as error:
        if debug:
            raise
        _leave(f"an error that circlegraph does not know ({type(error).__name__}); --debug shows where", 1)


def _say(message: Warning | str, *_place: Any, **_more: Any) -> None:
    """Show a warning in one line."""
    typer.echo(f"circlegraph: warning: {' '.join(str(message).split())}", err=True)


def _leave(message: str, code: int) -> None:
    typer.echo(f"circlegraph: {' '.join(message.split())}", err=True)
    sys.exit(code)
