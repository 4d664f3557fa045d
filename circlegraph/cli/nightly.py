"""``circlegraph nightly``: the batch that an operator schedules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circlegraph.cli import options as o

if TYPE_CHECKING:
    from circlegraph.nightly.run import Outcome


def nightly(
    config: Annotated[Path, typer.Option(metavar="F", help="The config, a TOML file.")],
    date: Annotated[
        str | None,
        typer.Option(
            metavar="D", help="Judge as of the end of this date; by default the last full day stored."
        ),
    ] = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Take in what is new, and make the labels, the work list and the report of a night.

    What is there already is kept: a second run of the same night does nothing, and a run that was killed is carried
    on with. Exit code 0 says that all results are there; 1 that the night failed, with the reason; 2 that the config is
    wrong.
    """
    from circlegraph.nightly.config import read_settings
    from circlegraph.nightly.run import run_night

    settings = read_settings(config)
    resources = o.run_resources(settings.run.threads, settings.run.memory_limit, quiet)
    o.need_own_numbers()
    outcome = run_night(settings, date, resources=resources, tell=say)
    typer.echo("\n".join(summary_lines(outcome)))


def say(warning: str) -> None:
    """Show a warning on the error stream."""
    typer.echo(f"circlegraph: {warning}", err=True)


def summary_lines(outcome: Outcome) -> list[str]:
    """What a run did, in a few lines."""
    from circlegraph.nightly.summary import night_lines

    night = outcome.night
    if not outcome.done:
        return [f"{night.date}: nothing to do, all results are there: {night.folder}"]
    dropped = f"; dropped as the config asks: {', '.join(outcome.dropped)}" if outcome.dropped else ""
    return [*night_lines(night), f"made: {', '.join(outcome.done)}{dropped}", f"results: {night.folder}"]
