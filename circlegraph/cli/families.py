"""``circlegraph families``: who belongs together, who is the key person, what each one is to him."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circlegraph.cli import options as o
from circlegraph.dialling import home_country


def families(
    cdr: o.Cdrs,
    out: Annotated[Path, typer.Option(metavar="F", help="Members, .parquet or .csv.")],
    pairs_out: Annotated[
        Path | None, typer.Option(metavar="F", help="Pairs with their evidence, .parquet or .csv.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Members found the last time; families keep their ids."),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="F", help="Known pairs: number_a, number_b, family.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Last days to take; all by default.")] = None,
    holiday: Annotated[
        list[str] | None, typer.Option(metavar="DATE", help="A day off; may be repeated.")
    ] = None,
    most_peers: Annotated[
        int, typer.Option(min=1, metavar="N", help="Numbers with more peers are hubs and left out.")
    ] = 1000,
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
    """Find families, their key persons and roles.

    One row per member: number, family_id, family_size, role, is_key_person, probability, and the reason in words.
    Rejected rows go to F.rejects.csv.
    """
    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.cli.text import counts_line
    from circlegraph.detect.family.run import run_families
    from circlegraph.tables import check_suffix

    for path in (out, pairs_out):
        if path is not None:
            check_suffix(path)
    country = home_country(country, plan)
    network = o.own_network(subscribers, own, plan, ported, country)
    resources = o.run_resources(threads, memory_limit, quiet)
    recognised = o.open_cdrs(cdr, form, map, epoch, tz, country)
    rejects = rejects or Path(f"{out}.rejects.csv")
    o.check_outputs(recognised, out, pairs_out, rejects, tables=(subscribers, plan, ported, labels))
    o.say_skipped(recognised)
    o.need_own_numbers()
    with Quarantine(rejects) as quarantine:
        found, contacts = run_families(
            recognised,
            subscribers=subscribers,
            previous=previous,
            labels=labels,
            days=days,
            holidays=holiday or (),
            network=network,
            country=country or None,
            most_peers=most_peers,
            resources=resources,
            quarantine=quarantine,
        )
        found.write(out, pairs_out)
    typer.echo(counts_line(contacts.report))
    for key, value in found.summary().items():
        typer.echo(f"  {key:<15}{value}")
    typer.echo(f"{out}: {len(found.members):,} members")
    if pairs_out is not None:
        typer.echo(f"{pairs_out}: {len(found.listing):,} pairs")
