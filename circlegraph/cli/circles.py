"""``circlegraph circles``: every number's circle before and after a split time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circlegraph.cli import options as o
from circlegraph.dialling import home_country


def circles(
    cdr: o.Cdrs,
    at: Annotated[str, typer.Option(metavar="T", help="The split time: a date or a time.")],
    out: Annotated[Path, typer.Option(metavar="F", help="Result, .parquet or .csv.")],
    before: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Days before T; all by default.")
    ] = None,
    after: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Days after T; all by default.")
    ] = None,
    index: Annotated[
        str, typer.Option(help="Shape of the communication index: linear, log or binary.")
    ] = "linear",
    form: o.Form = None,
    map: o.Map = None,  # noqa: A002 - the option's name
    epoch: o.Epoch = None,
    tz: o.Zone = None,
    country: o.Country = None,
    subscribers: o.Subscribers = None,
    own: o.Own = None,
    plan: o.Plan = None,
    ported: o.Ported = None,
    rejects: o.Rejects = None,
    threads: o.Threads = None,
    memory_limit: o.MemoryLimit = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Write every number's contact circle before and after a split time T.

    One row per number and peer: number, peer, before_index, after_index (the communication index, 1 is the
    mean tie to a stable peer), stable, and calls, seconds and texts of both windows. Rejected rows go
    to F.rejects.csv.
    """
    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.circles.run import run_circles, write_circles
    from circlegraph.circles.weights import Weights
    from circlegraph.cli.text import counts_line
    from circlegraph.contacts.windows import as_text, wall_clock
    from circlegraph.tables import check_suffix

    check_suffix(out)
    wall_clock(at)
    weights = Weights.of(None, index)
    country = home_country(country, plan)
    network = o.own_network(subscribers, own, plan, ported, country)
    resources = o.run_resources(threads, memory_limit, quiet)
    recognised = o.open_cdrs(cdr, form, map, epoch, tz, country)
    rejects = rejects or Path(f"{out}.rejects.csv")
    o.check_outputs(recognised, out, rejects, tables=(subscribers, plan, ported))
    o.say_skipped(recognised)
    o.need_own_numbers()
    with Quarantine(rejects) as quarantine:
        run = run_circles(
            recognised,
            at,
            days_before=before,
            weights=weights,
            days_after=after,
            network=network,
            resources=resources,
            quarantine=quarantine,
        )
        rows = write_circles(run, out)
    typer.echo(counts_line(run.report))
    for w, name in enumerate(("before", "after")):
        begin, end = (as_text(edge) for edge in run.windows.edges[w : w + 2])
        typer.echo(f"{name}: {begin} to {end} ({run.windows.length(w):g} days)")
    typer.echo(f"{out}: {rows:,} rows of number and peer")
