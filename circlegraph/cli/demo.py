"""``circlegraph demo``: a small city and two nights of the nightly job over it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circlegraph.cli import options as o

if TYPE_CHECKING:
    from circlegraph.nightly.night import Night

APART = 7
"""Days between the two nights, so that there are changes to tell."""


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to fill.")] = Path(
        "circlegraph-demo"
    ),
    subscribers: Annotated[int, typer.Option(min=500, help="Own subscribers of the city.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Same seed, same city.")] = 1,
    threads: o.Threads = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Make a small synthetic city, and run the nightly job over it.

    Ends with what was found beside what was planted, and the paths of the config, the labels and the report.
    """
    from circlegraph.cli.ahead import kernels_ahead
    from circlegraph.cli.nightly import say, summary_lines
    from circlegraph.cli.planted import comparison
    from circlegraph.nightly.config import read_settings
    from circlegraph.nightly.run import run_night
    from circlegraph.store.dates import day_number, iso_date
    from circlegraph.synth import write_city

    resources = o.run_resources(threads, None, quiet)
    city, config = directory / "city", directory / "circlegraph.toml"
    with kernels_ahead(resources.threads):
        made = write_city(
            city, subscribers=subscribers, seed=seed, threads=resources.threads, progress=resources.progress
        )
        _fresh(directory)
        _write_config(config)
        settings = read_settings(config)
        dates = sorted(path.stem for path in (city / "cdr").iterdir())
        for date in (iso_date(day_number(dates[-1]) - APART), dates[-1]):
            outcome = run_night(settings, date, resources=resources, tell=say)
    counts = made["counts"]
    typer.echo(
        f"A city of {counts['subscribers']:,} subscribers, {len(dates)} days, {counts['records']:,} calls and texts; "
        f"second numbers, families and a competitor's account managers are planted in it."
    )
    typer.echo("\n".join([*summary_lines(outcome), "", *comparison(outcome.night, city / "truth")]))
    typer.echo("\n".join(_paths(outcome.night, config)))


def _fresh(directory: Path) -> None:
    """Remove what an earlier demo left."""
    import shutil

    import circlegraph as cg

    if (directory / "store" / "manifest.json").exists():
        cg.Store(directory / "store")  # refuses what is no store
        for name in ("store", "results"):
            shutil.rmtree(directory / name, ignore_errors=True)


def _write_config(path: Path) -> None:
    from importlib.resources import files

    from circlegraph.tables import atomic_path

    text = files("circlegraph.nightly").joinpath("example.toml").read_text("utf-8")
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _paths(night: Night, config: Path) -> list[str]:
    folder = config.parent.joinpath(*night.folder.parts[-2:])  # as the user wrote it
    return [
        "",
        f"The config, to copy from:  {config}",
        f"The labels:                {folder / 'labels' / 'labels.csv'}",
        f"The work list:             {folder / 'worklist' / 'worklist.csv'}",
        f"The report, for a browser: {folder / 'report.html'}",
        f"Run it again, and nothing is left to do: circlegraph nightly --config {config} --date {night.date}",
    ]
