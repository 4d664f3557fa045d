"""``circlegraph managers``: off-net numbers that phone subscribers to win them over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circlegraph.cli import options as o
from circlegraph.dialling import home_country


def managers(
    cdr: o.Cdrs,
    out: Annotated[Path, typer.Option(metavar="F", help="Result, .parquet or .csv.")],
    contacts_out: Annotated[
        Path | None, typer.Option(metavar="F", help="Approached subscribers, .parquet or .csv.")
    ] = None,
    bills: Annotated[
        Path | None, typer.Option(metavar="F", help="Table of bills: number, month, arpu, mou.")
    ] = None,
    second_numbers: Annotated[
        Path | None, typer.Option(metavar="F", help="Result of dual-sim: who took a second number.")
    ] = None,
    families: Annotated[
        Path | None, typer.Option(metavar="F", help="Result of families: who is related to whom.")
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Known numbers: number, kind (manager, harmless, courier ...)."),
    ] = None,
    previous: Annotated[
        Path | None, typer.Option(metavar="F", help="Approached subscribers of an earlier run.")
    ] = None,
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
    """Find competitors' account managers among the off-net numbers, and whom they approached.

    One row per off-net number, likeliest first: number, operator, accepted, probability, what it seems to be, how many
    it contacted, and the reason in words. Rejected rows go to F.rejects.csv.
    """
    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.cli.text import counts_line
    from circlegraph.detect.account_managers.run import run_managers
    from circlegraph.tables import check_suffix, read_table

    for path in (out, contacts_out):
        if path is not None:
            check_suffix(path)
    country = home_country(country, plan)
    network = o.own_network(subscribers, own, plan, ported, country)
    resources = o.run_resources(threads, memory_limit, quiet)
    recognised = o.open_cdrs(cdr, form, map, epoch, tz, country)
    rejects = rejects or Path(f"{out}.rejects.csv")
    tables = (subscribers, plan, ported, bills, second_numbers, families, known)
    o.check_outputs(recognised, out, contacts_out, rejects, tables=tables)
    o.say_skipped(recognised)
    o.need_own_numbers()
    seconds = None if second_numbers is None else read_table(second_numbers, ("number",)).to_pandas()
    earlier = None if previous is None else read_table(previous, ("number", "manager")).to_pandas()
    with Quarantine(rejects) as quarantine:
        found, contacts = run_managers(
            recognised,
            subscribers=subscribers,
            bills=bills,
            second_numbers=seconds,
            families=None if families is None else read_table(families, ("number",)).to_pandas(),
            known=known,
            previous=earlier,
            network=network,
            country=country or None,
            resources=resources,
            quarantine=quarantine,
        )
        found.write(out, contacts_out)
    typer.echo(counts_line(contacts.report))
    for key, value in found.summary().items():
        typer.echo(f"  {key:<20}{value}")
    typer.echo(f"{out}: {len(found.managers):,} rows of numbers")
    if contacts_out is not None:
        typer.echo(f"{contacts_out}: {len(found.contacts):,} rows of approached subscribers")
