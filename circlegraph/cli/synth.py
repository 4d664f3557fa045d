"""``circlegraph synth``: a synthetic city with planted truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from circlegraph.cli import options as o


def synth(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to fill.")],
    subscribers: Annotated[int, typer.Option(min=1, help="Own subscribers on the first day.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    days: Annotated[int | None, typer.Option(min=1, help="Days; 120 by default.")] = None,
    preset: Annotated[str, typer.Option(help="standard, easy, hard, abroad or sparse.")] = "standard",
    form: Annotated[
        str,
        typer.Option(
            help="Form of the CDRs: parquet, csv, csv.gz, bandicoot, flowkit, cider, bass, 3gpp, or counts (no times)."
        ),
    ] = "parquet",
    threads: o.Threads = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Make a synthetic city: CDRs, tables and the planted truth that methods are judged by.

    DIR gets cdr/ (a file per day), subscribers, forwarding, bills, cells, truth/ and city.json.
    """
    from circlegraph.cli.progress import progress_bar
    from circlegraph.synth import write_city

    changes: dict[str, Any] = {} if days is None else {"days": days}
    made = write_city(
        directory,
        subscribers=subscribers,
        seed=seed,
        preset=preset,
        form=form,
        threads=threads,
        progress=None if quiet else progress_bar(),
        **changes,
    )
    counts = made["counts"]
    typer.echo(f"{directory}: {counts['records']:,} records of {counts['subscribers']:,} own subscribers")
    for name in ("second_numbers", "families", "managers", "lookalikes", "leavers"):
        typer.echo(f"  truth/{name}.parquet  {counts[name]:,} rows")
